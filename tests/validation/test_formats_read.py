"""Data in every format that Oxigraph reads, by the ending of the name, packed or not."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import RdfFormat, parse, serialize

from cecot.cli import run

EX = "http://example.org/"
DATA = f"""\
PREFIX ex: <{EX}>

ex:a a ex:Person ;
    ex:age 200 .
ex:b a ex:Person ;
    ex:age 20 .
"""
SHAPES = f"""\
PREFIX ex: <{EX}>
PREFIX sh: <http://www.w3.org/ns/shacl#>
ex:Shape sh:targetClass ex:Person ; sh:property [ sh:path ex:age ; sh:maxInclusive 150 ] .
"""
RDF_XML = (
    b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    b"<rdf:Description %b/></rdf:RDF>"
)
FORMATS = {
    "ttl": RdfFormat.TURTLE,
    "nt": RdfFormat.N_TRIPLES,
    "nq": RdfFormat.N_QUADS,
    "trig": RdfFormat.TRIG,
    "jsonld": RdfFormat.JSON_LD,
    "json": RdfFormat.JSON_LD,
    "rdf": RdfFormat.RDF_XML,
    "owl": RdfFormat.RDF_XML,
    "xml": RdfFormat.RDF_XML,
}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "shapes.ttl").write_text(SHAPES)
    return tmp_path


def written(ending: str) -> bytes:
    content = serialize(parse(DATA, RdfFormat.TURTLE), format=FORMATS[ending])
    assert isinstance(content, bytes)
    return content


def findings(capsys: pytest.CaptureFixture[str], data: str) -> list[dict[str, Any]]:
    run(["validate", "--data", data, "--shapes", "shapes.ttl", "--format", "json"])
    found = json.loads(capsys.readouterr().out)["findings"]
    assert isinstance(found, list)
    return found


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("ending", FORMATS)
def test_every_format_is_read_and_its_file_is_told(
    ending: str, packed: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    content = written(ending)
    name = f"data.{ending}" + (".gz" if packed else "")
    Path(name).write_bytes(gzip.compress(content) if packed else content)
    (found,) = findings(capsys, name)
    assert (found["file"], found["node"], found["value"]) == (
        name,
        EX + "a",
        '"200"^^<http://www.w3.org/2001/XMLSchema#integer>',
    )
    if ending in ("ttl", "nt", "nq", "trig"):
        line = content.decode().splitlines()[found["line"] - 1]
        assert "200" in line
    else:
        assert found["line"] is None


def test_the_triples_of_all_graphs_are_checked(capsys: pytest.CaptureFixture[str]) -> None:
    Path("data.trig").write_text(
        f"PREFIX ex: <{EX}>\nex:one {{ ex:a a ex:Person }}\nGRAPH ex:two {{\n  ex:a ex:age 200 }}\n"
    )
    (found,) = findings(capsys, "data.trig")
    assert found["line"] == 4


def test_a_folder_gives_all_that_is_surely_rdf(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "data").mkdir()
    for ending in FORMATS:
        (folder / "data" / f"of-{ending}.{ending}").write_bytes(written(ending))
    (folder / "data" / "package.json").write_text("{ no JSON")
    run(["validate", "--data", "data", "--shapes", "shapes.ttl"])
    assert "(7 files, 1 rule, " in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "content", "place", "words"),
    [
        ("a.jsonld", b'{"@id": "http://x/a",\n x', "a.jsonld:2:", "Unexpected char: 'x'"),
        ("a.jsonld", b'{"@context": "http://x/", "@id": "http://x/a"}', "a.jsonld:", "nothing is"),
        ("a.rdf", b"<rdf:RDF", "a.rdf:1:1:", "unclosed token"),
        ("a.rdf", b"<a>\n <b>\n </c></a>", "a.rdf:3:4:", "mismatched tag"),
        ("a.rdf", RDF_XML.replace(b"</rdf:RDF>", b"\n") % b"", "a.rdf:2:1:", "no element found"),
        ("a.owl.gz", gzip.compress(b"<a>\n&b;</a>", mtime=0), "a.owl.gz:2:1:", "undefined entity"),
        ("a.rdf", RDF_XML % b'rdf:ID="a" rdf:about="b"', "a.rdf:1:", "Not both"),
        ("a.rdf", RDF_XML % b'rdf:ID="a"\n rdf:about="b"', "a.rdf:2:", "by one of rdf:about"),
        ("a.rdf", b"\xff\xfe<", "a.rdf:1:1:", "Save the file as UTF-8."),
        ("a.jsonld", b"\xff\xfe{", "a.jsonld:1:1:", "Save the file as UTF-8."),
        ("a.rdf", b"<?xml version='1.0' encoding='latin1'?>\n<a/>", "a.rdf:1:", "as UTF-8, and"),
        ("a.rdf", b"<?xml version='1.0' encoding='utf-16'?>\n<a/>", "a.rdf:1:31:", "as UTF-8, and"),
        ("a.trig", b"<a:a> {\n<a:b> <a:c> }", "a.trig:2:", "an object"),
        ("a.ttl.gz", b"no gzip", "a.ttl.gz:", "Cannot be read: Not a gzipped file"),
        (
            "a.ttl.gz",
            gzip.compress(DATA.encode(), mtime=0)[:-9],
            "a.ttl.gz:",
            "Compressed file ended",
        ),
    ],
)
def test_what_cannot_be_read_is_told(
    name: str, content: bytes, place: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path(name).write_bytes(content)
    assert run(["validate", "--data", name, "--shapes", "shapes.ttl"]) == 2
    err = capsys.readouterr().err
    assert err.startswith(f"error: {place}")
    assert words in err


TOO_LONG = "x" * 17_000_000


@pytest.mark.parametrize(
    ("name", "content", "place"),
    [
        ("a.ttl", f'<a:a> <a:b>\n "{TOO_LONG}" .', "a.ttl:2: "),
        ("a.ttl", f"\n\n# {TOO_LONG}", "a.ttl:3: "),
        ("a.ttl.gz", f"\n# {TOO_LONG}", "a.ttl.gz:2: "),
        ("a.ttl", '<a:a> <a:b> """' + "1234567\n" * 2**21 + '""" .', "a.ttl: "),
        ("a.ttl", '<a:a> <a:b> """' + "<a:a> <a:b> 1 .\n" * 2**20, "a.ttl: "),
        ("a.nt", f'<a:a> <a:b> "{TOO_LONG}" .', "a.nt:1: "),
        ("a.jsonld", f'{{\n"http://x/": "{TOO_LONG}"}}', "a.jsonld:2: "),
    ],
    ids=["string", "comment", "packed", "lines", "open", "N-Triples", "JSON-LD"],
)
def test_what_is_too_long_is_told(
    name: str, content: str, place: str, capsys: pytest.CaptureFixture[str]
) -> None:
    written = content.encode()
    Path(name).write_bytes(gzip.compress(written, 1) if name.endswith(".gz") else written)
    commands = [["validate", "--data", name, "--shapes", "shapes.ttl"]]
    if name == "a.ttl":
        commands.append(["format", "--check", name])
    for command in commands:
        assert run(command) == 2
        err = capsys.readouterr().err
        assert err.startswith(f"error: {place}A string, a comment or another part is longer than")
        assert "16 MiB" in err
        assert "hint: Divide it" in err


def test_a_file_that_says_nothing_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    # JSON without a context is JSON-LD that says nothing.
    Path("data.json").write_text('{"name": "Alice"}')
    assert run(["validate", "--data", "data.json", "--shapes", "shapes.ttl"]) == 0
    assert "data.json: notice: This file says nothing." in capsys.readouterr().err
