"""Files of RDF into triples, by the parser of Oxigraph, with errors that say where (Turtle 1.2).

Parsers of RDF keep no positions: where statements and comments stand (Turtle 1.2, 6.5, and TriG:
the grammars) is found by reading tokens only, of text that a parser has accepted.
"""

from __future__ import annotations

import gzip
import re
import zlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import IO, cast
from urllib.parse import urljoin
from xml.parsers.expat import ErrorString, ExpatError, ParserCreate

from pyoxigraph import QuadParser, RdfFormat, Triple, parse

from cecot.errors import TurtleError

FORMATS = {".ttl": RdfFormat.TURTLE, ".nt": RdfFormat.N_TRIPLES}
"""What rooms are written in."""

LINES = {**FORMATS, ".trig": RdfFormat.TRIG, ".nq": RdfFormat.N_QUADS}
"""What has statements on lines."""

ONE_A_LINE = (".nt", ".nq")
"""What has one statement on a line, and declares no prefix."""

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

LONGEST_PART = 16 * 1024 * 1024
"""Bytes that Oxigraph's parsers hold at once, of all formats but RDF/XML."""

_PREAMBLE = re.compile(r"^Parser error (?:at|between) .*?\d: ", re.DOTALL)
_MISPLACED = re.compile(r"(.+) is not a valid (?:RDF )?(subject|predicate|object)\b.*", re.DOTALL)
_XML_IN_UTF8 = 'Save the file as UTF-8, and begin it <?xml version="1.0" encoding="UTF-8"?>.'
# What Oxigraph's words leave to be guessed: the mistake that is most often behind them.
_HINTS = (
    ("\ufeff", "Save the file as UTF-8 without a byte order mark."),
    (
        "The subject of a triple must be",
        "A line begins with an <IRI> or _:name. Nothing may stand before the first, not even a"
        " byte order mark: save the file as UTF-8 without one.",
    ),
    ("stands where a subject", 'Is a " ;" missing before it, or a \\ before a quotation mark?'),
    ("stands where a predicate", 'Is a " ;" or the final " ." missing before it?'),
    ("stands where an object", 'Is an object missing, or the " ." that ends the block before?'),
    ("A dot is expected", 'Is the " ;" missing at the end of the line before?'),
    ("Unexpected end of file", "What opens here has no end: a quotation mark, a bracket?"),
    ("Unexpected end", 'Is the final " ." missing?'),
    (
        "has not been declared",
        "Add its PREFIX line; in rooms cecot format adds those of ontology/prefixes.ttl.",
    ),
    ("Line jumps are not allowed", 'Close the string on its line, or open it with """.'),
    ("No scheme found", "Write the whole IRI, or use a prefix: there is no base IRI."),
    ("\u201c", 'Strings stand in straight quotation marks: "...".'),
    ("Not both rdf:", "An element names its thing by one of rdf:about, rdf:ID and rdf:nodeID."),
    ("Only UTF-8 is", _XML_IN_UTF8),
    (
        "No LoadDocumentCallback",
        "Its @context lies elsewhere, and nothing is fetched: write the context into the file.",
    ),
    ("\u00a0", "This is a no-break space: replace it by an ordinary one."),
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


@contextmanager
def telling_each(
    files: Iterable[Path], read: Callable[[Path], object] = read_file
) -> Iterator[None]:
    """While ``files`` are read by ``read``: if one cannot be, tell all that cannot (``others``).

    Files are read again for it, and only then.
    """
    try:
        yield
    except TurtleError as first:
        for path in dict.fromkeys(files):
            try:
                read(path)
            except TurtleError as error:
                if error.where not in {each.where for each in first.each}:
                    first.others += (error,)
        raise


def read_bytes(path: Path) -> bytes:
    """What stands in ``path``; raises TurtleError if it cannot be read."""
    try:
        return gzip.decompress(path.read_bytes()) if _is_packed(path) else path.read_bytes()
    except (OSError, EOFError, zlib.error) as error:
        raise unreadable(error, str(path)) from error


def ending(path: Path) -> str:
    """What tells the format of ``path``: its suffix, or the one before ``.gz``."""
    return (path.with_suffix("") if _is_packed(path) else path).suffix.lower()


def _is_packed(path: Path) -> bool:
    return path.suffix.lower() == ".gz"


def _opened(path: Path) -> IO[bytes]:
    """The bytes of ``path``, unpacked."""
    return cast(IO[bytes], gzip.open(path)) if _is_packed(path) else path.open("rb")


def format_of(path: Path) -> RdfFormat | None:
    """The format of ``path`` by its ending; None if that is none of ENDINGS."""
    return _BY_ENDING.get(ending(path))


@contextmanager
def quads(path: Path, base: str | None = None) -> Iterator[QuadParser]:
    """The quads of a file of any format, as they are read; ``.gz`` is unpacked on the way."""
    form = format_of(path)
    with _telling_too_long(str(path), lambda: _opened(path)):
        if _is_packed(path):
            with _opened(path) as file:
                yield parse(file, form, base_iri=base, rename_blank_nodes=True)
        else:
            yield parse(path=path, format=form, base_iri=base, rename_blank_nodes=True)


@contextmanager
def _telling_too_long(where: str, opened: Callable[[], IO[bytes]]) -> Iterator[None]:
    """Raise TurtleError for what is longer than Oxigraph's parsers take.

    They know no place of it: it is that of the first line that is so long, if there is one.
    """
    try:
        yield
    except MemoryError as error:
        if "buffer" not in str(error):
            raise
        with opened() as file:
            lines = (number for number, line in enumerate(file, 1) if len(line) > LONGEST_PART)
            line = next(lines, None)
        raise TurtleError(
            "A string, a comment or another part is longer than 16 MiB, the most that can be read.",
            hint="Divide it, or keep so long a text in a file of its own. If nothing should be so"
            " long, a quotation mark or an > is missing.",
            where=where,
            line=line,
        ) from None


def unreadable(error: OSError | EOFError | zlib.error, where: str) -> TurtleError:
    """What is said of a file that the system does not let us read, or that is not what it seems."""
    words = getattr(error, "strerror", None) or str(error)
    return TurtleError(f"Cannot be read: {words}.", where=where)


def require_utf8(path: Path) -> None:
    """Raise TurtleError with the place of a byte of ``path`` that is not UTF-8.

    Oxigraph's parser does so too, but not within comments, nor with a place in all formats.
    """
    try:
        with _opened(path) as file:
            for line in file:
                line.decode()
    except UnicodeDecodeError:
        decoded(read_bytes(path), str(path))
    except (OSError, EOFError, zlib.error) as error:
        raise unreadable(error, str(path)) from error


def require_well_formed(path: Path) -> None:
    """Raise TurtleError with the place where ``path`` is no well-formed XML.

    Oxigraph's parser of RDF/XML keeps no place, and takes a file that was cut off for a whole one.
    """
    try:
        with _opened(path) as file:
            ParserCreate().ParseFile(file)
    except ExpatError as error:
        words = ErrorString(error.code)
        raise TurtleError(
            f"Not well-formed XML: {words}.",
            hint=_XML_IN_UTF8
            if "encoding" in words
            else "Is the file whole, each element closed, and each & and < in text written &amp;"
            " and &lt;?",
            where=str(path),
            line=error.lineno,
            column=error.offset + 1,
        ) from None
    except (OSError, EOFError, zlib.error) as error:
        raise unreadable(error, str(path)) from error


class _LineByLine:
    """Gives a parser one line at a time; ``number`` is that of the last one given."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.number = 0

    def read(self, size: int) -> bytes:
        self.number += 1
        return self._file.readline(size)


def line_of_xml(path: Path, base: str | None = None) -> int | None:
    """The line that Oxigraph's parser of RDF/XML stumbles at: itself it keeps none."""
    with _opened(path) as file:
        lines = _LineByLine(file)
        try:
            deque(parse(cast(IO[bytes], lines), RdfFormat.RDF_XML, base_iri=base), maxlen=0)
        except SyntaxError:
            return lines.number
    return None


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
        with _telling_too_long(where, lambda: BytesIO(content.encode())):
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


# Possessive quantifiers keep the scan linear. Strings and comments come before all else, so that
# nothing in them is taken for syntax; `.` belongs to a word only where a word goes on behind it.
TOKEN = re.compile(
    r'''(?P<space>[ \t\r\n]++)
      | (?P<comment>\#[^\r\n]*+)
      | (?P<string>"""(?:[^"\\]++|\\.|"(?:"(?!")|(?!")))*+"""
          | \'\'\'(?:[^'\\]++|\\.|'(?:'(?!')|(?!')))*+\'\'\'
          | "(?:[^"\\\r\n]++|\\.)*+"
          | '(?:[^'\\\r\n]++|\\.)*+')
      | (?P<iri><(?:[^\x00-\x20<>"{}|^`\\]++|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*+>)
      | (?P<word>(?:[^\s;,.\[\](){}<>"'\#^\\|]++|\\.|\.++(?=[^\s;,\[\](){}<>"'\#^.|]))++)
      | (?P<mark>.)''',
    re.VERBOSE | re.DOTALL,
)
_UCHAR = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_FIRST = re.compile(r"[ \t]*(?:<([^>]*)>|(_:[^\s<]+))")
_LOCAL_ESCAPE = re.compile(r"\\(.)")


@dataclass(frozen=True, slots=True)
class Comments:
    """The comments of one Turtle text; lines and columns from 1.

    ``header`` is the comment block before everything else, without its last line end;
    ``others`` holds line and column of each comment after the header.
    """

    header: str
    others: list[tuple[int, int]]


def comments(text: str) -> Comments:
    """Find the comments of ``text``, which must be valid Turtle or N-Triples."""
    first = next((m for m in TOKEN.finditer(text) if m.lastgroup not in ("space", "comment")), None)
    end = first.start() if first else len(text)
    header = "\n".join(line.strip() for line in text[:end].strip().splitlines())
    others = [m.start() for m in TOKEN.finditer(text, end) if m.lastgroup == "comment"]
    places = [(text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)) for at in others]
    return Comments(header, places)


