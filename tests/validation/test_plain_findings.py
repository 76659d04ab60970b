"""One mistake is one finding, which names what is wrong and nothing that is right."""

from __future__ import annotations

from collections.abc import Callable

from cecot.validation import Report
from worlds import names

Check = Callable[..., Report]
Spoil = Callable[[str, str], int]


def details(report: Report) -> list[str]:
    """What is said of each finding."""
    return [finding.detail for finding in report.findings]


def test_a_claim_without_its_modality_is_not_told_to_lose_its_quotation(
    spoil: Spoil, check: Check
) -> None:
    spoil("    cecot:modality cecot:Attributed ;\n", "")
    assert names(check()) == {"ClaimModality"}


def test_a_quotation_on_an_asserted_claim_without_a_figure_is_still_told(
    spoil: Spoil, check: Check
) -> None:
    spoil("    rdf:object id:fence ;", '    cecot:exact "a fence"@en ;\n    rdf:object id:fence ;')
    assert names(check()) == {"QuotationNeeded"}


def test_an_accuser_in_words_is_told_once(spoil: Spoil, check: Check) -> None:
    spoil("cecot:accuser id:stranger", 'cecot:accuser "somebody"')
    found = [f for f in check().findings if f.rule.iri.endswith("#SpeakerCanSpeak")]
    assert [f.detail for f in found] == ['id:text-03-accusation cecot:accuser "somebody"']


def test_a_fact_written_by_hand_is_told_without_those_that_claims_back(
    spoil: Spoil, check: Check
) -> None:
    spoil("    a cecot:Facility ;", "    a cecot:Facility ;\n    cecot:hasFeature id:opening ;")
    found = [f for f in check().findings if f.rule.iri.endswith("#BackedFacts")]
    assert [f.detail for f in found] == ["id:prison cecot:hasFeature id:opening"]


def test_words_without_a_language_are_told_by_the_property_that_they_stand_in(
    spoil: Spoil, check: Check
) -> None:
    spoil('"Who accuses is not said."@en', '"Who accuses is not said."')
    assert 'id:text-03-accusation cecot:unresolved "Who accuses is not said."' in details(check())


def test_a_name_inside_a_label_is_told_with_what_it_names(spoil: Spoil, check: Check) -> None:
    spoil('"Opening"@en', '"Opening, in the words of the Prison\'s guards"@en')
    report = check()
    assert names(report) == {"NamesAreLinked"}
    assert details(report) == [
        "id:opening cecot:about: “Opening, in the words of the Prison's guards” names"
        " id:prison (“Prison”)"
    ]
