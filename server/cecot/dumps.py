"""Everything in files, written once in the background and sent as they are (VoID 3.4; RFC 1952).

A file is kept packed. Its plain form has a checksum too, and that of the N-Quads is the version of
the graph: the SHA-256 of its canonical RDF. A list beside the files says which are ready.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, cast
from xml.sax.saxutils import escape

from pyoxigraph import DefaultGraph, Literal, NamedNode, QueryTriples, RdfFormat, serialize

from cecot.addresses import Addresses
from cecot.asking import select
from cecot.claim_table import heading, lines, table_metadata
from cecot.claim_views import read_claims
from cecot.description import Description
from cecot.engine import Engine
from cecot.evaluation import InProcessEngine
from cecot.export import export_store
from cecot.formats import GRAPHS
from cecot.statements import Address
from cecot.store import Loaded, canonical_nquads
from cecot.vocabulary import CECOT, RDF

LARGE = 250_000
"""Triples beyond which a dump is written as Oxigraph streams it, not in canonical order."""

MOST_ADDRESSES = 50_000
"""Addresses in one sitemap (sitemaps.org)."""

TABLE = "claims.csv"
"""The file of all claims, which a file with -metadata.json behind its name explains (CSVW)."""

_BATCH = 500
_LEVEL = 6
_INDEX = "index.json"
_REIFIES = str(RDF) + "reifies"
_CLAIMS = f"SELECT DISTINCT ?claim {{ ?claim a <{CECOT.Claim}> }}"
_THINGS = f"""
SELECT DISTINCT ?thing {{
  ?thing a ?type FILTER(STRSTARTS(STR(?thing), $start))
  FILTER NOT EXISTS {{ ?thing <{CECOT.asWritten}> ?words }}
}}"""
_REIFIED = f"""
CONSTRUCT {{ ?claim <{_REIFIES}> <<( ?s ?p ?o )>> . ?x ?q ?y }} WHERE {{
  {{ ?claim <{RDF.subject}> ?s ; <{RDF.predicate}> ?p ; <{RDF.object}> ?o }}
  UNION {{ ?x ?q ?y FILTER(?q NOT IN (<{RDF.subject}>, <{RDF.predicate}>, <{RDF.object}>)) }}
}}"""
Writer = Callable[[IO[bytes]], None]


@dataclass(frozen=True, slots=True)
class Dump:
    """A file: ``name`` is its plain name, ``kind`` is ``graph``, ``claims`` or ``sitemap``.

    Lengths are bytes, checksums SHA-256 in hex, of the plain and of the packed (gzip) form.
    """

    name: str
    kind: str
    media_type: str
    length: int
    sha256: str
    packed_length: int
    packed_sha256: str


@dataclass(frozen=True, slots=True)
class Dumps:
    """The files that are ready in ``folder``, by name, and whether no other will come.

    ``version`` is that of the graph that they hold.
    """

    folder: Path
    version: str = ""
    files: Mapping[str, Dump] = field(default_factory=dict)
    is_complete: bool = False

    def path(self, name: str) -> Path:
        """Where the packed form of the file ``name`` stands; KeyError if it is not ready."""
        return self.folder / f"{self.files[name].name}.gz"

    def is_of(self, version: str) -> bool:
        """Whether all files of this version of the graph are ready."""
        return self.is_complete and self.version == version

    def of_kind(self, kind: str) -> list[Dump]:
        """The files of one kind, in the order in which they were written."""
        return [each for each in self.files.values() if each.kind == kind]


def read_dumps(folder: Path) -> Dumps:
    """What is ready in ``folder`` at this moment: nothing, perhaps."""
    try:
        told = json.loads((folder / _INDEX).read_bytes())
    except FileNotFoundError:
        return Dumps(folder)
    files = {each["name"]: Dump(**each) for each in told["files"]}
    return Dumps(folder, told["version"], files, told["complete"])


def write_dumps(
    loaded: Loaded,
    description: Description,
    folder: Path,
    address: Address,
    *,
    large: int = LARGE,
) -> None:
    """Write all files into ``folder``, which is made, telling of each once it is whole.

    ``address`` makes the absolute addresses of sitemaps. Takes some minutes of computing per
    million triples; more than ``large`` triples are not written in canonical order.
    """
    folder.mkdir(parents=True, exist_ok=True)
    done: dict[str, Dump] = {}
    for name, kind, media_type, write in _planned(loaded, description, address, large):
        done[name] = _written(folder, name, kind, media_type, write)
        _tell(Dumps(folder, description.version, done))
    _tell(Dumps(folder, description.version, done, is_complete=True))


def expected(description: Description) -> set[str]:
    """The names of all files that there will be, sitemaps apart."""
    name = stem(description)
    graph = {f"{name}.{each.suffix}" for each in GRAPHS} | {f"{name}.rdf12.ttl"}
    return graph | ({TABLE, f"{TABLE}-metadata.json"} if has_claims(description) else set())


def has_claims(description: Description) -> bool:
    """Whether there is a claim in the graph."""
    return any(part.iri == str(CECOT.Claim) for part in description.classes)


def stem(description: Description) -> str:
    """What the files of the graph are called: the last word of the base of its IRIs."""
    last = description.names.base.rstrip("/").rpartition("/")[2]
    return last if last.replace("-", "").isalnum() and last.isascii() else "graph"


def _planned(
    loaded: Loaded, description: Description, address: Address, large: int
) -> Iterator[tuple[str, str, str, Writer]]:
    """Name, kind, media type and writer of each file, the cheap ones first."""
    name = stem(description)
    streamed = description.triples > large
    for each in sorted(GRAPHS, key=lambda each: each.name != "nquads"):
        yield (
            f"{name}.{each.suffix}",
            "graph",
            each.media_type,
            _graph(loaded, each.name, each.writer, streamed=streamed),
        )
    reifying = _reifying(loaded) if streamed else _exported(loaded, "turtle12")
    yield f"{name}.rdf12.ttl", "graph", "text/turtle; version=1.2", reifying
    if has_claims(description):
        yield TABLE, "claims", "text/csv", _claims(loaded)
        metadata = table_metadata(TABLE, description.license)
        text = json.dumps(metadata, ensure_ascii=False, indent=1).encode() + b"\n"
        yield f"{TABLE}-metadata.json", "claims", "application/csvm+json", _constant(text)
    yield from _sitemaps(loaded, address)


def _graph(loaded: Loaded, name: str, writer: RdfFormat, *, streamed: bool) -> Writer:
    if name == "nquads":
        # Its checksum is the version of the graph, so it is canonical at any size.
        return lambda output: _all(output, canonical_nquads(loaded.store))
    if not streamed:
        return _exported(loaded, name)
    prefixes = dict(loaded.names.prefixes)
    graph = None if name == "trig" else DefaultGraph()

    def write(output: IO[bytes]) -> None:
        loaded.store.dump(output, writer, from_graph=graph, prefixes=prefixes)

    return write


def _exported(loaded: Loaded, name: str) -> Writer:
    return lambda output: _all(output, export_store(loaded.store, loaded.names.prefixes, name))


def _reifying(loaded: Loaded) -> Writer:
    def write(output: IO[bytes]) -> None:
        results = cast("QueryTriples", loaded.store.query(_REIFIED))
        serialize(results, output, RdfFormat.TURTLE, prefixes=dict(loaded.names.prefixes))

    return write


def _constant(content: bytes) -> Writer:
    return lambda output: _all(output, content)


def _claims(loaded: Loaded) -> Writer:
    engine = InProcessEngine(loaded.store)

    def write(output: IO[bytes]) -> None:
        output.write(heading().encode())
        claims = sorted(_iris(engine, _CLAIMS, "claim"), key=str)
        for start in range(0, len(claims), _BATCH):
            output.write(lines(read_claims(engine, claims[start : start + _BATCH])).encode())

    return write


def _sitemaps(loaded: Loaded, address: Address) -> Iterator[tuple[str, str, str, Writer]]:
    """All things that have a page, so many to a file."""
    addresses = Addresses(loaded.names)
    start = Literal(loaded.names.namespace)
    things = sorted(_iris(InProcessEngine(loaded.store), _THINGS, "thing", start=start), key=str)
    for number, first in enumerate(range(0, len(things), MOST_ADDRESSES), 1):
        pages = (
            address(addresses.document(addresses.of(each.value), "html"))
            for each in things[first : first + MOST_ADDRESSES]
        )
        yield f"sitemap-{number}.xml", "sitemap", "application/xml", _constant(sitemap(pages))


def sitemap(pages: Iterable[str]) -> bytes:
    """A sitemap of the absolute addresses ``pages`` (sitemaps.org, 0.9)."""
    urls = "".join(f"<url><loc>{escape(each)}</loc></url>\n" for each in pages)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{urls}</urlset>\n'
    ).encode()


def _iris(engine: Engine, query: str, name: str, **bindings: Literal) -> list[NamedNode]:
    rows = select(engine, query, **bindings)
    return [node for row in rows if isinstance(node := row[name], NamedNode)]


def _all(output: IO[bytes], content: bytes) -> None:
    output.write(content)


def _written(folder: Path, name: str, kind: str, media_type: str, write: Writer) -> Dump:
    new = folder / f"{name}.gz.new"
    with new.open("wb") as file:
        with gzip.GzipFile("", "wb", _LEVEL, file, mtime=0) as packer:
            plain = _Hashing(packer)
            write(cast("IO[bytes]", plain))
        length = file.tell()
    with new.open("rb") as file:
        packed = hashlib.file_digest(file, "sha256").hexdigest()
    os.replace(new, folder / f"{name}.gz")
    return Dump(name, kind, media_type, plain.length, plain.digest.hexdigest(), length, packed)


class _Hashing:
    """A binary file that also counts and hashes what passes through."""

    def __init__(self, file: gzip.GzipFile) -> None:
        self._file = file
        self.digest = hashlib.sha256()
        self.length = 0

    def write(self, data: bytes) -> int:
        self.digest.update(data)
        self.length += len(data)
        return self._file.write(data)

    def flush(self) -> None:
        pass


def _tell(dumps: Dumps) -> None:
    """Replace the list of what is ready in one step: whoever reads it never sees half of it."""
    told = {
        "version": dumps.version,
        "complete": dumps.is_complete,
        "files": [asdict(each) for each in dumps.files.values()],
    }
    new = dumps.folder / f"{_INDEX}.new"
    new.write_text(json.dumps(told), encoding="utf-8")
    os.replace(new, dumps.folder / _INDEX)
