"""The tools: what each is for, in words for a model, what it takes and what it tells."""

from __future__ import annotations

import io
import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import chain, islice, zip_longest
from typing import IO, Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QueryResultsFormat,
    QuerySolutions,
    parse_query_results,
)

from cecot.claims.answers import Telling
from cecot.claims.claim import status_order
from cecot.claims.names import named_status, short_name
from cecot.claims.nodes import Node, gathered
from cecot.claims.search import matching, search
from cecot.claims.silence import read_silences
from cecot.claims.table import Filters, Order, find_claims
from cecot.claims.thing import RelatedClaim, Thing, describe_thing
from cecot.claims.words import words_of
from cecot.dataset.questions import Question
from cecot.engine import Form, Query
from cecot.errors import BadRequest, NotAcceptable, NotFound
from cecot.locale.catalogue import locale_of
from cecot.mcp import schemas
from cecot.mcp.library import Library
from cecot.mcp.schemas import (
    LANGUAGE,
    Parameter,
    place_of,
    silence_of,
    statement_of,
    texts_in,
    thing_of,
)
from cecot.rdf.terms import Term
from cecot.sparql.formats import UNREADABLE
from cecot.sparql.hints import hints_on
from cecot.sparql.hints import words_of as words_of_hint
from cecot.vocabulary import STATUSES, XSD

RULES = (
    "An allegation is not a fact. Only a statement with the status Asserted (is_fact) is stated by "
    "its source in its own, unhedged voice; it is that source's word. Hedged, Attributed, Alleged, "
    "Planned and Evaluative statements are not facts. Whatever you repeat, always name the speaker "
    "and the status, and give the place (source and line). What the texts do not say must be said "
    "so; do not fill the gap from memory, nor with a figure of something else."
)
"""Every tool that gives statements says this."""

MOST_BYTES = 32 * 1024
"""Bytes of rows, or of triples, in one answer."""

_TSV, _JSON, _NTRIPLES = (
    "text/tab-separated-values",
    "application/sparql-results+json",
    "application/n-triples",
)


_TEMPLATES = Environment(
    loader=PackageLoader("cecot.mcp"),
    trim_blocks=True,
    lstrip_blocks=True,
    undefined=StrictUndefined,
    autoescape=False,  # noqa: S701 (plain text)
)


def in_words(template: str, told: object, language: str, **values: object) -> str:
    """What a tool ``told``, for a reader of ``language``, by a file of ``templates/``."""
    values |= {"told": told, **locale_of(language).functions}
    return _TEMPLATES.get_template(template).render(values).removesuffix("\n")


def ask(
    library: Library, *, query: str, limit: int, language: str
) -> tuple[schemas.QueryAnswer, str]:
    """The answer to ``query``: its first ``limit`` rows or triples, and how many there are.

    Raises what the engine raises.
    """
    # In TSV and N-Triples a line is a row or a triple, whatever stands in it.
    asked = Query(query, _TSV, _JSON, _NTRIPLES)
    answer = library.engine.answer(asked)
    body = io.BytesIO(answer.body) if isinstance(answer.body, bytes) else answer.body
    with body:
        if answer.form is Form.ASK:
            result = schemas.QueryAnswer("ASK", 1, 1, False, truth=json.load(body)["boolean"])
        elif answer.form is Form.SELECT:
            result = _rows(body, limit)
        else:
            kept, total = first_lines(body, limit)
            triples = b"".join(kept).decode()
            result = schemas.QueryAnswer(
                "GRAPH", total, len(kept), len(kept) < total, triples=triples
            )
    compact = library.names.prefixes.compact
    vocabulary = library.description.vocabulary
    hints = hints_on(library.engine, asked, answer, vocabulary)
    said = (
        locale_of(language).gettext(each) for hint in hints for each in words_of_hint(hint, compact)
    )
    result = replace(result, hints=tuple(said))
    return result, in_words("answer.txt", result, language, compact=compact)


