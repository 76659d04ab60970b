"""No statement stands without its status, its speaker and its place, in whatever a tool tells."""

from __future__ import annotations

import pytest

from cecot.claims.subgraph import iri_of
from cecot.mcp.library import Library
from cecot.mcp.schemas import ThingDescription
from cecot.sparql.asking import select
from cecot.vocabulary import CECOT
from tool_users import Use
from witnesses import check

EVERYTHING = "SELECT DISTINCT ?thing { ?thing a ?class FILTER(STRSTARTS(STR(?thing), STR(id:))) }"
CLAIMS = f"SELECT ?claim {{ ?claim a <{CECOT.Claim}> }}"
FACTS = f"""SELECT DISTINCT ?label {{ ?p a <{CECOT.FactProperty}> ;
  <http://www.w3.org/2000/01/rdf-schema#label> ?label FILTER(LANG(?label) = "en") }}"""


def things(library: Library) -> list[str]:
    prefix = f"PREFIX id: <{library.names.namespace}>\n"
    return sorted(iri_of(row["thing"]) for row in select(library.engine, prefix + EVERYTHING))


@pytest.mark.parametrize("language", ["en", "es"])
def test_describe_gives_status_speaker_and_place_of_everything_and_passes_no_fact_off_as_structure(
    library: Library, use: Use, language: str
) -> None:
    facts = {row["label"].value for row in select(library.engine, FACTS)}
    assert "located in" in facts
    told = 0
    for thing in things(library):
        found, text = use("describe", thing=thing, limit=200, language=language)
        told += check(found, text, language)
        if language == "en":
            assert not facts & {each["property"] for each in found.get("references", [])}
    assert told > 900


@pytest.mark.parametrize("language", ["en", "es"])
def test_list_claims_gives_every_claim_once_with_status_speaker_and_place(
    library: Library, use: Use, language: str
) -> None:
    listed: list[str] = []
    after = ""
    while True:
        found, text = use("list_claims", limit=50, after=after, language=language)
        check(found, text, language)
        listed += [each["iri"] for each in found["statements"]]
        after = found.get("next", "")
        if not after:
            break
        assert after in text
    assert sorted(listed) == sorted(iri_of(row["claim"]) for row in select(library.engine, CLAIMS))
    assert len(listed) == found["total"]


@pytest.mark.parametrize(
    "words", ["arrests", "Bukele", "20,000", "tortura", "prison", "claims", "0.6", "CECOT 2023"]
)
@pytest.mark.parametrize("language", ["en", "es"])
def test_search_gives_status_speaker_and_place_of_every_statement(
    use: Use, words: str, language: str
) -> None:
    found, text = use("search", text=words, language=language, limit=50)
    assert check(found, text, language)
    assert not [each for each in found["things"] if "figure" in each]


def test_what_is_cut_leaves_no_status_out(use: Use) -> None:
    whole, _ = use("describe", thing="cecot")
    cut, text = use("describe", thing="cecot", limit=len(whole["counts"]))
    assert cut["is_cut"]
    assert cut["counts"] == whole["counts"]
    assert [each["status"] for each in cut["statements"]] == list(whole["counts"])
    assert "list_claims" in text


def test_a_description_without_statements_says_so(use_plants: Use) -> None:
    found, text = use_plants("describe", thing="oak")
    assert "No statement of a text is about this." in text
    assert found["statements"] == []
    assert found["references"]
    assert "no statements of a text" in text


def test_a_fact_is_said_by_the_source_itself(use: Use) -> None:
    _, text = use("list_claims", status="asserted", limit=1)
    assert "[asserted, fact of its source] said by the source itself:" in text


def test_the_record_of_a_description_has_what_its_shape_has(use: Use) -> None:
    found, _ = use("describe", thing="tcc-29-0-6-square-meters")
    assert set(found) <= set(ThingDescription.__dataclass_fields__)
    assert found["thing"]["figure"]["number"] == "0.6"
    assert found["thing"]["figure"]["qualifier"] == "average, each prisoner"
    (statement,) = found["statements"]
    assert statement["status"] == "Attributed"
    assert [each["label"] for each in statement["speakers"]] == ["Financial Times"]
