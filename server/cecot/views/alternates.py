"""The documents that tell the same as a page, in other formats (RFC 8288, rel="alternate")."""

from __future__ import annotations

from cecot.render.documents import SUFFIXES
from cecot.views.context import Context

NAMES = {
    "ttl": "Turtle",
    "nt": "N-Triples",
    "rdf": "RDF/XML",
    "jsonld": "JSON-LD",
    "json": "JSON",
}
"""What formats are called, in every language."""


def alternates(context: Context, address: str) -> tuple[tuple[str, str, str], ...]:
    """The documents at ``address`` that are data: the name of the format, address, media type."""
    return tuple(
        (NAMES[suffix], context.addresses.document(address, suffix), media_type)
        for suffix, media_type in SUFFIXES.items()
        if suffix != "html"
    )
