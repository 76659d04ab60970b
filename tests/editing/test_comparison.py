"""A change is told as claims: what came, what went, who speaks now, what became a fact."""

from __future__ import annotations

import json

from cecot.dataset.content import Material
from cecot.editing.comparison import CHANGE_FORMATS, Change, compare, markdown, text
from worlds import changed, turtle

CLAIM = "id:tcc-29-space-per-prisoner"


def test_the_same_rooms_say_the_same(material: Material) -> None:
    change = compare(material, material)
    assert change.is_empty
    assert text(change) == markdown(change) == "No claim, fact or silence differs.\n"


def test_the_order_of_triples_is_no_change(material: Material) -> None:
    assert compare(material, material.saying(reversed(material.graph))).is_empty


def test_another_status_and_another_speaker_are_told_with_the_fact_that_they_make(
    material: Material,
) -> None:
    after = changed(
        material,
        without=f"{CLAIM} cecot:modality\n{CLAIM} cecot:statedBy\n{CLAIM} cecot:saying",
        added=f"{CLAIM} cecot:modality cecot:Asserted ; cecot:statedBy id:tcc .",
    )
    change = compare(material, after)
    (altered,) = change.altered
    assert altered.before.status != altered.after.status
    assert altered.before.speakers != altered.after.speakers
    assert (altered.before.status, altered.after.status) == ("attributed", "asserted")
    assert altered.before.speakers == ("Financial Times",)
    assert altered.properties == ("cecot:modality", "cecot:saying", "cecot:statedBy")
    (fact,) = change.facts_gained
    assert (fact.property, fact.value) == ("space per prisoner", "0.6 square meters")
    assert not change.added
    assert "attributed \u2192 asserted" in text(change)
    back = compare(after, material)
    assert back.facts_lost == change.facts_gained


def test_a_claim_that_is_gone_is_withdrawn_and_its_fact_lost(material: Material) -> None:
    claim = "id:tcc-27-walls-count"
    gone = material.saying(
        t for t in material.graph if not str(t.subject).endswith(claim[3:] + ">")
    )
    change = compare(material, gone)
    assert [each.iri for each in change.withdrawn] == [claim]
    assert [each.value for each in change.facts_lost] == ["four"]
    assert [each.iri for each in compare(gone, material).added] == [claim]


def test_a_claim_under_another_name_is_the_same_claim(material: Material) -> None:
    old = [t for t in material.graph if str(t.subject).endswith("/tcc-27-walls-count>")]
    new = [
        type(t)(type(t.subject)(t.subject.value + "-of-four"), t.predicate, t.object)  # type: ignore[union-attr,arg-type]
        for t in old
    ]
    change = compare(material, material.saying([*(set(material.graph) - set(old)), *new]))
    (altered,) = change.altered
    assert altered.renamed
    assert altered.properties == ()
    assert not change.added
    assert not change.withdrawn
    assert not change.facts_lost


def test_a_value_that_changes_within_its_node_changes_its_claim(material: Material) -> None:
    after = changed(
        material, without="id:tcc-27-19 schema:value", added="id:tcc-27-19 schema:value 91 ."
    )
    (altered,) = compare(material, after).altered
    assert altered.properties == ("rdf:object",)


def test_a_new_word_of_ours_is_told_without_a_new_status(material: Material) -> None:
    after = changed(material, added=f'{CLAIM} skos:editorialNote "Rounded."@en .')
    (altered,) = compare(material, after).altered
    assert altered.properties == ("skos:editorialNote",)
    assert altered.before.status == altered.after.status
    assert "skos:editorialNote" in text(compare(material, after))


def test_things_that_come_are_named(material: Material) -> None:
    new = 'id:a-new-town a cecot:Place ; skos:prefLabel "A new town"@en .'
    after = material.saying([*material.graph, *turtle(new, material.prefixes)])
    assert compare(material, after).things_added == ("A new town",)
    assert compare(after, material).things_removed == ("A new town",)


def test_names_are_those_of_the_language(material: Material) -> None:
    after = changed(material, added=f'{CLAIM} skos:editorialNote "Rounded."@en .')
    (altered,) = compare(material, after, "es").altered
    assert altered.after.status == "atribuida"


def test_markdown_takes_no_sign_of_a_label_for_its_own(material: Material) -> None:
    new = 'id:odd a cecot:Place ; skos:prefLabel "<img src=x> *odd* [a](b)"@en .'
    after = material.saying([*material.graph, *turtle(new, material.prefixes)])
    assert r"\<img src=x\> \*odd\* \[a\](b)" in markdown(compare(material, after))


def test_json_has_every_part_even_where_it_is_empty() -> None:
    told = json.loads(CHANGE_FORMATS["json"](Change()))
    assert set(told) == set(Change.__slots__)
