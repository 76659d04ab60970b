"""Search as a page, in JSON, and as browsers know it (OpenSearch 1.1, draft 6)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace

from flask import Blueprint, Response, render_template, request
from pyoxigraph import NamedNode

from cecot.claims.answers import Clause, Telling
from cecot.claims.names import Near, are_initials, find_near, named
from cecot.claims.nodes import Node, read_nodes
from cecot.claims.search import Hit, Results, matching, query_of, search
from cecot.claims.subgraph import is_known, known_among
from cecot.claims.table import list_class
from cecot.claims.words import Words, folded, words_of, written_words
from cecot.dataset.questions import Question
from cecot.errors import BadRequest, NotFound
from cecot.locale.catalogue import locales
from cecot.messages import say
from cecot.protocol.problem import JSON
from cecot.rdf.serialization import shown_in_xml
from cecot.render.documents import claim_record, node_record
from cecot.views.context import Context, as_json, respond_kept
from cecot.views.pages import kept_page, reader_language, reader_locale
from cecot.vocabulary import CECOT, OWL, RDF, RDFS

MOST_SHOWN = 40
"""Things, and claims, on one page of results."""

MOST_LISTED = 200
"""Things of one class on one page."""

_NAME = re.compile(r"\S*[:-]\S*")
"""What may be an IRI, a name with a prefix, or the name of a passage or a claim; no plain word."""

MOST_QUESTIONS = 5
MOST_NEAR = 3

LONGEST = 300
_OF_MODEL = (*map(str, (RDF, RDFS, OWL)), CECOT.FactProperty, CECOT.ClaimOnlyProperty)
OPEN_SEARCH = "application/opensearchdescription+xml"


@dataclass(frozen=True, slots=True)
class _Look:
    """What was found for ``asked``; where that is scant, what is ``near`` and ``beside`` it.

    The ``questions`` have the words, or else their answers tell the ``first`` claims found.
    ``read_as`` is what the reader's initials were read as.
    """

    asked: str
    words: Words
    results: Results
    questions: list[Question]
    first: frozenset[str]
    near: Near = field(default_factory=Near)
    beside: Sequence[Question] = ()
    read_as: Node | None = None


def blueprint(context: Context) -> Blueprint:
    """``/search``, ``/search.json``, ``/opensearch.xml``."""
    views = Blueprint("searching", __name__)
    engine, names = context.engine, context.description.names

    def class_asked() -> NamedNode | None:
        asked = request.args.get("type", "")
        kind = named(names, asked, "type") if asked else None
        if kind and not known_among(engine, [kind]):
            raise NotFound(
                say("Nothing in the graph is of the kind {text!r}.", text=asked[:100]),
                hint=say("Search without a kind: the page of results offers those that there are."),
                where="type",
            )
        return kind

    @views.get("/search")
    def page() -> Response:
        asked, type_ = _asked(), class_asked()
        found = _look(context, asked, type_)
        words, results = found.words, found.results
        listed: list[Node] = []
        last = ""
        if type_ and not words.all:
            after = request.args.get("after", "")
            listed, more = list_class(engine, type_, MOST_LISTED, after)
            last = listed[-1].iri if more else ""
        questions = found.questions[:MOST_QUESTIONS]
        called = _called(context, asked)
        missed = bool(words.all) and results.is_scant and not (type_ or called)
        beside = found.beside if missed else []
        language = reader_language()
        tellings = context.tellings.of((*questions, *beside), language)
        return kept_page(
            context,
            "search.html",
            section="search",
            asked=asked,
            read_as=found.read_as,
            missing=_as_asked(results.missing, asked),
            results=results,
            called=read_nodes(engine, called),
            things=[hit for hit in results.things if not _is_term(hit)],
            terms=[hit for hit in results.things if _is_term(hit)],
            questions=questions,
            near=found.near if missed else Near(),
            near_questions=beside,
            shown={slug: _nearest(each, found, language) for slug, each in tellings.items()},
            sources=_sources(context) if missed else (),
            claims=context.description.count_of(CECOT.Claim),
            facets=[each for each in results.classes if not _is_of_model(each[0])],
            query=query_of(words) or None,
            type=read_nodes(engine, [type_])[0] if type_ else None,
            listed=listed,
            last=last,
            most=MOST_SHOWN,
            marked=words.marked,
        )

    @views.get("/search.json")
    def twin() -> Response:
        asked, type_ = _asked(), class_asked()
        looked = _look(context, asked, type_)
        questions, near = looked.questions, looked.near
        tellings = context.tellings.of(questions, "en")
        found = {
            "query": asked,
            "readAs": looked.asked,
            "missing": _as_asked(looked.results.missing, asked),
            "called": [node_record(each) for each in read_nodes(engine, _called(context, asked))],
            "questions": [
                {
                    "title": question.title("en"),
                    "page": context.site.question(question.slug),
                    "answer": [clause.told("en") for clause in tellings[question.slug].clauses],
                }
                for question in questions
            ],
            **_record(looked.results),
            "spellings": list(near.spellings),
            "meant": [node_record(each) for each in near.things],
        }
        response = respond_kept(context, as_json(found), JSON)
        response.vary.add("Accept-Language")  # spellings, and in which language a text is told
        return response

    @views.get("/opensearch.xml")
    def open_search() -> Response:
        locale = reader_locale()
        told = render_template(
            "opensearch.xml",
            lang=locale.code,
            title=context.description.title(locale.code),
            **locale.functions,
            site=context.site,
            asked=request.args.get("lang", "") in locales(),
        )
        response = respond_kept(context, shown_in_xml(told), OPEN_SEARCH)
        response.vary.add("Accept-Language")
        return response

    return views


def _asked() -> str:
    return request.args.get("q", "").strip()[:LONGEST]


def _look(
    context: Context, asked: str, type_: NamedNode | None, *, reads_initials: bool = True
) -> _Look:
    """What is found; initials that mean one thing are looked for by its name."""
    engine, words, language = context.engine, words_of(asked), reader_language()
    results = search(engine, words, type_, language)
    every = context.description.questions
    answers = context.tellings.sentences(every) if words.all else {}
    first = frozenset(hit.node.iri for hit in results.claims[:MOST_NEAR])
    questions = matching(every, words, answers)
    if first and not (questions or results.is_scant):
        tellings = context.tellings.of(every, language)
        questions = [each for each in every if _tells(tellings[each.slug].clauses, first)]
    found = _Look(asked, words, results, questions, first)
    if not words.all or not results.is_scant:
        return found
    near = find_near(engine, words, language)
    spelt_out = _spelt_out(asked, near, language) if reads_initials else ""
    if spelt_out:
        found = _look(context, spelt_out, type_, reads_initials=False)
        return replace(found, read_as=near.things[0])
    beside = [] if found.questions else matching(every, words, answers, some=True)
    return replace(found, near=near, beside=beside[:MOST_NEAR])


def _spelt_out(asked: str, near: Near, language: str) -> str:
    """``asked`` with a name in place of its initials, if they are those of one thing; else none."""
    if len(near.things) != 1:
        return ""
    name = near.things[0].label(language).value
    written = [name if are_initials(folded(each), name) else each for each in asked.split()]
    return "" if written == asked.split() else " ".join(written)


def _as_asked(words: Iterable[str], asked: str) -> list[str]:
    """``words`` as the reader wrote them."""
    written = {folded(each): each for each in written_words(asked)}
    return [written.get(each, each) for each in words]


def _called(context: Context, text: str) -> list[NamedNode]:
    """What has ``text`` as its IRI or as the end of it (``tcc-29``); nothing if nothing has."""
    if not _NAME.fullmatch(text):
        return []
    try:
        iri = named(context.description.names, text, "q")
    except BadRequest:
        return []
    return [iri] if is_known(context.engine, iri.value) else []


def _tells(clauses: Iterable[Clause], claims: Collection[str]) -> bool:
    return any(c.iri in claims for each in clauses for mark in each.marks for c in mark.claims)


def _nearest(telling: Telling, found: _Look, language: str) -> list[Clause]:
    """The sentence of an answer that has the most of the words, of several the shortest.

    A summary names more than what was asked for. The first one, where none has any.
    """
    words = found.words

    def rank(clause: Clause) -> tuple[int, bool, int, int]:
        told, said = clause.told(language), clause.sentence(language)
        fit = words.found_in([told])[0]
        tells = _tells([clause], found.first)
        return -fit, not tells, -words.found_in([said])[0], len(said) if fit else 0

    return [min(telling.clauses, key=rank)] if telling.clauses else []


def _sources(context: Context) -> list[Node]:
    """The texts that were looked through, where they can be named one by one."""
    nodes, more = list_class(context.engine, NamedNode(CECOT.Source), MOST_NEAR)
    return [] if more else nodes


def _is_of_model(class_: Node) -> bool:
    """Whether a class sorts the words of the model, which is no kind of thing to a reader."""
    return class_.iri.startswith(_OF_MODEL)


def _is_term(hit: Hit) -> bool:
    """Whether it is a word of the ontology, or of no kind: nothing that a text speaks of."""
    return all(each.startswith(_OF_MODEL) for each in hit.node.types)


def _record(results: Results) -> dict[str, object]:
    return {
        "isPartial": results.is_partial,
        "classes": [{**node_record(each), "count": count} for each, count in results.classes],
        "silences": [
            {
                "thing": node_record(each.thing),
                "property": node_record(each.property_),
                "elsewhere": [claim_record(claim) for claim in each.elsewhere],
            }
            for each in results.silences
        ],
        "things": [_hit(hit) for hit in sorted(results.things, key=_is_term)],
        "notes": [_hit(hit) for hit in results.notes],
        "claimsInAll": results.total,
        "claims": [claim_record(hit.claim) for hit in results.claims if hit.claim],
    }


def _hit(hit: Hit) -> dict[str, object]:
    return {
        **node_record(hit.node),
        "types": list(hit.node.types),
        "found": {"text": hit.text.value, "language": hit.text.language},
    }
