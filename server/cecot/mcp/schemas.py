"""The shapes of what the tools tell, in one language, and claims in these shapes (docs: model).

JSON Schema 2020-12 is made from them. A field without a default is always there; one that stands at
its default is left out of a record.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from typing import Any

from cecot.claims.claim import PARTS, Claim
from cecot.claims.nodes import Node, Place, Reader, Texts, Value
from cecot.claims.silence import Silence
from cecot.errors import BadRequest
from cecot.locale.catalogue import locales
from cecot.protocol.requests import whole_number


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure or a date as the text writes it; ``number`` is exact, ``at_least`` a lower bound."""

    as_written: str
    number: str = ""
    at_least: str = ""
    unit: str = ""
    qualifier: str = ""
    date: str = ""
    same_as: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ThingName:
    """A thing by its name; without an IRI, words.

    ``kind`` is set where a name does not say that there is such a thing: ``act`` (an alleged act),
    ``spoken`` (spoken of), ``proposal`` (only announced), ``unidentified`` (a speaker whom the
    text does not name).
    """

    label: str
    iri: str = ""
    types: tuple[str, ...] = ()
    figure: Figure | None = None
    kind: str = ""


@dataclass(frozen=True, slots=True)
class PlaceName:
    """Where in which source it stands; lines count from 1; ``link`` leads to the sentence."""

    source: ThingName | None
    line: int | None
    passage: str
    link: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """Who says what, how sure, where. It is a fact of its source only if ``is_fact`` is true.

    ``status`` is Asserted, Hedged, Attributed, Alleged, Planned or Evaluative. ``unresolved`` is
    what the text leaves open. An allegation has ``accused`` (nobody is named if there are none),
    ``acts``, ``quantities``, ``policies``, ``victims`` (the group said to have suffered) and
    ``basis``, the evidence that it names. ``sentence`` says it whole, with status and speaker.
    ``responds_to`` is the claim that it denies, confirms or questions, ``repeats`` one that it
    tells again, ``hedge`` the hedging words, ``readings`` what the sentence may mean otherwise:
    then it is no fact. ``roles`` says what the thing that was asked for is in it.
    """

    iri: str
    status: str
    status_label: str
    is_fact: bool
    speakers: tuple[ThingName, ...]
    places: tuple[PlaceName, ...]
    says: str
    sentence: str
    subject: ThingName | None = None
    predicate: ThingName | None = None
    object: ThingName | None = None
    about: tuple[ThingName, ...] = ()
    is_allegation: bool = False
    accused: tuple[ThingName, ...] = ()
    victims: tuple[ThingName, ...] = ()
    acts: tuple[ThingName, ...] = ()
    quantities: tuple[ThingName, ...] = ()
    policies: tuple[ThingName, ...] = ()
    basis: tuple[ThingName, ...] = ()
    said_in: tuple[ThingName, ...] = ()
    as_of: tuple[ThingName, ...] = ()
    saying: tuple[ThingName, ...] = ()
    responds_to: tuple[ThingName, ...] = ()
    repeats: tuple[ThingName, ...] = ()
    hedge: str = ""
    readings: tuple[str, ...] = ()
    speech_act: str = ""
    quotations: tuple[str, ...] = ()
    unresolved: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NotSaid:
    """Something that ``sources`` do not state of the thing, as an editor found who read them.

    ``of_something_else`` are statements by the same property about other things: not answers.
    ``thing`` is named where it is not the one that is told of.
    """

    property: ThingName
    meaning: str = ""
    of_something_else: tuple[Statement, ...] = ()
    thing: ThingName | None = None
    sources: tuple[ThingName, ...] = ()


@dataclass(frozen=True, slots=True)
class Reference:
    """A link or a part of the graph's own structure: no statement of a text."""

    property: str
    value: ThingName


@dataclass(frozen=True, slots=True)
class ThingDescription:
    """All that is said of a thing; ``counts`` are of all statements, by status.

    ``is_cut``: there are more statements than are shown; the tool list_claims has the others.
    """

    thing: ThingName
    counts: Mapping[str, int]
    statements: tuple[Statement, ...]
    not_said: tuple[NotSaid, ...]
    is_cut: bool = False
    place: PlaceName | None = None
    descriptions: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    references: tuple[Reference, ...] = ()


