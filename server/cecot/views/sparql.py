"""Queries: as programs ask them, prepared, asked of the engine, rendered; and as people write them.

SPARQL 1.1 Protocol, 2; Graph Store HTTP Protocol, 5.2, 5.7. The editor is a form that works by
itself, made comfortable by a script of our own. Its policy is that of all pages, with requests to
this host (CSP 3).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import asdict

from flask import Blueprint, Response, request
from pyoxigraph import NamedNode
from werkzeug.wsgi import wrap_file

from cecot.claims.claim import read_statuses
from cecot.claims.names import Completer, Offer, completions
from cecot.claims.nodes import Node, Reader, Text
from cecot.claims.subgraph import fetch
from cecot.dataset.questions import Question
from cecot.errors import NotAcceptable
from cecot.locale.catalogue import locale_of
from cecot.messages import Message, say
from cecot.protocol.answers import (
    Prepared,
    entity_tag,
    explained,
    not_modified,
    prepare,
    render,
)
from cecot.protocol.answers import Response as Rendered
from cecot.protocol.problem import JSON
from cecot.protocol.requests import HEADERS_READ, Operation, Request, too_large
from cecot.sparql.formats import GRAPHS, RESULTS, Formats
from cecot.sparql.hints import SENTENCES, hints_on
from cecot.views.context import (
    PAGE_POLICY,
    Context,
    as_json,
    gzip_asked,
    kept,
    respond,
)
from cecot.views.pages import labels_in, page, page_links, reader_language, reader_locale
from cecot.views.wellknown import describe_service
from cecot.vocabulary import SCHEMA


def blueprint(context: Context) -> Blueprint:
    """``/sparql``: a query, or what this service is; ``/graph-store``: a graph; ``/editor``."""
    views = Blueprint("sparql", __name__)

    @views.route("/sparql", methods=["GET", "POST"], strict_slashes=False)
    def endpoint() -> Response:
        return answered(context, prepared(context))

    @views.get("/graph-store", strict_slashes=False)
    @views.get("/graph-store/<path:name>")
    def graph(name: str = "") -> Response:
        del name  # it is part of the path, which is read as a whole
        return answered(context, prepared(context))

    _add_editor(views, context)
    return views


def prepared(context: Context, operation: Operation | None = None) -> Prepared:
    """What this request asks for, or ``operation``, read as the protocol has it."""
    return prepare(_received(context), context.endpoint, operation)


def answered(context: Context, asked: Prepared) -> Response:
    """The answer to what was ``asked``, whole; raises what an Engine raises."""
    started = time.perf_counter()
    if asked.query is None:
        return describe_service(context, asked.operation)
    if asked.has_it:
        return flask_response(not_modified(asked))
    try:
        answer = context.engine.answer(asked.query)
    except NotAcceptable as error:
        raise explained(error) from None
    hints = hints_on(context.engine, asked.query, answer, context.description.vocabulary)
    seconds = time.perf_counter() - started
    return flask_response(render(asked, answer, seconds=seconds, hints=hints))


def flask_response(rendered: Rendered) -> Response:
    """What was rendered, as the framework has it; a file is closed at its end."""
    body = rendered.body
    if isinstance(body, bytes):
        response = Response(body, rendered.status)
    else:
        response = Response(
            wrap_file(request.environ, body), rendered.status, direct_passthrough=True
        )
        response.call_on_close(body.close)
    response.headers.pop("Content-Type")
    for name, value in rendered.headers:
        response.headers[name.title()] = value
    return response


def _received(context: Context) -> Request:
    """The plain values of the request; of a body no more than shows whether it is too long."""
    limit = context.settings.body_limit
    if (request.content_length or 0) > limit:
        raise too_large(limit)
    return Request(
        request.method,
        request.query_string,
        request.stream.read(limit + 1) if request.method == "POST" else b"",
        request.path,
        *map(request.headers.get, HEADERS_READ),
    )


SCRIPT, STYLE = "built/editor.js", "built/editor.css"
_POLICY = f"{PAGE_POLICY}; connect-src 'self'"
_FIRST = "SELECT ?class (COUNT(*) AS ?things) {\n  ?thing a ?class\n}\nGROUP BY ?class\n"
_LONGEST_TYPED = 200
_MOST_LABELS = 1000
"""IRIs of one answer that are named: a table shows a hundred rows at a time."""

_SAID: Mapping[str, Message] = {
    "answer": say("Answer"),
    "file": say("answer"),
    "label": say("Query in SPARQL"),
    "keys": say("Ctrl+Space completes"),
    "offered": say("Names that fit"),
    "running": say("Running …"),
    "failed": say("This did not work."),
    "too_long": say("The answer is too long for a page."),
    "doubt": say("Line {line} is not complete SPARQL 1.1."),
    "go": say("Go to line {line}"),
    "answered": say("Answered in {time} s"),
    "nothing": say("No row: nothing in the graph fits this query."),
    **SENTENCES,
    "empty": say("There is no query yet: write one, or take a question from the list."),
    "cut": say("Only the beginning is shown; the files hold everything."),
    "download": say("Download:"),
    "filter": say("Only rows with"),
    "sort": say("Sort by this column"),
    "more_rows": say("Show more rows"),
    "rows_shown": say("{shown} of {rows} rows shown"),
    "stopped": say("Stopped."),
    "unreachable": say("The service cannot be reached. Try again."),
    "one_row": say("1 row in {time} s"),
    "rows": say("{rows} rows in {time} s"),
    "yes": say("Yes"),
    "no": say("No"),
    "in_sentences": say("The answer in sentences, with its evidence"),
    "own": say("Your queries"),
    "forget": say("Forget them"),
    "own_kept": say("Kept in this browser alone, the last {most}."),
    "forgotten": say("Forgotten."),
}
"""What the script says, by the names that it uses."""


def _add_editor(views: Blueprint, context: Context) -> None:
    """``/editor``: a query (``?query=``) or a question (``?question=``) to change and to ask."""

    @views.get("/editor")
    def query_editor() -> Response:
        language = reader_language()
        questions = context.description.questions
        query = _asked(questions, language) or f"{_FIRST}ORDER BY DESC(?things)\n"
        built = SCRIPT in context.assets
        return page(
            context,
            "editor.html",
            200,
            {"Content-Security-Policy": _POLICY} if built else None,
            section="editor",
            asset_names=(SCRIPT, STYLE) if built else (),
            asked_query=query,
            unknown=_unknown_question(questions),
            questions=questions,
            formats=(*RESULTS, *GRAPHS),
            data=_data(context, language) if built else {},
        )

    @views.get("/editor/terms.json")
    def terms() -> Response:
        language = reader_language()
        found = completions(context.engine, context.description, language)
        return _kept_names(context, {"terms": [*map(asdict, found)]}, "terms")

    names = Completer(context.engine)

    @views.get("/editor/names.json")
    def things() -> Response:
        typed = request.args.get("typed", "")[:_LONGEST_TYPED]
        property_ = _node(request.args.get("property", ""))
        found = names.find(typed, property_)
        label = labels_in(reader_language(), context.description.names)
        told = [_told(each, label) for each in found]
        return _kept_names(context, {"names": told}, "names", typed, str(property_))

    @views.post("/editor/labels.json")
    def labels() -> Response:
        asked = [_node(each) for each in request.form.getlist("iri")[:_MOST_LABELS]]
        reader = Reader(fetch(context.engine, mentioned=filter(None, asked)))
        label = labels_in(reader_language(), context.description.names)
        told: dict[str, str] = {}
        for node in (reader.node(each) for each in asked if each):
            line = reader.number(node.term, SCHEMA.position)
            if node.labels or node.value:
                told[node.iri] = str(label(node))
            elif line is not None:
                told[node.iri] = reader_locale().gettext("line {line}", line=line)
        return kept(respond(as_json({"labels": told}).encode(), JSON), context, None)


def _kept_names(context: Context, told: Mapping[str, object], *key: str) -> Response:
    """``told`` as JSON, with the tag of what was asked for."""
    response = respond(as_json(told).encode(), JSON)
    tag = entity_tag(context.description.version, *key, reader_language(), gzip=gzip_asked())
    response.vary.add("Accept-Language")
    return kept(response, context, tag)


def _node(iri: str) -> NamedNode | None:
    """``iri`` as a term; None for what can be none."""
    try:
        return NamedNode(iri)
    except ValueError:
        return None


def _told(found: Offer, label: Callable[[Node], Text]) -> dict[str, str]:
    """What the list of completions shows of a thing; of an alleged act, that it is alleged."""
    is_act = found.node.mention == "act"
    kinds = (
        [reader_locale().gettext("alleged act")] if is_act else map(str, map(label, found.kinds))
    )
    name = str(label(found.node))
    return {"iri": found.node.iri, "label": name, "kind": ", ".join(kinds), "name": found.name}


def _asked(questions: tuple[Question, ...], language: str) -> str:
    """The query that the address brings, or names; empty if it does neither."""
    if query := request.args.get("query", ""):
        return query
    slug = request.args.get("question", "")
    return next((each.query_in(language) for each in questions if each.slug == slug), "")


def _unknown_question(questions: tuple[Question, ...]) -> str:
    """The question that the address names and that there is not; empty if that is not so."""
    slug = "" if request.args.get("query") else request.args.get("question", "")
    return "" if slug in {each.slug for each in questions} else slug[:100]


def _data(context: Context, language: str) -> dict[str, object]:
    """What the script needs to know of the graph and of this host."""
    links, names = page_links(context), context.description.names
    locale = locale_of(language)
    return {
        "words": {name: locale.gettext(text) for name, text in _SAID.items()},
        "lang": links.lang,
        "endpoint": context.urls.to("/sparql"),
        "terms": context.urls.to("/editor/terms.json", lang=language),
        "names": context.urls.to("/editor/names.json", lang=language),
        "labels": context.urls.to("/editor/labels.json", lang=language),
        "statuses": [
            {"iri": each.node.iri, "name": name.lower(), "label": str(each.node.label(language))}
            for name, each in read_statuses(context.engine).items()
        ],
        "prefixes": dict(names.prefixes),
        "places": _places(context),
        "formats": {"rows": _formats(RESULTS), "graph": _formats(GRAPHS)},
        "questions": [
            {
                "slug": each.slug,
                "title": each.title(language),
                "page": links.question(each.slug),
                "query": each.query_in(language),
                "headings": each.headings(language),
            }
            for each in context.description.questions
        ],
    }


def _places(context: Context) -> list[dict[str, str]]:
    """Where IRIs that begin so are told of, the closest beginning first (as ``Urls.of``)."""
    names, urls = context.description.names, context.urls
    return [
        {"iri": names.namespace, "page": urls.to("/id/")},
        {"iri": names.ontology_iri.rstrip("#") + "#", "page": urls.to("/ontology#")},
        {"iri": names.shapes_iri.rstrip("#") + "#", "page": urls.to("/shapes#")},
        {"iri": names.base, "page": urls.described(names.base)},
    ]


def _formats(formats: Formats) -> list[dict[str, str]]:
    return [{"name": each.name, "suffix": each.suffix, "type": each.media_type} for each in formats]
