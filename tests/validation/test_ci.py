"""What other repositories run: the action, the reusable workflow, the hooks of pre-commit.

The commands are those of the files themselves, run in a small repository of somebody else.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from foreign import DATA, write_repository

HOUSE = Path(__file__).parents[2]
PLACE = "my data/of 2026/two people.ttl"
COMMANDS = Path(sys.executable).parent


def load(name: str) -> Any:
    return yaml.safe_load((HOUSE / name).read_text(encoding="utf-8"))


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "a repository"
    folder.mkdir()
    write_repository(folder)
    subprocess.run(["git", "init", "--quiet"], cwd=folder, check=True)
    return folder


def act(
    repository: Path, *, base: str = "", **inputs: str
) -> tuple[subprocess.CompletedProcess[str], str, str]:
    """Run the step "Validate" as a runner does; what it did, its outputs and its summary.

    ``base`` is the commit that a pull request is compared with.
    """
    action = load("action.yml")
    (step,) = [step for step in action["runs"]["steps"] if step.get("id") == "validate"]
    given = {name: each["default"] for name, each in action["inputs"].items()}
    assert set(inputs) <= set(given)
    given |= inputs
    work = repository.parent / "runner temp"
    (work / "cecot" / "bin").mkdir(parents=True, exist_ok=True)
    command = work / "cecot" / "bin" / "cecot"
    command.unlink(missing_ok=True)
    command.symlink_to(COMMANDS / "cecot")
    env = {
        name: given.get(match[1], "") if (match := re.search(r"inputs\.([\w-]+)", text)) else ""
        for name, text in step["env"].items()
    }
    files = {name: work / name for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
    for file in files.values():
        file.write_text("")
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
        cwd=repository,
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(work),
            "RUNNER_TEMP": str(work),
            **env,
            "BASE": base,
            **{name: str(file) for name, file in files.items()},
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return done, files["GITHUB_OUTPUT"].read_text(), files["GITHUB_STEP_SUMMARY"].read_text()


def test_the_action_writes_findings_on_their_lines_and_a_summary(repository: Path) -> None:
    done, output, summary = act(repository, data="my data/**/*.ttl\n", shapes="the rules\n")
    assert done.returncode == 1
    title = "ex%3APersonShape/ex%3Aage%2C sh%3Adatatype"
    assert f"::error file={PLACE},line=4,title={title}::x is no age." in done.stdout
    assert f"::warning file={PLACE},line=3," in done.stdout
    assert "**does not conform: 4 violations, 1 warning" in summary
    sarif = json.loads(Path(output.removeprefix("sarif-file=").strip()).read_text())
    assert len(sarif["runs"][0]["results"]) == 5


def test_the_action_takes_several_patterns_a_baseline_and_strictness(repository: Path) -> None:
    (repository / "more.ttl").write_text(
        "@prefix ex: <http://example.org/> .\nex:Eve a ex:Person .\n"
    )
    options = ["--data", "my data", "--shapes", "the rules", "--baseline", "known.json"]
    command = [COMMANDS / "cecot", "validate", *options, "--write-baseline"]
    subprocess.run(command, cwd=repository, check=True, capture_output=True)
    inputs = {"data": "my data\r\nmore.ttl", "shapes": "the rules", "baseline": "known.json"}
    done, _, summary = act(repository, **inputs)
    assert done.returncode == 0
    assert "conforms, with 1 warning" in summary
    done, _, _ = act(repository, **inputs, strict="true", checks="links,literal-form")
    assert done.returncode == 1


def test_the_action_tells_a_file_that_is_no_turtle_on_its_line(repository: Path) -> None:
    (repository / PLACE).write_text(DATA + "ex:Carol a\n")
    done, output, summary = act(repository, data="my data", shapes="the rules")
    assert done.returncode == 2
    assert f"::error file={PLACE},line=" in done.stdout
    assert "sarif-file=" in output
    assert "two people.ttl" in summary


def test_no_input_of_the_action_is_read_as_shell(repository: Path) -> None:
    done, _, _ = act(repository, data="$(touch broken); touch broken", shapes="the rules")
    assert done.returncode == 2
    assert not (repository / "broken").exists()


def test_the_action_tells_a_change_of_rooms_as_claims(small: Path) -> None:
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@example.org", "-C", str(small)]
    for command in (["init", "-q"], ["add", "."], ["commit", "-qm", "Begin"]):
        subprocess.run([*git, *command], check=True)
    text = (small / "graph" / "base.ttl").read_text()
    at = text.index("cecot:modality cecot:Attributed")
    changed = text[:at] + text[at:].replace("cecot:Attributed", "cecot:Evaluative", 1)
    (small / "graph" / "base.ttl").write_text(changed)
    told = subprocess.run(
        [COMMANDS / "cecot", "diff", "HEAD", "--rooms", ".", "--format", "markdown"],
        cwd=small,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    head = subprocess.run(
        [*git, "rev-parse", "HEAD"], check=True, capture_output=True, text=True
    ).stdout.strip()
    done, _, summary = act(small, base=head)
    assert done.returncode in (0, 1), done.stderr
    assert told.strip()
    assert summary.endswith(told)


def test_the_action_installs_what_it_lies_in() -> None:
    steps = load("action.yml")["runs"]["steps"]
    (install,) = [step for step in steps if step.get("name") == "Install"]
    assert '-m pip install --quiet --disable-pip-version-check "$ACTION"' in install["run"]
    assert install["env"]["ACTION"] == "${{ github.action_path }}"
    assert all("${{" not in step.get("run", "") for step in steps)


def test_the_reusable_workflow_passes_its_inputs_to_the_action() -> None:
    workflow = load(".github/workflows/validate-turtle.yml")
    # YAML 1.1 reads the key "on" as true.
    inputs = workflow[True]["workflow_call"]["inputs"]
    of_action = load("action.yml")["inputs"]
    *_, step = workflow["jobs"]["validate"]["steps"]
    assert step["with"] == {name: f"${{{{ inputs.{name} }}}}" for name in of_action}
    assert set(inputs) == {*of_action, "repository", "ref"}
    for name, each in of_action.items():
        default = inputs[name]["default"]
        assert (str(default).lower() if isinstance(default, bool) else default) == each["default"]


def hook(name: str, repository: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a hook as pre-commit does, on the files that it asks for."""
    (found,) = [each for each in load(".pre-commit-hooks.yaml") if each["id"] == name]
    files = [
        path.relative_to(repository).as_posix()
        for path in sorted(repository.rglob("*.ttl"))
        if re.search(found["files"], path.name)
    ]
    command, *more = shlex.split(found["entry"])
    given = files if found.get("pass_filenames", True) else []
    return subprocess.run(
        [COMMANDS / command, *more, *(arguments or found.get("args", ())), *given],
        cwd=repository,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_hook_validates_the_whole(repository: Path) -> None:
    done = hook("cecot-validate", repository, "--data", "my data", "--shapes", "the rules")
    assert done.returncode == 1
    assert f"{PLACE}:4: urgent: x is no age. (ex:PersonShape/ex:age, sh:datatype)" in done.stdout


def test_the_hook_without_arguments_is_refused(repository: Path) -> None:
    done = hook("cecot-validate", repository)
    assert done.returncode == 2
    assert "--shapes is missing." in done.stderr
    assert "args: [--data, data, --shapes, shapes.ttl]" in done.stderr


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("a.ttl", 1),
        ("a.jsonld", 1),
        ("b/a.nq.gz", 1),
        ("a.rdf", 1),
        ("A.TTL", 1),
        ("package.json", 0),
        ("a.gz", 0),
    ],
)
def test_the_hook_runs_when_rdf_changes(name: str, asked: int) -> None:
    (found,) = [each for each in load(".pre-commit-hooks.yaml") if each["id"] == "cecot-validate"]
    assert bool(re.search(found["files"], name)) is bool(asked)


def test_the_hook_formats_and_keeps_the_prefixes_of_the_file(repository: Path) -> None:
    assert hook("cecot-format", repository, "--check").returncode == 1
    assert hook("cecot-format", repository).returncode == 0
    assert hook("cecot-format", repository, "--check").returncode == 0
    text = (repository / PLACE).read_text()
    assert text.startswith("PREFIX ex: <http://example.org/>\n")
    assert "ex:knows ex:Nobody ;" in text
