"""Search as a page, in JSON, and as browsers know it (OpenSearch 1.1, draft 6)."""

from __future__ import annotations

import re

from flask import Blueprint, Response, render_template, request
from pyoxigraph import NamedNode

from cecot.claims.answers import Clause, Telling
from cecot.claims.names import Near, find_near, named
from cecot.claims.nodes import Node, read_nodes
from cecot.claims.search import Hit, Results, matching, query_of, search
from cecot.claims.subgraph import is_known, known_among
from cecot.claims.table import list_class
from cecot.claims.words import Words, words_of
from cecot.errors import BadRequest, NotFound
from cecot.locale.catalogue import locales
from cecot.messages import say
from cecot.protocol.problem import JSON
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
        words = words_of(asked)
        listed: list[Node] = []
        last = ""
        if type_ and not words.all:
            after = request.args.get("after", "")
            listed, more = list_class(engine, type_, MOST_LISTED, after)
            last = listed[-1].iri if more else ""
        results = search(engine, words, type_, reader_language())
        every = context.description.questions
        answers = context.tellings.sentences(every) if words.all else {}
        questions = matching(every, words, answers)[:MOST_QUESTIONS]
        called = _called(context, asked)
        missed = bool(words.all) and results.is_scant and not (type_ or called)
        near = missed and not questions
        beside = matching(every, words, answers, some=True)[:MOST_NEAR] if near else []
        language = reader_language()
        tellings = context.tellings.of((*questions, *beside), language)
        return kept_page(
            context,
            "search.html",
            section="search",
            asked=asked,
            results=results,
            called=read_nodes(engine, called),
            things=[hit for hit in results.things if not _is_term(hit)],
            terms=[hit for hit in results.things if _is_term(hit)],
            questions=questions,
            near=find_near(engine, words, language) if missed else Near(),
            near_questions=beside,
            shown={slug: _nearest(each, words, language) for slug, each in tellings.items()},
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
        words = words_of(asked)
        results = search(engine, words, type_, reader_language())
        every = context.description.questions
        questions = matching(every, words, context.tellings.sentences(every))
        missed = bool(words.all) and results.is_scant
        near = find_near(engine, words, reader_language()) if missed else Near()
        tellings = context.tellings.of(questions, "en")
        found = {
            "query": asked,
            "called": [node_record(each) for each in read_nodes(engine, _called(context, asked))],
            "questions": [
                {
                    "title": question.title("en"),
                    "page": context.site.question(question.slug),
                    "answer": [clause.told("en") for clause in tellings[question.slug].clauses],
                }
                for question in questions
            ],
            **_record(results),
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
        response = respond_kept(context, told, OPEN_SEARCH)
        response.vary.add("Accept-Language")
        return response

    return views


def _asked() -> str:
    return request.args.get("q", "").strip()[:LONGEST]


def _called(context: Context, text: str) -> list[NamedNode]:
    """What has ``text`` as its IRI or as the end of it (``tcc-29``); nothing if nothing has."""
    if not _NAME.fullmatch(text):
        return []
    try:
        iri = named(context.description.names, text, "q")
    except BadRequest:
        return []
    return [iri] if is_known(context.engine, iri.value) else []


def _nearest(telling: Telling, words: Words, language: str) -> list[Clause]:
    """The sentence of an answer that has the most of ``words``, the first of several."""
    clauses = telling.clauses
    fits = [words.found_in([clause.told(language)])[0] for clause in clauses]
    return [clauses[fits.index(max(fits))]] if fits else []


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
