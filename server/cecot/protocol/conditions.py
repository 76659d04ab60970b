"""Conditional requests (RFC 9110, 13): what a client has already, and what it wants only then."""

from __future__ import annotations

from datetime import datetime
from email.utils import parsedate_to_datetime

from cecot.errors import PreconditionFailed
from cecot.messages import say


def has_tag(if_none_match: str, tag: str) -> bool:
    """Whether the If-None-Match header names the entity tag (RFC 9110, 13.1.2)."""
    return any(
        each.strip().removeprefix("W/").strip('"') == tag for each in if_none_match.split(",")
    )


def is_known(
    tag: str | None,
    modified: datetime | None,
    if_none_match: str | None,
    if_modified_since: str | None,
) -> bool:
    """Whether the client has an answer already (RFC 9110, 13.2); ``tag`` is without its quotes."""
    if if_none_match is not None:
        return if_none_match.strip() == "*" or (tag is not None and has_tag(if_none_match, tag))
    since = instant_of(if_modified_since)
    return since is not None and modified is not None and since >= modified


def instant_of(date: str | None) -> datetime | None:
    """The instant of an HTTP-date; None if it is none, and then it counts for nothing (13.1.3)."""
    if not date:  # as with nearly each query
        return None
    try:
        instant = parsedate_to_datetime(date)
    except (TypeError, ValueError, OverflowError):
        return None
    return instant if instant.tzinfo else None


def require_version(
    tag: str | None,
    modified: datetime | None,
    wanted: str | None,
    if_unmodified_since: str | None,
) -> None:
    """Raise PreconditionFailed if the client wants another version only; ``wanted``: If-Match."""
    until = instant_of(if_unmodified_since)
    if wanted is not None:
        is_wanted = wanted.strip() == "*" or any(
            each.strip() == f'"{tag}"' for each in wanted.split(",") if tag
        )
    else:
        is_wanted = until is None or modified is None or until >= modified
    if not is_wanted:
        raise PreconditionFailed(
            say("The answer is of another version of the graph."),
            hint=say("Send the request without If-Match and If-Unmodified-Since."),
            where="If-Match" if wanted is not None else "If-Unmodified-Since",
        )
