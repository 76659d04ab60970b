"""What a form has no field for stays on the claim, and what is broken can be opened and mended."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Triple

from cecot.editing.figures import DateDraft, FigureDraft
from cecot.editing.form import ClaimForm, form_of, value_of, with_line
from cecot.editing.workspace import Workspace
from cecot.rdf.reading import parse_text
from cecot.rdf.terms import link, worded
from cecot.rooms import Rooms
from cecot.vocabulary import CECOT, DCTERMS, RDF, SCHEMA, SKOS, XSD
from cecot.workbench.desk import Desk
from cecot.workbench.fields import Entered, FieldReader, fields_of
from workbenches import practice_rooms

Change = Callable[[str], str]
ID = "https://w3id.org/cecot/id/"
ALLEGATION, FIGURE = "article-13-accusation", "article-07-9-8-feet"


@pytest.fixture
def practice(tmp_path: Path) -> Rooms:
    return practice_rooms(tmp_path / "rooms")


def desk_with(rooms: Rooms, triples: list[Triple]) -> Desk:
    """The desk over ``rooms``, in whose graph ``triples`` stand as well, in the file of the claim
    or of the value that they are about."""
    for triple in triples:
        path, _ = Workspace(rooms).material.lines[triple.subject.value]
        with path.open("a") as file:
            file.write(f"\n{triple.subject} {triple.predicate} {triple.object} .\n")
    return Desk(rooms, ())


def sent(desk: Desk, claim: str, **typed: str) -> tuple[Entered, list[Triple]]:
    """What is read when the page of ``claim`` is sent with other fields, and its file then."""
    form = form_of(desk.index, ID + claim)
    place = desk.passages.one(form.passage)
    fields = fields_of(desk.index, form, place, "en") | typed
    entered = FieldReader(desk.index, desk.names, place, fields).read(form)
    candidate = desk.workspace.with_claim(entered.form, place, entered.things)
    path = desk.workspace.passage_file(form.passage)
    content = candidate.after.get(path, candidate.before[path])
    return entered, parse_text(content.decode()).triples


@pytest.mark.parametrize(
    ("predicate", "names"),
    [
        (CECOT.asOf, ("closure", "concert")),
        (CECOT.saidIn, ("closure", "concert")),
        (CECOT.respondsTo, ("article-07-capacity", "article-07-windows-count")),
        (CECOT.repeats, ("article-07-capacity", "article-07-windows-count")),
    ],
)
def test_a_second_link_stays_when_something_else_is_changed(
    practice: Rooms, predicate: str, names: tuple[str, ...]
) -> None:
    more = [link(ID + ALLEGATION, predicate, ID + name) for name in names]
    desk = desk_with(practice, more)
    _, triples = sent(desk, ALLEGATION, description_en="Another line.")
    assert set(more) <= set(triples)


def test_a_second_figure_that_is_alleged_stays(practice: Rooms) -> None:
    path = practice.graph / "sources/article/13.ttl"
    nodes = [f"{ID}article-13-{words}" for words in ("nine", "ten")]
    for node in nodes:
        figure = f"a <{SCHEMA.QuantitativeValue}> ; <{CECOT.asWritten}> 'the'@en"
        path.write_text(f"{path.read_text()}\n<{node}> {figure} .\n")
    more = [link(ID + ALLEGATION, CECOT.allegedQuantity, node) for node in nodes]
    _, triples = sent(desk_with(practice, more), ALLEGATION, description_en="Another line.")
    assert len({each.object for each in triples if each.predicate == more[0].predicate}) == 2
    assert more[1] in triples


@pytest.mark.parametrize("predicate", [CECOT.hedge, CECOT.quotedText, CECOT.speechAct])
def test_second_words_stay_when_something_else_is_changed(practice: Rooms, predicate: str) -> None:
    more = [worded(ID + ALLEGATION, predicate, each, "en") for each in ("accused", "some books")]
    desk = desk_with(practice, more)
    _, triples = sent(desk, ALLEGATION, description_en="Another line.")
    assert set(more) <= set(triples)


def test_what_only_an_allegation_has_goes_with_its_status(practice: Rooms) -> None:
    more = [link(ID + ALLEGATION, CECOT.allegedQuantity, ID + name) for name in (FIGURE, "leaflet")]
    _, triples = sent(desk_with(practice, more), ALLEGATION, status="Attributed")
    assert not [each for each in triples if each.predicate.value == CECOT.allegedQuantity]


@pytest.mark.parametrize("predicate", [DCTERMS.description, CECOT.readings, SKOS.editorialNote])
def test_words_in_a_language_without_a_field_stay(practice: Rooms, predicate: str) -> None:
    french = worded(ID + ALLEGATION, predicate, "en français", "fr")
    _, triples = sent(desk_with(practice, [french]), ALLEGATION, hedge="")
    assert french in triples
    _, triples = sent(desk_with(practice, []), ALLEGATION, description_en="Another line.")
    assert french in triples


@pytest.mark.parametrize("name", [FIGURE, "article-07-3-0-m"])
def test_a_gloss_in_a_language_without_a_field_stays(practice: Rooms, name: str) -> None:
    french = worded(ID + name, CECOT.gloss, "en français", "fr")
    desk = desk_with(practice, [french])
    claim = _claim_of(desk, FIGURE)
    _, triples = sent(desk, claim, qualifier="each one")
    assert "en français" in [getattr(each.object, "value", "") for each in triples]


def test_a_line_in_a_language_without_a_field_is_no_line_of_ours(practice: Rooms) -> None:
    index = Desk(practice, ()).index
    form = form_of(index, ID + ALLEGATION)
    told = with_line(index, ClaimForm(**{**_fields(form), "description": (("fr", "Oui."),)}))
    assert [language for language, _ in told.description] == ["en", "es", "fr"]


def test_notes_that_are_not_shown_stay(practice: Rooms) -> None:
    passage = ID + "article-13"
    notes = [
        worded(passage, SKOS.editorialNote, words, tag)
        for words, tag in (("one", "en"), ("two", "en"), ("trois", "fr"))
    ]
    workspace = desk_with(practice, notes).workspace
    (content,) = workspace.with_note(passage, {"en": "new", "es": ""}).after.values()
    assert _notes(content) >= {("new", "en"), ("two", "en"), ("trois", "fr")}
    assert ("one", "en") not in _notes(content)


def test_figures_that_are_one_another_are_read_and_stay(practice: Rooms) -> None:
    back = link(ID + "article-07-3-0-m", CECOT.sameQuantityAs, ID + FIGURE)
    desk = desk_with(practice, [back])
    figure = value_of(desk.index, NamedNode(ID + FIGURE))
    assert isinstance(figure, FigureDraft)
    assert figure.converted
    assert figure.converted.converted is None
    _, triples = sent(desk, _claim_of(desk, FIGURE), description_en="Another line.")
    assert back in triples


def _date(rooms: Rooms, day: str) -> Desk:
    """The desk where a claim has a date of its own, whose first day is ``day``."""
    graph = desk_with(rooms, []).workspace
    path = graph.passage_file(ID + "article-13")
    claim, node = f"<{ID}article-13-dated>", f"<{ID}article-13-friday>"
    path.write_text(
        path.read_text()
        + f"""
{claim} a <{CECOT.Claim}> ; <{CECOT.modality}> <{CECOT.Asserted}> ;
  <{CECOT.passage}> <{ID}article-13> ; <{CECOT.statedBy}> <{ID}article> ;
  <{CECOT.start}> 1 ; <{CECOT.end}> 2 ; <{CECOT.spanHash}> "0" ;
  <{RDF.subject}> <{ID}article> ; <{RDF.predicate}> <{CECOT.about}> ; <{RDF.object}> {node} .
{node} a <{CECOT.DateValue}> ; <{CECOT.asWritten}> "the"@en ; <{CECOT.edtf}> "2023-02-28" ;
  <{SCHEMA.startDate}> "{day}"^^<{XSD.date}> ; <{SCHEMA.endDate}> "2023-02-28"^^<{XSD.date}> .
