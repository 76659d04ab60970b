"""The query editor: a form that works by itself, made comfortable by a script of our own.

Its policy is that of all pages, with requests to this host (CSP 3).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from flask import Blueprint, Response, request
from pyoxigraph import NamedNode

from cecot.claims.claim import statuses_in
from cecot.claims.names import Completer, Offer, completions
from cecot.claims.nodes import Node, Reader, Text
from cecot.claims.subgraph import fetch
from cecot.dataset.questions import Question
from cecot.locale.catalogue import locale_of
from cecot.messages import Message, say
from cecot.protocol.caching import entity_tag
from cecot.sparql.formats import GRAPHS, RESULTS, Formats
from cecot.sparql.hints import SENTENCES
from cecot.views.context import Context
from cecot.views.pages import labels_in, page, page_links, reader_language, reader_locale
from cecot.views.responses import PAGE_POLICY, gzip_asked, kept, respond
from cecot.vocabulary import SCHEMA

SCRIPT, STYLE = "built/editor.js", "built/editor.css"
_POLICY = f"{PAGE_POLICY}; connect-src 'self'"
_FIRST = "SELECT ?class (COUNT(*) AS ?things) {\n  ?thing a ?class\n}\nGROUP BY ?class\n"
_JSON = "application/json"
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


def blueprint(context: Context) -> Blueprint:
    """``/editor``: a query (``?query=``) or a question (``?question=``) to change and to ask."""
    views = Blueprint("editor", __name__)

    @views.get("/editor")
    def query_editor() -> Response:
        language = reader_language()
        questions = context.description.questions
        query = _asked(questions, language) or f"{_FIRST}ORDER BY DESC(?things)\n"
        built = SCRIPT in context.assets
        return page(
            context,
            "editor.html",
            headers={"Content-Security-Policy": _POLICY} if built else None,
            section="editor",
            asset_names=(SCRIPT, STYLE) if built else (),
            asked_query=query,
            questions=questions,
            formats=(*RESULTS, *GRAPHS),
            data=_data(context, language) if built else {},
        )

    @views.get("/editor/terms.json")
    def terms() -> Response:
        language = reader_language()
        found = completions(context.engine, context.description, language)
        told = [
            {"iri": each.iri, "kind": each.kind, "label": each.label, "uses": each.uses}
            for each in found
        ]
        return _kept(context, {"terms": told}, "terms")

    names = Completer(context.engine)

    @views.get("/editor/names.json")
    def things() -> Response:
        typed = request.args.get("typed", "")[:_LONGEST_TYPED]
        property_ = _node(request.args.get("property", ""))
        found = names.find(typed, property_)
        label = labels_in(reader_language(), context.description.names)
        told = [_told(each, label) for each in found]
        return _kept(context, {"names": told}, "names", typed, str(property_))

    @views.post("/editor/labels.json")
    def labels() -> Response:
        asked = [_node(each) for each in request.form.getlist("iri")[:_MOST_LABELS]]
        reader = Reader(fetch(context.engine, mentioned=filter(None, asked)))
        label = labels_in(reader_language(), context.description.names)
        told: dict[str, str] = {}
        for node in (reader.node(each) for each in asked if each):
            line = reader.number(node.term, str(SCHEMA.position))
            if node.labels or node.value:
                told[node.iri] = str(label(node))
            elif line is not None:
                told[node.iri] = reader_locale().gettext("line {line}", line=line)
        body = json.dumps({"labels": told}, ensure_ascii=False).encode()
        return kept(respond(body, len(body), _JSON), context, None)

    return views


def _kept(context: Context, told: Mapping[str, object], *key: str) -> Response:
    """``told`` as JSON, with the tag of what was asked for."""
    body = json.dumps(told, ensure_ascii=False).encode()
    response = respond(body, len(body), _JSON)
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


def _data(context: Context, language: str) -> dict[str, object]:
    """What the script needs to know of the graph and of this host."""
    links, names = page_links(context), context.description.names
    locale = locale_of(language)
    return {
        "words": {name: locale.gettext(text) for name, text in _SAID.items()},
        "lang": links.lang,
        "endpoint": context.path("/sparql"),
        "terms": context.addresses.to("/editor/terms.json", lang=language),
        "names": context.addresses.to("/editor/names.json", lang=language),
        "labels": context.addresses.to("/editor/labels.json", lang=language),
        "statuses": [
            {"iri": each.node.iri, "name": name.lower(), "label": str(each.node.label(language))}
            for name, each in statuses_in(Reader(fetch(context.engine, "statuses"))).items()
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
    """Where IRIs that begin so are told of, the closest beginning first (as ``Addresses.of``)."""
    names, addresses = context.description.names, context.addresses
    return [
        {"iri": names.namespace, "page": addresses.to("/id/")},
        {"iri": names.ontology_iri.rstrip("#") + "#", "page": addresses.to("/ontology#")},
        {"iri": names.shapes_iri.rstrip("#") + "#", "page": addresses.to("/shapes#")},
        {"iri": names.base, "page": addresses.described(names.base)},
    ]


def _formats(formats: Formats) -> list[dict[str, str]]:
    return [{"name": each.name, "suffix": each.suffix, "type": each.media_type} for each in formats]
