from __future__ import annotations

from pathlib import Path

import pytest

from cecot.cli import run
from cecot.errors import TurtleError
from cecot.rdf.terms import read_prefixes
from cecot.rdf.writing import format_turtle
from cecot.rooms import find_rooms

Capture = pytest.CaptureFixture[str]
TEXT = "The library opened in 2019. According to the Gazette, it has 500 books.\n"


@pytest.fixture
def with_library(scratch: Path, tmp_path: Path) -> Path:
    path = tmp_path / "library.txt"
    path.write_text(TEXT)
    assert run(["add-source", str(path), "--key", "library", "--rooms", str(scratch)]) == 0
    return scratch


def test_running_text_is_taken_in_sentence_by_sentence(
    scratch: Path, tmp_path: Path, capsys: Capture
) -> None:
    path = tmp_path / "library.txt"
    path.write_text(TEXT)
    assert run(["add-source", str(path), "--key", "library", "--rooms", str(scratch)]) == 0
    out = capsys.readouterr().out
    assert "   1  The library opened in 2019." in out
    assert "   2  According to the Gazette, it has 500 books." in out
    copy = (scratch / "texts" / "library.txt").read_text()
    assert copy.replace("2019. \n", "2019. ") == TEXT
    assert (scratch / "graph" / "sources" / "library" / "02.ttl").is_file()


def test_the_rules_prove_the_text_that_was_put_beside(with_library: Path, capsys: Capture) -> None:
    run(["validate", "--rooms", str(with_library)])
    assert "were not compared" not in capsys.readouterr().err
    (with_library / "texts" / "library.txt").write_text("Another text.\n")
    run(["validate", "--rooms", str(with_library)])
    assert "SourceText" in capsys.readouterr().out


def test_a_dry_run_writes_nothing(scratch: Path, tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "library.txt"
    path.write_text(TEXT)
    arguments = ["add-source", str(path), "--key", "library", "--rooms", str(scratch)]
    assert run([*arguments, "--dry-run"]) == 0
    assert "2 passages" in capsys.readouterr().out
    assert not (scratch / "texts").exists()
    assert not (scratch / "graph" / "sources").exists()


def test_lines_may_be_kept(scratch: Path, tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "library.txt"
    path.write_text(TEXT)
    arguments = ["add-source", str(path), "--key", "library", "--rooms", str(scratch)]
    assert run([*arguments, "--as-lines"]) == 0
    assert "1 passages" in capsys.readouterr().out
    assert (scratch / "texts" / "library.txt").read_text() == TEXT


def test_another_text_is_not_written_over(scratch: Path, tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "library.txt"
    path.write_text(TEXT)
    (scratch / "texts").mkdir()
    (scratch / "texts" / "library.txt").write_text("Mine.")
    assert run(["add-source", str(path), "--key", "library", "--rooms", str(scratch)]) == 2
    assert "Another text stands here already" in capsys.readouterr().err
    assert not (scratch / "graph" / "sources").exists()


def test_a_draft_is_turtle_that_format_refuses_until_each_guess_is_confirmed(
    with_library: Path, capsys: Capture
) -> None:
    capsys.readouterr()
    assert run(["draft", "library", "2", "--rooms", str(with_library)]) == 0
    out = capsys.readouterr().out
    assert "cecot:modality cecot:Attributed ;  # confirm" in out
    assert "id:gazette" in out
    prefixes = read_prefixes(find_rooms(with_library))
    with pytest.raises(TurtleError, match="comment would be lost"):
        format_turtle(out, prefixes)
    lines = [line.partition("  # confirm")[0] for line in out.splitlines()[1:]]
    kept = "\n".join(line for line in lines if not line.startswith("# confirm:"))
    assert format_turtle(kept, prefixes).strip() == kept.strip()


def test_without_a_line_all_passages_that_wait_are_drafted(
    with_library: Path, capsys: Capture
) -> None:
    capsys.readouterr()
    assert run(["draft", "library", "--rooms", str(with_library)]) == 0
    out = capsys.readouterr().out
    assert "# line 1: The library opened in 2019." in out
    assert "# line 2: " in out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nothing"], "No source has the key nothing"),
        (["library", "7"], "No passage stands on line 7"),
        (["library", "0"], "0 is not in the range"),
    ],
)
def test_what_is_not_there_is_told(
    with_library: Path, capsys: Capture, arguments: list[str], words: str
) -> None:
    assert run(["draft", *arguments, "--rooms", str(with_library)]) == 2
    assert words in capsys.readouterr().err


def test_without_the_text_nothing_is_drafted(with_library: Path, capsys: Capture) -> None:
    (with_library / "texts" / "library.txt").unlink()
    assert run(["draft", "library", "--rooms", str(with_library)]) == 2
    assert "texts/library.txt" in capsys.readouterr().err


def test_terms_are_found_in_both_languages(capsys: Capture) -> None:
    assert run(["terms", "voltaje"]) == 0
    assert "cecot:voltage" in capsys.readouterr().out
    assert run(["terms", "voltage", "--language", "es"]) == 0
    assert "El voltaje de un elemento." in capsys.readouterr().out


def test_a_word_that_no_term_speaks_of_is_told(capsys: Capture) -> None:
    assert run(["terms", "xylophone"]) == 1
    assert "xylophone" in capsys.readouterr().err


def test_what_turns_the_direction_of_writing_is_shown_as_an_escape(
    scratch: Path, tmp_path: Path, capsys: Capture
) -> None:
    turned = "\u202e"
    path = tmp_path / "library.txt"
    path.write_text(f'The library is called "Old{turned} House". It has 500{turned} books.\n')
    rooms = ["--rooms", str(scratch)]
    assert run(["add-source", str(path), "--key", "library", *rooms]) == 0
    assert run(["draft", "library", *rooms]) == 0
    told = capsys.readouterr().out
    assert turned not in told
    assert r"500\u202E books" in told
    ontology = scratch / "ontology" / "cecot.ttl"
    text = ontology.read_text("utf-8")
    ontology.write_text(text.replace('"capacity"@en', f'"capacity{turned}"@en'), "utf-8")
    assert run(["terms", "capacity", *rooms]) == 0
    told = capsys.readouterr().out
    assert turned not in told
    assert r"capacity\u202E" in told
