"""Whatever is cut by LIMIT has an order, and a whole one: two engines cut at the same row.

Rows are wholly ordered if each variable that they have is a key. All files of queries are read, and
all queries that stand in the code.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[1]
THROWN_AWAY = {"server/cecot/service/evaluator.py"}
"""Its queries warm an evaluator that has just begun; nobody reads what they answer."""

_TOKEN = re.compile(
    r"""(?P<skip>\#[^\n]*|<[^<>\s"{}]*>|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')"""
    r"""|(?P<word>[?$]?\w+)|(?P<sign>[{}()*])""",
    re.VERBOSE,
)
_BEGINS = re.compile(r"\s*(?:(?:\?put_in|PREFIX|#)[^\n]*\s)*(?:SELECT|CONSTRUCT|DESCRIBE)\b")


def queries() -> Iterator[tuple[str, str]]:
    """Where each query with a LIMIT stands, and its text."""
    for folder in ("server/cecot", "graph", "ontology"):
        for path in sorted((HOUSE / folder).rglob("*.rq")):
            yield path.relative_to(HOUSE).as_posix(), path.read_text("utf-8")
    for path in sorted((HOUSE / "server/cecot").rglob("*.py")):
        name = path.relative_to(HOUSE).as_posix()
        if name not in THROWN_AWAY:
            for line, text in texts(ast.parse(path.read_text("utf-8"))):
                # An example inside a sentence is for people.
                if _BEGINS.match(text):
                    yield f"{name}:{line}", text


def texts(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """The strings of a module; what is put into them stands as a variable of that name."""
    inner = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)
             for part in ast.walk(node) if part is not node}  # fmt: skip
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            parts = (
                str(part.value) if isinstance(part, ast.Constant) else "?put_in\n"
                for part in node.values
            )
            yield node.lineno, "".join(parts)
        elif isinstance(node, ast.Constant) and id(node) not in inner:
            yield node.lineno, node.value if isinstance(node.value, str) else ""


def badly_cut(text: str) -> list[set[str]]:
    """For each LIMIT of a query the variables of its rows that are no key of their order."""
    found: list[set[str]] = []
    rows: dict[int, set[str]] = {}
    keys: dict[int, set[str]] = {}
    depth, clause = 0, ""
    inside: list[str] = []
    for match in _TOKEN.finditer(text):
        word = match[0].upper() if match.lastgroup == "word" else match[0]
        if match.lastgroup == "skip":
            continue
        if word in "{}":
            depth, clause = depth + (1 if word == "{" else -1), ""
        elif clause == "select" and (inside or word == "("):
            inside.append(match[0])
            if inside.count("(") == inside.count(")"):
                # (expression AS ?name): a constant is the same in all rows.
                *expression, _, name, _ = inside
                if any(each.startswith("?") for each in expression):
                    rows[depth].add(name)
                inside = []
        elif word == "SELECT":
            rows[depth], keys[depth], clause = set(), set(), "select"
        elif word == "LIMIT" and depth in rows:
            found.append(rows[depth] - keys[depth])
            clause = ""
        elif word in ("ORDER", "WHERE", "GROUP", "HAVING", "OFFSET"):
            clause = word.lower()
        elif word.startswith(("?", "*")) and clause in ("select", "order"):
            (rows if clause == "select" else keys)[depth].add(match[0])
    return [missing for missing in found if missing]


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("SELECT ?a { ?a ?p ?b } ORDER BY ?a LIMIT 3", []),
        ("SELECT ?a { ?a ?p ?b } ORDER BY DESC(?b) ?a LIMIT 3", []),
        ("SELECT (1 AS ?n) { ?a ?p ?b } LIMIT 3", []),
        ("SELECT ?a { ?a ?p ?b } LIMIT 3", [{"?a"}]),
        ("SELECT ?a ?b { ?a ?p ?b } ORDER BY ?a LIMIT 3", [{"?b"}]),
        ("SELECT * { ?a ?p ?b } ORDER BY ?a LIMIT 3", [{"*"}]),
        ("SELECT (COUNT(?a) AS ?n) ?p { ?a ?p ?b } GROUP BY ?p ORDER BY ?p LIMIT 3", [{"?n"}]),
        ("SELECT ?a { { SELECT ?a { ?a ?p ?b } LIMIT 9 } } ORDER BY ?a LIMIT 3", [{"?a"}]),
        ("SELECT ?a { ?a ?p 'LIMIT 3' # LIMIT 3\n }", []),
    ],
)
def test_a_cut_without_a_whole_order_is_seen(text: str, missing: list[set[str]]) -> None:
    assert badly_cut(text) == missing


def test_queries_of_files_and_of_code_are_read() -> None:
    cut = [where for where, text in queries() if "LIMIT" in text]
    assert len([where for where in cut if where.endswith(".rq")]) > 20
    assert len([where for where in cut if ".py:" in where]) > 2


@pytest.mark.parametrize(("where", "text"), list(queries()))
def test_what_is_cut_is_ordered_by_all_that_its_rows_have(where: str, text: str) -> None:
    assert not badly_cut(text), where
