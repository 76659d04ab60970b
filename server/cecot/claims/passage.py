"""The passages of a source in order: what is claimed from each, what is left out (docs: model)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from cecot.claims.claim import STATUSES, Claim, read_claims
from cecot.claims.nodes import Node, Place, Reader, Text, Texts, texts_of
from cecot.claims.subgraph import gather_nodes, iri_of
from cecot.dataset.source_texts import SourceTexts
from cecot.engine import Engine
from cecot.rdf.terms import Term
from cecot.sparql.asking import Row, select
from cecot.vocabulary import CECOT, DCTERMS, PROV, RDF, SCHEMA, SKOS, SPDX

MOST_CLAIMS = 1000
"""Claims that are read for one page of passages."""

_PREFIXES = "".join(
    f"PREFIX {prefix}: <{namespace}>\n"
    for prefix, namespace in (
        ("cecot", CECOT),
        ("dcterms", DCTERMS),
        ("rdf", RDF),
        ("schema", SCHEMA),
        ("skos", SKOS),
        ("spdx", SPDX),
    )
)
_PASSAGES = """SELECT ?passage ?line {{
  ?passage dcterms:isPartOf $source ; schema:position ?line {rest}
}} ORDER BY ?line ?passage LIMIT {size}"""
_BEFORE = """SELECT ?passage ?line {
  ?passage dcterms:isPartOf $source ; schema:position ?line FILTER(?line < $line)
} ORDER BY DESC(?line) LIMIT 1"""
_DETAILS = """SELECT ?passage ?p ?o {
  VALUES ?passage { $passages }
  ?passage ?p ?o FILTER(?p IN (skos:editorialNote, cecot:hasCitation, cecot:spanHash))
}"""
_CLAIMS = f"""SELECT ?claim ?passage {{
  VALUES ?passage {{ $passages }} ?claim cecot:passage ?passage ; cecot:modality ?modality
}} LIMIT {MOST_CLAIMS}"""
_COUNTED = """SELECT ?status (COUNT(DISTINCT ?claim) AS ?n) {
  ?passage dcterms:isPartOf $source . ?claim cecot:passage ?passage ; cecot:modality ?status
} GROUP BY ?status"""
_COVERED = """SELECT (COUNT(DISTINCT ?passage) AS ?all) (COUNT(DISTINCT ?used) AS ?used_) {
  ?passage dcterms:isPartOf $source
  OPTIONAL { ?claim cecot:passage ?passage BIND(?passage AS ?used) }
}"""
_TEXT = """SELECT ?digest ?language {
  $source spdx:checksum/spdx:checksumValue ?digest OPTIONAL { $source dcterms:language ?language }
}"""


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage: where it is, its claims in order, notes on what is left out, citation markers.

    ``text`` is empty where the text is not at hand.
    """

    place: Place
    claims: tuple[Claim, ...]
    notes: Texts
    citations: tuple[Node, ...]
    text: Text


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of a source is claimed: passages, those with a claim, claims by status."""

    passages: int
    covered: int
    claims: Mapping[str, int]


def read_coverage(engine: Engine, source: NamedNode) -> Coverage:
    """Count what is claimed from ``source``. Raises what the engine raises."""
    rows = select(engine, _PREFIXES + _COUNTED, source=source)
    counts = {iri_of(row["status"]).removeprefix(str(CECOT)): _number(row["n"]) for row in rows}
    (row,) = select(engine, _PREFIXES + _COVERED, source=source)
    ordered = {name: counts[name] for name in STATUSES if name in counts}
    return Coverage(_number(row["all"]), _number(row["used_"]), ordered)


def read_passages(
    engine: Engine, source: NamedNode, texts: SourceTexts, after: int, size: int
) -> tuple[list[Passage], bool]:
    """The first ``size`` passages of ``source`` after line ``after``; whether there are more.

    Raises what the engine raises.
    """
    query = _PREFIXES + _PASSAGES.format(rest="FILTER(?line > $after)", size=size + 1)
    rows = select(engine, query, source=source, after=Literal(after))
    nodes = [node for row in rows[:size] if isinstance(node := row["passage"], NamedNode)]
    return _read(engine, source, nodes, texts), len(rows) > size


def read_passage(engine: Engine, passage: Place, texts: SourceTexts) -> Passage:
    """One passage, whole. Raises what the engine raises, ValueError if it is in no source."""
    if passage.source is None:
        raise ValueError("a passage is part of a source")
    node, source = NamedNode(passage.passage.iri), NamedNode(passage.source.iri)
    return _read(engine, source, [node], texts)[0]


def neighbours(engine: Engine, passage: Place) -> tuple[Place | None, Place | None]:
    """The passages before and after ``passage`` in its source. Raises what the engine raises."""
    if passage.source is None or passage.line is None:
        return None, None
    source, line = NamedNode(passage.source.iri), Literal(passage.line)
    after = _PASSAGES.format(rest="FILTER(?line > $line)", size=1)
    found = [
        select(engine, _PREFIXES + query, source=source, line=line) for query in (_BEFORE, after)
    ]
    before, later = (_place(rows) for rows in found)
    return before, later


def _read(
    engine: Engine, source: NamedNode, nodes: Sequence[NamedNode], texts: SourceTexts
) -> list[Passage]:
    if not nodes:
        return []
    details: dict[tuple[Term, str], list[Term]] = {}
    for row in select(engine, _PREFIXES + _DETAILS, passages=nodes):
        details.setdefault((row["passage"], iri_of(row["p"])), []).append(row["o"])
    citations = [
        each
        for (_, predicate), found in details.items()
        if predicate == str(CECOT.hasCitation)
        for each in found
        if isinstance(each, NamedNode)
    ]
    claims = _claims(engine, nodes)
    digest, language = _text(engine, source) if texts.by_digest else ("", "")
    reader = Reader(gather_nodes(engine, [source, *nodes, *citations]))

    def texts_at(node: NamedNode, predicate: str) -> Texts:
        return texts_of(details.get((node, predicate), ()))

    def passage(node: NamedNode) -> Passage:
        place = reader.place(node)
        span_hash = texts_at(node, str(CECOT.spanHash)).first("").value
        known = digest and place.start is not None and place.end is not None
        return Passage(
            place,
            claims.get(node.value, ()),
            texts_at(node, str(SKOS.editorialNote)),
            tuple(map(reader.node, details.get((node, str(CECOT.hasCitation)), ()))),
            Text(
                texts.passage(digest, place.start or 0, place.end or 0, span_hash) if known else "",
                language,
            ),
        )

    return [passage(node) for node in nodes]


def _claims(engine: Engine, passages: Iterable[NamedNode]) -> dict[str, tuple[Claim, ...]]:
    """The claims of each passage, by IRI."""
    found: dict[str, list[str]] = {}
    wanted: dict[NamedNode, None] = {}
    for row in select(engine, _PREFIXES + _CLAIMS, passages=passages):
        if isinstance(claim := row["claim"], NamedNode):
            found.setdefault(iri_of(row["passage"]), []).append(claim.value)
            wanted[claim] = None
    views = {view.iri: view for view in read_claims(engine, wanted)}
    return {
        passage: tuple(views[iri] for iri in sorted(iris) if iri in views)
        for passage, iris in found.items()
    }


def _text(engine: Engine, source: NamedNode) -> tuple[str, str]:
    """The SHA-256 of the text of ``source``, and its language; empty where they are not given."""
    for row in select(engine, _PREFIXES + _TEXT, source=source):
        values = [row[name] for name in ("digest", "language") if name in row]
        digest, *rest = (value.value for value in values if isinstance(value, Literal))
        return digest, (rest[0] if rest else "")
    return "", ""


def _place(rows: list[Row]) -> Place | None:
    if not rows:
        return None
    passage = rows[0]["passage"]
    node = Node(passage, iri_of(passage), Texts())
    return Place(node, None, _number(rows[0]["line"]), None, None)


def _number(term: Term) -> int:
    return int(term.value) if isinstance(term, Literal) and term.value.isdecimal() else 0


MOST = 100
_PAGES = f"""
SELECT DISTINCT ?source ?page {{
  ?source a <{CECOT.Source}> .
  OPTIONAL {{ ?source <{SCHEMA.url}>|<{PROV.wasQuotedFrom}> ?page }}
}} ORDER BY ?source ?page LIMIT {MOST}"""


@dataclass(frozen=True, slots=True)
class SourcePages:
    """A source, and the addresses of the web at which it stands."""

    node: Node
    pages: tuple[str, ...]


def read_source_pages(engine: Engine) -> tuple[SourcePages, ...]:
    """The sources, in the order of their IRIs. Raises what the engine raises."""
    pages: dict[NamedNode, list[str]] = {}
    for row in select(engine, _PAGES):
        if isinstance(source := row["source"], NamedNode):
            found = iri_of(row["page"]) if "page" in row else ""
            pages.setdefault(source, []).append(found)
    reader = Reader(gather_nodes(engine, pages))
    return tuple(
        SourcePages(reader.node(source), tuple(each for each in found if _is_page(each)))
        for source, found in pages.items()
    )


def _is_page(address: str) -> bool:
    return address.startswith(("https://", "http://"))
