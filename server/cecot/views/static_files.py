"""The files of the pages, which clients keep for good: a changed file has another address."""

from __future__ import annotations

from flask import Blueprint, Response, request

from cecot.errors import NotFound
from cecot.messages import say
from cecot.views.assets import Asset
from cecot.views.context import Context
from cecot.views.responses import gzip_asked

IMMUTABLE = "public, max-age=31536000, immutable"


def blueprint(context: Context) -> Blueprint:
    """``/static/``: each file at its own address."""
    views = Blueprint("static_files", __name__)
    by_path = {asset.path: asset for asset in context.assets.values()}

    @views.get("/static/<path:path>")
    def asset(path: str) -> Response:
        if path not in by_path:
            raise NotFound(
                say("No file of the pages has this address."),
                hint=say(
                    "Addresses of style sheets change with their content: load the page again."
                ),
                where=request.path,
            )
        return _sent(by_path[path])

    return views


def _sent(asset: Asset) -> Response:
    packed = bool(asset.packed) and gzip_asked()
    response = Response(asset.packed if packed else asset.body)
    response.headers["Content-Type"] = asset.media_type
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Cache-Control"] = IMMUTABLE
    response.vary.add("Accept-Encoding")
    response.set_etag(asset.tag + ("-gzip" if packed else ""))
    response.make_conditional(request)
    return response
