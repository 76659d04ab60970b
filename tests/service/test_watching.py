"""``cecot serve --watch``: a change of a file is seen on the pages, and so is what it breaks."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from serving import Service, serving, until

from cecot.rooms import State, Wrong, changes, find_rooms, read_state, write_state
from cecot.service.serving import check_rooms, told

LABEL = '"Somewhere"@en'


@pytest.fixture(scope="module")
def rooms(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The rooms of the checkout, with the small world of the shapes as their graph."""
    root = tmp_path_factory.mktemp("rooms")
    own = find_rooms()
    shutil.copytree(own.ontology, root / "ontology")
    shutil.copytree(own.shapes, root / "shapes")
    (root / "graph").mkdir()
    shutil.copy(Path(__file__).parents[1] / "shapes" / "base.ttl", root / "graph" / "base.ttl")
    return root


@pytest.fixture(scope="module")
def service(rooms: Path) -> Iterator[Service]:
    with serving(rooms, "--watch") as running:
        yield running


def page(service: Service, language: str = "en") -> str:
    reply = service.send("GET", f"/id/town.html?lang={language}", Accept="text/html")
    assert reply.status == 200
    assert reply.headers["cache-control"] == "no-store"
    return reply.body.decode()


def heading(service: Service) -> str:
    return page(service).partition("<h1")[2].partition("</h1>")[0]


def test_a_change_is_seen_broken_rules_are_told_and_what_cannot_be_read_is_not_served(
    service: Service, rooms: Path
) -> None:
    file = rooms / "graph" / "base.ttl"
    whole = file.read_text(encoding="utf-8")
    assert 'id="rooms"' not in page(service)

    # A label changes, and nobody sends a signal.
    label = whole.partition("id:town\n")[2].partition('skos:prefLabel "')[2].partition('"')[0]
    renamed = whole.replace(f'"{label}"@en', LABEL)
    assert renamed != whole
    file.write_text(renamed, encoding="utf-8")
    until(lambda: "Somewhere" in heading(service))
    assert 'id="rooms"' not in page(service)

    # A rule is broken: the new graph is served, with a banner.
    line = renamed.partition(LABEL)[0].count("\n") + 1
    twice = renamed.replace(LABEL, '"Elsewhere", "Elsewhere"@en')
    file.write_text(twice, encoding="utf-8")
    until(lambda: 'id="rooms"' in page(service) and "Elsewhere" in heading(service))
    assert f"<code>graph/base.ttl:{line}</code>" in page(service)
    assert "The files break" in page(service)
    assert "Los archivos" in page(service, "es")

    # The syntax is broken: what was served before stays, and the banner says why.
    file.write_text(renamed.replace(LABEL, f"{LABEL} {LABEL}"), encoding="utf-8")
    until(lambda: "cannot be read" in page(service))
    assert f"<code>graph/base.ttl:{line}:" in page(service)
    assert "Elsewhere" in heading(service)

    # Mended, all is as it was.
    file.write_text(whole, encoding="utf-8")
    until(lambda: 'id="rooms"' not in page(service) and label in heading(service))


def test_a_file_that_comes_and_goes_is_a_change(service: Service, rooms: Path) -> None:
    new = rooms / "graph" / "new.ttl"
    new.write_text("<urn:new> <urn:p> <urn:o> .\n")
    question = "ASK { <urn:new> ?p ?o }"
    until(lambda: b"true" in service.ask(question).body)
    new.unlink()
    until(lambda: b"false" in service.ask(question).body)


def test_who_starts_a_service_is_told_which_rules_the_rooms_break(
    tmp_path: Path, rooms: Path
) -> None:
    broken = tmp_path / "rooms"
    shutil.copytree(rooms, broken)
    file = broken / "graph" / "base.ttl"
    text = file.read_text(encoding="utf-8")
    label = text.partition("id:town\n")[2].partition('skos:prefLabel "')[2].partition('"')[0]
    file.write_text(text.replace(f'"{label}"@en', f'"{label}", "{label}"@en'), encoding="utf-8")
    with serving(broken) as service:
        until(lambda: any("The rooms break a rule: graph/base.ttl:" in x for x in service.told))
        assert service.send("GET", "/id/town.html").status == 200
        assert 'id="rooms"' not in service.send("GET", "/id/town.html").body.decode()


def test_the_log_tells_what_is_new_and_that_it_is_mended() -> None:
    broken = State(True, 3, (Wrong("graph/a.ttl:4", {"es": "Di", "en": "Say who."}, "a has none"),))
    assert told(broken, State()) == [
        "The rooms break a rule: graph/a.ttl:4 Say who.",
        "And 2 more: cecot validate tells all.",
    ]
    assert told(broken, broken) == []
    assert told(State(), broken) == ["The rooms break no rule any more."]
    unread = State(False, 1, (Wrong("graph/a.ttl:4:2", {"en": "A dot is due."}),))
    assert told(unread, broken) == ["The rooms cannot be read: graph/a.ttl:4:2 A dot is due."]


def test_each_file_that_cannot_be_read_is_wrong(tmp_path: Path, rooms: Path) -> None:
    shutil.copytree(rooms, tmp_path / "rooms")
    for name in ("a", "b"):
        (tmp_path / "rooms" / "graph" / f"{name}.ttl").write_text("<urn:a> <urn:b> ex:c .\n")
    state = check_rooms(find_rooms(tmp_path / "rooms"), ())
    assert not state.is_read
    assert [each.place for each in state.wrong] == ["graph/a.ttl:1:17", "graph/b.ttl:1:17"]
    assert all("Add its PREFIX line" in each.detail for each in state.wrong)
    assert len(told(state, State())) == state.count == 2


def test_what_is_wrong_is_read_as_it_was_written(tmp_path: Path) -> None:
    state = State(True, 1, (Wrong("a.ttl", {"en": "Say “who”.", "es": "Diga."}, "detail"),))
    assert read_state(tmp_path / "state") == State()
    write_state(tmp_path / "state", state)
    assert read_state(tmp_path / "state") == state
    assert [state.wrong[0].worded(each) for each in ("es", "fr")] == ["Diga.", "Say “who”."]


def test_a_change_is_told_once_and_only_when_it_rests(tmp_path: Path) -> None:
    file = tmp_path / "a.ttl"
    looks = changes(lambda: sorted(tmp_path.iterdir()), interval=0.01)
    next(looks)
    file.write_text("one")
    next(looks)
    file.write_text("other")
    next(looks)
    file.unlink()
    began = time.monotonic()
    next(looks)
    assert time.monotonic() - began >= 0.01
