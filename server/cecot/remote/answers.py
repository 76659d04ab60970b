"""What an engine sent, read whole and written again as the client asked: an answer, or an error.

Nothing of an engine's bytes goes to a client unread. Engines cut answers, stop in the middle of
them and say so in the text, behind a status of 200; a reader of the format finds that.
"""

from __future__ import annotations

import io
import re
import time
from collections.abc import Callable, Iterator
from typing import IO, cast

from pyoxigraph import (
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Triple,
    parse,
    parse_query_results,
)

from cecot.engine import Answer, Form, Query
from cecot.errors import BudgetExceeded, CecotError, Unavailable
from cecot.messages import say
from cecot.remote.client import HttpReply, late
from cecot.settings import flag
from cecot.sparql.evaluation import AnswerSink, write_graph, write_results

TRIPLES = "application/n-triples"
"""What engines are asked for where they give a graph: all write it, and it loses nothing."""

_ROWS = {
    "application/sparql-results+json": QueryResultsFormat.JSON,
    "application/sparql-results+xml": QueryResultsFormat.XML,
}
_JSON_BLANK = re.compile(rb'("type":\s{0,9}"bnode",\s{0,9}"value":\s{0,9}")nodeID://')
_XML_BLANK, _BLANK = b"<bnode>nodeID://", b"<bnode>"
"""Virtuoso 7 names blank nodes so, which are no names of RDF."""

_LITERAL = re.compile(rb"(<literal(?:\s[^<>]*)?(?<!/)>)([^<]*)")
_PART, _LONGEST_BLANK = 1 << 16, 64
_SPACE, _END = b" \t\r\n", b"</sparql>"


def read_answer(reply: HttpReply, form: Form, query: Query, whole_up_to: int = 0) -> Answer:
    """Give the answer that ``reply`` holds, of ``form``, in the format that ``query`` names.

    ``whole_up_to`` is the number of rows or triples from which the engine cuts without saying so;
    0 if it never does. Raises Unavailable for what is not whole, or of another form;
    BudgetExceeded for what may have been cut; DeadlineExceeded; NotAcceptable.
    """
    expected = (TRIPLES, "text/plain") if form is Form.GRAPH else tuple(_ROWS)
    if reply.media_type not in expected:
        raise _unreadable(say("it sent {kind}", kind=reply.media_type or "no type"), reply)
    sink = AnswerSink()
    try:
        media_type = _write(reply, form, query, whole_up_to, sink)
    except (SyntaxError, ValueError, EOFError) as error:
        problem: CecotError = _unreadable(str(error), reply)
    except CecotError as error:
        problem = error.with_traceback(None)
    except BaseException:
        sink.discard()
        raise
    else:
        body, length = sink.finish()
        return Answer(form, media_type, body, length, 0.0)
    sink.discard()
    # Raised here, it holds no frame with rows of Oxigraph's, which only this thread may let go of.
    problem.__context__ = None
    raise problem


def _write(reply: HttpReply, form: Form, query: Query, most: int, sink: AnswerSink) -> str:
    """Write what came as the client asked, and return the media type."""
    if form is Form.GRAPH:
        return write_graph(_triples(reply, most), query.graph, sink)[1]
    if form is Form.ASK:
        return write_results(_truth(reply), lambda: _rows(reply), query, sink)[1]
    if most and sum(1 for _ in _rows(reply)) >= most:
        raise cut(most)
    return write_results(_rows(reply), lambda: _rows(reply), query, sink)[1]


def _triples(reply: HttpReply, most: int) -> Iterator[Triple]:
    body = cast("IO[bytes]", _Plain(reply, _some))
    for count, quad in enumerate(parse(body, RdfFormat.N_TRIPLES), 1):
        if count == most:
            raise cut(most)
        yield quad.triple


def _rows(reply: HttpReply) -> QuerySolutions:
    results = _results(reply)
    if not isinstance(results, QuerySolutions):
        raise ValueError("yes or no, where rows were asked for")
    return results


