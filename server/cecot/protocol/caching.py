"""What may be kept of an answer, and how it is recognised again (RFC 9110, 8.8; RFC 9111).

Shared by the views and by the answer cache in front of them. It looks at what anybody may send,
where everybody waits for it: its time grows with the length of a text, no faster, and a long text
is looked through by nothing that is slow, for the interpreter stands still meanwhile.
"""

from __future__ import annotations

import hashlib
import re
from datetime import datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache

from cecot.engine import Dataset, Query

NO_STORE = "no-store"
PUBLIC = "public, max-age=60, must-revalidate"
"""Anyone may keep an answer for a minute, then must ask whether it still holds."""


LONGEST_READ = 64 * 1024
"""Code points of a text in which calls are told from names that sound like them."""

_CALLS = ("RAND", "NOW", "UUID", "BNODE")
_WORDS = (*_CALLS, "SERVICE")
_ESCAPE = re.compile(r"\\u00([0-9A-Fa-f]{2})|\\U000000([0-9A-Fa-f]{2})")
_VOLATILE = re.compile(
    rf"(?<![?$])(?:(?:{'|'.join(_CALLS)})[ \t\r\n]*+[(#]|SERVICE)", re.IGNORECASE
)


def is_volatile(text: str) -> bool:
    """Tell whether the answer to the same query on the same graph may differ the next time.

    So it may with RAND, NOW, UUID, STRUUID, BNODE and SERVICE, and where triples with blank nodes
    are made. In doubt it does: a string that holds such a call counts too, for to know it better
    is to parse; and in a long text whatever sounds like one.
    """
    plain = text
    if "\\" in text:
        plain = _ESCAPE.sub(lambda match: chr(int(match[1] or match[2], 16)), text)
    upper = plain.upper()
    if any(word in upper for word in _WORDS) and (
        len(plain) > LONGEST_READ or _VOLATILE.search(plain)
    ):
        return True
    return "CONSTRUCT" in upper and ("_:" in plain or "[" in plain)


def entity_tag(version: str, *parts: str | None, gzip: bool = False) -> str:
    """A strong entity tag, without quotes, of what ``parts`` name in this version of the graph.

    Parts are what the bytes depend on: what was asked, and the media type.
    """
    return _tag(b"".join(map(_netstring, (version, *parts))), gzip=gzip)


def _netstring(part: str | None) -> bytes:
    data = b"-" if part is None else b"+" + part.encode("utf-8", "surrogatepass")
    return b"%d:%b" % (len(data), data)


def _tag(said: bytes, *, gzip: bool) -> str:
    return hashlib.sha256(said).hexdigest()[:32] + ("-gzip" if gzip else "")


def query_tag(version: str, query: Query, *, gzip: bool = False) -> str | None:
    """The entity tag of the answer to ``query``; None if it may differ the next time (no-store).

    It holds for each form of answer, so it is known before the query is evaluated.
    """
    if is_volatile(query.text):
        return None
    around = _around(version, query.dataset, query.select, query.ask, query.graph)
    return _tag(around + _netstring(query.text), gzip=gzip)


@lru_cache(maxsize=16)
def _around(version: str, dataset: Dataset, *media_types: str | None) -> bytes:
    """What the tags of many queries have in common."""
    graphs = (*dataset.default_graphs, None, *dataset.named_graphs, None)
    return b"".join(map(_netstring, (version, *graphs, *media_types)))


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
    if if_modified_since is None or modified is None:
        return False
    try:
        return parsedate_to_datetime(if_modified_since) >= modified
    except (TypeError, ValueError):  # no date, or one without a zone
        return False