@dataclass(slots=True)
class Block:
    """Statements about one subject that follow one another: its line from 1, its offsets from 0.

    ``subject`` is an IRI or the label of a blank node; of brackets and lists it is how they open.
    ``names`` are those that hold there.
    """

    subject: str
    line: int
    start: int
    end: int
    names: Declared


def blocks(text: str, base: str = "") -> Iterator[Block]:
    """The blocks of a Turtle, TriG, N-Triples or N-Quads text; names of graphs count as some."""
    names = Declared(base)
    block: Block | None = None
    line, seen = 1, 0
    for match, starting in statement_tokens(text, names):
        if starting:
            line, seen = line + text.count("\n", seen, match.start()), match.start()
            subject = names.resolve(match.group(), match.lastgroup) or match.group()
            held = names.now()
            if not block or block.subject != subject or block.names is not held or subject == "[":
                if block:
                    yield block
                block = Block(subject, line, seen, seen, held)
        if block:
            block.end = match.end()
    if block:
        yield block


def blocks_of_lines(text: str) -> Iterator[Block]:
    """The same of N-Triples or N-Quads, which state one thing on a line: a tenth of the time."""
    names = Declared()
    block: Block | None = None
    start = 0
    for number, line in enumerate(text.split("\n"), 1):
        if match := _FIRST.match(line):
            subject = match[2] or unescaped(match[1])
            if not block or block.subject != subject:
                if block:
                    yield block
                block = Block(subject, number, start, start, names)
            block.end = start + len(line)
        start += len(line) + 1
    if block:
        yield block


