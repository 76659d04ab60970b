"""What a tree of processes costs: memory and processor time, read from /proc (Linux)."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")
_TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Process:
    """One process of a tree: its id, parent, session, threads, and the seconds it has computed.

    ``seconds`` hold those of its children that have ended.
    """

    pid: int
    parent: int
    session: int
    threads: int
    seconds: float


def tree(root: int) -> list[Process]:
    """``root``, all that descends from it, and all of its session; none if it has ended."""
    everyone = list(filter(None, (_read(int(p.name)) for p in _PROC.iterdir() if p.name.isdigit())))
    family = {each.pid for each in everyone if root in {each.pid, each.session}}
    grown = True
    while grown:
        more = {each.pid for each in everyone if each.parent in family} - family
        family |= more
        grown = bool(more)
    return [each for each in everyone if each.pid in family]


def memory(root: int) -> int:
    """The tree's memory in bytes: the sum of PSS, which counts shared pages once."""
    return sum(_rollup(each.pid).get("Pss", 0) for each in tree(root))


def own_memory(root: int) -> dict[int, int]:
    """Bytes that each process of the tree shares with no other; of parents, all that they hold.

    What a forked child copies becomes its parent's alone, too, which has not grown by it.
    """
    processes = tree(root)
    parents = {each.parent for each in processes}
    found = {}
    for each in processes:
        rollup = _rollup(each.pid)
        kinds = ("Rss",) if each.pid in parents else ("Private_Dirty", "Private_Clean")
        found[each.pid] = sum(rollup.get(kind, 0) for kind in kinds)
    return found


def computed(root: int) -> float:
    """Processor seconds that the tree has used."""
    return sum(each.seconds for each in tree(root))


def most_threads(root: int) -> int:
    """The threads of that process of the tree which has most of them."""
    return max((each.threads for each in tree(root)), default=0)


def name(pid: int) -> str:
    """What the process calls itself."""
    try:
        return (_PROC / str(pid) / "comm").read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""


def _read(pid: int) -> Process | None:
    try:
        text = (_PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    parts = text.rpartition(")")[2].split()
    if parts[0] == "Z":
        return None
    seconds = sum(map(int, parts[11:15])) / _TICK
    return Process(pid, int(parts[1]), int(parts[3]), int(parts[17]), seconds)


def _rollup(pid: int) -> dict[str, int]:
    try:
        text = (_PROC / str(pid) / "smaps_rollup").read_text(encoding="ascii", errors="replace")
    except OSError:
        return {}
    found = {}
    for row in text.splitlines()[1:]:
        name, _, rest = row.partition(":")
        if rest.endswith(" kB"):
            found[name] = int(rest.split()[0]) * 1024
    return found
