"""The one interface behind which queries are evaluated: a Query goes in, a whole Answer comes out.

Two implementations: in process (command line, tests, a trusted machine) and in evaluators that the
operating system can end (the service). Whoever asks does not know which one answers.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import IO, Protocol


class Form(Enum):
    """What a SPARQL 1.1 query asks for (section 16): rows, yes or no, or triples."""

    SELECT = "select"
    ASK = "ask"
    GRAPH = "graph"


@dataclass(frozen=True, slots=True)
class Dataset:
    """The RDF dataset of one query (SPARQL 1.1 Protocol 2.1.4): graph IRIs that the client names.

    Empty means the service's own dataset, or the one that FROM and FROM NAMED name.
    """

    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Whether the client names any graph."""
        return bool(self.default_graphs or self.named_graphs)


@dataclass(frozen=True, slots=True)
class Query:
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
    dataset: Dataset = Dataset()
    ours: Form | None = None


@dataclass(frozen=True, slots=True)
class Answer:
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
