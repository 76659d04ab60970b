"""Responses kept ready in front of the application (RFC 9111: a cache that is shared and private).

A response is kept if its headers allow it: status 200, a strong entity tag, ``public``, and a Vary
that names no other header than those of the key. The cache lives with the process, and the process
with one version of the graph, so nothing in it can be old. It is used in the event loop alone.
"""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime
from typing import NamedTuple

from cecot.protocol.answers import NO_STORE, Headers, instant_of, is_known

Key = tuple[str | None, ...]

KEY_HEADERS = ("accept", "accept-encoding", "accept-language")
"""The request headers, beside the address, on which a kept response may depend."""

_OF_A_304 = {
    "cache-control",
    "content-location",
    "etag",
    "expires",
    "last-modified",
    "vary",
}
_OF_A_GET = ("etag", "last-modified", "cache-control")
_OF_ONE_REQUEST = ("date", "server-timing", "x-query-id")
_OVERHEAD = 1024
_LARGEST_SHARE = 8


class Kept(NamedTuple):
    """A response: its headers, its body, and what conditions compare."""

    headers: Headers
    body: bytes
    tag: str
    modified: datetime | None

    @property
    def size(self) -> int:
        """Bytes that it holds, about."""
        return len(self.body) + _OVERHEAD

    @property
    def not_modified(self) -> Headers:
        """Give the headers of a 304."""
        return [
            each
            for each in self.headers
            if each[0] in _OF_A_304 or each[0].startswith("access-control-")
        ]

    def matches(self, if_none_match: str | None, if_modified_since: str | None) -> bool:
        """Tell whether the client has it already (RFC 9110, 13.1 and 13.2)."""
        return is_known(self.tag, self.modified, if_none_match, if_modified_since)

    def for_post(self) -> Headers:
        """Give the headers for a POST, whose answer nobody else may keep."""
        plain = [each for each in self.headers if each[0] not in _OF_A_GET]
        return [*plain, ("cache-control", NO_STORE)]


class AnswerCache:
    """Keeps responses up to ``limit`` bytes; the one used longest ago makes room."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._kept: OrderedDict[Key, tuple[Kept, int]] = OrderedDict()
        self.size = 0
        self.hits = 0
        self.misses = 0

    def get(self, key: Key) -> Kept | None:
        """Give the response that is kept under ``key``."""
        kept = self.find(key)
        if kept is None:
            self.misses += 1
        return kept

    def find(self, key: Key) -> Kept | None:
        """Give the response that is kept under ``key``; to look for it in vain is no miss."""
        entry = self._kept.get(key)
        if entry is None:
            return None
        self.hits += 1
        self._kept.move_to_end(key)
        return entry[0]

    def put(self, key: Key, status: int, headers: Headers, body: bytes) -> None:
        """Keep a response under ``key`` and under its tag, if it allows that."""
        kept = _keepable(status, headers, body)
        if kept is not None:
            self.keep(key, kept)

    def keep(self, key: Key, kept: Kept) -> None:
        """Keep what may be kept, if it is not too large a share of the whole."""
        # A client chooses its headers, so they count.
        size = kept.size + sum(map(len, filter(None, key)))
        if size * _LARGEST_SHARE > self._limit:
            return
        before = self._kept.pop(key, None)
        self.size += size - (before[1] if before else 0)
        self._kept[key] = kept, size
        while self.size > self._limit:
            _, (_, least) = self._kept.popitem(last=False)
            self.size -= least

    def __len__(self) -> int:
        """How many responses are kept."""
        return len(self._kept)


def by_tag(tag: str) -> Key:
    """Give the key of whatever has this entity tag, without its quotes."""
    return (tag,)


def keepable(headers: Headers, body: bytes, tag: str, modified: datetime | None) -> Kept:
    """Make what is kept of a response that allows it; the names of headers are in lower case."""
    plain = [each for each in headers if each[0] not in _OF_ONE_REQUEST]
    return Kept(
        [*plain, ("server-timing", "cache;desc=hit")],
        body,
        tag,
        modified,
    )


def _keepable(status: int, headers: Headers, body: bytes) -> Kept | None:
    said = dict(headers)
    tag, control = said.get("etag", ""), said.get("cache-control", "")
    if status != 200 or not tag.startswith('"') or "set-cookie" in said:
        return None
    directives = {each.strip().lower() for each in control.split(",")}
    if "public" not in directives or directives & {"no-store", "private", "no-cache"}:
        return None
    varies = {each.strip().lower() for each in said.get("vary", "").split(",") if each.strip()}
    if not varies <= set(KEY_HEADERS):
        return None
    return keepable(headers, body, tag.strip('"'), instant_of(said.get("last-modified")))
