"""What each tool answers, from the graph of this checkout."""

from __future__ import annotations

import pytest

from cecot.claims.claim import read_statuses
from cecot.errors import BadRequest, NotAcceptable, NotFound, QuerySyntaxError, Refused
from cecot.mcp.library import RESOURCES, Library
from cecot.mcp.server import instructions
from cecot.mcp.tools import MOST_BYTES, RULES, TOOLS
from tool_users import Use
from witnesses import check

TRIPLES = "SELECT ?s ?p ?o { ?s ?p ?o }"
GUIDED = [each for each in TOOLS if each.name != "questions"]


@pytest.mark.parametrize("tool", GUIDED, ids=lambda tool: tool.name)
def test_every_tool_that_gives_statements_says_how_to_read_them(tool: object) -> None:
    assert RULES in getattr(tool, "description")  # noqa: B009


def test_the_rules_say_what_must_not_be_forgotten() -> None:
    for words in (
        "An allegation is not a fact.",
        "always name the speaker and the status",
        "What the texts do not say must be said so",
    ):
        assert words in RULES


def test_the_instructions_explain_each_status_as_the_ontology_does(library: Library) -> None:
    statuses = read_statuses(library.engine)
    told = instructions(library.description.title("en"), statuses.values())
    for name, status in statuses.items():
        assert f"- {name}: {status.meaning.first('en')}" in told


def test_tools_name_no_entity(library: Library) -> None:
    words = " ".join([RULES, *(each.description for each in (*TOOLS, *RESOURCES))])
    for name in ("CECOT", "Bukele", "Salvador", "prison"):
        assert name not in words


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "NOT STATED by the source"), ("es", "NO SE DICE en la fuente")],
)
def test_the_capacity_is_told_not_to_be_said(use: Use, language: str, words: str) -> None:
    found, text = use("describe", thing="cecot", language=language)
    (silence,) = found["not_said"]
    assert silence["property"]["iri"].endswith("#capacity")
    assert {each["status"] for each in silence["of_something_else"]} == {"Planned"}
    assert all(each["subject"]["label"] for each in silence["of_something_else"])
    assert words in text
    predicates = {each["predicate"]["iri"] for each in found["statements"] if "predicate" in each}
    assert silence["property"]["iri"] not in predicates


def test_filters_are_all_heeded(use: Use) -> None:
    found, _ = use("list_claims", about="cecot", by="financial-times", status="Attributed")
    assert {each["iri"].rpartition("/")[2] for each in found["statements"]} == {
        "tcc-29-shared-cells",
        "tcc-29-space-per-prisoner",
    }
    found, _ = use("list_claims", predicate="cecot:capacity", status="asserted")
    assert found["total"] == 0


def test_nothing_that_matches_is_an_answer(use: Use) -> None:
    _, text = use("list_claims", about="cecot", predicate="cecot:capacity")
    assert "say that the texts do not say it" in text
    _, text = use("search", text="zeppelin")
    assert "say that the texts do not say it" in text


def test_allegations_keep_unnamed_accusers_unnamed(use: Use) -> None:
    found, text = use("list_claims", status="alleged")
    speakers = {each["places"][0]["line"]: each["speakers"][0] for each in found["statements"]}
    assert sorted(speakers) == [7, 33, 35, 37, 39]
    assert speakers[33]["label"] == "Human Rights Watch"
    assert len({each["iri"] for each in speakers.values()}) == 5
    assert "Evidence named: none" in text
    assert "Accused: nobody is named" in text


@pytest.mark.parametrize(
    "name",
    [
        "Nayib  Bukele",
        "nayib",
        "bukele",
        "https://e.example/id/Bukele",
        "https://e.example/things#Bukele",
    ],
)
def test_an_unknown_name_comes_with_those_near_it(use: Use, name: str) -> None:
    with pytest.raises(NotFound) as caught:
        use("describe", thing=name)
    assert "nayib-bukele (Nayib Bukele)" in caught.value.hint
    assert caught.value.where == "thing"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("act-arbitrary-arrest", "act"),
        ("tcc-35-unidentified-report", "unidentified"),
        ("bukele-prison", "proposal"),
        ("cecot", None),
    ],
)
def test_a_name_says_everywhere_whether_there_is_such_a_thing(
    use: Use, name: str, kind: str | None
) -> None:
    described, _ = use("describe", thing=name)
    thing = described["thing"]
    assert thing.get("kind") == kind
    assert thing["types"]
    found, _ = use("search", text=thing["label"])
    (hit,) = (each for each in found["things"] if each["iri"] == thing["iri"])
    assert hit.get("kind") == kind


