"""Tells what is wrong with the rooms of a service: once, or with ``--watch`` at each change.

Who watches is a process of its own. What it finds is told to the operator, and lies in a file, from
which the pages show it until it is mended.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from cecot.errors import CecotError
from cecot.rooms import Rooms
from cecot.service.processes import in_a_child
from cecot.watching import State, Wrong, changes, files_of_rooms, stamps, write_state

_MOST = 20
"""Findings that are told; who breaks more rules than that wants `cecot validate`."""

LARGEST = 16 << 20
"""Bytes of rooms that are checked when a service starts: a second's work, memory below 200 MiB."""


def check_at_start(rooms: Rooms, texts: tuple[Path, ...], tell: Callable[[str], None]) -> None:
    """Tell which rules ``rooms`` break, unless they are large; what is served waits for nothing."""
    if sum(size for _, size in stamps(files_of_rooms(rooms)).values()) <= LARGEST:
        os.nice(19)
        for line in told(check_rooms(rooms, texts), State()):
            tell(line)


def watch_rooms(rooms: Rooms, texts: tuple[Path, ...], state: Path) -> None:
    """Check ``rooms`` now and whenever they change; keep what is wrong in the file ``state``.

    Rooms that can be read are served from then on: the parent is told (SIGHUP).
    """
    before = State()
    for number, _ in enumerate(changes(lambda: files_of_rooms(rooms))):
        now = in_a_child(lambda: check_rooms(rooms, texts))()
        write_state(state, now)
        if number and now.is_read:
            os.kill(os.getppid(), signal.SIGHUP)
        # Of rooms that could not be read at the start the service itself has told.
        for line in told(now, before) if number or now.is_read else ():
            print(line, file=sys.stderr, flush=True)  # noqa: T201
        before = now


def check_rooms(rooms: Rooms, texts: tuple[Path, ...]) -> State:
    """What is wrong with ``rooms`` as they are now."""
    from cecot.validation import Severity, validate  # noqa: PLC0415 (in a child, and much)
    from cecot.validation.data import read_rooms  # noqa: PLC0415

    try:
        data = read_rooms(rooms)
    except CecotError as error:
        return State(False, 1, (_of_error(error, rooms),))
    try:
        report = validate(data, texts=texts)
    except CecotError as error:
        return State(True, 1, (_of_error(error, rooms),))
    found = [each for each in report.findings if each.severity is Severity.VIOLATION]
    wrong = []
    for each in found[:_MOST]:
        file = rooms.short(each.file) if each.file else ""
        place = ":".join(str(part) for part in (file, each.line) if part)
        wrong.append(Wrong(place, each.messages or {"en": each.message}, each.detail))
    return State(True, len(found), tuple(wrong))


def _of_error(error: CecotError, rooms: Rooms) -> Wrong:
    where = rooms.short(Path(error.where)) if error.where else ""
    place = ":".join(str(part) for part in (where, error.line, error.column) if part)
    return Wrong(place, {"en": error.message}, error.hint)


def told(now: State, before: State) -> list[str]:
    """The lines of the log that tell what is wrong ``now``; none if it was wrong ``before``."""
    if now == before:
        return []
    if not now.count:
        return ["The rooms break no rule any more."]
    head = "The rooms break a rule" if now.is_read else "The rooms cannot be read"
    lines = [f"{head}: {each.place} {each.worded('en')}" for each in now.wrong]
    return [*lines, *([f"And {now.more} more: cecot validate tells all."] if now.more else [])]
