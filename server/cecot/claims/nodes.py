"""Terms of the graph as people read them: labels by language, figures and dates as written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pyoxigraph import Literal

from cecot.claims.dates import readable_date
from cecot.claims.subgraph import Subgraph, iri_of
from cecot.rdf.terms import Term
from cecot.vocabulary import CECOT, DCTERMS, RDF, RDFS, SCHEMA, SKOS

_LABELS = tuple(
    str(each)
    for each in (RDFS.label, SKOS.prefLabel, DCTERMS.title, CECOT.asWritten, SKOS.notation)
)
_TYPE, _PART_OF, _AS_WRITTEN, _SAME, _QUANTITY, _POSITION, _START, _END = (
    str(each)
    for each in (
        RDF.type,
        DCTERMS.isPartOf,
        CECOT.asWritten,
        CECOT.sameQuantityAs,
        SCHEMA.QuantitativeValue,
        SCHEMA.position,
        CECOT.start,
        CECOT.end,
    )
)


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
        for wanted in (language, "", "en", self.all[0].language if self.all else ""):
            found = tuple(each for each in self.all if each.language.split("-")[0] == wanted)
            if found:
                return found
        return ()

    def first(self, language: str) -> Text:
        """The first of those that a reader of ``language`` gets; empty if there is none."""
        return next(iter(self.read_in(language)), Text(""))


@dataclass(frozen=True, slots=True)
class Value:
    """A figure or a date: ``as_written`` in the text, and what of it is a number or a day.

    ``number`` is exact, ``minimum`` a lower bound, in canonical form, in the unit that
    ``unit_code`` (UN/CEFACT) or ``unit`` names; ``first_day`` and ``last_day`` are ISO 8601.
    """

    as_written: Texts
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
        """As it is written; a date that reads the same in ``language``, in that language.

        A date whose words say more than its EDTF string ("late 2022") stays as it is written.
        """
        written = self.as_written.first(language)
        own = written.language
        if self.edtf and own != language and written.value == readable_date(self.edtf, own):
            return Text(readable_date(self.edtf, language), language)
        return written


@dataclass(frozen=True, slots=True)
class Node:
    """A term with what a reader needs to know it; ``iri`` is empty for what has none."""

    term: Term
    iri: str
    labels: Texts
    types: tuple[str, ...] = ()
    value: Value | None = None

    def label(self, language: str) -> Text:
        """Its name for a reader of ``language``; at last the end of its IRI."""
        return self.labels.first(language) if self.labels else Text(local_name(self.iri))


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a source something stands: line from 1, offsets in code points, end exclusive."""

    passage: Node
    source: Node | None
    line: int | None
    start: int | None
    end: int | None


def local_name(iri: str) -> str:
    """The end of ``iri``, which is all that there is to read where nobody gave a label."""
    return iri.rstrip("/#").replace("#", "/").rpartition("/")[2]


def texts_of(terms: Iterable[Term]) -> Texts:
    """The literals among ``terms``, sorted by language and words."""
    found = {Text(each.value, each.language or "") for each in terms if isinstance(each, Literal)}
    if len(found) < 2:
        return Texts(tuple(found))
    return Texts(tuple(sorted(found, key=lambda text: (text.language, text.value))))


_NOTHING = Texts()


class Reader:
    """Reads nodes, texts and places out of what was gathered, each node once."""

    def __init__(self, gathered: Subgraph) -> None:
        self.gathered = gathered
        self._nodes: dict[Term, Node] = {}

    def node(self, term: Term) -> Node:
        """``term`` as a reader knows it: a literal is its own label."""
        node = self._nodes.get(term)
        if node is None:
            node = self._nodes[term] = self._read(term)
        return node

    def nodes(self, subject: Term, predicate: str) -> tuple[Node, ...]:
        """The objects of ``subject`` for the IRI ``predicate``, in the order of their terms."""
        objects = self.gathered.objects(subject, predicate)
        if len(objects) > 1:
            objects = sorted(objects, key=str)
        return tuple(map(self.node, objects))

    def texts(self, subject: Term, *predicates: str) -> Texts:
        """The words that ``subject`` has for any of the IRIs ``predicates``."""
        objects = [each for iri in predicates for each in self.gathered.objects(subject, iri)]
        return texts_of(objects) if objects else _NOTHING

    def place(self, passage: Term) -> Place:
        """The place that ``passage`` is, as much of it as the graph tells."""
        return Place(
            self.node(passage),
            next(iter(self.nodes(passage, _PART_OF)), None),
            self._number(passage, _POSITION),
            self._number(passage, _START),
            self._number(passage, _END),
        )

    def _read(self, term: Term) -> Node:
        if isinstance(term, Literal):
            return Node(term, "", texts_of([term]))
        objects = self.gathered.objects
        labels = next((found for each in _LABELS if (found := objects(term, each))), [])
        types = sorted(iri_of(each) for each in objects(term, _TYPE))
        return Node(term, iri_of(term), texts_of(labels), tuple(types), self._value(term, types))

    def _value(self, term: Term, types: list[str]) -> Value | None:
        if not (self.gathered.objects(term, _AS_WRITTEN) or _QUANTITY in types):
            return None
        same = tuple(each for each in self.gathered.objects(term, _SAME) if each != term)
        return Value(
            as_written=self.texts(term, _AS_WRITTEN),
            number=self._code(term, SCHEMA.value),
            minimum=self._code(term, SCHEMA.minValue),
            unit_code=self._code(term, SCHEMA.unitCode),
            unit=self.texts(term, str(SCHEMA.unitText)),
            qualifier=self.texts(term, str(CECOT.qualifier)),
            edtf=self._code(term, CECOT.edtf),
            first_day=self._code(term, SCHEMA.startDate),
            last_day=self._code(term, SCHEMA.endDate),
            same_as=tuple(map(self.node, same)),
        )

    def _code(self, term: Term, predicate: str) -> str:
        return next(iter(self.texts(term, str(predicate))), Text("")).value

    def _number(self, term: Term, predicate: str) -> int | None:
        code = self._code(term, predicate)
        return int(code) if code.isdecimal() else None