@pytest.mark.parametrize(
    "filter_", ["about", "by", "act", "policy", "predicate", "source", "after"]
)
def test_a_filter_that_names_nothing_is_no_empty_answer(use: Use, filter_: str) -> None:
    with pytest.raises(NotFound) as caught:
        use("list_claims", **{filter_: "nobody-knows-this"})
    assert caught.value.where == filter_
    assert "search" in caught.value.hint


@pytest.mark.parametrize(
    ("language", "text", "told"),
    [
        ("en", "CECOT capacity", "NOT STATED"),
        ("es", "capacidad del CECOT", "NO SE DICE"),
    ],
)
def test_a_search_says_what_no_text_gives_before_what_is_like_it(
    use: Use, language: str, text: str, told: str
) -> None:
    found, said = use("search", text=text, language=language)
    (silence,) = found["not_said"]
    assert silence["thing"]["iri"].endswith("/cecot")
    assert [each["status"] for each in silence["of_something_else"]] == ["Planned", "Planned"]
    assert said.index(told) < said.index("15,000")
    assert check(found, said, language) == 2 + len(found["statements"])


def test_a_search_without_a_word_is_refused(use: Use) -> None:
    with pytest.raises(BadRequest):
        use("search", text="?!")


def test_an_answer_in_sentences_never_comes_without_its_status(use: Use) -> None:
    found, text = use("questions", question="arrests")
    (question,) = found["questions"]
    assert "over 55,000 people" in question["answer"][0]
    assert [each.rpartition("[")[2].partition(";")[0] for each in question["answer"]] == [
        "asserted",
        "hedged",
        "alleged",
        "alleged",
    ]
    _, listed = use("questions")
    assert question["answer"][0] in listed
    hits, _ = use("search", text="arrested")
    told = next(each for each in hits["questions"] if each["slug"] == "arrests")
    assert told["answer"] == question["answer"][:1]
    assert question["answer"][0] in text


def test_all_questions_come_with_their_queries_which_run(library: Library, use: Use) -> None:
    found, text = use("questions")
    assert [each["number"] for each in found["questions"]] == list(range(1, 21))
    assert all(each["title"] in text for each in found["questions"])
    for each, question in zip(found["questions"], library.description.questions, strict=True):
        answer, _ = use("sparql", query=each["query"], limit=500)
        assert question.rows in (None, answer["total"])


@pytest.mark.parametrize("name", ["3", "capacity"])
def test_one_question_is_told_whole_in_spanish_too(use: Use, name: str) -> None:
    found, text = use("questions", question=name, language="es")
    (question,) = found["questions"]
    assert question["answer"]
    assert all(sentence in text for sentence in question["answer"])
    assert question["query"] in text
    assert question["summary"] in text
    assert '"es"' in question["query"]
    with pytest.raises(NotFound):
        use("questions", question="21")


def test_rows_are_counted_bounded_and_said_to_be_cut(use: Use) -> None:
    found, text = use("sparql", query=TRIPLES, limit=7)
    assert (found["shown"], found["is_cut"]) == (7, True)
    assert len(found["rows"]) == 7
    assert f"CUT: only the first 7 of {found['total']}" in text
    found, text = use("sparql", query=f"{TRIPLES} LIMIT 3")
    assert (found["total"], found["shown"], found["is_cut"]) == (3, 3, False)
    assert "CUT" not in text


def test_bytes_are_bounded_too(use: Use) -> None:
    long = "".join(f"BIND(CONCAT(?x{n}, ?x{n}) AS ?x{n + 1}) " for n in range(14))
    query = f'SELECT ?x14 {{ VALUES ?i {{ 1 2 3 4 }} BIND("word" AS ?x0) {long} }}'
    found, text = use("sparql", query=query)
    assert (found["total"], found["shown"], found["is_cut"]) == (4, 0, True)
    assert len(text) < MOST_BYTES


def test_a_row_is_a_line_whatever_stands_in_it(use: Use) -> None:
    found, text = use("sparql", query='SELECT ?x ?y { VALUES (?x ?y) { ("a\\n\\tb"@en UNDEF) } }')
    assert found["rows"] == [{"x": {"type": "literal", "value": "a\n\tb", "language": "en"}}]
    assert text.endswith("x | y\na b | ")


