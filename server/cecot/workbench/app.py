"""The pages of the workbench: sources, passages, the form of a claim, its preview, its saving.

Each request looks at the files as they stand, so what another program has written is seen at
once, and told before anything is written over it.

Who may use it: whoever has its token, from its own pages (docs: editing). The token stands
in the address that the terminal shows. The first request changes it for a cookie and leads on
without it, so that no log, history or Referer keeps it. Host and Origin are checked: a name that
leads here (DNS rebinding) and a form of another site are refused.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Mapping
from itertools import chain
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from flask import Flask, Response, make_response, redirect, render_template, request, url_for
from jinja2 import FileSystemLoader
from werkzeug.exceptions import HTTPException

from cecot import views
from cecot.editing.drafts import Proposal
from cecot.editing.form import ClaimForm, PassageText, describe, form_of, is_whole, slug, with_line
from cecot.editing.workspace import NewThing, changed_since, save, with_things
from cecot.errors import BadRequest, CecotError, Forbidden, NotFound
from cecot.locale.catalogue import Locale, locale_of, locales
from cecot.messages import say
from cecot.protocol.negotiation import language as preferred
from cecot.rdf.serialization import not_of_xml
from cecot.rooms import Rooms, Stamps, files_of_rooms, stamps, text_files
from cecot.views.app import prepare_templates
from cecot.views.context import PAGE_POLICY, read_assets
from cecot.vocabulary import CECOT, LANGUAGES, RDFS, SKOS
from cecot.workbench.desk import LABELS, Desk, Preview
from cecot.workbench.fields import (
    SAYINGS,
    Entered,
    FieldReader,
    fields_of,
    kinds,
    labels,
    spans_of,
    unit_names,
)

STATIC = Path(__file__).parent / "static"


def create_workbench(rooms: Rooms, texts: tuple[Path, ...], token: str, port: int) -> Flask:
    """The workbench for ``rooms``, open to who has ``token``, on ``port`` of this machine."""
    app = Flask("cecot.workbench", static_folder=None)
    prepare_templates(app)
    folders = [Path(__file__).parent / "templates", Path(views.__file__).parent / "templates"]
    app.jinja_loader = FileSystemLoader(folders)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    protect(app, token, port)
    _Pages(app, rooms, texts)
    return app


class _Pages:
    def __init__(self, app: Flask, rooms: Rooms, texts: tuple[Path, ...]) -> None:
        self.rooms = rooms
        self.texts = texts
        self.kept: tuple[Stamps, Desk] | None = None
        self.assets = {**read_assets(), **read_assets(STATIC)}
        app.add_url_rule("/", view_func=self.sources)
        app.add_url_rule("/static/<path:name>", view_func=self.static)
        app.add_url_rule("/source/<key>", view_func=self.source)
        app.add_url_rule("/passage/<key>/<int:line>", view_func=self.passage)
        app.add_url_rule("/passage/<key>/<int:line>/note", view_func=self.note, methods=["POST"])
        app.add_url_rule("/passage/<key>/<int:line>/claim", view_func=self.new,
                         methods=["GET", "POST"])  # fmt: skip
        app.add_url_rule("/claim/<name>", view_func=self.edit, methods=["GET", "POST"])
        app.add_url_rule("/claim/<name>/delete", view_func=self.delete, methods=["GET", "POST"])
        app.register_error_handler(CecotError, self.problem)
        app.register_error_handler(HTTPException, self.refused)

    def desk(self) -> Desk:
        """The rooms as they stand, read again only if a file of them has changed."""
        files = files_of_rooms(self.rooms), text_files(self.rooms, self.texts)
        found, kept = stamps(chain(*files)), self.kept
        if kept is None or kept[0] != found:
            self.kept = kept = found, Desk(self.rooms, self.texts)
        return kept[1]

    def static(self, name: str) -> Response:
        for asset in self.assets.values():
            if asset.path == name:
                response = make_response(asset.body)
                response.headers["Content-Type"] = asset.media_type
                response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
                return response
        raise NotFound(say("There is no such file."))

    def sources(self) -> Response:
        desk = self.desk()
        rows = []
        for source in desk.passages.sources:
            places = desk.passages.of(source)
            waiting = desk.waiting(source)
            shares = [desk.passages.coverage(each) for each in places if each.words]
            rows.append(
                {
                    "key": desk.key(source),
                    "title": desk.index.label(source, self.locale().code),
                    "passages": len(places),
                    "waiting": len(waiting),
                    "next": waiting[0].line if waiting else None,
                    "has_text": any(each.words for each in places),
                    "coverage": round(100 * sum(shares) / len(shares)) if shares else None,
                }
            )
        return self.page("sources.html", rows=rows, texts=self.rooms.short(self.rooms.texts))

    def source(self, key: str) -> Response:
        desk = self.desk()
        source = desk.passages.source(key)
        places = desk.passages.of(source)
        waiting = desk.waiting(source)
        return self.page(
            "source.html",
            desk=desk,
            key=key,
            heading=desk.index.label(source, self.locale().code),
            places=places,
            next=waiting[0].line if waiting else None,
        )

    def passage(self, key: str, line: int) -> Response:
        desk = self.desk()
        place = desk.passage(key, line)
        waiting = [each.line for each in desk.waiting(place.source)]
        later = [each for each in waiting if each > line]
        lines = [each.line for each in desk.passages.of(place.source)]
        proposals = desk.drafter(place).propose(place) if place.words else []
        taken = desk.passages.spans(place)
        claims = [form_of(desk.index, claim) for claim in desk.index.claims_of(place.iri)]
        notes = {each: desk.index.text(place.iri, SKOS.editorialNote, each) for each in LANGUAGES}
        return self.page(
            "passage.html",
            desk=desk,
            key=key,
            place=place,
            claims=claims,
            proposals=sorted(
                (self.shown(desk, place, each, taken) for each in proposals),
                key=lambda each: each["is_used"],
            ),
            notes=notes,
            seen=self.seen(desk, place),
            next=next(iter(later or waiting), None),
            before=max((each for each in lines if each < line), default=None),
            after=min((each for each in lines if each > line), default=None),
            saved=request.args.get("saved", ""),
        )

    def shown(
        self, desk: Desk, place: PassageText, proposal: Proposal, taken: set[tuple[int, int]]
    ) -> dict[str, Any]:
        """A proposal as a reader sees it before it is opened; ``is_used``: a claim stands there."""
        index = with_things(desk.index, proposal.things)
        form = proposal.form
        return {
            "status": form.status,
            "words": place.span(form.start or 0, form.end or 0),
            "line": describe(index, form, self.locale().code) if is_whole(form) else "",
            "start": form.start,
            "end": form.end,
            "is_used": (form.start, form.end) in taken,
        }

    def note(self, key: str, line: int) -> Response:
        desk = self.desk()
        place = desk.passage(key, line)
        self.not_changed(desk, place)
        sent = _sent()
        notes = {each: sent.get(f"note_{each}", "").strip() for each in LANGUAGES}
        candidate = desk.workspace.with_note(place.iri, notes)
        preview = desk.preview(candidate, self.locale().code)
        if not preview.may_be_saved:
            raise CecotError(preview.told(preview.findings[0]))
        save(self.rooms, candidate.before, candidate.after)
        return self.back(desk, place, "note")

    def new(self, key: str, line: int) -> Response:
        desk = self.desk()
        place = desk.passage(key, line)
        if request.method == "POST":
            return self.posted(desk, place, None)
        given = request.args
        spans = spans_of(place, given)
        span = spans[0] if len(spans) == 1 else None
        proposals = desk.drafter(place).propose(place, span) if place.words else []
        fields: dict[str, str] = {"words": given.get("words", ""), "object_kind": "thing"}
        guesses: frozenset[str] = frozenset()
        if proposals:
            fields, guesses = self.drafted(desk, place, proposals[0])
        if span is None and given.get("words"):
            fields["words"], fields["start"], fields["end"] = given["words"], "", ""
        return self.form(desk, place, fields, guesses=guesses)

    def edit(self, name: str) -> Response:
        desk = self.desk()
        form = desk.claim(name)
        place = desk.passages.one(form.passage)
        if request.method == "POST":
            return self.posted(desk, place, form)
        fields = fields_of(desk.index, form, place, self.locale().code)
        return self.form(desk, place, fields, claim=name)

    def delete(self, name: str) -> Response:
        desk = self.desk()
        form = desk.claim(name)
        place = desk.passages.one(form.passage)
        candidate = desk.workspace.without_claim(form.name)
        preview = desk.preview(candidate, self.locale().code)
        if request.method == "POST":
            self.not_changed(desk, place)
            if preview.may_be_saved:
                save(self.rooms, candidate.before, candidate.after)
                return self.back(desk, place, "deleted")
        return self.page(
            "delete.html", 422 if request.method == "POST" else 200,
            desk=desk, key=desk.key(place.source), place=place, name=name, preview=preview,
            seen=self.seen(desk, place),
            says=desk.index.sentence(form.name, self.locale().code),
        )  # fmt: skip

    def drafted(
        self, desk: Desk, place: PassageText, proposal: Proposal
    ) -> tuple[dict[str, str], frozenset[str]]:
        """A proposal as fields: its new things by their names, its line of our own written."""
        index = with_things(desk.index, proposal.things)
        form = with_line(index, proposal.form)
        fields = fields_of(index, form, place, self.locale().code)
        for thing in proposal.things:
            fields |= _fields_of_thing(thing, self.locale().code)
        guesses = proposal.guesses | {"saying", "description", "hedge"}
        return fields, frozenset(guesses)

    def posted(self, desk: Desk, place: PassageText, before: ClaimForm | None) -> Response:
        fields = _sent()
        entered = FieldReader(desk.index, desk.names, place, fields).read(before)
        guesses = self.described(desk, entered, fields)
        preview = None
        if not entered.wrong:
            candidate = desk.workspace.with_claim(entered.form, place, entered.things)
            preview = desk.preview(candidate, self.locale().code)
        changed = request.form.get("seen", "") != self.seen(desk, place)
        is_asked = request.form.get("action") == "save"
        if is_asked and preview and preview.may_be_saved and not changed:
            save(self.rooms, preview.candidate.before, preview.candidate.after)
            return self.back(desk, place, "saved")
        name = desk.key(before.name) if before else ""
        return self.form(
            desk, place, fields, claim=name, entered=entered, preview=preview, changed=changed,
            guesses=guesses,
        )  # fmt: skip

    def described(self, desk: Desk, entered: Entered, fields: dict[str, str]) -> set[str]:
        """Draft the line of our own where it is due and both languages are empty."""
        form = with_line(with_things(desk.index, entered.named), entered.form)
        if form is entered.form:
            return set()
        fields |= {f"description_{each}": line for each, line in form.description}
        entered.form = form
        return {"description"}

    def form(
        self,
        desk: Desk,
        place: PassageText,
        fields: Mapping[str, str],
        *,
        claim: str = "",
        guesses: Iterable[str] = (),
        entered: Entered | None = None,
        preview: Preview | None = None,
        changed: bool = False,
    ) -> Response:
        locale = self.locale()
        if entered is None:
            entered = FieldReader(desk.index, desk.names, place, fields).read()
            given = ("words",) if fields.get("words") else ()
            entered.wrong = {each: entered.wrong[each] for each in given if each in entered.wrong}
        form = entered.form
        drafter = desk.drafter(place)
        likely = drafter.properties(place.words, form.object)
        others = sorted(desk.index.claim_properties, key=desk.index.label)
        properties = [
            (each, desk.index.label(each, locale.code),
             desk.index.text(each, RDFS.comment, locale.code))
            for each in dict.fromkeys([*likely, *others])
        ]  # fmt: skip
        status = 409 if changed else 422 if entered.wrong else 200
        told = [
            (name, message)
            for name in dict.fromkeys([*LABELS, *entered.wrong])
            for message in (
                *map(locale.gettext, entered.wrong.get(name, ())),
                *(preview.of(name) if preview else ()),
            )
        ]
        return self.page(
            "form.html",
            told=told,
            status=status if request.method == "POST" else 200,
            desk=desk,
            key=desk.key(place.source),
            place=place,
            fields=fields,
            claim=claim,
            guesses=set(guesses),
            entered=entered,
            preview=preview,
            changed=changed,
            seen=fields.get("seen") or self.seen(desk, place),
            properties=properties,
            known=sorted({label for _, label in labels(desk.index)}),
            acts=sorted(
                desk.index.labels(desk.index.subjects(SKOS.inScheme, CECOT.Acts), locale.code)
            ),
            claims=[(each, desk.index.sentence(each, locale.code)) for each in desk.index.claims],
            sayings=SAYINGS,
            called=LABELS,
            kinds=[(each, desk.index.label(each, locale.code)) for each in kinds(desk.index)],
            units=unit_names(),
        )

    def seen(self, desk: Desk, place: PassageText) -> str:
        """The state of the file of a passage, by which a second window is found out."""
        return desk.workspace.stamp(desk.workspace.passage_file(place.iri))

    def not_changed(self, desk: Desk, place: PassageText) -> None:
        """Raise Changed if the passage is not what the page was made of."""
        if request.form.get("seen", "") != self.seen(desk, place):
            raise changed_since(self.rooms, desk.workspace.passage_file(place.iri))

    def back(self, desk: Desk, place: PassageText, saved: str) -> Response:
        """To the page of the passage: what was sent is not sent again by reloading."""
        key = desk.key(place.source)
        address = url_for("passage", key=key, line=place.line, saved=saved)
        return redirect(address, 303)  # type: ignore[return-value]

    def problem(self, error: CecotError) -> Response:
        locale = self.locale()
        problems = [
            (self.rooms.place(each), locale.gettext(each.message), locale.gettext(each.hint))
            for each in error.each
        ]
        heading = locale.gettext(error.title)
        return self.page("problem.html", status=error.status, heading=heading, problems=problems)

    def refused(self, error: HTTPException) -> Response:
        locale = self.locale()
        words = {
            404: say("Nothing has this address."),
            405: say("The address exists, the method does not."),
            413: say("The request body passes its limit."),
        }
        code = error.code or 400
        message = locale.gettext(words.get(code, say("This request cannot be read.")))
        return self.page("problem.html", status=code, heading=message, problems=[])

    def locale(self) -> Locale:
        """The language of the editor: chosen on a page before, else preferred by the browser."""
        chosen = request.args.get("lang") or request.cookies.get("cecot-lang", "")
        known = locales()
        if chosen in known:
            return locale_of(chosen)
        return locale_of(preferred(request.headers.get("Accept-Language"), tuple(known)))

    def page(self, template: str, status: int = 200, **values: Any) -> Response:
        locale = self.locale()
        text = render_template(
            f"workbench/{template}",
            lang=locale.code,
            languages={each.code: each.name for each in locales().values()},
            **locale.functions,
            asset=lambda name: f"/static/{self.assets[name].path}",
            has_type="built/type.css" in self.assets,
            here=request.path,
            in_language=lambda code: f"{request.path}?lang={code}",
            **values,
        )
        response = make_response(text, status)
        response.headers["Content-Language"] = locale.code
        if request.args.get("lang") in locales():
            response.set_cookie("cecot-lang", locale.code, samesite="Strict", httponly=True)
        return response


def _fields_of_thing(thing: NewThing, language: str) -> dict[str, str]:
    """A new thing that a draft needs, as the fields in which an editor would have told of it.

    They are called after the name by which the form speaks of it.
    """
    key = slug(thing.spanish if language == "es" else thing.english) or "thing"
    return {
        f"kind-{key}": thing.scheme or thing.kind,
        f"english-{key}": thing.english,
        f"spanish-{key}": thing.spanish,
    }


COOKIE = "cecot-edit"
PARAMETER = "token"
POLICY = f"{PAGE_POLICY}; connect-src 'self'"
MOST_BYTES = 1 << 20


def protect(app: Flask, token: str, port: int) -> None:
    """Let in who has ``token``; nothing else of ``app`` answers before."""
    hosts = {f"{name}:{port}" for name in ("127.0.0.1", "localhost", "[::1]")}
    app.config["MAX_CONTENT_LENGTH"] = MOST_BYTES

    @app.before_request
    def check() -> Response | None:
        host = request.host.lower()  # names of hosts have no case (RFC 9110, 4.2.3)
        if host not in hosts:
            raise Forbidden(say("The workbench does not answer to this name."))
        # A page of another site can neither read this nor make a browser leave it out.
        origin = request.headers.get("Origin")
        if request.method not in ("GET", "HEAD") and origin != f"http://{host}":
            raise Forbidden(say("This form does not come from the workbench."))
        given = request.args.get(PARAMETER, "")
        if given and _same(given, token):
            rest = [pair for pair in request.args.items(multi=True) if pair[0] != PARAMETER]
            path = quote(request.path)
            response = redirect(path + (f"?{urlencode(rest)}" if rest else ""), 303)
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
        # Not no-store: then a browser that goes back forgets what was typed.
        response.headers.setdefault("Cache-Control", "private, no-cache")
        return response


def _sent() -> dict[str, str]:
    """What the form has sent; raises BadRequest for a character that nobody types."""
    for text in request.form.values():
        if code := not_of_xml(text):
            raise BadRequest(
                say("There is a control character in what was typed ({code}).", code=code),
                hint=say("Go back and remove it; it often comes with text copied from a page."),
            )
    return {**request.form}


def _same(given: str, token: str) -> bool:
    return hmac.compare_digest(given.encode(), token.encode())
