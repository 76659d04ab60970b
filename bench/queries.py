"""The classes of queries that are compared, the same text for every server.

Each request ends in a comment with a number of its own, so that no server can answer it from a
store of answers; the class ``repeated`` alone leaves the number out.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from bench.drive import COUNTER
from bench.wire import Target, ask

PREFIXES = """\
PREFIX cecot: <https://w3id.org/cecot/ontology#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX schema: <https://schema.org/>
"""

THING = "SELECT ?p ?o { <%s> ?p ?o }"

PASSAGE = """\
SELECT ?claim ?modality ?speaker {
  ?claim cecot:passage <%s> ; cecot:modality ?modality ; cecot:statedBy ?speaker
}"""

LABELS = """\
SELECT ?p ?o ?label {
  <%s> ?p ?o OPTIONAL { ?o rdfs:label ?label FILTER(LANG(?label) = "en") }
}"""

SOURCE = """\
SELECT ?line ?claim ?modality ?speaker ?words {
  ?passage dcterms:isPartOf <%s> ; schema:position ?line .
  ?claim cecot:passage ?passage ; cecot:modality ?modality ; cecot:statedBy ?by .
  ?by rdfs:label ?speaker FILTER(LANG(?speaker) = "en")
  OPTIONAL { ?claim cecot:exact ?words }
} ORDER BY ?line ?claim"""

SPEAKER = """\
SELECT ?modality ?predicate (COUNT(?claim) AS ?claims) (COUNT(DISTINCT ?source) AS ?sources) {
  ?claim cecot:statedBy <%s> ; cecot:modality ?modality ; cecot:passage/dcterms:isPartOf ?source
  OPTIONAL { ?claim rdf:predicate ?predicate }
} GROUP BY ?modality ?predicate ORDER BY DESC(?claims)"""

TABLE = """\
SELECT ?predicate ?modality (COUNT(*) AS ?claims) {
  ?claim rdf:predicate ?predicate ; cecot:modality ?modality ; cecot:passage ?passage .
  ?passage schema:position ?line FILTER(?line > 2)
} GROUP BY ?predicate ?modality ORDER BY DESC(?claims)"""

SEARCH = """\
SELECT ?thing ?label {
  ?thing rdfs:label ?label FILTER(CONTAINS(LCASE(STR(?label)), "towers (s00"))
} ORDER BY ?label ?thing LIMIT 50"""

ROWS = "SELECT ?s ?p ?o { ?s ?p ?o } LIMIT %d"


@dataclass(frozen=True, slots=True)
class QueryClass:
    """Queries of one kind, asked in turn; ``largest`` is the biggest answer in rows, about."""

    name: str
    queries: tuple[str, ...]
    repeated: bool = False

    def requests(self, where: Target) -> list[bytes]:
        """The queries as requests to ``where``."""
        tail = "" if self.repeated else f"\n#{COUNTER.decode()}"
        return [where.get(query + tail) for query in self.queries]


def classes(where: Target, rows: int = 100_000) -> list[QueryClass]:
    """The classes, about things that the endpoint ``where`` knows."""
    claims = _sample(where, "?x a cecot:Claim", 2000)
    passages = _sample(where, "?x a cecot:Passage", 1000)
    people = _sample(where, "?x a cecot:Person", 1000)
    sources = _sample(where, "?x a cecot:Source", 200)
    speakers = _sample(where, "?x a cecot:Organization . ?y cecot:statedBy ?x", 200)
    small = [THING % iri for iri in claims] + [THING % iri for iri in people]
    small += [PREFIXES + PASSAGE % iri for iri in passages]
    small += [PREFIXES + LABELS % iri for iri in people]
    medium = [PREFIXES + SOURCE % iri for iri in sources]
    medium += [PREFIXES + SPEAKER % iri for iri in speakers]
    return [
        QueryClass("repeated", (PREFIXES + PASSAGE % passages[0],), repeated=True),
        QueryClass("small", tuple(_shuffled(small))),
        QueryClass("medium", tuple(_shuffled(medium))),
        QueryClass("heavy", (PREFIXES + TABLE, PREFIXES + SEARCH)),
        QueryClass("large", (ROWS % rows,)),
    ]


def rows(where: Target, query: str, timeout: float = 300.0) -> list[dict[str, object]]:
    """The rows that ``where`` answers with; raises RuntimeError if it does not."""
    reply = ask(where, where.get(query), kept=1 << 30, timeout=timeout)
    if reply.status != 200:
        raise RuntimeError(f"{where.url} answered {reply.status}: {bytes(reply.body[:500])!r}")
    return list(json.loads(reply.body)["results"]["bindings"])


def _sample(where: Target, pattern: str, most: int) -> list[str]:
    query = f"{PREFIXES}SELECT DISTINCT ?x {{ {pattern} }} ORDER BY ?x"
    found = [str(row["x"]["value"]) for row in rows(where, query)]  # type: ignore[index]
    if not found:
        raise RuntimeError(f"{where.url} knows nothing with {pattern}")
    return found[:: max(1, len(found) // most)][:most]


def _shuffled(queries: list[str]) -> list[str]:
    """The same queries, the kinds mixed, in an order that is always the same."""
    step = 7919  # a prime that divides no length in use: every query comes once
    return [queries[(at * step) % len(queries)] for at in range(len(queries))]
