from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import NamedNode, RdfFormat, Store, parse

from cecot.dataset.derive import derive_in_place, statements
from cecot.errors import QuerySyntaxError, UsageError
from cecot.rooms import ROOMS, Rooms

PROLOGUE = """
PREFIX cecot: <https://w3id.org/cecot/ontology#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX id: <https://w3id.org/cecot/id/>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""

STATEMENT = NamedNode("https://w3id.org/cecot/ontology#statement")


@pytest.fixture
def scratch_rooms(tmp_path: Path) -> Rooms:
    for name in ROOMS:
        (tmp_path / name).mkdir()
    (tmp_path / "ontology" / "derive").mkdir()
    return Rooms(tmp_path)


def derived(rooms: Rooms, turtle: str) -> set[str]:
    """What follows from ``turtle``, with the two long namespaces cut off."""
    store = Store()
    store.load(PROLOGUE + turtle, RdfFormat.TURTLE)
    before = set(store)
    derive_in_place(store, rooms)
    return {
        str(quad.triple)
        .replace("<https://w3id.org/cecot/ontology#", "<")
        .replace("<https://w3id.org/cecot/id/", "<")
        for quad in set(store) - before
    }


def claim(name: str, modality: str, said: str = "id:a cecot:capacity id:b") -> str:
    subject, predicate, value = said.split()
    return f"""id:{name} a cecot:Claim ; cecot:modality cecot:{modality} ;
        rdf:subject {subject} ; rdf:predicate {predicate} ; rdf:object {value} ;
        cecot:passage id:line ; cecot:statedBy id:text . id:line dcterms:isPartOf id:text ."""


def test_the_triple_of_an_asserted_claim_is_a_fact(rooms: Rooms) -> None:
    assert derived(rooms, claim("c", "Asserted")) == {"<a> <capacity> <b>"}


@pytest.mark.parametrize(
    "reserve",
    [
        'id:c cecot:hedge "may"@en .',
        'id:c cecot:readings "It may mean another."@en .',
        "id:c cecot:saying cecot:Deny .",
        "id:c cecot:respondsTo id:d .",
        "id:c cecot:statedBy id:other .",
        "id:text cecot:party id:other .",
    ],
)
def test_what_is_asserted_with_a_reserve_makes_no_fact(rooms: Rooms, reserve: str) -> None:
    assert derived(rooms, claim("c", "Asserted") + reserve) == set()


@pytest.mark.parametrize(
    "modality", ["Hedged", "Attributed", "Alleged", "Planned", "Evaluative", "Unheard"]
)
def test_no_other_modality_makes_a_fact(rooms: Rooms, modality: str) -> None:
    assert derived(rooms, claim("c", modality)) == set()


def test_an_allegation_never_makes_a_fact_whatever_it_holds(rooms: Rooms) -> None:
    turtle = claim("c", "Asserted") + "id:c a cecot:Allegation ; cecot:accuser id:x ."
    facts = {each for each in derived(rooms, turtle) if "capacity" in each}
    assert facts == set()


def test_an_allegation_is_a_claim_that_its_accuser_states(rooms: Rooms) -> None:
    found = derived(rooms, "id:c a cecot:Allegation ; cecot:accuser id:hrw .")
    assert found == {
        "<c> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <Claim>",
        "<c> <statedBy> <hrw>",
    }


def test_a_preferred_label_is_a_label_in_each_language(rooms: Rooms) -> None:
    found = derived(rooms, 'id:a skos:prefLabel "cell"@en, "celda"@es .')
    label = "<http://www.w3.org/2000/01/rdf-schema#label>"
    assert found == {f'<a> {label} "cell"@en', f'<a> {label} "celda"@es'}


def test_what_is_there_already_is_not_derived(rooms: Rooms) -> None:
    assert derived(rooms, 'id:a skos:prefLabel "cell"@en ; rdfs:label "cell"@en .') == set()


def test_derivation_goes_on_until_nothing_new_comes(scratch_rooms: Rooms) -> None:
    (scratch_rooms.ontology / "derive" / "transitive.rq").write_text(
        "CONSTRUCT { ?a <urn:in> ?c } WHERE { ?a <urn:in> ?b . ?b <urn:in> ?c }"
    )
    steps = [f"<urn:{n}> <urn:in> <urn:{n + 1}> ." for n in range(20)]
    assert len(derived(scratch_rooms, " ".join(steps))) == 20 * 21 // 2 - 20


def test_each_claim_has_a_sentence_in_each_language() -> None:
    store = Store()
    store.load(PROLOGUE + claim("c", "Asserted") + claim("d", "Attributed"), RdfFormat.TURTLE)
    found = list(statements(store))
    assert {quad.predicate for quad in found} == {STATEMENT}
    told = sorted((quad.subject.value[-1], quad.object.language) for quad in found)
    assert told == [("c", "en"), ("c", "es"), ("d", "en"), ("d", "es")]


@pytest.mark.parametrize(
    ("query", "size"),
    [
        ("# CONSTRUCT\nPREFIX u: <urn:> construct { ?b u:has ?a } WHERE { ?a u:in ?b }", 2),
        ("CONSTRUCT { ?b <urn:has> ?a } { ?a <urn:in> ?b }", 2),
        ("CONSTRUCT { ?b <urn:has> ?a } WHERE { ?a <urn:in> ?b } ORDER BY ?a LIMIT 9", 2),
        ("CONSTRUCT { ?b <urn:has> ?a } FROM <urn:none> WHERE { ?a <urn:in> ?b }", 0),
        ("CONSTRUCT WHERE { ?a <urn:in> ?b }", 0),
    ],
)
def test_every_form_of_a_query_derives(scratch_rooms: Rooms, query: str, size: int) -> None:
    (scratch_rooms.ontology / "derive" / "has.rq").write_text(query)
    store = Store()
    store.extend(parse("<urn:a> <urn:in> <urn:b>, _:c .", RdfFormat.TURTLE))
    derive_in_place(store, scratch_rooms)
    found = list(store.quads_for_pattern(None, NamedNode("urn:has"), NamedNode("urn:a"), None))
    assert len(found) == size
    assert len(store) == 2 + size


def test_a_derivation_without_end_is_refused(scratch_rooms: Rooms) -> None:
    (scratch_rooms.ontology / "derive" / "endless.rq").write_text(
        "CONSTRUCT { ?a <urn:has> [] } WHERE { ?a <urn:in> ?b }"
    )
    with pytest.raises(UsageError, match="more than 100 rounds"):
        derived(scratch_rooms, "<urn:a> <urn:in> <urn:b> .")


@pytest.mark.parametrize(
    ("query", "place", "words"),
    [
        ("CONSTRUCT { ?a }", "1:16", "does not parse"),
        ("\nSELECT * { ?a ?b ?c }", "", "is a CONSTRUCT query"),
    ],
)
def test_a_file_that_is_no_derivation_is_named(
    scratch_rooms: Rooms, query: str, place: str, words: str
) -> None:
    path = scratch_rooms.ontology / "derive" / "wrong.rq"
    path.write_text(query)
    with pytest.raises(QuerySyntaxError, match=words) as caught:
        derived(scratch_rooms, "")
    assert caught.value.location == f"{path}:{place}".rstrip(":")
