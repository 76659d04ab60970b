"""Terms of the graph as people read them: labels by language, figures and dates as written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode

from cecot.claims.subgraph import Subgraph, fetch
from cecot.dates import readable_date
from cecot.engine import Engine
from cecot.rdf.terms import Term, iri_of, local_name
from cecot.sentences import figure, read_in
from cecot.vocabulary import CECOT, DCTERMS, RDF, RDFS, SCHEMA, SKOS

_LABELS = (
    RDFS.label, SKOS.prefLabel, DCTERMS.title, CECOT.asWritten, SKOS.notation, CECOT.statement,
)  # fmt: skip
_MENTIONS = {
    CECOT.Acts: "act",
    CECOT.Things: "spoken",
    CECOT.Proposal: "proposal",
    CECOT.UnidentifiedAgent: "unidentified",
}


@dataclass(frozen=True, slots=True)
class Text:
    """Words and their language (empty: none is said); prints as the words."""

    value: str
    language: str = ""

    def __str__(self) -> str:
        """The words."""
        return self.value


@dataclass(frozen=True, slots=True)
class Texts:
    """The same thing said in several languages, perhaps more than once in each."""

    all: tuple[Text, ...] = ()

    def __bool__(self) -> bool:
        """Whether anything is said."""
        return bool(self.all)

    def __iter__(self) -> Iterator[Text]:
        """All of them, sorted by language."""
        return iter(self.all)

    def read_in(self, language: str) -> tuple[Text, ...]:
        """Those in ``language``; else those without one, in English, in whatever comes first."""
        return tuple(read_in(self.all, language))

    def only_in(self, language: str) -> Text | None:
        """The first of those in ``language`` itself, and in no other."""
        return next((each for each in self.all if each.language == language), None)

    def first(self, language: str) -> Text:
        """The first of those that a reader of ``language`` gets; empty if there is none."""
        return next(iter(self.read_in(language)), Text(""))


@dataclass(frozen=True, slots=True)
class Value:
    """A figure or a date: ``as_written`` in the text, and what of it is a number or a day.

    ``gloss`` is our translation of the words, with what limits them (``qualifier``).
    ``number`` is exact, ``minimum`` a lower bound, in canonical form, in the unit that
    ``unit_code`` (UN/CEFACT) or ``unit`` names; ``first_day`` and ``last_day`` are ISO 8601.
    """

    as_written: Texts
    gloss: Texts
    number: str
    minimum: str
    unit_code: str
    unit: Texts
    qualifier: Texts
    edtf: str
    first_day: str
    last_day: str
    same_as: tuple[Node, ...]

    def written_in(self, language: str) -> Text:
        """As it is written; in ``language`` as it is translated, or a date that reads the same.

        A date whose words say more than its EDTF string ("late 2022") stays as it is written.
        """
        if gloss := self.gloss.only_in(language):
            return gloss
        written = self.as_written.first(language)
        own = written.language
        if self.edtf and own != language and written.value == readable_date(self.edtf, own):
            return Text(readable_date(self.edtf, language), language)
        return written

    def limits_in(self, language: str) -> tuple[Text, ...]:
        """What limits it and does not stand in the words: a translation tells all of it."""
        if self.gloss.only_in(language):
            return ()
        written = self.as_written.first(language).value
        return tuple(each for each in self.qualifier.read_in(language) if each.value not in written)

    def same_in(self, language: str) -> tuple[Text, ...]:
        """What the text converts it to."""
        return tuple(each.value.written_in(language) for each in self.same_as if each.value)


@dataclass(frozen=True, slots=True)
class Node:
    """A term with what a reader needs to know it; ``iri`` is empty for what has none.

    ``phrase`` is how a claim reads that has it as its property, or as its status; ``in_sentence``
    is what it is called within a sentence, where that is not its name.
    """

    term: Term
    iri: str
    labels: Texts
    types: tuple[str, ...] = ()
    value: Value | None = None
    phrase: Texts = field(default_factory=Texts)
    in_sentence: Texts = field(default_factory=Texts)
    schemes: tuple[str, ...] = ()

    @property
    def mention(self) -> str:
        """What it is if that it is named does not say that it exists; empty for everything else.

        ``act`` (alleged), ``spoken`` (of which a text speaks), ``proposal`` (announced),
        ``unidentified`` (a speaker without a name).
        """
        lists = (*self.schemes, *self.types)
        return next((kind for each, kind in _MENTIONS.items() if each in lists), "")

    def written_in(self, language: str) -> str:
        """Its name; of a figure or a date what is written, what limits it, what it is besides."""
        if self.value is None:
            return self.label(language).value
        return figure(
            self.value.written_in(language).value,
            (each.value for each in self.value.limits_in(language)),
            (each.value for each in self.value.same_in(language)),
        )

    def named(self, language: str) -> Text:
        """What it is called within a sentence, as "the gang crackdown"; a figure is written."""
        return self.in_sentence.only_in(language) or (
            self.label(language) if self.value is None else Text(self.written_in(language))
        )

    def label(self, language: str) -> Text:
        """Its name for a reader of ``language``; at last the end of its IRI.

        A figure or a date is called by its words: translated, where they are.
        """
        if self.value and (words := self.value.written_in(language)).value:
            return words
        return self.labels.first(language) if self.labels else Text(local_name(self.iri))


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a source something stands: line from 1, offsets in code points, end exclusive.

    ``page`` is the address at which the source is read, ``opens_with`` and ``ends_with`` are the
    first and the last words of the passage, ``parties`` those to the matter who wrote the source.
    """

    passage: Node
    source: Node | None
    line: int | None
    start: int | None
    end: int | None
    page: str = ""
    opens_with: str = ""
    ends_with: str = ""
    parties: tuple[Node, ...] = ()

    @property
    def link(self) -> str:
        """The address of the sentence in the living text (URL Fragment Text Directives).

        The page alone where nothing tells the sentence; empty if the source has no page.
        """
        if not (self.page and self.opens_with):
            return self.page
        ends = filter(None, (self.opens_with, self.ends_with))
        # A hyphen would be read as the sign of a prefix or a suffix: quote does not touch it.
        text = ",".join(quote(each, safe="").replace("-", "%2D") for each in ends)
        return f"{self.page.partition('#')[0]}#:~:text={text}"


