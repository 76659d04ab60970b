"""Evidence to take away: an answer or a claim in one file that opens without the site, or JSON."""

from __future__ import annotations

import hashlib
import json
import re
from base64 import b64encode
from dataclasses import replace

from flask import Blueprint, Response, render_template, request

from cecot.claims.claim import Claim, read_statuses
from cecot.claims.overview import read_scope
from cecot.claims.passage import digests_of_sources, marked_sentence
from cecot.claims.question import answer_question
from cecot.claims.thing import describe_thing
from cecot.engine import Query
from cecot.errors import NotFound
from cecot.messages import say
from cecot.protocol.answers import NO_STORE
from cecot.protocol.negotiation import HTML
from cecot.protocol.problem import JSON
from cecot.render.citations import as_text, cite_question, cite_thing
from cecot.render.documents import (
    Evidence,
    caveats,
    digest_of,
    evidence_record,
    only_sources_of,
)
from cecot.views.cite import day_asked
from cecot.views.context import Context, respond
from cecot.views.pages import reader_locale, said_in
from cecot.views.questions import question_asked

_TYPES = {"html": HTML, "json": JSON}
_RESULTS = "application/sparql-results+json"
_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)


def blueprint(context: Context) -> Blueprint:
    """``/evidence/questions/slug.html``, ``/evidence/claims/slug.json``."""
    views = Blueprint("evidence", __name__)

    @views.get("/evidence/questions/<slug>.<suffix>")
    def of_an_answer(slug: str, suffix: str) -> Response:
        return _sent(context, _of_question(context, slug), slug, suffix)

    @views.get("/evidence/claims/<path:slug>.<suffix>")
    def of_a_claim(slug: str, suffix: str) -> Response:
        return _sent(context, _of_claim(context, slug), slug, suffix)

    return views


def _of_question(context: Context, slug: str) -> Evidence:
    engine, locale = context.engine, reader_locale()
    question = question_asked(context, slug)
    text = question.query_in(locale.code)
    told = context.tellings([question], locale.code)[question.slug]
    evidence = _evidence(
        context,
        tuple(answer_question(engine, question, locale.code).evidence),
        title=question.title(locale.code),
        iri=question.iri(context.description.names.base),
        address=context.site.question(slug),
    )
    citation = cite_question(context.whole(locale.code), context.description, question, locale.code)
    answer = (
        engine.answer(Query(text, _RESULTS, _RESULTS, None))
        if question.form != "CONSTRUCT"
        else None
    )
    body = answer.body if answer else b""
    return replace(
        evidence,
        citation=as_text(
            replace(citation, consulted_at=evidence.address, accessed=evidence.retrieved)
        ),
        answer=tuple(clause.told(locale.code) for clause in told.clauses),
        query=text,
        rows=json.loads(body if isinstance(body, bytes) else body.read()) if body else None,
    )


def _of_claim(context: Context, slug: str) -> Evidence:
    engine, language = context.engine, reader_locale().code
    things = (describe_thing(engine, iri) for iri in context.urls.iris_of_slug(slug))
    thing = next((each for each in things if each), None)
    if thing is None or thing.claim is None:
        raise NotFound(
            say("No claim is called {name!r}.", name=slug[:100]),
            hint=say("/claims lists all claims."),
            where=request.path,
        )
    address = context.site.page(thing.iri)
    evidence = _evidence(
        context,
        (thing.claim,),
        title=thing.claim.sentence(language),
        iri=thing.iri,
        address=address,
    )
    citation = cite_thing(context.whole(language), context.description, thing, language)
    cited = replace(citation, consulted_at=address, accessed=evidence.retrieved)
    return replace(evidence, citation=as_text(cited))


def _evidence(
    context: Context, claims: tuple[Claim, ...], *, title: str, iri: str, address: str
) -> Evidence:
    engine = context.engine
    digests = digests_of_sources(engine)
    marked = ((each.iri, marked_sentence(context.texts, digests, each)) for each in claims)
    sources = read_scope(engine).sources
    return Evidence(
        title=title,
        iri=iri,
        address=address,
        citation="",
        version=context.description.version,
        retrieved=day_asked(),
        language=reader_locale().code,
        claims=claims,
        sources=only_sources_of(claims, sources) or sources,
        digests=digests,
        statuses=read_statuses(engine),
        sentences={iri: found for iri, found in marked if found},
    )


def _sent(context: Context, evidence: Evidence, slug: str, suffix: str) -> Response:
    """The record as a file; nobody keeps it, as it bears the day."""
    if suffix not in _TYPES:
        raise NotFound(
            say("Evidence is not offered as {suffix}.", suffix=suffix[:20]),
            hint=say("Offered: {offers}.", offers=", ".join(_TYPES)),
            where=request.path,
        )
    locale = reader_locale()
    record = evidence_record(evidence, locale)
    text = json.dumps(record, ensure_ascii=False, indent=1)
    policy = {}
    if suffix == "html":
        text = render_template(
            "evidence.html",
            lang=locale.code,
            evidence=evidence,
            caveats=caveats(evidence, locale),
            digest_of=lambda each: digest_of(evidence, each),
            site=context.description.titles.get(locale.code, ""),
            data=text.replace("<", "\\u003c"),
            **said_in(locale),
        )
        policy = {"Content-Security-Policy": _policy(text)}
    body = text.encode()
    response = respond(body, _TYPES[suffix], headers=policy)
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
