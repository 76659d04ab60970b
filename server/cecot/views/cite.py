"""How to cite what is here, and how to keep it as evidence: as a page, and as files to take away.

Evidence is an answer or a claim in one file that opens without the site, or in JSON: with query,
rows, words, places, hashes, version and caveats, so that whoever has the graph of that version and
the texts of those hashes can check all of it again.
"""

from __future__ import annotations

import hashlib
import json
import re
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from urllib.parse import urlsplit

from flask import Blueprint, Response, current_app, render_template, request
from werkzeug.exceptions import HTTPException

from cecot.claims.claim import Claim, read_statuses, sources_of
from cecot.claims.names import named
from cecot.claims.overview import read_scope
from cecot.claims.passage import marked_sentence, read_digests
from cecot.claims.question import answer_question
from cecot.claims.thing import Thing, describe_thing
from cecot.engine import Query
from cecot.errors import BadRequest, NotFound
from cecot.messages import say
from cecot.protocol.answers import NO_STORE
from cecot.protocol.negotiation import HTML
from cecot.protocol.problem import JSON
from cecot.render.citations import (
    CITATION_FORMATS,
    Citation,
    CitationFormat,
    as_text,
    cite_question,
    cite_thing,
)
from cecot.render.documents import claim_record, node_record
from cecot.sparql.asking import read_answer
from cecot.views.context import Context, kept, kept_as_sent, not_offered, respond
from cecot.views.pages import kept_page, page, reader_language, reader_locale
from cecot.views.questions import question_asked

_TEXT = CitationFormat("Text", "txt", "text/plain", lambda citation: as_text(citation) + "\n")
_FORMATS = {each.suffix: each for each in (*CITATION_FORMATS, _TEXT)}
_EVIDENCE = {"html": HTML, "json": JSON}
_RESULTS = "application/sparql-results+json"
_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)


def blueprint(context: Context) -> Blueprint:
    """``/cite``, ``/cite.bib`` and the like: ``of=`` what, read on the day ``date=``.

    Likewise ``/evidence/questions/slug.html``, ``/evidence/claims/slug.json``. What is cited is
    named by the path of its page or by its IRI; without it, it is the dataset. A reference without
    a day bears that of today, so nobody keeps it.
    """
    views = Blueprint("cite", __name__)

    @views.get("/cite")
    def cited() -> Response:
        citation, path = _asked(context)
        dated = bool(request.args.get("date"))
        show = kept_page if dated else _fleeting_page
        return show(
            context,
            "cite.html",
            citation=citation,
            cited_path=path,
            text=as_text(citation),
            of=request.args.get("of", ""),
            files=[
                (each.suffix, each.name, each.media_type, each.write(citation))
                for each in CITATION_FORMATS
            ],
        )

    @views.get("/cite.<suffix>")
    def file(suffix: str) -> Response:
        if suffix not in _FORMATS:
            raise not_offered(suffix, _FORMATS)
        citation, _ = _asked(context)
        format_ = _FORMATS[suffix]
        response = respond(format_.write(citation).encode(), format_.media_type)
        name = f"{citation.key}.{suffix}"
        response.headers["Content-Disposition"] = f'inline; filename="{name}"'
        response.vary.add("Accept-Language")
        dated = bool(request.args.get("date"))
        return kept_as_sent(response, context) if dated else kept(response, context, None)

    @views.get("/evidence/questions/<slug>.<suffix>")
    def of_an_answer(slug: str, suffix: str) -> Response:
        return _of_question(context, slug, suffix)

    @views.get("/evidence/claims/<path:slug>.<suffix>")
    def of_a_claim(slug: str, suffix: str) -> Response:
        return _of_claim(context, slug, suffix)

    return views


def _fleeting_page(context: Context, template: str, **values: object) -> Response:
    """A page that bears the day of today: nobody keeps it."""
    return page(context, template, 200, {"Cache-Control": NO_STORE}, **values)


def _asked(context: Context) -> tuple[Citation, str]:
    """The citation that the address asks for, and the path of what is cited.

    Raises BadRequest, NotFound, what the engine raises.
    """
    language, of = reader_language(), request.args.get("of", "")
    citation, path = _of(context, of.removeprefix(context.urls.root), language)
    return _consulted(citation, context.site.to(path)), path


def _of(context: Context, of: str, language: str) -> tuple[Citation, str]:
    """The citation of what ``of`` names, and the path at which it is read."""
    description, whole = context.description, context.whole(language)
    urls, questions = context.urls, {each.slug: each for each in description.questions}
    start = f"{description.names.base}questions/"
    slug = of.removeprefix("/questions/" if of.startswith("/") else start)
    if slug != of and (found := questions.get(slug.partition("/")[0])):
        return cite_question(whole, description, found), f"/questions/{found.slug}"
    if thing := _thing(context, of):
        page = urls.document(urls.of_node(thing.node), "html").removeprefix(urls.root)
        return cite_thing(whole, description, thing), page
    if of and not _is_page(of):
        raise NotFound(
            say("The graph says nothing of {thing}.", thing=of[:200]),
            hint=say(
                "Use ?of= with the IRI of a thing, a claim or a question, or the path of a page."
            ),
            where="of",
        )
    return whole, of or "/"


def _is_page(of: str) -> bool:
    """Whether ``of`` is the path of a page here that is about no thing and no question."""
    try:
        _, named_in_it = current_app.url_map.bind("").match(urlsplit(of).path)
    except (HTTPException, ValueError):
        return False
    is_path = of.startswith("/") and not of.startswith("//")
    return is_path and not named_in_it.keys() - {"suffix"}


