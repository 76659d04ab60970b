from __future__ import annotations

from pathlib import Path

import pytest

from cecot.cli import run
from cecot.dataset.content import Material
from worlds import export


def test_turtle_goes_to_standard_output_unless_said(
    material: Material, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert run(["export"]) == 0
    assert capfdbinary.readouterr().out == export(material, "turtle")


def test_a_file_is_written_where_one_is_named(
    material: Material, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "cecot.nq"
    assert run(["export", "--format", "nquads", "--output", str(path)]) == 0
    assert path.read_bytes() == export(material, "nquads")
    assert capfd.readouterr().out == ""


def test_a_folder_that_is_not_there_is_an_error(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(["export", "--output", str(tmp_path / "no" / "x.ttl")]) == 2
    assert "Cannot be written: No such file" in capfd.readouterr().err
