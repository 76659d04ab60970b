"""Content codings: gzip bodies that come in, gzip answers that go out (RFC 9110, 8.4)."""

from __future__ import annotations

import gzip
import shutil
import tempfile
import zlib
from contextlib import ExitStack
from typing import IO

from cecot.errors import BadRequest, TooLarge, UnsupportedMediaType
from cecot.messages import say

SMALLEST_PACKED = 512
"""Bytes below which gzip is not worth its header."""

MOST_MEMBERS = 16
"""Members of a gzip body that are read; each costs time, however little it holds."""

_GZIP = 16 + zlib.MAX_WBITS
_LEVEL = 5


def unpack(body: bytes, content_encoding: str | None, limit: int) -> bytes:
    """``body`` without its content coding, at most ``limit`` bytes however well it was packed.

    Raises UnsupportedMediaType for a coding other than gzip, TooLarge, BadRequest.
    """
    codings = [each.strip().lower() for each in (content_encoding or "").split(",")]
    applied = [each for each in codings if each not in ("", "identity")]
    if not applied:
        return body
    if len(applied) > 1 or applied[0] not in ("gzip", "x-gzip"):
        raise UnsupportedMediaType(
            say("Content-Encoding {codings!r} is not read here.", codings=", ".join(applied)),
            hint=say("Send the body plain, or in gzip, once."),
            where="Content-Encoding",
        )
    return _gunzip(body, limit)


def _gunzip(body: bytes, limit: int) -> bytes:
    """The members of a gzip file one after the other (RFC 1952, 2.2), never past ``limit``."""
    plain = bytearray()
    rest = body
    members = 0
    while rest:
        members += 1
        if members > MOST_MEMBERS:
            raise BadRequest(
                say("The body has more than {most} gzip members.", most=MOST_MEMBERS),
                hint=say("Pack the body as one."),
                where="body",
            )
        inflater = zlib.decompressobj(_GZIP)
        try:
            plain += inflater.decompress(rest, limit + 1 - len(plain))
        except zlib.error as error:
            raise _broken(
                say("The body is not gzip, though Content-Encoding says gzip.")
            ) from error
        if len(plain) > limit:
            raise TooLarge(
                say("The body unpacks to more than {limit:,} bytes.", limit=limit),
                hint=say("Send a shorter query."),
                where="body",
            )
        if not inflater.eof:
            raise _broken(say("The body ends before its gzip data is complete."))
        rest = inflater.unused_data
    return bytes(plain)


def _broken(message: str) -> BadRequest:
    return BadRequest(
        message,
        hint=say("Leave Content-Encoding out for a plain body."),
        where="body",
    )


def pack(body: bytes | IO[bytes], length: int) -> tuple[bytes | IO[bytes], int]:
    """``body`` in gzip, with its length: bytes stay bytes, a file becomes a file and is closed."""
    if isinstance(body, bytes):
        packed = gzip.compress(body, _LEVEL, mtime=0)
        return packed, len(packed)
    with ExitStack() as unfinished:
        target = unfinished.enter_context(tempfile.TemporaryFile())
        with (
            body,
            gzip.GzipFile(fileobj=target, mode="wb", compresslevel=_LEVEL, mtime=0) as packer,
        ):
            shutil.copyfileobj(body, packer)
        length = target.tell()
        target.seek(0)
        unfinished.pop_all()
    return target, length
