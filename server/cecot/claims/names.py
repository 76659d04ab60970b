"""Things by the short names that people write in an address: ``cecot``, ``cecot:jobTitle``."""

from __future__ import annotations

from pyoxigraph import Literal, NamedNode

from cecot.claims.queries import query
from cecot.dataset.content import Names
from cecot.engine import Engine
from cecot.errors import BadRequest
from cecot.messages import say
from cecot.sparql.asking import select
from cecot.vocabulary import CECOT, STATUSES


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
    if text.isascii() and text.isalpha():
        return NamedNode(str(CECOT[text.capitalize()]))
    return named(names, text, where)


def labelled(engine: Engine, text: str) -> NamedNode | None:
    """The first thing that is called ``text``, in whatever language; None if nothing is.

    Raises what the engine raises.
    """
    return _first(engine, "labelled", text)


def likely(engine: Engine, text: str) -> NamedNode | None:
    """The thing that ``text`` is the label of, else that with the shortest label that holds it.

    Raises what the engine raises.
    """
    # No label that holds the text is shorter than the text itself: the whole label comes first.
    return _first(engine, "partly-labelled", text)


def short_name(names: Names, iri: str) -> str:
    """The shortest text that ``named`` reads as ``iri`` (a status: ``named_status``)."""
    status = iri.removeprefix(str(CECOT))
    if status in STATUSES:
        return status.lower()
    slug = iri.removeprefix(names.namespace)
    if slug and slug != iri and ":" not in slug:
        return slug
    found = names.prefixes.split(iri)
    return f"{found[0]}:{found[1]}" if found else iri


def _first(engine: Engine, name: str, text: str) -> NamedNode | None:
    rows = select(engine, query(name), words=Literal(text.casefold()))
    return next((node for row in rows if isinstance(node := row["thing"], NamedNode)), None)