Key = TypeVar("Key")
Found = TypeVar("Found")


def gathered(pairs: Iterable[tuple[Key, Found]]) -> dict[Key, list[Found]]:
    """What comes with each key, keys and values in the order in which they come."""
    groups: dict[Key, list[Found]] = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    return groups


def is_page(address: str) -> bool:
    """Whether a browser can follow ``address``."""
    return address.startswith(("https://", "http://"))


def read_nodes(engine: Engine, terms: Iterable[NamedNode]) -> list[Node]:
    """``terms`` as a reader knows them. Raises what the engine raises."""
    chosen = list(terms)
    reader = Reader(fetch(engine, mentioned=chosen))
    return [reader.node(each) for each in chosen]


def texts_of(terms: Iterable[Term]) -> Texts:
    """The literals among ``terms``, sorted by language and words."""
    found = {Text(each.value, each.language or "") for each in terms if isinstance(each, Literal)}
    if len(found) < 2:
        return Texts(tuple(found))
    return Texts(tuple(sorted(found, key=lambda text: (text.language, text.value))))


_NOTHING = Texts()


class Reader:
    """Reads nodes, texts and places out of what was fetched, each node once.

    What others read out of it they may keep in ``kept``, so that they read it once too.
    """

    def __init__(self, found: Subgraph) -> None:
        self.found = found
        self._nodes: dict[Term, Node] = {}
        self._places: dict[Term, Place] = {}
        self.kept: dict[Term, object] = {}

    def node(self, term: Term) -> Node:
        """``term`` as a reader knows it: a literal is its own label."""
        node = self._nodes.get(term)
        if node is None:
            node = self._nodes[term] = self._read(term)
        return node

    def nodes(self, subject: Term, predicate: str) -> tuple[Node, ...]:
        """The objects of ``subject`` for the IRI ``predicate``, in the order of their terms."""
        objects = self.found.objects(subject, predicate)
        if len(objects) > 1:
            objects = sorted(objects, key=str)
        return tuple(map(self.node, objects))

    def types(self, term: Term) -> set[str]:
        """The IRIs of its classes."""
        return {iri_of(each) for each in self.found.objects(term, RDF.type)}

    def one(self, subject: Term, predicate: str) -> Node | None:
        """The first of these objects; None if there is none."""
        return next(iter(self.nodes(subject, predicate)), None)

    def kinds(self, iris: Iterable[str]) -> tuple[Node, ...]:
        """The classes ``iris`` as readers are told them: without the unlabelled ones beside others.

        Those are of other vocabularies, derived for tools that know them.
        """
        classes = [self.node(NamedNode(iri)) for iri in iris]
        return tuple(each for each in classes if each.labels) or tuple(classes)

    def texts(self, subject: Term, *predicates: str) -> Texts:
        """The words that ``subject`` has for any of the IRIs ``predicates``."""
        objects = [each for iri in predicates for each in self.found.objects(subject, iri)]
        return texts_of(objects) if objects else _NOTHING

    def place(self, passage: Term) -> Place:
        """The place that ``passage`` is, as much of it as the graph tells."""
        place = self._places.get(passage)
        if place is None:
            source = self.one(passage, DCTERMS.isPartOf)
            pages = self.found.objects(source.term, SCHEMA.url) if source else []
            place = self._places[passage] = Place(
                self.node(passage),
                source,
                self.number(passage, SCHEMA.position),
                self.number(passage, CECOT.start),
                self.number(passage, CECOT.end),
                page=min(filter(is_page, map(iri_of, pages)), default=""),
                opens_with=self.code(passage, CECOT.opensWith),
                ends_with=self.code(passage, CECOT.endsWith),
                parties=self.nodes(source.term, CECOT.party) if source else (),
            )
        return place

    def _read(self, term: Term, *, is_same: bool = False) -> Node:
        if isinstance(term, Literal):
            return Node(term, "", texts_of([term]))
        objects = self.found.objects
        labels = next((found for each in _LABELS if (found := objects(term, each))), [])
        types = sorted(self.types(term))
        schemes = objects(term, SKOS.inScheme)
        return Node(
            term,
            iri_of(term),
            texts_of(labels),
            tuple(types),
            self._value(term, types, is_same=is_same),
            self.texts(term, CECOT.phrase),
            self.texts(term, CECOT.inSentence),
            tuple(sorted(map(iri_of, schemes))) if schemes else (),
        )

    def _value(self, term: Term, types: list[str], *, is_same: bool) -> Value | None:
        if not (self.found.objects(term, CECOT.asWritten) or SCHEMA.QuantitativeValue in types):
            return None
        # What the same figure is the same as is not told again: it may be this one.
        same = [] if is_same else self.found.objects(term, CECOT.sameQuantityAs)
        return Value(
            as_written=self.texts(term, CECOT.asWritten),
            gloss=self.texts(term, CECOT.gloss),
            number=self.code(term, SCHEMA.value),
            minimum=self.code(term, SCHEMA.minValue),
            unit_code=self.code(term, SCHEMA.unitCode),
            unit=self.texts(term, SCHEMA.unitText),
            qualifier=self.texts(term, CECOT.qualifier),
            edtf=self.code(term, CECOT.edtf),
            first_day=self.code(term, SCHEMA.startDate),
            last_day=self.code(term, SCHEMA.endDate),
            same_as=tuple(self._read(each, is_same=True) for each in same if each != term),
        )

    def code(self, term: Term, predicate: str) -> str:
        """The words, in whatever language, that ``term`` has for the IRI ``predicate``; or none."""
        return next(iter(self.texts(term, predicate)), Text("")).value

    def number(self, term: Term, predicate: str) -> int | None:
        """The whole number that ``term`` has for the IRI ``predicate``."""
        code = self.code(term, predicate)
        return int(code) if code.isdecimal() else None
