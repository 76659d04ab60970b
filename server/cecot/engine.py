"""The one interface behind which queries are evaluated: a Query goes in, a whole Answer comes out.

Two implementations: in process (command line, tests, a trusted machine) and in evaluators that the
operating system can end (the service). Whoever asks does not know which one answers. Nobody works
for a caller that has gone.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from enum import Enum
from random import getrandbits
from typing import IO, NamedTuple, Protocol


class Form(Enum):
    """What a SPARQL 1.1 query asks for (section 16): rows, yes or no, or triples."""

    SELECT = "select"
    ASK = "ask"
    GRAPH = "graph"


class Dataset(NamedTuple):
    """The RDF dataset of one query (SPARQL 1.1 Protocol 2.1.4): graph IRIs that the client names.

    Empty means the service's own dataset, or the one that FROM and FROM NAMED name.
    """

    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Whether the client names any graph."""
        return bool(self.default_graphs or self.named_graphs)


WHOLE = Dataset()
"""The dataset as the engine has it, or as the text of a query says."""


class Query(NamedTuple):
    """One query, with the format that each possible form of its answer would be written in.

    The form of a query is known only when it has been parsed, and only an engine parses. So the
    caller negotiates all three before, as media types; None means that nothing acceptable could
    carry that form (the engine then raises NotAcceptable if the query turns out to be of it).
    ``ours`` is the form of a text that the program itself wrote; None for a text of a client,
    which must be read before it goes to an engine that we do not run.
    """

    text: str
    select: str | None
    ask: str | None
    graph: str | None
    dataset: Dataset = WHOLE
    ours: Form | None = None


class Answer(NamedTuple):
    """A whole answer: nothing of it is missing, or it would have been an error.

    ``body`` is bytes, or an open binary file, positioned at its start, that holds ``length`` bytes
    and disappears when it is closed. ``seconds`` is the time of parsing, evaluation and writing.
    """

    form: Form
    media_type: str
    body: bytes | IO[bytes]
    length: int
    seconds: float


class Engine(Protocol):
    """Evaluates queries over one graph.

    Raises QuerySyntaxError, NotAcceptable, Refused, BudgetExceeded, DeadlineExceeded, Overloaded,
    Unavailable, Unreachable; a query of whatever text raises nothing else.
    """

    def answer(self, query: Query) -> Answer:
        """Evaluate ``query`` and return the whole answer."""
        ...

    def close(self) -> None:
        """Free what the engine holds; it answers nothing afterwards."""
        ...


class Caller:
    """One request on its way: the client's address, and whether the client is still there.

    ``id`` finds the request in the log. Urgent is what must be answered while queries are turned
    away, such as a health probe. A page asks queries of ours; only those of clients need a place.
    ``interrupt`` is called when the client goes.
    """

    def __init__(self, address: str = "", *, urgent: bool = False, is_page: bool = False) -> None:
        self.id = f"{getrandbits(64):016x}"
        self.address = address
        self.urgent = urgent
        self.is_page = is_page
        self.needs_place = not (urgent or is_page)
        self.has_gone = False
        self.has_asked = False
        self.began = time.perf_counter()
        self.interrupt: Callable[[], object] | None = None

    def leave(self) -> None:
        """Note that the client has gone, and interrupt what is done for it."""
        self.has_gone = True
        interrupt = self.interrupt
        if interrupt:
            interrupt()

    @contextlib.contextmanager
    def interruptible(self, interrupt: Callable[[], object]) -> Iterator[None]:
        """Call ``interrupt`` if the client goes, or has gone, in the meantime.

        ``leave`` may be called in another thread: so ``interrupt`` may be called twice.
        """
        before, self.interrupt = self.interrupt, interrupt
        if self.has_gone:
            interrupt()
        try:
            yield
        finally:
            self.interrupt = before


_CURRENT: ContextVar[Caller | None] = ContextVar("caller", default=None)


def current_caller() -> Caller:
    """Give the caller of the work at hand; a page without an address where nobody said."""
    return _CURRENT.get() or Caller(is_page=True)


@contextlib.contextmanager
def calling(caller: Caller) -> Iterator[None]:
    """Do the work at hand for ``caller``."""
    token = _CURRENT.set(caller)
    try:
        yield
    finally:
        _CURRENT.reset(token)
