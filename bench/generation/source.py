"""One synthetic source: its record, its entities, and the passages that statements fill."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from random import Random

from bench.generation.names import name
from bench.generation.terms import Triple, day, number, plain, term, thing, words

ENTITIES = {"Person": 10, "Organization": 8, "Place": 6}
"""How many of each kind a source brings along, as the real one does."""

_SAYINGS = {
    "Alleged": "cecot:Accuse",
    "Attributed": "cecot:Say",
    "Planned": "cecot:Plan",
}


@dataclass(slots=True)
class Passage:
    """A passage under way: what it says, and the triples that come of it."""

    source: Source
    line: int
    triples: list[Triple] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    spans: list[tuple[str, int, str]] = field(default_factory=list)

    @property
    def slug(self) -> str:
        """``s0001-03``: key of the source and line."""
        return f"{self.source.key}-{self.line:02d}"

    def node(self, local: str, kind: str, *pairs: tuple[str, str]) -> str:
        """Describe a node of this passage; return its IRI."""
        iri = thing(f"{self.slug}-{local}")
        self.add(iri, ("rdf:type", term(kind)), *pairs)
        return iri

    def add(self, subject: str, *pairs: tuple[str, str]) -> None:
        """Write triples about ``subject``."""
        self.triples += [(subject, term(predicate), value) for predicate, value in pairs]

    def named(self, local: str, kind: str, english: str, spanish: str) -> str:
        """A node with a label in both languages; line and part make the label its own."""
        place = f"({self.source.key}, {self.line}, {local.rpartition('-')[2]})"
        return self.node(
            local,
            kind,
            ("skos:prefLabel", words(f"{english} {place}")),
            ("skos:prefLabel", words(f"{spanish} {place}", "es")),
        )

    def concept(self, local: str, english: str, spanish: str) -> str:
        """A concept that only this passage mentions."""
        iri = self.named(local, "skos:Concept", english, spanish)
        self.add(iri, ("skos:inScheme", term("cecot:Things")))
        return iri

    def fact(
        self, local: str, subject: str, predicate: str, value: str, *more: tuple[str, str]
    ) -> None:
        """A claim that the source asserts."""
        said = (("cecot:statedBy", self.source.iri), *more)
        self._claim(local, "Asserted", said, (subject, predicate, value))

    def report(
        self,
        local: str,
        modality: str,
        speaker: str,
        triple: Triple,
        descriptions: tuple[str, str],
        *more: tuple[str, str],
    ) -> None:
        """A claim that somebody else makes, described in English and Spanish."""
        english, spanish = descriptions
        said = (
            ("cecot:statedBy", speaker),
            ("dcterms:description", words(english)),
            ("dcterms:description", words(spanish, "es")),
            *more,
        )
        self._claim(local, modality, said, triple)

    def _claim(
        self,
        local: str,
        modality: str,
        said: tuple[tuple[str, str], ...],
        triple: Triple,
    ) -> None:
        subject, predicate, value = triple
        claim = self.node(
            local,
            "cecot:Claim",
            ("cecot:modality", term(f"cecot:{modality}")),
            ("cecot:passage", thing(self.slug)),
            ("rdf:subject", subject),
            ("rdf:predicate", term(predicate)),
            ("rdf:object", value),
            *said,
        )
        self.stand(claim, modality, *(each for name, each in said if name == "cecot:exact"))

    def stand(self, claim: str, modality: str, exact: str = "") -> None:
        """``claim`` stands in the last sentence: in its words ``exact``, else in all of it."""
        sentence = self.text[-1]
        self.spans.append((claim, len(self.text) - 1, exact.removesuffix("@en")[1:-1] or sentence))
        if modality in _SAYINGS:
            self.add(claim, ("cecot:saying", term(_SAYINGS[modality])))

    def close(self, start: int) -> int:
        """Write the passage itself, which starts at ``start``; return where it ends."""
        text = " ".join(self.text)
        end = start + len(text)
        self.add(
            thing(self.slug),
            ("rdf:type", term("cecot:Passage")),
            ("cecot:spanHash", plain(hashlib.sha256(text.encode()).hexdigest())),
            ("dcterms:isPartOf", self.source.iri),
            ("cecot:start", number(start)),
            ("cecot:end", number(end)),
            ("schema:position", number(self.line)),
        )
        for claim, sentence, span in self.spans:
            before = sum(len(each) + 1 for each in self.text[:sentence])
            first = start + before + self.text[sentence].index(span)
            self.add(
                claim,
                ("cecot:start", number(first)),
                ("cecot:end", number(first + len(span))),
                ("cecot:spanHash", plain(hashlib.sha256(span.encode()).hexdigest())),
            )
        if self.source.random.random() < 0.4:
            self._cite(start)
        return end

    def _cite(self, start: int) -> None:
        mark = f"[{self.source.random.randrange(1, 99)}]"
        citation = self.node(
            "citation",
            "cecot:Citation",
            ("cecot:supports", term("cecot:Undetermined")),
            ("cecot:start", number(start - len(mark) - 1)),
            ("cecot:end", number(start - 1)),
            ("skos:notation", plain(mark)),
        )
        self.add(thing(self.slug), ("cecot:hasCitation", citation))


class Source:
    """Source number ``index``: the same triples for the same seed, whatever comes before it."""

    def __init__(self, index: int, seed: int) -> None:
        self.index = index
        self.key = f"s{index:04d}"
        self.iri = thing(self.key)
        self.random = Random(f"{seed}/{index}")
        self.facility = thing(f"{self.key}-facility")
        self.policy = thing(f"{self.key}-policy")

    def any(self, kind: str) -> str:
        """A person, organization or place; those of early sources are mentioned most."""
        index = int((self.index + 1) * self.random.random() ** 2)
        return thing(f"s{index:04d}-{kind.lower()}-{self.random.randrange(ENTITIES[kind])}")

    def any_policy(self) -> str:
        """The policy of this source, or of one before it."""
        return thing(f"s{int((self.index + 1) * self.random.random() ** 2):04d}-policy")

    def entities(self) -> list[Triple]:
        """The things that this source brings along, with their labels."""
        triples = [
            *self._labelled(self.facility, "Facility", f"{name(self.index)} Center"),
            *self._labelled(self.policy, "Policy", f"Plan {name(self.index)}"),
        ]
        for kind, count in ENTITIES.items():
            for each in range(count):
                label = f"{name(each)} {name(self.index * 10 + each)}"
                triples += self._labelled(
                    thing(f"{self.key}-{kind.lower()}-{each}"), kind, f"{label} {kind}"
                )
        return triples

    def record(self, passages: int, digest: str) -> list[Triple]:
        """The record of this source."""
        checksum = thing(f"{self.key}-checksum")
        title = f"Report {name(self.index)}"
        pairs = (
            ("rdf:type", term("cecot:Source")),
            ("cecot:passageCount", number(passages)),
            ("dcterms:dateAccepted", day("2026-11-23")),
            ("dcterms:language", plain("en")),
            ("dcterms:title", words(title)),
            ("skos:prefLabel", words(title)),
            ("skos:prefLabel", words(f"Informe {name(self.index)}", "es")),
            ("spdx:checksum", checksum),
        )
        return [
            *((self.iri, term(predicate), value) for predicate, value in pairs),
            (checksum, term("rdf:type"), term("spdx:Checksum")),
            (checksum, term("spdx:algorithm"), term("spdx:checksumAlgorithm_sha256")),
            (checksum, term("spdx:checksumValue"), f'"{digest}"^^{term("xsd:hexBinary")}'),
        ]

    @staticmethod
    def _labelled(iri: str, kind: str, label: str) -> list[Triple]:
        return [
            (iri, term("rdf:type"), term(f"cecot:{kind}")),
            (iri, term("skos:prefLabel"), words(label)),
            (iri, term("skos:prefLabel"), words(label, "es")),
        ]
