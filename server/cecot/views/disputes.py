"""Where voices differ, side by side (design: site, 12)."""

from __future__ import annotations

from flask import Blueprint, Response

from cecot.claims.disputes import find_disputes, in_text, texts_apart
from cecot.views.context import Context
from cecot.views.pages import kept_page


def blueprint(context: Context) -> Blueprint:
    """``/disputes``: what is answered, repeated or told otherwise, without a verdict."""
    views = Blueprint("disputes", __name__)

    @views.get("/disputes")
    def all_of_them() -> Response:
        found, more = find_disputes(context.engine)
        return kept_page(
            context,
            "disputes.html",
            section="disputes",
            disputes=found,
            more=more,
            texts=texts_apart(claim for each in found for claim in each.own),
            in_text=in_text,
        )

    return views
