"""The queries that shapes hold, as texts: read before anything is asked (SHACL 1.0, 5 and 6).

A query that is no SPARQL is told even if nothing in the data would have it run.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache, lru_cache
from itertools import pairwise, takewhile

import pyoxigraph as ox
from rdflib.namespace import OWL, SH
from rdflib.term import BNode, Literal, Node, URIRef

from cecot.errors import CecotError
from cecot.sparql.diagnostics import explain
from cecot.sparql.lexer import AGGREGATES, FORMS, Token, decode, find_service, tokens
from cecot.validation.shapes import IllFormed, Shapes, written
from cecot.validation.terms import shortened

_HOLDING = (SH.select, SH.ask, SH.construct)
"""What gives a query to a constraint, a target, a validator, a rule or a function."""

_LEADING = (SH.validator, SH.nodeValidator, SH.propertyValidator, SH.rule)
_FORBIDDEN = frozenset(("MINUS", "VALUES", "SERVICE"))
_COUNTING = AGGREGATES | {"GROUP", "HAVING", "LIMIT", "OFFSET"}
_PLACE = re.compile(r"\{[?$](\w+)\}")


def faults(shapes: Shapes) -> Iterator[IllFormed]:
    """The queries that cannot be read."""
    for parameter in _HOLDING:
        for holder, query in shapes.graph.subject_objects(parameter):
            if isinstance(query, Literal) and not shapes.says(holder, SH.deactivated):
                yield from _fault(shapes, holder, parameter, query)


def _fault(shapes: Shapes, holder: Node, parameter: Node, query: Literal) -> Iterator[IllFormed]:
    ours = [s for how in (SH.sparql, SH.target) for s in shapes.graph.subjects(how, holder)]
    owners = ours or [s for how in _LEADING for s in shapes.graph.subjects(how, holder)]
    above = declared_prefixes(shapes, holder)
    if not ours:  # pySHACL runs it, which knows the prefixes of the files
        above = heading(shapes.prefixes) + above
    name = shapes.name(owners[0] if owners else holder)
    if find_service(decode(str(query)).text) is not None:  # which reading an ASK would call
        yield IllFormed(
            f"The query of {name}: SERVICE is not allowed in it (SHACL 5.3.1).",
            "Nothing is fetched: give the data with --data or --ontology.",
            shape=holder,
            parameter=parameter,
            value=query,
        )
        return
    told = explained(above + with_path(str(query), _path(shapes, owners)), shapes)
    if told is not None:
        cure = told.hint
        if told.hint.startswith("Put this line first"):
            cure += "\nor declare the prefix with sh:declare, and name its owner with sh:prefixes."
        yield IllFormed(
            f"The query of {name} does not parse: {told.message}",
            cure,
            shape=holder,
            parameter=parameter,
            value=query,
            below=max((told.line or 1) - above.count("\n") - 1, 0),
        )


def heading(prefixes: Mapping[str, str]) -> str:
    """The PREFIX lines of ``prefixes``."""
    return "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in prefixes.items())


def _path(shapes: Shapes, owners: list[Node]) -> str:
    """What may stand in the place of $PATH."""
    for owner in owners:
        if shapes.value(owner, SH.path) is None:
            continue
        try:
            path = shapes.path(owner)
        except IllFormed:  # which is told beside this
            continue
        if path is not None:
            return written(path)
    return "<urn:x-cecot:path>"


def explained(text: str, shapes: Shapes) -> CecotError | None:
    """What is wrong with a query, in the words of the query editor; None if it parses."""
    try:
        parse(text)
    except SyntaxError as error:
        return explain(decode(text), str(error), shapes.prefixes)
    return None


@cache
def parse(text: str) -> None:
    """Raise SyntaxError if Oxigraph cannot read ``text``."""
    ox.Store().query(text)


@lru_cache(maxsize=256)
def _tokens(query: str) -> tuple[Token, ...]:
    """The tokens of ``query``: five questions are asked about them."""
    return tuple(tokens(query))


def forbidden(query: str) -> str:
    """What SHACL 5.3.1 does not allow in ``query``, in words; empty if nothing."""
    found = _tokens(query)
    words = [each.text.upper() if each.kind == "word" else each.text for each in found]
    for word in sorted(_FORBIDDEN.intersection(words)):
        return f"{word} is not allowed in it (SHACL 5.3.1)"
    for place, (before, after) in enumerate(pairwise(words)):
        if before == "AS" and after in ("?this", "$this"):
            return "it assigns $this (SHACL 5.3.1)"
        if before == "{" and after == "SELECT":
            selected = set(takewhile(lambda each: each not in ("WHERE", "{"), words[place:][2:]))
            if selected.isdisjoint(("?this", "$this")):
                return "a subquery of it does not select $this (SHACL 5.3.1)"
    return ""


def not_selecting(query: str) -> str:
    """What hinders ``query`` from selecting ``$this`` (SHACL 5.2.1), in words; empty if nothing."""
    head = list(takewhile(lambda each: each.text != "{", _tokens(query)))
    words = {each.text.upper() for each in head if each.kind == "word"}
    if not words.isdisjoint(FORMS - {"SELECT"}):
        return "it is not a SELECT query (SHACL 5.2.1)"
    texts = {each.text for each in head}
    everything = "*" in texts and "(" not in texts
    if "SELECT" in words and not everything and texts.isdisjoint(("?this", "$this")):
        return "it does not select $this (SHACL 5.2.1)"
    return ""


def counts(query: str) -> bool:
    """Whether ``query`` looks at several rows together, and so at one focus node at a time."""
    return any(each.kind == "word" and each.text.upper() in _COUNTING for each in _tokens(query))


def mentions(query: str, variable: str) -> bool:
    """Whether ``query`` has the variable."""
    return any(each.kind == "variable" and each.text[1:] == variable for each in _tokens(query))


def groups(query: str) -> list[str]:
    """``query`` in pieces, cut where a group graph pattern has opened.

    What binds a variable at all these places binds it in every scope, as if its term stood there:
    FILTER, BIND, UNION, EXISTS and subqueries see it. A brace that opens a subquery opens none.
    """
    pieces, done = [], 0
    for brace, after in pairwise(_tokens(query)):
        if brace.text == "{" and after.text.upper() != "SELECT":
            pieces.append(query[done : brace.start + 1])
            done = brace.start + 1
    return [*pieces, query[done:]]


def with_path(query: str, path: str) -> str:
    """``query`` with ``path`` in the place of $PATH (SHACL 5.2.2)."""
    return re.sub(r"[$?]PATH\b", lambda _: path, query)


def filled(message: Literal, term: Callable[[str], Node | None]) -> Literal:
    """``message`` with the terms in the place of ``{?name}`` and ``{$name}`` (SHACL 5.3.2)."""

    def put(match: re.Match[str]) -> str:
        value = term(match[1])
        if value is None:
            return match[0]
        if isinstance(value, BNode):
            return "a blank node"  # its name is another each time
        return shortened(value.n3() if isinstance(value, URIRef) else str(value))

    return Literal(_PLACE.sub(put, str(message)), lang=message.language)


def declared_prefixes(shapes: Shapes, holder: Node) -> str:
    """The PREFIX lines of a query, by the sh:prefixes of its holder (SHACL 5.2.1)."""
    owners = shapes.values(holder, SH.prefixes)
    for owner in owners:
        owners += [each for each in shapes.values(owner, OWL.imports) if each not in owners]
    return "".join(
        f"PREFIX {shapes.value(each, SH.prefix)}: <{shapes.value(each, SH.namespace)}>\n"
        for owner in owners
        for each in shapes.values(owner, SH.declare)
    )
