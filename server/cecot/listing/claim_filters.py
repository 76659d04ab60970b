"""What claims can be chosen by, as graph patterns with places for values (design: site)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

from pyoxigraph import NamedNode

from cecot.sparql.asking import bound
from cecot.vocabulary import CECOT, DCTERMS, RDF, SCHEMA

PREFIXES = "".join(
    f"PREFIX {prefix}: <{namespace}>\n"
    for prefix, namespace in (
        ("cecot", CECOT),
        ("dcterms", DCTERMS),
        ("rdf", RDF),
        ("schema", SCHEMA),
    )
)
PATTERNS: Mapping[str, str] = {
    "about": (
        "VALUES ?role { rdf:subject rdf:object cecot:about cecot:accused cecot:aboutPolicy "
        "cecot:allegedQuantity } ?claim ?role $about ."
    ),
    "by": "?claim cecot:statedBy $by .",
    "status": "?claim cecot:modality $status .",
    "act": "?claim cecot:allegedAct $act .",
    "policy": "?claim cecot:aboutPolicy $policy .",
    "predicate": "?claim rdf:predicate $predicate .",
    "source": "?claim cecot:passage/dcterms:isPartOf $source .",
}
EVERY = "?claim a cecot:Claim ."
_SHOWN = """SELECT DISTINCT ?claim ?status ?speaker ?source ?line WHERE {{
  {pattern}
  ?claim cecot:modality ?status ; cecot:statedBy ?speaker ; cecot:passage ?passage .
  ?passage dcterms:isPartOf ?source ; schema:position ?line .
}}
ORDER BY ?source ?line ?claim
LIMIT 100
"""


@dataclass(frozen=True, slots=True)
class Filters:
    """What claims are asked for, each by an IRI; those that are None do not count.

    ``about`` is what a claim is said of or says, ``by`` its speaker, ``status`` its modality,
    ``act`` and ``policy`` are those of allegations, ``predicate`` is what is said of the subject,
    ``source`` where it is said.
    """

    about: NamedNode | None = None
    by: NamedNode | None = None
    status: NamedNode | None = None
    act: NamedNode | None = None
    policy: NamedNode | None = None
    predicate: NamedNode | None = None
    source: NamedNode | None = None

    def given(self) -> dict[str, NamedNode]:
        """Those that count, by name."""
        values = ((each.name, getattr(self, each.name)) for each in fields(self))
        return {name: value for name, value in values if value is not None}

    @property
    def pattern(self) -> str:
        """The graph pattern of ``?claim``, with places for the values; empty for all claims."""
        return " ".join(PATTERNS[name] for name in self.given())


def query_of(filters: Filters) -> str:
    """A query that a reader can run and change: the claims that match, by their places."""
    pattern = "\n  ".join(PATTERNS[name] for name in filters.given()) or EVERY
    return PREFIXES + bound(_SHOWN.format(pattern=pattern), filters.given())
