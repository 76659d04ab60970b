"""What docs/architecture.md says is to be changed for a thing is there, and is enough."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[1]
PACKAGE = HOUSE / "server" / "cecot"
PAGE = HOUSE / "docs" / "architecture.md"
ROW = re.compile(r"^\| (.+?) \| (.+) \|$", re.MULTILINE)
PATH = re.compile(r"`([\w-]+(?:/[\w.-]+)*(?:/|\.\w+))`")


def rows() -> list[tuple[str, str]]:
    """What one may want to change, and where."""
    table = PAGE.read_text("utf-8").partition("## Where to change what")[2]
    return [row for row in ROW.findall(table) if "---" not in row[0]][1:]


@pytest.mark.parametrize(("wish", "places"), rows())
def test_each_place_that_the_table_names_is_there(wish: str, places: str) -> None:
    named = PATH.findall(places)
    assert named, wish
    assert len(places.split(";")) <= 3
    for path in named:
        assert (HOUSE / path).exists() or (PACKAGE / path).exists(), path


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A copy of the package without what is built; the rooms are those of the checkout."""
    left_out = shutil.ignore_patterns("__pycache__", "built")
    return Path(shutil.copytree(PACKAGE, tmp_path / "cecot", ignore=left_out))


@pytest.fixture
def rooms_of_ones_own(tmp_path: Path) -> Path:
    """A copy of the rooms of the checkout."""
    rooms = tmp_path / "rooms"
    for name in ("ontology", "graph", "shapes"):
        shutil.copytree(HOUSE / name, rooms / name)
    return rooms


