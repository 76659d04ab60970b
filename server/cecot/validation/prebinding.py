"""The queries of SPARQL-based constraints, with variables bound before they run (SHACL 5.3.1)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import lru_cache, partial
from itertools import pairwise, takewhile

import pyoxigraph as ox
from rdflib import BNode, Literal, URIRef
from rdflib.namespace import OWL, SH
from rdflib.term import Node

from cecot.sparql.lexer import AGGREGATES, FORMS, Token, tokens
from cecot.validation.constraints import Untranslated, as_value, sparql_term
from cecot.validation.focus import Asked, Breach, Sets
from cecot.validation.shapes import IllFormed, Shapes
from cecot.validation.terms import OxTerm, shortened, term

_FORBIDDEN = frozenset(("MINUS", "VALUES", "SERVICE"))
_COUNTING = AGGREGATES | {"GROUP", "HAVING", "LIMIT", "OFFSET"}
_BATCH = 5000
"""Focus nodes that one query is asked about."""

_NO_LENGTH = re.compile(r"[\w>)]\s*[*?](?![\w])")
"""The end of a path that may lead from a node to itself."""

_PLACE = re.compile(r"\{[?$](\w+)\}")


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


def breaches(
    shapes: Shapes, sets: Sets, asked: Asked, constraint: Node, graph: str
) -> Iterator[Breach]:
    """What breaks a SPARQL-based constraint; ``graph`` is the name of the shapes in the store."""
    if shapes.says(constraint, SH.deactivated):
        return
    query = str(shapes.value(constraint, SH.select) or "")
    fault = forbidden(query) if query else "it has no sh:select"
    if fault:
        words = f"The query of {shapes.name(asked.shape)}: {fault}."
        raise IllFormed(words, shape=asked.shape, parameter=SH.select)
    messages = shapes.values(constraint, SH.message) or shapes.values(asked.shape, SH.message)
    text = declared_prefixes(shapes, constraint) + with_path(query, asked.text)
    extra = ""
    for name, node in (("currentShape", asked.shape), ("shapesGraph", URIRef(graph))):
        if mentions(query, name):
            extra += f" BIND ({sparql_term(node)} AS ?{name})"
    for nodes, row in _bound(sets, asked, query, text, extra):
        if str(row.get("failure")) == "true":
            words = f"The query of {shapes.name(asked.shape)} reports a failure."
            raise IllFormed(words, shape=asked.shape, parameter=SH.select)
        value = row.get("value")
        path = row.get("path")
        own = row.get("message")
        told = [term(own)] if own is not None else messages
        said = [filled(m, partial(_bound_term, row)) for m in told if isinstance(m, Literal)]
        for focus in nodes:
            yield (
                focus,
                asked.found(
                    SH.SPARQLConstraintComponent,
                    focus,
                    focus if value is None and asked.path is None else value,
                    URIRef(path.value) if isinstance(path, ox.NamedNode) else asked.path,
                    said,
                    source=constraint,
                ),
            )


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


def _bound(
    sets: Sets, asked: Asked, query: str, text: str, extra: str
) -> Iterator[tuple[list[OxTerm], dict[str, OxTerm]]]:
    """The rows of the query for all focus nodes, each with those that it is about."""
    spelt: defaultdict[OxTerm, list[OxTerm]] = defaultdict(list)
    for found in sets.distinct("?f", asked.scope):
        spelt[as_value(found["f"])].append(found["f"])
    nodes = list(spelt)
    apart = "FILTER NOT EXISTS { ?f ?p ?o } FILTER NOT EXISTS { ?s ?q ?f }"
    if _NO_LENGTH.search(text) and any(sets.distinct("?f", f"{asked.scope} {apart}")):
        # Oxigraph goes no way of no length from a node that is not in the graph.
        raise Untranslated(f"a path in the query of {asked.shape}")
    blank = [node for node in nodes if isinstance(node, ox.BlankNode)]
    named = [str(node) for node in nodes if not isinstance(node, ox.BlankNode)]
    size = 1 if counts(query) else _BATCH
    batches = (" ".join(named[start : start + size]) for start in range(0, len(named), size))
    bindings = [f" VALUES ?this {{ {batch} }}" for batch in batches]
    bindings += [f" BIND ({sparql_term(BNode(node.value))} AS ?this)" for node in blank]
    pieces = groups(text)
    for binding in bindings:
        for row in sets.rows((binding + extra).join(pieces), query):
            yield spelt[row["this"]] if "this" in row else [], row


def _bound_term(row: dict[str, OxTerm], name: str) -> Node | None:
    value = row.get(name)
    return None if value is None else term(value)
