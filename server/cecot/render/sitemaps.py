"""What search engines are told to read (sitemaps.org, protocol 0.9)."""

from __future__ import annotations

from collections.abc import Iterable
from xml.sax.saxutils import escape

MOST_ADDRESSES = 50_000
"""Addresses in one sitemap."""

_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


def sitemap(pages: Iterable[str]) -> bytes:
    """A sitemap of the absolute addresses ``pages``, at most MOST_ADDRESSES."""
    return _written("urlset", "url", pages)


def sitemap_index(sitemaps: Iterable[str]) -> bytes:
    """The list of the sitemaps at the absolute addresses ``sitemaps``."""
    return _written("sitemapindex", "sitemap", sitemaps)


def _written(root: str, entry: str, addresses: Iterable[str]) -> bytes:
    entries = "".join(f"<{entry}><loc>{escape(each)}</loc></{entry}>\n" for each in addresses)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<{root} xmlns="{_NAMESPACE}">\n{entries}</{root}>\n'
    ).encode()