def _thing(context: Context, of: str) -> Thing | None:
    """The thing whose IRI, or the path of whose page, is ``of``."""
    if of.startswith("/id/"):
        return _thing_called(context, of.removeprefix("/id/").removesuffix(".html"))
    if not of or of.startswith("/"):
        return None
    return describe_thing(context.engine, named(context.description.names, of, "of").value)


def _thing_called(context: Context, slug: str) -> Thing | None:
    found = (describe_thing(context.engine, iri) for iri in context.urls.iris_of_slug(slug))
    return next(filter(None, found), None)


def _consulted(citation: Citation, address: str) -> Citation:
    """``citation`` of what was read at ``address``: on the day that is asked for, else today."""
    asked = request.args.get("date", "")
    try:
        day = date.fromisoformat(asked) if asked else datetime.now(UTC).date()
    except ValueError:
        raise BadRequest(
            say("{day!r} is not a day.", day=asked[:50]),
            hint=say("Write it as 2026-11-24."),
            where="date",
        ) from None
    return replace(citation, consulted_at=address, accessed=day)


CAVEATS = (
    say("It tells what is said, not what is true."),
    say("Only what has the status Asserted is stated by the text in its own, unhedged voice."),
    say("Naming an alleged act, or something announced, does not say that it exists."),
    say("That a text does not tell something says nothing about whether it is so."),
)
"""What to know before this is used as evidence."""


def _of_question(context: Context, slug: str, suffix: str) -> Response:
    engine, language = context.engine, reader_language()
    question = question_asked(context, slug)
    text, rows = question.query_in(language), None
    if question.form in ("SELECT", "ASK"):
        rows = json.loads(read_answer(engine, Query(text, _RESULTS, _RESULTS, None)))
    citation = cite_question(context.whole(language), context.description, question)
    telling = context.tellings.of([question], language)[slug]
    return _evidence(
        context,
        _consulted(citation, context.site.question(slug)),
        answer_question(engine, question, language).evidence,
        slug,
        suffix,
        title=question.title(language),
        answer=[clause.told(language) for clause in telling.clauses],
        query=text,
        rows=rows,
    )


def _of_claim(context: Context, slug: str, suffix: str) -> Response:
    language, thing = reader_language(), _thing_called(context, slug)
    if thing is None or thing.claim is None:
        raise NotFound(
            say("No claim is called {name!r}.", name=slug[:100]),
            hint=say("/claims lists all claims."),
            where=request.path,
        )
    citation = cite_thing(context.whole(language), context.description, thing)
    return _evidence(
        context,
        _consulted(citation, context.site.page(thing.iri)),
        [thing.claim],
        slug,
        suffix,
        title=thing.claim.sentence(language),
    )


def _evidence(
    context: Context,
    citation: Citation,
    claims: Sequence[Claim],
    slug: str,
    suffix: str,
    *,
    title: str,
    answer: Sequence[str] = (),
    query: str | None = None,
    rows: object = None,
) -> Response:
    """What somebody takes away, as a file; nobody keeps it, as it bears the day.

    Of a question that is its ``answer`` in sentences, which rests on ``claims``, and the ``rows``
    of its ``query``.
    """
    if suffix not in _EVIDENCE:
        raise not_offered(suffix, _EVIDENCE)
    engine, locale = context.engine, reader_locale()
    digests, meanings = read_digests(engine), read_statuses(engine)
    marked = {each.iri: marked_sentence(context.texts, digests, each) for each in claims}
    every, used = read_scope(engine).sources, {each.iri for each in sources_of(claims)}
    sources = [each for each in every if each.node.iri in used] or every
    notes = (each.notes.first(locale.code).value for each in sources)
    digest_of = {each.node.iri: next(iter(digests.get(each.node.iri, ())), "") for each in sources}
    record = {
        "title": title,
        "iri": citation.permalink,
        "address": citation.consulted_at,
        "citation": as_text(citation),
        "version": context.description.version,
        "retrieved": citation.accessed.isoformat() if citation.accessed else "",
        "language": locale.code,
        "caveats": [*map(locale.gettext, CAVEATS), *filter(None, notes)],
        "answer": answer,
        "query": query,
        "rows": rows,
        "claims": [
            claim_record(each)
            | ({"inTheText": f"{found.before}{found.words}{found.after}"} if found else {})
            for each in claims
            for found in (marked[each.iri],)
        ],
        "statuses": {
            name: meanings[name].meaning.first(locale.code).value
            for name in dict.fromkeys(each.status for each in claims)
            if name in meanings
        },
        "sources": [
            {**node_record(each.node), "sha256": digest_of[each.node.iri]} for each in sources
        ],
    }
    text = json.dumps(record, ensure_ascii=False, indent=1)
    policy = {}
    if suffix == "html":
        text = render_template(
            "evidence.html",
            lang=locale.code,
            record=record,
            claims=claims,
            marked=marked,
            sources=[(each.node, digest_of[each.node.iri]) for each in sources],
            site=context.description.titles.get(locale.code, ""),
            data=text.replace("<", "\\u003c"),
            **locale.functions,
        )
        policy = {"Content-Security-Policy": _policy(text)}
    response = respond(text.encode(), _EVIDENCE[suffix], headers=policy)
    name = re.sub(r"[^\w.-]+", "-", slug, flags=re.ASCII)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{suffix}"'
    response.headers["Cache-Control"] = NO_STORE
    response.headers["Content-Language"] = locale.code
    response.vary.add("Accept-Language")
    return response


def _policy(page: str) -> str:
    """What the file may do where it is shown and not saved: its own style, and nothing else."""
    styles = (hashlib.sha256(each.encode()).digest() for each in _STYLE.findall(page))
    allowed = " ".join(f"'sha256-{b64encode(each).decode()}'" for each in styles)
    return f"default-src 'none'; style-src {allowed}; base-uri 'none'; frame-ancestors 'none'"
