"""The questions that come with the graph: a list, each with its answer, and the answer as a file.

A question's page stands where its permanent IRI leads (``questions/slug`` below the base).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from flask import Blueprint, Response, request

from cecot.claims.answers import Telling
from cecot.claims.claim import is_of_source, sources_of
from cecot.claims.nodes import gathered
from cecot.claims.question import answer_question, read_unanswered, related
from cecot.dataset.questions import Question
from cecot.engine import Dataset, Form
from cecot.errors import NotFound
from cecot.locale.catalogue import Locale
from cecot.messages import say
from cecot.protocol.problem import JSON
from cecot.protocol.requests import Operation
from cecot.render.citations import CITATION_FORMATS, as_text, cite_question
from cecot.render.snippets import snippets
from cecot.sparql.deviations import Hint
from cecot.sparql.formats import Formats, formats_of
from cecot.sparql.hints import find_hints, words_of
from cecot.views.context import PAGE_POLICY, Context, as_json, not_offered, respond_kept
from cecot.views.pages import kept_page, reader_language, reader_locale
from cecot.views.sparql import answered, prepared
from cecot.vocabulary import LANGUAGES

_FRAMED = PAGE_POLICY.replace("frame-ancestors 'none'", "frame-ancestors *")
_FORMS = {"SELECT": Form.SELECT, "ASK": Form.ASK}
_WITH_EVIDENCE = "question.html"
MOST_EVIDENCE = 40
"""Claims that a page shows as the evidence of an answer; the table and the files have all."""


def blueprint(context: Context) -> Blueprint:
    """``/questions`` and its twin in JSON; below it a question, its files, its frame."""
    views = Blueprint("questions", __name__)
    every = context.description.questions

    @views.get("/questions")
    def index() -> Response:
        language = reader_language()
        tellings = context.tellings.of(every, language)
        themes = by_theme(every, tellings, language)
        return kept_page(context, "questions.html", section="questions", themes=themes)

    @views.get("/questions.json")
    def twin() -> Response:
        told = {code: context.tellings.of(every, code) for code in LANGUAGES}
        listed = as_json(
            {
                "version": context.description.version,
                "questions": [
                    {
                        "slug": each.slug,
                        "iri": each.iri(context.description.names.base),
                        "page": context.site.question(each.slug),
                        "number": each.number,
                        "title": dict(each.titles),
                        "answer": {
                            code: [clause.told(code) for clause in tellings[each.slug].clauses]
                            for code, tellings in told.items()
                        },
                        "query": each.query,
                    }
                    for each in every
                ],
            },
        )
        return respond_kept(context, listed, JSON)

    @views.get("/questions/<slug>")
    def one(slug: str) -> Response:
        question = question_asked(context, slug)
        query = question.query_in(reader_language())
        around, number = (None, *every, None), every.index(question)
        return _answer_page(
            context,
            _WITH_EVIDENCE,
            question,
            query=query,
            snippets=snippets(context.site.to("/sparql"), query, question.form),
            neighbours=(around[number], around[number + 2]),
        )

    @views.get("/questions/<slug>/embed")
    def embedded(slug: str) -> Response:
        response = _answer_page(context, "embed.html", question_asked(context, slug))
        response.headers["Content-Security-Policy"] = _FRAMED
        return response

    @views.get("/questions/<slug>.<suffix>")
    def file(slug: str, suffix: str) -> Response:
        question = question_asked(context, slug)
        offered = _formats(question)
        if not any(each.is_called(suffix) for each in offered):
            raise not_offered(suffix, (each.suffix for each in offered))
        text = question.query_in(reader_language())
        operation = Operation(text, Dataset(), (suffix,), None)
        response = answered(context, prepared(context, operation))
        response.vary.add("Accept-Language")
        return response

    return views


def question_asked(context: Context, slug: str) -> Question:
    """The question called ``slug``; raises NotFound."""
    for each in context.description.questions:
        if each.slug == slug:
            return each
    raise NotFound(
        say("No question is called {name!r}.", name=slug[:100]),
        hint=say("/questions lists the questions that come with this graph."),
        where=request.path,
    )


def _answer_page(context: Context, template: str, question: Question, **values: object) -> Response:
    """A page that shows the answer to ``question``."""
    locale = reader_locale()
    language = locale.code
    engine, description = context.engine, context.description
    table = answer_question(engine, question, language)
    unsaid = () if table.records or table.truth is not None else read_unanswered(engine, question)
    says_nothing = not (table.truth or table.records or unsaid)
    hints = find_hints(engine, question.query, description.vocabulary) if says_nothing else ()
    citation = cite_question(context.whole(language), description, question)
    here = context.site.question(question.slug)
    shown = table.evidence[:MOST_EVIDENCE]
    return kept_page(
        context,
        template,
        section="questions",
        question=question,
        table=table,
        telling=context.tellings.of([question], language)[question.slug],
        sources_shown=sources_of(table.evidence),
        lines_shown=len({place.passage.iri for each in table.evidence for place in each.places}),
        own=[each for each in shown if is_of_source(each)],
        others=[each for each in shown if not is_of_source(each)],
        anchored={each.iri for each in shown} if template == _WITH_EVIDENCE else set(),
        unsaid=unsaid,
        hints=[_words(context, hint, locale) for hint in hints],
        related=related(description.questions, question, unsaid),
        files=[(each.name, each.media_type) for each in _formats(question)],
        citation=as_text(replace(citation, consulted_at=here)),
        citation_formats=CITATION_FORMATS,
        **values,
    )


Themes = list[tuple[str, list[tuple[Question, Telling]]]]
"""Questions with their answers in sentences, below the theme that they share."""


def by_theme(
    questions: Iterable[Question], tellings: Mapping[str, Telling], language: str
) -> Themes:
    """``questions`` by their themes, those with the most questions first."""
    found = gathered((each.theme(language), (each, tellings[each.slug])) for each in questions)
    return sorted(found.items(), key=lambda theme: -len(theme[1]))


def _words(context: Context, hint: Hint, locale: Locale) -> str:
    """``hint`` in sentences."""
    said = words_of(hint, context.description.names.prefixes.compact)
    return " ".join(map(locale.gettext, said))


def _formats(question: Question) -> Formats:
    return formats_of(_FORMS.get(question.form, Form.GRAPH))
