"""Which pages a running service has: from its sitemap and the links of the pages themselves.

Pages that differ only in what they are about are of one shape; a few of each shape stand for all.
"""

from __future__ import annotations

import re
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter, deque
from collections.abc import Iterator, Sequence

EACH_SHAPE = 2
EACH_SECTION = 6

_LINKED_BY = (re.compile(r'<a\b[^>]*?\shref="([^"]+)"'), re.compile(r"<loc>([^<]+)</loc>"))
_UNUSUAL = ("/nowhere/at-all", "/sparql?qeury=SELECT")

Shape = tuple[str, int, str, tuple[str, ...]]


def find_pages(site: str, first: list[str]) -> list[str]:
    """Paths (with their queries) of HTML pages of ``site``, those of ``first`` before the others.

    Every page in the navigation is among them, two of each shape, and pages of two mistakes.
    """
    seen: set[str] = set()
    shapes: Counter[Shape] = Counter()
    sections: Counter[str] = Counter()
    found: list[str] = []
    waiting = deque([*first, "/", "/sitemap.xml", *_UNUSUAL])
    while waiting:
        path = waiting.popleft()
        shape = shape_of(path)
        if path in seen or (
            path not in first
            and (shapes[shape] >= EACH_SHAPE or sections[shape[0]] >= EACH_SECTION)
        ):
            continue
        seen.add(path)
        kind, body = _get(site, path)
        if kind == "text/html":
            shapes[shape] += 1
            sections[shape[0]] += 1
            found.append(path)
        if kind in ("text/html", "application/xml", "text/xml"):
            waiting.extend(links(site, path, body))
    return found


def shape_of(path: str) -> Shape:
    """What pages have in common that differ only in their subject: ``/id/*.html``."""
    parts = urllib.parse.urlsplit(path)
    segments = parts.path.strip("/").split("/")
    ending = parts.path.rpartition("/")[2].rpartition(".")
    names = sorted({name for name, _ in urllib.parse.parse_qsl(parts.query)} - {"lang"})
    return segments[0], len(segments), ending[2] if ending[1] else "", tuple(names)


def one_of_each_shape(paths: Sequence[str]) -> list[str]:
    """The first of ``paths`` of each shape."""
    return list({shape_of(path): path for path in reversed(paths)}.values())[::-1]


_DOWNLOAD = re.compile(r"<a\b[^>]*\bdownload\b[^>]*>")
"""A link to a file: a browser saves what it leads to, and shows no page."""


def links(site: str, path: str, body: str) -> Iterator[str]:
    """The places of the same site that ``body``, the page or sitemap at ``path``, leads to."""
    for pattern in _LINKED_BY:
        for written in pattern.findall(_DOWNLOAD.sub("", body)):
            address = urllib.parse.urljoin(site + path, written.replace("&amp;", "&"))
            parts = urllib.parse.urlsplit(address)
            if f"{parts.scheme}://{parts.netloc}" == site and "lang=" not in parts.query:
                yield parts.path + (f"?{parts.query}" if parts.query else "")


def _get(site: str, path: str) -> tuple[str, str]:
    """The media type and the text at ``path``, as a browser asks for it."""
    accept = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    request = urllib.request.Request(site + path, headers={"Accept": accept})
    try:
        with urllib.request.urlopen(request, timeout=30) as response:
            return response.headers.get_content_type(), response.read().decode(errors="replace")
    except urllib.error.HTTPError as error:
        with error:
            return error.headers.get_content_type(), ""
