"""One fetch tells a page: few queries whatever it tells of, and files that are queries."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from cecot.claims import subgraph
from cecot.claims.subgraph import ROLES, fetch, query, union
from cecot.claims.thing import DOCUMENT, PAGE, fetch_thing
from cecot.dataset.description import describe
from cecot.dataset.store import load_store
from cecot.engine import Answer, Query
from cecot.rooms import Rooms
from cecot.settings import Settings
from cecot.sparql.asking import bound, placeholders, solutions, triples
from cecot.sparql.evaluation import InProcessEngine
from cecot.views.app import create_app
from cecot.vocabulary import CECOT, RDFS

ID = "https://w3id.org/cecot/id/"
NAMES = sorted(path.stem for path in Path(subgraph.__file__).with_name("queries").glob("*.rq"))
THING = NamedNode(ID + "cecot")


class Counting(InProcessEngine):
    """An engine that counts what it is asked."""

    asked = 0

    def answer(self, query: Query) -> Answer:
        """Count, and answer."""
        self.asked += 1
        return super().answer(query)


@pytest.fixture(scope="module")
def engine(rooms: Rooms) -> Counting:
    """An engine over the rooms of this checkout."""
    loaded = load_store(rooms)
    return Counting(loaded.store, prefixes=loaded.names.prefixes)


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/id/cecot.html", 2),
        ("/id/nayib-bukele.html", 2),
        ("/id/tcc.html", 2),
        ("/id/tcc-07.html", 2),
        ("/id/tcc-37-accusation.html", 2),
        ("/id/tcc-29-0-6-square-meters.html", 2),
        ("/id/cecot.json", 2),
        ("/id/cecot.ttl", 2),
        ("/sources", 2),
        ("/network?about=cecot", 2),
        ("/timeline?about=cecot", 2),
        ("/search?q=prison", 5),
        ("/claims", 7),
        ("/", 8),
    ],
)
def test_a_page_asks_few_queries(rooms: Rooms, path: str, most: int) -> None:
    loaded = load_store(rooms)
    engine = Counting(loaded.store, prefixes=loaded.names.prefixes)
    site = create_app(engine, describe(loaded, "v"), Settings()).test_client()
    assert site.get(path).status_code == 200
    # What an application asks once and keeps does not count.
    engine.asked = 0
    assert site.get(path).status_code == 200
    assert 0 < engine.asked <= most


@pytest.mark.parametrize("name", NAMES)
def test_a_file_is_a_query_that_binds_its_places(engine: Counting, name: str) -> None:
    text = query(name)
    assert text.startswith(("PREFIX ", "# ")), "prefixes, then what it asks for"
    assert re.search(r"^# .+\.$|^# .+,$|^# .+", text, re.MULTILINE)
    if name == "texts-found":
        text = text.replace("$tests", "true")
    terms = {"after": Literal(-1), "start": Literal("x"), "words": Literal("cecot")}
    numbers = {"most", "links", "claims", "dates", "passages", "passage_claims"}
    values = {each: 3 if each in numbers else terms.get(each, THING) for each in placeholders(text)}
    ask = triples if "CONSTRUCT" in text else solutions
    ask(engine, bound(text, values))


@pytest.mark.parametrize("parts", [DOCUMENT, PAGE])
def test_parts_make_one_query_whose_prefixes_stand_once(parts: tuple[str, ...]) -> None:
    text = union(parts)
    prefixes = re.findall(r"PREFIX (\S+)", text)
    assert len(prefixes) == len(set(prefixes))
    assert text.index("SELECT") > text.rindex("PREFIX")


def test_what_is_unknown_has_no_triple(engine: Counting) -> None:
    found = fetch(engine, "thing", values={"thing": NamedNode(ID + "nothing")})
    assert not found
    assert list(found.triples()) == []


def test_every_role_in_a_claim_has_a_property_of_the_ontology(engine: Counting) -> None:
    known = "SELECT ?p { VALUES ?p { $roles } ?p a ?class }"
    roles = [NamedNode(iri) for iri in ROLES if "/cecot/" in iri]
    _, rows = solutions(engine, bound(known, {"roles": roles}))
    assert {row["p"] for row in rows} == set(roles)


def test_a_page_is_told_by_its_own_claims_alone(engine: Counting) -> None:
    silences = fetch(engine, "silences", values={"things": [THING]})
    assert silences.subjects_with(str(CECOT.modality)) == []
    assert silences.subjects_with(str(CECOT.ofThing))
    page, document = (fetch_thing(engine, THING, page=each) for each in (True, False))
    told = page.subjects_with(str(CECOT.modality))
    assert len(told) < 2 * len(document.subjects_with(str(CECOT.modality)))


def test_a_name_with_a_dollar_sign_is_fetched_like_any_other() -> None:
    store = Store()
    thing, label = NamedNode("https://example.org/a$thing"), NamedNode(RDFS.label)
    store.add(Quad(thing, label, Literal("dollar", language="en")))
    found = fetch(InProcessEngine(store), "thing", values={"thing": thing})
    assert found.graph[thing][RDFS.label] == [Literal("dollar", language="en")]
