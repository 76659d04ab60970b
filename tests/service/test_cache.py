"""What allows it is kept, within a bound, and handed out under the same conditions as by HTTP."""

from __future__ import annotations

import pytest

from cecot.protocol.answers import Headers
from cecot.service.cache import AnswerCache, Key

KEY: Key = ("/sparql", "query=ASK", None, None, None)
TAGGED = [("etag", '"a"'), ("cache-control", "public, max-age=60"), ("vary", "Accept")]


def kept_after(headers: Headers, status: int = 200, body: bytes = b"x") -> bool:
    cache = AnswerCache(1 << 20)
    cache.put(KEY, status, headers, body)
    return cache.get(KEY) is not None


def test_a_public_answer_with_a_strong_tag_is_kept() -> None:
    assert kept_after(TAGGED)


@pytest.mark.parametrize(
    "header",
    [
        ("etag", 'W/"a"'),
        ("etag", ""),
        ("cache-control", "no-store"),
        ("cache-control", "private"),
        ("cache-control", "public, no-cache"),
        ("cache-control", "max-age=60"),
        ("vary", "Accept, Cookie"),
        ("vary", "*"),
        ("set-cookie", "a=b"),
    ],
)
def test_what_does_not_allow_it_is_not_kept(header: tuple[str, str]) -> None:
    others = [each for each in TAGGED if each[0] != header[0]]
    assert not kept_after([*others, header])


@pytest.mark.parametrize("status", [203, 206, 303, 404, 500])
def test_only_200_is_kept(status: int) -> None:
    assert not kept_after(TAGGED, status)


def test_the_answer_used_longest_ago_makes_room() -> None:
    cache = AnswerCache(100_000)
    keys: list[Key] = [("/sparql", str(n)) for n in range(24)]
    for number, key in enumerate(keys):
        tagged = [("etag", f'"{number}"'), *TAGGED[1:]]
        cache.put(key, 200, tagged, b"x" * 4_000)
        assert cache.get(keys[0])
    assert cache.size <= 100_000
    assert cache.get(keys[1]) is None
    assert cache.get(keys[23])
    assert 15 < len(cache) < 24


def test_a_body_that_takes_too_large_a_share_is_not_kept() -> None:
    assert not kept_after(TAGGED, body=b"x" * (1 << 18))
    assert kept_after(TAGGED, body=b"x" * (1 << 16))


def test_headers_that_a_client_chooses_count_too() -> None:
    cache = AnswerCache(1 << 20)
    for number in range(1000):
        cache.put(("/sparql", "x" * 50_000 + str(number)), 200, TAGGED, b"x")
    assert len(cache) < 25
    assert cache.size <= 1 << 20


def test_a_cache_of_no_size_keeps_nothing() -> None:
    cache = AnswerCache(0)
    cache.put(KEY, 200, TAGGED, b"x")
    assert cache.get(KEY) is None


def test_the_size_is_right_when_an_answer_is_replaced() -> None:
    cache = AnswerCache(1 << 20)
    for _ in range(5):
        cache.put(KEY, 200, TAGGED, b"x" * 1000)
    size = cache.size
    cache.put(KEY, 200, TAGGED, b"x" * 500)
    assert cache.size == size - 500


OF_ONE_REQUEST = [
    ("date", "Mon, 23 Nov 2026 00:00:00 GMT"), ("server-timing", "x"), ("x-query-id", "1"),
]  # fmt: skip


def test_headers_of_one_request_are_not_kept() -> None:
    cache = AnswerCache(1 << 20)
    cache.put(KEY, 200, [*TAGGED, *OF_ONE_REQUEST], b"x")
    kept = cache.get(KEY)
    assert kept
    assert not {"date", "x-query-id"} & dict(kept.headers).keys()
    assert dict(kept.headers)["server-timing"] == "cache;desc=hit"
    assert {name for name, _ in kept.not_modified} == {"etag", "cache-control", "vary"}


MODIFIED = "Mon, 23 Nov 2026 00:00:00 GMT"


@pytest.mark.parametrize(
    ("tags", "since", "matches"),
    [
        (None, None, False),
        ('"a"', None, True),
        ('"b", W/"a"', None, True),
        ("*", None, True),
        ('"b"', None, False),
        (None, MODIFIED, True),
        (None, "Tue, 24 Nov 2026 00:00:00 GMT", True),
        (None, "Sun, 22 Nov 2026 00:00:00 GMT", False),
        (None, "yesterday", False),
        ('"b"', MODIFIED, False),  # the tag alone decides (RFC 9110, 13.1.3)
    ],
)
def test_conditions_are_compared_as_http_says(
    tags: str | None, since: str | None, matches: bool
) -> None:
    cache = AnswerCache(1 << 20)
    cache.put(KEY, 200, [*TAGGED, ("last-modified", MODIFIED)], b"x")
    kept = cache.get(KEY)
    assert kept
    assert kept.matches(tags, since) is matches
