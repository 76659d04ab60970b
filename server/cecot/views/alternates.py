"""The documents that tell the same as a page, in other formats (RFC 8288, rel="alternate")."""

from __future__ import annotations

from cecot.render.documents import SUFFIXES
from cecot.views.context import Context


def alternates(context: Context, address: str) -> dict[str, tuple[str, str]]:
    """The documents at ``address`` that are data: address and media type by ending."""
    return {
        suffix: (context.addresses.document(address, suffix), media_type)
        for suffix, media_type in SUFFIXES.items()
        if suffix != "html"
    }
