"""The one table of prefixes (SHACL 5.2.1), and Turtle that uses them without declaring them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from cecot.errors import TurtleError
from cecot.rdf.reading import Parsed, decoded, parse_text, read_file
from cecot.rooms import Rooms
from cecot.vocabulary import SH

# The local names that Turtle allows without an escape (grammar rule PN_LOCAL).
_FIRST = (
    "A-Za-z_:0-9\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d"
    "\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_FURTHER = _FIRST + "\u00b7\u0300-\u036f\u203f\u2040-"
_HEX = "%[0-9A-Fa-f]{2}"
_LOCAL = re.compile(
    f"(?:(?:[{_FIRST}]|{_HEX})(?:(?:[.{_FURTHER}]|{_HEX})*(?:[{_FURTHER}]|{_HEX}))?)?"
)
_UNDECLARED = "has not been declared"


class Prefixes(Mapping[str, str]):
    """Prefixes and their namespaces, sorted by prefix; compacts IRIs."""

    def __init__(self, table: Mapping[str, str]) -> None:
        self._table = dict(sorted(table.items()))
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
        return f"{found[0]}:{found[1]}" if found else f"<{iri}>"


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
            if triple.predicate.value == str(predicate):
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