"""
    )
    return Desk(rooms, ())


@pytest.mark.parametrize("day", ["2023-02-31", "soon", ""])
def test_a_date_without_a_day_is_opened_and_mended_by_saving(practice: Rooms, day: str) -> None:
    desk = _date(practice, day)
    value = form_of(desk.index, f"{ID}article-13-dated").object
    assert isinstance(value, DateDraft)
    assert (value.first, value.last) == (date.min, date(2023, 2, 28))
    entered, triples = sent(desk, "article-13-dated")
    assert set(entered.wrong) <= {"words", "predicate"}
    days = {each.object for each in triples if each.predicate.value == SCHEMA.startDate}
    assert days == {Literal("2023-02-28", datatype=NamedNode(XSD.date))}


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("soon", "Write the day as 2023-02-01."),
        ("2023-02", "Write the day as 2023-02-01."),
        ("28.2.2023", "Write the day as 2023-02-01."),
        ("2023-02-31", "There is no such day."),
    ],
)
def test_a_day_that_is_none_is_told_at_its_field(practice: Rooms, typed: str, told: str) -> None:
    desk = _date(practice, "2023-02-28")
    for name in ("first", "last"):
        entered, _ = sent(desk, "article-13-dated", **{name: typed})
        assert [str(each) for each in entered.wrong[name]] == [told]


def _claim_of(desk: Desk, value: str) -> str:
    (claim,) = desk.index.subjects(RDF.object, ID + value)
    return claim.removeprefix(ID)


def _fields(form: ClaimForm) -> dict[str, object]:
    return {name: getattr(form, name) for name in form.__dataclass_fields__}


def _notes(content: bytes) -> set[tuple[str, str]]:
    return {
        (each.object.value, each.object.language or "")
        for each in parse_text(content.decode()).triples
        if each.predicate.value == SKOS.editorialNote and isinstance(each.object, Literal)
    }