def first_lines(body: IO[bytes], limit: int) -> tuple[list[bytes], int]:
    """The first ``limit`` lines, as many as fit into MOST_BYTES; how many there are in all."""
    kept: list[bytes] = []
    room, total = MOST_BYTES, 0
    for line in body:
        room -= len(line)
        if room >= 0 and total < limit:
            kept.append(line)
        total += 1
    return kept, total


def _rows(body: IO[bytes], limit: int) -> schemas.QueryAnswer:
    head = body.readline()
    kept, total = first_lines(body, limit)
    try:
        results = parse_query_results(b"".join((head, *kept)), format=QueryResultsFormat.TSV)
        if not isinstance(results, QuerySolutions):
            raise TypeError("a SELECT query has rows")
        variables = tuple(each.value for each in results.variables)
        found = [[*row] for row in results]
    except UNREADABLE:
        raise NotAcceptable(
            "A row holds triple terms too deep within each other.",
            hint="Select their parts: SUBJECT(?x), PREDICATE(?x), OBJECT(?x).",
        ) from None
    rows = tuple(
        {name: _term(term) for name, term in zip(variables, row, strict=True) if term is not None}
        for row in found
    )
    return schemas.QueryAnswer("SELECT", total, len(rows), len(rows) < total, variables, rows)


def _term(term: Term) -> schemas.RdfTerm:
    match term:
        case NamedNode():
            return schemas.RdfTerm("uri", term.value)
        case BlankNode():
            return schemas.RdfTerm("bnode", term.value)
        case Literal():
            datatype = term.datatype.value
            plain = term.language or datatype == XSD.string
            return schemas.RdfTerm(
                "literal",
                term.value,
                "" if plain else datatype,
                term.language or "",
                term.direction.value if term.direction else "",
            )
    return schemas.RdfTerm("triple", f"<<( {term} )>>")


MOST_REFERENCES = 30


def describe(
    library: Library, *, thing: str, limit: int, language: str
) -> tuple[schemas.ThingDescription, str]:
    """The thing ``thing`` with at most ``limit`` statements.

    Raises NotFound, and what the engine raises.
    """
    found = describe_thing(library.engine, library.find(thing, "thing").value)
    if found is None:
        raise library.unknown(thing, "thing")
    description = _description(library, found, limit, language)
    return description, in_words("thing.txt", description, language)


def _description(
    library: Library, thing: Thing, limit: int, language: str
) -> schemas.ThingDescription:
    own = [RelatedClaim(thing.claim, ())] if thing.claim else []
    related = [*own, *sorted(thing.claims, key=lambda each: status_order(each.claim.status))]
    counts = Counter(each.claim.status for each in related)
    shown = share(related, limit)
    silences = () if thing.claim else read_silences(library.engine, [NamedNode(thing.iri)])
    types = tuple(each.label(language).value for each in thing.types)
    links = [] if thing.claim else thing.links[:MOST_REFERENCES]
    return schemas.ThingDescription(
        thing=replace(thing_of(thing.node, language), types=types),
        counts=counts,
        statements=tuple(statement_of(each.claim, language, each.roles) for each in shown),
        not_said=tuple(silence_of(each, language) for each in silences),
        is_cut=thing.more_claims or len(shown) < len(related),
        place=place_of(thing.place, language) if thing.place else None,
        descriptions=texts_in(thing.descriptions, language),
        notes=texts_in(thing.notes, language),
        references=tuple(
            schemas.Reference(each.predicate.label(language).value, thing_of(each.object, language))
            for each in links
        ),
    )


def share(related: list[RelatedClaim], limit: int) -> list[RelatedClaim]:
    """``limit`` of them in their order, so chosen that no status is left out for another."""
    groups = gathered((each.claim.status, each.claim.iri) for each in related)
    in_turn = chain.from_iterable(zip_longest(*groups.values()))
    chosen = set(islice(filter(None, in_turn), limit))
    return [each for each in related if each.claim.iri in chosen]


