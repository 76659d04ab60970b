"""Files that are looked at again and again, and what is wrong with the rooms since they changed.

Their times and sizes are asked for, twice a second: docs/decisions/0079.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from cecot.rooms import Rooms

INTERVAL = 0.5
"""Seconds between two looks."""

_ENDINGS = frozenset({".ttl", ".nt", ".rq", ".toml"})

Stamps = dict[Path, tuple[int, int]]


def changes(files: Callable[[], Iterable[Path]], interval: float = INTERVAL) -> Iterator[None]:
    """Yield at once, and again whenever what ``files`` gives has changed and then rested.

    An editor that writes several files, or one in pieces, is waited for: two looks must agree.
    """
    known: Stamps | None = None
    before = stamps(files())
    while True:
        if before != known:
            known = before
            yield
        time.sleep(interval)
        now = stamps(files())
        while now != before:
            time.sleep(interval)
            before, now = now, stamps(files())


def stamps(files: Iterable[Path]) -> Stamps:
    """When each of ``files`` was changed, and its length; what is not there has neither."""
    return {path: _stamp(path) for path in files}


def files_of_rooms(rooms: Rooms) -> list[Path]:
    """What ``rooms`` are read from; editors' hidden files apart."""
    return sorted(
        path
        for folder in (rooms.ontology, rooms.graph, rooms.shapes)
        for path in folder.rglob("*")
        if path.suffix in _ENDINGS and not path.name.startswith(".")
    )


def _stamp(path: Path) -> tuple[int, int]:
    try:
        status = path.stat()
    except OSError:
        return 0, -1
    return status.st_mtime_ns, status.st_size


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong at one place of the rooms: words by language, and more in detail."""

    place: str
    words: dict[str, str]
    detail: str = ""

    def worded(self, language: str) -> str:
        """What is wrong, in ``language`` if it is told in that."""
        return self.words.get(language) or self.words.get("en") or next(iter(self.words.values()))


@dataclass(frozen=True, slots=True)
class State:
    """What is wrong with the rooms: of ``count`` things the first; ``is_read`` if they parse."""

    is_read: bool = True
    count: int = 0
    wrong: tuple[Wrong, ...] = ()

    @property
    def more(self) -> int:
        """How many things are not among the first."""
        return self.count - len(self.wrong)


def write_state(file: Path, state: State) -> None:
    """Write what is wrong, whole or not at all."""
    fresh = file.with_suffix(".new")
    fresh.write_text(json.dumps(asdict(state), ensure_ascii=False), encoding="utf-8")
    fresh.replace(file)


def read_state(file: Path) -> State:
    """What was written; nothing is wrong as long as nobody has looked."""
    with suppress(FileNotFoundError):
        said = json.loads(file.read_text(encoding="utf-8"))
        wrong = tuple(Wrong(**each) for each in said["wrong"])
        return State(said["is_read"], said["count"], wrong)
    return State()
