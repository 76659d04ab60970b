"""RDF terms: how canonical Turtle writes them, by the one table of prefixes, and which are alike.

Turtle 1.2, section 6.4; XSD 1.1, section 2.3.1; the table: SHACL 5.2.1. Turtle that uses the
prefixes need not declare them.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from difflib import SequenceMatcher

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from cecot.errors import TurtleError
from cecot.rdf.reading import Parsed, decoded, parse_text, read_file
from cecot.rooms import Rooms
from cecot.vocabulary import RDF, SH, XSD

NAME_START = (
    "A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d"
    "\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
"""Characters that begin a name, in Turtle as in SPARQL and XML."""

NAME_INNER = NAME_START + "0-9\u00b7\u0300-\u036f\u203f\u2040"
"""Characters that stand in a name; a hyphen does besides."""


def one_of(characters: str) -> str:
    """A pattern for one of ``characters``, with ranges as between brackets.

    It says which are none of them: Python's re goes through every range character by character, and
    those of names are most of all there are.
    """
    spans = [(ord(m[1]), ord(m[2] or m[1])) for m in re.finditer(r"(.)(?:-(.))?", characters)]
    others, after = "", 0
    for first, last in [*sorted(spans), (sys.maxunicode + 1, 0)]:
        if after < first:
            others += f"\\U{after:08x}-\\U{first - 1:08x}"
        after = max(after, last + 1)
    return f"[^{others}]"


# The local names that Turtle allows without an escape (grammar rule PN_LOCAL).
_FIRST = NAME_START + ":0-9"
_FURTHER = NAME_INNER + ":-"
_HEX = "%[0-9A-Fa-f]{2}"
_LOCAL = re.compile(
    f"(?:(?:{one_of(_FIRST)}|{_HEX})"
    f"(?:(?:{one_of('.' + _FURTHER)}|{_HEX})*(?:{one_of(_FURTHER)}|{_HEX}))?)?"
)
_UNDECLARED = "has not been declared"


class Prefixes(Mapping[str, str]):
    """Prefixes and their namespaces, sorted by prefix; compacts IRIs.

    ``folders`` are IRIs that end in a slash: what lies in one of them is told as from there.
    """

    def __init__(self, table: Mapping[str, str], folders: Iterable[str] = ()) -> None:
        self._table = dict(sorted(table.items()))
        self.folders = tuple(sorted(set(folders), key=lambda each: (-len(each), each)))
        # The longest namespace first, so that the closest one wins.
        self._longest = sorted(self._table.items(), key=lambda item: (-len(item[1]), item[0]))

    def __getitem__(self, prefix: str) -> str:
        """The namespace of ``prefix``; raises KeyError."""
        return self._table[prefix]

    def __iter__(self) -> Iterator[str]:
        """The prefixes, sorted."""
        return iter(self._table)

    def __len__(self) -> int:
        """How many prefixes there are."""
        return len(self._table)

    def split(self, iri: str) -> tuple[str, str] | None:
        """Prefix and local name of ``iri``, or None where no prefix fits."""
        for prefix, namespace in self._longest:
            if iri.startswith(namespace):
                local = iri[len(namespace) :]
                if _LOCAL.fullmatch(local):
                    return prefix, local
        return None

    def compact(self, iri: str) -> str:
        """``prefix:local`` where the table has a namespace for ``iri``, else ``<iri>``."""
        found = self.split(iri)
        if found:
            return f"{found[0]}:{found[1]}"
        folder = next((each for each in self.folders if iri.startswith(each)), "")
        return f"<{iri.removeprefix(folder) or './'}>"


def read_prefixes(rooms: Rooms) -> Prefixes:
    """Read the table; rooms without one have the prefixes that ontology and shapes declare.

    Raises TurtleError if the file does not parse or gives one prefix two namespaces.
    """
    path = rooms.ontology / "prefixes.ttl"
    if not path.is_file():
        declared: dict[str, str] = {}
        for file in (*rooms.ontology_files(), *rooms.shape_files()):
            declared = {**read_file(file).prefixes, **declared}
        return Prefixes(declared)
    names: dict[str, str] = {}
    namespaces: dict[str, str] = {}
    for triple in read_file(path).triples:
        for predicate, values in ((SH.prefix, names), (SH.namespace, namespaces)):
            if triple.predicate.value == predicate:
                values[str(triple.subject)] = getattr(triple.object, "value", "")
    table: dict[str, str] = {}
    for declaration, prefix in sorted(names.items()):
        namespace = namespaces.get(declaration, "")
        if not namespace or table.setdefault(prefix, namespace) != namespace:
            raise TurtleError(
                f"The prefix {prefix}: has no namespace, or two.",
                hint="Each sh:PrefixDeclaration has one sh:prefix and one sh:namespace.",
                where=str(path),
            )
    return Prefixes(table)


def parse_supplied(content: str | bytes, prefixes: Prefixes, where: str = "") -> Parsed:
    """Parse ``content``, with those of ``prefixes`` that it declares nowhere.

    A prefix that it declares keeps its meaning, and is unknown above its declaration. Raises
    TurtleError with line and column in ``content``.
    """
    try:
        return parse_text(content, where=where)
    except TurtleError as error:
        if _UNDECLARED not in error.message:
            raise
    text = decoded(content, where) if isinstance(content, bytes) else content
    # All on one line before the first one, so that every line keeps its number.
    start = "".join(
        f"PREFIX {name}: <{namespace}> "
        for name, namespace in prefixes.items()
        if not re.search(rf"\bprefix\s+{re.escape(name)}:", text, re.IGNORECASE)
    )
    try:
        parsed = parse_text(start + text, where=where)
    except TurtleError as error:
        if error.line == 1 and error.column:
            error.column = max(1, error.column - len(start))
        raise
    return Parsed(text, parsed.triples, parsed.prefixes)


Term = NamedNode | BlankNode | Literal | Triple
_Subject = str | NamedNode | BlankNode
"""What can be a subject; a text is its IRI."""

# What the grammar reads as it stands, canonical or not: "1.50" is nobody's mistake.
_SHORT = {
    XSD.boolean: re.compile(r"true|false"),
    XSD.integer: re.compile(r"[+-]?[0-9]+"),
    XSD.decimal: re.compile(r"[+-]?[0-9]*\.[0-9]+"),
    XSD.double: re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)[eE][+-]?[0-9]+"),
}
_ESCAPES = {
    "\\": "\\\\",
    '"': '\\"',
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
    "\b": "\\b",
    "\f": "\\f",
}
_SPECIAL = re.compile(r"[^ !#-\[\]-~]")
_LONG_SPECIAL = re.compile(r'[^\n -\[\]-~]|"""+|"\Z')
# Signs that show nothing, or that look like a plain space, although they are neither separators nor
# controls: joiners, fillers, variation selectors, the empty Braille cell.
_UNSEEN = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0]")
_UNSEEN_CATEGORIES = ("Zs", "Zl", "Zp", "Cc", "Cf", "Co")
_RDF_TYPE, _NIL, _STRING = RDF.type, RDF.nil, XSD.string

