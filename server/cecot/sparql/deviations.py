"""Where Oxigraph answers otherwise than SPARQL 1.1 says, told from the tokens of a query.

A path of length zero from a term that is no node of the graph, or one of alternatives (18.4), a
regular expression or its replacement that Rust reads otherwise than XPath does (17.4.3.14 and
17.4.3.15), an aggregate over a row without a value (18.5.1). Nothing of it is an error: a row or a
value is missing, silently.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode

from cecot.engine import WHOLE, Answer, Dataset, Engine, Form
from cecot.sparql.asking import ask, select, solutions
from cecot.sparql.duplicates import find_merged
from cecot.sparql.formats import UNREADABLE, result_format
from cecot.sparql.lexer import AGGREGATES, LONGEST, Resolver, Token, decode, tokens, value_of
from cecot.vocabulary import XSD

LONGEST_READ = 1 << 16
"""Bytes of an answer that is looked through for a value that is missing."""

MOST_TOLD = 5
"""Deviations of one query that are told of, and the patterns that are tried."""

# Cheap, and seldom true: the service asks this of every query.
_WORDS = ("REGEX", "REPLACE", "SUM", "MIN", "MAX", "AVG", "GROUP_CONCAT")
_MARK = re.compile(r"\?(?!\w)")
_STAR = re.compile(r"\*(?<!\(\*)(?<!\bSELECT \*)(?<!\bDISTINCT \*)", re.IGNORECASE)
_BAR = re.compile(r"\|(?<![|{]\|)(?![|}])")
_MAY = re.compile(
    rf"\b(?:{'|'.join(_WORDS)})\b|[\w>):]\s*\?(?!\w)"
    r"|[\w>):]\*|[>)]\s+\*|:[\w.-]{0,64}\s+\*",
    re.IGNORECASE,
)
_AGGREGATES = {
    "SUM": "FILTER(isNumeric({}))",
    "AVG": "FILTER(isNumeric({}))",
    "MIN": "FILTER(BOUND({}))",
    "MAX": "FILTER(BOUND({}))",
    "GROUP_CONCAT": 'COALESCE(STR({}), "")',
}
"""Aggregates that need a value of each row, and how to see to it."""
_ENDS = ("iri", "name", "string")
_PLAIN_PATTERN = re.compile(r"[\w\s.,:;^$|'/#-]*")
_LEAST = re.compile(r"\b(?:MIN|MAX)\s*\(", re.IGNORECASE)
_SUM = re.compile(r"(SUM|AVG)\s*\(\s*(\?\w+)\s*\)", re.IGNORECASE)
_FLAGS = frozenset("smixq")
_NESTED = re.compile(r"\[[^\]]*(?:\[|--)")
_OTHER_REPLACEMENT = re.compile(r"\\|\$\d+[A-Za-z_]|\$\d\d")

_NO_NODES = """SELECT ?term { VALUES ?term { $terms }
  FILTER NOT EXISTS { ?term ?p ?o }
  FILTER NOT EXISTS { ?s ?p ?term }
}"""
_NOR_IN_GRAPHS = """
  FILTER NOT EXISTS { GRAPH ?g { ?term ?p ?o } }
  FILTER NOT EXISTS { GRAPH ?g { ?s ?p ?term } }
}"""
_CSV = "text/csv"
"""It has one spelling for an empty string and for no value."""

_READABLE = 'ASK { BIND(REGEX("", $pattern, $flags) AS ?read) FILTER(BOUND(?read)) }'


class Hint(NamedTuple):
    """One thing that is told of a query and its answer: its kind, and values by their names.

    So it stands in the header of the answer (docs/query.md). ``hints.SENTENCES`` has the kinds.
    """

    kind: str
    told: Mapping[str, str]


def may_deviate(text: str) -> bool:
    """Whether ``find_deviations`` may find anything in the query ``text``: asked of every query."""
    if len(text) > LONGEST:
        return False
    if "|" in text and _BAR.search(text):
        return True
    # Looking for single words and signs is ten times as fast as the expression, and most have none.
    seldom = (
        ("*" in text and _STAR.search(text))
        or _MARK.search(text)
        or ("(" in text and any(map(text.upper().__contains__, _WORDS)))
    )
    return bool(seldom) and _MAY.search(text) is not None


def find_deviations(
    engine: Engine, text: str, answer: Answer, base: str = "", dataset: Dataset = WHOLE
) -> tuple[Hint, ...]:
    """Where ``answer``, to the query ``text`` of ``dataset``, may lack what SPARQL 1.1 asks for.

    Asks the engine about terms and patterns that stand in the query; raises what it raises.
    """
    if not may_deviate(text):
        return ()
    decoded = decode(text).text
    found = list(tokens(decoded))
    told = [*_unvalued(engine, decoded, found, answer, dataset), *_replacements(found)]
    told += [*_unreadable(engine, found), *_lost(engine, found, base, dataset)]
    merged = find_merged(engine, decoded, found, answer, base)
    told += [Hint("alternatives", {"text": each}) for each in merged]
    return tuple(each for at, each in enumerate(told) if each not in told[:at])[:MOST_TOLD]


def _lost(engine: Engine, found: list[Token], base: str, dataset: Dataset) -> list[Hint]:
    """The terms that the graph lacks, from which or to which a path of length zero leads.

    Where named graphs are asked, none of them has the term either.
    """
    resolver = Resolver(found, base)
    terms: dict[str, NamedNode | Literal] = {}
    for token in _ends_of_empty_paths(found):
        for value in resolver.iri(token) if token.kind != "string" else value_of(token.text):
            try:
                term = Literal(value) if token.kind == "string" else NamedNode(value)
            except ValueError:
                continue
            terms[str(term)] = term
    if not terms:
        return []
    has_graphs = dataset or any(each.word in ("FROM", "GRAPH") for each in found)
    text = _NO_NODES.removesuffix("\n}") + _NOR_IN_GRAPHS if has_graphs else _NO_NODES
    rows = select(engine, text, terms=list(terms.values())[:MOST_TOLD])
    lacking = {str(row["term"]) for row in rows}
    return [
        Hint("path", {"term": term.value if isinstance(term, NamedNode) else each})
        for each, term in terms.items()
        if each in lacking
    ]


def _ends_of_empty_paths(found: list[Token]) -> Iterator[Token]:
    """The constant terms at either end of a path that may have no length."""
    subject: Token | None = None
    begins = True
    for place, token in enumerate(found):
        if begins and (token.kind in _ENDS or token.kind == "variable"):
            subject = token
        begins = token.text in ("{", "}", ".")
        if token is not subject and token.text != ";":
            continue
        end, is_empty = _path(found, place + 1)
        if not is_empty or end >= len(found):
            continue
        if subject is not None and subject.kind in _ENDS:
            yield subject
        yield from _objects(found, end)


def _objects(found: list[Token], place: int) -> Iterator[Token]:
    """The constant objects from ``place`` on, with commas between them."""
    while place < len(found) and (found[place].kind in (*_ENDS, "variable")):
        token, after = found[place], found[place + 1 : place + 2]
        is_plain = not after or (after[0].kind != "language" and after[0].text != "^")
        if token.kind in _ENDS and is_plain:
            yield token
        if not after or after[0].text != ",":
            return
        place += 2


def _path(found: list[Token], place: int) -> tuple[int, bool]:
    """Where the path that begins at ``place`` ends, and whether it may have no length (9.1)."""
    some, every = False, True
    while place < len(found):
        while place < len(found) and found[place].text in ("^", "!"):
            place += 1
        if place >= len(found):
            break
        token = found[place]
        if token.text == "(":
            place, is_empty = _path(found, place + 1)
            place += 1  # its bracket
        elif token.kind in ("iri", "name") or token.text == "a":
            place, is_empty = place + 1, False
        else:
            return place, False
        if place < len(found) and found[place].text in ("*", "?", "+"):
            is_empty |= found[place].text != "+"
            place += 1
        every &= is_empty
        joined = found[place].text if place < len(found) else ""
        if joined == "|":
            some, every = some or every, True
        elif joined != "/":
            break
        place += 1
    return place, some or every


def _calls(found: list[Token], *names: str) -> Iterator[tuple[Token, list[list[Token]], int]]:
    """Each call of a function of these names: its word, its arguments, the place behind it."""
    for place, token in enumerate(found):
        if token.word not in names:
            continue
        arguments: list[list[Token]] = [[]]
        depth = 0
        for at in range(place + 1, len(found)):
            text = found[at].text
            depth += (text == "(") - (text == ")")
            if depth == 0:
                yield token, arguments, at + 1
                break
            if text == "," and depth == 1:
                arguments.append([])
            elif depth > 1 or text != "(":
                arguments[-1].append(found[at])


def _constant(argument: list[Token]) -> str | None:
    """The plain string that ``argument`` is; None if it is something else."""
    if len(argument) == 1 and argument[0].kind == "string":
        return next(iter(value_of(argument[0].text)), None)
    return None


def _unreadable(engine: Engine, found: list[Token]) -> list[Hint]:
    """The regular expressions that cannot be read, or mean something else than in XPath."""
    tried: dict[tuple[str, str], bool] = {}
    for token, arguments, _ in _calls(found, "REGEX", "REPLACE"):
        flags_at = 2 if token.word == "REGEX" else 3
        pattern = _constant(arguments[1]) if len(arguments) > 1 else None
        flags = _constant(arguments[flags_at]) if len(arguments) > flags_at else ""
        if pattern is None or flags is None or len(tried) >= MOST_TOLD:
            continue
        if flags == "" and _PLAIN_PATTERN.fullmatch(pattern):
            continue
        if not _FLAGS.issuperset(flags):  # an error in SPARQL too
            continue
        if (pattern, flags) not in tried:
            values = {"pattern": Literal(pattern), "flags": Literal(flags)}
            is_read = ask(engine, _READABLE, **values)
            tried[pattern, flags] = is_read and not _reads_otherwise(pattern, flags)
    return [
        Hint("pattern", {"text": pattern}) for (pattern, _), is_read in tried.items() if not is_read
    ]


def _reads_otherwise(pattern: str, flags: str) -> bool:
    """Whether a pattern means something else to Rust than to XPath."""
    has_nested = "q" not in flags and _NESTED.search(pattern) is not None
    return has_nested or as_rust(pattern, flags) != pattern


def as_rust(pattern: str, flags: str) -> str:
    """``pattern`` of XPath as Oxigraph reads it: ``[a-z-[aeiou]]`` are the letters but vowels.

    ``&&`` and ``~~`` in a class are signs, and so is ``#`` with the flag ``x`` (F&O 5.6.1, 5.6.2).
    """
    if "q" in flags:
        return pattern
    depth = 0

    def put(match: re.Match[str]) -> str:
        nonlocal depth
        inside, text = depth > 0, match[0]
        if text == "]":
            depth -= inside
        elif text in ("[", "-["):
            depth += 1
        if text == "#":
            return r"\#" if "x" in flags else text
        if text in ("&&", "~~"):
            return rf"\{text[0]}\{text[0]}" if inside else text
        return "--[" if inside and text == "-[" else text

    return re.sub(r"\\.|-?\[|\]|&&|~~|#", put, pattern, flags=re.DOTALL)


def _replacements(found: list[Token]) -> list[Hint]:
    """The texts that a REPLACE puts in, which are read otherwise than by XPath."""
    texts = (_constant(each[2]) for _, each, _ in _calls(found, "REPLACE") if len(each) > 2)
    return [
        Hint("replacement", {"text": text})
        for text in texts
        if text and _OTHER_REPLACEMENT.search(text)
    ]


def _unvalued(
    engine: Engine, text: str, found: list[Token], answer: Answer, dataset: Dataset
) -> list[Hint]:
    """The aggregates that have no value in some row of an answer, and what may cure them."""
    if answer.form is not Form.SELECT:
        return []
    named: dict[str, list[tuple[str, str]]] = {}
    for token, arguments, end in _calls(found, *_AGGREGATES):
        cure = _cure(token.word, arguments[0], text)
        whole = text[token.start : found[end - 1].start + 1]
        for name in _names(found[end:]):
            named.setdefault(name, []).append((whole, cure))
    lacking = _lacking(answer, set(named)) if named else set()
    if lacking and answer.media_type == _CSV:
        _, rows = solutions(engine, text, dataset)
        lacking = {name for name in lacking if any(name not in row for row in rows)}
    is_grouped = any(token.word == "GROUP" for token in found)
    return [
        Hint(
            "aggregate",
            {"text": whole, "cure": _as_doubles(engine, text, whole, name, dataset) or cure},
        )
        for name, several in named.items()
        for whole, cure in several
        if name in lacking
        and (is_grouped or not _LEAST.match(whole) or _counts(engine, text, dataset))
    ]


def _cure(aggregate: str, argument: list[Token], text: str) -> str:
    """What may give ``aggregate`` a value; where only numbers are taken, they may be too large."""
    if any(each.word in AGGREGATES for each in argument):
        inner = "{ SELECT (... AS ?each) { ... } GROUP BY ... }"
        return f"SELECT ({aggregate}(?each) AS ?all) {inner}"
    variable = next((each.text for each in argument if each.kind == "variable"), "?x")
    if aggregate in ("SUM", "AVG") and "ISNUMERIC" in text.upper():
        return f"{aggregate}(xsd:double({variable}))"
    return _AGGREGATES[aggregate].format(variable)


def _as_doubles(engine: Engine, text: str, whole: str, name: str, dataset: Dataset) -> str:
    """The sum ``whole`` over doubles, if it then has a value: its numbers are only too large."""
    found = _SUM.fullmatch(whole)
    if not found:
        return ""
    word, variable = found.groups()
    doubles = text.replace(whole, f"{word}(<{XSD.double}>({variable}))")
    _, rows = solutions(engine, doubles, dataset)
    return f"{word}(xsd:double({variable}))" if rows and all(name in row for row in rows) else ""


def _counts(engine: Engine, text: str, dataset: Dataset) -> bool:
    """Whether MIN or MAX in the query ``text`` has any value: without one SPARQL gives none too."""
    _, rows = solutions(engine, _LEAST.sub("COUNT(", text), dataset)
    return any(str(getattr(term, "value", "0")) != "0" for row in rows for term in row.values())


def _names(after: list[Token]) -> Iterator[str]:
    """The variable that the expression before ``after`` is named by, if it is in a SELECT."""
    depth = 0
    for token, following in pairwise(after):
        depth += (token.text == "(") - (token.text == ")")
        if depth < 0 and token.text != ")":
            return
        if token.word == "AS" and following.kind == "variable":
            yield following.text[1:]
            return
        if token.text in ("{", "}") or token.word in ("WHERE", "FROM"):
            return


def _lacking(answer: Answer, names: Iterable[str]) -> set[str]:
    """Those of the variables ``names`` that have no value in some row of ``answer``."""
    if answer.length > LONGEST_READ or not isinstance(answer.body, bytes):
        return set()
    read = result_format(answer.media_type).read
    try:
        found = read(answer.body) if read else False
    except UNREADABLE:
        found = False
    if isinstance(found, bool):
        return set()
    variables, rows = found
    asked = [place for place, name in enumerate(variables) if name in set(names)]
    return {variables[place] for row in rows for place in asked if row[place] is None}
