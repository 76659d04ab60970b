"""What rooms say, looked up by subject or by object: the one index that editing reads.

The terms of the ontology are looked up as an editor looks for them: what each is for, and its use.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from pyoxigraph import Literal, NamedNode, Triple

from cecot.dataset.content import Material
from cecot.dataset.derive import Said, Teller
from cecot.rdf.terms import Term, iri_of
from cecot.sentences import PLAIN, filled, read_in
from cecot.vocabulary import CECOT, DCTERMS, RDF, RDFS, SCHEMA, SKOS

LABELS = (SKOS.prefLabel, RDFS.label, DCTERMS.title)


class Index:
    """The default graph of a Material: the ontology, the graph, and what is derived.

    ``is_written``: without what is derived.
    """

    def __init__(
        self, material: Material, more: Iterable[Triple] = (), *, is_written: bool = False
    ) -> None:
        self.material = material
        self._forward: dict[str, dict[str, list[Term]]] = {}
        self._backward: dict[str, dict[str, list[str]]] = {}
        self._tellers: dict[str, Teller] = {}
        said = (*material.ontology, *material.graph) if is_written else material.facts
        for triple in dict.fromkeys((*said, *more)):
            self._add(triple)

    @cached_property
    def written(self) -> Index:
        """What the files say alone, without what is derived."""
        return Index(self.material, is_written=True)

    def with_triples(self, more: Iterable[Triple]) -> Index:
        """This index, and ``more`` that is not written yet."""
        triples = tuple(more)
        return Index(self.material, triples) if triples else self

    def _add(self, triple: Triple) -> None:
        subject, predicate = iri_of(triple.subject), triple.predicate.value
        if not subject:
            return
        self._forward.setdefault(subject, {}).setdefault(predicate, []).append(triple.object)
        if isinstance(triple.object, NamedNode):
            pointing = self._backward.setdefault(triple.object.value, {})
            pointing.setdefault(predicate, []).append(subject)

    def properties(self, subject: str) -> Mapping[str, list[Term]]:
        """Everything that is said of ``subject``, by predicate."""
        return self._forward.get(subject, {})

    def objects(self, subject: str, predicate: str) -> list[Term]:
        """What ``subject`` has for ``predicate``."""
        return self._forward.get(subject, {}).get(predicate, [])

    def iris(self, subject: str, predicate: str) -> tuple[str, ...]:
        """The IRIs that ``subject`` has for ``predicate``, sorted."""
        return tuple(sorted(filter(None, map(iri_of, self.objects(subject, predicate)))))

    def iri(self, subject: str, predicate: str) -> str:
        """The first IRI that ``subject`` has for ``predicate``; empty if there is none."""
        return next(iter(self.iris(subject, predicate)), "")

    def texts(self, subject: str, predicate: str, language: str | None = None) -> tuple[str, ...]:
        """The literals that ``subject`` has for ``predicate``, those of ``language`` if given."""
        return tuple(
            sorted(
                each.value
                for each in self.objects(subject, predicate)
                if isinstance(each, Literal) and language in (None, each.language)
            )
        )

    def text(self, subject: str, predicate: str, language: str | None = None) -> str:
        """The first of these literals; empty if there is none."""
        return next(iter(self.texts(subject, predicate, language)), "")

    def number(self, subject: str, predicate: str) -> int | None:
        """The whole number that ``subject`` has for ``predicate``, if it has one."""
        text = self.text(subject, predicate)
        return int(text) if text.isdecimal() else None

    def subjects(self, predicate: str, object_: str) -> list[str]:
        """The subjects that point to the IRI ``object_`` by ``predicate``, sorted."""
        return sorted(self._backward.get(object_, {}).get(predicate, []))

    def pointing(self, object_: str) -> Mapping[str, list[str]]:
        """Everything that points to the IRI ``object_``, by predicate."""
        return self._backward.get(object_, {})

    def instances(self, kind: str) -> list[str]:
        """The IRIs of the class ``kind``, sorted."""
        return self.subjects(RDF.type, kind)

    def is_a(self, subject: str, kind: str) -> bool:
        """Whether ``subject`` has the type ``kind``."""
        return kind in self.iris(subject, RDF.type)

    def label(self, iri: str, language: str = "en") -> str:
        """The name of ``iri`` in ``language``, else in another, else its words or short form."""
        for predicate in LABELS:
            words = [each for each in self.objects(iri, predicate) if isinstance(each, Literal)]
            if found := read_in(sorted(words, key=lambda each: each.value), language):
                return found[0].value
        written = self.text(iri, CECOT.asWritten)
        return written or self.material.prefixes.compact(iri)

    def named(self, iri: str, language: str) -> str:
        """What ``iri`` is called within a sentence in ``language``."""
        return self.text(iri, CECOT.inSentence, language) or self.label(iri, language)

    def shown(self, term: Term, language: str = "en") -> str:
        """``term`` as a reader reads it: the name of a thing, or the words themselves."""
        iri = iri_of(term)
        return self.label(iri, language) if iri else str(getattr(term, "value", term))

    @cached_property
    def claim_properties(self) -> frozenset[str]:
        """The properties that the ontology makes for claims."""
        kinds = (CECOT.FactProperty, CECOT.ClaimOnlyProperty)
        return frozenset(each for kind in kinds for each in self.instances(kind))

    @cached_property
    def claims(self) -> tuple[str, ...]:
        """The IRIs of all claims, sorted."""
        return tuple(self.instances(CECOT.Claim))

    def claims_of(self, passage: str) -> list[str]:
        """The claims of ``passage``, in the order of their spans, then of their names."""
        found = self.subjects(CECOT.passage, passage)
        return sorted(found, key=lambda claim: (self.number(claim, CECOT.start) or 0, claim))

    def place(self, claim: str) -> tuple[str, int]:
        """Source and line of the first passage of ``claim``; empty and 0 if it has none."""
        passage = self.iri(claim, CECOT.passage)
        line = self.number(passage, SCHEMA.position) or 0
        return self.iri(passage, DCTERMS.isPartOf), line

    def sentence(self, claim: str, language: str = "en") -> str:
        """What ``claim`` says in one line, without its status and its speaker."""
        if language not in self._tellers:
            self._tellers[language] = Teller(self._said_of, language)
        node = NamedNode(claim)
        return self._tellers[language].said(node, self._said_of(node))

    def _said_of(self, term: Term) -> Said:
        found = self.properties(iri_of(term))
        return {each: sorted(objects, key=str) for each, objects in found.items()}

    def clause(self, subject: str, predicate: str, told: str, language: str) -> str:
        """A triple in words, by the phrase of its property; ``told`` is what its object is."""
        phrase = self.text(predicate, CECOT.phrase, language) or PLAIN
        parts = {
            "subject": self.named(subject, language),
            "predicate": self.label(predicate, language),
            "object": told,
        }
        return filled(phrase, parts, language)

    def labels(self, iris: Iterable[str], language: str = "en") -> Iterator[str]:
        """The names of ``iris``."""
        return (self.label(iri, language) for iri in iris)


_KINDS = (
    (RDFS.Class, "class"),
    (CECOT.FactProperty, "property: its direct triples are facts"),
    (CECOT.ClaimOnlyProperty, "property: inside claims alone"),
    (RDF.Property, "property"),
)


@dataclass(frozen=True, slots=True)
class GlossaryTerm:
    """A class or property: ``lines`` say what it is for, what it joins, how often it is used."""

    name: str
    title: str
    lines: tuple[str, ...]


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
            comment = index.text(iri, RDFS.comment, language)
            lines = comment, _between(index, iri), _use(index, iri, count, language)
            title = f"{index.label(iri, language)} ({kind})"
            yield GlossaryTerm(name, title, tuple(filter(None, lines)))


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
    for claim in index.subjects(RDF.predicate, iri)[:1]:
        name = index.material.prefixes.compact(claim)
        return f"uses: {count}, as in {name}: {index.sentence(claim, language)}"
    return f"uses: {count}"
