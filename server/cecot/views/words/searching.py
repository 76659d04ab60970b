"""Words of searching."""

from __future__ import annotations

ENGLISH: dict[str, str] = {}
SPANISH: dict[str, str] = {}
