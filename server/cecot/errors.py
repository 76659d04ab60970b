"""Every failure that a caller can cause, as one family: what was wrong, where, what to do.

An error is a value. It carries the HTTP status (RFC 9110) and the exit code that fit it; the
command line and the HTTP views each render the whole family in one place (RFC 9457).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from cecot.messages import say


class CecotError(Exception):
    """The root: a message for people, the cure, and how a shell or a client should be told.

    ``hint`` says what to do next; ``line`` and ``column`` (both from 1) say where in the input;
    ``where`` names the file or the parameter. ``others`` are errors of the same kind in other
    files: whoever mends the first need not ask again for the next.
    """

    status = 400
    title: str = say("Bad request")
    exit_code = 2

    def __init__(
        self,
        message: str,
        *,
        hint: str = "",
        where: str = "",
        line: int | None = None,
        column: int | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.where = where
        self.line = line
        self.column = column
        self.others: tuple[CecotError, ...] = ()

    @property
    def each(self) -> tuple[CecotError, ...]:
        """This error, and those in other files."""
        return (self, *self.others)

    @property
    def location(self) -> str:
        """``file:line:column``, as much of it as is known, in the form that editors jump to."""
        return self.located(self.where)

    def located(self, file: str) -> str:
        """``location``, with the name ``file`` for what ``where`` names."""
        return ":".join(str(part) for part in (file, self.line, self.column) if part)


class UsageError(CecotError):
    """A setting, an option or a path that cannot be used."""

    title = say("Cannot be used")


class TurtleError(CecotError):
    """A file that is not the RDF it claims to be."""

    title = say("Not valid RDF")


class QuerySyntaxError(CecotError):
    """A query that does not parse, or that names what it has not declared."""

    title = say("The query does not parse")


class BadRequest(CecotError):
    """A request that the SPARQL 1.1 Protocol does not allow."""


class Refused(CecotError):
    """SERVICE and LOAD: this service fetches nothing on behalf of a query."""

    status = 403
    title = say("Refused")


class Forbidden(CecotError):
    """A request that does not come from the editor's own pages."""

    status = 403
    title = say("Not allowed")


class Changed(CecotError):
    """A file is not what was read: somebody else has written it."""

    status = 409
    title = say("Changed in the meantime")


class NotFound(CecotError):
    """Nothing has this address."""

    status = 404
    title = say("Not found")


class MethodNotAllowed(CecotError):
    """The address exists, the method does not."""

    status = 405
    title = say("Method not allowed")
    methods: Iterable[str] = ()

    @classmethod
    def of(cls, method: str, methods: Iterable[str], where: str) -> MethodNotAllowed:
        """The error of ``method`` at the address ``where``, which has ``methods`` alone."""
        possible = sorted(methods)
        error = cls(
            say("{method} is not possible here.", method=method),
            hint=say("Possible: {methods}.", methods=", ".join(possible)),
            where=where,
        )
        error.methods = possible
        return error


class NotAcceptable(CecotError):
    """No format that the client accepts can carry this answer."""

    status = 406
    title = say("Not acceptable")

    def __init__(self, message: str, *, offered: Iterable[str] = (), **told: Any) -> None:
        """``offered`` are the media types that would do; none where that is not known."""
        super().__init__(message, **told)
        self.offered = [*offered]


class RequestTimeout(CecotError):
    """The request does not come to its end within the time that it may take."""

    status = 408
    title = say("Request timeout")


class PreconditionFailed(CecotError):
    """The client wanted an answer of another version only (RFC 9110, 13.1.1 and 13.1.4)."""

    status = 412
    title = say("Precondition failed")


class TooLarge(CecotError):
    """The request body passes its limit."""

    status = 413
    title = say("Request too large")


class UriTooLong(CecotError):
    """The address passes its limit."""

    status = 414
    title = say("Address too long")


class HeadTooLarge(CecotError):
    """The head of the request passes its limit."""

    status = 431
    title = say("Request head too large")


class UnsupportedMediaType(CecotError):
    """The body comes in a type, or a coding, that is not read here."""

    status = 415
    title = say("Unsupported media type")


class BudgetExceeded(CecotError):
    """The answer needs more memory, nesting or bytes than one query may use."""

    status = 422
    title = say("Over budget")


class DefectError(CecotError):
    """A defect of this service, which its log explains under the id of the request."""

    status = 500
    title = say("Internal error")


class EngineFailure(CecotError):
    """The engine behind the service understood the query and failed at it."""

    status = 422
    title = say("The engine cannot answer this")


class Unreachable(CecotError):
    """Another endpoint, which a query calls where that is allowed, does not answer."""

    status = 502
    title = say("Another endpoint failed")


class Overloaded(CecotError):
    """Too many queries wait already: come back in a moment."""

    status = 503
    title = say("Busy")
    retry_after = 2


class Unavailable(CecotError):
    """The graph does not answer at this moment; it is being started again."""

    status = 503
    title = say("Not ready")
    retry_after = 2

    def __init__(self, message: str, *, cure: str = "", **told: Any) -> None:
        """``cure`` is what whoever runs the service does about it; told to nobody else."""
        super().__init__(message, **told)
        self.cure = cure


class DeadlineExceeded(CecotError):
    """The evaluation passed its deadline."""

    status = 504
    title = say("Out of time")


def kinds_of_errors(root: type[CecotError] = CecotError) -> Iterator[type[CecotError]]:
    """Every kind of error below ``root``."""
    for kind in root.__subclasses__():
        yield kind
        yield from kinds_of_errors(kind)
