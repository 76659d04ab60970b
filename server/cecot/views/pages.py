"""The pages of the service in HTML, in the language that the reader asks for or prefers."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from urllib.parse import unquote, urlsplit

from flask import Response, render_template, request

from cecot.claims.nodes import Node, Text, local_name
from cecot.dataset.content import Names
from cecot.locale.catalogue import Locale, locale_of, locales
from cecot.protocol.caching import entity_tag
from cecot.protocol.negotiation import HTML, language
from cecot.views.context import Context
from cecot.views.foreign_terms import FOREIGN_TERMS
from cecot.views.links import Links
from cecot.views.navigation import FEET, PAGE_NAMES, SECTIONS, reachable
from cecot.views.responses import gzip_asked, kept, respond


def page(
    context: Context,
    template: str,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    **values: object,
) -> Response:
    """``template`` filled in, in the language of the reader.

    ``section`` among ``values`` is the part of the navigation that the page belongs to.
    """
    description, locale = context.description, reader_locale()
    chosen = locale.code
    titles = description.titles
    text = render_template(
        template,
        lang=chosen,
        languages={each.code: each.name for each in locales().values()},
        **said_in(locale),
        title=titles.get(chosen) or next(iter(titles.values()), description.names.base),
        version=description.version[:12],
        license=description.license,
        links=page_links(context),
        has=reachable(description),
        sections=SECTIONS,
        feet=FEET,
        page_names=PAGE_NAMES,
        asset=context.asset,
        has_type="built/type.css" in context.assets,
        path=context.path,
        url=context.url,
        addresses=context.addresses,
        number=locale.number,
        label=labels_in(chosen, description.names),
        names_of=lambda nodes: ", ".join(each.label(chosen).value for each in nodes),
        **values,
    )
    body = text.encode()
    response = respond(body, len(body), HTML, status=status, headers=headers)
    response.headers["Content-Language"] = chosen
    response.vary.add("Accept-Language")
    return response


def kept_page(context: Context, template: str, **values: object) -> Response:
    """``template`` filled in, as ``page`` does, with a tag: caches keep it, readers get 304."""
    response = page(context, template, 200, None, **values)
    digest = hashlib.sha256(response.get_data()).hexdigest()
    return kept(response, context, entity_tag(digest, gzip=gzip_asked()))


def reader_language() -> str:
    """The language of the reader: asked for in the address, else preferred by the browser."""
    asked, known = request.args.get("lang", ""), locales()
    return asked if asked in known else language(request.headers.get("Accept-Language"), [*known])


def reader_locale() -> Locale:
    """The language of the reader with all that is said in it."""
    return locale_of(reader_language())


def said_in(locale: Locale) -> dict[str, Callable[..., str]]:
    """What templates say things by: gettext's own names, and the short one."""
    return {
        "_": locale.gettext,
        "gettext": locale.gettext,
        "ngettext": locale.ngettext,
        "pgettext": locale.pgettext,
    }


def page_links(context: Context) -> Links:
    """The links of the page that is asked for."""
    asked = request.args.get("lang", "")
    given = tuple((name, value) for name, value in request.args.items(multi=True) if value)
    return Links(context.addresses, asked if asked in locales() else "", request.path, given)


def labels_in(language: str, names: Names) -> Callable[[Node], Text]:
    """Names things; what the graph has no label for is named by us, or by its address."""
    locale = locale_of(language)

    def label(node: Node) -> Text:
        if node.labels or not node.iri:
            return node.label(language)
        if own := FOREIGN_TERMS.get(names.prefixes.compact(node.iri)):
            return Text(locale.gettext(own), language)
        name = unquote(local_name(node.iri)).replace("_", " ")
        parts = urlsplit(node.iri)
        if not parts.hostname or node.types or node.iri.startswith(names.base):
            return Text(name)
        if not any(each.isalpha() for each in name):
            return Text(f"{parts.hostname}{parts.path}".rstrip("/"))
        return Text(f"{name} ({parts.hostname})")

    return label
