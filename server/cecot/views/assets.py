"""Style sheets and other files of the pages, each at an address that holds the hash of its bytes.

What such an address gives never changes, so clients keep it for good (RFC 8246). A style sheet
that names another of the files gets that one's address into its place.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cecot.protocol.coding import SMALLEST_PACKED

FOLDER = Path(__file__).parent / "static"
_DIGITS = 12
_UNKNOWN = "application/octet-stream"
# Not every system knows these.
_TYPES = {".woff2": "font/woff2", ".js": "text/javascript"}
_URL = re.compile(rb"url\(\"?(?:\./)?([\w.-]+)\"?\)")


@dataclass(frozen=True, slots=True)
class Asset:
    """One file, read once: plain and, where that is smaller, in gzip (else empty)."""

    path: str
    tag: str
    media_type: str
    body: bytes
    packed: bytes


def read_assets(folder: Path = FOLDER) -> Mapping[str, Asset]:
    """All files below ``folder``, by their name there: ``site.css`` has ``site.0a1b2c.css``."""
    files = [e for e in folder.rglob("*") if e.is_file() and not e.name.startswith(".")]
    assets: dict[str, Asset] = {}
    # Sheets come last: they name the addresses of the others.
    for file in sorted(files, key=lambda each: (each.suffix == ".css", each)):
        name = file.relative_to(folder)
        assets[str(name)] = _read(name, file.read_bytes(), assets)
    return assets


def _read(name: Path, body: bytes, others: Mapping[str, Asset]) -> Asset:
    """The file ``name`` of the pages, which holds ``body`` and may name ``others``."""
    if name.suffix == ".css":
        body = _URL.sub(lambda url: _linked(url, name.parent, others), body)
    media_type = _TYPES.get(name.suffix) or mimetypes.guess_type(name.name)[0] or _UNKNOWN
    if media_type.startswith("text/"):
        media_type += "; charset=utf-8"
    packed = gzip.compress(body, 9, mtime=0) if len(body) >= SMALLEST_PACKED else b""
    tag = hashlib.sha256(body).hexdigest()[:_DIGITS]
    path = name.with_name(f"{name.stem}.{tag}{name.suffix}")
    return Asset(str(path), tag, media_type, body, packed if len(packed) < len(body) else b"")


def _linked(url: re.Match[bytes], folder: Path, others: Mapping[str, Asset]) -> bytes:
    """``url`` of a sheet in ``folder``, with the address of the file that it names."""
    other = others.get(str(folder / url[1].decode()))
    return f'url("{Path(other.path).name}")'.encode() if other else url[0]
