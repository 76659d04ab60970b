"""A change as text for a terminal, Markdown for a pull request, JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict

from cecot.editing.comparison import Altered, Change, ClaimLine, FactLine

ARROW = "\N{RIGHTWARDS ARROW}"
_NOTHING = "No claim, fact or silence differs."
_STATEMENTS = (
    ("facts gained", "+", "facts_gained"),
    ("facts lost", "-", "facts_lost"),
    ("silences gained (not stated)", "+", "silences_gained"),
    ("silences lost", "-", "silences_lost"),
)


def text(change: Change) -> str:
    """One line for each claim and fact, under headings with counts."""
    if change.is_empty:
        return _NOTHING + "\n"
    lines: list[str] = []
    for heading, entries in _sections(change):
        lines += ["", f"{heading} ({len(entries)})", *(f"  {each}" for each in entries)]
    return "\n".join(lines[1:]) + "\n"


def markdown(change: Change) -> str:
    """The same as lists, with a summary in one line on top."""
    if change.is_empty:
        return _NOTHING + "\n"
    sections = list(_sections(change))
    counts = ", ".join(f"{len(entries)} {heading}" for heading, entries in sections)
    lines = [f"**What this change says:** {counts}."]
    for heading, entries in sections:
        lines += ["", f"### {heading[0].upper()}{heading[1:]}", ""]
        lines += [f"- {_escaped(each)}" for each in entries]
    return "\n".join(lines) + "\n"


def json_text(change: Change) -> str:
    """All of it, with the keys that docs/editing.md lists."""
    return json.dumps(_plain(asdict(change)), ensure_ascii=False, indent=2) + "\n"


CHANGE_FORMATS: Mapping[str, Callable[[Change], str]] = {
    "text": text,
    "markdown": markdown,
    "json": json_text,
}


def _sections(change: Change) -> Iterator[tuple[str, list[str]]]:
    """Heading and entries of each part of ``change`` that is not empty."""
    statuses = [each for each in change.altered if each.has_another_status]
    speakers = [each for each in change.altered if each.has_another_speaker]
    others = [each for each in change.altered if each not in statuses and each not in speakers]
    yield from _unless_empty(
        [
            ("claims added", [f"+ {_claim(each)}" for each in change.added]),
            ("claims withdrawn", [f"- {_claim(each)}" for each in change.withdrawn]),
            (
                "claims with another status",
                [f"~ {_altered(each, each.before.status, each.after.status)}" for each in statuses],
            ),
            (
                "claims with another speaker",
                [f"~ {_altered(each, *_speakers(each))}" for each in speakers],
            ),
            ("claims that differ otherwise", [f"~ {_otherwise(each)}" for each in others]),
            *(
                (heading, [f"{sign} {_statement(each)}" for each in getattr(change, name)])
                for heading, sign, name in _STATEMENTS
            ),
            ("things added", [f"+ {each}" for each in change.things_added]),
            ("things removed", [f"- {each}" for each in change.things_removed]),
        ]
    )


def _unless_empty(sections: Iterable[tuple[str, list[str]]]) -> Iterator[tuple[str, list[str]]]:
    return (section for section in sections if section[1])


def _claim(told: ClaimLine) -> str:
    return f"{told.iri}: {told.says} [{told.status}, {_who(told)}; {_place(told)}]"


def _altered(altered: Altered, before: str, after: str) -> str:
    told = altered.after
    return f"{told.iri}: {before or 'none'} {ARROW} {after or 'none'} [{_place(told)}]: {told.says}"


def _speakers(altered: Altered) -> tuple[str, str]:
    return _who(altered.before), _who(altered.after)


def _who(told: ClaimLine) -> str:
    if told.speakers == (told.source,):
        return "the text itself"
    return ", ".join(told.speakers) or "nobody named"


def _otherwise(altered: Altered) -> str:
    parts = [", ".join(altered.properties)] if altered.properties else []
    if altered.renamed:
        parts.insert(0, f"was {altered.before.iri}")
    return f"{altered.after.iri}: {'; '.join(parts)} [{_place(altered.after)}]"


def _place(told: ClaimLine) -> str:
    return f"line {told.line}" if told.line else told.source or "no place"


def _statement(statement: FactLine) -> str:
    value = f": {statement.value}" if statement.value else ""
    return f"{statement.thing} \N{EM DASH} {statement.property_}{value}"


def _escaped(entry: str) -> str:
    """``entry`` without its sign, and with no sign that Markdown or HTML would take for its own."""
    words = entry.partition(" ")[2]
    return "".join(f"\\{char}" if char in r"\`*_[]<>#|&~" else char for char in words)


def _plain(value: object) -> object:
    """``value`` with the keys of JSON: no underscore at an end."""
    if isinstance(value, dict):
        return {key.rstrip("_"): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value
