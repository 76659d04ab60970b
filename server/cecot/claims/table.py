"""Claims chosen by what they say, who says it and how sure, a page at a time.

Pages are told apart by the last claim of the page before, never by a number: a page of a large
graph costs no more than the first one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from itertools import islice
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode

from cecot.claims.claim import Claim, read_claims, status_order
from cecot.claims.nodes import Node, read_nodes
from cecot.claims.search import worded
from cecot.claims.subgraph import query
from cecot.claims.words import Words
from cecot.dates import Edtf
from cecot.engine import Engine
from cecot.errors import BadRequest
from cecot.messages import say
from cecot.rdf.terms import count_of, iri_of
from cecot.sparql.asking import Binding, Row, bound, select, select_iris
from cecot.vocabulary import CECOT, DCTERMS, RDF, SCHEMA, SKOS, XSD

PREFIXES = "".join(
    f"PREFIX {prefix}: <{namespace}>\n"
    for prefix, namespace in (
        ("cecot", CECOT),
        ("dcterms", DCTERMS),
        ("rdf", RDF),
        ("schema", SCHEMA),
        ("skos", SKOS),
        ("xsd", XSD),
    )
)
_ABOUT = (
    "VALUES ?role { rdf:subject rdf:object cecot:about cecot:accused cecot:aboutPolicy "
    "cecot:allegedQuantity } "
)
_OF_POLICY = "rdf:subject|rdf:object|cecot:aboutPolicy"
PATTERNS: Mapping[str, str] = {
    "about": (
        f"{_ABOUT}VALUES ?meant {{ $about }} ?claim ?role ?meant ; cecot:modality ?presented ."
    ),
    "by": "VALUES ?speaking { $by } ?claim cecot:statedBy ?speaking .",
    "status": "VALUES ?sure { $status } ?claim cecot:modality ?sure .",
    "act": "VALUES ?act { $act } ?kind skos:broader* ?act . ?claim cecot:allegedAct ?kind .",
    "policy": f"VALUES ?ordered {{ $policy }} ?claim {_OF_POLICY} ?ordered ; cecot:modality ?how .",
    "predicate": "VALUES ?told { $predicate } ?claim rdf:predicate ?told .",
    "source": "VALUES ?text { $source } ?claim cecot:passage/dcterms:isPartOf ?text .",
}
_DATED = (
    "?claim rdf:object|cecot:asOf|((rdf:subject|rdf:object|cecot:saidIn)/cecot:when) ?day . "
    "?day schema:startDate ?first ; schema:endDate ?last . "
    "FILTER (?first >= $first && ?last <= $last)"
)
"""What gives a date that lies in a time: its value, as of when it is, what it is said in or of."""

VALUES: Mapping[str, str] = {
    "about": f"{_ABOUT}?claim ?role ?value ; cecot:modality ?presented .",
    "status": "?claim cecot:modality ?value .",
    "by": "?claim cecot:statedBy ?value .",
    "act": "?claim cecot:allegedAct/skos:broader* ?value .",
    "policy": f"?claim {_OF_POLICY} ?value ; cecot:modality ?how . ?value a cecot:Policy .",
    "source": "?claim cecot:passage/dcterms:isPartOf ?value .",
}
"""What a filter can be, as patterns of ``?value``."""

EVERY = "?claim a cecot:Claim ."
_SHOWN = """SELECT DISTINCT ?claim ?status ?speaker ?source ?line ?start ?end WHERE {{
  {pattern}
  ?claim cecot:modality ?status ; cecot:statedBy ?speaker ; cecot:passage ?passage .
  ?passage dcterms:isPartOf ?source ; schema:position ?line .
  OPTIONAL {{ ?claim cecot:start ?start ; cecot:end ?end }}
}}
ORDER BY ?source ?line ?start ?end ?claim ?status ?speaker
LIMIT 100
"""


@dataclass(frozen=True, slots=True)
class Filters:
    """What claims are asked for, by IRIs, any of each; those that are empty do not count.

    ``about`` is what a claim is said of or says, ``by`` its speaker, ``status`` its modality,
    ``act`` (these, or what they are groups of) and ``policy`` are those of allegations,
    ``predicate`` is what is said of the subject, ``source`` where it is said. All ``words`` stand
    in its texts or in the names of its parts; a date that it gives lies within ``date``.
    """

    about: tuple[NamedNode, ...] = ()
    by: tuple[NamedNode, ...] = ()
    status: tuple[NamedNode, ...] = ()
    act: tuple[NamedNode, ...] = ()
    policy: tuple[NamedNode, ...] = ()
    predicate: tuple[NamedNode, ...] = ()
    source: tuple[NamedNode, ...] = ()
    words: Words = field(default_factory=lambda: Words(()))
    date: Edtf | None = None

    def given(self) -> dict[str, tuple[NamedNode, ...]]:
        """The things that count, by the name of their filter."""
        values = ((each.name, getattr(self, each.name)) for each in fields(self))
        return {name: value for name, value in values if name in PATTERNS and value}

    def values(self) -> dict[str, Binding]:
        """What stands in the places of the pattern."""
        values: dict[str, Binding] = dict(self.given())
        values |= worded(self.words)[1]
        if self.date:
            day = NamedNode(XSD.date)
            values["first"] = Literal(self.date.first.isoformat(), datatype=day)
            values["last"] = Literal(self.date.last.isoformat(), datatype=day)
        return values

    def turned(self) -> tuple[str, Filters] | None:
        """What somebody may have meant who found nothing: said by it, not about it, or reverse.

        Comes with the name of the filter that is new; None if neither or both are given.
        """
        if self.about and not self.by:
            return "by", replace(self, about=(), by=self.about)
        if self.by and not self.about:
            return "about", replace(self, by=(), about=self.by)
        return None

    @property
    def pattern(self) -> str:
        """The graph pattern of ``?claim``, with places for the values; empty for all claims."""
        return "\n  ".join(
            (
                *(PATTERNS[name] for name in self.given()),
                *((_DATED,) if self.date else ()),
                *((worded(self.words)[0],) if self.words.all else ()),
            )
        )


def query_of(filters: Filters) -> str:
    """A query that a reader can run and change: the claims that match, by their places."""
    return PREFIXES + bound(_SHOWN.format(pattern=filters.pattern or EVERY), filters.values())


def count_values(engine: Engine, filters: Filters, name: str) -> dict[NamedNode, int]:
    """How many claims have each value of the filter ``name`` (one of VALUES).

    They are counted among the claims that match all *other* filters: so many are left if a value
    is chosen. Raises what the engine raises.
    """
    rest = replace(filters, **{name: ()})  # type: ignore[arg-type]
    text = f"SELECT ?value (COUNT(DISTINCT ?claim) AS ?n) {{ {rest.pattern} {VALUES[name]} }}"
    return _counts(select(engine, f"{PREFIXES}{text} GROUP BY ?value", **rest.values()))


def _counts(rows: Iterable[Row]) -> dict[NamedNode, int]:
    """How many there are (``n``) of each ``value``."""
    values = ((row.get("value"), count_of(row["n"])) for row in rows)
    return {value: count for value, count in values if isinstance(value, NamedNode)}


SORTS = ("place", "speaker", "status")
"""What claims can be sorted by, after which comes their place in the text (Claim.order)."""

MOST = 3000
"""Matching claims up to which all are fetched and sorted; more are taken source by source."""

_FIRST_SOURCES = 8
_PLACE = (
    "?claim cecot:passage ?passage . ?passage dcterms:isPartOf ?in . "
    "OPTIONAL { ?passage schema:position ?line } "
    "OPTIONAL { ?claim cecot:start ?start ; cecot:end ?end }"
)
_GROUPS = {
    "place": "",
    "speaker": "?claim cecot:statedBy ?group .",
    "status": "?claim cecot:modality ?group .",
}


@dataclass(frozen=True, slots=True)
class Order:
    """How claims are sorted: by one of ``SORTS``, perhaps the other way round."""

    by: str = "place"
    descending: bool = False


@dataclass(frozen=True, slots=True)
class ClaimPage:
    """A page of claims; ``total`` is how many match, ``more`` whether others follow the last."""

    claims: tuple[Claim, ...]
    total: int
    more: bool


def find_claims(
    engine: Engine,
    filters: Filters,
    order: Order,
    size: int,
    after: NamedNode | None = None,
    *,
    total: int | None = None,
    most: int = MOST,
) -> ClaimPage:
    """The first ``size`` claims that match, or those that come after the claim ``after``.

    ``total`` is how many match, where that is known already. More than ``most`` are not sorted
    together, but taken source by source. Raises BadRequest if ``after`` is no claim, and what the
    engine raises.
    """
    search = _Search(engine, filters, order, most)
    start = search.key_of(after) if after else None
    if after and not start:
        raise BadRequest(
            say("There is no claim {iri!r} to go on after.", iri=after.value[:200]),
            hint=say("Begin without it, and go on with what the answer gives as the next."),
            where="after",
        )
    total = search.count() if total is None else total
    keys = list(islice(search.keys(total, start), size + 1))
    claims = read_claims(engine, [NamedNode(key.claim) for key in keys[:size]])
    return ClaimPage(tuple(claims), total, more=len(keys) > size)


def most_used(counts: Mapping[NamedNode, int], most: int) -> list[NamedNode]:
    """The values of a filter that most claims have, the first of equals by its IRI."""
    return sorted(counts, key=lambda value: (-counts[value], value.value))[:most]


class _Key(NamedTuple):
    """Where a claim stands: the rank of its group, source, line, its characters, its IRI."""

    group: tuple[int, str]
    source: str
    line: int
    span: tuple[int, int]
    claim: str


class _Search:
    """One search: claims fall into groups (speakers, statuses), and stand in sources."""

    def __init__(self, engine: Engine, filters: Filters, order: Order, most: int) -> None:
        self._engine = engine
        self._most = most
        self._pattern = filters.pattern
        self._values = filters.values()
        self._descending = order.descending
        self._group = _GROUPS[order.by]
        # Every claim has a status and a speaker, so a group alone says which nodes are claims.
        self._chosen = f"{self._pattern} {self._group}" if self._pattern or self._group else EVERY

    def count(self) -> int:
        """How many claims match."""
        rows = self._select(f"SELECT (COUNT(DISTINCT ?claim) AS ?n) {{ {self._pattern or EVERY} }}")
        return count_of(rows[0]["n"])

    def key_of(self, claim: NamedNode) -> _Key | None:
        """Where ``claim`` stands; None if it is no claim."""
        known = f"VALUES ?claim {{ $claim }} ?claim cecot:modality ?modality . {self._group}"
        text = f"SELECT ?claim ?group ?in ?line ?start ?end {{ {known} OPTIONAL {{ {_PLACE} }} }}"
        keys = _keys(select(self._engine, PREFIXES + text, claim=claim))
        return next(iter(keys), None)

    def keys(self, total: int, start: _Key | None) -> Iterator[_Key]:
        """The keys of the claims after ``start``, in order, fetched as they are asked for."""
        for groups, size in self._batches(total, start):
            batches = (
                [self._read(groups)]
                if size <= self._most
                else self._source_by_source(groups, start)
            )
            for keys in batches:
                yield from sorted(
                    (key for key in keys if start is None or self._is_after(key, start)),
                    reverse=self._descending,
                )

    def _batches(
        self, total: int, start: _Key | None
    ) -> Iterator[tuple[tuple[NamedNode, ...], int]]:
        """Groups that are worth one query, in order, with how many claims they have together."""
        if not self._group:
            yield (), total
            return
        by_group = f"{{ {self._chosen} }} GROUP BY ?group"
        counts = _counts(self._select(f"SELECT (?group AS ?value) (COUNT(*) AS ?n) {by_group}"))
        batch: list[NamedNode] = []
        size = 0
        for group in sorted(counts, key=_rank, reverse=self._descending):
            if start and self._is_after(start.group, _rank(group)):
                continue
            batch.append(group)
            size += counts[group]
            if size > self._most // 10:
                yield tuple(batch), size
                batch, size = [], 0
        if batch:
            yield tuple(batch), size

    def _source_by_source(
        self, groups: tuple[NamedNode, ...], start: _Key | None
    ) -> Iterator[list[_Key]]:
        """The keys of the claims in ``groups``: of some sources, then of the next, more and more.

        A claim that stands in several sources is listed in the first of them alone, one that
        stands in none before all others.
        """
        if not self._descending:
            yield self._read_nowhere(groups)
        comparison = "<=" if self._descending else ">="
        rest = f"FILTER(STR(?in) {comparison} $start)" if start else ""
        order = "DESC(?in)" if self._descending else "?in"
        sources = select_iris(
            self._engine,
            f"{PREFIXES}SELECT ?in {{ ?in a cecot:Source {rest} }} ORDER BY {order}",
            "in",
            **({"start": Literal(start.source)} if start else {}),
        )
        first, size = 0, _FIRST_SOURCES
        while first < len(sources):
            batch = sources[first : first + size]
            names = {each.value for each in batch}
            yield [key for key in self._read(groups, tuple(batch)) if key.source in names]
            first, size = first + size, size * 2
        if self._descending:
            yield self._read_nowhere(groups)

    def _read(
        self, groups: tuple[NamedNode, ...], sources: tuple[NamedNode, ...] = ()
    ) -> list[_Key]:
        """The keys of the claims that match, in ``groups`` and ``sources`` where there are any."""
        values: dict[str, tuple[NamedNode, ...]] = {}
        chosen = ""
        if sources:
            values["sources"] = sources
            chosen = (
                "VALUES ?chosen { $sources } ?part dcterms:isPartOf ?chosen . "
                "?claim cecot:passage ?part ."
            )
        elif groups:
            values["groups"] = groups
            chosen = f"VALUES ?one {{ $groups }} {self._group.replace('?group', '?one')}"
        text = f"{chosen} {self._chosen} OPTIONAL {{ {_PLACE} }}"
        rows = self._select(f"SELECT ?claim ?group ?in ?line ?start ?end {{ {text} }}", **values)
        return _keys_in(groups, rows)

    def _read_nowhere(self, groups: tuple[NamedNode, ...]) -> list[_Key]:
        """The keys of the claims in ``groups`` that stand in no source, against the rules."""
        # MINUS reads all places once; NOT EXISTS joins them anew for each claim.
        placed = "?claim cecot:passage ?passage . ?passage dcterms:isPartOf ?in"
        text = f"{self._chosen} MINUS {{ {placed} }}"
        return _keys_in(groups, self._select(f"SELECT ?claim ?group {{ {text} }}"))

    def _select(self, text: str, **values: Binding) -> list[Row]:
        return select(self._engine, PREFIXES + text, **self._values, **values)

    def _is_after(self, one: tuple[object, ...], other: tuple[object, ...]) -> bool:
        return one < other if self._descending else one > other


def _keys_in(groups: Iterable[NamedNode], rows: Iterable[Row]) -> list[_Key]:
    """The keys of the claims in ``rows`` that fall into ``groups``; all, where there are none."""
    ranks = {_rank(group) for group in groups}
    return [key for key in _keys(rows) if not ranks or key.group in ranks]


def _keys(rows: Iterable[Row]) -> list[_Key]:
    """The key of each claim in ``rows``: of its groups and its places the first."""
    found: dict[str, _Key] = {}
    for row in rows:
        claim = iri_of(row["claim"])
        group, source = row.get("group"), row.get("in")
        line, start, end = (count_of(row.get(each)) for each in ("line", "start", "end"))
        key = _Key(
            _rank(group) if isinstance(group, NamedNode) else (0, ""),
            iri_of(source) if source else "",
            line,
            (start, end),
            claim,
        )
        found[claim] = min(key, found.get(claim, key))
    return list(found.values())


def _rank(group: NamedNode) -> tuple[int, str]:
    """Statuses come in their order, all else by IRI."""
    return status_order(group.value.removeprefix(str(CECOT)))[0], group.value


Grouped = list[tuple[NamedNode, tuple[NamedNode, ...]]]


def grouped(engine: Engine, acts: Sequence[NamedNode]) -> Grouped:
    """``acts`` in their order, each with those that it is the group of; an act stands once.

    Raises what the engine raises.
    """
    if not acts:
        return []
    group_of: dict[NamedNode, NamedNode] = {}
    for row in select(engine, query("groups-of-acts"), acts=acts):
        act, group = row["act"], row["group"]
        if isinstance(act, NamedNode) and isinstance(group, NamedNode) and group in acts:
            group_of.setdefault(act, group)
    return [
        (act, tuple(each for each in acts if group_of.get(each) == act))
        for act in acts
        if act not in group_of or group_of.get(group_of[act]) is not None
    ]


def list_class(
    engine: Engine, type_: NamedNode, size: int, after: str = ""
) -> tuple[list[Node], bool]:
    """The first things of a class after the IRI ``after``, by IRI; whether there are more.

    Raises what the engine raises.
    """
    asked = query("things-of-class")
    found = select_iris(engine, asked, "thing", type=type_, most=size + 1, after=Literal(after))
    return read_nodes(engine, found[:size]), len(found) > size
