from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

import pytest

from cecot.dataset.content import read_material
from cecot.errors import QuerySyntaxError, UsageError
from cecot.rooms import Rooms, find_rooms
from cecot.validation import Report, Severity, validate

Check = Callable[..., Report]
Spoil = Callable[[str, str], int]


def replaced(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def details(report: Report) -> set[str]:
    return {finding.detail for finding in report.findings}


def test_rooms_of_another_world_are_checked_by_their_own_rules(foreign_rooms: Rooms) -> None:
    report = validate(read_material(foreign_rooms))
    assert report.conforms()
    assert report.rules


def test_a_nameless_shape_is_told_by_its_owner_and_its_path(
    foreign_rooms: Rooms, tmp_path: Path
) -> None:
    for room in ("ontology", "shapes"):
        (tmp_path / room).symlink_to(foreign_rooms.root / room)
    (tmp_path / "graph").mkdir()
    (tmp_path / "graph" / "a.ttl").write_text(
        "<https://example.org/garden/id/elm> a <https://example.org/garden/plants#Plant> .\n"
    )
    (found,) = validate(read_material(find_rooms(tmp_path))).findings
    assert found.rule.iri == ""
    assert found.rule.name == found.rule.owner + "/plants:height"
    assert found.message == "There must be at least 1 value."
    assert "has no" in found.detail


def test_an_empty_graph_breaks_no_rule(scratch: Path) -> None:
    assert validate(read_material(find_rooms(scratch))).conforms(strict=True)


def test_a_warning_fails_only_a_strict_validation(small: Path, spoil: Spoil, check: Check) -> None:
    spoil('    schema:unitCode "MTK" ;', '    schema:unitCode "FTK" ;')
    path = small / "shapes" / "QuantitativeValue.ttl"
    text = path.read_text()
    start = text.index("shapes:QuantityUnitCode\n")
    path.write_text(text[:start] + text[start:].replace("sh:Violation", "sh:Warning", 1))
    report = check()
    assert [f.severity for f in report.findings] == [Severity.WARNING]
    assert report.conforms()
    assert not report.conforms(strict=True)


def test_a_check_that_the_rooms_do_not_describe_does_not_run(
    small: Path, spoil: Spoil, check: Check
) -> None:
    spoil("    schema:value 0.6 ;", "    schema:value 0.61 ;")
    assert not check().conforms()
    (small / "shapes" / "beside.ttl").unlink()
    assert check().conforms()


def test_a_misspelt_name_is_guessed(spoil: Spoil, check: Check) -> None:
    spoil("cecot:statedBy id:paper", "cecot:statedBy id:papr")
    assert details(check()) == {"id:text-01-space cecot:statedBy id:papr (is id:paper meant?)"}


def test_a_misspelt_property_is_guessed(spoil: Spoil, check: Check) -> None:
    spoil("    cecot:unresolved", "    cecot:unresolvd")
    assert details(check()) == {
        'id:text-03-accusation cecot:unresolvd "Who accuses is not said."@en '
        "(is cecot:unresolved meant?)",
        'id:text-03-accusation cecot:unresolved "No se dice quién acusa."@es',
    }


def test_a_name_like_two_others_is_not_guessed(spoil: Spoil, check: Check) -> None:
    spoil("    cecot:passage id:text-01 ;", "    cecot:passage id:text-02 ;")
    assert details(check()) == {"id:text-01-fence cecot:passage id:text-02"}


def test_an_ill_formed_literal_is_a_finding_and_no_traceback(
    spoil: Spoil, check: Check, caplog: pytest.LogCaptureFixture
) -> None:
    spoil('"2023-01-31"^^xsd:date', '"2023-01-32"^^xsd:date')
    spoil("schema:position 3", 'schema:position "three"^^xsd:integer')
    with caplog.at_level(logging.DEBUG):
        found = details(check())
    assert any("not a value of xsd:date" in line for line in found)
    assert any("not a value of xsd:integer" in line for line in found)
    assert not caplog.records


def test_what_cannot_be_seen_is_shown_as_an_escape(spoil: Spoil, check: Check) -> None:
    spoil('cecot:exact "0.6 square meters"@en', 'cecot:exact "0.6\\u00A0square\\u200Ameters "@en')
    assert details(check()) == {'id:text-01-space cecot:exact "0.6\\u00A0square\\u200Ameters "@en'}


def test_one_mistake_is_told_once(spoil: Spoil, check: Check) -> None:
    spoil("cecot:modality cecot:Attributed", "cecot:modality cecot:Attributd")
    assert len(check().findings) == 1


def test_a_query_that_does_not_parse_is_told_with_its_shape(small: Path, check: Check) -> None:
    path = small / "shapes" / "graph.ttl"
    replaced(
        path,
        "?value ?path ?object .\n                FILTER NOT EXISTS",
        "?value ?path ?object .\n                FILTER NOT EXIST",
    )
    with pytest.raises(QuerySyntaxError, match="shapes:BackedFacts") as error:
        check()
    line = path.read_text().partition("NOT EXIST ")[0].count("\n") + 1
    assert (error.value.where, error.value.line) == (str(path), line)
    assert "VALUES" not in error.value.message + error.value.hint


def test_a_shape_that_is_not_in_order_is_told(
    small: Path, check: Check, capfd: pytest.CaptureFixture[str]
) -> None:
    replaced(small / "shapes" / "Passage.ttl", "sh:minCount 1 ;", 'sh:minCount "one" ;')
    with pytest.raises(UsageError, match="sh:minCount"):
        check()
    assert capfd.readouterr() == ("", "")


def test_progress_is_told_step_by_step(small: Path) -> None:
    steps: list[str] = []
    validate(read_material(find_rooms(small)), progress=steps.append)
    assert len(steps) == len(set(steps)) >= 3
