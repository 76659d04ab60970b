"""Things by the short names that people write in an address: ``cecot``, ``cecot:jobTitle``."""

from __future__ import annotations

from pyoxigraph import Literal, NamedNode

from cecot.claims.claim import STATUSES
from cecot.dataset.content import Names
from cecot.engine import Engine
from cecot.errors import BadRequest
from cecot.messages import say
from cecot.sparql.asking import select
from cecot.vocabulary import CECOT, RDFS

_LABELLED = (
    f"SELECT ?thing {{ ?thing <{RDFS.label}> ?label FILTER(LCASE(STR(?label)) = $words) }} "
    "ORDER BY ?thing LIMIT 1"
)
_PARTLY_LABELLED = (
    f"SELECT ?thing {{ ?thing <{RDFS.label}> ?label "
    "FILTER(CONTAINS(LCASE(STR(?label)), $words)) } ORDER BY STRLEN(?label) ?thing LIMIT 1"
)


def named(names: Names, text: str, where: str) -> NamedNode:
    """The thing that ``text`` names: an IRI, a prefixed name, or the end of an IRI of ours.

    Raises BadRequest, which names the parameter ``where``, for what can be no IRI.
    """
    prefix, colon, local = text.partition(":")
    if colon and prefix in names.prefixes and not local.startswith("//"):
        iri = names.prefixes[prefix] + local
    else:
        iri = text if colon else names.namespace + text
    try:
        return NamedNode(iri)
    except ValueError:
        raise BadRequest(
            say("{text!r} names nothing.", text=text[:200]),
            hint=say(
                "Write an IRI, a name with a prefix, or the last part of an IRI of this graph."
            ),
            where=where,
        ) from None


def named_status(names: Names, text: str, where: str) -> NamedNode:
    """The status that ``text`` names: ``alleged``, or what ``named`` reads."""
    name = text.capitalize()
    return NamedNode(str(CECOT[name])) if name in STATUSES else named(names, text, where)


def labelled(engine: Engine, text: str) -> NamedNode | None:
    """The first thing that is called ``text``, in whatever language; None if nothing is.

    Raises what the engine raises.
    """
    return _first(engine, _LABELLED, text)


def likely(engine: Engine, text: str) -> NamedNode | None:
    """The thing that ``text`` is the label of, else that with the shortest label that holds it.

    Raises what the engine raises.
    """
    # No label that holds the text is shorter than the text itself: the whole label comes first.
    return _first(engine, _PARTLY_LABELLED, text)


def short_name(names: Names, iri: str) -> str:
    """The shortest text that ``named`` reads as ``iri``; of a status its local name."""
    status = iri.removeprefix(str(CECOT))
    if status in STATUSES:
        return status.lower()
    slug = iri.removeprefix(names.namespace)
    if slug and slug != iri and ":" not in slug:
        return slug
    found = names.prefixes.split(iri)
    return f"{found[0]}:{found[1]}" if found else iri


def _first(engine: Engine, query: str, text: str) -> NamedNode | None:
    rows = select(engine, query, words=Literal(text.casefold()))
    return next((node for row in rows if isinstance(node := row["thing"], NamedNode)), None)
