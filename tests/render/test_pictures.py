"""Pictures of the real graph: whole, honest, the same on every drawing."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from pyoxigraph import NamedNode

from cecot.claims.nodes import Reader
from cecot.claims.thing import Thing, describe_thing, fetch_thing, thing_of
from cecot.dataset.store import load_store
from cecot.locale.catalogue import locale_of
from cecot.render.network import (
    Network,
    draw_network,
    network_around,
    network_of_claims,
    topics_of,
)
from cecot.render.svg import BROAD, NARROW, Setting
from cecot.render.timeline import Timeline, date_in_words, draw_timeline, read_timeline, timeline_of
from cecot.rooms import find_rooms
from cecot.sparql.evaluation import InProcessEngine

ID = "https://w3id.org/cecot/id/"
SVG = "{http://www.w3.org/2000/svg}"
THINGS = ["cecot", "nayib-bukele", "salvadoran-government", "human-rights-watch", "noboa-prisons"]
WIDTHS = pytest.mark.parametrize("width", [NARROW, 420, BROAD])


@pytest.fixture(scope="session")
def engine() -> InProcessEngine:
    loaded = load_store(find_rooms(Path(__file__).parents[2]))
    return InProcessEngine(loaded.store, prefixes=loaded.names.prefixes)


@pytest.fixture(scope="session")
def thing_called(engine: InProcessEngine) -> Callable[[str], Thing]:
    def thing(slug: str) -> Thing:
        found = describe_thing(engine, ID + slug)
        assert found
        return found

    return thing


def timeline_around(engine: InProcessEngine, slug: str) -> Timeline:
    """The timeline that stands on the page of a thing."""
    node = NamedNode(ID + slug)
    reader = Reader(fetch_thing(engine, node, page=True))
    thing = thing_of(reader, node)
    assert thing
    return timeline_of(reader, thing)


def setting(language: str = "en", *, alone: bool = False) -> Setting:
    return Setting(
        locale=locale_of(language),
        name=lambda node: node.label(language).value,
        to=lambda node: f"/to?{node.iri}",
        strand=lambda number: f"#s{number}",
        title="A picture",
        key="k",
        is_alone=alone,
    )


def plain(drawn: str) -> str:
    """All words of a picture, in the order in which they are drawn."""
    root = ET.fromstring(drawn)
    texts = [
        "".join(each.itertext())
        if len(each) < 2
        else " ".join("".join(line.itertext()) for line in each)
        for each in root.iter(f"{SVG}text")
    ]
    return " ".join(" ".join(texts).replace("\u00a0", " ").split())


def names_of(drawn: str) -> set[str]:
    """What each link is called for who does not see it."""
    return {
        name for each in ET.fromstring(drawn).iter(f"{SVG}a") if (name := each.get("aria-label"))
    }


def networks(engine: InProcessEngine, thing_called: Callable[[str], Thing]) -> list[Network]:
    return [network_of_claims(engine), *(network_around(thing_called(each)) for each in THINGS)]


@WIDTHS
@pytest.mark.parametrize("language", ["en", "es"])
def test_pictures_are_well_formed_and_always_the_same(
    engine: InProcessEngine, thing_called: Callable[[str], Thing], width: int, language: str
) -> None:
    for network in networks(engine, thing_called):
        drawn = draw_network(network, setting(language), width)
        again = draw_network(network, setting(language), width)
        assert drawn == again
        check(drawn, width)
    for found in (read_timeline(engine), *(timeline_around(engine, each) for each in THINGS[:2])):
        drawn = draw_timeline(found, setting(language), width)
        assert drawn == draw_timeline(found, setting(language), width)
        check(drawn, width)


def check(drawn: str, width: int) -> None:
    """What holds for every picture: a title, unique names, no style, nothing outside."""
    root = ET.fromstring(drawn)
    assert root[0].tag == f"{SVG}title"
    assert root[1].tag == f"{SVG}desc"
    ids = re.findall(r' id="([^"]*)"', drawn)
    assert len(ids) == len(set(ids))
    assert root.get("aria-labelledby") in ids
    assert "style=" not in drawn
    assert "<script" not in drawn
    assert root.get("viewBox", "").startswith(f"0 0 {width} ")
    height = float(root.get("viewBox", "").split()[-1])
    for each in root.iter():
        for name in ("x", "x1", "cx"):
            assert 0 <= float(each.get(name, 0)) <= width
        for name in ("y", "cy"):
            assert 0 <= float(each.get(name, 0)) <= height


def test_nobody_speaks_without_a_status(
    engine: InProcessEngine, thing_called: Callable[[str], Thing]
) -> None:
    for network in networks(engine, thing_called):
        drawn = draw_network(network, setting())
        names = names_of(drawn)
        for strand in network.strands:
            modality = strand.claims[0].modality
            assert modality
            status = modality.label("en").value
            speaker = strand.speaker.label("en").value if strand.speaker else "no speaker named"
            assert any(name.startswith(f"{speaker}, {status}: ") for name in names)
            assert {claim.status for claim in strand.claims} == {strand.status}


def test_every_claim_of_a_thing_is_in_its_network(thing_called: Callable[[str], Thing]) -> None:
    for slug in THINGS:
        thing = thing_called(slug)
        network = network_around(thing, most=1000)
        drawn = {claim.iri for strand in network.strands for claim in strand.claims}
        assert drawn == {each.claim.iri for each in thing.claims}
        assert not network.left_out


def test_the_whole_network_holds_what_is_not_asserted_and_nothing_else(
    engine: InProcessEngine,
) -> None:
    network = network_of_claims(engine)
    assert {strand.status for strand in network.strands} == {
        "Hedged", "Attributed", "Alleged", "Planned", "Evaluative",
    }  # fmt: skip
    assert not network.left_out
    assert not network.more


def test_an_accusation_leads_to_whom_it_accuses(engine: InProcessEngine) -> None:
    network = network_of_claims(engine)
    found = [
        (strand.speaker.iri.removeprefix(ID), strand.about.iri.removeprefix(ID))
        for strand in network.strands
        if strand.status == "Alleged" and strand.speaker and strand.about
    ]
    # Whom the acts name as having suffered them stands beside nobody who is accused.
    assert [about for speaker, about in found if speaker == "human-rights-watch"] == [
        "salvadoran-government"
    ]
    hedged = {strand.about for strand in network.strands if strand.status == "Hedged"}
    assert {each.iri.removeprefix(ID) for each in hedged if each} == {
        "arrests-over-seven-months",
        "state-of-exception",
    }
    text = plain(draw_network(network, setting()))
    assert "nobody is named" in text


def test_who_speaks_of_themselves_speaks_of_what_they_say(
    thing_called: Callable[[str], Thing],
) -> None:
    thing = thing_called("zury-rios")
    admires = next(each.claim for each in thing.claims if each.claim.status == "Evaluative")
    assert admires.subject in admires.speakers
    # The policies are Bukele's: their label names him, and what she says is of them.
    assert [each.iri.removeprefix(ID) for each in admires.about] == ["nayib-bukele"]
    assert [each.iri.removeprefix(ID) for each in topics_of(admires)] == [
        "bukele-public-security-policies"
    ]


def test_what_does_not_fit_is_counted(thing_called: Callable[[str], Thing]) -> None:
    network = network_around(thing_called("cecot"), most=2)
    assert 1 <= len(network.topics) <= 2
    assert len(network.strands) <= 3
    assert network.left_out > 0


def test_a_day_is_a_dot_and_everything_else_a_bar(engine: InProcessEngine) -> None:
    found = read_timeline(engine)
    assert {each.edtf for each in found.dated if each.is_day} == {"2023-02-01", "2023-06-01"}
    root = ET.fromstring(draw_timeline(found, setting()))
    bars = [each for each in root.iter(f"{SVG}rect") if "bar" in each.get("class", "")]
    dots = list(root.iter(f"{SVG}circle"))
    assert len(dots) == 2
    assert len(bars) == len(found.dated) - 2


def test_the_less_precise_bar_is_never_shorter(engine: InProcessEngine) -> None:
    found = [each for each in read_timeline(engine).dated if each.edtf.startswith("202")]
    alone = Timeline(None, tuple(found), (), more=False)
    root = ET.fromstring(draw_timeline(alone, setting()))
    bars = [each for each in root.iter(f"{SVG}rect") if "bar" in each.get("class", "")]
    widths = {
        (each.last - each.first).days: float(bar.get("width", 0))
        for each, bar in zip([each for each in found if not each.is_day], bars, strict=True)
    }
    ordered = [widths[days] for days in sorted(widths)]
    assert ordered == sorted(ordered)
    assert ordered[0] < ordered[-1] / 5


def test_what_has_only_an_order_has_no_place_on_the_axis(engine: InProcessEngine) -> None:
    found = read_timeline(engine)
    tour = next(each for each in found.ordered if each.earlier.iri == ID + "tcc-41-tour")
    assert tour.later.iri == ID + "cecot-opening"
    assert date_in_words(tour.later_date, "en") == "January 2023"
    assert tour.earlier not in [each.subject for each in found.dated]
    text = plain(draw_timeline(found, setting()))
    assert text.index("No date, only an order") < text.index("Tour of CECOT before its opening")
    election = next(each for each in found.ordered if each.later.iri.endswith("election-2023"))
    assert date_in_words(election.later_date, "en") == "2023"


def test_a_thing_has_the_dates_of_what_it_takes_part_in(engine: InProcessEngine) -> None:
    bukele = timeline_around(engine, "nayib-bukele")
    assert {each.subject.iri for each in bukele.dated} == {
        ID + "bukele-announcement", ID + "twitter-publication",
    }  # fmt: skip
    assert not timeline_around(engine, "act-torture")


def test_a_date_is_told_as_precisely_as_it_is_written(engine: InProcessEngine) -> None:
    told = {each.edtf: date_in_words(each.when, "en") for each in read_timeline(engine).dated}
    assert told["2022"] == "2022 (“late 2022”)"
    assert told["198X"] == "1980s"
    assert told["2023-01"] == "January 2023"
    spanish = {each.edtf: date_in_words(each.when, "es") for each in read_timeline(engine).dated}
    assert spanish["2023-02-01"] == "1 de febrero de 2023"
    assert spanish["2022"] == "finales de 2022"
    assert date_in_words(None, "en") == ""


def test_a_picture_alone_explains_itself(engine: InProcessEngine) -> None:
    found = read_timeline(engine)
    assert "A dot is a day." in plain(draw_timeline(found, setting(alone=True)))
    assert "A dot is a day." not in plain(draw_timeline(found, setting()))
    drawn = draw_network(network_of_claims(engine), setting(alone=True))
    assert "Speakers stand on the left" in plain(drawn)


def test_colour_never_speaks_alone(engine: InProcessEngine) -> None:
    drawn = draw_network(network_of_claims(engine), setting())
    text = plain(drawn)
    for status in ("hedged", "attributed", "alleged", "planned", "evaluative"):
        assert f"{status}: " in text
    paths = re.findall(r'<path d="M\d+ [^>]*stroke-dasharray="([^"]+)"[^>]*is-(\w+)', drawn)
    dashes = {status: dash for dash, status in paths}
    assert len(set(dashes.values())) == len(dashes) == 5
