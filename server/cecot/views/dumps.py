"""Everything as files: the list of them, their checksums, and the files as they are (RFC 9530)."""

from __future__ import annotations

import base64
import gzip
import os
import shutil
from pathlib import Path
from threading import Lock

from flask import Blueprint, Response, request
from werkzeug.wsgi import wrap_file

from cecot.errors import NotFound, Unavailable
from cecot.messages import say
from cecot.protocol.answers import entity_tag
from cecot.protocol.negotiation import HTML, best
from cecot.protocol.problem import JSON
from cecot.render.dumps import TABLE, Dump, Dumps, expected, is_settled, read_dumps
from cecot.sparql.formats import content_type
from cecot.views.context import Context, as_json, gzip_asked, kept, respond_kept
from cecot.views.pages import page

GZIP = "application/gzip"
CHECKSUMS = "SHA256SUMS"


def blueprint(context: Context) -> Blueprint:
    """``/dumps``: what there is; ``/dumps/name`` and ``/dumps/name.gz``: a file."""
    views, folder = Blueprint("dumps", __name__), context.downloads
    if folder is None:  # nothing is written, so there is nothing to give
        return views
    names = expected(context.description)
    unpacking = Lock()

    @views.get("/dumps", strict_slashes=False)
    def files() -> Response:
        ready = read_dumps(folder)
        if best(request.headers.get("Accept"), [JSON, HTML]) == HTML:
            return page(
                context,
                "dumps.html",
                dumps=ready,
                table=TABLE,
                checksums=CHECKSUMS,
                full_version=context.description.version,
            )
        listed = as_json(_listed(context, ready))
        return respond_kept(context, listed, JSON, is_final=is_settled(ready))

    @views.get(f"/dumps/{CHECKSUMS}")
    def checksums() -> Response:
        ready = read_dumps(folder)
        sums = "".join(map(_checksums, ready.offered()))
        return respond_kept(context, sums, "text/plain", is_final=is_settled(ready))

    @views.get("/dumps/<name>")
    def file(name: str) -> Response:
        plain = name.removesuffix(".gz")
        if plain not in names:
            raise _no_file()
        response = send(context, folder, plain, unpacking, packed=plain != name)
        if plain == TABLE:
            described = context.urls.dump(f"{TABLE}-metadata.json")
            response.headers["Link"] = (
                f'<{described}>; rel="describedby"; type="application/csvm+json"'
            )
        return response

    @views.get("/sitemap-<int:number>.xml")
    def sitemap(number: int) -> Response:
        return send(context, folder, f"sitemap-{number}.xml", unpacking)

    return views


def _no_file() -> NotFound:
    return NotFound(
        say("There is no such file."), hint=say("/dumps lists all of them."), where=request.path
    )


def send(
    context: Context, folder: Path, name: str, unpacking: Lock, *, packed: bool = False
) -> Response:
    """The file ``name``, or its packed form; raises Unavailable until it is ready."""
    ready = read_dumps(folder)
    if name not in ready.files:
        if ready.is_complete:
            raise _no_file()
        raise Unavailable(say("This file is being written."), hint=say("Come back in a moment."))
    dump, path = ready.files[name], ready.path(name)
    coded = not packed and gzip_asked()
    if not (packed or coded):
        path = _unpacked(path, unpacking)
    response = Response(direct_passthrough=True)
    response.headers["Content-Type"] = GZIP if packed else content_type(dump.media_type)
    whole = packed or coded
    response.headers["Content-Length"] = str(dump.packed_length if whole else dump.length)
    if coded:
        response.headers["Content-Encoding"] = "gzip"
    digest = bytes.fromhex(dump.packed_sha256 if whole else dump.sha256)
    response.headers["Repr-Digest"] = f"sha-256=:{base64.b64encode(digest).decode()}:"
    answer = kept(response, context, entity_tag(dump.sha256, name, str(packed), gzip=coded))
    if answer.status_code == 200 and request.method == "GET":
        file = path.open("rb")
        answer.response = wrap_file(request.environ, file)
        answer.call_on_close(file.close)
    return answer


def _unpacked(path: Path, unpacking: Lock) -> Path:
    """The plain form of the packed file ``path``, written when it is first asked for."""
    plain = path.with_suffix("")
    with unpacking:
        if not plain.exists() or plain.stat().st_mtime_ns < path.stat().st_mtime_ns:
            new = plain.with_name(f"{plain.name}.new")
            with gzip.open(path, "rb") as source, new.open("wb") as target:
                shutil.copyfileobj(source, target)
            os.replace(new, plain)
    return plain


def _listed(context: Context, ready: Dumps) -> dict[str, object]:
    return {
        "version": context.description.version,
        "complete": ready.is_complete,
        "files": [
            {
                "name": each.name,
                "kind": each.kind,
                "mediaType": each.media_type,
                "url": context.urls.dump(each.name),
                "length": each.length,
                "sha256": each.sha256,
                "omitted": each.omitted,
                "omissions": each.omissions,
                "gzip": {
                    "url": context.urls.dump(f"{each.name}.gz"),
                    "length": each.packed_length,
                    "sha256": each.packed_sha256,
                },
            }
            for each in ready.offered()
        ],
    }


def _checksums(dump: Dump) -> str:
    """Lines for ``sha256sum --check``: the plain form, the packed one."""
    return f"{dump.sha256}  {dump.name}\n{dump.packed_sha256}  {dump.name}.gz\n"
