"""SPARQL query text as tokens, and what can be told from them: what it names, what it selects.

Lexical rules: SPARQL 1.1, sections 19.2 (codepoint escapes), 19.4 (comments) and 19.8 (grammar, and
the words, also those of 1.2). The parser behind this is that of Oxigraph, which looks for keywords
without asking for a boundary around them (``1SERVICE?g{}`` calls a service) and tries ``<`` as an
IRI first and as "less than" after. What is refused here must be refused in every reading of the
text, so every reading is followed. Any text has tokens; no query, it names nothing much.
"""

from __future__ import annotations

import ast
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import NamedTuple

from cecot.rdf.reading import absolute
from cecot.rdf.terms import NAME_INNER, NAME_START, Prefixes, one_of
from cecot.vocabulary import RDF

_START = one_of(NAME_START.replace("_", ""))
_INNER = one_of(NAME_INNER)
_LAST = one_of(NAME_INNER + "-")
_WITHIN = one_of(NAME_INNER + ".-")
_HEX = r"\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}"
_PREFIX = rf"(?:{_START}(?:{_WITHIN}*{_LAST})?)?"
_LOCAL_CHAR = rf"(?:{one_of(NAME_INNER + ':-')}|%[0-9A-Fa-f]{{2}}|\\[_~.!$&'()*+,;=/?#@%-])"
_LOCAL = rf"(?:(?!-){_LOCAL_CHAR}(?:\.*{_LOCAL_CHAR})*+)?"
_IRI = rf"<(?:[^<>\"{{}}|^`\\\x00-\x20]|{_HEX})*+>"
_VARIABLE = rf"[?$]{_INNER}+"
_SPACE = r"(?:[ \t\r\n]|\#[^\r\n]*+)*+"

