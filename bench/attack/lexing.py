"""Texts that cost whoever looks through them before Oxigraph does: tokens without end."""

from __future__ import annotations

from collections.abc import Iterator

SIZES = (4_000, 16_000, 64_000, 500_000)

_STARTS = ("", "NOW ", "SERVICE ", "PREFIX a:<b> SERVICE{", "SELECT (RAND() AS ?x) {")
_PIECES = (
    "é", "a.", "a", "a-", "a:", "a:b", "_:", "?", "<", "<a", "<a>", "'", "'''", '"', '"""', "\\",
    '\\"', "\\u0041", '\\"\\u0041', "\\U00000041", "\\u0041(SERVICEa:", '\\u0041a:?\\"', "#", "#\n",
    "\n", "@a-", "1.", "1e", ".", "%20", "%", "SERVICE", "SERVICE<", "SERVICE?g", "SERVICE#\n",
    "SERVICE a:", "GRAPH SERVICEa:", "PREFIX a:", "PREFIX", "RAND", "·", "{", "}", "(", " ", "\t\\",
    "aé<", "<é>a.",
)  # fmt: skip


def texts() -> Iterator[tuple[str, str]]:
    """Name and text of each; most are no queries."""
    for size in SIZES:
        for start in _STARTS:
            for piece in _PIECES:
                text = start + piece * (size // len(piece.encode()))
                yield f"{start.strip()} {piece!r} of {size}", text