@dataclass(frozen=True, slots=True)
class ClaimList:
    """Statements that match, by their places; ``next`` as ``after`` gives those that follow."""

    total: int
    statements: tuple[Statement, ...]
    next: str = ""


@dataclass(frozen=True, slots=True)
class SearchHits:
    """What a search found: questions with a ready query, statements, things, silences.

    ``not_said`` is what was searched for and no text says. ``is_partial``: nothing has all the
    words. ``is_cut``: there are more hits than are shown.
    """

    questions: tuple[QuestionEntry, ...]
    not_said: tuple[NotSaid, ...]
    statements: tuple[Statement, ...]
    things: tuple[ThingName, ...]
    is_partial: bool = False
    is_cut: bool = False


@dataclass(frozen=True, slots=True)
class QuestionEntry:
    """A question that comes with the graph; the tool sparql answers its ``query``.

    ``answer`` is its answer in sentences, each with the status, the speaker and the lines of what
    it tells; none where nobody wrote them, and how it begins where not all is shown. ``lines`` are
    the lines of the sources that it leads to.
    """

    number: int
    slug: str
    title: str
    answer: tuple[str, ...] = ()
    summary: str = ""
    lines: tuple[int, ...] = ()
    query: str = ""


@dataclass(frozen=True, slots=True)
class QuestionList:
    """Questions in their order."""

    questions: tuple[QuestionEntry, ...]


@dataclass(frozen=True, slots=True)
class RdfTerm:
    """An RDF term as in SPARQL 1.1 Query Results JSON: ``type`` is uri, bnode, literal, triple.

    ``direction`` is that of a text in a language: ltr or rtl.
    """

    type: str
    value: str
    datatype: str = ""
    language: str = ""
    direction: str = ""


@dataclass(frozen=True, slots=True)
class QueryAnswer:
    """The answer to a query: rows, yes or no (``truth``), or triples as N-Triples.

    ``total`` counts all rows or triples; if ``is_cut``, only the first ``shown`` are here.
    ``hints`` tell why it may be empty, or lack something.
    """

    form: str
    total: int
    shown: int
    is_cut: bool
    variables: tuple[str, ...] = ()
    rows: tuple[Mapping[str, RdfTerm], ...] = ()
    truth: bool | None = None
    triples: str = ""
    hints: tuple[str, ...] = ()


def record(value: object) -> object:
    """``value`` as JSON knows it: without what stands at its default."""
    if is_dataclass(value):
        return {
            each.name: record(found)
            for each in fields(value)
            if (found := getattr(value, each.name)) != each.default or each.default is MISSING
        }
    if isinstance(value, Mapping):
        return {name: record(each) for name, each in value.items()}
    if isinstance(value, tuple):
        return [record(each) for each in value]
    return value


LONGEST = 500
"""Code points of a text, unless the parameter says otherwise."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A text, one of ``choices``, or, where ``most`` is given, a whole number from 1.

    Without a ``default`` it must be given; a text whose default is empty may be left out.
    """

    name: str
    help: str
    default: str | int | None = None
    choices: tuple[str, ...] = ()
    most: int = 0
    longest: int = LONGEST

    def schema(self) -> dict[str, object]:
        """Its JSON Schema."""
        schema: dict[str, object] = {"type": "string", "description": self.help}
        if self.most:
            schema |= {"type": "integer", "minimum": 1, "maximum": self.most}
        elif self.choices:
            schema["enum"] = list(self.choices)
        else:
            schema["maxLength"] = self.longest
        if self.default not in (None, ""):
            schema["default"] = self.default
        return schema

    def read(self, value: object) -> str | int:
        """The value that was given; raises BadRequest that says what it may be."""
        if self.most:
            number = whole_number(value) if isinstance(value, str) else value
            if isinstance(number, int) and not isinstance(number, bool) and number >= 1:
                return min(number, self.most)
            raise self._wrong(value, f"a whole number from 1 to {self.most}")
        if not isinstance(value, str):
            raise self._wrong(value, "a text")
        text = value.strip()
        if self.choices:
            if text.lower() in self.choices:
                return text.lower()
            raise self._wrong(value, f"one of {', '.join(self.choices)}")
        if len(text) > self.longest:
            raise self._wrong(f"{text[:50]}...", f"at most {self.longest} characters long")
        if not text and self.default is None:
            raise self._wrong(value, "a text")
        return text

    def _wrong(self, value: object, what: str) -> BadRequest:
        return BadRequest(
            f"{self.name} is {str(value)[:60]!r}, and should be {what}.",
            hint=self.help,
            where=self.name,
        )


