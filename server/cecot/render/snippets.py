"""A query as a few lines to paste into a terminal or a program, ready to run as they are.

Nothing needs to be installed: curl, Python's and R's own libraries, fetch of browsers and Node.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_CURL = """\
curl --silent --show-error --fail-with-body {address} \\
  --header 'Accept: {media_type}' \\
  --data-urlencode query@- <<'{end}'
{query}
{end}
"""
_PYTHON = """\
from urllib.parse import urlencode
from urllib.request import Request, urlopen

query = {query}
request = Request(
    {address},
    data=urlencode({{"query": query}}).encode(),
    headers={{"Accept": "{media_type}"}},
)
with urlopen(request) as answer:
    """
_PYTHON_ROWS = f"""\
import csv
import io
{_PYTHON}table = io.StringIO(answer.read().decode(), newline="")
for row in csv.DictReader(table):
    print(row)
"""
_PYTHON_TEXT = f"{_PYTHON}print(answer.read().decode())\n"
_R = """\
query <- {query}
address <- paste0(
  {address}, "?format={name}&query=", URLencode(query, reserved = TRUE)
)
"""
_R_ROWS = f"""\
{_R}answer <- read.csv(address, check.names = FALSE, encoding = "UTF-8")
print(answer)
"""
_R_TEXT = f'{_R}cat(readLines(address, encoding = "UTF-8", warn = FALSE), sep = "\\n")\n'
_JAVASCRIPT = """\
const query = {query};
const response = await fetch({address}, {{
  method: "POST",
  headers: {{ Accept: "{media_type}" }},
  body: new URLSearchParams({{ query }}),
}});
if (!response.ok) throw new Error(await response.text());
"""
_JAVASCRIPT_ROWS = (
    _JAVASCRIPT.replace("{media_type}", "application/sparql-results+json")
    + """\
const {{ results }} = await response.json();
for (const row of results.bindings) {{
  const values = Object.entries(row).map(([name, term]) => [name, term.value]);
  console.log(Object.fromEntries(values));
}}
"""
)
_JAVASCRIPT_TEXT = f"{_JAVASCRIPT}console.log(await response.text());\n"
_MEDIA_TYPES = {"SELECT": ("text/csv", "csv"), "ASK": ("application/sparql-results+json", "json")}
_TRIPLES = ("text/turtle", "turtle")


@dataclass(frozen=True, slots=True)
class Snippet:
    """Lines of code: ``name`` is what people call the language, ``suffix`` ends its files."""

    name: str
    suffix: str
    code: str


def snippets(address: str, query: str, form: str) -> tuple[Snippet, ...]:
    """Ask ``query`` (of the keyword ``form``) at the endpoint ``address``, in four languages."""
    media_type, name = _MEDIA_TYPES.get(form, _TRIPLES)
    rows, query, quoted = form == "SELECT", query.strip(), f'"{address}"'
    python, r = (_PYTHON_ROWS, _R_ROWS) if rows else (_PYTHON_TEXT, _R_TEXT)
    javascript = _JAVASCRIPT_ROWS if rows else _JAVASCRIPT_TEXT
    given = {"media_type": media_type, "name": name, "end": _end(query)}
    return (
        Snippet("curl", "sh", _CURL.format(query=query, address=_shell(address), **given)),
        Snippet("Python", "py", python.format(query=_python(query), address=quoted, **given)),
        Snippet("R", "R", r.format(query=_r(query), address=quoted, **given)),
        Snippet(
            "JavaScript",
            "mjs",
            javascript.format(query=_javascript(query), address=quoted, **given),
        ),
    )


def _end(query: str) -> str:
    """A line that ends a here-document, and is no line of the query."""
    end = "SPARQL"
    while re.search(rf"^{end}$", query, re.MULTILINE):
        end += "_"
    return end


def _shell(address: str) -> str:
    """An address between quotation marks of the shell."""
    return "'" + address.replace("'", "'\\''") + "'"


def _python(query: str) -> str:
    """A string over several lines; what would end it, or mean something in it, is escaped."""
    escaped = query.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    return f'"""\n{escaped}\n"""'


def _javascript(query: str) -> str:
    """A template literal."""
    escaped = query.replace("\\", "\\\\").replace("`", "\\`").replace("${", "\\${")
    return f"`\n{escaped}\n`"


def _r(query: str) -> str:
    """A raw string, with as many dashes as no closing bracket in it has (R 4.0)."""
    dashes = ""
    while f'){dashes}"' in query:
        dashes += "-"
    return f'r"{dashes}(\n{query}\n){dashes}"'
