"""The frame of every page: its language, its links, its navigation, the names of things.

A language that was asked for in the address (``?lang=``) stays in every link; one that the browser
prefers does not need to (RFC 9110, 12.5.4).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from urllib.parse import unquote, urlsplit

from flask import Response, current_app, render_template, request

from cecot.claims.claim import Claim
from cecot.claims.nodes import Node, Text
from cecot.claims.passage import MarkedSentence, marked_sentence, read_digests
from cecot.dataset.content import Names
from cecot.dataset.description import Description
from cecot.dates import readable_date
from cecot.locale.catalogue import Locale, locale_of, locales
from cecot.messages import Message, say
from cecot.protocol.negotiation import HTML, language
from cecot.rdf.terms import local_name
from cecot.render.citations import shortened
from cecot.render.documents import SUFFIXES
from cecot.render.urls import Urls
from cecot.sentences import filled
from cecot.sparql.formats import GRAPHS
from cecot.views.context import Context, kept_as_sent, respond
from cecot.views.terms import FOREIGN_TERMS
from cecot.vocabulary import CECOT


def page(
    context: Context,
    template: str,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    /,
    **values: object,
) -> Response:
    """``template`` filled in, in the language of the reader.

    ``section`` among ``values`` is the part of the navigation that the page belongs to.
    """
    description, locale = context.description, reader_locale()
    chosen = locale.code
    title = description.title(chosen)
    text = render_template(
        template,
        lang=chosen,
        languages={each.code: each.name for each in locales().values()},
        **locale.functions,
        title=title,
        tagline=title.partition(": ")[2],
        version=shortened(description.version),
        license=description.license,
        links=page_links(context),
        has=reachable(description),
        sections=SECTIONS,
        rooms=context.rooms,
        feet=FEET,
        page_names=PAGE_NAMES,
        page_name=page_names(context, locale),
        short=context.short,
        source_count=description.count_of(CECOT.Source),
        asset=context.asset,
        has_type="built/type.css" in context.assets,
        urls=context.urls,
        site=context.site,
        number=locale.style.whole,
        date=lambda day: readable_date(day, chosen),
        quotes=locale.gettext("“{text}”").split("{text}"),
        sentence=_sentences(context),
        anchor=lambda claim: local_name(claim.iri),
        label=labels_in(chosen, description.names),
        within=_within(chosen, description.names),
        names_of=lambda nodes: ", ".join(each.label(chosen).value for each in nodes),
        **values,
    )
    body = text.encode()
    response = respond(body, HTML, status=status, headers=headers)
    response.headers["Content-Language"] = chosen
    response.vary.add("Accept-Language")
    return response


def kept_page(context: Context, template: str, **values: object) -> Response:
    """``template`` filled in, as ``page`` does, with a tag: caches keep it, readers get 304."""
    return kept_as_sent(page(context, template, **values), context)


def reader_language() -> str:
    """The language of the reader: asked for in the address, else preferred by the browser."""
    asked, known = request.args.get("lang", ""), tuple(locales())
    return asked if asked in known else language(request.headers.get("Accept-Language"), known)


def reader_locale() -> Locale:
    """The language of the reader with all that is said in it."""
    return locale_of(reader_language())


def page_links(context: Context) -> Urls:
    """The links of the page that is asked for."""
    asked = request.args.get("lang", "")
    given = tuple((name, value) for name, value in request.args.items(multi=True) if value)
    lang = asked if asked in locales() else ""
    return replace(context.urls, lang=lang, path=request.path, given=given)


def page_names(context: Context, locale: Locale) -> Callable[[str], str]:
    """Names pages; a service of one text says so."""
    single = context.description.count_of(CECOT.Source) == 1

    def name(page: str) -> str:
        if page == "sources" and single:
            return locale.gettext("The text")
        return locale.gettext(PAGE_NAMES[page])

    return name


def _sentences(context: Context) -> Callable[[Claim], MarkedSentence | None]:
    """Finds the sentence of a claim where the text is at hand; looks for texts once a page."""
    read = cache(lambda: read_digests(context.engine) if context.texts.by_digest else {})
    return lambda claim: marked_sentence(context.texts, read(), claim)


def labels_in(language: str, names: Names) -> Callable[[Node], Text]:
    """Names things; what the graph has no label for is named by us, or by its address."""
    locale = locale_of(language)

    def label(node: Node) -> Text:
        if node.labels or not node.iri:
            return node.label(language)
        named = {**FOREIGN_TERMS, names.shapes_iri: PAGE_NAMES["shapes"]}
        if own := named.get(names.prefixes.compact(node.iri)) or named.get(node.iri):
            return Text(locale.gettext(own), language)
        name = unquote(local_name(node.iri)).replace("_", " ")
        if CECOT.Silence in node.types:
            return Text(locale.gettext("What the text does not say ({name})", name=name), language)
        parts = urlsplit(node.iri)
        if not parts.hostname or node.types or node.iri.startswith(names.base):
            return Text(name)
        if not any(each.isalpha() for each in name):
            return Text(f"{parts.hostname}{parts.path}".rstrip("/"))
        return Text(f"{name} ({parts.hostname})")

    return label


def _within(language: str, names: Names) -> Callable[..., str]:
    """Puts things into a sentence of ours, as they are called within one ("del CECOT")."""
    label = labels_in(language, names)

    def within(text: str, **things: Node) -> str:
        # What is only mentioned is called by our name for it: its words in a sentence allege it.
        parts = {
            name: label(node).value
            if node.mention not in ("", "unidentified") or not node.labels
            else node.named(language).value
            for name, node in things.items()
        }
        return filled(text, parts, language)

    return within


SECTIONS = ("questions", "claims", "sources", "editor", "method")
"""The pages that the head of every page names, in this order."""

FEET: Mapping[Message, tuple[str, ...]] = {
    say("Read"): ("questions", "claims", "disputes", "sources", "timeline", "network"),
    say("Use the data"): ("dumps", "editor", "sparql", "dataset", "ontology", "shapes"),
    say("Check"): ("method", "cite", "corrections", "about", "limits", "problems"),
}
"""The pages that the foot of every page names, by what a reader wants of them."""

PAGE_NAMES: Mapping[str, Message] = {
    "questions": say("Questions"),
    "claims": say("Claims"),
    "disputes": say("Where voices differ"),
    "sources": say("The texts"),
    "editor": say("Query"),
    "method": say("Method"),
    "about": say("About"),
    "corrections": say("Corrections"),
    "cite": say("How to cite"),
    "limits": say("Limits"),
    "network": say("Who says what about whom"),
    "problems": say("Problems"),
    "sparql": say("SPARQL endpoint"),
    "dataset": say("Description of the dataset"),
    "timeline": say("Timeline"),
    "ontology": say("Ontology"),
    "shapes": say("Rules"),
    "dumps": say("Downloads"),
}
"""What readers call each of them."""


def reachable(description: Description) -> dict[str, bool]:
    """Which pages there are, by the first part of their address (``claims``, ``search`` ...)."""
    rules = current_app.url_map.iter_rules()
    routed = {each.rule.split("/")[1].partition(".")[0] for each in rules}
    classes, graphs, names = description.classes, description.graphs, description.names
    feet = (name for names in FEET.values() for name in names)
    found = {name: name in routed for name in (*SECTIONS, *feet, "search")}
    found["questions"] &= bool(description.questions)
    for name in ("claims", "disputes", "method", "network", "timeline"):
        found[name] &= CECOT.Claim in classes
    found["sources"] &= CECOT.Source in classes
    found["ontology"] &= names.ontology_iri.rstrip("#") in graphs
    found["shapes"] &= names.shapes_iri in graphs
    return found


NAMES = {each.suffix: each.title for each in GRAPHS} | {"json": "JSON"}
"""What formats are called, in every language."""


def alternates(context: Context, address: str) -> tuple[tuple[str, str, str], ...]:
    """The documents at ``address`` that are data: the name of the format, address, media type."""
    return tuple(
        (NAMES[suffix], context.urls.document(address, suffix), media_type)
        for suffix, media_type in SUFFIXES.items()
        if suffix != "html"
    )
