"""What rooms say, looked up by subject or by object: the one index that editing reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from pyoxigraph import Literal, NamedNode, Triple

from cecot.dataset.content import Material
from cecot.rdf.terms import Term, iri_of
from cecot.vocabulary import CECOT, DCTERMS, RDF, RDFS, SKOS

LABELS = (str(SKOS.prefLabel), str(RDFS.label), str(DCTERMS.title))


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
        return self._forward.get(subject, {}).get(str(predicate), [])

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
        return sorted(self._backward.get(object_, {}).get(str(predicate), []))

    def pointing(self, object_: str) -> Mapping[str, list[str]]:
        """Everything that points to the IRI ``object_``, by predicate."""
        return self._backward.get(object_, {})

    def instances(self, kind: str) -> list[str]:
        """The IRIs of the class ``kind``, sorted."""
        return self.subjects(str(RDF.type), str(kind))

    def is_a(self, subject: str, kind: str) -> bool:
        """Whether ``subject`` has the type ``kind``."""
        return str(kind) in self.iris(subject, str(RDF.type))

    def label(self, iri: str, language: str = "en") -> str:
        """The name of ``iri`` in ``language``, else in another, else its words or short form."""
        for predicate in LABELS:
            for tag in (language, "en", None):
                if found := self.text(iri, predicate, tag):
                    return found
        written = self.text(iri, str(CECOT.asWritten))
        return written or self.material.prefixes.compact(iri)

    def shown(self, term: Term, language: str = "en") -> str:
        """``term`` as a reader reads it: the name of a thing, or the words themselves."""
        iri = iri_of(term)
        return self.label(iri, language) if iri else str(getattr(term, "value", term))

    @cached_property
    def claims(self) -> tuple[str, ...]:
        """The IRIs of all claims, sorted."""
        return tuple(self.instances(str(CECOT.Claim)))

    def claims_of(self, passage: str) -> list[str]:
        """The claims of ``passage``, in the order of their spans, then of their names."""
        found = self.subjects(str(CECOT.passage), passage)
        return sorted(found, key=lambda claim: (self.number(claim, str(CECOT.start)) or 0, claim))

    def place(self, claim: str) -> tuple[str, int]:
        """Source and line of the first passage of ``claim``; empty and 0 if it has none."""
        passage = self.iri(claim, str(CECOT.passage))
        line = self.number(passage, "https://schema.org/position") or 0
        return self.iri(passage, str(DCTERMS.isPartOf)), line

    def sentence(self, claim: str, language: str = "en") -> str:
        """What ``claim`` says in one line, without its status and its speaker."""
        if described := self.text(claim, str(DCTERMS.description), language):
            return described
        parts = [self.objects(claim, each) for each in (RDF.subject, RDF.predicate, RDF.object)]
        if all(parts):
            subject, predicate, object_ = (self.shown(part[0], language) for part in parts)
            return f"{subject} \N{EM DASH} {predicate}: {object_}"
        if quoted := self.text(claim, str(CECOT.quotedText)):
            return f"“{quoted}”"
        return ", ".join(self.labels(self.iris(claim, str(CECOT.allegedAct)), language))

    def labels(self, iris: Iterable[str], language: str = "en") -> Iterator[str]:
        """The names of ``iris``."""
        return (self.label(iri, language) for iri in iris)
