"""The terms of the ontology as an editor looks for them: what each is for, and its use."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from cecot.editing.index import Index
from cecot.vocabulary import CECOT, RDF, RDFS, SCHEMA

_KINDS = (
    (RDFS.Class, "class"),
    (CECOT.FactProperty, "property: its direct triples are facts"),
    (CECOT.ClaimOnlyProperty, "property: inside claims alone"),
    (RDF.Property, "property"),
)


@dataclass(frozen=True, slots=True)
class GlossaryTerm:
    """A class or property: ``between`` says what it joins, ``use`` how often, with an example."""

    name: str
    iri: str
    label: str
    kind: str
    comment: str
    between: str
    use: str


def find_terms(index: Index, word: str = "", language: str = "en") -> Iterator[GlossaryTerm]:
    """The own terms that speak of ``word``, by name; all of them for an empty one."""
    own = index.material.names.own[0]
    asked = word.casefold()
    uses = Counter(triple.predicate.value for triple in index.material.graph)
    said = Counter(each for claim in index.claims for each in index.iris(claim, RDF.predicate))
    kinds: dict[str, str] = {}
    for class_, words in _KINDS:
        for iri in index.instances(class_):
            kinds.setdefault(iri, words)
    for iri, kind in sorted(kinds.items()):
        name = index.material.prefixes.compact(iri)
        texts = (name, *index.texts(iri, RDFS.label), *index.texts(iri, RDFS.comment))
        if iri.startswith(own) and any(asked in text.casefold() for text in texts):
            count = len(index.instances(iri)) if kind == "class" else said[iri] or uses[iri]
            yield GlossaryTerm(
                name=name,
                iri=iri,
                label=index.label(iri, language),
                kind=kind,
                comment=index.text(iri, RDFS.comment, language),
                between=_between(index, iri),
                use=_use(index, iri, count, language),
            )


def _between(index: Index, iri: str) -> str:
    """The classes that a property is made for, as short names."""
    compact = index.material.prefixes.compact
    ends = [
        " or ".join(
            compact(each) for predicate in predicates for each in index.iris(iri, predicate)
        )
        for predicates in ((RDFS.domain, SCHEMA.domainIncludes), (RDFS.range, SCHEMA.rangeIncludes))
    ]
    return f"{ends[0] or 'anything'} -> {ends[1] or 'anything'}" if any(ends) else ""


def _use(index: Index, iri: str, count: int, language: str) -> str:
    """How often it is used, and in which claim first."""
    if not count:
        return "not used yet"
    example = next(iter(index.subjects(RDF.predicate, iri)), "")
    said = f", as in {index.material.prefixes.compact(example)}: " if example else ""
    return f"uses: {count}{said}{index.sentence(example, language) if example else ''}"
