"""What the tools tell, in words: the same as in the record, for models that read text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cecot.claims.claim import Status
from cecot.locale.catalogue import Locale, locale_of
from cecot.mcp import schemas

RULES = (
    "An allegation is not a fact. Only a statement with the status Asserted (is_fact) is stated by "
    "its source in its own, unhedged voice; it is that source's word. Hedged, Attributed, Alleged, "
    "Planned and Evaluative statements are not facts. Whatever you repeat, always name the speaker "
    "and the status, and give the place (source and line). What the texts do not say must be said "
    "so; do not fill the gap from memory, nor with a figure of something else."
)
"""Every tool that gives statements says this."""

_FURTHER = (
    "A speaker that the text does not name stays unnamed: never guess who it is, and never take "
    "two unidentified speakers for one.",
    "Pass on what is unresolved: it tells what the text leaves open.",
    "Voices that disagree stand side by side: do not merge their figures.",
    "Quote only what stands in quotations. Where you need an address to cite, give the IRI of the "
    "claim or of the passage.",
    "Begin with search; describe tells all that is said of one thing, and what is not stated; "
    "list_claims filters statements; questions have ready queries; sparql answers any other query.",
)


def instructions(title: str, statuses: Iterable[Status]) -> str:
    """What a client tells its model of this server; ``title`` is that of the graph."""
    lines = [
        f"{title}. It holds statements of texts, each with whoever says it, its status and its "
        "place in the text. It tells what is said, not what is true.",
        RULES,
        *_FURTHER,
        "The statuses:",
    ]
    lines += [f"- {each.name}: {each.meaning.first('en')}" for each in statuses if each.meaning]
    return "\n".join(lines)


def description_text(description: schemas.ThingDescription, language: str) -> str:
    """A thing with all that is said of it, and what is not said."""
    locale = locale_of(language)
    lines = [f"{description.thing.label} <{description.thing.iri}>"]
    if description.thing.types:
        lines[0] += f" ({', '.join(description.thing.types)})"
    lines += description.descriptions
    note = locale.gettext("Note")
    lines += [f"{note}: {each}" for each in description.notes]
    if description.place:
        lines.append(_place(description.place, locale))
    if description.counts:
        labels = {each.status: each.status_label for each in description.statements}
        counts = ", ".join(
            f"{labels.get(status, status)} {count}" for status, count in description.counts.items()
        )
        lines += ["", locale.gettext("Statements: {counts}.", counts=counts)]
    else:
        lines += ["", locale.gettext("No statement of a text is about this.")]
    if description.is_cut:
        lines.append(
            locale.gettext(
                "Only {shown} of the statements are shown, some of each status. "
                "list_claims has the others.",
                shown=len(description.statements),
            )
        )
    lines += statement_lines(description.statements, locale)
    if description.not_said:
        lines += ["", *_silences(description.not_said, locale)]
    if description.references:
        lines += ["", locale.gettext("Structure and links (ours; no statements of a text):")]
        lines += [f"- {each.property}: {_named(each.value)}" for each in description.references]
    return "\n".join(lines)


def claims_text(claims: schemas.ClaimList, language: str) -> str:
    """A page of statements."""
    locale = locale_of(language)
    if not claims.total:
        return locale.gettext(
            "No statement matches. That is an answer: say that the texts do not say it."
        )
    count = locale.ngettext("{count} statement matches.", "{count} statements match.", claims.total)
    lines = [count, *statement_lines(claims.statements, locale)]
    if claims.next:
        lines += [
            "",
            locale.gettext(
                "More follow: call list_claims again with after={after}.", after=claims.next
            ),
        ]
    return "\n".join(lines)


def found_text(found: schemas.SearchHits, language: str) -> str:
    """What a search found."""
    locale = locale_of(language)
    lines = (
        [locale.gettext("Nothing has all the words; these have some of them.")]
        if found.is_partial
        else []
    )
    if found.questions:
        lines += [
            locale.gettext(
                "Questions with a ready query (call questions with question=SLUG for it):"
            )
        ]
        for entry in found.questions:
            lines += [f"- {entry.slug}: {entry.title}", *(f"  {told}" for told in entry.answer)]
    if found.not_said:
        lines += _silences(found.not_said, locale)
    if found.statements:
        lines += [locale.gettext("Statements:"), *statement_lines(found.statements, locale)]
    if found.things:
        lines += [locale.gettext("Things (describe tells what is said of them):")]
        for each in found.things:
            kinds = f" ({', '.join(each.types)})" if each.types else ""
            lines.append(f"- {_named(each)}{kinds}")
    if not lines:
        lines = [
            locale.gettext(
                "Nothing has these words. That is an answer: say that the texts do not say it."
            )
        ]
    elif found.is_cut:
        lines.append(locale.gettext("There is more than is shown: add a word."))
    return "\n".join(lines)


def questions_text(questions: schemas.QuestionList, language: str, *, whole: bool) -> str:
    """Questions with their answers, or ``whole``: with summary and query too."""
    locale = locale_of(language)
    lines: list[str] = []
    for each in questions.questions:
        lines.append(f"{each.number}. {each.title} [{each.slug}]")
        lines += [f"  - {sentence}" for sentence in (each.answer)]
        if whole:
            where = ", ".join(map(str, each.lines))
            lines += [each.summary] if each.summary else []
            lines += [locale.gettext("(lines: {lines})", lines=where)] if where else []
            lines += [locale.gettext("Query (for the tool sparql):"), each.query]
    return "\n".join(lines)


def statement_lines(statements: Iterable[schemas.Statement], locale: Locale) -> Iterator[str]:
    """Each statement in some lines: status, speaker and place first."""
    for each in statements:
        kind = (
            locale.gettext("fact of its source") if each.is_fact else locale.gettext("NOT a fact")
        )
        places = "; ".join(_place(place, locale) for place in each.places) or locale.gettext(
            "no place given"
        )
        who = locale.gettext("said by the source itself:")
        if {speaker.iri for speaker in each.speakers} != _sources(each):
            speakers = _labels(each.speakers) or locale.gettext("no speaker named")
            who = locale.gettext("said by: {speakers}", speakers=speakers) + "."
        yield f"- [{each.status_label}, {kind}] {who} {places}."
        yield f"  {each.says}"
        for heading, text in _details(each, locale):
            yield f"  {heading}: {text}"
        yield "  " + locale.gettext("Claim: {iri}", iri=each.iri)


def _details(statement: schemas.Statement, locale: Locale) -> Iterator[tuple[str, str]]:
    """What else there is to say of it, each with its heading."""
    if statement.is_allegation:
        accused = _labels(statement.accused) or locale.gettext("nobody is named")
        yield locale.gettext("Accused"), accused
        yield locale.gettext("Evidence named"), _labels(statement.basis) or locale.gettext("none")
    for heading, things in (
        (locale.gettext("Alleged"), statement.acts),
        (locale.gettext("Figure alleged"), statement.quantities),
        (locale.gettext("Said to have suffered"), statement.victims),
        (locale.gettext("Policy"), statement.policies),
        (locale.pgettext("what a claim is about", "About"), statement.about),
        (locale.gettext("Said in"), statement.said_in),
        (locale.gettext("As of"), statement.as_of),
        (locale.gettext("Act of saying"), statement.saying),
        (locale.gettext("Responds to"), statement.responds_to),
        (locale.gettext("Tells again (no voice of its own)"), statement.repeats),
    ):
        if things:
            yield heading, _labels(things)
    if statement.hedge:
        yield locale.gettext("Hedged by the words"), f'"{statement.hedge}"'
    if statement.speech_act:
        yield locale.gettext("In the words"), f'"{statement.speech_act}"'
    for text in statement.quotations:
        yield locale.gettext("Words of the text"), f'"{text}"'
    for text in statement.unresolved:
        yield locale.gettext("Unresolved"), text
    for text in statement.readings:
        yield locale.gettext("May also mean (so it is no fact)"), text
    for text in statement.notes:
        yield locale.gettext("Note"), text


def _silences(silences: Iterable[schemas.NotSaid], locale: Locale) -> Iterator[str]:
    yield locale.gettext(
        "NOT STATED by the source, as an editor found who read it (say so if asked):"
    )
    for each in silences:
        of = f"{_named(each.thing)}: " if each.thing else ""
        yield f"- {of}{each.property.label}" + (f": {each.meaning}" if each.meaning else "")
        if each.of_something_else:
            yield "  " + locale.gettext("Said of something else, NOT of this:")
            for line in statement_lines(each.of_something_else, locale):
                yield f"  {line}"


def _sources(statement: schemas.Statement) -> set[str]:
    return {place.source.iri for place in statement.places if place.source}


def _place(place: schemas.PlaceName, locale: Locale) -> str:
    source = place.source.label if place.source else place.passage
    if place.line is None:
        return source
    return f"{source}, " + locale.gettext("line {line}", line=place.line)


def _labels(things: Iterable[schemas.ThingName]) -> str:
    return ", ".join(each.label for each in things)


def _named(thing: schemas.ThingName) -> str:
    return f"{thing.label} <{thing.iri}>" if thing.iri else thing.label
