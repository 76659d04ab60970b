from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import click
import pytest

from cecot import __version__
from cecot.cli import cecot, run
from cecot.commands import shown, write_out
from cecot.rooms import VARIABLE

REPOSITORY = Path(__file__).resolve().parent.parent
Capture = pytest.CaptureFixture[str]
COMMANDS = cecot.list_commands(click.Context(cecot))


def test_without_a_command_it_says_what_there_is(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    assert run([]) == 0
    out = capsys.readouterr().out
    listed = out.partition("Commands:\n")[2]
    lines = re.findall(r"^  ([a-z-]+)  +([A-Z].*\.)$", listed, re.MULTILINE)
    assert [name for name, _ in lines] == COMMANDS
    for name, words in lines:
        command = cecot.get_command(click.Context(cecot), name)
        assert command is not None
        assert words == (command.help or "").partition("\n")[0]


def test_help_loads_no_command() -> None:
    code = (
        "import sys; from cecot.cli import run; run(['--help']); "
        "print([name for name in sys.modules if name.startswith(('cecot.commands.', 'flask', "
        "'rdflib', 'pyoxigraph'))], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_there_and_takes_the_rooms(name: str, capsys: Capture) -> None:
    assert isinstance(cecot.get_command(click.Context(cecot), name), click.Command)
    assert run([name, "--help"]) == 0
    out = capsys.readouterr().out
    assert "--rooms DIR" in out
    assert VARIABLE in out


def test_version(capsys: Capture) -> None:
    assert run(["--version"]) == 0
    assert capsys.readouterr().out == f"cecot {__version__}\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["fromat"], "error: No such command 'fromat'"),
        (["format", "--chekc"], "error: No such option"),
        (["add-source"], "error: Missing argument 'FILE'"),
        (["export", "--format", "n3"], "error: Invalid value for '--format'"),
        (["format", "--rooms", "/nowhere"], "error: /nowhere is not a folder."),
    ],
)
def test_a_mistake_in_the_command_line_is_told_with_a_hint(
    arguments: list[str], words: str, capsys: Capture
) -> None:
    assert run(arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith(words)
    assert "\nhint: " in captured.err
    assert "Traceback" not in captured.err


def test_an_error_in_a_file_leads_with_its_place_as_typed_here(
    scratch: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    (scratch / "graph" / "bad.ttl").write_text("<urn:a>\n    oops ;\n.")
    monkeypatch.chdir(scratch)
    assert run(["export", "--rooms", "."]) == 2
    err = capsys.readouterr().err
    assert err.startswith("error: graph/bad.ttl:2:5: ")


def test_a_path_elsewhere_is_shown_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert shown(tmp_path / "a" / "b.ttl") == "a/b.ttl"
    assert shown(Path("/elsewhere/b.ttl")) == "/elsewhere/b.ttl"


def cecot_process(*arguments: str, **environment: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "cecot", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
    )


@pytest.mark.parametrize("environment", [{}, {"PYTHONUNBUFFERED": "1"}])
def test_a_reader_who_has_seen_enough_is_no_error(environment: dict[str, str]) -> None:
    with cecot_process("export", **environment) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(10)
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 141


DEEP = {
    "query": "ASK { FILTER(" + "(" * 100_000 + "true" + ")" * 100_000 + ") }",
    "format": "<x:a> <x:b> " + "<<( <x:a> <x:b> " * 50_000 + "1" + " )>>" * 50_000 + " .",
}


@pytest.mark.parametrize("name", DEEP)
def test_what_is_nested_too_deeply_is_told_in_a_sentence(name: str, tmp_path: Path) -> None:
    file = tmp_path / "deep.ttl"
    file.write_text(DEEP[name])
    with cecot_process(name, str(file)) as process:
        assert process.stderr is not None
        assert process.stderr.read().startswith(b"error: This is nested too deeply to be read.\n")
        assert process.wait() == 2


def test_a_command_ends_with_the_process_that_waits_for_it() -> None:
    command = [sys.executable, "-m", "cecot", "query", "-"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        while not children.read_text():
            time.sleep(0.01)
        process.kill()
        assert process.stdout.read() == b""


QUERY = "SELECT * { ?s ?p ?o }"
WRITING = [["export"], ["query", "-"], ["validate"], ["diff", "HEAD"], ["--version"], ["--help"]]


def with_output(arguments: list[str], output: str, **options: Any) -> tuple[int, str]:
    """Exit code and words of ``cecot`` whose standard output goes to the file ``output``."""
    with open(output, "wb") as stream:
        command = [sys.executable, "-m", "cecot", *arguments]
        given = {"input": QUERY.encode(), "stderr": subprocess.PIPE, "cwd": REPOSITORY, **options}
        done = subprocess.run(command, stdout=stream, check=False, **given)
        return done.returncode, (done.stderr or b"").decode()


@pytest.mark.parametrize("arguments", WRITING, ids=" ".join)
def test_a_full_disk_is_told_in_a_sentence(arguments: list[str]) -> None:
    code, words = with_output(arguments, "/dev/full")
    assert code == 2
    assert words.startswith("error: No space left on device.\nhint: ")
    assert "Traceback" not in words


def test_where_nothing_can_be_written_the_exit_code_tells() -> None:
    assert with_output(["export"], "/dev/full", stderr=subprocess.STDOUT) == (2, "")


def test_a_closed_output_is_told_in_a_sentence() -> None:
    command = [sys.executable, "-m", "cecot", "export"]
    closing = "import os, sys; os.close(1); os.execv(sys.executable, sys.argv[1:])"
    done = subprocess.run(
        [sys.executable, "-c", closing, *command], stderr=subprocess.PIPE, check=False
    )
    assert done.returncode == 2
    assert done.stderr.startswith(b"error: Bad file descriptor.\nhint: ")


def test_an_encoding_that_lacks_a_character_is_no_reason_to_stop() -> None:
    command = [sys.executable, "-m", "cecot", "query", "-", "--format", "table"]
    done = subprocess.run(
        command,
        input=b"SELECT ('\xc3\xa9' AS ?x) {}",
        capture_output=True,
        env={"PYTHONIOENCODING": "ascii", "LC_ALL": "C"},
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")


COMMANDS_OF_ROOMS = [["export"], ["query", "QUERY"], ["validate"], ["format", "--check"]]
WHERE = ["graph/x.ttl", "ontology/x.ttl", "shapes/x.ttl", "ontology/derive/x.rq"]


@pytest.mark.parametrize("arguments", COMMANDS_OF_ROOMS, ids=" ".join)
@pytest.mark.parametrize("where", ["graph/x.ttl", "shapes/x.ttl", "graph/sources", "ontology/x"])
@pytest.mark.parametrize("target", ["nowhere", "x.ttl", "."])
def test_rooms_with_a_link_that_is_not_read_are_refused(
    scratch: Path, capsys: Capture, where: str, target: str, arguments: list[str]
) -> None:
    link = scratch / where
    link.symlink_to(target)
    if link.is_file():
        pytest.fail("the link leads to a file")
    code, words = ran(scratch, arguments, capsys)
    assert code == 2
    assert words.startswith(f"error: {link}: This link leads ")


@pytest.mark.parametrize("arguments", COMMANDS_OF_ROOMS, ids=" ".join)
@pytest.mark.parametrize("where", WHERE)
def test_a_file_that_is_no_utf_8_is_told_with_its_place(
    scratch: Path, capsys: Capture, where: str, arguments: list[str]
) -> None:
    (scratch / where).write_bytes(b'<urn:a> <urn:p> "caf\xe9" .\n')
    is_derived = where.endswith(".rq") and arguments[0] == "format"
    code, words = ran(scratch, arguments, capsys)
    assert code == (0 if is_derived else 2)
    assert is_derived or words.startswith(f"error: {scratch / where}:1:21: ")


@pytest.mark.parametrize("arguments", COMMANDS_OF_ROOMS, ids=" ".join)
@pytest.mark.parametrize("where", [*WHERE, "graph/queries/x.rq"])
def test_a_comment_that_is_no_utf_8_is_told_as_well(
    scratch: Path, capsys: Capture, where: str, arguments: list[str]
) -> None:
    (scratch / where).parent.mkdir(exist_ok=True)
    (scratch / where).write_bytes(b"# caf\xe9\n")
    unread = arguments[0] != "validate" and where.startswith("graph/queries")
    unread |= arguments[0] == "format" and where.endswith(".rq")
    code, words = ran(scratch, arguments, capsys)
    assert code == (0 if unread else 2)
    assert unread or words.startswith(f"error: {scratch / where}:1:6: ")


def ran(rooms: Path, arguments: list[str], capsys: Capture) -> tuple[int, str]:
    """Exit code and words of a command over ``rooms``."""
    query = rooms.parent / "query.rq"
    query.write_text(QUERY)
    given = [str(query) if each == "QUERY" else each for each in arguments]
    code = run([*given, "--rooms", str(rooms)])
    return code, capsys.readouterr().err


def test_an_unbuffered_stream_gets_every_byte() -> None:
    with cecot_process("export", PYTHONUNBUFFERED="1") as process:
        out, _ = process.communicate()
    with cecot_process("export") as process:
        assert process.communicate()[0] == out
    assert len(out) > 100_000


def test_errors_have_no_colour_where_no_terminal_reads_them(capsys: Capture) -> None:
    run(["format", "--rooms", "/nowhere"])
    assert "\x1b" not in capsys.readouterr().err


@pytest.mark.parametrize(("environment", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False)])
def test_colours_are_for_terminals_that_want_them(
    environment: dict[str, str], coloured: bool
) -> None:
    assert (b"\x1b[" in on_a_terminal(["format", "--rooms", "/nowhere"], environment)) is coloured


def on_a_terminal(arguments: list[str], environment: dict[str, str]) -> bytes:
    """What ``cecot`` writes to a terminal that holds its three streams."""
    child, terminal = pty.fork()
    if child == 0:
        command = [sys.executable, "-m", "cecot", *arguments]
        os.execve(sys.executable, command, {"TERM": "xterm", **environment})
    content = b""
    try:
        while chunk := os.read(terminal, 4096):
            content += chunk
    except OSError:
        # Linux says EIO when the other end of a terminal is closed.
        pass
    finally:
        os.close(terminal)
        os.waitpid(child, 0)
    return content


def test_a_writer_of_bytes_writes_them(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    write_out(b"\x00\xff")
    assert capfdbinary.readouterr().out == b"\x00\xff"


def test_ctrl_c_ends_with_130(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("cecot.commands.find_rooms", interrupted)
    assert run(["format"]) == 130


def test_a_defect_is_told_in_a_sentence(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("nobody foresaw it")

    monkeypatch.setattr("cecot.commands.validate.validate", fail)
    assert run(["validate"]) == 2
    told = capsys.readouterr().err
    assert told.startswith("error: This is a defect of cecot: RuntimeError: nobody foresaw it.\n")
    assert "CECOT_TRACEBACK=1" in told
    monkeypatch.setenv("CECOT_TRACEBACK", "1")
    with pytest.raises(RuntimeError):
        run(["validate"])
