"""What the tools tell, in words: the same as in the record, for models that read text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from cecot.mcp import schemas
from cecot.mcp.words import WORDS

Words = Mapping[str, str]


def description_text(description: schemas.Description, language: str) -> str:
    """A thing with all that is said of it, and what is not said."""
    words = WORDS[language]
    lines = [f"{description.thing.label} <{description.thing.iri}>"]
    if description.thing.types:
        lines[0] += f" ({', '.join(description.thing.types)})"
    lines += description.descriptions
    lines += [f"{words['notes']}: {each}" for each in description.notes]
    if description.place:
        lines.append(_place(description.place, words))
    if description.counts:
        labels = {each.status: each.status_label for each in description.statements}
        counts = ", ".join(
            f"{labels.get(status, status)} {count}" for status, count in description.counts.items()
        )
        lines += ["", f"{words['counts']}: {counts}."]
    else:
        lines += ["", words["no_statements"]]
    if description.is_cut:
        lines.append(words["rest"].format(len(description.statements)))
    lines += statement_lines(description.statements, words)
    if description.not_said:
        lines += ["", words["not_said"], *_silences(description.not_said, words)]
    if description.references:
        lines += ["", words["references"]]
        lines += [f"- {each.property}: {_named(each.value)}" for each in description.references]
    return "\n".join(lines)


def claims_text(claims: schemas.Claims, language: str) -> str:
    """A page of statements."""
    words = WORDS[language]
    if not claims.total:
        return words["none_match"]
    count = words["found_claim" if claims.total == 1 else "found_claims"].format(claims.total)
    lines = [count, *statement_lines(claims.statements, words)]
    if claims.next:
        lines += ["", words["next"].format(claims.next)]
    return "\n".join(lines)


def found_text(found: schemas.Found, language: str) -> str:
    """What a search found."""
    words = WORDS[language]
    lines = [words["partial"]] if found.is_partial else []
    if found.questions:
        lines += [words["questions"]]
        lines += [f"- {each.slug}: {each.title}" for each in found.questions]
    if found.not_said:
        lines += [words["not_said"], *_silences(found.not_said, words)]
    if found.statements:
        lines += [words["statements"], *statement_lines(found.statements, words)]
    if found.things:
        lines += [words["things"]]
        for each in found.things:
            kinds = f" ({', '.join(each.types)})" if each.types else ""
            lines.append(f"- {_named(each)}{kinds}")
    if not lines:
        lines = [words["nothing"]]
    elif found.is_cut:
        lines.append(words["more"])
    return "\n".join(lines)


def questions_text(questions: schemas.Questions, language: str, *, whole: bool) -> str:
    """Questions in a line each, or ``whole``: with summary and query."""
    words = WORDS[language]
    lines: list[str] = []
    for each in questions.questions:
        lines.append(f"{each.number}. {each.title} [{each.slug}]")
        if whole:
            where = ", ".join(map(str, each.lines))
            lines += [each.summary] if each.summary else []
            lines += [f"({words['lines']}: {where})"] if where else []
            lines += [words["query"], each.query]
    return "\n".join(lines)


def statement_lines(statements: Iterable[schemas.Statement], words: Words) -> Iterator[str]:
    """Each statement in some lines: status, speaker and place first."""
    for each in statements:
        kind = words["fact" if each.is_fact else "no_fact"]
        places = "; ".join(_place(place, words) for place in each.places) or words["no_place"]
        who = words["own_voice"]
        if {speaker.iri for speaker in each.speakers} != _sources(each):
            speakers = ", ".join(map(_label, each.speakers)) or words["nobody"]
            who = f"{words['by']}: {speakers}."
        yield f"- [{each.status_label}, {kind}] {who} {places}."
        yield f"  {each.says}"
        for name, text in _details(each, words):
            yield f"  {words[name]}: {text}"
        yield f"  {words['claim']}: {each.iri}"


def _details(statement: schemas.Statement, words: Words) -> Iterator[tuple[str, str]]:
    """What else there is to say of it, each with the name of its heading."""
    if statement.is_allegation:
        yield "accused", ", ".join(map(_label, statement.accused)) or words["nobody_accused"]
        yield "basis", ", ".join(map(_label, statement.basis)) or words["no_basis"]
    for name in ("acts", "quantities", "policies", "about", "said_in"):
        things: tuple[schemas.Thing, ...] = getattr(statement, name)
        if things:
            yield name, ", ".join(map(_label, things))
    if statement.speech_act:
        yield "speech_act", f'"{statement.speech_act}"'
    for name in ("quotations", "unresolved", "notes"):
        for text in getattr(statement, name):
            yield name, f'"{text}"' if name == "quotations" else text


def _silences(silences: Iterable[schemas.NotSaid], words: Words) -> Iterator[str]:
    for each in silences:
        of = f"{_named(each.thing)}: " if each.thing else ""
        yield f"- {of}{each.property.label}" + (f": {each.meaning}" if each.meaning else "")
        if each.of_something_else:
            yield f"  {words['elsewhere']}"
            for line in statement_lines(each.of_something_else, words):
                yield f"  {line}"


def _sources(statement: schemas.Statement) -> set[str]:
    return {place.source.iri for place in statement.places if place.source}


def _place(place: schemas.Place, words: Words) -> str:
    source = place.source.label if place.source else place.passage
    return source if place.line is None else f"{source}, {words['line']} {place.line}"


def _label(thing: schemas.Thing) -> str:
    return thing.label


def _named(thing: schemas.Thing) -> str:
    return f"{thing.label} <{thing.iri}>" if thing.iri else thing.label
