"""A claim as an editor fills it in, and as triples: one form, both ways (docs: model).

The form knows the fields of the model. What else stands on a claim is kept as it is (``rest``).
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import chain, count
from typing import Any

from pyoxigraph import Literal, NamedNode, Triple

from cecot.editing.figures import DateDraft, FigureDraft, Worded
from cecot.editing.index import Index
from cecot.rdf.terms import Term, iri_of, link, local_name, typed, worded
from cecot.sentences import capitalized, filled, listed
from cecot.validation.source_text import SHARE
from cecot.vocabulary import CECOT, DCTERMS, LANGUAGES, RDF, SCHEMA, SKOS, XSD

MOST_WORDS = 20
ROLES = {
    "accused": CECOT.accused, "policies": CECOT.aboutPolicy, "acts": CECOT.allegedAct,
    "victims": CECOT.allegedVictim, "basis": CECOT.basis, "about": CECOT.about,
}  # fmt: skip
LINKS = {
    "said_in": CECOT.saidIn, "as_of": CECOT.asOf, "responds_to": CECOT.respondsTo,
    "repeats": CECOT.repeats, "subject": RDF.subject, "predicate": RDF.predicate,
}  # fmt: skip
WORDS = {"speech_act": CECOT.speechAct, "hedge": CECOT.hedge, "quoted": CECOT.quotedText}
WORDED = {
    "description": DCTERMS.description, "unresolved": CECOT.unresolved,
    "readings": CECOT.readings, "notes": SKOS.editorialNote,
}  # fmt: skip
_NAMES = {
    "Deny": "denial", "Confirm": "confirmation", "Question": "question", "Praise": "praise",
    "Judge": "judgment",
}  # fmt: skip
"""What a claim without a property is called after, by its act."""
_HANDLED = {
    *ROLES.values(), *LINKS.values(), *WORDS.values(), *WORDED.values(), RDF.type,
    RDF.object, CECOT.modality, CECOT.saying, CECOT.passage, CECOT.statedBy, CECOT.accuser,
    CECOT.allegedQuantity, CECOT.exact, CECOT.start, CECOT.end, CECOT.spanHash,
    CECOT.statement,
}  # fmt: skip


_ONE = (*LINKS.values(), *WORDS.values(), RDF.object, CECOT.allegedQuantity)
"""Properties of which the form has one value, and a claim may have several."""


@dataclass(frozen=True, slots=True)
class Written:
    """Words or a code as the object of a claim; ``language`` is empty for a code.

    ``gloss`` is our translation of them, as of a title; it stands on the claim.
    """

    words: str
    language: str = ""
    gloss: Worded = ()


Value = str | FigureDraft | DateDraft | Written | None
"""The object of a claim: an IRI, a figure, a date, words, or nothing yet."""


@dataclass(frozen=True, slots=True)
class ClaimForm:
    """The fields of a claim. IRIs are whole; ``status`` and ``saying`` are local names.

    ``start`` and ``end`` are code points of the source, the end exclusive. ``name`` is the IRI of a
    claim that is there; empty for a new one. ``exact`` and ``span_hash`` are what stands; for
    other words they are made anew.
    """

    passage: str
    name: str = ""
    start: int | None = None
    end: int | None = None
    status: str = "Asserted"
    saying: str = ""
    speakers: tuple[str, ...] = ()
    speech_act: str = ""
    hedge: str = ""
    subject: str = ""
    predicate: str = ""
    object: Value = None
    quoted: str = ""
    exact: str = ""
    span_hash: str = ""
    about: tuple[str, ...] = ()
    accused: tuple[str, ...] = ()
    policies: tuple[str, ...] = ()
    acts: tuple[str, ...] = ()
    victims: tuple[str, ...] = ()
    basis: tuple[str, ...] = ()
    quantity: FigureDraft | None = None
    said_in: str = ""
    as_of: str = ""
    responds_to: str = ""
    repeats: str = ""
    description: Worded = ()
    unresolved: Worded = ()
    readings: Worded = ()
    notes: Worded = ()
    rest: tuple[Triple, ...] = field(default=(), repr=False)

    @property
    def is_allegation(self) -> bool:
        """Whether it has roles in the place of a triple."""
        return self.status == "Alleged"

    @property
    def is_fact(self) -> bool:
        """Whether it becomes a fact: asserted, whole, and in one reading."""
        whole = bool(self.subject and self.predicate and self.object)
        return self.status == "Asserted" and whole and not self.readings


@dataclass(frozen=True, slots=True)
class PassageText:
    """A passage in its text: where it begins in the source, its characters, its language.

    ``key`` begins the names of what belongs to it: ``tcc-29``. Without a text, ``words`` is empty.
    """

    iri: str
    key: str
    source: str
    line: int
    start: int
    end: int
    words: str
    language: str

    def span(self, start: int, end: int) -> str:
        """The characters of the source from ``start`` to ``end``; empty outside of the passage."""
        if not self.words or not self.start <= start < end <= self.end:
            return ""
        return self.words[start - self.start : end - self.start]


def form_of(index: Index, claim: str) -> ClaimForm:
    """The claim ``claim`` as a form: what is written of it, not what is derived."""
    index = index.written
    is_allegation = index.is_a(claim, CECOT.Allegation)
    by = CECOT.accuser if is_allegation else CECOT.statedBy
    ones = {each: _in_order(index.objects(claim, each)) for each in _ONE}
    object_ = value_of(index, next(iter(ones[RDF.object]), None))
    handled = _HANDLED
    if isinstance(object_, Written):
        object_ = replace(object_, gloss=_worded(index, claim, CECOT.gloss))
        handled = _HANDLED | {CECOT.gloss}
    rest = tuple(
        Triple(NamedNode(claim), NamedNode(predicate), value)
        for predicate, values in index.properties(claim).items()
        if predicate not in handled
        for value in values
    )
    # Of what the form has once, the others stay beside it.
    rest += tuple(link(claim, each, value) for each, found in ones.items() for value in found[1:])
    quantities = index.iris(claim, CECOT.allegedQuantity)
    fields: dict[str, Any] = {
        **{name: index.iris(claim, each) for name, each in ROLES.items()},
        **{name: index.iri(claim, each) for name, each in LINKS.items()},
        **{name: index.text(claim, each) for name, each in WORDS.items()},
        **{name: _worded(index, claim, each) for name, each in WORDED.items()},
    }
    return ClaimForm(
        passage=index.iri(claim, CECOT.passage),
        name=claim,
        start=index.number(claim, CECOT.start),
        end=index.number(claim, CECOT.end),
        status=local_name(index.iri(claim, CECOT.modality)),
        saying=local_name(index.iri(claim, CECOT.saying)),
        speakers=index.iris(claim, by),
        object=object_,
        exact=index.text(claim, CECOT.exact),
        span_hash=index.text(claim, CECOT.spanHash),
        quantity=_figure_of(index, quantities[0]) if quantities else None,
        rest=rest,
        **fields,
    )


def triples_of(
    form: ClaimForm, place: PassageText, namespace: str, taken: Iterable[str] = ()
) -> tuple[str, list[Triple]]:
    """The IRI of the claim and its triples, its values among them.

    ``taken`` are IRIs that name something else already.
    """
    writer = _Writer(form, place, namespace, set(taken))
    return writer.claim, list(writer.triples())


def slug(words: str) -> str:
    """``words`` as the end of a name: small letters, digits and hyphens."""
    split = re.sub(r"(?<=[a-z])(?=[A-Z])", "-", words)
    plain = unicodedata.normalize("NFKD", split).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-")


def free(name: str, is_taken: Callable[[str], bool]) -> str:
    """``name``, with a number behind it if it must be."""
    names = chain([name], (f"{name}-{number}" for number in count(2)))
    return next(each for each in names if not is_taken(each))


class _Writer:
    def __init__(
        self, form: ClaimForm, place: PassageText, namespace: str, taken: set[str]
    ) -> None:
        self.form = form
        self.place = place
        self.namespace = namespace
        self.taken = taken
        self.claim = form.name or self.free(self._claim_slug())
        self.taken.add(self.claim)

    def free(self, end: str) -> str:
        """A name of this passage that nothing has."""
        return free(f"{self.namespace}{self.place.key}-{end}", self.taken.__contains__)

    def _claim_slug(self) -> str:
        form = self.form
        if form.is_allegation:
            return "accusation"
        if form.predicate:
            return slug(local_name(form.predicate))
        return _NAMES.get(form.saying, "statement")

    def triples(self) -> Iterator[Triple]:
        form, claim = self.form, self.claim
        yield link(claim, RDF.type, CECOT.Allegation if form.is_allegation else CECOT.Claim)
        yield link(claim, CECOT.modality, CECOT[form.status])
        yield link(claim, CECOT.passage, form.passage)
        if form.saying:
            yield link(claim, CECOT.saying, CECOT[form.saying])
        by = CECOT.accuser if form.is_allegation else CECOT.statedBy
        for speaker in form.speakers:
            yield link(claim, by, speaker)
        for name, predicate in ROLES.items():
            for iri in getattr(form, name):
                yield link(claim, predicate, iri)
        for name, predicate in LINKS.items():
            if getattr(form, name):
                yield link(claim, predicate, getattr(form, name))
        for name, predicate in WORDS.items():
            if getattr(form, name):
                yield self.words(claim, predicate, getattr(form, name))
        for name, predicate in WORDED.items():
            for language, words in getattr(form, name):
                yield self.words(claim, predicate, words, language)
        yield from self.span()
        yield from self.value(RDF.object, form.object)
        if form.quantity:
            yield from self.value(CECOT.allegedQuantity, form.quantity)
        yield from form.rest

    def span(self) -> Iterator[Triple]:
        """Where the claim stands, and its words where they are needed as proof."""
        form, claim = self.form, self.claim
        words, digest, exact = "", form.span_hash, form.exact
        if form.start is not None and form.end is not None:
            yield typed(claim, CECOT.start, str(form.start), XSD.integer)
            yield typed(claim, CECOT.end, str(form.end), XSD.integer)
            words = self.place.span(form.start, form.end)
        if words:
            digest = hashlib.sha256(words.encode()).hexdigest()
            if digest != form.span_hash:
                figure = isinstance(form.object, FigureDraft) or form.quantity is not None
                exact = words if form.status != "Asserted" or figure else ""
            is_most = len(words) > SHARE * len(self.place.words)
            if form.quoted or form.responds_to or is_most:
                exact = ""
        if digest:
            yield typed(claim, CECOT.spanHash, digest, XSD.string)
        if exact:
            yield self.words(claim, CECOT.exact, exact)

    def value(self, predicate: str, value: Value) -> Iterator[Triple]:
        """The object: a link to a thing or to a value of its own, or words."""
        match value:
            case None | "":
                return
            case str():
                yield link(self.claim, predicate, value)
            case Written():
                yield self.words(self.claim, predicate, value.words, value.language)
                yield from self.glosses(self.claim, value.gloss)
            case FigureDraft(node=node) | DateDraft(node=node) if node:
                yield link(self.claim, predicate, node)
            case FigureDraft():
                node = self.node(value.as_written)
                yield link(self.claim, predicate, node)
                yield from self.figure(node, value)
            case DateDraft():
                node = self.node(value.as_written)
                yield link(self.claim, predicate, node)
                yield link(node, RDF.type, CECOT.DateValue)
                yield self.words(node, CECOT.asWritten, value.as_written)
                yield from self.glosses(node, value.gloss)
                yield typed(node, CECOT.edtf, value.edtf, XSD.string)
                yield typed(node, SCHEMA.startDate, value.first.isoformat(), XSD.date)
                yield typed(node, SCHEMA.endDate, value.last.isoformat(), XSD.date)

    def node(self, as_written: str) -> str:
        """The name of a value: one of this passage, after its words."""
        name = self.free(slug(as_written) or "value")
        self.taken.add(name)
        return name

    def figure(self, node: str, figure: FigureDraft) -> Iterator[Triple]:
        """A figure and, in a node of its own, what the text converts it to."""
        yield link(node, RDF.type, SCHEMA.QuantitativeValue)
        yield self.words(node, CECOT.asWritten, figure.as_written)
        yield from self.glosses(node, figure.gloss)
        for predicate, number in ((SCHEMA.value, figure.value), (SCHEMA.minValue, figure.minimum)):
            if number:
                kind = XSD.decimal if "." in number else XSD.integer
                yield typed(node, predicate, number, kind)
        if figure.unit_code:
            yield typed(node, SCHEMA.unitCode, figure.unit_code, XSD.string)
        elif figure.unit_text:
            yield self.words(node, SCHEMA.unitText, figure.unit_text, "en")
        if figure.qualifier:
            yield self.words(node, CECOT.qualifier, figure.qualifier)
        if figure.converted:
            other = self.node(figure.converted.as_written)
            yield link(node, CECOT.sameQuantityAs, other)
            yield from self.figure(other, figure.converted)

    def glosses(self, subject: str, gloss: Worded) -> Iterator[Triple]:
        """Our translation of the words of ``subject``."""
        for language, words in gloss:
            yield self.words(subject, CECOT.gloss, words, language)

    def words(self, subject: str, predicate: str, words: str, language: str = "") -> Triple:
        return worded(subject, predicate, words, language or self.place.language)


def _in_order(terms: Iterable[Term]) -> list[Term]:
    return sorted(terms, key=lambda each: (getattr(each, "value", ""), str(each)))


def _worded(index: Index, subject: str, predicate: str) -> Worded:
    found = [each for each in index.objects(subject, predicate) if isinstance(each, Literal)]
    return tuple(sorted((each.language or "", each.value) for each in found))


def value_of(index: Index, term: Term | None) -> Value:
    """The object of a claim: a figure or a date where it is a node of that kind."""
    if term is None:
        return None
    if isinstance(term, Literal):
        return Written(term.value, term.language or "")
    iri = iri_of(term)
    if index.is_a(iri, SCHEMA.QuantitativeValue):
        return _figure_of(index, iri)
    if index.is_a(iri, CECOT.DateValue):
        return _date_of(index, iri)
    return iri


def _figure_of(index: Index, node: str, *, is_same: bool = False) -> FigureDraft:
    """A figure, and what the text converts it to; that may in turn be the same as this one."""
    same = "" if is_same else index.iri(node, CECOT.sameQuantityAs)
    return FigureDraft(
        0,
        0,
        index.text(node, CECOT.asWritten),
        value=index.text(node, SCHEMA.value),
        minimum=index.text(node, SCHEMA.minValue),
        unit_code=index.text(node, SCHEMA.unitCode),
        unit_text=index.text(node, SCHEMA.unitText),
        qualifier=index.text(node, CECOT.qualifier),
        gloss=_worded(index, node, CECOT.gloss),
        converted=_figure_of(index, same, is_same=True) if same else None,
        node=node,
    )


def _date_of(index: Index, node: str) -> DateDraft:
    first, last = (index.text(node, each) for each in (SCHEMA.startDate, SCHEMA.endDate))
    return DateDraft(
        0,
        0,
        index.text(node, CECOT.asWritten),
        index.text(node, CECOT.edtf),
        _day(first),
        _day(last or first),
        gloss=_worded(index, node, CECOT.gloss),
        node=node,
    )


def _day(text: str) -> date:
    """The day that ``text`` is; the first of all (``date.min``) where it is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return date.min


