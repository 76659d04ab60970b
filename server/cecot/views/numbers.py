"""Whole numbers as readers of each language write them."""

from __future__ import annotations

from collections.abc import Callable

_NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"


def numbers_in(language: str) -> Callable[[int], str]:
    """Writes whole numbers as readers of ``language`` do: 12,000 or 12 000."""
    separator = _NO_BREAK_SPACE if language == "es" else ","

    def written(value: int) -> str:
        # Spanish does not part four digits (Ortografía de la lengua española, VIII, 3.3).
        if language == "es" and abs(value) < 10_000:
            return str(value)
        return f"{value:,}".replace(",", separator)

    return written
