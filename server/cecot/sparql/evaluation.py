"""The one place where Oxigraph answers a Query (SPARQL 1.1 Query; Protocol 2.1.4 for its dataset).

Everything that evaluates a query text comes through here: the command line and the tests in this
process, the service in processes of its own. Nothing of an answer is held: it goes to a sink.
"""

from __future__ import annotations

import re
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import KW_ONLY, dataclass
from typing import IO, Protocol, cast

import pyoxigraph as ox

from cecot.engine import Answer, Form, Query
from cecot.errors import (
    BudgetExceeded,
    NotAcceptable,
    QuerySyntaxError,
    Refused,
    Unreachable,
)
from cecot.messages import say
from cecot.rdf.serialization import Output, holds_all, write_rdf
from cecot.sparql.diagnostics import explain
from cecot.sparql.duplicates import merged_dataset
from cecot.sparql.formats import (
    GRAPHS,
    RESULTS,
    Format,
    formats_of,
    graph_writer,
    result_format,
)
from cecot.sparql.lexer import Decoded, decode, find_service

MOST_UNKNOWN_FUNCTIONS = 32
"""Different unknown extension functions in one query, before it is refused."""

IN_MEMORY = 1 << 20
"""Bytes of an answer that the in-process engine keeps in memory; the rest goes to a file."""

_UNKNOWN_FUNCTION = re.compile(r"^The custom function <(.*)> is not supported$", re.DOTALL)

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Functions = dict[ox.NamedNode, Callable[..., Term | None]]


class Sink(Output, Protocol):
    """Takes an answer as it is written; a piece may be as long as a literal."""

    def begin(self) -> None:
        """Start, or start again from nothing."""
        ...


@dataclass(slots=True)
class InProcessEngine:
    """Answers in this process, with no budget: the command line, tests, a machine one trusts.

    An evaluator of the service answers by it too, under budgets that the system holds. ``base`` is
    what relative IRIs are read against where a query has no BASE. ``prefixes`` only make error
    hints better.
    """

    store: ox.Store
    _: KW_ONLY
    federation: bool = False
    prefixes: Mapping[str, str] | None = None
    base: str | None = None

    def answer(self, query: Query) -> Answer:
        """Evaluate ``query`` and return the whole answer."""
        started = time.perf_counter()
        sink = AnswerSink()
        try:
            form, media_type = self.evaluate(query, sink)
        except BaseException:
            sink.discard()
            raise
        body, length = sink.finish()
        return Answer(form, media_type, body, length, time.perf_counter() - started)

    def close(self) -> None:
        """Let go of the store."""
        self.store = ox.Store()

    def evaluate(self, query: Query, sink: Sink) -> tuple[Form, str]:
        """Write the whole answer to ``query`` into ``sink``; return its form and media type.

        Raises QuerySyntaxError, NotAcceptable, Refused, BudgetExceeded, and whatever the sink
        raises.
        """
        decoded = decode(query.text)
        service = None if self.federation else find_service(decoded.text)
        if service is not None:
            raise _refusal(*decoded.position(service))
        functions: Functions = {}
        while True:
            try:
                return self._evaluate(query, decoded, functions, sink)
            except SyntaxError as error:
                prefixes, has_base = self.prefixes or {}, self.base is not None
                raise explain(decoded, str(error), prefixes, has_base=has_base) from None
            except RuntimeError as error:
                if not _learn(functions, str(error)):
                    raise QuerySyntaxError(
                        say("The query cannot be evaluated: {error}.", error=str(error))
                    ) from None
            except OSError as error:
                if _is_transfer(decoded.text):
                    raise _transfer_failure(error, federation=self.federation) from None
                raise
            except MemoryError:
                raise BudgetExceeded(
                    say("The query needs more memory than one query may use."),
                    hint=say("Ask for less: add LIMIT, or filter before you sort or group."),
                    where="memory",
                ) from None
            except BaseException as error:
                # A panic of the Rust side derives from BaseException; its class cannot be imported.
                if type(error).__name__ != "PanicException":
                    raise
                raise BudgetExceeded(
                    say("The query engine gave up on this query."),
                    hint=say("Simplify the query; if it is an ordinary one, please report it."),
                ) from None

    def _evaluate(
        self, query: Query, decoded: Decoded, functions: Functions, sink: Sink
    ) -> tuple[Form, str]:
        dataset = query.dataset or merged_dataset(decoded.text, self.base or "")

        def ask() -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
            return self.store.query(
                decoded.text,
                base_iri=self.base,
                default_graph=[*map(ox.NamedNode, dataset.default_graphs)] if dataset else None,
                named_graphs=[*map(ox.NamedNode, dataset.named_graphs)] if dataset else None,
                custom_functions=functions or None,
            )

        results = ask()
        if isinstance(results, ox.QueryTriples):
            return write_graph(results, query.graph, sink)
        return write_results(results, lambda: cast("ox.QuerySolutions", ask()), query, sink)