LEAST = 0.75
"""How much of two names is the same, at least, where one may stand for the other."""

_LONG = 8
"""Letters beyond which a name may have two slips."""

_DIGITS = re.compile("[0-9]+")


class Terms:
    """Writes terms by one prefix table, and remembers which prefixes it used.

    ``labels`` names the blank nodes that need a name; the others are written nested.
    """

    def __init__(self, prefixes: Prefixes, labels: Mapping[BlankNode, str]) -> None:
        self.used: set[str] = set()
        self._prefixes = prefixes
        self._labels = labels
        self._written: dict[str, str] = {}

    def predicate(self, node: NamedNode) -> str:
        """The predicate ``node``; rdf:type is ``a``."""
        return "a" if node.value == _RDF_TYPE else self.iri(node.value)

    def iri(self, iri: str) -> str:
        """``prefix:local`` if a prefix fits, else ``<iri>``."""
        written = self._written.get(iri)
        if written is None:
            found = self._prefixes.split(iri)
            if found and not _unseen(iri):
                self.used.add(found[0])
                written = f"{found[0]}:{found[1]}"
            else:
                written = f"<{''.join(_escape(c) if _unseen(c) else c for c in iri)}>"
            self._written[iri] = written
        return written

    def term(self, term: Term) -> str:
        """Any term; a blank node by its label."""
        if isinstance(term, NamedNode):
            return "()" if term.value == _NIL else self.iri(term.value)
        if isinstance(term, Literal):
            return self.literal(term)
        if isinstance(term, BlankNode):
            return self._labels[term]
        return self.triple_term(term)

    def triple_term(self, triple: Triple) -> str:
        """A triple that is not said but spoken of; no list stands in it, so neither does ``()``."""
        subject, value = (self._spoken_of(term) for term in (triple.subject, triple.object))
        return f"<<( {subject} {self.predicate(triple.predicate)} {value} )>>"

    def _spoken_of(self, term: Term) -> str:
        if isinstance(term, NamedNode):
            return self.iri(term.value)
        # Oxigraph 0.5 reads no long quotes in triple terms, though the grammar has them.
        return self.literal(term, short_string) if isinstance(term, Literal) else self.term(term)

    def literal(self, literal: Literal, quote: Callable[[str], str] | None = None) -> str:
        """A literal: numbers short as they are spelt, text with line ends in long quotes."""
        value, datatype = literal.value, literal.datatype.value
        short = _SHORT.get(datatype)
        if short and short.fullmatch(value):
            return value
        quote = quote or (long_string if "\n" in value else short_string)
        written = quote(value)
        if literal.language:
            direction = f"--{literal.direction.value}" if literal.direction else ""
            return f"{written}@{literal.language}{direction}"
        return written if datatype == _STRING else f"{written}^^{self.iri(datatype)}"


