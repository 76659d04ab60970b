"""What is told of errors outside the application, where the words of refusals are remembered."""

from __future__ import annotations

import json

from cecot.errors import Overloaded
from cecot.locale.catalogue import locale_of
from cecot.messages import say
from cecot.protocol.problem import PROBLEM, TEXT, told
from cecot.service.scheduler import overloaded

TYPES = "https://example.org/problems"


def body_of(error: Overloaded, accept: str, language: str) -> bytes:
    """The bytes that are told of ``error``."""
    body = told(error, accept, locale_of(language), TYPES).body
    assert isinstance(body, bytes)
    return body


def waiting(count: int) -> Overloaded:
    """The refusal of a query behind which ``count`` wait."""
    return overloaded(say("{count} queries wait already.", count=count))


def test_a_remembered_refusal_keeps_its_figure_its_language_and_its_form() -> None:
    for _ in range(2):
        for count in (7, 8):
            for language, words in (("en", "queries wait already"), ("es", "Ya esperan")):
                problem = json.loads(body_of(waiting(count), PROBLEM, language))
                assert problem["status"] == 503
                assert words in problem["detail"]
                assert str(count) in problem["detail"]
                text = body_of(waiting(count), TEXT, language).decode()
                assert text.splitlines()[1] == problem["detail"]


def test_a_remembered_refusal_says_anew_when_to_come_back() -> None:
    first, later = waiting(3), waiting(3)
    later.retry_after = 30
    said = [told(each, PROBLEM, locale_of("en"), TYPES) for each in (first, later)]
    assert said[0].body == said[1].body
    assert [dict(each.headers)["retry-after"] for each in said] == ["2", "30"]