def run(copied: Path, program: str, rooms: Path = HOUSE) -> str:
    """What ``program`` prints when it uses the copy of the package; ``site`` is a client."""
    start = "import sys\nfrom pathlib import Path\nfrom cecot.rooms import find_rooms\n"
    whole = f"{start}from sites import site_of\nrooms = find_rooms(Path({str(rooms)!r}))\n{program}"
    done = subprocess.run(
        [sys.executable, "-c", whole],
        env={**os.environ, "PYTHONPATH": f"{copied.parent}:{HOUSE}:{HOUSE / 'tests'}"},
        cwd=copied.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def change(path: Path, old: str, new: str) -> None:
    """Put ``new`` in the place of ``old``, which stands in the file."""
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def append(path: Path, table: str, row: str) -> None:
    """Put ``row`` behind the last one of ``table``, which begins a line of the file."""
    text = path.read_text("utf-8")
    begun = re.search(rf"^{table}\b[^=]*= ([({{])\n", text, re.MULTILINE)
    assert begun
    end = text.index({"(": "\n)", "{": "\n}"}[begun[1]], begun.end()) + 1
    path.write_text(text[:end] + row + text[end:], "utf-8")


def command(copied: Path, *arguments: str) -> str:
    return run(copied, f"from cecot.cli import run\nsys.exit(run({list(arguments)!r}))")


def test_a_page_is_a_module_and_a_template_and_a_name_where_it_is_named(copied: Path) -> None:
    (copied / "views" / "weather.py").write_text(
        '''"""The weather."""
from flask import Blueprint, Response
from cecot.views.context import Context
from cecot.views.pages import kept_page

def blueprint(context: Context) -> Blueprint:
    views = Blueprint("weather", __name__)

    @views.get("/weather")
    def weather() -> Response:
        return kept_page(context, "weather.html", section="weather")

    return views
'''
    )
    (copied / "views" / "templates" / "weather.html").write_text(
        '{% extends "base.html" %}{% block content %}<h1>{{ _("It rains.") }}</h1>{% endblock %}'
    )
    change(
        copied / "views" / "pages.py",
        '"about": say(',
        '"weather": say("Weather"),\n    "about": say(',
    )
    change(copied / "views" / "pages.py", 'say("Read"): (', 'say("Read"): ("weather", ')
    printed = run(
        copied,
        """
site = site_of(rooms)
page = site.get("/weather")
print(page.status_code, "<h1>It rains.</h1>" in page.text)
print('<a href="/weather">Weather</a>' in site.get("/").text)
""",
    )
    assert printed == "200 True\nTrue\n"


def test_a_text_is_translated_by_its_line_in_the_file_of_the_language(copied: Path) -> None:
    change(copied / "views" / "templates" / "problems.html", "</h1>", '</h1>{{ _("It rains.") }}')
    told = run(copied, "from cecot.locale.extraction import main; main()")
    assert re.search(r"^es\.po: [1-9]\d* texts? to translate$", told, re.MULTILINE)
    change(
        copied / "locale" / "es.po",
        'msgid "It rains."\nmsgstr ""',
        'msgid "It rains."\nmsgstr "Llueve."',
    )
    printed = run(copied, "print('Llueve.' in site_of(rooms).get('/problems?lang=es').text)")
    assert printed == "True\n"


GRAPH = """
questions = site.get("/questions.json").json
print(questions["version"], [*questions["questions"][0]["answer"]])
print(site.get("/claims.csv").text.splitlines()[0])
print(site.get("/claims.json").json["claims"][0]["sentence"])
"""


def test_a_language_is_one_file(copied: Path) -> None:
    graph = run(copied, f"site = site_of(rooms){GRAPH}")
    (copied / "locale" / "pt.po").write_text('msgid ""\nmsgstr "Language: pt\\n"\n')
    told = run(copied, "from cecot.locale.extraction import main; main()")
    assert re.search(r"^pt\.po: \d{3,} texts to translate$", told, re.MULTILINE)
    for english, portuguese in (("English", "Português"), ("Search", "Busca")):
        empty = f'msgid "{english}"\nmsgstr ""'
        change(copied / "locale" / "pt.po", empty, f'{empty[:-2]}"{portuguese}"')
    printed = run(
        copied,
        """
site = site_of(rooms)
for path in ("/", "/claims", "/id/cecot.html", "/search", "/cite", "/questions", "/nowhere"):
    page = site.get(path + "?lang=pt", headers={"Accept": "text/html"})
    assert 'lang="pt"' in page.text and "Busca" in page.text, path
"""
        + GRAPH,
    )
    # What is said of the graph stays as it is, and so does its version.
    assert printed == graph
    assert "--language [en|es|pt]" in command(copied, "terms", "--help")
    tests = ["tests/locale/test_catalogues.py", "tests/render/test_dumps.py"]
    # Without those that start programs of their own, and know this checkout alone.
    chosen = "not the_command and not one_file and not every_run"
    arguments = ["-q", "-p", "no:cacheprovider", "--rootdir", str(HOUSE), "-k", chosen, *tests]
    run(
        copied, f"import os, pytest\nos.chdir({str(HOUSE)!r})\nsys.exit(pytest.main({arguments!r}))"
    )


def test_a_status_is_called_as_the_ontology_calls_it(copied: Path, rooms_of_ones_own: Path) -> None:
    ontology = rooms_of_ones_own / "ontology" / "cecot.ttl"
    alleged = ontology.read_text("utf-8").partition("\ncecot:Alleged\n")[2].partition("\n.\n")[0]
    renamed = re.sub(r'(skos:prefLabel) "[^"]*"@en', r'\1 "brought forward"@en', alleged)
    change(ontology, alleged, renamed)
    printed = run(
        copied,
        """
site = site_of(rooms)
print(*("brought forward" in site.get(path).text for path in ("/", "/method", "/claims")))
""",
        rooms_of_ones_own,
    )
    assert printed == "True True True\n"


def test_a_setting_is_a_line(copied: Path) -> None:
    change(
        copied / "settings.py",
        "    port: int =",
        '    saints: float = _setting(3.0, "seconds", "How long a saint waits.")\n    port: int =',
    )
    told = command(copied, "serve", "--help")
    assert "--saints SECONDS" in told
    assert "How long a saint waits." in told
    read = 'read_settings({}, {"CECOT_SAINTS": "4"}).saints'
    printed = run(copied, f"from cecot.settings import read_settings\nprint({read})")
    assert printed == "4.0\n"


@pytest.mark.parametrize("called", ['"greet-all"', 'name="greet-all"', ""])
def test_a_command_is_a_module(copied: Path, called: str) -> None:
    (copied / "commands" / "greet.py").write_text(
        f'import click\n\n@click.command({called})\ndef greet_all() -> None:\n    """Greet."""\n'
        '    click.echo("Good morning.")\n'
    )
    assert command(copied, "greet-all") == "Good morning.\n"
    assert re.search(r"^  greet-all +Greet\.$", command(copied, "--help"), re.MULTILINE)


def test_a_result_format_is_a_function_and_a_row_of_one_table(copied: Path) -> None:
    (copied / "sparql" / "markdown.py").write_text(
        '''"""Results as a table in Markdown."""
from pyoxigraph import QueryBoolean

def write_markdown(results, output, _again):
    if isinstance(results, QueryBoolean):
        output.write(b"yes" if results else b"no")
        return
    names = [variable.value for variable in results.variables]
    for row in (names, ["---"] * len(names), *results):
        cells = ("" if term is None else getattr(term, "value", str(term)) for term in row)
        output.write(f"| {' | '.join(cells)} |\\n".encode())
'''
    )
    formats = copied / "sparql" / "formats.py"
    change(
        formats,
        "from cecot.rdf.terms",
        "from cecot.sparql.markdown import write_markdown\nfrom cecot.rdf.terms",
    )
    append(
        formats,
        "RESULTS",
        '    ResultFormat("markdown", "Markdown", "text/markdown", "md", write=write_markdown),\n',
    )
    printed = run(
        copied,
        """
site = site_of(rooms)
query = "/sparql?query=SELECT * { VALUES ?x { 1 <urn:a> } }"
answer = site.get(query, headers={"Accept": "text/markdown"})
print(answer.status_code, answer.content_type, answer.text.split("\\n"))
print(site.get("/sparql?format=md&query=ASK {}").text)
print(site.get("/sparql?format=md&query=ASK { <urn:a> a 1 }").headers.get("X-Query-Hint"))
print('value="markdown"' in site.get("/editor").text)
page = site.get("/questions/capacity", headers={"Accept": "text/html"}).text
print("/questions/capacity.markdown" in page, "MARKDOWN" in page)
file = site.get("/questions/capacity.markdown")
print(file.status_code, file.mimetype, file.text.startswith("| "))
print("arkdown" in site.get("/sparql?format=nt").text)
""",
    )
    assert printed.splitlines() == [
        "200 text/markdown; charset=utf-8 ['| x |', '| --- |', '| 1 |', '| urn:a |', '']",
        "yes",
        "None",
        "True",
        "True True",
        "200 text/markdown True",
        "False",
    ]
    query = copied / "x.rq"
    query.write_text("SELECT (1 AS ?x) {}")
    asked = command(copied, "query", str(query), "--rooms", str(HOUSE), "--format", "markdown")
    assert asked == "| x |\n| --- |\n| 1 |\n"
    assert "markdown for rows" in " ".join(command(copied, "query", "--help").split())


def test_an_rdf_format_is_a_row_of_one_table(copied: Path) -> None:
    append(
        copied / "sparql" / "formats.py",
        "GRAPHS",
        '    GraphFormat("streamed", "Streamed", "application/x-sjld", "sjld",\n'
        '        iri="urn:formats/Streamed", writer=RdfFormat.STREAMING_JSON_LD),\n',
    )
    printed = run(
        copied,
        """
import tempfile
folder = Path(tempfile.mkdtemp())
site = site_of(rooms, folder)
answer = site.get("/sparql?format=streamed&query=DESCRIBE <https://w3id.org/cecot/id/cecot>")
print(answer.status_code, answer.mimetype, "id/cecot" in answer.text)
thing = site.get("/id/cecot.sjld")
print(thing.status_code, "id/cecot" in thing.text)
print("formats/Streamed" in site.get("/.well-known/void").text.replace("formats:", "formats/"))
print("formats/Streamed" in site.get("/sparql?format=nt").text)
print(".sjld" in site.get("/dumps").text, len([*folder.rglob("*.sjld.gz")]))
print("Streamed" in site.get("/id/cecot.html").text)
""",
    )
    assert printed.splitlines() == [
        "200 application/x-sjld True",
        "200 True",
        "True",
        "True",
        "True 1",
        "True",
    ]
    assert '"@id"' in command(copied, "export", "--rooms", str(HOUSE), "--format", "streamed")


def test_an_export_is_a_row_of_one_table(copied: Path) -> None:
    append(
        copied / "dataset" / "store.py",
        "EXPORTS",
        '    "count": Export("count.txt", "text/plain", lambda content, *_:\n'
        '        b"%d quads\\n" % content.count(b"\\n")),\n',
    )
    written = command(copied, "export", "--rooms", str(HOUSE), "--format", "count")
    assert re.fullmatch(r"\d{4,} quads\n", written)
    for large in (0, 250_000):
        printed = run(
            copied,
            f"""
import tempfile
from cecot.dataset.description import describe
from cecot.dataset.store import load_store
from cecot.render.dumps import expected, read_dumps, write_dumps
folder, loaded = Path(tempfile.mkdtemp()), load_store(rooms)
write_dumps(loaded, describe(loaded), folder, "http://e", large={large})
print(expected(describe(loaded))["cecot.count.txt"], "cecot.count.txt" in read_dumps(folder).files)
""",
        )
        assert printed == "text/plain True\n"


def test_a_citation_format_is_a_function_and_a_row_of_one_table(copied: Path) -> None:
    citations = copied / "render" / "citations.py"
    change(
        citations,
        "def as_ris(",
        "def as_mla(citation: Citation) -> str:\n"
        '    """A line."""\n    return f"{citation.title}. MLA."\n\n\ndef as_ris(',
    )
    append(
        citations, "CITATION_FORMATS", '    CitationFormat("MLA", "mla", "text/x-mla", as_mla),\n'
    )
    printed = run(
        copied,
        """
site = site_of(rooms)
told = site.get("/cite.mla?of=/id/cecot")
print(told.status_code, told.mimetype, told.text.endswith("MLA."))
for path in ("/cite?of=/id/cecot", "/id/tcc-33-accusation.html"):
    print("MLA." in site.get(path).text)
for path in ("/id/cecot.html", "/questions/capacity"):
    print(", MLA</a>" in site.get(path, headers={"Accept": "text/html"}).text)
""",
    )
    assert printed.splitlines() == ["200 text/x-mla True", "True", "True", "True", "True"]


def test_a_function_of_sparql_is_one_that_evaluation_begins_with(copied: Path) -> None:
    change(
        copied / "sparql" / "evaluation.py",
        "functions: Functions = {",
        "functions: Functions = {\n"
        '        ox.NamedNode("urn:f:twice"): lambda term: ox.Literal(term.value * 2),',
    )
    printed = run(
        copied,
        """
answer = site_of(rooms).get("/sparql?format=csv&query=SELECT (<urn:f:twice>('ab') AS ?x) {}")
print(answer.text.split())
""",
    )
    assert printed == "['x', 'abab']\n"


def test_a_rule_is_a_shape_in_a_file(copied: Path, rooms_of_ones_own: Path) -> None:
    (rooms_of_ones_own / "shapes" / "weather.ttl").write_text(
        """
PREFIX cecot: <https://w3id.org/cecot/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX shapes: <https://w3id.org/cecot/shapes#>

shapes:FacilityIsDry
    a sh:NodeShape ;
    sh:message "Call it dry."@en ;
    sh:message "Llámelo seco."@es ;
    sh:name "A facility is dry"@en ;
    sh:name "Un centro es seco"@es ;
    sh:property [
        sh:hasValue "dry" ;
        sh:path rdfs:label ;
    ] ;
    sh:severity sh:Violation ;
    sh:targetClass cecot:Facility ;
.
""".lstrip()
    )
    arguments = ["validate", "--rooms", str(rooms_of_ones_own)]
    told = run(copied, f"from cecot.cli import run\nprint(run({arguments!r}))")
    assert told.endswith("1\n")
    assert "shapes:FacilityIsDry" in told


def test_a_question_is_a_query_in_a_file(copied: Path, rooms_of_ones_own: Path) -> None:
    queries = rooms_of_ones_own / "graph" / "queries"
    query = (queries / "capacity.rq").read_text()
    title = re.search(r"^#\+ title\.en: (.*)$", query, re.MULTILINE)
    assert title
    (queries / "rain.rq").write_text(
        "#+ number: 99\n" + query.partition("\n")[2].replace(title[1], "Does it rain?")
    )
    printed = run(
        copied,
        """
site = site_of(rooms)
print("Does it rain?" in site.get("/questions/rain").text)
listed = site.get("/questions").text
print("Does it rain?" in listed, "/questions/rain" in listed)
""",
        rooms_of_ones_own,
    )
    assert printed == "True\nTrue True\n"
