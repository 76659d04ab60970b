"""Queries put together at random from hostile parts: the same ones for the same seed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random

_VARIABLES = "abcdefg"
_PREDICATES = (
    "a",
    "<http://www.w3.org/2000/01/rdf-schema#label>",
    "<http://www.w3.org/1999/02/22-rdf-syntax-ns#object>",
    "<https://w3id.org/cecot/ontology#passage>",
    "<https://w3id.org/cecot/ontology#statedBy>",
    "<urn:nothing>",
)
_FORMS = (
    "SELECT *",
    "SELECT DISTINCT *",
    "SELECT (COUNT(*) AS ?n)",
    "SELECT (COUNT(DISTINCT ?a) AS ?n)",
    "SELECT (GROUP_CONCAT(STR(?a)) AS ?n)",
    "SELECT ?a (SAMPLE(?b) AS ?n)",
    "ASK",
    "CONSTRUCT { ?a ?b ?c . ?c <a:b> ?a } WHERE",
    "DESCRIBE ?a WHERE",
)
_TYPES = (
    "application/sparql-results+json",
    "application/sparql-results+xml",
    "text/csv",
    "text/tab-separated-values",
    "text/turtle",
    "application/ld+json",
    "*/*",
)


def query(random: Random) -> str:
    """A random query: mostly well formed, often heavy, now and then spoilt."""
    form = random.choice(_FORMS)
    text = f"{form} {{ {_group(random, 3)} }}"
    if "SAMPLE" in form:
        text += " GROUP BY ?a"
    elif form.startswith("SELECT") and random.random() < 0.4:
        keys = " ".join(f"?{random.choice(_VARIABLES)}" for _ in range(random.randrange(1, 4)))
        text += f" ORDER BY {keys}"
    if form.startswith(("SELECT", "CONSTRUCT", "DESCRIBE")):
        if random.random() < 0.3:
            text += f" OFFSET {10 ** random.randrange(0, 12)}"
        if random.random() < 0.4:
            text += f" LIMIT {10 ** random.randrange(0, 7)}"
    return _spoilt(text, random) if random.random() < 0.15 else text


def media_type(random: Random) -> str:
    """A random type to ask for."""
    return random.choice(_TYPES)


def _group(random: Random, depth: int) -> str:
    parts = (random.choice(_PARTS)(random, depth) for _ in range(random.randrange(1, 4)))
    return " ".join(parts)


def _variable(random: Random) -> str:
    return f"?{random.choice(_VARIABLES)}"


def _pattern(random: Random, _: int) -> str:
    predicate = random.choice((_variable(random), random.choice(_PREDICATES)))
    return f"{_variable(random)} {predicate} {_variable(random)} ."


def _path(random: Random, _: int) -> str:
    step = random.choice(("!<a:b>", "(!<a:b>|^!<a:b>)", *_PREDICATES[1:]))
    for _ in range(random.randrange(1, 4)):
        step = random.choice(
            ("({})*", "({})+", "({})?", "^({})", "({0}/{0})", "({}|<a:b>)")
        ).format(step)
    return f"{_variable(random)} {step} {_variable(random)} ."


def _filter(random: Random, _: int) -> str:
    return f"FILTER({_expression(random, 3)})"


def _bind(random: Random, _: int) -> str:
    return f"BIND({_expression(random, 4)} AS ?n{random.randrange(10**6)})"


def _doubling(random: Random, _: int) -> str:
    start, times = random.randrange(10**6), random.randrange(5, 45)
    steps = " ".join(
        f"BIND(CONCAT(?d{start}x{i}, ?d{start}x{i}) AS ?d{start}x{i + 1})" for i in range(times)
    )
    return f'BIND("ab" AS ?d{start}x0) {steps}'


def _values(random: Random, _: int) -> str:
    rows = " ".join(map(str, range(10 ** random.randrange(1, 5))))
    return f"VALUES {_variable(random)} {{ {rows} }}"


def _nested(frame: str) -> Callable[[Random, int], str]:
    def part(random: Random, depth: int) -> str:
        return frame.format(_group(random, depth - 1), _group(random, depth - 1)) if depth else ""

    return part


_PARTS: tuple[Callable[[Random, int], str], ...] = (
    _pattern,
    _pattern,
    _pattern,
    _pattern,
    _path,
    _filter,
    _bind,
    _doubling,
    _values,
    _nested("{{ {} }} UNION {{ {} }}"),
    _nested("OPTIONAL {{ {} }}"),
    _nested("MINUS {{ {} }}"),
    _nested("FILTER NOT EXISTS {{ {} }}"),
    _nested("{{ SELECT * {{ {} }} ORDER BY ?c LIMIT 1000 }}"),
    _nested("GRAPH ?g {{ {} }}"),
    _nested("SERVICE <http://127.0.0.1:9/> {{ {} }}"),
)


def _expression(random: Random, depth: int) -> str:
    if depth == 0:
        leaves = ("1", "0", "1e308", '"aaaa"', '"(a+)+$"', '""', "true", '"x"@en', "<a:b>")
        return random.choice((*leaves, _variable(random), _variable(random)))
    frame = random.choice(_EXPRESSIONS)
    holes = frame.count("{}")
    return frame.format(*(_expression(random, depth - 1) for _ in range(holes)))


_EXPRESSIONS = (
    "({} + {})",
    "({} / {})",
    "({} = {})",
    "({} < {})",
    "({} && {})",
    "(!{})",
    "STR({})",
    "CONCAT(STR({}), STR({}))",
    "REPLACE(STR({}), STR({}), STR({}))",
    "REGEX(STR({}), STR({}))",
    "SUBSTR(STR({}), 1, 3)",
    "STRLEN(STR({}))",
    "SHA512(STR({}))",
    "IF({}, {}, {})",
    "COALESCE({}, {})",
    "({} IN ({}, {}))",
    "ENCODE_FOR_URI(STR({}))",
    "IRI(STR({}))",
    "BOUND(?a)",
    "EXISTS {{ ?a ?b ?c }}",
    "RAND()",
    "<urn:unknown>({})",
    "YEAR({})",
)


def _spoilt(text: str, random: Random) -> str:
    """``text`` with a piece cut out, doubled, or replaced by noise."""
    start = random.randrange(len(text))
    end = min(len(text), start + random.randrange(1, 20))
    noise = "".join(
        chr(random.choice((0, 9, 34, 39, 60, 92, 123, 125, 233, 0x1F600))) for _ in "xy"
    )
    piece = random.choice(("", text[start:end] * 2, noise, "\\u0053"))
    return text[:start] + piece + text[end:]


def queries(seed: int) -> Iterator[tuple[str, str, str]]:
    """Name, text and media type of one random query after the other, without end."""
    random = Random(seed)
    number = 0
    while True:
        yield f"random {seed}/{number}", query(random), media_type(random)
        number += 1
