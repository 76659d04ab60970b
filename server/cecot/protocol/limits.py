"""What one request may use, told to those who ask: the budgets, and how to stay within them."""

from __future__ import annotations

from cecot.messages import Message, say
from cecot.remote.address import MOST_NESTING, MOST_WORDS
from cecot.settings import MIB, Settings


def limits(settings: Settings) -> dict[str, dict[str, object]]:
    """Each limit with its value, its unit, the status that passing it has, and the way around."""
    told = {
        "deadline": _limit(
            settings.deadline,
            say("seconds"),
            504,
            say("Add LIMIT, or make the pattern more specific."),
        ),
        "memory": _limit(
            settings.memory, say("bytes"), 422, say("Sort, group and join less: filter first.")
        ),
        "result": _limit(
            settings.result, say("bytes"), 422, say("Add LIMIT and OFFSET, or fetch a graph.")
        ),
        "queries": _limit(
            settings.queries,
            say("queries at the same time"),
            503,
            say("Come back after Retry-After."),
        ),
        "waiting": _limit(
            settings.waiting, say("queries that wait"), 503, say("Come back after Retry-After.")
        ),
        "patience": _limit(
            settings.patience, say("seconds of waiting"), 503, say("Come back after Retry-After.")
        ),
        "per_client": _limit(
            settings.per_client,
            say("queries of one address under way"),
            503,
            say("Come back after Retry-After."),
        ),
        "address": _limit(
            settings.address_limit, say("bytes of parameters"), 414, say("Send the query by POST.")
        ),
        "body": _limit(
            settings.body_limit,
            say("bytes, packed and unpacked"),
            413,
            say("Send a shorter query."),
        ),
    }
    if settings.engine:
        del told["memory"]  # it is the other engine's memory, of which nobody tells us
        shorter = say("Send a shorter query.")
        told["words"] = _limit(MOST_WORDS, say("words and signs"), 422, shorter)
        told["nesting"] = _limit(MOST_NESTING, say("brackets within each other"), 422, shorter)
    return told


def budgets(settings: Settings) -> Message:
    """What one query may use, in one sentence or two."""
    if settings.engine:
        return say(
            "A query may take {seconds:g} seconds; its answer may have {result:g} MiB. Another "
            "engine evaluates it, whose memory is not limited here.",
            seconds=settings.deadline,
            result=settings.result / MIB,
        )
    return say(
        "A query may take {seconds:g} seconds and {memory:g} MiB of memory; its answer may have "
        "{result:g} MiB.",
        seconds=settings.deadline,
        memory=settings.memory / MIB,
        result=settings.result / MIB,
    )


def _limit(value: float, unit: Message, status: int, hint: Message) -> dict[str, object]:
    return {"value": value, "unit": unit, "status": status, "hint": hint}
