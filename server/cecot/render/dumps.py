"""Everything in files: which there are, and which of them are ready (VoID 3.4; RFC 1952).

A file is kept packed. Its plain form has a checksum too, and that of the N-Quads is the version of
the graph: the SHA-256 of its canonical RDF. A list beside the files says which are ready.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, cast

from pyoxigraph import Literal

from cecot.claims.claim import read_claims
from cecot.claims.subgraph import query
from cecot.dataset.description import Description
from cecot.dataset.store import EXPORTS, Loaded, export_store
from cecot.rdf.serialization import Omissions
from cecot.render.table import heading, lines, table_metadata
from cecot.render.urls import MOST_ADDRESSES, Urls, sitemap
from cecot.sparql.asking import select_iris
from cecot.sparql.evaluation import InProcessEngine

TABLE = "claims.csv"
"""The file of all claims, which a file with -metadata.json behind its name explains (CSVW)."""

_INDEX = "index.json"
_WANTED = (TABLE, ".ttl", ".nt", ".jsonld", ".rdf", ".nq", ".trig")


@dataclass(frozen=True, slots=True)
class Dump:
    """A file: ``name`` is its plain name, ``kind`` is ``graph``, ``claims`` or ``sitemap``.

    Lengths are bytes, checksums SHA-256 in hex, of the plain and of the packed (gzip) form.
    ``omitted`` counts the triples that the format cannot hold, ``omissions`` names the first.
    """

    name: str
    kind: str
    media_type: str
    length: int
    sha256: str
    packed_length: int
    packed_sha256: str
    omitted: int = 0
    omissions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Dumps:
    """The files that are ready in ``folder``, by name, and whether no other will come.

    ``version`` is that of the graph that they hold.
    """

    folder: Path
    version: str = ""
    files: Mapping[str, Dump] = field(default_factory=dict)
    is_complete: bool = False

    def offered(self) -> tuple[Dump, ...]:
        """The files for people, what most of them want first: the table, then RDF by its spread."""
        found = [each for each in self.files.values() if each.kind != "sitemap"]
        return tuple(sorted(found, key=_wanted))

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


def is_settled(dumps: Dumps | None) -> bool:
    """Whether no file is still to come: until then, nobody may keep what tells of them."""
    return dumps is None or dumps.is_complete


def tell_dumps(dumps: Dumps) -> None:
    """Tell that ``dumps`` are ready, in one step: whoever reads it never sees half of it."""
    told = {
        "version": dumps.version,
        "complete": dumps.is_complete,
        "files": [asdict(each) for each in dumps.files.values()],
    }
    new = dumps.folder / f"{_INDEX}.new"
    new.write_text(json.dumps(told), encoding="utf-8")
    os.replace(new, dumps.folder / _INDEX)


def expected(description: Description) -> dict[str, str]:
    """The media types of all files that there will be, sitemaps apart, by name."""
    name = stem(description)
    files = {f"{name}.{each.ending}": each.media_type for each in EXPORTS.values()}
    if description.has_claims:
        files |= {TABLE: "text/csv", f"{TABLE}-metadata.json": "application/csvm+json"}
    return files


def stem(description: Description) -> str:
    """What the files of the graph are called: the last word of the base of its IRIs."""
    last = description.names.base.rstrip("/").rpartition("/")[2]
    return last if last.replace("-", "").isalnum() and last.isascii() else "graph"


def _wanted(dump: Dump) -> tuple[int, str]:
    """Where a file comes in the list: files of RDF 1.2 and explanations of others come last."""
    is_special = ".rdf12." in dump.name or dump.name.endswith("-metadata.json")
    ends = (place for place, end in enumerate(_WANTED) if dump.name.endswith(end))
    return (len(_WANTED) if is_special else next(ends, len(_WANTED))), dump.name


LARGE = 250_000
"""Triples beyond which a dump is written as Oxigraph streams it, not in canonical order."""

_BATCH = 500
_LEVEL = 6
Writer = Callable[[IO[bytes], Omissions], object]


def write_dumps(
    loaded: Loaded, description: Description, folder: Path, root: str, *, large: int = LARGE
) -> None:
    """Write all files into ``folder``, which is made, telling of each once it is whole.

    ``root`` is the address of the service, for sitemaps. Takes some minutes of computing per
    million triples; more than ``large`` triples are not written in canonical order.
    """
    folder.mkdir(parents=True, exist_ok=True)
    done: dict[str, Dump] = {}
    for name, kind, media_type, write in _planned(loaded, description, root, large):
        done[name] = _written(folder, name, kind, media_type, write)
        tell_dumps(Dumps(folder, description.version, done))
    tell_dumps(Dumps(folder, description.version, done, is_complete=True))


def _planned(
    loaded: Loaded, description: Description, root: str, large: int
) -> Iterator[tuple[str, str, str, Writer]]:
    """Name, kind, media type and writer of each file, the cheap ones first."""
    name = stem(description)
    streamed = description.triples > large
    for export, each in sorted(EXPORTS.items(), key=lambda item: item[0] != "nquads"):
        write = _graph(loaded, export, streamed=streamed)
        yield f"{name}.{each.ending}", "graph", each.media_type, write
    if description.has_claims:
        yield TABLE, "claims", "text/csv", _claims(loaded)
        metadata = table_metadata(TABLE, description.license)
        text = json.dumps(metadata, ensure_ascii=False, indent=1).encode() + b"\n"
        yield f"{TABLE}-metadata.json", "claims", "application/csvm+json", _constant(text)
    yield from _sitemaps(loaded, Urls(loaded.names, root))


def _graph(loaded: Loaded, name: str, *, streamed: bool) -> Writer:
    store, prefixes, stream = loaded.store, loaded.names.prefixes, EXPORTS[name].stream
    if streamed and stream:
        return lambda output, omitted: stream(store, output, prefixes, omitted)
    return lambda output, omitted: output.write(export_store(store, prefixes, name, omitted))


def _constant(content: bytes) -> Writer:
    return lambda output, _: output.write(content)


def _claims(loaded: Loaded) -> Writer:
    engine = InProcessEngine(loaded.store)

    def write(output: IO[bytes], _: Omissions) -> None:
        output.write(heading().encode())
        claims = sorted(select_iris(engine, query("every-claim"), "claim"), key=str)
        for start in range(0, len(claims), _BATCH):
            output.write(lines(read_claims(engine, claims[start : start + _BATCH])).encode())

    return write


def _sitemaps(loaded: Loaded, urls: Urls) -> Iterator[tuple[str, str, str, Writer]]:
    """All things that have a page, so many to a file."""
    start = Literal(loaded.names.namespace)
    things = sorted(
        select_iris(
            InProcessEngine(loaded.store), query("things-with-a-page"), "thing", start=start
        ),
        key=str,
    )
    for number, first in enumerate(range(0, len(things), MOST_ADDRESSES), 1):
        pages = (urls.page(each.value) for each in things[first : first + MOST_ADDRESSES])
        yield f"sitemap-{number}.xml", "sitemap", "application/xml", _constant(sitemap(pages))


def _written(folder: Path, name: str, kind: str, media_type: str, write: Writer) -> Dump:
    new, omitted = folder / f"{name}.gz.new", Omissions()
    with new.open("wb") as file:
        with gzip.GzipFile("", "wb", _LEVEL, file, mtime=0) as packer:
            plain = _Hashing(packer)
            write(cast("IO[bytes]", plain), omitted)
        length = file.tell()
    with new.open("rb") as file:
        packed = hashlib.file_digest(file, "sha256").hexdigest()
    os.replace(new, folder / f"{name}.gz")
    digest, named = plain.digest.hexdigest(), tuple(omitted.first)
    return Dump(name, kind, media_type, plain.length, digest, length, packed, omitted.count, named)


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
