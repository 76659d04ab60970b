"""Who may use the workbench: whoever has its token, from its own pages (docs: editing, "Safe").

The token stands in the address that the terminal shows. The first request changes it for a cookie
and leads on without it, so that no log, history or Referer keeps it. Host and Origin are checked:
a name that leads here (DNS rebinding) and a form of another site are refused.
"""

from __future__ import annotations

import hmac
from urllib.parse import urlencode

from flask import Flask, Response, redirect, request

from cecot.errors import Forbidden
from cecot.messages import say

COOKIE = "cecot-edit"
PARAMETER = "token"
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self';"
    " font-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
MOST_BYTES = 1 << 20


def protect(app: Flask, token: str, port: int) -> None:
    """Let in who has ``token``; nothing else of ``app`` answers before."""
    hosts = {f"{name}:{port}" for name in ("127.0.0.1", "localhost", "[::1]")}
    app.config["MAX_CONTENT_LENGTH"] = MOST_BYTES

    @app.before_request
    def check() -> Response | None:
        if request.host not in hosts:
            raise Forbidden(say("The workbench does not answer to this name."))
        # A page of another site can neither read this nor make a browser leave it out.
        origin = request.headers.get("Origin")
        if request.method not in ("GET", "HEAD") and origin != f"http://{request.host}":
            raise Forbidden(say("This form does not come from the workbench."))
        given = request.args.get(PARAMETER, "")
        if given and _same(given, token):
            rest = [pair for pair in request.args.items(multi=True) if pair[0] != PARAMETER]
            response = redirect(request.path + (f"?{urlencode(rest)}" if rest else ""), 303)
            response.set_cookie(COOKIE, token, httponly=True, samesite="Strict")
            return response  # type: ignore[return-value]
        if not _same(request.cookies.get(COOKIE, ""), token):
            raise Forbidden(
                say("The workbench is open to its editor alone."),
                hint=say("Open the address that the terminal shows, with its token."),
            )
        return None

    @app.after_request
    def dress(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = POLICY
        response.headers["X-Content-Type-Options"] = "nosniff"
        # Not no-referrer: then browsers would send no Origin with a form.
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        response.headers.setdefault("Cache-Control", "no-store")
        return response


def _same(given: str, token: str) -> bool:
    return hmac.compare_digest(given.encode(), token.encode())