# What is said, so framed that it cannot be read as a fact.
_FRAMES = {
    "en": {
        "Asserted": "{said}.",
        "Hedged": "The text says, with the reservation “{hedge}”: {said}.",
        "Attributed": "{speaker} says: {said}.",
        "Planned": "{speaker} announced: {said}.",
        "Evaluative": "{speaker} on {said}.",
        "Alleged": "Alleged by {speaker}: {said}.",
        "AllegedOf": "{speaker} accuses {accused} of: {said}.",
    },
    "es": {
        "Asserted": "{said}.",
        "Hedged": "El texto dice, con la reserva «{hedge}»: {said}.",
        "Attributed": "{speaker} dice: {said}.",
        "Planned": "{speaker} anunció: {said}.",
        "Evaluative": "{speaker} sobre {said}.",
        "Alleged": "Alegado por {speaker}: {said}.",
        "AllegedOf": "{speaker} acusa a {accused} de: {said}.",
    },
}


def is_whole(form: ClaimForm) -> bool:
    """Whether ``form`` says enough for a line about it."""
    if form.is_allegation:
        return bool(form.acts)
    return bool(form.subject and form.predicate and form.object) or bool(form.about and form.quoted)


def with_line(index: Index, form: ClaimForm) -> ClaimForm:
    """``form`` with a line of our own in each language, where one is due and none is written."""
    written = {language for language, _ in form.description}
    if form.status == "Asserted" or not written.isdisjoint(LANGUAGES) or not is_whole(form):
        return form
    lines = tuple((each, describe(index, form, each)) for each in LANGUAGES)
    return replace(form, description=(*lines, *form.description))


