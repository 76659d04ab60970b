"""The one place that decides how an answer is written, and in which content coding.

RFC 9110, 8.4 and 12.5; SPARQL 1.1 Protocol 2.1.5. Parsing and the order of media ranges are those
of Werkzeug; what is added here is what real clients send besides: parameters of media types, a
quality of ``.2``, a lone ``*``. Gzip bodies come in, gzip answers go out.
"""

from __future__ import annotations

import gzip
import re
import shutil
import tempfile
import zlib
from collections.abc import Callable, Iterable, Sequence, Sized
from contextlib import ExitStack
from functools import lru_cache, wraps
from typing import IO, TypeVar, TypeVarTuple, cast

from werkzeug.datastructures import Accept, LanguageAccept, MIMEAccept
from werkzeug.http import parse_accept_header

from cecot.engine import Form
from cecot.errors import BadRequest, TooLarge, UnsupportedMediaType
from cecot.messages import say
from cecot.sparql.formats import FORMATS, Formats, formats_of, media_types

HTML = "text/html"
_PAGES = (HTML, "application/xhtml+xml")
_DATA = tuple(media_types(FORMATS))
_MOST_RANGES = 64
"""Members of an Accept header that are read; the rest of a longer one counts for nothing."""

_LONGEST_REMEMBERED = 1024
"""Characters of what is remembered: a client chooses how long its headers and queries are."""

Said = TypeVarTuple("Said")
Read = TypeVar("Read")


def remembered(read: Callable[[*Said], Read]) -> Callable[[*Said], Read]:
    """``read``, remembering what came of short texts: the same ones come again and again."""
    kept = lru_cache(maxsize=512)(read)

    @wraps(read)
    def reading(*said: *Said) -> Read:
        length = sum(map(len, filter(None, cast("tuple[Sized | None, ...]", said))))
        return (kept if length <= _LONGEST_REMEMBERED else read)(*said)

    return reading


_BARE_FRACTION = re.compile(r"(;\s*q\s*=\s*)\.(?=\d)", re.IGNORECASE)


def choose(formats: Formats, accept: str | None, asked: Iterable[str] = ()) -> str | None:
    """The media type to write one of ``formats`` in, or None if none of them is acceptable.

    ``asked`` are the values of the parameters ``format``, ``output``, ``results``, in order: names
    or media types. The first that means anything here beats ``accept``, the Accept header.
    """
    for value in asked:
        if any(each.is_called(value) for each in FORMATS):
            called = [each.media_type for each in formats if each.is_called(value)]
            return called[0] if called else None
        if "/" in value and best(value, media_types(FORMATS)):
            return best(value, media_types(formats))
    return best(accept, media_types(formats))


@remembered
def negotiated(
    accept: str | None, asked: tuple[str, ...]
) -> tuple[str | None, str | None, str | None]:
    """What to write a SELECT, an ASK and a graph in: ``choose`` for each."""
    return (
        choose(formats_of(Form.SELECT), accept, asked),
        choose(formats_of(Form.ASK), accept, asked),
        choose(formats_of(Form.GRAPH), accept, asked),
    )


def prefers_html(accept: str | None, formats: Formats) -> bool:
    """Whether the client names HTML itself, and likes it better than every one of ``formats``."""
    return best(accept, [*media_types(formats), *_PAGES]) in _PAGES


def is_browser(accept: str | None) -> bool:
    """Whether only a page will do for an answer, or whoever asks is a browser.

    Programs of Java name HTML before all others by default, and want data; browsers name XHTML too.
    """
    if not accept or "html" not in accept.lower():
        return False
    names_xhtml = _PAGES[1] in [*_ranges(accept).values()]
    return prefers_html(accept, FORMATS) and (names_xhtml or best(accept, _DATA) is None)


@remembered
def accepts_gzip(accept_encoding: str | None) -> bool:
    """Whether an answer may be sent in gzip: asked for, and not liked less than plain."""
    if not accept_encoding:
        return False
    codings = parse_accept_header(_shortened(accept_encoding), Accept)
    plain = codings.quality("identity") if "identity" in list(codings.values()) else 0
    return codings.quality("gzip") > 0 and codings.quality("gzip") >= plain


@remembered
def language(accept_language: str | None, offers: tuple[str, ...]) -> str:
    """The language among ``offers`` that the reader prefers; the first that is not refused else.

    RFC 4647, 3.4: each range is shortened as far as it goes before the next one counts.
    """
    ranges = parse_accept_header(_shortened(accept_language or ""), LanguageAccept)
    refused = {said.lower() for said, quality in ranges if quality <= 0}
    left = [each for each in offers if each.lower() not in refused]
    for said, quality in ranges:
        begun = f"{said.lower().replace('_', '-')}-"
        fits = [each for each in left if quality > 0 and begun.startswith(f"{each.lower()}-")]
        if fits:
            return max(fits, key=len)
    return (left or offers)[0]


def best(accept: str | None, offers: Sequence[str]) -> str | None:
    """The media type among ``offers`` that the Accept header prefers, or None."""
    return _ranges(accept).best_match(offers)


@remembered
def _ranges(accept: str | None) -> MIMEAccept:
    """The media ranges without their parameters, which no format here has (a charset is UTF-8).

    A range with parameters yields to the same range without: ``a/b;v=1;q=0, a/b`` accepts a/b.
    """
    if accept is None or not accept.strip():
        return MIMEAccept([("*/*", 1)])
    parsed = parse_accept_header(_shortened(accept), MIMEAccept)
    bare = {value.lower() for value in parsed.values() if ";" not in value}
    ranges = []
    for value, quality in parsed:
        name, parameters = value.lower().partition(";")[::2]
        if not (parameters and name in bare):
            ranges.append(("*/*" if name == "*" else name.strip(), quality))
    return MIMEAccept(ranges)


def _shortened(header: str) -> str:
    most = ",".join(header.split(",", _MOST_RANGES)[:_MOST_RANGES])
    return _BARE_FRACTION.sub(r"\g<1>0.", most)


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
