"""The passages of the sources in order, their words, and how far their claims cover them.

Running text becomes passages by its sentences: every character stays, line ends are put between.
The sentences are found by sentencex (Wikimedia: rules for each language, no model), the
abbreviations that it lacks are in ``ontology/words``: docs/decisions/0075.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate, chain, pairwise

from sentencex import segment

from cecot.editing.form import PassageText
from cecot.editing.index import Index
from cecot.editing.lexicon import Lexicon
from cecot.errors import NotFound
from cecot.messages import say
from cecot.rooms import SourceTexts
from cecot.vocabulary import CECOT, DCTERMS, SCHEMA, SKOS, SPDX


class Passages:
    """All passages of an Index, with the texts that are at hand."""

    def __init__(self, index: Index, texts: SourceTexts) -> None:
        self.index = index
        self._texts = texts

    @property
    def sources(self) -> list[str]:
        """The sources, by name."""
        return self.index.instances(CECOT.Source)

    def source(self, key: str) -> str:
        """The source with ``key``; raises NotFound."""
        source = self._namespace + key
        if source not in self.sources:
            known = ", ".join(each.removeprefix(self._namespace) for each in self.sources)
            raise NotFound(
                say("No source has the key {key}.", key=key),
                hint=say("There are: {keys}.", keys=known or "none"),
            )
        return source

    def of(self, source: str) -> list[PassageText]:
        """The passages of ``source`` in order."""
        found = self.index.subjects(DCTERMS.isPartOf, source)
        places = [self.one(each) for each in found if self.index.is_a(each, CECOT.Passage)]
        return sorted(places, key=lambda each: each.line)

    def at(self, source: str, line: int) -> PassageText:
        """The passage on ``line`` of ``source``; raises NotFound if none is there."""
        places = self.of(source)
        for place in places:
            if place.line == line:
                return place
        raise NotFound(
            say("No passage stands on line {line}.", line=line),
            hint=say("The lines are: {lines}.", lines=", ".join(str(each.line) for each in places)),
        )

    def one(self, passage: str) -> PassageText:
        """The passage ``passage``; without words where its text is not at hand or another."""
        index = self.index
        source = index.iri(passage, DCTERMS.isPartOf)
        digest = index.text(index.iri(source, SPDX.checksum), SPDX.checksumValue)
        start = index.number(passage, CECOT.start) or 0
        end = index.number(passage, CECOT.end) or 0
        return PassageText(
            iri=passage,
            key=passage.removeprefix(self._namespace),
            source=source,
            line=index.number(passage, SCHEMA.position) or 0,
            start=start,
            end=end,
            words=self._texts.passage(digest, start, end, index.text(passage, CECOT.spanHash)),
            language=index.text(source, DCTERMS.language) or "en",
        )

    def is_settled(self, passage: str) -> bool:
        """Whether it has claims, or a note that says why not."""
        noted = self.index.texts(passage, SKOS.editorialNote)
        return bool(self.index.claims_of(passage) or noted)

    def pieces(self, place: PassageText) -> Iterator[tuple[str, bool]]:
        """The words of a passage in runs, and whether a claim stands on each."""
        spans = self.spans(place)
        cuts = {place.start, place.end, *chain.from_iterable(spans)}
        edges = sorted(cut for cut in cuts if place.start <= cut <= place.end)
        for start, end in pairwise(edges):
            is_told = any(one <= start and end <= other for one, other in spans)
            yield place.words[start - place.start : end - place.start], is_told

    def coverage(self, place: PassageText) -> float:
        """The share of the words of a passage that stand in the span of a claim."""
        words = covered = 0
        for piece, is_told in self.pieces(place):
            count = sum(char.isalnum() for char in piece)
            words += count
            covered += count if is_told else 0
        return covered / words if words else 0.0

    def spans(self, place: PassageText) -> set[tuple[int, int]]:
        """Where the claims of ``place`` stand, as far as they say so."""
        number, claims = self.index.number, self.index.claims_of(place.iri)
        spans = ((number(each, CECOT.start), number(each, CECOT.end)) for each in claims)
        return {(start, end) for start, end in spans if start is not None and end is not None}

    @property
    def _namespace(self) -> str:
        return self.index.material.namespace


_OPENING, _CLOSING = "“«(", "”»)"


def one_a_line(text: str, lexicon: Lexicon) -> str:
    """``text`` with a line end after each sentence that does not end its line already.

    A line end of its own kind (``\\r\\n``) stays what it is.
    """
    return "\n".join(
        "\n".join(_sentences(line, lexicon)) if line.strip() else line for line in text.split("\n")
    )


def _sentences(line: str, lexicon: Lexicon) -> Iterator[str]:
    """The sentences of a line, each with the space behind it."""
    # A no-break space before a bracket makes sentencex stop short: it is shown plain spaces.
    plain = "".join(" " if char.isspace() else char for char in line)
    lengths = [len(part) for part in segment(lexicon.language, plain)]
    cuts = [0, *accumulate(lengths)]
    if cuts[-1] != len(line):
        yield line
        return
    found = [line[start:end] for start, end in pairwise(cuts)]
    whole = ""
    for number, part in enumerate(found, 1):
        whole += part
        if whole.strip() and not _goes_on(whole, "".join(found[number:]), lexicon):
            yield whole
            whole = ""
    if whole:
        yield whole


def _goes_on(sentence: str, rest: str, lexicon: Lexicon) -> bool:
    """Whether a sentence cannot end here: at an abbreviation, in brackets, in a quotation.

    What is never closed in the ``rest`` of the line holds nothing together.
    """
    ending = sentence.rstrip().casefold()
    if any(
        ending.endswith(each) and not ending[: -len(each)][-1:].isalnum()
        for each in lexicon.words("abbreviations")
    ):
        return True
    is_open = any(
        sentence.count(one) > sentence.count(other) and other in rest
        for one, other in zip(_OPENING, _CLOSING, strict=True)
    )
    return is_open or (sentence.count('"') % 2 == 1 and '"' in rest)
