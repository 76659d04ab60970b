"""An engine by URL, put together from the settings, and checked before anybody is served from it.

The probes have known answers: each stands for something that an engine was seen to do otherwise
(docs/operating.md). What is wrong there would be told by no error, only by wrong pages.
"""

from __future__ import annotations

import contextlib
import re
import secrets
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import Enum

from pyoxigraph import Store

from cecot.dataset.content import Names, read_names
from cecot.dataset.description import Description, describe_by
from cecot.dataset.store import Loaded, load_store, store_version
from cecot.engine import Engine
from cecot.errors import CecotError, DeadlineExceeded, Unavailable, UsageError
from cecot.remote.address import read_remote
from cecot.remote.engine import CUT, RemoteEngine, check_reply
from cecot.remote.loading import read_version
from cecot.rooms import Rooms
from cecot.settings import Settings, flag
from cecot.sparql.asking import ask, select, triples
from cecot.sparql.evaluation import InProcessEngine


def open_engine(rooms: Rooms, settings: Settings) -> tuple[Engine, Names]:
    """The engine of one program on its own: over ``rooms``, or the one that ``settings`` name.

    Raises what reading the rooms raises, and what ``connect`` raises.
    """
    if settings.engine:
        names = read_names(rooms)
        return connect(settings, names, reader_of(names)), names
    loaded = load_store(rooms)
    names = loaded.names
    return InProcessEngine(loaded.store, prefixes=names.prefixes, base=names.base), names


def reader_of(names: Names) -> InProcessEngine:
    """An engine over an empty graph, to parse with; it has no budget, so for texts of one's own."""
    return InProcessEngine(Store(), prefixes=names.prefixes, base=names.base)


def connect(settings: Settings, names: Names, reader: Engine) -> RemoteEngine:
    """The engine that ``settings`` name, asked for the graph that it says counts.

    Raises UsageError with its cure where the engine gives no answer, and what else asking raises.
    """
    engine = _engine(settings, names, settings.engine_graph, settings.engine_rows, reader)
    if settings.engine_graph:
        return engine
    try:
        with _told_to_operators():
            stated = read_version(engine, names)
    except UsageError:
        engine.close()
        raise
    if stated is None:
        return engine
    engine.client.close()
    return _engine(settings, names, stated.graph, settings.engine_rows, reader, holds_graph=True)


def engine_of(
    settings: Settings, description: Description, reader: Engine | None = None
) -> RemoteEngine:
    """The engine of which ``description`` tells.

    Without a ``reader`` it answers clients whose texts others have read. Asks nothing yet. Raises
    UsageError.
    """
    return _engine(
        settings,
        description.names,
        description.graph,
        description.whole_up_to,
        reader,
        holds_graph=description.triples > 0,
    )


def survey(rooms: Rooms, settings: Settings, tell: Callable[[str], None]) -> Description:
    """Check the engine that ``settings`` name, and describe what it holds.

    ``tell`` gets the warnings. Raises UsageError for what must not be served, and what asking and
    reading the rooms raise.
    """
    names = read_names(rooms)
    engine = connect(patient(settings), names, reader_of(names))
    try:
        expected = None if settings.engine_any_version else load_store(rooms)
        for each in check(engine, names, expected):
            if each.verdict is Verdict.FAILED:
                raise UsageError(
                    f"{each.what}: {each.found}.", where=flag("engine"), hint=each.cure
                )
            if each.verdict is Verdict.WARNING:
                tell(f"The engine, {each.what}: {each.found}. {each.cure}")
        stated = read_version(engine, names)
        whole = settings.engine_rows
        if not whole and engine.remote.dialect.may_cut:
            with _told_to_operators():
                whole = find_cap(engine)
        # What others change has no version: what is kept of it lasts no longer than this reading.
        version = stated.version if stated else f"unversioned-{secrets.token_hex(8)}"
        with _told_to_operators():
            description = describe_by(engine, rooms, names, version)
        return replace(description, graph=engine.remote.graph, whole_up_to=whole)
    finally:
        engine.close()


def patient(settings: Settings) -> Settings:
    """``settings`` for an operator, who waits for counts of all of a graph."""
    return replace(settings, deadline=max(settings.deadline, COUNTING))


@contextlib.contextmanager
def _told_to_operators() -> Iterator[None]:
    """Raise UsageError, with what an operator does, where the engine gives no answer."""
    try:
        yield
    except Unavailable as error:
        cure = error.cure or error.hint
        raise UsageError(error.message, where=flag("engine"), hint=cure) from None
    except DeadlineExceeded as error:
        cure = "If it is busy, wait; if it ends its queries early, let them take longer there."
        raise UsageError(error.message, where=flag("engine"), hint=cure) from None