def describe(index: Index, form: ClaimForm, language: str) -> str:
    """A line of our own for ``form``, of the ontology's phrases; to be edited. Empty if it says
    nothing yet."""
    frames = _FRAMES.get(language, _FRAMES["en"])
    speakers = listed((index.named(each, language) for each in form.speakers), language) or "?"
    accused = listed(
        (index.named(each, language) for each in (*form.accused, *form.policies)), language
    )
    name = "AllegedOf" if form.status == "Alleged" and accused else form.status
    said = _said(index, form, language).rstrip(".")
    if not said:
        return ""
    parts = {"speaker": speakers, "said": said, "hedge": form.hedge or "?", "accused": accused}
    return capitalized(filled(frames[name], parts, language))


def _said(index: Index, form: ClaimForm, language: str) -> str:
    if form.is_allegation:
        return listed((index.named(each, language) for each in form.acts), language)
    value = form.object
    shown = (
        index.named(value, language)
        if isinstance(value, str) and value
        else getattr(value, "as_written", "") or getattr(value, "words", "")
    )
    if not (form.subject and form.predicate and value):
        quotation = f"“{form.quoted}”" if language == "en" else f"«{form.quoted}»"
        named = [form.subject, form.predicate] if value else form.about
        labels = [*index.labels(filter(None, named), language), shown]
        return ": ".join(filter(None, [*labels, quotation if form.quoted else ""]))
    return index.clause(form.subject, form.predicate, shown, language)
