"""All attacks in families; each family is run as a whole, beside the polite clients."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from urllib.parse import quote

from bench.attack import chance, computing, connections, lexing, nesting, outside, pages, requests
from bench.attack.attack import Attack, sending
from bench.wire import JSON, Target

TYPES = (
    JSON,
    "application/sparql-results+xml",
    "text/csv",
    "text/tab-separated-values",
    "text/turtle, */*;q=0.5",
    "application/ld+json, */*;q=0.5",
)
FLOOD = 160
"""Heavy queries of one flood."""

Query = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Family:
    """Attacks of one kind, and from how many clients at once they come.

    ``addresses`` is how many addresses these clients have.
    """

    name: str
    steps: Callable[[], Iterable[Attack]]
    attackers: int = 4
    addresses: int = 1
    queues: bool = False


def families(canary: str, seed: int) -> list[Family]:
    """All families; ``canary`` is the address that nothing may ever call."""
    computed = {
        "nesting": nesting.nested,
        "width": nesting.wide,
        "joins": computing.joins,
        "paths": computing.paths,
        "strings": computing.strings,
        "patterns": computing.patterns,
        "values": computing.values,
        "lexing": lexing.texts,
    }
    asked = {
        "parameters": requests.parameters,
        "headers": requests.headers,
        "bodies": requests.bodies,
        "methods": requests.methods,
        "pages": pages.addresses,
    }
    return [
        *(Family(name, partial(_queries, name, make)) for name, make in computed.items()),
        Family("outside", partial(_outside, canary)),
        *(Family(name, partial(_requests, name, make)) for name, make in asked.items()),
        Family("connections", _scenes, attackers=1),
        Family("flood", partial(_flood, "flood"), attackers=40, queues=True),
        Family("floods", partial(_flood, "floods"), attackers=40, addresses=40, queues=True),
        Family("random", partial(random_queries, seed)),
    ]


def random_queries(seed: int) -> Iterator[Attack]:
    """Random queries without end."""
    for name, text, accept in chance.queries(seed):
        yield Attack("random", name, sending(partial(_post, text, accept)))


def _queries(family: str, make: Callable[[], Iterator[Query]]) -> Iterator[Attack]:
    for (name, text), accept in zip(make(), itertools.cycle(TYPES), strict=False):
        yield Attack(family, name, sending(partial(_post, text, accept)))


def _post(text: str, accept: str, where: Target) -> bytes:
    return where.post(text, accept=accept)


def _requests(family: str, make: Callable[[], Iterator[requests.Named]]) -> Iterator[Attack]:
    for name, build, expected in make():
        yield Attack(family, name, sending(build), expected)


def _scenes() -> Iterator[Attack]:
    for name, play, expected in connections.scenes():
        yield Attack("connections", name, play, expected)


def _flood(family: str) -> Iterator[Attack]:
    heavy = list(itertools.chain(computing.joins(), computing.paths()))
    for number in range(FLOOD):
        name, text = heavy[number % len(heavy)]
        yield Attack(family, f"{name} {number}", sending(partial(_post, f"{text} #{number}", JSON)))


def _outside(canary: str) -> Iterator[Attack]:
    ways: tuple[tuple[str, Callable[[str, Target], bytes]], ...] = (
        ("GET", lambda text, where: where.get(text)),
        ("POST", lambda text, where: where.post(text)),
        ("form", lambda text, where: where.form(text)),
    )
    refused, fine = outside.REFUSED, outside.FINE
    for (name, text), (way, send) in itertools.product(outside.services(canary), ways):
        if len(text) < 8000 or way != "GET":
            yield Attack(
                "outside", f"service, {name}, {way}", sending(partial(send, text)), refused
            )
    for name, text in outside.decoys(canary):
        yield Attack("outside", f"decoy {name}", sending(partial(ways[0][1], text)), fine)
    for name, text in outside.graphs(canary):
        yield Attack("outside", f"graph {name}", sending(partial(ways[1][1], text)), None)
    for name, text in outside.functions(canary):
        yield Attack("outside", f"function, {name}", sending(partial(ways[1][1], text)), None)
    update = frozenset((400, 401, 403, 404, 405, 415))
    for name, text in outside.loads(canary):
        yield Attack("outside", f"{name} as query", sending(partial(ways[1][1], text)), refused)
        yield Attack("outside", f"{name} as update", sending(partial(_update, text, True)), update)
        yield Attack("outside", f"{name} as form", sending(partial(_update, text, False)), update)
    for parameter in ("default-graph-uri", "named-graph-uri", "graph", "update", "service"):
        yield Attack("outside", parameter, sending(partial(_parameter, parameter, canary)), None)
    for header in ("Host", "X-Forwarded-Host", "Referer", "Origin", "X-Forwarded-For"):
        yield Attack("outside", header, sending(partial(_header, header, canary)), None)


def _update(text: str, direct: bool, where: Target) -> bytes:
    kind = "application/sparql-update" if direct else "application/x-www-form-urlencoded"
    body = text if direct else "update=" + quote(text)
    return where.request("POST", where.path, f"Content-Type: {kind}", body=body.encode())


def _parameter(name: str, value: str, where: Target) -> bytes:
    return where.request("GET", f"{where.path}?query=ASK%7B%7D&{name}={quote(value, safe='')}")


def _header(name: str, value: str, where: Target) -> bytes:
    return where.request("GET", f"{where.path}?query=ASK%7B%7D", f"{name}: {value}")
