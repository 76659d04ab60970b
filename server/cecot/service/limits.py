"""The budgets of one query, held by the operating system, and what it means when one is passed.

Each limit is a setrlimit(2) of the evaluator on itself. Passing one ends the evaluator; how it
ended says which one it was.
"""

from __future__ import annotations

import math
import resource
import signal
from dataclasses import dataclass
from pathlib import Path

from cecot.errors import BudgetExceeded, CecotError, DeadlineExceeded, Unavailable
from cecot.messages import say
from cecot.settings import Settings

STACK = 8 << 20
"""Bytes of stack: what nesting may use."""


@dataclass(frozen=True, slots=True)
class Budgets:
    """What one query may use: bytes of memory beyond the graph, bytes of answer, seconds."""

    memory: int
    result: int
    deadline: float
    federation: bool = False

    @property
    def descriptors(self) -> int:
        """Open files: the connection alone, so that nothing can be opened beside it."""
        return 64 if self.federation else 1


def budgets_of(settings: Settings) -> Budgets:
    """Give the budgets of one query that the settings name."""
    return Budgets(settings.memory, settings.result, settings.deadline, settings.federation)


def hold(limits: Budgets, baseline: int) -> None:
    """Set all limits of this process but that of computing time; ``baseline`` is its size now."""
    _lower(resource.RLIMIT_AS, baseline + limits.memory)
    _lower(resource.RLIMIT_STACK, STACK)
    _lower(resource.RLIMIT_FSIZE, 0)
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_NOFILE, limits.descriptors)


@dataclass(frozen=True, slots=True)
class Usage:
    """What this process has used: seconds of computing, and the most memory at once, in bytes."""

    seconds: float
    memory: int


def usage() -> Usage:
    """Ask the system what this process has used so far."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return Usage(used.ru_utime + used.ru_stime, used.ru_maxrss * 1024)


class ComputingTime:
    """How long this process may compute: in whole seconds, so the system is rarely told anew."""

    def __init__(self) -> None:
        self._most, self._hard = resource.getrlimit(resource.RLIMIT_CPU)

    def allow(self, seconds: float) -> None:
        """Have this process ended once it has computed ``seconds``, rounded up, in all."""
        most = math.ceil(seconds)
        if most != self._most:
            self._most = most
            resource.setrlimit(resource.RLIMIT_CPU, (most, self._hard))


def size() -> int:
    """Give the bytes of address space of this process."""
    pages = int(Path("/proc/self/statm").read_bytes().split()[0])
    return pages * resource.getpagesize()


def cause_of_death(status: int, limits: Budgets) -> CecotError:
    """Say why an evaluator ended; ``status`` is its exit code, or minus the signal."""
    if status == -signal.SIGXCPU:
        return out_of_time(limits)
    if status == -signal.SIGABRT:
        return out_of_memory(limits)
    if status in (-signal.SIGSEGV, -signal.SIGBUS):
        return BudgetExceeded(
            say("The query is nested too deeply, or expands to something that is."),
            hint=say(
                "Use fewer nested brackets, shorter paths and fewer UNIONs; VALUES replaces many."
            ),
            where="nesting",
        )
    return Unavailable(say("The query was interrupted."), hint=say("Send it again in a moment."))


def out_of_time(limits: Budgets) -> DeadlineExceeded:
    """Build the error for a query that passed its deadline."""
    return DeadlineExceeded(
        say("The query took longer than {seconds:g} s.", seconds=limits.deadline),
        hint=say(
            "Ask for less: name more terms, add LIMIT, or split the query; sorting and counting"
            " need all rows first."
        ),
        where="deadline",
    )


def out_of_memory(limits: Budgets) -> BudgetExceeded:
    """Build the error for a query that passed its memory."""
    return BudgetExceeded(
        say(
            "The query needs more than the {memory} MiB of memory that one may use.",
            memory=limits.memory >> 20,
        ),
        hint=say(
            "Ask for less before you sort, group or take DISTINCT: name more terms, or add LIMIT"
            " in a subquery."
        ),
        where="memory",
    )


def too_long(limits: Budgets) -> BudgetExceeded:
    """Build the error for an answer that passed its length."""
    return BudgetExceeded(
        say("The answer is longer than {length:,} KiB.", length=limits.result >> 10),
        hint=say(
            "Ask for less: add LIMIT and OFFSET, or fewer columns; CSV is the shortest format."
        ),
        where="result",
    )


def _lower(what: int, value: int) -> None:
    hard = resource.getrlimit(what)[1]
    most = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(what, (most, most))
