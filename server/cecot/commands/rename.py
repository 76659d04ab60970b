"""``cecot rename``: another name for a thing, everywhere it stands."""

from __future__ import annotations

import re

import click

from cecot.commands import rooms_option
from cecot.dataset.source_texts import text_files
from cecot.editing.saving import save
from cecot.editing.workspace import Workspace
from cecot.errors import UsageError
from cecot.messages import say
from cecot.rooms import Rooms
from cecot.validation import Severity, validate

_LOCAL = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


@click.command("rename")
@click.argument("old")
@click.argument("new")
@click.option("--dry-run", is_flag=True, help="Write nothing: show what would change.")
@rooms_option
def command(*, old: str, new: str, dry_run: bool, rooms: Rooms) -> None:
    """Give the thing OLD the name NEW, everywhere it stands.

    Names are written id:nayib-bukele, nayib-bukele or as an IRI. The files of the graph and its
    questions are changed, all of them or none, in canonical form; labels stay as they are. Nothing
    is committed. A name that is taken is refused, and so is one that a rule is against.

    Others may have cited the old name: rename what has been published only for a grave reason.
    """
    workspace = Workspace(rooms)
    namespace = workspace.material.namespace
    was, is_now = (_whole(each, namespace) for each in (old, new))
    if not _LOCAL.fullmatch(is_now.removeprefix(namespace)):
        raise UsageError(
            say("{name} cannot be a name.", name=new),
            hint=say("Take small letters, digits and hyphens, as nayib-bukele."),
        )
    candidate = workspace.with_name(was, is_now)
    texts = text_files(rooms, ())
    known = {
        (str(each.rule.iri), each.detail.replace(was, is_now))
        for each in validate(workspace.material, texts=texts).findings
    }
    for finding in validate(candidate.material, texts=texts).findings:
        is_new = (str(finding.rule.iri), finding.detail) not in known
        if is_new and finding.severity is Severity.VIOLATION:
            raise UsageError(
                say("A rule is against it: {rule}", rule=finding.message),
                hint=say("Nothing was written."),
            )
    for path, difference in candidate.differences().items():
        lines = sum(each.startswith("-") for each in difference.splitlines()[2:])
        click.echo(f"{path}: {lines} {'line' if lines == 1 else 'lines'}")
    if not dry_run:
        save(rooms, candidate.before, candidate.after)
    compact = workspace.material.prefixes.compact
    done = "would be called" if dry_run else "is now called"
    click.echo(f"{compact(was)} {done} {compact(is_now)}")


def _whole(name: str, namespace: str) -> str:
    """The IRI of a name as somebody writes it."""
    name = name.removeprefix("<").removesuffix(">")
    return name if name.startswith(namespace) else namespace + name.removeprefix("id:")
