"""Runs a page of documentation as a reader would: its fenced blocks, in order, in a fresh checkout.

What the words after the three backticks mean (GitHub shows only the first, as the language):

- ``sh``: must end with exit code 0; ``sh exit=1``: must end with exit code 1
- ``sh server``: keeps running while the rest of the page is read; port 8000 becomes a free one,
  and so does 7878, on which other people's engines stand
- ``sh elsewhere``: needs what a test has not (systemd, containers), so only its syntax is checked
- ``python``: must run through
- ``LANGUAGE output``: what the last block printed; ``...`` stands for any text

Any other language is not for running. Blocks share the folder, not the shell: ``.venv/bin`` is on
the PATH of each, as it is for a reader who activated it. ``make setup`` finds its work done, and
``make test`` runs one file of tests, or the tests would run themselves.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import dedent

from engines import free_port
from running import PATIENCE, running

FENCE = re.compile(r"^(?P<indent> *)```(?P<info>.+)\n(?P<text>(?:.*\n)*?)(?P=indent)```$", re.M)


@dataclass(frozen=True)
class Block:
    """A fenced block: where it stands, what it is in, what is said of it, what it holds."""

    place: str
    language: str
    words: tuple[str, ...]
    text: str


def read_blocks(page: Path) -> list[Block]:
    """The fenced blocks of a Markdown page, in order."""
    source = page.read_text(encoding="utf-8")
    blocks = []
    for match in FENCE.finditer(source):
        language, *words = match["info"].split()
        line = source.count("\n", 0, match.start()) + 1
        text = dedent(match["text"])
        blocks.append(Block(f"{page.name}:{line}", language, tuple(words), text))
    return blocks


def check_out(house: Path, folder: Path) -> None:
    """Copy what git tracks or would track into ``folder``, with an environment that is set up."""
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listing, cwd=house, check=True, capture_output=True, text=True).stdout
    for name in filter(None, names.split("\0")):
        if (house / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(house / name, folder / name)
    environment = folder / ".venv"
    environment.mkdir()
    (environment / "bin").symlink_to(sysconfig.get_path("scripts"))
    (environment / "lib").symlink_to(Path(sys.prefix, "lib"))
    settings = Path(sys.prefix, "pyvenv.cfg")
    if settings.is_file():
        shutil.copy(settings, environment)
    for stamp in (".ready", ".ready-dev"):
        (environment / stamp).touch()
    git = ["git", "-c", "user.name=Reader", "-c", "user.email=reader@example.org"]
    for command in (["init", "--quiet"], ["add", "--all"], ["commit", "--quiet", "-m", "Begin"]):
        subprocess.run([*git, *command], cwd=folder, check=True)


def says(expected: str, printed: str) -> bool:
    """Whether the output that a page shows is what was printed, ``...`` standing for any text."""
    parts = [re.escape(part) for part in expected.strip().split("...")]
    return re.fullmatch(".*?".join(parts), printed.strip(), re.DOTALL) is not None


@dataclass
class Reader:
    """Somebody who follows a page in ``folder``: the servers that run, the last output."""

    folder: Path
    servers: ExitStack = field(default_factory=ExitStack)
    printed: str = ""
    port: str = "8000"
    engine: str = field(default_factory=lambda: str(free_port()))

    def environment(self) -> dict[str, str]:
        """What the reader's shell knows: the copy's package before the one that is installed."""
        return {
            **{name: os.environ[name] for name in ("HOME", "LANG", "TMPDIR") if name in os.environ},
            "PATH": f"{self.folder / '.venv/bin'}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(self.folder / "server"),
            "PYTEST_ADDOPTS": "tests/test_layers.py -n 0 -p no:cacheprovider",
        }

    def follow(self, block: Block) -> None:
        """Do what the block says; AssertionError if it does not come out as the page says."""
        text = block.text.replace(":8000", f":{self.port}").replace(":7878", f":{self.engine}")
        exits = [word.removeprefix("exit=") for word in block.words if word.startswith("exit=")]
        match block.language, *block.words:
            case "sh", "server":
                self.serve(block.text)
            case "sh", "elsewhere":
                self.run(block, ["bash", "-n", "-c", text], "0")
            case "sh", *words if len(words) == len(exits) <= 1:
                self.run(
                    block, ["bash", "-euo", "pipefail", "-c", text], exits[0] if exits else "0"
                )
            case "python", *words if not words:
                self.run(block, [".venv/bin/python", "-W", "error", "-c", text], "0")
            case _, "output":
                assert says(text, self.printed), (
                    f"{block.place} shows:\n{text}\nnot:\n{self.printed}"
                )
            case language, *words:
                assert language not in {"sh", "bash", "shell", "python"}, f"{block.place}: {words}"
                assert not words, f"{block.place}: what does {words} mean?"

    def run(self, block: Block, command: list[str], expected: str) -> None:
        """Run ``command`` and keep what it printed."""
        done = subprocess.run(
            command,
            cwd=self.folder,
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        self.printed = done.stdout
        assert str(done.returncode) == expected, (
            f"{block.place} ended with {done.returncode}, not {expected}:\n{done.stdout}"
        )

    def serve(self, text: str) -> None:
        """Start a server on a free port, to run for as long as the page is read."""
        text = text.replace("8000", "0").replace(":7878", f":{self.engine}")
        command = ["bash", "-c", text]
        environment = self.environment() | {"PORT": "0"}
        address = self.servers.enter_context(running(command, self.folder, environment))
        self.port = address.rpartition(":")[2]


@contextmanager
def reader(house: Path, folder: Path) -> Iterator[Reader]:
    """A reader with a fresh checkout of ``house`` in ``folder``; its servers stop at the end."""
    check_out(house, folder)
    with ExitStack() as servers:
        yield Reader(folder, servers)
