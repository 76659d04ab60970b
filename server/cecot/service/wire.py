"""What the front and an evaluator say to each other: packets on a private Unix socket.

The sockets are SOCK_SEQPACKET, so a packet arrives whole or not at all, and the graph process can
add a last word to the connection of an evaluator that died in the middle of an answer.
"""

from __future__ import annotations

import contextlib
import json
import socket
import struct
from collections import deque
from functools import lru_cache
from typing import Any, cast

from cecot.engine import Answer, Dataset, Form, Query
from cecot.errors import CecotError, NotAcceptable, kinds_of_errors
from cecot.messages import as_data, from_data

PACKET = 64 * 1024
"""Bytes of payload in one packet, at most; well below what a socket buffer takes at once."""

LARGEST = PACKET + 64 * 1024
"""Bytes that a packet can have with its heading."""

_BUFFER = bytearray(LARGEST)
_VIEW = memoryview(_BUFFER)
"""Where a packet is received, before as much is taken as it has: to ask for the memory of the
largest is a system call or two, each time."""

HELLO, QUERY, TEXT, FORGET, FORGOTTEN, BYTES, AGAIN, DONE, ERROR, DEATH = (
    bytes([c]) for c in b"HQTFGBNAED"
)
"""Kinds of packets. FORGET takes back the queries that wait before it, FORGOTTEN answers that in
time; AGAIN takes the bytes back that were sent so far."""

_FORMS = tuple(Form)
_DONE = struct.Struct("<B?Qd")
_HEADED = 1 + _DONE.size
_QUERY = struct.Struct("<QQd")
_FAMILY = {kind.__name__: kind for kind in kinds_of_errors()}


def pack(kind: bytes, heading: dict[str, Any] | None = None, payload: bytes = b"") -> bytes:
    """Write one packet."""
    # The heading is ASCII JSON on one line, so the first line feed ends it.
    said = json.dumps(heading, separators=(",", ":")).encode("ascii") if heading else b""
    return b"%b%b\n%b" % (kind, said, payload)


def unpack(data: bytes) -> tuple[dict[str, Any], bytes]:
    """Heading and payload of a packet of any kind but a query's first and an answer's last.

    Raises ValueError if it is none.
    """
    end = data.index(b"\n")
    heading = json.loads(data[1:end]) if end > 1 else {}
    return heading, data[end + 1 :]


def pack_query(query: Query, seconds: float) -> list[bytes]:
    """Write the packets of ``query``, to be answered in ``seconds`` of computing time."""
    terms = _terms(query.select, query.ask, query.graph, query.dataset)
    said = terms + query.text.encode("utf-8", "surrogatepass")
    first = QUERY + _QUERY.pack(len(said), len(terms), seconds) + said[:PACKET]
    rest = range(PACKET, len(said), PACKET)
    return [first, *[pack(TEXT, None, said[start : start + PACKET]) for start in rest]]


def receive(connection: socket.socket, flags: int = 0) -> bytes:
    """Receive one packet, nothing at the end of the connection; by one thread of a process."""
    return bytes(_VIEW[: connection.recv_into(_BUFFER, 0, flags)])


Asked = tuple[Query, float]
"""A query, and the seconds that it may compute."""


class Questions:
    """What an evaluator is asked, in order, on its connection."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._waiting: deque[Asked | None] = deque()

    def next(self) -> Asked | None:
        """Give the next query, waiting for it; None when the front has gone."""
        while not self._waiting:
            self._take(receive(self._connection))
        return self._waiting.popleft()

    def look_through(self) -> bool:
        """Take what waits, and tell whether some was taken back before it was begun."""
        has_forgotten = False
        with contextlib.suppress(BlockingIOError):
            while None not in self._waiting:
                data = receive(self._connection, socket.MSG_DONTWAIT)
                has_forgotten |= self._take(data)
        return has_forgotten

    def _take(self, data: bytes) -> bool:
        kind = data[:1]
        if kind == QUERY:
            self._waiting.append(self._whole(data))
        elif kind == FORGET:
            self._waiting.clear()
        else:
            self._waiting.append(None)
        return kind == FORGET

    def _whole(self, first: bytes) -> Asked | None:
        """Read a query, whose packets come one after the other."""
        size, terms, seconds = _QUERY.unpack_from(first, 1)
        said = first[1 + _QUERY.size :]
        while len(said) < size:
            data = receive(self._connection)
            if not data:
                return None
            said += unpack(data)[1]
        text = said[terms:].decode("utf-8", "surrogatepass")
        return Query(text, *_read_terms(said[:terms])), seconds


@lru_cache(maxsize=16)
def _read_terms(terms: bytes) -> tuple[str | None, str | None, str | None, Dataset]:
    """What is the same in many queries, read once."""
    select, ask, graph, default_graphs, named_graphs = json.loads(terms)
    return select, ask, graph, Dataset(tuple(default_graphs), tuple(named_graphs))


@lru_cache(maxsize=64)
def _terms(select: str | None, ask: str | None, graph: str | None, dataset: Dataset) -> bytes:
    """What is the same in many queries, written once."""
    terms = [select, ask, graph, dataset.default_graphs, dataset.named_graphs]
    return json.dumps(terms, separators=(",", ":")).encode("ascii")


def pack_answer(answer: Answer, *, retires: bool) -> bytes:
    """Write the last packet of an answer: its body is the last of its bytes.

    ``retires`` says that the evaluator answers nothing after.
    """
    form, media_type, body, length, seconds = answer
    fixed = _DONE.pack(_FORMS.index(form), retires, length, seconds)
    return b"".join((DONE, fixed, media_type.encode("ascii"), b"\n", cast("bytes", body)))


def unpack_answer(data: bytes) -> tuple[Answer, bool]:
    """Read the last packet of an answer, and whether the evaluator retires."""
    form, retires, length, seconds = _DONE.unpack_from(data, 1)
    end = data.index(b"\n", _HEADED)
    media_type = data[_HEADED:end].decode("ascii")
    return Answer(_FORMS[form], media_type, data[end + 1 :], length, seconds), retires


def pack_error(error: CecotError, *, retires: bool) -> bytes:
    """Write an error in place of an answer."""
    heading = {
        "kind": type(error).__name__,
        "message": as_data(error.message, 2000),
        "hint": as_data(error.hint, 2000),
        "where": error.where,
        "line": error.line,
        "column": error.column,
        "retires": retires,
        "offered": error.offered if isinstance(error, NotAcceptable) else [],
    }
    return pack(ERROR, heading)


def read_error(heading: dict[str, Any]) -> CecotError:
    """Build the error that an evaluator met."""
    error = _FAMILY[heading["kind"]](
        from_data(heading["message"]),
        hint=from_data(heading["hint"]),
        where=heading["where"],
        line=heading["line"],
        column=heading["column"],
    )
    if isinstance(error, NotAcceptable):
        error.offered = heading["offered"]
    return error