MOST_QUESTIONS = 5


def find(
    library: Library, *, text: str, limit: int, language: str
) -> tuple[schemas.SearchHits, str]:
    """At most ``limit`` things, and as many statements, that have the words of ``text``.

    Raises BadRequest for a text without a word, and what the engine raises.
    """
    words = words_of(text)
    if not words.all:
        raise BadRequest(
            "There is no word to search for.", hint="Give a name, a word or a figure.", where="text"
        )
    results = search(library.engine, words, language=language)
    labels = {node.iri: node.label(language).value for node, _ in results.classes}
    claims = [hit.claim for hit in results.claims if hit.claim]
    # A figure says nothing without its claim, which is among the claims if there is one.
    nodes = [hit.node for hit in results.things if hit.node.value is None]

    def thing(node: Node) -> schemas.ThingName:
        types = tuple(labels[each] for each in node.types if each in labels)
        return replace(thing_of(node, language), types=types)

    every = library.description.questions
    asked = matching(every, words, library.tellings.sentences(every))[:MOST_QUESTIONS]
    tellings = library.tellings.of(asked, language)
    found = schemas.SearchHits(
        questions=tuple(question_of(each, tellings[each.slug], language) for each in asked),
        not_said=tuple(silence_of(each, language, named=True) for each in results.silences),
        statements=tuple(statement_of(each, language) for each in claims[:limit]),
        things=tuple(map(thing, nodes[:limit])),
        is_partial=results.is_partial,
        is_cut=results.more or max(len(claims), len(nodes)) > limit,
    )
    return found, in_words("found.txt", found, language)


def question_of(
    question: Question, telling: Telling, language: str, *, whole: bool = False
) -> schemas.QuestionEntry:
    """A question with its answer in sentences; ``whole``: with summary, lines and query too."""
    shown = telling.clauses if whole else telling.lead
    answer = tuple(clause.told(language) for clause in shown)
    title = question.title(language)
    entry = schemas.QuestionEntry(question.number, question.slug, title, answer)
    if not whole:
        return entry
    summary, query = question.summary(language), question.query_in(language)
    return replace(entry, summary=summary, lines=question.lines, query=query)


def list_claims(
    library: Library, *, limit: int, after: str, language: str, **filters: str
) -> tuple[schemas.ClaimList, str]:
    """The first ``limit`` claims that match all filters, or those that come after ``after``.

    Raises NotFound for a filter that names what the graph does not know, and what the engine
    raises.
    """
    values: dict[str, Any] = {
        name: (
            named_status(library.names, text, name)
            if name == "status"
            else library.find(text, name),
        )
        for name, text in filters.items()
        if text
    }
    last = library.find(after, "after") if after else None
    found = find_claims(library.engine, Filters(**values), Order(), limit, last)
    following = short_name(library.names, found.claims[-1].iri) if found.more else ""
    claims = schemas.ClaimList(
        found.total,
        tuple(statement_of(each, language) for each in found.claims),
        following,
    )
    return claims, in_words("claims.txt", claims, language)


def questions(
    library: Library, *, question: str, language: str
) -> tuple[schemas.QuestionList, str]:
    """All questions, or the one that ``question`` names by number or slug.

    Raises NotFound.
    """
    chosen = [
        each
        for each in library.description.questions
        if question in ("", each.slug, str(each.number))
    ]
    if question and not chosen:
        raise NotFound(
            f"There is no question {question[:60]!r}.",
            hint="Call questions without question: it lists them all.",
            where="question",
        )
    tellings = library.tellings.of(chosen, language)
    result = schemas.QuestionList(
        tuple(question_of(each, tellings[each.slug], language, whole=True) for each in chosen)
    )
    return result, in_words("questions.txt", result, language, whole=bool(question))