LANGUAGE = Parameter(
    "language", "Language of labels, descriptions and notes.", "en", tuple(locales())
)
"""Every tool takes it."""


def schema_of(parameters: Iterable[Parameter]) -> dict[str, object]:
    """The JSON Schema of all arguments together; others are not allowed."""
    parameters = tuple(parameters)
    return {
        "type": "object",
        "properties": {each.name: each.schema() for each in parameters},
        "required": [each.name for each in parameters if each.default is None],
        "additionalProperties": False,
    }


def read_arguments(
    parameters: Iterable[Parameter], given: Mapping[str, object]
) -> dict[str, str | int]:
    """Read what was given, by the names of the parameters; null counts as left out.

    Raises BadRequest for a parameter that there is not, that is missing, or that cannot be read.
    """
    known = {each.name: each for each in parameters}
    takes = f"It takes {', '.join(known)}."
    for name in given:
        if name not in known:
            raise BadRequest(f"There is no parameter {name[:60]!r}.", hint=takes, where=name[:60])
    values: dict[str, str | int] = {}
    for name, each in known.items():
        value = given.get(name)
        if value is not None:
            values[name] = each.read(value)
        elif each.default is not None:
            values[name] = each.default
        else:
            raise BadRequest(f"{name} is missing.", hint=each.help, where=name)
    return values


_THINGS = [name for name, (read, _) in PARTS.items() if read in (Reader.one, Reader.nodes)]
"""The parts of a claim that are things."""


def statement_of(claim: Claim, language: str, roles: tuple[str, ...] = ()) -> Statement:
    """The claim whole, with its status, its speakers and its places."""
    modality = claim.modality
    things: dict[str, Any] = {name: _told(getattr(claim, name), language) for name in _THINGS}
    return Statement(
        iri=claim.iri,
        status=claim.status,
        status_label=modality.label(language).value if modality else "",
        is_fact=claim.is_fact,
        is_allegation=claim.is_allegation,
        places=tuple(place_of(each, language) for each in claim.places),
        says=claim.said(language),
        sentence=claim.sentence(language),
        hedge=claim.hedge.first(language).value,
        readings=texts_in(claim.readings, language),
        speech_act=claim.speech_act.first(language).value,
        quotations=tuple(each.value for each in (*claim.quoted, *claim.exact)),
        unresolved=texts_in(claim.unresolved, language),
        notes=texts_in(claim.notes, language),
        roles=roles,
        **things,
    )


def silence_of(silence: Silence, language: str, *, named: bool = False) -> NotSaid:
    """What a source does not state, and apart what is said by the same property of other things."""
    return NotSaid(
        thing_of(silence.property_, language),
        " ".join(texts_in(silence.notes, language)),
        tuple(statement_of(claim, language) for claim in silence.elsewhere),
        thing_of(silence.thing, language) if named else None,
        tuple(thing_of(each, language) for each in silence.sources),
    )


def thing_of(node: Node, language: str) -> ThingName:
    """The thing by its name, with its figure or date if it is one."""
    figure = _figure(node.value, language) if node.value else None
    return ThingName(node.label(language).value, node.iri, figure=figure, kind=node.mention)


def place_of(place: Place, language: str) -> PlaceName:
    """The place: source, line and passage."""
    source = thing_of(place.source, language) if place.source else None
    return PlaceName(source, place.line, place.passage.iri, place.link)


def texts_in(texts: Texts, language: str) -> tuple[str, ...]:
    """What a reader of ``language`` gets of ``texts``."""
    return tuple(each.value for each in texts.read_in(language))


def _figure(value: Value, language: str) -> Figure:
    return Figure(
        as_written=value.as_written.first(language).value,
        number=value.number,
        at_least=value.minimum,
        unit=value.unit.first(language).value or value.unit_code,
        qualifier=value.qualifier.first(language).value,
        date=value.edtf,
        same_as=tuple(each.label(language).value for each in value.same_as),
    )


def _told(part: Node | tuple[Node, ...] | None, language: str) -> object:
    if isinstance(part, tuple):
        return tuple(thing_of(each, language) for each in part)
    return thing_of(part, language) if part else None