def named(text: str, beginnings: tuple[str, ...]) -> Iterator[tuple[str, int]]:
    """Each IRI that begins so and that a statement of ``text`` names, with its line (from 1)."""
    names = Declared()
    line, seen = 1, 0
    for match, _ in statement_tokens(text, names):
        if match.lastgroup in ("iri", "word"):
            iri = names.resolve(match.group(), match.lastgroup)
            if iri is not None and iri.startswith(beginnings):
                line, seen = line + text.count("\n", seen, match.start()), match.start()
                yield iri, line


def statement_tokens(text: str, names: Declared) -> Iterator[tuple[re.Match[str], bool]]:
    """The tokens of all statements, and whether one begins with it; directives go to ``names``."""
    depth, starting = 0, True
    directive: list[str] = []
    for match in TOKEN.finditer(text):
        kind = match.lastgroup
        if kind in ("space", "comment"):
            continue
        word = match.group()
        if directive:
            directive.append(word)
            if names.declare(directive):
                starting, directive = not directive[0].startswith("@"), []
            continue
        if starting and kind == "word" and word.lower().lstrip("@") in Declared.DIRECTIVES:
            directive, starting = [word], False
            continue
        yield match, starting
        starting = False
        if kind == "mark":
            if word in "[(":
                depth += 1
            elif word in "])":
                depth -= 1
            elif word in ".{}" and depth == 0:
                # Braces hold the graphs of TriG, and with bars what is said of a statement.
                starting = "|" not in {text[match.start() - 1], text[match.end() : match.end() + 1]}


class Declared:
    """The prefixes and the base that hold at one place of a text."""

    DIRECTIVES = ("prefix", "base", "version")

    def __init__(self, base: str = "", prefixes: dict[str, str] | None = None) -> None:
        self.base = base
        self.prefixes = prefixes or {}
        self._held: Declared | None = None

    def now(self) -> Declared:
        """The names that hold here, the same for as long as no other is declared."""
        if self._held is None:
            self._held = Declared(self.base, self.prefixes)
        return self._held

    def declare(self, directive: list[str]) -> bool:
        """Take the tokens of a directive; False while it is not whole."""
        name = directive[0].lower().lstrip("@")
        if name == "prefix":
            if len(directive) == 3:
                iri = absolute(directive[2][1:-1], self.base)
                self.prefixes = self.prefixes | {directive[1][:-1]: iri}
                self._held = None
            return len(directive) == 3
        if name == "base":
            self.base = absolute(directive[1][1:-1], self.base)
            self._held = None
        return True

    def resolve(self, token: str, kind: str | None) -> str | None:
        """The IRI that a subject token names; None for blank nodes and for what opens a bracket."""
        if kind == "iri":
            return absolute(token[1:-1], self.base)
        prefix, colon, local = token.partition(":")
        if kind != "word" or not colon or prefix == "_":
            return None
        return self.prefixes.get(prefix, "") + _LOCAL_ESCAPE.sub(r"\1", local)


def absolute(iri: str, base: str) -> str:
    """``iri``, without escapes, against ``base``: the empty fragment, too, that urljoin drops."""
    iri = unescaped(iri)
    if not base or _SCHEME.match(iri):
        return iri
    return urljoin(base, iri) + ("#" if iri.endswith("#") else "")


def unescaped(iri: str) -> str:
    """``iri`` with the characters that its escapes stand for."""
    return _UCHAR.sub(lambda m: chr(int(m[1] or m[2], 16)), iri) if "\\" in iri else iri
