"""What one request may use, told to those who ask: the budgets, and how to stay within them."""

from __future__ import annotations

from cecot.settings import MIB, Settings


def limits(settings: Settings) -> dict[str, dict[str, object]]:
    """Each limit with its value, its unit, the status that passing it has, and the way around."""
    return {
        "deadline": _limit(
            settings.deadline, "seconds", 504, "Add LIMIT, or make the pattern more specific."
        ),
        "memory": _limit(settings.memory, "bytes", 422, "Sort, group and join less: filter first."),
        "result": _limit(settings.result, "bytes", 422, "Add LIMIT and OFFSET, or fetch a graph."),
        "queries": _limit(
            settings.queries, "queries at the same time", 503, "Come back after Retry-After."
        ),
        "waiting": _limit(
            settings.waiting, "queries that wait", 503, "Come back after Retry-After."
        ),
        "patience": _limit(
            settings.patience, "seconds of waiting", 503, "Come back after Retry-After."
        ),
        "per_client": _limit(
            settings.per_client,
            "queries of one address under way",
            503,
            "Come back after Retry-After.",
        ),
        "address": _limit(
            settings.address_limit, "bytes of parameters", 414, "Send the query by POST."
        ),
        "body": _limit(
            settings.body_limit, "bytes, packed and unpacked", 413, "Send a shorter query."
        ),
    }


def budgets(settings: Settings) -> dict[str, str]:
    """What one query may use, in one sentence by language."""
    seconds = f"{settings.deadline:g}"
    memory, result = f"{settings.memory / MIB:g}", f"{settings.result / MIB:g}"
    return {
        "en": f"A query may take {seconds} seconds and {memory} MiB of memory; "
        f"its answer may have {result} MiB.",
        "es": f"Una consulta puede durar {seconds} segundos y usar {memory} MiB de memoria; "
        f"su respuesta puede tener {result} MiB.",
    }


def _limit(value: float, unit: str, status: int, hint: str) -> dict[str, object]:
    return {"value": value, "unit": unit, "status": status, "hint": hint}
