"""The few pages of the service in HTML, in English or Spanish as the reader prefers."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Response, render_template, request

from cecot.negotiation import HTML, language
from cecot.views.context import Context
from cecot.views.responses import respond
from cecot.views.words import WORDS


def page(
    context: Context,
    template: str,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    **values: object,
) -> Response:
    """``template`` filled in, in the language of the reader."""
    titles = context.description.titles
    chosen = language(request.headers.get("Accept-Language"), list(WORDS))
    title = titles.get(chosen) or next(iter(titles.values()), context.description.names.base)
    text = render_template(
        template,
        lang=chosen,
        words=WORDS[chosen],
        title=title,
        path=context.path,
        url=context.url,
        **values,
    )
    body = text.encode()
    response = respond(body, len(body), HTML, status=status, headers=headers)
    response.headers["Content-Language"] = chosen
    response.vary.add("Accept-Language")
    return response