def short_string(value: str) -> str:
    """``value`` on one line, in double quotes."""
    return f'"{_SPECIAL.sub(lambda m: _escape(m[0]), value)}"'


def long_string(value: str) -> str:
    """``value`` with its line ends as they are, in three double quotes."""
    escaped = _LONG_SPECIAL.sub(lambda m: "".join(map(_escape, m[0])), value)
    return f'"""{escaped}"""'


def _escape(sign: str) -> str:
    if sign in _ESCAPES:
        return _ESCAPES[sign]
    if not _unseen(sign):
        return sign
    code = ord(sign)
    return f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}"


def _unseen(text: str) -> bool:
    """Whether ``text`` holds a sign that a reader cannot see, or cannot tell from a space."""
    return any(
        (sign > "~" or sign < " ")
        and (unicodedata.category(sign) in _UNSEEN_CATEGORIES or bool(_UNSEEN.match(sign)))
        for sign in text
    )


def likest(name: str, known: Iterable[str]) -> list[str]:
    """The IRIs among ``known`` that may be ``name`` mistyped, the likest first.

    Local names are compared: their letters, for another number is another name. Of two that are
    the same, the whole IRI decides.
    """
    return [iri for _, iri in _ranked(name, known)]


def slips(asked: str, meant: str) -> int:
    """How many slips of the pen lead from ``meant`` to ``asked``.

    A letter is left out, put in, exchanged, or two are in each other's place (Damerau).
    """
    found = 0
    for kind, start, end, first, last in SequenceMatcher(None, asked, meant, False).get_opcodes():
        found += 0 if kind == "equal" else max(end - start, last - first)
    return found - (sorted(asked) == sorted(meant))


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The one IRI among ``known`` that is most like ``name``; None if two are, or none is."""
    ranked = _ranked(name, known)
    if not ranked or (len(ranked) > 1 and ranked[0][0] == ranked[1][0]):
        return None
    return ranked[0][1]


def link(subject: _Subject, predicate: str, value: str | Term) -> Triple:
    """``subject`` is related to another thing; what is named by its IRI is a node."""
    node = NamedNode(subject) if isinstance(subject, str) else subject
    other = NamedNode(value) if isinstance(value, str) else value
    return Triple(node, NamedNode(predicate), other)


def worded(subject: _Subject, predicate: str, words: str, language: str | None = None) -> Triple:
    """``subject`` is told in ``words`` of a language, or of none."""
    return link(subject, predicate, Literal(words, language=language))


def typed(subject: _Subject, predicate: str, value: str, datatype: str) -> Triple:
    """``subject`` has a value of a datatype."""
    return link(subject, predicate, Literal(value, datatype=NamedNode(datatype)))


def iri_of(term: object) -> str:
    """The IRI that ``term`` is; empty for anything else."""
    return term.value if isinstance(term, NamedNode) else ""


def count_of(term: object) -> int:
    """The whole number that ``term`` is, as counts and lines are; 0 for anything else."""
    return int(term.value) if isinstance(term, Literal) and term.value.isdecimal() else 0


def local_name(iri: str) -> str:
    """What stands after the last ``/`` or ``#`` of ``iri``."""
    return iri.rstrip("#/").replace("#", "/").rpartition("/")[2]


def _ranked(name: str, known: Iterable[str]) -> list[tuple[tuple[float, float], str]]:
    matcher = SequenceMatcher(b=local_name(name), autojunk=False)
    found = []
    for other in known:
        matcher.set_seq1(local_name(other))
        if matcher.real_quick_ratio() < LEAST or matcher.quick_ratio() < LEAST:
            continue
        alike = matcher.ratio()
        if alike >= LEAST and _is_slip(local_name(name).lower(), local_name(other).lower()):
            whole = SequenceMatcher(a=other, b=name, autojunk=False).ratio()
            found.append(((alike, whole), other))
    return sorted(found, key=lambda each: (-each[0][0], -each[0][1], each[1]))


def _is_slip(asked: str, meant: str) -> bool:
    same_number = _DIGITS.findall(asked) == _DIGITS.findall(meant)
    return same_number and slips(asked, meant) <= 1 + (len(asked) > _LONG)
