"""What claims can be chosen by, as graph patterns with places for values (design: site)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

from pyoxigraph import NamedNode

from cecot.sparql.asking import bound
from cecot.vocabulary import CECOT, DCTERMS, RDF, SCHEMA, SKOS

PREFIXES = "".join(
    f"PREFIX {prefix}: <{namespace}>\n"
    for prefix, namespace in (
        ("cecot", CECOT),
        ("dcterms", DCTERMS),
        ("rdf", RDF),
        ("schema", SCHEMA),
        ("skos", SKOS),
    )
)
PATTERNS: Mapping[str, str] = {
    "about": (
        "VALUES ?role { rdf:subject rdf:object cecot:about cecot:accused cecot:aboutPolicy "
        "cecot:allegedQuantity } ?claim ?role $about ."
    ),
    "by": "?claim cecot:statedBy $by .",
    "status": "?claim cecot:modality $status .",
    "act": "VALUES ?act { $act } ?kind skos:broader* ?act . ?claim cecot:allegedAct ?kind .",
    "policy": "?claim cecot:aboutPolicy $policy .",
    "predicate": "?claim rdf:predicate $predicate .",
    "source": "?claim cecot:passage/dcterms:isPartOf $source .",
}
VALUES: Mapping[str, str] = {
    "by": "?claim cecot:statedBy ?value . FILTER NOT EXISTS { ?value a cecot:Source }",
    "act": "?claim cecot:allegedAct/skos:broader* ?value .",
    "policy": "?claim cecot:aboutPolicy ?value .",
}
"""What a filter can be, as patterns of ``?value``.

Of speakers only those that are no source: what a source says in its own voice is asserted.
"""

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
    """What claims are asked for, by IRIs; those that are None, or empty, do not count.

    ``about`` is what a claim is said of or says, ``by`` its speaker, ``status`` its modality,
    ``act`` (any of these, or of what they are groups of) and ``policy`` are those of allegations,
    ``predicate`` is what is said of the subject, ``source`` where it is said.
    """

    about: NamedNode | None = None
    by: NamedNode | None = None
    status: NamedNode | None = None
    act: tuple[NamedNode, ...] = ()
    policy: NamedNode | None = None
    predicate: NamedNode | None = None
    source: NamedNode | None = None

    def given(self) -> dict[str, NamedNode | tuple[NamedNode, ...]]:
        """Those that count, by name."""
        values = ((each.name, getattr(self, each.name)) for each in fields(self))
        return {name: value for name, value in values if value}

    def nodes(self) -> dict[str, tuple[NamedNode, ...]]:
        """Those that count, by name, each as a list."""
        return {
            name: value if isinstance(value, tuple) else (value,)
            for name, value in self.given().items()
        }

    def turned(self) -> tuple[str, Filters] | None:
        """What somebody may have meant who found nothing: said by it, not about it, or reverse.

        Comes with the name of the filter that is new; None if neither or both are given.
        """
        if self.about and not self.by:
            return "by", replace(self, about=None, by=self.about)
        if self.by and not self.about:
            return "about", replace(self, by=None, about=self.by)
        return None

    @property
    def pattern(self) -> str:
        """The graph pattern of ``?claim``, with places for the values; empty for all claims."""
        return " ".join(PATTERNS[name] for name in self.given())


def query_of(filters: Filters) -> str:
    """A query that a reader can run and change: the claims that match, by their places."""
    pattern = "\n  ".join(PATTERNS[name] for name in filters.given()) or EVERY
    return PREFIXES + bound(_SHOWN.format(pattern=pattern), filters.given())
