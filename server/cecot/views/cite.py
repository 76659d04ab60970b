"""How to cite the dataset, a thing, a claim, an answer: as a page, and as files to import."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

from flask import Blueprint, Response, request

from cecot.claims.names import named
from cecot.claims.thing import Thing, describe_thing
from cecot.errors import BadRequest, NotFound
from cecot.messages import say
from cecot.protocol.answers import NO_STORE, entity_tag
from cecot.render.citations import (
    Citation,
    as_bibtex,
    as_csl,
    as_ris,
    as_text,
    cite_question,
    cite_thing,
)
from cecot.views.context import Context, gzip_asked, kept, respond
from cecot.views.pages import kept_page, page, reader_language

_FORMATS: dict[str, tuple[str, str, Callable[[Citation], str]]] = {
    "bib": ("BibTeX", "application/x-bibtex", as_bibtex),
    "ris": ("RIS", "application/x-research-info-systems", as_ris),
    "json": ("CSL-JSON", "application/vnd.citationstyles.csl+json", as_csl),
    "txt": ("Text", "text/plain", lambda citation: as_text(citation) + "\n"),
}


def blueprint(context: Context) -> Blueprint:
    """``/cite``, ``/cite.bib`` and the like: ``of=`` what, read on the day ``date=``.

    What is cited is named by the path of its page or by its IRI; without it, it is the dataset. A
    reference without a day bears that of today, so nobody keeps it.
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
                (suffix, name, media_type, write(citation))
                for suffix, (name, media_type, write) in _FORMATS.items()
                if suffix != "txt"
            ],
        )

    @views.get("/cite.<suffix>")
    def file(suffix: str) -> Response:
        if suffix not in _FORMATS:
            raise NotFound(
                say("No citation is written as {suffix}.", suffix=suffix[:20]),
                hint=say("Offered: {offers}.", offers=", ".join(_FORMATS)),
                where=request.path,
            )
        _, media_type, write = _FORMATS[suffix]
        citation, _ = _asked(context)
        body = write(citation).encode()
        response = respond(body, media_type)
        name = f"{citation.key}.{suffix}"
        response.headers["Content-Disposition"] = f'inline; filename="{name}"'
        response.vary.add("Accept-Language")
        dated = bool(request.args.get("date"))
        return kept(response, context, _tag(body) if dated else None)

    return views


def _fleeting_page(context: Context, template: str, **values: object) -> Response:
    """A page that bears the day of today: nobody keeps it."""
    return page(context, template, 200, {"Cache-Control": NO_STORE}, **values)


def _tag(body: bytes) -> str:
    return entity_tag(body.decode(), gzip=gzip_asked())


def _asked(context: Context) -> tuple[Citation, str]:
    """The citation that the address asks for, and the path of what is cited.

    Raises BadRequest, NotFound, what the engine raises.
    """
    language, of = reader_language(), request.args.get("of", "")
    citation, path = _of(context, of.removeprefix(context.urls.root), language)
    return replace(citation, consulted_at=context.site.to(path), accessed=day_asked()), path


def _of(context: Context, of: str, language: str) -> tuple[Citation, str]:
    """The citation of what ``of`` names, and the path at which it is read."""
    description, whole = context.description, context.whole(language)
    urls, questions = context.urls, {each.slug: each for each in description.questions}
    start = f"{description.names.base}questions/"
    slug = of.removeprefix("/questions/" if of.startswith("/") else start)
    if slug != of and (found := questions.get(slug.partition("/")[0])):
        return cite_question(whole, description, found, language), f"/questions/{found.slug}"
    if thing := _thing(context, of):
        page = urls.document(urls.of_node(thing.node), "html").removeprefix(urls.root)
        return cite_thing(whole, description, thing, language), page
    if of and not of.startswith("/"):
        raise NotFound(
            say("The graph says nothing of {thing}.", thing=of[:200]),
            hint=say(
                "Use ?of= with the IRI of a thing, a claim or a question, or the path of a page."
            ),
            where="of",
        )
    return whole, of or "/"


def _thing(context: Context, of: str) -> Thing | None:
    """The thing whose IRI, or the path of whose page, is ``of``."""
    if of.startswith("/id/"):
        slug = of.removeprefix("/id/").removesuffix(".html")
        found = (describe_thing(context.engine, iri) for iri in context.urls.iris_of_slug(slug))
        return next((each for each in found if each), None)
    if not of or of.startswith("/"):
        return None
    return describe_thing(context.engine, named(context.description.names, of, "of").value)


def day_asked() -> date:
    """The day of reading: the one that is asked for, else today."""
    asked = request.args.get("date", "")
    if not asked:
        return datetime.now(UTC).date()
    try:
        return date.fromisoformat(asked)
    except ValueError:
        raise BadRequest(
            say("{day!r} is no day.", day=asked[:50]),
            hint=say("Write it as 2026-11-24."),
            where="date",
        ) from None
