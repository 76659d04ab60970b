"""The table of claims: what is asked for, in which order, page after page (design: site)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from bench.generate import write_rooms
from pyoxigraph import NamedNode, RdfFormat, Store

from cecot.claims.names import named, named_status, short_name
from cecot.claims.subgraph import iri_of
from cecot.claims.table import (
    SORTS,
    Filters,
    Order,
    count_values,
    find_claims,
    grouped,
    most_used,
    query_of,
)
from cecot.dataset.store import load_store
from cecot.engine import Engine
from cecot.errors import BadRequest
from cecot.rooms import Rooms, find_rooms
from cecot.sparql.asking import select
from cecot.sparql.evaluation import InProcessEngine
from cecot.vocabulary import CECOT

ID = "https://w3id.org/cecot/id/"
TWO_SOURCES = """
PREFIX cecot: <https://w3id.org/cecot/ontology#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX schema: <https://schema.org/>
PREFIX : <https://w3id.org/cecot/id/>
:a a cecot:Source . :b a cecot:Source .
:a-9 a cecot:Passage ; dcterms:isPartOf :a ; schema:position 9 .
:a-10 a cecot:Passage ; dcterms:isPartOf :a ; schema:position 10 .
:b-1 a cecot:Passage ; dcterms:isPartOf :b ; schema:position 1 .
:late a cecot:Claim ; cecot:modality cecot:Asserted ; cecot:statedBy :b ; cecot:passage :b-1 .
:twice a cecot:Claim ; cecot:modality cecot:Hedged ; cecot:statedBy :b, :a ;
    cecot:passage :b-1, :a-10 .
:first a cecot:Claim ; cecot:modality cecot:Planned ; cecot:statedBy :a ; cecot:passage :a-9 ;
    rdf:subject :prison ; rdf:object :prison .
