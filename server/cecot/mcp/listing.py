"""The tool ``list_claims``: statements chosen by what they say, who says it and how sure."""

from __future__ import annotations

from cecot.claims.claim_filters import PATTERNS, Filters
from cecot.claims.names import named_status, short_name
from cecot.claims.table import Order, find_claims
from cecot.mcp import schemas
from cecot.mcp.library import Library
from cecot.mcp.parameters import Arguments
from cecot.mcp.statements import statement_of
from cecot.mcp.text import claims_text


def list_claims(library: Library, arguments: Arguments) -> tuple[schemas.Claims, str]:
    """The first ``limit`` claims that match all filters, or those that come after ``after``.

    Raises NotFound for a filter that names what the graph does not know, and what the engine
    raises.
    """
    given = {name: text for name in PATTERNS if (text := arguments.text(name))}
    values = {
        name: named_status(library.names, text, name)
        if name == "status"
        else library.find(text, name)
        for name, text in given.items()
    }
    act = values.pop("act", None)
    filters = Filters(**values, act=(act,) if act else ())
    after = arguments.text("after")
    found = find_claims(
        library.engine,
        filters,
        Order(),
        arguments.count("limit"),
        library.find(after, "after") if after else None,
    )
    following = short_name(library.names, found.claims[-1].iri) if found.more else ""
    claims = schemas.Claims(
        found.total,
        tuple(statement_of(each, arguments.language) for each in found.claims),
        following,
    )
    return claims, claims_text(claims, arguments.language)
