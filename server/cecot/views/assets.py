"""Style sheets and other files of the pages, each at an address that holds the hash of its bytes.

What such an address gives never changes, so clients keep it for good (RFC 8246).
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cecot.protocol.coding import SMALLEST_PACKED

FOLDER = Path(__file__).parent / "static"
_DIGITS = 12


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
    return {
        str(file.relative_to(folder)): _read(file, folder)
        for file in sorted(folder.rglob("*"))
        if file.is_file() and not file.name.startswith(".")
    }


def _read(file: Path, folder: Path) -> Asset:
    body = file.read_bytes()
    media_type = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    if media_type.startswith("text/"):
        media_type += "; charset=utf-8"
    packed = gzip.compress(body, 9, mtime=0) if len(body) >= SMALLEST_PACKED else b""
    name = file.relative_to(folder)
    tag = hashlib.sha256(body).hexdigest()[:_DIGITS]
    path = name.with_name(f"{name.stem}.{tag}{name.suffix}")
    return Asset(str(path), tag, media_type, body, packed if len(packed) < len(body) else b"")