def test_terms_are_those_of_sparql_results(use: Use) -> None:
    query = 'SELECT * { VALUES ?x { <urn:x> 1 "a" "b"@es } }'
    found, _ = use("sparql", query=query)
    assert [row["x"] for row in found["rows"]] == [
        {"type": "uri", "value": "urn:x"},
        {
            "type": "literal",
            "value": "1",
            "datatype": "http://www.w3.org/2001/XMLSchema#integer",
        },
        {"type": "literal", "value": "a"},
        {"type": "literal", "value": "b", "language": "es"},
    ]


def test_terms_of_rdf_1_2_are_whole(use: Use) -> None:
    query = (
        'SELECT * { VALUES ?x { "a"@ar--rtl <<( <urn:a> <urn:b> <<( <urn:a> <urn:b> 1 )>> )>> } }'
    )
    direction, spoken = (row["x"] for row in use("sparql", query=query)[0]["rows"])
    assert (direction["language"], direction["direction"]) == ("ar", "rtl")
    assert spoken["type"] == "triple"
    assert spoken["value"].startswith("<<( <urn:a> <urn:b> <<( <urn:a> <urn:b> ")
    assert spoken["value"].endswith(" )>> )>>")


def test_what_is_too_deep_to_be_read_is_an_error_with_a_cure(use: Use) -> None:
    deep = "<<( <urn:a> <urn:b> " * 100 + "1" + " )>>" * 100
    with pytest.raises(NotAcceptable) as caught:
        use("sparql", query=f"SELECT ({deep} AS ?x) {{}}")
    assert "OBJECT(?x)" in caught.value.hint


def test_an_answer_that_lacks_something_says_why(use: Use) -> None:
    cecot = "PREFIX cecot: <https://w3id.org/cecot/ontology#>"
    found, text = use("sparql", query=f"{cecot} SELECT ?x {{ ?x a cecot:Facilty }}")
    assert found["hints"][0] == "cecot:Facilty stands nowhere in this graph."
    assert found["hints"][1] == "Did you mean cecot:Facility?"
    assert all(each in text for each in found["hints"])
    found, _ = use("sparql", query=f"{cecot} SELECT (MAX(?x) AS ?y) {{ ?z cecot:capcity ?x }}")
    assert found["hints"][1] == "Did you mean cecot:capacity?"
    found, text = use("sparql", query="SELECT (SUM(?x) AS ?y) { VALUES ?x { 1 <urn:a> } }")
    assert "FILTER(isNumeric(?x))" in found["hints"][0]
    found, _ = use("sparql", query=f"{cecot} SELECT ?x {{ ?x a cecot:Facilty }}", language="es")
    assert "no figura" in found["hints"][0] or "grafo" in found["hints"][0]
    assert use("sparql", query="ASK {}")[0].get("hints", []) == []


def test_yes_no_and_triples_are_answers(use: Use) -> None:
    assert use("sparql", query="ASK {}")[0]["truth"] is True
    found, text = use("sparql", query="ASK { <urn:x> ?p ?o }")
    assert found["truth"] is False
    assert text == "No: nothing in the graph matches."
    found, text = use("sparql", query="CONSTRUCT WHERE { ?s ?p ?o }", limit=4)
    assert found["triples"].count(" .\n") == found["shown"] == 4
    assert found["triples"] in text
    assert "No rows" in use("sparql", query="SELECT * { <urn:x> ?p ?o }")[1]


def test_mistakes_are_told_with_line_column_and_cure(use: Use) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        use("sparql", query="SELECT ?x\n{ ?x a cecot:Person }")
    assert (caught.value.line, caught.value.column) == (2, 8)
    assert "PREFIX cecot:" in caught.value.hint
    with pytest.raises(Refused):
        use("sparql", query="SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }")


def test_the_passages_are_listed_in_order(library: Library) -> None:
    resource = next(each for each in RESOURCES if each.uri == "cecot://passages")
    lines = resource.read(library).splitlines()
    assert len(lines) == 31
    assert lines[2] == "line 3: https://w3id.org/cecot/id/tcc-03 (6 statements)"


def test_the_ontology_is_readable_turtle(library: Library) -> None:
    resource = next(each for each in RESOURCES if each.uri == "cecot://ontology")
    text = resource.read(library)
    assert "PREFIX cecot: <https://w3id.org/cecot/ontology#>" in text
    assert "cecot:Alleged" in text


def test_rooms_without_claims_are_served(use_plants: Use) -> None:
    found, text = use_plants("search", text="oak")
    assert "oak" in text
    assert found["statements"] == []
    assert use_plants("list_claims")[0]["total"] == 0
    assert use_plants("questions")[0]["questions"] == []
    assert use_plants("sparql", query=f"{TRIPLES} LIMIT 1")[0]["shown"] == 1
