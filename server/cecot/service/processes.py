"""Processes by fork, without descriptors that nobody asked for; their memory; what a query may use.

The budgets of one query are held by the operating system: each limit is a setrlimit(2) of the
evaluator on itself. Passing one ends the evaluator; how it ended says which one it was. Memory in
huge pages lets a fork copy one entry of a page table and not 512: Linux 6.1 and later, madvise(2)
with MADV_COLLAPSE; elsewhere nothing happens.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import gc
import math
import os
import pickle
import resource
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeVar, cast

from cecot.errors import BudgetExceeded, CecotError, DeadlineExceeded, Unavailable
from cecot.messages import say
from cecot.settings import Settings

_PR_SET_PDEATHSIG: Final = 1
_LIBRARY: Final = ctypes.CDLL(None, use_errno=True)
Result = TypeVar("Result")
_HANDLED: Final = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD, signal.SIGALRM)


def fork(work: Callable[[], None], *, name: str, at_parents_death: int = signal.SIGKILL) -> int:
    """Run ``work`` in a child and give its process id; the child ends when ``work`` returns.

    The child starts with default signal handlers and ends with its parent, however that ends.
    """
    parent = os.getpid()
    sys.stdout.flush()
    sys.stderr.flush()
    child = os.fork()
    if child:
        return child
    status = 1
    try:
        for number in _HANDLED:
            signal.signal(number, signal.SIG_DFL)
        signal.set_wakeup_fd(-1)
        end_with_parent(parent, at_parents_death)
        _call(name)
        work()
        status = 0
    except SystemExit as leaving:
        status = leaving.code if isinstance(leaving.code, int) else 1
    except BaseException:
        traceback.print_exc()
        raise
    finally:
        _flush()
        os._exit(status)


def in_a_child(work: Callable[[], Result]) -> Callable[[], Result]:
    """Begin ``work`` in a child, so that its memory is not kept here; give how to wait for it.

    What is given raises what ``work`` raised, or ChildProcessError if the child ended silently.
    """
    ours, theirs = os.pipe()

    def say() -> None:
        try:
            said: tuple[bool, Any] = (True, work())
        except Exception as error:  # noqa: BLE001 (raised again on the other side)
            said = (False, error)
        with open(theirs, "wb") as pipe:
            pickle.dump(said, pipe)

    child = fork(say, name="cecot-child")
    os.close(theirs)

    def wait() -> Result:
        with open(ours, "rb") as pipe:
            word = pipe.read()
        os.waitpid(child, 0)
        if not word:
            raise ChildProcessError("a child process ended without a word")
        succeeded, result = pickle.loads(word)  # noqa: S301 (our own child, before any query)
        if not succeeded:
            raise result
        return cast("Result", result)

    return wait


def freeze() -> None:
    """Have the garbage collector never look again at what there is now.

    To look is to write, so children would copy it; and all threads stand still meanwhile. What was
    needed at the start alone goes back to the system (glibc; elsewhere nothing happens).
    """
    gc.collect()
    if trim := getattr(_LIBRARY, "malloc_trim", None):
        trim(0)
    gc.freeze()


def claim(folder: Path) -> None:
    """Keep ``folder`` from what clears away old temporary files, as long as this process lives.

    systemd-tmpfiles(8) leaves alone a folder that somebody has locked (tmpfiles.d(5)).
    """
    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    with contextlib.suppress(OSError):  # not every file system has locks
        fcntl.flock(descriptor, fcntl.LOCK_SH)


def ended_children() -> Iterator[tuple[int, int]]:
    """Give each child that has ended, with its exit code, or minus the signal that ended it."""
    with contextlib.suppress(ChildProcessError):
        while (ended := os.waitpid(-1, os.WNOHANG))[0]:
            yield ended[0], os.waitstatus_to_exitcode(ended[1])


def demote(process: int) -> bool:
    """Let a process compute only where nobody else wants to (SCHED_IDLE); tell whether it does."""
    return _schedule(process, os.SCHED_IDLE)


def promote(process: int) -> bool:
    """Take ``demote`` back; tell whether that is allowed (as root, or with RLIMIT_NICE)."""
    return _schedule(process, os.SCHED_OTHER)


def _schedule(process: int, policy: int) -> bool:
    try:
        with contextlib.suppress(ProcessLookupError):
            os.sched_setscheduler(process, policy, os.sched_param(0))
    except OSError:  # not allowed here, or not known
        return False
    return True


def has_computed(process: int) -> float:
    """Give the seconds that another process has computed; 0 if it has gone."""
    # The clock of a process, clock_getcpuclockid(3): its id, inverted, and CPUCLOCK_SCHED.
    clock = (~process << 3) | 2
    try:
        return time.clock_gettime(clock)
    except OSError:
        return 0.0


def resident(process: int | str = "self") -> int:
    """Give the bytes of memory that a process has; 0 if it has gone."""
    try:
        return _pages(process)[1] * resource.getpagesize()
    except OSError:
        return 0


def _pages(process: int | str) -> list[int]:
    """Give the pages of address space of a process, those in memory, and more (proc(5), statm)."""
    return [int(each) for each in Path(f"/proc/{process}/statm").read_bytes().split()]


def end_with_parent(parent: int, number: int) -> None:
    """Let the signal ``number`` end this process with its ``parent``."""
    _LIBRARY.prctl(_PR_SET_PDEATHSIG, number, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(0)


def _call(name: str) -> None:
    """Give the process a name that ps and top show (prctl PR_SET_NAME, 15 bytes)."""
    _LIBRARY.prctl(15, ctypes.c_char_p(name.encode()[:15]), 0, 0, 0)


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()


HUGE: Final = 2 << 20
"""Bytes of a huge page where a small one has 4 KiB: on x86-64, and mostly on ARM."""

SMALL: Final = 4096
ENTRY: Final = 8
"""Bytes of an entry of /proc/self/pagemap."""

MOSTLY: Final = HUGE // SMALL * 3 // 4
"""Small pages that must be in memory, lest much be taken that nobody asked for."""

_PRESENT: Final = 0x80
_MADV_COLLAPSE: Final = 25


def collapse() -> int:
    """Put what this process has in memory into huge pages; give the bytes that are in them now."""
    madvise = getattr(_LIBRARY, "madvise", None)
    if madvise is None or os.sysconf("SC_PAGE_SIZE") != SMALL:
        return 0
    madvise.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
    try:
        return sum(HUGE for start in _full() if madvise(start, HUGE, _MADV_COLLAPSE) == 0)
    except OSError:  # no /proc here
        return 0


def _full() -> Iterator[int]:
    """Give where huge pages could begin: most of the room of each is in memory already."""
    with Path("/proc/self/pagemap").open("rb", buffering=0) as pages:
        for begin, end in list(_private()):
            for start in range(-(-begin // HUGE) * HUGE, end - HUGE + 1, HUGE):
                pages.seek(start // SMALL * ENTRY)
                entries = pages.read(HUGE // SMALL * ENTRY)
                if sum(flags & _PRESENT > 0 for flags in entries[ENTRY - 1 :: ENTRY]) >= MOSTLY:
                    yield start


def _private() -> Iterator[tuple[int, int]]:
    """Give beginning and end of each stretch of memory that belongs to no file."""
    for line in Path("/proc/self/maps").read_text(encoding="ascii", errors="replace").splitlines():
        words = line.split()
        if words[1] == "rw-p" and words[5:] in ([], ["[heap]"]):
            begin, end = words[0].split("-")
            yield int(begin, 16), int(end, 16)


STACK = 8 << 20
"""Bytes of stack: what nesting may use."""


DESCRIPTORS = 64
"""Open files of an evaluator that may call other endpoints; any other has its connection alone."""


def hold(settings: Settings, baseline: int) -> None:
    """Set all limits of this process but that of computing time; ``baseline`` is its size now."""
    _lower(resource.RLIMIT_AS, baseline + settings.memory)
    _lower(resource.RLIMIT_STACK, STACK)
    _lower(resource.RLIMIT_FSIZE, 0)
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_NOFILE, DESCRIPTORS if settings.federation else 1)


class Usage(NamedTuple):
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
    return _pages("self")[0] * resource.getpagesize()


def cause_of_death(status: int, settings: Settings) -> CecotError:
    """Say why an evaluator ended; ``status`` is its exit code, or minus the signal."""
    if status == -signal.SIGXCPU:
        return out_of_time(settings)
    if status == -signal.SIGABRT:
        return out_of_memory(settings)
    if status in (-signal.SIGSEGV, -signal.SIGBUS):
        return BudgetExceeded(
            say("The query is nested too deeply, or expands to something that is."),
            hint=say(
                "Use fewer nested brackets, shorter paths and fewer UNIONs; VALUES replaces many."
            ),
            where="nesting",
        )
    return Unavailable(say("The query was interrupted."), hint=say("Send it again in a moment."))


def out_of_time(settings: Settings) -> DeadlineExceeded:
    """Build the error for a query that passed its deadline."""
    return DeadlineExceeded(
        say("The query took longer than {seconds:g} s.", seconds=settings.deadline),
        hint=say(
            "Ask for less: name more terms, add LIMIT, or split the query; sorting and counting"
            " need all rows first."
        ),
        where="deadline",
    )


def out_of_memory(settings: Settings) -> BudgetExceeded:
    """Build the error for a query that passed its memory."""
    return BudgetExceeded(
        say(
            "The query needs more than the {memory} MiB of memory that one may use.",
            memory=settings.memory >> 20,
        ),
        hint=say(
            "Ask for less before you sort, group or take DISTINCT: name more terms, or add LIMIT"
            " in a subquery."
        ),
        where="memory",
    )


def too_long(settings: Settings) -> BudgetExceeded:
    """Build the error for an answer that passed its length."""
    return BudgetExceeded(
        say("The answer is longer than {length:,} KiB.", length=settings.result >> 10),
        hint=say(
            "Ask for less: add LIMIT and OFFSET, or fewer columns; CSV is the shortest format."
        ),
        where="result",
    )


def _lower(what: int, value: int) -> None:
    hard = resource.getrlimit(what)[1]
    most = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(what, (most, most))
