"""Whether everything that a tool tells names its status, its speaker and its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

STATUSES = {"Asserted", "Hedged", "Attributed", "Alleged", "Planned", "Evaluative"}
LINES = {"en": "line", "es": "línea"}
CLAIM = re.compile(r"^ *(?:Claim|Afirmación): (\S+)$", re.MULTILINE)
HEAD = re.compile(r"^ *- \[", re.MULTILINE)


def statements_in(told: Any) -> Iterator[dict[str, Any]]:
    """Every statement in what a tool tells, however deep."""
    if isinstance(told, dict):
        if "says" in told or "is_fact" in told:
            yield told
        for each in told.values():
            yield from statements_in(each)
    elif isinstance(told, list):
        for each in told:
            yield from statements_in(each)


def check(told: Any, text: str, language: str = "en") -> int:
    """Check what a tool tells, in its record and in its text; return how many statements it has."""
    statements = list(statements_in(told))
    for each in statements:
        assert each["status"] in STATUSES
        is_open = each["status"] == "Asserted" and bool(each.get("readings"))
        assert each["is_fact"] is (each["status"] == "Asserted" and not is_open)
        assert each["status_label"]
        assert each["says"]
        assert each["speakers"]
        assert all(speaker["label"] and speaker["iri"] for speaker in each["speakers"])
        assert each["places"]
        assert all(place["line"] >= 1 and place["source"]["label"] for place in each["places"])
    assert CLAIM.findall(text) == [each["iri"] for each in statements]
    heads = [match.start() for match in HEAD.finditer(text)]
    assert len(heads) == len(statements)
    for start, each in zip(heads, statements, strict=True):
        head = text[start:].partition("\n")[0]
        assert f"[{each['status_label']}, " in head
        assert ("NOT a fact" in head or "NO es un hecho" in head) is not each["is_fact"]
        assert all(speaker["label"] in head for speaker in each["speakers"])
        assert all(f"{LINES[language]} {place['line']}" in head for place in each["places"])
    return len(statements)