MOST_STATEMENTS = 100
MOST_ROWS = 500
LONGEST_QUERY = 100_000
_NAME = "an IRI, a name with a prefix, the last part of an IRI, or a label, as search gives it."


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool; ``work`` gives what ``tells`` describes, and the same in words.

    It takes a library, and the parameters by their names. It raises CecotError for whatever a
    caller can cause.
    """

    name: str
    title: str
    description: str
    parameters: tuple[Parameter, ...]
    tells: type
    work: Callable[..., tuple[object, str]]


def _limit(default: int, most: int, what: str) -> Parameter:
    return Parameter("limit", f"How many {what} at most.", default, most=most)


TOOLS: tuple[Tool, ...] = (
    Tool(
        "search",
        "Search names, descriptions and quotations",
        "Find things, statements and ready questions by words, in English or Spanish. Use it first "
        f"to learn what something is called. {RULES}",
        (
            Parameter("text", "Words to look for: a name, an act, a figure."),
            _limit(10, 50, "things, and how many statements,"),
            LANGUAGE,
        ),
        schemas.SearchHits,
        find,
    ),
    Tool(
        "describe",
        "All that is said of a thing",
        "All statements about one thing (a place, a person, a policy, a source, a claim ...), each "
        "with its status, its speaker and its place, and under not_said what no text says of it. "
        f"{RULES}",
        (Parameter("thing", f"What to describe: {_NAME}"), _limit(60, 200, "statements"), LANGUAGE),
        schemas.ThingDescription,
        describe,
    ),
    Tool(
        "list_claims",
        "List statements by who says what, how sure",
        "Statements that match all filters that are given, in the order of the text, each with its "
        f"status, its speaker and its place. {RULES}",
        (
            Parameter("about", f"What it is said of, or what it says: {_NAME}", ""),
            Parameter("by", f"Its speaker: {_NAME}", ""),
            Parameter(
                "status",
                "Its status: asserted is a fact of its source, the others are not facts.",
                "",
                ("", *(each.lower() for each in STATUSES)),
            ),
            Parameter("act", f"The act that is alleged: {_NAME}", ""),
            Parameter("policy", f"The policy of which something is said: {_NAME}", ""),
            Parameter("predicate", f"The property that it states: {_NAME}", ""),
            Parameter("source", f"The source in which it stands: {_NAME}", ""),
            _limit(20, MOST_STATEMENTS, "statements"),
            Parameter("after", "The field next of the answer before, for those that follow.", ""),
            LANGUAGE,
        ),
        schemas.ClaimList,
        list_claims,
    ),
    Tool(
        "questions",
        "Questions that come with the graph",
        "The questions that the graph is known to answer, each with its answer in sentences, in "
        "which every clause has its status, speaker and lines (repeat them with it). With "
        "question, one of them with its summary and its SPARQL query, ready for the tool sparql; "
        "the structured output has all queries at once. "
        "Prefer a ready query to one of your own.",
        (Parameter("question", "Its number or its slug; without it, all questions.", ""), LANGUAGE),
        schemas.QuestionList,
        questions,
    ),
    Tool(
        "sparql",
        "Ask the graph in SPARQL",
        "Answer a SPARQL 1.1 query (SELECT, ASK, CONSTRUCT, DESCRIBE). A direct triple of a thing "
        "is a fact of its source. Claims are nodes typed cecot:Claim with rdf:subject, "
        "rdf:predicate, rdf:object: always select cecot:modality (the status), cecot:statedBy "
        "(the speaker) and cecot:passage/schema:position (the line) with them. Allegations have "
        "cecot:accuser, cecot:accused, cecot:allegedAct instead. Nothing is asserted by a triple "
        f"that you read out of a claim. Time, memory and length are limited (at most {MOST_ROWS} "
        f"rows and {MOST_BYTES // 1024} KiB); SERVICE and updates are refused. Declare each "
        f"prefix. {RULES}",
        (
            Parameter("query", "The query, with its PREFIX lines.", longest=LONGEST_QUERY),
            _limit(50, MOST_ROWS, "rows or triples"),
            LANGUAGE,
        ),
        schemas.QueryAnswer,
        ask,
    ),
)
