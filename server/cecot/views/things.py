"""Things, the ontology and the rules as pages; each names its other documents in its head."""

from __future__ import annotations

from flask import Response

from cecot.documents import SUFFIXES
from cecot.nodes import Reader
from cecot.things import Thing
from cecot.views.context import Context
from cecot.views.pages import page


def thing_page(context: Context, thing: Thing, address: str) -> Response:
    """The page of ``thing``, whose documents are below ``address``."""
    return page(context, "thing.html", thing=thing, alternates=alternates(context, address))


def vocabulary_page(context: Context, reader: Reader, address: str) -> Response:
    """The page of the ontology or the rules: each of its terms by its label and its comments."""
    terms = [reader.node(each) for each in sorted(reader.gathered.graph, key=str)]
    given = alternates(context, address)
    return page(context, "vocabulary.html", terms=terms, reader=reader, alternates=given)


def alternates(context: Context, address: str) -> dict[str, tuple[str, str]]:
    """The documents at ``address`` that are data: address and media type by ending."""
    return {
        suffix: (context.addresses.document(address, suffix), media_type)
        for suffix, media_type in SUFFIXES.items()
        if suffix != "html"
    }
