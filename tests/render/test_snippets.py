"""Snippets hold any query whole: nothing in it ends the string that it stands in."""

from __future__ import annotations

import ast
import json
import shutil
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cecot.render.snippets import snippets

HARD = 'SELECT * {\n  ?a ?b """x\\"""", "`${y}`", \'\\\\\' . # )" )-"\n}\nSPARQL\nSPARQL_'
ADDRESS = "http://localhost/it's/sparql"
texts = st.text(alphabet="ab \\\"'`${}()-\nSPARQL_é", max_size=40).filter(lambda t: t.strip())


def code(name: str, query: str, form: str = "SELECT") -> str:
    return next(each.code for each in snippets(ADDRESS, query, form) if each.name == name)


def python_query(query: str) -> str:
    """The query that the Python snippet asks."""
    tree = ast.parse(code("Python", query))
    value = next(
        each.value
        for each in tree.body
        if isinstance(each, ast.Assign) and isinstance(each.targets[0], ast.Name)
    )
    return str(ast.literal_eval(value))


@given(texts)
def test_python_asks_the_query_and_no_other(query: str) -> None:
    assert python_query(query).strip() == query.strip()


@pytest.mark.parametrize("query", [HARD, "x", 'a"""', '"""', "\\", 'b"'])
def test_python_keeps_what_could_end_its_string(query: str) -> None:
    assert python_query(query).strip() == query.strip()


def test_the_shell_keeps_every_line() -> None:
    shell = code("curl", HARD).splitlines()
    end = shell[2].rpartition("<<")[2].strip("'")
    assert end not in HARD.splitlines()
    told = subprocess.run(
        ["bash"],
        input="\n".join(["cat <<'" + end + "'", *shell[3:]]),
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert told.strip() == HARD


@pytest.mark.skipif(shutil.which("node") is None, reason="node is absent: JavaScript is not tried")
def test_javascript_keeps_what_could_end_its_string() -> None:
    statement = code("JavaScript", HARD).partition(";\nconst response")[0]
    told = subprocess.run(
        ["node", "-e", f"{statement}; console.log(JSON.stringify(query))"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert json.loads(told).strip() == HARD


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is absent: its snippet is not tried")
def test_r_keeps_what_could_end_its_string() -> None:
    statement = code("R", HARD).partition("\naddress <-")[0]
    told = subprocess.run(
        ["Rscript", "-e", f"{statement}\ncat(query)"], capture_output=True, text=True, check=True
    ).stdout
    assert told.strip() == HARD


def test_the_address_of_the_endpoint_is_quoted_for_the_shell() -> None:
    told = subprocess.run(
        ["bash", "-c", code("curl", "x").splitlines()[0].replace("curl", "printf '%s|' ", 1)],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert ADDRESS in told.split("|")


@pytest.mark.parametrize(
    ("form", "media_type"),
    [
        ("SELECT", "text/csv"),
        ("ASK", "application/sparql-results+json"),
        ("CONSTRUCT", "text/turtle"),
        ("DESCRIBE", "text/turtle"),
    ],
)
def test_each_form_is_asked_in_a_format_that_it_has(form: str, media_type: str) -> None:
    assert f"Accept: {media_type}" in code("curl", "x", form)
    if form != "SELECT":
        for name in ("Python", "JavaScript"):
            assert f'"{media_type}"' in code(name, "x", form)
