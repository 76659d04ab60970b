"""Everything in files: which there are, and which of them are ready (VoID 3.4; RFC 1952).

A file is kept packed. Its plain form has a checksum too, and that of the N-Quads is the version of
the graph: the SHA-256 of its canonical RDF. A list beside the files says which are ready.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from cecot.material.description import Description
from cecot.sparql.formats import GRAPHS
from cecot.vocabulary import CECOT

TABLE = "claims.csv"
"""The file of all claims, which a file with -metadata.json behind its name explains (CSVW)."""

_INDEX = "index.json"
_WANTED = (TABLE, ".ttl", ".nt", ".jsonld", ".rdf", ".nq", ".trig")


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
    files = {f"{name}.{each.suffix}": each.media_type for each in GRAPHS}
    files[f"{name}.rdf12.ttl"] = "text/turtle; version=1.2"
    if has_claims(description):
        files |= {TABLE: "text/csv", f"{TABLE}-metadata.json": "application/csvm+json"}
    return files


def has_claims(description: Description) -> bool:
    """Whether there is a claim in the graph."""
    return any(part.iri == str(CECOT.Claim) for part in description.classes)


def stem(description: Description) -> str:
    """What the files of the graph are called: the last word of the base of its IRIs."""
    last = description.names.base.rstrip("/").rpartition("/")[2]
    return last if last.replace("-", "").isalnum() and last.isascii() else "graph"


def _wanted(dump: Dump) -> tuple[int, str]:
    """Where a file comes in the list: files of RDF 1.2 and explanations of others come last."""
    is_special = ".rdf12." in dump.name or dump.name.endswith("-metadata.json")
    ends = (place for place, end in enumerate(_WANTED) if dump.name.endswith(end))
    return (len(_WANTED) if is_special else next(ends, len(_WANTED))), dump.name