def _truth(reply: HttpReply) -> QueryBoolean:
    results = _results(reply)
    if isinstance(results, QuerySolutions):
        # Virtuoso 7: one row, 0 or 1, or no row at all.
        row = next(iter(results), None)
        is_true = row is not None and getattr(row[0], "value", "0") in ("1", "true")
        text = b'{"head":{},"boolean":%b}' % (b"true" if is_true else b"false")
        results = parse_query_results(text, format=QueryResultsFormat.JSON)
    if not isinstance(results, QueryBoolean):
        raise ValueError("rows, where yes or no was asked for")
    return results


def _results(reply: HttpReply) -> QuerySolutions | QueryBoolean:
    format_ = _ROWS[reply.media_type]
    read_some = _some_json
    if format_ == QueryResultsFormat.XML:
        reply.body.seek(max(0, reply.length - 2 * len(_END)))
        if not reply.body.read().rstrip().endswith(_END):  # Oxigraph's reader lets that pass
            raise ValueError("it ends in the middle")
        read_some = _xml_lines
    reply.body.seek(0)
    # typing.IO asks for a whole file.
    plain = cast("IO[bytes]", _Plain(reply, read_some))
    return parse_query_results(plain, format=format_)


class _Plain(io.RawIOBase):
    """A reply in which all has names of RDF: ``read_some`` gives a part of it at a time.

    Raises DeadlineExceeded when the clock has passed the time of the reply.
    """

    def __init__(self, reply: HttpReply, read_some: Callable[[IO[bytes]], bytes]) -> None:
        self._reply, self._read_some = reply, read_some
        self._part = memoryview(b"")

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        if time.perf_counter() > self._reply.until:
            raise late()
        # Never cut anew at each call: an answer may be one line, and the line all of it.
        if not self._part:
            self._part = memoryview(self._read_some(self._reply.body))
        size = len(self._part) if size < 0 else size
        piece, self._part = self._part[:size], self._part[size:]
        return bytes(piece)


def _some(body: IO[bytes]) -> bytes:
    return body.read(_PART)


def _some_json(body: IO[bytes]) -> bytes:
    """A part that ends within no name of a blank node."""
    part = body.read(_PART)
    if len(part) == _PART:
        ends = [found.end() for found in _JSON_BLANK.finditer(part)]
        end = max(*ends[-1:], _PART - _LONGEST_BLANK, 0)
        body.seek(end - _PART, io.SEEK_CUR)
        part = part[:end]
    return _JSON_BLANK.sub(rb"\1", part)


def _xml_lines(body: IO[bytes]) -> bytes:
    """White space at the ends of literals becomes references, or Oxigraph's reader drops it."""
    pieces: list[bytes] = []
    goes_on = True
    while goes_on:
        line = body.readline()
        begins, ends = line.rfind(b"<literal"), line.rfind(b"</literal>")
        # One that spans lines is taken whole.
        goes_on = bool(line) and (begins > ends or (begins == ends and bool(pieces)))
        pieces.append(line)
    lines = b"".join(pieces).replace(_XML_BLANK, _BLANK)
    return _LITERAL.sub(_with_references, lines)


def _with_references(literal: re.Match[bytes]) -> bytes:
    opening, text = literal.groups()
    rest = text.lstrip(_SPACE)
    before = text[: len(text) - len(rest)]
    kept = rest.rstrip(_SPACE)
    behind = rest[len(kept) :]
    first, last = (b"".join(b"&#%d;" % each for each in edge) for edge in (before, behind))
    return b"".join((opening, first, kept, last))


def cut(most: int | str) -> BudgetExceeded:
    """The error for an answer that the engine cuts, or may have cut, at ``most``."""
    return BudgetExceeded(
        say("The engine gives at most {most} rows or triples.", most=most),
        hint=say("Ask for less: add LIMIT, or fetch it in parts."),
        where="result",
    )


def _unreadable(why: str, reply: HttpReply) -> Unavailable:
    return Unavailable(
        say(
            "The engine's answer is not whole: {why}. It begins: {text}",
            why=why,
            text=reply.beginning(),
        ),
        hint=say("Send the query again; if it stays so, tell those who keep this service."),
        cure=f"Check its address and its kind ({flag('engine_kind')}); see its log.",
    )