def _engine(
    settings: Settings,
    names: Names,
    graph: str,
    whole_up_to: int,
    reader: Engine | None,
    *,
    holds_graph: bool = False,
) -> RemoteEngine:
    remote = replace(read_remote(settings), graph=graph)
    return RemoteEngine(
        remote,
        reader,
        settings,
        base=names.base,
        graphs=(names.ontology_iri, names.shapes_iri),
        whole_up_to=whole_up_to,
        holds_graph=holds_graph,
    )


_COUNTS = {
    "triples": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
    "named graphs": "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g",
    "classes": "SELECT ?c (COUNT(*) AS ?n) { ?s a ?c } GROUP BY ?c",
}
_RULES_IN_DEFAULT = "ASK { ?shape a <http://www.w3.org/ns/shacl#NodeShape> }"

CSV = "text/csv"

SIZES = (10_001, 100_001, 1_000_001)
"""Rows that are asked for to see whether all come."""

COUNTING = 60.0
"""Seconds that they may take: this is asked once, and of no reader."""


class Verdict(Enum):
    """How a check ended; a warning leaves something wrong that an operator may live with."""

    PASSED = "ok"
    WARNING = "warning"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One check: what it was about, how it ended, what to do."""

    what: str
    verdict: Verdict
    found: str = ""
    cure: str = ""


def _branches(engine: Engine) -> bool:
    """``VALUES`` in a branch must join as ``FILTER`` does: Virtuoso 7.2 loses the rows."""
    counts = [
        select(
            engine,
            f"SELECT (COUNT(*) AS ?n) {{ {{ ?m <urn:x-none> ?x }} UNION {{ {branch} }} ?c a ?m }}",
        )[0]["n"]
        for branch in (
            "VALUES ?m { <http://www.w3.org/2002/07/owl#Ontology> }",
            "BIND (<http://www.w3.org/2002/07/owl#Ontology> AS ?m)",
        )
    ]
    return counts[0] == counts[1]


def _terms(engine: Engine) -> bool:
    row = select(engine, 'SELECT ("x"@es AS ?a) ("1"^^<urn:x-kind> AS ?b) {}')[0]
    return (str(row["a"]), str(row["b"])) == ('"x"@es', '"1"^^<urn:x-kind>')


PROBES: tuple[tuple[str, Callable[[Engine], bool], str], ...] = (
    (
        "no is no",
        lambda engine: not ask(engine, "ASK { FILTER (false) }"),
        "every page asks whether something exists",
    ),
    ("VALUES in a branch", _branches, "questions that use it lose rows"),
    (
        "OPTIONAL reads outside",
        lambda engine: (
            len(
                select(
                    engine,
                    'SELECT ?c ?l { BIND ("es" AS ?x) ?c a <http://www.w3.org/2002/07/owl#Class> '
                    "OPTIONAL { ?c <http://www.w3.org/2000/01/rdf-schema#label> ?l "
                    "FILTER (LANG(?l) = ?x) } OPTIONAL { "
                    "?c <http://www.w3.org/2000/01/rdf-schema#label> ?l FILTER (LANG(?l) = 'en') } "
                    "FILTER (LANG(?l) = 'en') } ORDER BY ?c ?l LIMIT 1",
                )
            )
            == 0
        ),
        "labels come in English where another language was asked for",
    ),
    (
        "letters of any language",
        lambda engine: ask(engine, 'ASK { FILTER REGEX("\u00f1", "^\\\\p{L}$") }'),
        "the search finds no words",
    ),
    ("languages and datatypes", _terms, "labels lose their language"),
    (
        "an error leaves unbound",
        lambda engine: select(engine, "SELECT (1/0 AS ?x) {}") == [{}],
        "a type error ends the whole query of a reader",
    ),
    (
        "base",
        lambda engine: ask(engine, "ASK { FILTER (STRLEN(STR(<x>)) > 1) }"),
        "relative IRIs in queries are read against another base",
    ),
    (
        "CONSTRUCT",
        lambda engine: (
            len(triples(engine, "CONSTRUCT { <urn:a> <urn:b> ?x } { BIND (1 AS ?x) }")) == 1
        ),
        "documents of things are empty",
    ),
)
"""Questions with known answers: what each is about, whether it passes, what goes wrong if not."""


def check(engine: RemoteEngine, names: Names, expected: Loaded | None) -> Iterator[CheckResult]:
    """Check ``engine``, in an order in which each check stands on those before.

    ``expected`` are the rooms whose graph it should hold; None if any will do. Ends where nothing
    that follows would tell more.
    """
    reached = _checked("reachable", lambda: "" if ask(engine, "ASK {}") else "it says no to ASK {}")
    yield reached
    if reached.verdict is Verdict.FAILED:
        return
    yield _checked(
        "version",
        lambda: _other_version(engine, names, expected),
        "Run cecot load with the same options; or take it as it is (--engine-any-version).",
    )
    yield _checked(
        "default graph",
        lambda: "it shows the rules: it is the union" if ask(engine, _RULES_IN_DEFAULT) else "",
        "Name the default graph (--engine-graph), or switch the union off there.",
    )
    if expected is not None:
        ours = InProcessEngine(expected.store)
        for what, text in _COUNTS.items():
            yield _checked(
                what,
                lambda text=text: _difference(ours, engine, text),  # type: ignore[misc]
                "Switch inference off there, and load again.",
            )
    readers = engine.unchanged()
    for what, passes, wrong in PROBES:
        yield _checked(
            what,
            lambda passes=passes, wrong=wrong: "" if passes(readers) else wrong,  # type: ignore[misc]
            "Readers will notice; another version of the engine may not have it.",
            Verdict.WARNING,
        )
    yield _checked(
        "updates are refused",
        lambda: _takes_updates(engine, names),
        "Give us a name that may read only. Clients' updates are refused here in any case.",
        Verdict.WARNING,
    )
    yield _checked(
        "SERVICE is refused",
        lambda: _fetches(engine),
        "Switch federation off there. Clients' SERVICE is refused here in any case.",
        Verdict.WARNING,
    )


def find_cap(engine: RemoteEngine) -> int:
    """The number of rows, or triples, at which the engine cuts; 0 if all came that were asked for.

    Where so many take it too long, the number that came in time. Needs a thousand triples there, or
    a smaller cap is found. Raises what an engine that gives no answer at all raises.
    """
    whole = 0
    try:
        for size in SIZES:
            came = _came(engine, size)
            if came < size:
                return came
            whole = came
    except DeadlineExceeded:
        if not whole:
            raise
        return whole
    return 0


def _came(engine: RemoteEngine, size: int) -> int:
    """How many of ``size`` rows the engine gives."""
    named = [("default-graph-uri", engine.remote.graph)] if engine.remote.graph else []
    text = f"SELECT (1 AS ?n) {{ ?a ?b ?c . ?d ?e ?f }} LIMIT {size}"
    parameters = [("query", text), *named]
    # As CSV, since a million rows of it are two megabytes; nobody needs the types of these.
    reply = engine.client.exchange(engine.remote.query, parameters, CSV, COUNTING).result()
    with reply.body:
        said = reply.headers.get(CUT, "")
        if re.fullmatch(r"[0-9]{1,15}", said):
            return int(said)
        check_reply(reply)
        return sum(1 for _ in reply.body) - 1


def _checked(
    what: str, wrong: Callable[[], str], cure: str = "", otherwise: Verdict = Verdict.FAILED
) -> CheckResult:
    """Run ``wrong``, which says what is wrong, or nothing."""
    try:
        found = wrong()
    except Unavailable as error:
        found, cure = error.message, cure or error.cure or error.hint
    except CecotError as error:
        found, cure = error.message, cure or error.hint
    return CheckResult(what, otherwise, found, cure) if found else CheckResult(what, Verdict.PASSED)


def _other_version(engine: Engine, names: Names, expected: Loaded | None) -> str:
    stated = read_version(engine, names)
    if expected is None:
        return ""
    version, there = store_version(expected.store), stated.version if stated else ""
    if there == version:
        return ""
    holds = f"version {there[:16]}" if there else "nothing that cecot load wrote"
    return f"it holds {holds}, and these rooms are {version[:16]}"


def _difference(ours: Engine, theirs: Engine, text: str) -> str:
    here, there = (
        {str(sorted((name, str(term)) for name, term in row.items())) for row in select(each, text)}
        for each in (ours, theirs)
    )
    return "" if here == there else f"{len(here ^ there)} counts differ from those of the rooms"


def _takes_updates(engine: RemoteEngine, names: Names) -> str:
    """Send an update that would change nothing, as a query."""
    text = f"DELETE DATA {{ GRAPH <{names.base}graph/none> {{ <urn:x> <urn:x> <urn:x> }} }}"
    reply = engine.client.exchange(engine.remote.query, [("query", text)], "*/*", 5.0).result()
    with reply.body:
        return "it takes an update as a query" if reply.status < 300 else ""


def _fetches(engine: RemoteEngine) -> str:
    """Have it call a socket of ours, and see whether it comes; only an engine nearby can."""
    with socket.create_server(("127.0.0.1", 0)) as canary:
        canary.settimeout(1.0)
        host, port = canary.getsockname()
        text = f"SELECT * {{ SERVICE <http://{host}:{port}/> {{ ?s ?p ?o }} }}"
        came = threading.Event()

        def listen() -> None:
            with contextlib.suppress(OSError):
                canary.accept()[0].close()
                came.set()

        listener = threading.Thread(target=listen)
        listener.start()
        with contextlib.suppress(CecotError):
            asked = [("query", text)]
            engine.client.exchange(engine.remote.query, asked, "*/*", 5.0).result().body.close()
        listener.join()
    return "it calls other endpoints" if came.is_set() else ""
