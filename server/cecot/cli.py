"""The command ``cecot``: commands load when called, errors are written in one place.

Exit codes: 0 done, 1 found something wrong, 2 could not run, 130 stopped by Ctrl-C, 141 the reader
of the output went away.
"""

from __future__ import annotations

import ast
import errno
import io
import os
import signal
import sys
from collections.abc import Iterator, Mapping
from functools import cached_property
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any, TextIO, cast

import click

from cecot import __version__, commands
from cecot.commands import show_error
from cecot.errors import BudgetExceeded, CecotError

_HINTS = {
    errno.ENOSPC: "The disk is full, or what the output goes to: make room, or write elsewhere.",
    errno.EBADF: "Standard output is closed: let it go to a file, or to /dev/null.",
    errno.EACCES: "Ask for the right to it, or name another file.",
}
_READING = (["query"], ["validate"], ["format"])
"""The commands that read what anybody may have written, and end."""

INTERRUPTED = 130
PIPE_CLOSED = 141


class LazyGroup(click.Group):
    """What ``click.command`` decorates in ``commands/``; help imports none of these modules."""

    @cached_property
    def offered(self) -> Mapping[str, tuple[str, str, str]]:
        """Each command: its module, its function, and the first line of what it says of itself."""
        return dict(sorted(_offered()))

    def list_commands(self, _: click.Context) -> list[str]:
        """The names of all commands, sorted."""
        return list(self.offered)

    def get_command(self, _: click.Context, cmd_name: str) -> click.Command | None:
        """The command called ``cmd_name``, or None."""
        if cmd_name not in self.offered:
            return None
        module, function, _summary = self.offered[cmd_name]
        return cast(click.Command, getattr(import_module(module), function))

    def format_commands(self, _: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands with the first line of what each says of itself."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary) for name, (*_, summary) in self.offered.items()])

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; a reader who has seen enough (``cecot ... | head``) is no error."""
        if sys.stdout is None:  # closed by whoever started this process
            raise OSError(errno.EBADF, os.strerror(errno.EBADF))
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
        except BrokenPipeError:
            _forget(sys.stdout)
            ctx.exit(PIPE_CLOSED)
        return result


@click.group(
    cls=LazyGroup,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, message="%(prog)s %(version)s")
@click.pass_context
def cecot(ctx: click.Context) -> None:
    """Who says what, where: a knowledge graph of claims, its rules, and its SPARQL endpoint.

    The material is Turtle in three folders, ontology/, graph/ and shapes/. Each command works on
    those of this checkout, or on --rooms DIR.
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


def main() -> None:
    """Run ``cecot`` with the arguments of this process and end it with the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # what its encoding lacks is no reason to stop
            stream.reconfigure(errors="backslashreplace")
    reads = sys.argv[1:2] in _READING and "--watch" not in sys.argv and sys.platform == "linux"
    sys.exit(run_apart() if reads else run())


def run_apart() -> int:
    """As ``run``, in a process of its own: a text that ends it by its depth is told as an error."""
    from cecot.service.processes import end_with_parent  # noqa: PLC0415

    parent = os.getpid()
    child = os.fork()
    if not child:
        end_with_parent(parent, signal.SIGTERM)
        return run()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the child, which has it as well
    signal.signal(signal.SIGTERM, lambda *_: os.kill(child, signal.SIGTERM))
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if code == -signal.SIGSEGV:
        error = BudgetExceeded(
            "This is nested too deeply to be read.",
            hint="Write it with fewer brackets within each other.",
        )
        _tell(error, None)
        return error.exit_code
    return code if code >= 0 else 128 - code


def run(arguments: list[str] | None = None) -> int:
    """Run ``cecot`` with ``arguments`` (without its name) and return the exit code."""
    color = False if os.environ.get("NO_COLOR") else None
    try:
        code = cecot.main(arguments, prog_name="cecot", standalone_mode=False, color=color)
    except CecotError as error:
        _tell(error, color)
        return error.exit_code
    except click.ClickException as error:
        _tell(_as_ours(error), color)
        return error.exit_code
    except click.Abort:
        return INTERRUPTED
    except OSError as error:
        _forget(sys.stdout)
        _tell(_of_system(error), color)
        return CecotError.exit_code
    except Exception as error:
        if os.environ.get("CECOT_TRACEBACK"):
            raise
        _tell(_of_defect(error), color)
        return CecotError.exit_code
    return code if isinstance(code, int) else 0


def _offered() -> Iterator[tuple[str, tuple[str, str, str]]]:
    """What ``LazyGroup`` offers, read without importing it."""
    for module in iter_modules(commands.__path__, f"{commands.__name__}."):
        source = Path(*commands.__path__, f"{module.name.rpartition('.')[2]}.py").read_bytes()
        functions = (each for each in ast.parse(source).body if isinstance(each, ast.FunctionDef))
        for function in functions:
            for decorator in function.decorator_list:
                match decorator:
                    case ast.Call(ast.Attribute(attr="command"), arguments, named):
                        said = [*arguments, *(each.value for each in named if each.arg == "name")]
                        name = next(map(ast.literal_eval, said), function.name.replace("_", "-"))
                        summary = (ast.get_docstring(function) or "").partition("\n")[0]
                        yield name, (module.name, function.name, summary)


def _tell(error: CecotError, color: bool | None) -> None:
    """Write ``error``; where even that cannot be written, the exit code tells enough."""
    try:
        show_error(error, color)
    except OSError:
        _forget(sys.stderr)


def _forget(stream: TextIO | None) -> None:
    """Let what Python flushes when it ends go nowhere: it must not fail again."""
    if stream is not None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _of_system(error: OSError) -> CecotError:
    """What the system refused: to write what was said, or to read or write a file."""
    where = str(error.filename or "")
    return CecotError(
        f"{error.strerror or error}.", hint=_HINTS.get(error.errno or 0, ""), where=where
    )


def _of_defect(error: Exception) -> CecotError:
    """What nobody foresaw."""
    return CecotError(
        f"This is a defect of cecot: {type(error).__name__}: {error}.",
        hint="Please report it, with what CECOT_TRACEBACK=1 before the command shows.",
    )


def _as_ours(error: click.ClickException) -> CecotError:
    """A mistake in the command line, in the words of all other mistakes."""
    ctx = error.ctx if isinstance(error, click.UsageError) else None
    hint = f"{ctx.command_path} --help says what it takes." if ctx else ""
    return CecotError(error.format_message(), hint=hint)
