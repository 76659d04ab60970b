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


def allow(seconds: float) -> None:
    """Let this process compute ``seconds`` more (rounded up to whole ones), then end it."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    most = math.ceil(used.ru_utime + used.ru_stime + seconds)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (most, hard))


def size() -> int:
    """Give the bytes of address space of this process."""
    pages = int(Path("/proc/self/statm").read_bytes().split()[0])
    return pages * resource.getpagesize()


def peak() -> int:
    """Give the most memory that this process has had in use, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def grown() -> int:
    """Give about how many bytes this process has written to since it was forked.

    It counts page faults. Reading the graph is writing too, for Oxigraph counts references in it.
    """
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt * resource.getpagesize()


def computing_time() -> float:
    """Give the seconds that this process has computed."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


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
