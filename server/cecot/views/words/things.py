"""Words of the page of a thing."""

from __future__ import annotations

ENGLISH = {
    "facts": "Facts",
    "links": "Links",
    "more": "There is more than fits on this page; the downloads hold everything.",
}
SPANISH = {
    "facts": "Hechos",
    "links": "Enlaces",
    "more": "Hay más de lo que cabe en esta página; las descargas lo contienen todo.",
}
