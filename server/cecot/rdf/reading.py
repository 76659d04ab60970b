"""Files of RDF into triples, by Oxigraph's parser, with errors that say where (Turtle 1.2)."""

from __future__ import annotations

import gzip
import re
import zlib
from codecs import getincrementaldecoder
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from pyoxigraph import QuadParser, RdfFormat, Triple, parse

from cecot.errors import TurtleError

FORMATS = {".ttl": RdfFormat.TURTLE, ".nt": RdfFormat.N_TRIPLES}
"""What rooms are written in."""

LINES = {**FORMATS, ".trig": RdfFormat.TRIG, ".nq": RdfFormat.N_QUADS}
"""What has statements on lines."""

_BY_ENDING = {
    **LINES,
    ".jsonld": RdfFormat.JSON_LD,
    ".rdf": RdfFormat.RDF_XML,
    ".owl": RdfFormat.RDF_XML,
    ".json": RdfFormat.JSON_LD,
    ".xml": RdfFormat.RDF_XML,
}
ENDINGS = tuple(_BY_ENDING)
IN_FOLDERS = frozenset(_BY_ENDING) - {".json", ".xml"}
"""What is looked for in folders: the others are often something else."""

_PACKED = ".gz"
_PREAMBLE = re.compile(r"^Parser error (?:at|between) .*?\d: ", re.DOTALL)
_MISPLACED = re.compile(r"(.+) is not a valid (?:RDF )?(subject|predicate|object)\b.*", re.DOTALL)
# What Oxigraph's words leave to be guessed: the mistake that is most often behind them.
_HINTS = (
    ("\ufeff", "Save the file as UTF-8 without a byte order mark."),
    ("stands where a subject", 'Is a " ;" missing before it, or a \\ before a quotation mark?'),
    ("stands where a predicate", 'Is a " ;" or the final " ." missing before it?'),
    ("stands where an object", 'Is an object missing, or the " ." that ends the block before?'),
    ("A dot is expected", 'Is the " ;" missing at the end of the line before?'),
    ("Unexpected end of file", "What opens here has no end: a quotation mark, a bracket?"),
    ("Unexpected end", 'Is the final " ." missing?'),
    (
        "has not been declared",
        "Add its PREFIX line, or run cecot format: it adds those of ontology/prefixes.ttl.",
    ),
    ("Line jumps are not allowed", 'Close the string on its line, or open it with """.'),
    ("No scheme found", "Write the whole IRI, or use a prefix: there is no base IRI."),
    ("\u201c", 'Strings stand in straight quotation marks: "...".'),
    (
        "No LoadDocumentCallback",
        "Its @context lies elsewhere, and nothing is fetched: write the context into the file.",
    ),
    ("beginning of a prefix name", "A name with such a sign in it is written as a whole: <IRI>."),
)


@dataclass(frozen=True, slots=True)
class Parsed:
    """What one file says, its text, and the prefixes that it declares."""

    text: str
    triples: list[Triple]
    prefixes: dict[str, str]


def read_file(path: Path) -> Parsed:
    """Parse the Turtle or N-Triples file ``path``.

    Raises TurtleError with file, line and column if it is not what its ending says.
    """
    return parse_text(read_bytes(path), where=str(path), rdf_format=FORMATS.get(path.suffix))


def read_bytes(path: Path) -> bytes:
    """What stands in ``path``; raises TurtleError if it cannot be read."""
    try:
        return gzip.decompress(path.read_bytes()) if path.suffix == _PACKED else path.read_bytes()
    except (OSError, EOFError, zlib.error) as error:
        raise unreadable(error, str(path)) from error


def ending(path: Path) -> str:
    """What tells the format of ``path``: its suffix, or the one before ``.gz``."""
    return path.with_suffix("").suffix if path.suffix == _PACKED else path.suffix


def format_of(path: Path) -> RdfFormat | None:
    """The format of ``path`` by its ending; None if that is none of ENDINGS."""
    return _BY_ENDING.get(ending(path))


@contextmanager
def quads(path: Path, base: str | None = None) -> Iterator[QuadParser]:
    """The quads of a file of any format, as they are read; ``.gz`` is unpacked on the way."""
    form = format_of(path)
    if path.suffix == _PACKED:
        with gzip.open(path) as file:
            yield parse(cast(IO[bytes], file), form, base_iri=base, rename_blank_nodes=True)
    else:
        yield parse(path=path, format=form, base_iri=base, rename_blank_nodes=True)


def unreadable(error: OSError | EOFError | zlib.error, where: str) -> TurtleError:
    """What is said of a file that the system does not let us read, or that is not what it seems."""
    words = getattr(error, "strerror", None) or str(error)
    return TurtleError(f"Cannot be read: {words}.", where=where)


def require_utf8(path: Path) -> None:
    """Raise TurtleError with the place of a byte of ``path`` that is not UTF-8.

    Oxigraph's parser does so too, but not within comments.
    """
    decoder = getincrementaldecoder("utf-8")()
    try:
        with gzip.open(path) if path.suffix == _PACKED else path.open("rb") as file:
            while piece := file.read(1 << 20):
                decoder.decode(piece)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        decoded(read_bytes(path), str(path))
    except (OSError, EOFError, zlib.error) as error:
        raise unreadable(error, str(path)) from error


def decoded(content: bytes, where: str) -> str:
    """``content`` as text; raises TurtleError with the place of a byte that is not UTF-8."""
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        start = content.rfind(b"\n", 0, error.start) + 1
        raise TurtleError(
            f"Byte {error.start} (0x{content[error.start]:02X}) is not UTF-8.",
            hint="Save the file as UTF-8.",
            where=where,
            line=line,
            column=len(content[start : error.start].decode(errors="replace")) + 1,
        ) from None


def parse_text(
    content: bytes | str, *, where: str = "", rdf_format: RdfFormat | None = None
) -> Parsed:
    """Parse ``content`` (Turtle unless said); ``where`` names it in errors.

    Blank nodes get names of their own, so that those of two files never meet.
    Raises TurtleError with line and column, both from 1.
    """
    if isinstance(content, bytes):
        content = decoded(content, where)
    quads = parse(content, rdf_format or RdfFormat.TURTLE, rename_blank_nodes=True)
    try:
        triples = [quad.triple for quad in quads]
    except SyntaxError as error:
        raise turtle_error(error, where) from None
    return Parsed(content, triples, quads.prefixes)


def turtle_error(error: SyntaxError, where: str) -> TurtleError:
    """Oxigraph's syntax error as ours: its words without its preamble, and what to do."""
    message = said = _PREAMBLE.sub("", error.msg).strip()
    if misplaced := _MISPLACED.fullmatch(said):
        article = "an" if misplaced[2] == "object" else "a"
        message = f"{misplaced[1]!r} stands where {article} {misplaced[2]} is due"
    hint = next((hint for words, hint in _HINTS if words in message or words in said), "")
    return TurtleError(
        message if message.endswith(".") else message + ".",
        hint=hint,
        where=where,
        line=error.lineno,
        column=error.offset,
    )