def _refusal(line: int | None = None, column: int | None = None) -> Refused:
    return Refused(
        say("SERVICE is refused: this endpoint fetches nothing from other addresses."),
        hint=say("Send the other endpoint its own query and join the two answers on your side."),
        line=line,
        column=column,
    )


def write_results(
    results: ox.QuerySolutions | ox.QueryBoolean,
    again: Callable[[], ox.QuerySolutions],
    query: Query,
    sink: Sink,
) -> tuple[Form, str]:
    """Write rows, or yes or no, whole and well-formed into ``sink``; return as ``evaluate``.

    ``again`` gives the same rows once more. Raises NotAcceptable, and whatever the sink raises.
    """
    form = Form.SELECT if isinstance(results, ox.QuerySolutions) else Form.ASK
    media_type = _accepted(query.select if form is Form.SELECT else query.ask, form)
    sink.begin()

    def from_the_start() -> ox.QuerySolutions:
        sink.begin()
        return again()

    with _offering(each for each in RESULTS if media_type not in each.media_types):
        result_format(media_type).write(results, sink, from_the_start)
    return form, media_type


def write_graph(
    triples: ox.QueryTriples | Iterable[ox.Triple], accepted: str | None, sink: Sink
) -> tuple[Form, str]:
    """Write ``triples`` well-formed into ``sink``. Raises and returns as ``write_results``."""
    media_type = _accepted(accepted, Form.GRAPH)
    sink.begin()
    writer, output = graph_writer(media_type), cast("IO[bytes]", sink)
    if isinstance(triples, ox.QueryTriples) and holds_all(writer):
        triples.serialize(output, writer)
    else:
        with _offering(each for each in GRAPHS if holds_all(each.writer)):
            write_rdf(triples, output, writer)
    return Form.GRAPH, media_type


@contextmanager
def _offering(formats: Iterable[Format]) -> Iterator[None]:
    """Have a format that cannot hold the answer say which ``formats`` can."""
    try:
        yield
    except NotAcceptable as error:
        error.offered = [each.media_type for each in formats]
        raise


def _accepted(media_type: str | None, form: Form) -> str:
    if media_type is None:
        what = {Form.SELECT: say("rows"), Form.ASK: say("yes or no"), Form.GRAPH: say("triples")}
        raise NotAcceptable(
            say(
                "This query answers with {what}, and no format that you accept can carry that.",
                what=what[form],
            ),
            hint=say("Send another Accept header, or leave it out."),
            offered=(each.media_type for each in formats_of(form)),
        )
    return media_type


def _learn(functions: Functions, message: str) -> bool:
    """Register an unknown extension function as an expression error (SPARQL 1.1, 17.6)."""
    match = _UNKNOWN_FUNCTION.match(message)
    if not match or len(functions) >= MOST_UNKNOWN_FUNCTIONS:
        return False
    name = ox.NamedNode(match[1])
    if name in functions:
        return False
    functions[name] = lambda *_: None
    return True


def _is_transfer(text: str) -> bool:
    """Whether a query can have reached for another address: else a sink or a disk failed."""
    return "service" in text.lower()


def _transfer_failure(error: OSError, *, federation: bool) -> Unreachable | Refused:
    if federation:
        return Unreachable(
            say("A SERVICE of this query did not answer: {error}.", error=str(error)),
            hint=say("Write SERVICE SILENT to go on without it."),
        )
    return _refusal()


class AnswerSink:
    """Keeps an answer in memory while it is small, else in a file without a name."""

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 (the answer's body)
        self._length = 0

    def begin(self) -> None:
        """Start, or start again from nothing."""
        self._file.seek(0)
        self._file.truncate()
        self._length = 0

    def write(self, data: bytes) -> int:
        """Take all of a piece."""
        self._length += len(data)
        return self._file.write(data)

    def flush(self) -> None:
        """Take note that the answer is complete."""

    def discard(self) -> None:
        """Let go of what was written."""
        self._file.close()

    def finish(self) -> tuple[bytes | IO[bytes], int]:
        """Give the body, as an Answer has it, and its length in bytes."""
        self._file.seek(0)
        if self._length > IN_MEMORY:
            return cast("IO[bytes]", self._file), self._length
        with self._file:
            return self._file.read(), self._length
