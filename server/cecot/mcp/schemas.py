"""The shapes of what the tools tell, in one language (JSON Schema 2020-12 is made from them).

A field without a default is always there; one that stands at its default is left out of a record.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass

Record = dict[str, object]


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
class Thing:
    """A thing by its name; without an IRI, words."""

    label: str
    iri: str = ""
    types: tuple[str, ...] = ()
    figure: Figure | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where in which source it stands; lines count from 1."""

    source: Thing | None
    line: int | None
    passage: str


@dataclass(frozen=True, slots=True)
class Statement:
    """Who says what, how sure, where. It is a fact of its source only if ``is_fact`` is true.

    ``status`` is Asserted, Hedged, Attributed, Alleged, Planned or Evaluative. ``unresolved`` is
    what the text leaves open. An allegation has ``accused`` (nobody is named if there are none),
    ``acts``, ``quantities``, ``policies`` and ``basis``, the evidence that it names. ``roles`` says
    what the thing that was asked for is in it.
    """

    iri: str
    status: str
    status_label: str
    is_fact: bool
    speakers: tuple[Thing, ...]
    places: tuple[Place, ...]
    says: str
    subject: Thing | None = None
    predicate: Thing | None = None
    object: Thing | None = None
    about: tuple[Thing, ...] = ()
    is_allegation: bool = False
    accused: tuple[Thing, ...] = ()
    acts: tuple[Thing, ...] = ()
    quantities: tuple[Thing, ...] = ()
    policies: tuple[Thing, ...] = ()
    basis: tuple[Thing, ...] = ()
    said_in: tuple[Thing, ...] = ()
    speech_act: str = ""
    quotations: tuple[str, ...] = ()
    unresolved: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NotSaid:
    """Something that no text says of the thing, in nobody's voice.

    ``of_something_else`` are statements by the same property about other things: not answers.
    ``thing`` is named where it is not the one that is told of.
    """

    property: Thing
    meaning: str = ""
    of_something_else: tuple[Statement, ...] = ()
    thing: Thing | None = None


@dataclass(frozen=True, slots=True)
class Reference:
    """A link or a part of the graph's own structure: no statement of a text."""

    property: str
    value: Thing


@dataclass(frozen=True, slots=True)
class Description:
    """All that is said of a thing; ``counts`` are of all statements, by status.

    ``is_cut``: there are more statements than are shown; the tool list_claims has the others.
    """

    thing: Thing
    counts: Mapping[str, int]
    statements: tuple[Statement, ...]
    not_said: tuple[NotSaid, ...]
    is_cut: bool = False
    place: Place | None = None
    descriptions: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    references: tuple[Reference, ...] = ()


@dataclass(frozen=True, slots=True)
class Claims:
    """Statements that match, by their places; ``next`` as ``after`` gives those that follow."""

    total: int
    statements: tuple[Statement, ...]
    next: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found: questions with a ready query, statements, things, silences.

    ``not_said`` is what was searched for and no text says. ``is_partial``: nothing has all the
    words. ``is_cut``: there are more hits than are shown.
    """

    questions: tuple[Question, ...]
    not_said: tuple[NotSaid, ...]
    statements: tuple[Statement, ...]
    things: tuple[Thing, ...]
    is_partial: bool = False
    is_cut: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """A question that comes with the graph; the tool sparql answers its ``query``.

    ``lines`` are the lines of the sources that the answer leads to.
    """

    number: int
    slug: str
    title: str
    summary: str = ""
    lines: tuple[int, ...] = ()
    query: str = ""


@dataclass(frozen=True, slots=True)
class Questions:
    """Questions in their order."""

    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Term:
    """An RDF term as in SPARQL 1.1 Query Results JSON: ``type`` is uri, bnode, literal, triple."""

    type: str
    value: str
    datatype: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a query: rows, yes or no (``truth``), or triples as N-Triples.

    ``total`` counts all rows or triples; if ``is_cut``, only the first ``shown`` are here.
    """

    form: str
    total: int
    shown: int
    is_cut: bool
    variables: tuple[str, ...] = ()
    rows: tuple[Mapping[str, Term], ...] = ()
    truth: bool | None = None
    triples: str = ""


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