:nowhere a cecot:Claim ; cecot:modality cecot:Alleged ; cecot:statedBy :a .
"""


@pytest.fixture(scope="module")
def engine(rooms: Rooms) -> Engine:
    """An engine over the rooms of this checkout."""
    return InProcessEngine(load_store(rooms).store)


@pytest.fixture(scope="module")
def two_sources() -> Engine:
    """An engine over four claims: one stands in two sources, one in none."""
    store = Store()
    store.load(TWO_SOURCES, format=RdfFormat.TURTLE)
    return InProcessEngine(store)


def pages(
    engine: Engine, order: Order, size: int, *, most: int = 3000, **filters: str
) -> list[str]:
    """All claims that match, by turning page after page."""
    found: list[str] = []
    given: dict[str, Any] = {name: (NamedNode(value),) for name, value in filters.items()}
    wanted = Filters(**given)
    after = None
    while True:
        page = find_claims(engine, wanted, order, size, after, most=most)
        found += [claim.iri.removeprefix(ID) for claim in page.claims]
        if not page.more:
            assert len(found) == page.total
            return found
        assert len(page.claims) == size
        after = NamedNode(page.claims[-1].iri)


@pytest.mark.parametrize("most", [3000, 20])
@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("by", SORTS)
def test_turning_the_pages_shows_each_claim_once_and_in_order(
    engine: Engine, by: str, descending: bool, most: int
) -> None:
    whole = pages(engine, Order(by, descending), 1000)
    assert len(set(whole)) == len(whole) > 150
    assert pages(engine, Order(by, descending), 37, most=most) == whole
    assert pages(engine, Order(by, not descending), 50, most=most) == whole[::-1]


def test_claims_come_in_the_order_of_the_text(engine: Engine) -> None:
    found = find_claims(engine, Filters(), Order(), 1000).claims
    assert [claim.order for claim in found] == sorted(claim.order for claim in found)


def test_sorted_by_status_the_asserted_come_first_and_in_their_order(engine: Engine) -> None:
    found = find_claims(engine, Filters(), Order("status"), 1000).claims
    statuses = list(dict.fromkeys(claim.status for claim in found))
    assert statuses == ["Asserted", "Hedged", "Attributed", "Alleged", "Planned", "Evaluative"]


def test_lines_are_sorted_as_numbers_and_sources_before_them(two_sources: Engine) -> None:
    assert pages(two_sources, Order(), 2) == ["nowhere", "first", "twice", "late"]


def test_a_claim_of_two_speakers_in_two_places_is_listed_once(two_sources: Engine) -> None:
    for by in SORTS:
        assert sorted(pages(two_sources, Order(by), 1)) == ["first", "late", "nowhere", "twice"]
    assert pages(two_sources, Order(), 10, by=ID + "b") == ["twice", "late"]


@pytest.fixture(scope="module")
def many_sources() -> Engine:
    """An engine over twenty sources with a claim each, one claim in the first and the last."""
    store = Store()
    prefixes = TWO_SOURCES.partition(":a a")[0]
    text = prefixes + "".join(
        f""":s{n:02} a cecot:Source . :p{n:02} a cecot:Passage ; dcterms:isPartOf :s{n:02} ;
            schema:position {n % 3} .
        :c{n:02} a cecot:Claim ; cecot:modality cecot:Asserted ; cecot:statedBy :s{n:02} ;
            cecot:passage :p{n:02} ."""
        for n in range(20)
    )
    text += """:twice a cecot:Claim ; cecot:modality cecot:Asserted ; cecot:statedBy :s00, :s19 ;
        cecot:passage :p19, :p00 ."""
    store.load(text, format=RdfFormat.TURTLE)
    return InProcessEngine(store)


@pytest.mark.parametrize("size", [1, 5, 100])
@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("by", SORTS)
def test_fetched_source_by_source_a_claim_of_several_is_listed_in_the_first_alone(
    many_sources: Engine, by: str, descending: bool, size: int
) -> None:
    whole = pages(many_sources, Order(by, descending), 100)
    assert len(whole) == len(set(whole)) == 21
    assert pages(many_sources, Order(by, descending), size, most=1) == whole


def test_a_claim_without_a_place_is_listed_however_many_there_are(two_sources: Engine) -> None:
    for by in SORTS:
        whole = pages(two_sources, Order(by), 10)
        assert pages(two_sources, Order(by), 10, most=1) == whole
        assert pages(two_sources, Order(by), 1, most=1) == whole


def test_what_is_said_of_a_thing_by_itself_counts_once(two_sources: Engine) -> None:
    assert pages(two_sources, Order(), 10, about=ID + "prison") == ["first"]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"by": ID + "human-rights-watch"}, ["tcc-33-accusation"]),
        (
            {"status": str(CECOT.Alleged)},
            [
                *(f"tcc-{line}-accusation" for line in ("07", "33", "35", "37", "39")),
                "tcc-39-accusation-of-conditions",
            ],
        ),
        ({"act": ID + "act-torture"}, ["tcc-33-accusation"]),
        (
            {"policy": ID + "state-of-exception"},  # what is said of it, and what is alleged
            [
                "tcc-09-not-possible-without",
                "tcc-09-curtails",
                "tcc-39-accusation",
                "tcc-39-accusation-of-conditions",
            ],
        ),
        (
            {"policy": ID + "gang-crackdown", "status": str(CECOT.Alleged)},
            ["tcc-07-accusation", "tcc-35-accusation"],
        ),
        ({"predicate": str(CECOT.capacity)}, ["tcc-49-capacity", "tcc-51-capacity"]),
        ({"predicate": str(CECOT.capacity), "about": ID + "cecot"}, []),
        ({"by": ID + "nobody"}, []),
        (
            {"status": str(CECOT.Alleged), "about": ID + "salvadoran-government"},
            ["tcc-33-accusation", "tcc-35-accusation"],
        ),
    ],
)
def test_filters_narrow_together(
    engine: Engine, filters: dict[str, str], expected: list[str]
) -> None:
    assert pages(engine, Order(), 50, **filters) == expected


def test_a_source_has_all_its_claims_and_another_none(engine: Engine) -> None:
    assert pages(engine, Order(), 1000, source=ID + "tcc") == pages(engine, Order(), 1000)
    assert pages(engine, Order(), 10, source=ID + "cecot") == []


def test_nothing_comes_after_what_is_no_claim(engine: Engine) -> None:
    with pytest.raises(BadRequest, match="no claim") as caught:
        find_claims(engine, Filters(), Order(), 5, NamedNode(ID + "cecot"))
    assert caught.value.where == "after"


def test_a_total_that_is_known_is_not_counted_again(engine: Engine) -> None:
    assert find_claims(engine, Filters(), Order(), 5, total=7).total == 7


def choices(engine: Engine, name: str, most: int) -> list[NamedNode]:
    return most_used(count_values(engine, Filters(), name), most)


def test_choices_are_who_and_what_claims_have_and_the_text_itself(engine: Engine) -> None:
    speakers = [each.value for each in choices(engine, "by", 60)]
    assert ID + "daniel-noboa" in speakers
    assert speakers[0] == ID + "tcc"
    assert len(choices(engine, "by", 3)) == 3
    acts = [each.value for each in choices(engine, "act", 60)]
    assert ID + "act-torture" in acts
    policies = [each.value for each in choices(engine, "policy", 60)]
    assert policies == [ID + "gang-crackdown", ID + "state-of-exception"]


def test_several_values_of_a_filter_find_what_each_of_them_finds(engine: Engine) -> None:
    def found(*statuses: str) -> set[str]:
        wanted = Filters(status=tuple(NamedNode(f"{CECOT}{each}") for each in statuses))
        return {each.iri for each in find_claims(engine, wanted, Order(), 100).claims}

    both = found("Alleged", "Hedged")
    assert both == found("Alleged") | found("Hedged")
    assert both > found("Alleged")


def test_a_group_of_acts_finds_what_each_of_its_kinds_finds(engine: Engine) -> None:
    def found(*acts: str) -> list[str]:
        wanted = Filters(act=tuple(NamedNode(f"{ID}act-{act}") for act in acts))
        page = find_claims(engine, wanted, Order(), 100)
        assert page.total == len(page.claims)
        rows = select(engine, query_of(wanted))
        assert {iri_of(row["claim"]) for row in rows} == {each.iri for each in page.claims}
        return [claim.iri.removeprefix(ID) for claim in page.claims]

    kinds = (
        "arbitrary-arrest",
        "arrest-based-on-physical-appearance",
        "arrest-based-on-social-background",
        "arrest-without-sufficient-evidence",
    )
    arrests = ["tcc-33-accusation", "tcc-35-accusation", "tcc-37-accusation"]
    assert set(found(*kinds)) == set(found("arrest")) <= set(arrests)
    assert len(found("arrest")) > len(found("arbitrary-arrest")) > 0
    assert set(found("arrest", "torture")) == set(found("arrest")) | set(found("torture"))
    (group,) = (each for each in grouped(engine, choices(engine, "act", 60)) if each[1])
    assert group[0].value == f"{ID}act-arrest"
    assert {each.value.removeprefix(f"{ID}act-") for each in group[1]} == set(kinds)


def test_acts_are_grouped_without_losing_or_doubling_one() -> None:
    store = Store()
    store.load(
        """PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
        <urn:deep> skos:broader <urn:kind> . <urn:kind> skos:broader <urn:group> .
        <urn:strange> skos:broader <urn:elsewhere> .""",
        format=RdfFormat.TURTLE,
    )
    named_here = ("deep", "kind", "group", "strange", "alone")
    acts = [NamedNode(f"urn:{each}") for each in named_here]
    found = grouped(InProcessEngine(store), acts)
    told = [act for act, kinds in found] + [kind for _, kinds in found for kind in kinds]
    assert sorted(map(str, told)) == sorted(map(str, acts))
    assert (NamedNode("urn:group"), (NamedNode("urn:kind"),)) in found


def test_who_is_never_spoken_of_may_be_a_speaker() -> None:
    somebody = NamedNode("urn:somebody")
    alleged = NamedNode("urn:alleged")
    name, turned = Filters(about=(somebody,), status=(alleged,)).turned() or ("", Filters())
    assert (name, turned) == ("by", Filters(by=(somebody,), status=(alleged,)))
    assert turned.turned() == ("about", Filters(about=(somebody,), status=(alleged,)))
    assert Filters().turned() is None
    assert Filters(about=(somebody,), by=(somebody,)).turned() is None


def test_the_query_behind_a_table_finds_the_same_claims(engine: Engine) -> None:
    filters = Filters(status=(NamedNode(str(CECOT.Planned)),), by=(NamedNode(ID + "daniel-noboa"),))
    rows = select(engine, query_of(filters))
    found = find_claims(engine, filters, Order(), 100).claims
    assert [iri_of(row["claim"]) for row in rows] == [claim.iri for claim in found]
    assert select(engine, query_of(Filters()))


def test_things_are_named_as_people_write_them(rooms: Rooms) -> None:
    names = load_store(rooms).names
    for text, iri in (
        ("cecot", ID + "cecot"),
        ("id:cecot", ID + "cecot"),
        (ID + "cecot", ID + "cecot"),
        ("schema:position", "https://schema.org/position"),
        ("urn:x:y", "urn:x:y"),
        ("http://example.org/a", "http://example.org/a"),
    ):
        assert named(names, text, "about").value == iri
        assert named(names, short_name(names, iri), "about").value == iri
    assert named_status(names, "Alleged", "status") == NamedNode(str(CECOT.Alleged))
    assert short_name(names, str(CECOT.Alleged)) == "alleged"
    with pytest.raises(BadRequest):
        named(names, "no > iri", "about")


def test_rooms_without_claims_have_none(foreign_rooms: Rooms) -> None:
    engine = InProcessEngine(load_store(foreign_rooms).store)
    found = find_claims(engine, Filters(), Order("speaker"), 10)
    assert (found.claims, found.total, found.more) == ((), 0, False)
    assert choices(engine, "by", 10) == []


def test_many_claims_are_paged_source_by_source(tmp_path: Path) -> None:
    write_rooms(tmp_path, triples=20_000)
    engine = InProcessEngine(load_store(find_rooms(tmp_path)).store)
    for by in SORTS:
        page = find_claims(engine, Filters(), Order(by), 100)
        again = find_claims(engine, Filters(), Order(by), 100, most=50)
        assert [claim.iri for claim in page.claims] == [claim.iri for claim in again.claims]
        last = NamedNode(page.claims[-1].iri)
        assert (
            find_claims(engine, Filters(), Order(by), 100, last).claims
            == find_claims(engine, Filters(), Order(by), 100, last, most=50).claims
        )
