"""The tool ``describe``: all that is said of a thing, by whom, how sure, and what nobody says."""

from __future__ import annotations

from cecot.claims.silence import read_silences
from cecot.claims.thing import Related, Thing, describe_thing
from cecot.mcp import schemas
from cecot.mcp.library import Library
from cecot.mcp.parameters import Arguments
from cecot.mcp.statements import place_of, silence_of, statement_of, thing_of, words_of
from cecot.mcp.text import description_text

MOST_REFERENCES = 30


def describe(library: Library, arguments: Arguments) -> tuple[schemas.Description, str]:
    """The thing ``thing`` with at most ``limit`` statements.

    Raises NotFound, and what the engine raises.
    """
    language = arguments.language
    iri = library.find(arguments.text("thing"), "thing")
    thing = describe_thing(library.engine, iri.value)
    if thing is None:
        raise library.unknown(arguments.text("thing"), "thing")
    description = _description(library, thing, arguments.count("limit"), language)
    return description, description_text(description, language)


def _description(library: Library, thing: Thing, limit: int, language: str) -> schemas.Description:
    own = [Related(thing.claim, ())] if thing.claim else []
    related = [*own, *(each for group in thing.by_status().values() for each in group)]
    counts: dict[str, int] = {}
    for each in related:
        counts[each.claim.status] = counts.get(each.claim.status, 0) + 1
    shown = share(related, limit)
    silences = () if thing.claim else read_silences(library.engine, thing.iri)
    node = thing_of(thing.node, language)
    types = tuple(each.label(language).value for each in thing.types)
    links = [] if thing.claim else thing.links[:MOST_REFERENCES]
    return schemas.Description(
        thing=schemas.Thing(node.label, node.iri, types, node.figure),
        counts=counts,
        statements=tuple(statement_of(each.claim, language, each.roles) for each in shown),
        not_said=tuple(silence_of(each, language) for each in silences),
        is_cut=thing.more_claims or len(shown) < len(related),
        place=place_of(thing.place, language) if thing.place else None,
        descriptions=words_of(thing.descriptions, language),
        notes=words_of(thing.notes, language),
        references=tuple(
            schemas.Reference(each.predicate.label(language).value, thing_of(each.object, language))
            for each in links
        ),
    )


def share(related: list[Related], limit: int) -> list[Related]:
    """``limit`` of them in their order, so chosen that no status is left out for another."""
    groups: dict[str, list[Related]] = {}
    for each in related:
        groups.setdefault(each.claim.status, []).append(each)
    chosen: set[str] = set()
    for turn in range(limit):
        for group in groups.values():
            if turn < len(group) and len(chosen) < limit:
                chosen.add(group[turn].claim.iri)
    return [each for each in related if each.claim.iri in chosen]
