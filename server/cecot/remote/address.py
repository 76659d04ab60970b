"""Where an engine stands, who we are there, and what differs from one kind of engine to the next.

The table of kinds has a row only for what a test has seen; any other engine that speaks the SPARQL
1.1 Protocol is ``sparql11``, whose differences the operator names by options (docs/operating.md).
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import SplitResult, urlunsplit

from cecot.errors import UsageError
from cecot.settings import Settings, flag, split_address

PASSWORD = "CECOT_ENGINE_PASSWORD"  # noqa: S105 (the name of a variable)
"""The environment variable of the password, or, with ``_FILE`` behind it, of the file that has it.

Never a flag, which every user of the machine can read, nor a part of the address, which is logged.
"""

MOST_WORDS, MOST_NESTING = 1000, 100
"""Words and signs of a client's text, and brackets within each other: ours have 425 and 4.

An Oxigraph server ends at 250 functions within each other; Virtuoso plans 400 joins for longer than
any limit of its own counts, and ends at some (bench/attack/nesting.py).
"""


@dataclass(frozen=True, slots=True)
class Dialect:
    """What differs from one kind of engine to the next.

    ``query`` and ``store`` are the paths of the query service and of the Graph Store Protocol
    below the address of the engine, ``query_as`` and ``store_as`` those for who has a password.
    ``digest`` says that the password is proved (RFC 7616), not sent (RFC 7617). ``timeout`` is the
    parameter that carries the deadline, ``per_second`` what one second is in it. ``may_cut``
    says that answers may be cut without a sign. ``refused`` are schemes of IRIs that do something
    there instead of naming something. ``loses_bindings`` says that VALUES in a branch
    of a UNION loses rows there, and that an OPTIONAL does not read what is bound outside of it:
    our own queries go out in another form. ``cuts_at_timeout`` says that the parameter has it
    answer in part without a sign (Virtuoso 7.2: 178 of 182 rows, 200, no header): it is never sent.
    ``for_subselects`` stands before those that have one. ``rows`` is the format in which rows come.
    """

    name: str
    query: str = ""
    query_as: str = ""
    store: str = ""
    store_as: str = ""
    digest: bool = False
    timeout: str = ""
    per_second: int = 1
    may_cut: bool = True
    refused: tuple[str, ...] = ()
    loses_bindings: bool = False
    cuts_at_timeout: bool = False
    for_subselects: str = ""
    rows: str = "application/sparql-results+json"


DIALECTS = {
    each.name: each
    for each in (
        Dialect("sparql11"),
        Dialect("oxigraph", query="/query", store="/store", may_cut=False),
        Dialect(
            "virtuoso",
            query="/sparql",
            query_as="/sparql-auth",
            store="/sparql-graph-crud",
            store_as="/sparql-graph-crud-auth",
            digest=True,
            refused=("bif", "sql"),
            loses_bindings=True,
            cuts_at_timeout=True,
            # Its own order may look through the whole graph for each row of a sub-select: 5 s for a
            # page instead of 0.06. Ours stand in the order that is best.
            for_subselects='define sql:select-option "order"',
            # It writes them eight times as fast as JSON: 20 ms for 300 rows instead of 170.
            rows="application/sparql-results+xml",
        ),
    )
}


@dataclass(frozen=True, slots=True)
class Remote:
    """One engine: its addresses, its dialect, our name there.

    ``store`` is "" where nothing can be loaded. ``graph`` is the IRI under which our default graph
    stands there; "" where it is the engine's own. ``certificate`` is the file of an authority.
    """

    query: str
    store: str
    dialect: Dialect
    graph: str = ""
    user: str = ""
    password: str = ""
    certificate: str = ""

    def __repr__(self) -> str:
        """Tell where, and never the password."""
        return f"Remote({self.query!r}, {self.dialect.name!r})"


def read_remote(settings: Settings, environ: Mapping[str, str] | None = None) -> Remote:
    """The engine that ``settings`` name, with the password of the environment.

    Raises UsageError that names the setting that cannot be used.
    """
    dialect, bare = _dialect(settings.engine_kind), settings.engine
    parts = split_address(bare)
    where = flag("engine")
    # Of an address that cannot be read, what stands before @ may be a password, and is not shown.
    if (parts.username or parts.password) if parts else "@" in bare:
        raise UsageError(
            "An address is written to logs, so it must not hold a password.",
            where=where,
            hint=f"Give the name by {flag('engine-user')}, the password by {PASSWORD}.",
        )
    if parts is None:
        raise UsageError(
            f"{bare!r} is not an address of an engine." if bare else "The engine is not named.",
            where=where,
            hint="Write where it answers, such as http://localhost:7878/.",
        )
    password = _password(os.environ if environ is None else environ)
    if bool(settings.engine_user) != bool(password):
        raise UsageError(
            "A name without a password." if settings.engine_user else "A password without a name.",
            where=flag("engine-user"),
            hint=f"Set {flag('engine-user')}, and {PASSWORD} or {PASSWORD}_FILE; or neither.",
        )
    query, store = _services(parts, dialect, known=settings.engine_user != "")
    return Remote(
        query=query,
        store=settings.engine_store or store,
        dialect=_with_timeout(dialect, settings.engine_timeout),
        graph=settings.engine_graph,
        user=settings.engine_user,
        password=password,
        certificate=settings.engine_ca,
    )


def _services(parts: SplitResult, dialect: Dialect, *, known: bool) -> tuple[str, str]:
    """The addresses of the query service and of the graph store, "" where that is not known.

    An address is that of the engine if it ends with a slash, or with the path of the query service
    of its kind; any other is that of the query service alone.
    """
    query = (known and dialect.query_as) or dialect.query
    store = (known and dialect.store_as) or dialect.store
    path, own = parts.path, (dialect.query_as, dialect.query)
    found = next((each for each in own if each and path.rstrip("/").endswith(each)), None)
    if not query or not (found or path.endswith("/") or not path):
        return urlunsplit(parts), ""
    below = path.rstrip("/").removesuffix(found or "")
    return (
        urlunsplit(parts._replace(path=below + query)),
        urlunsplit(parts._replace(path=below + store, query="")) if store else "",
    )


def _dialect(kind: str) -> Dialect:
    if kind not in DIALECTS:
        raise UsageError(
            f"{kind!r} is not a kind of engine.",
            where=flag("engine-kind"),
            hint=f"Known: {', '.join(DIALECTS)}. Any other engine is sparql11.",
        )
    return DIALECTS[kind]


def _with_timeout(dialect: Dialect, given: str) -> Dialect:
    """``dialect`` with the parameter that ``--engine-timeout`` names: ``timeout``, ``time:ms``."""
    if not given:
        return dialect
    if dialect.cuts_at_timeout:
        raise UsageError(
            f"At its timeout {dialect.name} answers in part, without a sign of it.",
            where=flag("engine-timeout"),
            hint="Leave it out. MaxQueryExecutionTime in virtuoso.ini ends queries with an error.",
        )
    name, _, unit = given.partition(":")
    if unit not in ("", "s", "ms"):
        raise UsageError(
            f"{unit!r} is not a unit of time here.", where=flag("engine-timeout"), hint="s or ms"
        )
    return replace(dialect, timeout=name, per_second=1000 if unit == "ms" else 1)


def _password(environ: Mapping[str, str]) -> str:
    file = environ.get(f"{PASSWORD}_FILE", "")
    if not file:
        return environ.get(PASSWORD, "")
    try:
        return Path(file).read_text("utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"The file cannot be read: {error}.", where=f"{PASSWORD}_FILE") from None