_TOKEN = re.compile(
    rf"""
    (?P<space>[ \t\r\n]++)
  | (?P<comment>\#[^\r\n]*+)
  | (?P<iri>{_IRI})
  | (?P<string>\"\"\"(?:\"{{0,2}}+(?:[^\"\\]|\\.))*+\"\"\"|\"(?:[^\"\\\r\n]|\\.)*+\"
             |'''(?:'{{0,2}}+(?:[^'\\]|\\.))*+'''|'(?:[^'\\\r\n]|\\.)*+')
  | (?P<language>@[A-Za-z]+(?:-{{1,2}}[A-Za-z0-9]+)*+)
  | (?P<variable>{_VARIABLE})
  | (?P<blank>_:{_INNER}(?:{_WITHIN}*{_LAST})?)
  | (?P<name>{_PREFIX}:{_LOCAL})
  | (?P<word>[A-Za-z_][A-Za-z0-9_]*+)
  | (?P<number>(?:[0-9]++(?:\.[0-9]*+)?|\.[0-9]++)(?:[eE][+-]?[0-9]++)?)
  | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(_HEX)
_LINE_END = re.compile(r"\r\n?|\n")
_NAME_CHARACTER = re.compile(one_of(NAME_INNER + ":?$-"))
_PREFIX_DECLARATION = re.compile(rf"(?i:PREFIX){_SPACE}({_PREFIX}):")
_TARGET = rf"(?:{_VARIABLE}|<[^>]*+>|{_PREFIX}:{_LOCAL})"
_SERVICE = re.compile(rf"(?i:SERVICE){_SPACE}(?:(?i:SILENT){_SPACE})?{_TARGET}{_SPACE}\{{")
_SERVICE_IN_NAME = re.compile(rf"(?i:SERVICE)(?i:SILENT)?({_PREFIX}):{_LOCAL}{_SPACE}\{{")

FORMS = frozenset(("SELECT", "ASK", "CONSTRUCT", "DESCRIBE"))
UPDATES = frozenset(
    ("INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH")
)
BEFORE_BRACES = frozenset(("WHERE", "OPTIONAL", "UNION", "MINUS", "EXISTS"))
"""Words that a pattern in braces follows."""

_STRUCTURE = """
    BASE PREFIX VERSION DISTINCT REDUCED AS FROM NAMED WHERE GROUP BY HAVING ORDER ASC DESC LIMIT
    OFFSET VALUES UNDEF OPTIONAL GRAPH SERVICE SILENT BIND MINUS UNION FILTER IN NOT EXISTS TRUE
    FALSE LATERAL SEPARATOR A
"""
AGGREGATES = frozenset(["COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT"])
_OTHER_FUNCTIONS = """
    STR LANG LANGMATCHES LANGDIR DATATYPE BOUND IRI URI
    BNODE RAND ABS CEIL FLOOR ROUND CONCAT STRLEN UCASE LCASE ENCODE_FOR_URI CONTAINS STRSTARTS
    STRENDS STRBEFORE STRAFTER YEAR MONTH DAY HOURS MINUTES SECONDS TIMEZONE TZ NOW UUID STRUUID MD5
    SHA1 SHA256 SHA384 SHA512 COALESCE IF STRLANG STRLANGDIR STRDT SAMETERM ISIRI ISURI ISBLANK
    ISLITERAL ISNUMERIC HASLANG HASLANGDIR REGEX SUBSTR REPLACE ISTRIPLE TRIPLE SUBJECT PREDICATE
    OBJECT ADJUST
"""
FUNCTIONS = AGGREGATES | frozenset(_OTHER_FUNCTIONS.split())
KEYWORDS = FORMS | FUNCTIONS | frozenset(_STRUCTURE.split())


class Token(NamedTuple):
    """One token: its kind (a group name of the lexical grammar), its text, its offset."""

    kind: str
    text: str
    start: int

    @property
    def word(self) -> str:
        """The word that it is, in capitals; empty if it is none."""
        return self.text.upper() if self.kind == "word" else ""


def tokens(text: str) -> Iterator[Token]:
    """Give the tokens of ``text`` in order, without white space and comments (longest match)."""
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup
        if kind and kind not in ("space", "comment"):
            yield Token(kind, match[0], match.start())


class Decoded(NamedTuple):
    """Query text whose codepoint escapes outside strings and IRIs have been read.

    ``origin`` maps offsets in ``text`` back to the client's own text, which errors must speak of.
    """

    text: str
    source: str
    shifts: tuple[tuple[int, int], ...] = ()

    def origin(self, offset: int) -> int:
        """Give the offset in the client's text of ``offset`` in the decoded text."""
        at = bisect_right(self.shifts, (offset, len(self.source))) - 1
        return offset + self.shifts[at][1] if at >= 0 else offset

    def position(self, offset: int) -> tuple[int, int]:
        """Give line and column (from 1, in code points) of an offset in the decoded text."""
        before = _LINE_END.split(self.source[: self.origin(offset)])
        return len(before), len(before[-1]) + 1


def decode(source: str) -> Decoded:
    r"""Read ``\uXXXX`` outside strings and IRIs (19.2); a leading byte order mark is white space.

    Oxigraph reads escapes inside strings and IRIs itself. An escape may stand for a character of a
    name only: the specification allows no white space and no quotation mark to be written so.
    """
    text = " " + source[1:] if source.startswith("\ufeff") else source
    if "\\u" not in text and "\\U" not in text:
        return Decoded(text, source)
    pieces: list[str] = []
    shifts: list[tuple[int, int]] = []
    length = position = 0
    while position < len(text):
        escape = _ESCAPE.match(text, position)
        character = _character(escape[0]) if escape else ""
        if escape and character:
            pieces.append(character)
            length += 1
            position = escape.end()
            shifts.append((length, position - length))
            continue
        end = _plain_end(text, position)
        pieces.append(text[position:end])
        length += end - position
        position = end
    return Decoded("".join(pieces), source, tuple(shifts))


def _character(escape: str) -> str:
    number = int(escape[2:], 16)
    if number > 0x10FFFF:
        return ""
    character = chr(number)
    return character if _NAME_CHARACTER.match(character) else ""


def _plain_end(text: str, position: int) -> int:
    match = _TOKEN.match(text, position)
    return match.end() if match else position + 1


def find_service(text: str) -> int | None:
    """Give the offset of a SERVICE pattern in any reading of a decoded query, None without one.

    Strings, IRIs, comments, variables and prefixed names that only contain the word are not one
    (SPARQL 1.1 Federated Query).
    """
    if "service" not in text.lower():
        return None
    declared = {match[1] for match in _PREFIX_DECLARATION.finditer(text)}
    found = (_service(text, match, before, declared) for match, before in _readings(text))
    return next((offset for offset in found if offset is not None), None)


def _service(text: str, match: re.Match[str], before: str, declared: set[str]) -> int | None:
    if "service" not in match[0].lower():
        return None
    for inner in re.finditer("(?i)service", match[0]):
        at = match.start() + inner.start()
        if match.lastgroup == "word" and _SERVICE.match(text, at):
            return at
        # SERVICEex:a {} is SERVICE ex:a {}, but not where a name belongs: after GRAPH, in DESCRIBE.
        if match.lastgroup == "name" and before.upper() != "GRAPH" and "{" in text[:at]:
            named = _SERVICE_IN_NAME.match(text, at)
            if named and named[1] in declared:
                return at
    return None


def _readings(text: str) -> Iterator[tuple[re.Match[str], str]]:
    """Give every token of every reading, each with the text of the token before it.

    Where a reading goes on depends on the offset alone, so each offset is followed once.
    """
    seen: set[int] = set()
    pending = [(0, "")]
    while pending:
        position, before = pending.pop()
        while position not in seen:
            seen.add(position)
            match = _TOKEN.match(text, position)
            if not match:
                break
            if match.lastgroup == "iri":
                pending.append((position + 1, "<"))
            position = match.end()
            if match.lastgroup not in ("space", "comment"):
                yield match, before
                before = match[0]


LONGEST = 20_000
"""Code points of a query that is read; a longer one is not."""

_ESCAPED = re.compile(r"\\([_~.!$&'()*+,;=/?#@%-])")
_GRAPHS = frozenset(("FROM", "NAMED", "GRAPH"))
_TYPES = frozenset(("A", "rdf:type", f"<{RDF.type}>"))
_BEFORE_PATHS = frozenset(("(", "^", "!"))
_PATH_ENDS = frozenset((")", "+", "*", "?"))
_BEFORE_PROPERTIES = frozenset((";", "/", "|", "[", "]"))
_BEFORE_SUBJECTS = frozenset(("{", "}", ")", ".", ""))
_TERM = re.compile(rf"{_VARIABLE}|{_IRI}|_:|{_PREFIX}:")


@dataclass(frozen=True, slots=True)
class Mentions:
    """What a query names, each once, in order.

    ``iris`` stand for nodes and edges: ``classes`` are those of them that something is to be of,
    ``properties`` those that stand between two terms. ``graphs`` are graphs; with
    ``has_every_graph`` every named one is asked, with ``has_dataset`` not the default graph but
    those of FROM. ``strings`` are plain, each with every property that it may be a value of (empty
    where none is told).
    """

    iris: tuple[str, ...] = ()
    classes: frozenset[str] = frozenset()
    properties: frozenset[str] = frozenset()
    graphs: tuple[str, ...] = ()
    has_every_graph: bool = False
    has_dataset: bool = False
    strings: tuple[tuple[str, str], ...] = ()
    prefixes: Mapping[str, str] = field(default_factory=dict)


def mentions(text: str, base: str | None = None) -> Mentions:
    """What ``text`` names; relative IRIs are read against its BASE, else against ``base``."""
    if len(text) > LONGEST:
        return Mentions()
    found = list(tokens(decode(text).text))
    resolver = Resolver(found, base or "")
    iris: dict[str, None] = {}
    classes: set[str] = set()
    properties: set[str] = set()
    graphs: dict[str, None] = {}
    has_every_graph = False
    for place, (token, before, earlier) in enumerate(with_those_before(found)):
        after = _at(found, place + 1).text
        has_every_graph |= token.kind == "variable" and before == "GRAPH"
        is_apart = before == "^" == earlier or before == "SERVICE" or after == "("
        if _is_declared(before, earlier) or is_apart:  # a datatype, another endpoint, a function
            continue
        named = dict.fromkeys(resolver.iri(token))
        (graphs if before in _GRAPHS else iris).update(named)
        if before in _TYPES:
            classes.update(named)
        elif named and _is_property(found, place):
            properties.update(named)
    return Mentions(
        iris=tuple(iris),
        classes=frozenset(classes),
        properties=frozenset(properties),
        graphs=tuple(graphs),
        has_every_graph=has_every_graph,
        has_dataset=any(each.word == "FROM" for each in found),
        strings=tuple(dict.fromkeys(_strings(found, resolver))),
        prefixes=resolver.prefixes,
    )


def _at(found: list[Token], place: int) -> Token:
    """The token at ``place``; one of no kind before the first and behind the last."""
    return found[place] if 0 <= place < len(found) else Token("", "", 0)


def _is_property(found: list[Token], place: int) -> bool:
    """Whether the IRI at ``place`` stands behind a subject, or in a path that does."""
    at = place - 1
    while at > 0 and found[at].text in _BEFORE_PATHS:
        at -= 1
    before, earlier, first = (_at(found, each).text for each in (at, at - 1, at - 3))
    is_behind = _TERM.match(before) is not None and earlier in _BEFORE_SUBJECTS
    return before in _BEFORE_PROPERTIES or (is_behind and first.upper() != "VALUES")


class Resolver:
    """The IRIs of a text in full: its prefixes and its base, as they are declared on the way."""

    def __init__(self, found: list[Token], base: str) -> None:
        self.base = base
        self.prefixes: dict[str, str] = {}
        for token, before, earlier in with_those_before(found):
            if token.kind == "iri" and before == "BASE":
                self.base = absolute(token.text[1:-1], self.base)
            elif token.kind == "iri" and earlier == "PREFIX":
                self.prefixes[before.removesuffix(":")] = absolute(token.text[1:-1], self.base)

    def iri(self, token: Token) -> Iterator[str]:
        """The IRI that ``token`` stands for; none if its prefix is not declared."""
        if token.kind == "iri":
            yield absolute(token.text[1:-1], self.base)
        prefix, _, local = token.text.partition(":")
        if token.kind == "name" and prefix in self.prefixes:
            yield self.prefixes[prefix] + _ESCAPED.sub(r"\1", local)


def renamed(text: str, old: str, new: str, base: str) -> str:
    """``text`` with ``new`` in the place of the IRI ``old``, however it is spelled.

    A prefix stays the one that the query has. Its declaration stays too, for other names begin with
    it; and so do comments and strings, in which nothing is an IRI.
    """
    decoded = decode(text)
    found = list(tokens(decoded.text))
    resolver = Resolver(found, base)
    pieces: list[str] = []
    end = 0
    for token, before, earlier in with_those_before(found):
        if not _is_declared(before, earlier) and old in resolver.iri(token):
            prefix = token.text.partition(":")[0]
            known = {prefix: resolver.prefixes[prefix]} if token.kind == "name" else {}
            pieces += text[end : decoded.origin(token.start)], Prefixes(known).compact(new)
            end = decoded.origin(token.start + len(token.text))
    return "".join((*pieces, text[end:]))


def with_those_before(found: list[Token]) -> Iterator[tuple[Token, str, str]]:
    """Each token with the text of the one before it and of that before; words in capitals."""
    before = earlier = ""
    for token in found:
        yield token, before, earlier
        before, earlier = token.word or token.text, before


def _is_declared(before: str, earlier: str) -> bool:
    return before in ("BASE", "PREFIX") or earlier == "PREFIX"


def _strings(found: list[Token], resolver: Resolver) -> Iterator[tuple[str, str]]:
    """Plain strings in a pattern, or compared with a variable, each with its properties."""

    def properties_before(place: int) -> list[str]:
        """The properties by which a path leads to ``place``; none that is sure for a variable."""
        named: list[str] = []
        while _at(found, place - 1).text in _PATH_ENDS:
            place -= 1
        while iri := next(resolver.iri(_at(found, place - 1)), ""):
            named.append(iri)
            if _at(found, place - 2).text != "|":
                break
            place -= 2
        return named

    properties: dict[str, list[str]] = {}
    for place, each in enumerate(found):
        if each.kind == "variable" and (named := properties_before(place)):
            properties.setdefault(each.text[1:], named)
    depth, last = 0, list[str]()
    for place, token in enumerate(found):
        depth += (token.text == "(") - (token.text == ")")
        before, after = _at(found, place - 1), _at(found, place + 1)
        if token.text in (";", "."):
            last = []
        if token.kind != "string":
            continue
        if depth:
            other = _at(found, place + (2 if after.text == "=" else -2))
            if other.kind != "variable" or "=" not in (before.text, after.text):
                continue
            last = properties.get(other.text[1:], [])
        elif before.text == "{":  # VALUES ?label { "x" "y" }
            last = properties.get(_at(found, place - 2).text[1:], [])
        elif before.text != "," and before.kind != "string":
            last = properties_before(place)
        if after.kind != "language" and after.text != "^":
            yield from ((value, each) for value in value_of(token.text) for each in last or [""])


def value_of(written: str) -> Iterator[str]:
    """The string that ``written`` stands for: SPARQL's quotes and escapes are among Python's."""
    with suppress(SyntaxError, ValueError):
        value = ast.literal_eval(written)
        if isinstance(value, str) and value.encode():
            yield value


LABEL = "Label"
"""The end of the name of a variable that says what we call the thing of the name before it."""


def naming_things(query: str) -> str:
    """``query`` with ``?thing`` selected after each ``?thingLabel``, if it can be.

    Each row then names the things that it speaks of. A query that groups stays as it is.
    """
    found = list(tokens(query))
    clause = next(select_clauses(found), [])
    if any(each.word == "GROUP" for each in found):
        return query
    variables = {each.text for each in found if each.kind == "variable"}
    projected = [each for each in clause if each.kind == "variable"]
    names = {each.text for each in projected}
    for each in reversed(projected):
        thing = each.text.removesuffix(LABEL)
        if thing != each.text and thing in variables and thing not in names:
            end = each.start + len(each.text)
            query = f"{query[:end]} {thing}{query[end:]}"
    return query


def is_distinct(query: str) -> bool:
    """Whether ``query`` selects each row once."""
    clause = next(select_clauses([*tokens(query)]), [])
    return bool(clause) and clause[0].word in ("DISTINCT", "REDUCED")


def select_clauses(found: list[Token]) -> Iterator[list[Token]]:
    """Give, for each SELECT, the tokens between it and its pattern that stand in no bracket."""
    for start, token in enumerate(found):
        if token.word != "SELECT":
            continue
        clause, depth = [], 0
        for each in found[start + 1 :]:
            if depth == 0 and (each.text == "{" or each.word in ("WHERE", "FROM")):
                break
            if depth == 0:
                clause.append(each)
            depth += (each.text == "(") - (each.text == ")")
        yield clause
