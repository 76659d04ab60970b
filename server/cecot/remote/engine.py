"""The engine by URL: a client's text is read here first, then asked there, and its answer read.

Guards, each of which stands for something seen (docs/decisions/0085): a text that nobody has read
never goes out; IRIs that an engine takes for functions of its own are refused; an answer that is
cut, partial or broken is an error.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from copy import copy
from dataclasses import replace

from cecot.engine import Answer, Engine, Form, Query
from cecot.errors import (
    BudgetExceeded,
    CecotError,
    DeadlineExceeded,
    EngineFailure,
    Overloaded,
    QuerySyntaxError,
    Refused,
    Unavailable,
)
from cecot.messages import say
from cecot.remote.address import MOST_NESTING, MOST_WORDS, PASSWORD, Remote
from cecot.remote.answers import TRIPLES, cut, read_answer
from cecot.remote.client import Breaker, Client, HttpReply
from cecot.settings import Settings, flag
from cecot.sparql.lexer import Token, decode, tokens

_OUT_OF_TIME = ("s1tat", "s1t00", "timeout", "timed out")
CUT = "x-sparql-maxrows"
"""The header in which Virtuoso says at how many rows it cut."""

_STATE = "x-sql-state"

TRUST = 60.0
"""Seconds for which it is taken for granted that the engine holds the graph."""

_HOLDS = Query("ASK { ?s ?p ?o }", None, "text/csv", None, ours=Form.ASK)
_YES = b"true"


class RemoteEngine:
    """Answers by the engine at ``remote`` (engine.Engine).

    ``reader`` is an engine over an empty graph in which a client's text is parsed first, and under
    whose budgets; without one only ``fetch`` answers clients. ``graphs`` are the named graphs of
    the dataset, ``base`` what relative IRIs are read against. ``whole_up_to`` is the number of rows
    or triples from which the engine cuts. ``holds_graph`` says that there is something in the
    default graph: an engine that was started again may have come back with nothing, and its answers
    would be those of an empty graph.
    """

    def __init__(
        self,
        remote: Remote,
        reader: Engine | None,
        settings: Settings,
        *,
        base: str,
        graphs: Sequence[str] = (),
        whole_up_to: int = 0,
        holds_graph: bool = False,
    ) -> None:
        self.remote = remote
        self.breaker = Breaker()
        self._reader = reader
        self.client = Client(remote, settings)
        self._base = base
        self._graphs = tuple(graphs)
        self._deadline = settings.deadline
        self._whole_up_to = whole_up_to
        self._holds_graph = holds_graph
        self._seen = (0, 0.0)

    def answer(self, query: Query) -> Answer:
        """Evaluate ``query`` there and return the whole answer."""
        started = time.perf_counter()
        form = query.ours
        if form is None:
            if self._reader is None:
                raise Refused(say("Only queries of our own are asked here."))
            self.measure(query)
            form = self.guard(query, self._reader.answer(query))
        try:
            reply = self._send(query, form, self._deadline).result()
        except Unavailable:
            self._failed(query)
            raise
        return self._heard(query, form, reply, started)

    async def fetch(self, query: Query, form: Form, seconds: float) -> Answer:
        """Do the same within ``seconds`` without holding a thread, for a query that has been read.

        To cancel it closes the connection.
        """
        started = time.perf_counter()
        try:
            reply = await asyncio.wrap_future(self._send(query, form, seconds))
        except Unavailable:
            self._failed(query)
            raise
        return await asyncio.to_thread(self._heard, query, form, reply, started)

    def unchanged(self) -> RemoteEngine:
        """The same engine, asked every text as it stands: what readers meet, for checks."""
        dialect = replace(self.remote.dialect, loses_bindings=False, for_subselects="")
        other = copy(self)
        other.remote = replace(self.remote, dialect=dialect)
        return other

    def close(self) -> None:
        """Close the connections, and what reads."""
        self.client.close()
        if self._reader is not None:
            self._reader.close()

    def measure(self, query: Query) -> None:
        """Raise BudgetExceeded for a client's text that an engine would not bear.

        Before it is read here: three hundred triples joined take a parser minutes.
        """
        depth = 0
        for count, token in enumerate(tokens(decode(query.text).text), 1):
            depth += {"(": 1, "{": 1, "[": 1, ")": -1, "}": -1, "]": -1}.get(token.text, 0)
            if count > MOST_WORDS or depth > MOST_NESTING:
                raise BudgetExceeded(
                    say(
                        "This query is longer, or deeper, than the engine behind this service"
                        " bears."
                    ),
                    hint=say(
                        "Write it with at most {words} words and signs, and {nesting} brackets"
                        " within each other.",
                        words=MOST_WORDS,
                        nesting=MOST_NESTING,
                    ),
                    where="nesting",
                )

    def guard(self, query: Query, read: Answer) -> Form:
        """Give the form of a client's query that was ``read`` here.

        Raises Refused for functions. What was read is let go of: it is an answer over no graph.
        """
        if not isinstance(read.body, bytes):
            read.body.close()
        schemes = tuple(f"<{scheme}:" for scheme in self.remote.dialect.refused)
        if schemes:
            _refuse(query.text, schemes)
        return read.form

    def _send(self, query: Query, form: Form, seconds: float) -> Future[HttpReply]:
        if self.breaker.is_open:
            raise Unavailable(
                say("The engine behind this service does not answer at this moment."),
                hint=say("Send the query again in a moment."),
                cure="It is asked again in a moment by itself; see its log.",
            )
        return self.client.exchange(*self._request(query, form, seconds), seconds)

    def _request(
        self, query: Query, form: Form, seconds: float
    ) -> tuple[str, list[tuple[str, str]], str]:
        dialect = self.remote.dialect
        text = decode(query.text).text
        words = [each.word for each in tokens(text)]
        if "BASE" not in words:
            text = f"BASE <{self._base}>\n{text}"
        if query.ours is not None:
            if dialect.loses_bindings:
                text = _with_filters(_with_constants(text))
            if dialect.for_subselects and words.count("SELECT") > 1:
                text = f"{dialect.for_subselects}\n{text}"
        default, named = query.dataset.default_graphs, query.dataset.named_graphs
        if not query.dataset and self.remote.graph and "FROM" not in words:
            default, named = (self.remote.graph,), self._graphs
        parameters = [("query", text)]
        parameters += [("default-graph-uri", each) for each in default]
        parameters += [("named-graph-uri", each) for each in named]
        if dialect.timeout:
            budget = max(1, round(seconds * dialect.per_second))
            parameters.append((dialect.timeout, str(budget)))
        return self.remote.query, parameters, TRIPLES if form is Form.GRAPH else dialect.rows

    def _failed(self, query: Query) -> None:
        """Note a failure that is the engine's, whoever asks: a client's query may be at fault."""
        if query.ours or not self.client.reached:
            self.breaker.failed()

    def _heard(self, query: Query, form: Form, reply: HttpReply, started: float) -> Answer:
        try:
            with reply.body:
                check_reply(reply)
                self._see_graph()
                answer = read_answer(reply, form, query, self._whole_up_to)
        except (EngineFailure, QuerySyntaxError, Unavailable) as error:
            # It is the engine that fails if a query of ours does. Of a client's query that is not
            # known, and a client must not be able to open the breaker for the others.
            if not query.ours:
                raise
            self.breaker.failed()
            if isinstance(error, Unavailable):
                raise
            raise Unavailable(
                error.message,
                hint=error.hint,
                cure=f"Check its address and its kind ({flag('engine_kind')}).",
            ) from None
        self.breaker.succeeded()
        return answer._replace(seconds=time.perf_counter() - started)

    def _see_graph(self) -> None:
        """Raise unless the graph is there: looked at after each new connection, and once a minute.

        An engine that was started again is met on a new connection, and nowhere else.
        """
        opened, now = self.client.opened, time.monotonic()
        before, until = self._seen
        if not self._holds_graph or (opened == before and now < until):
            return
        reply = self._send(_HOLDS, Form.ASK, self._deadline).result()
        with reply.body:
            check_reply(reply)
            found = read_answer(reply, Form.ASK, _HOLDS).body
        if found != _YES:
            raise Unavailable(
                say("The engine behind this service does not hold the graph any more."),
                hint=say("Tell those who keep this service."),
                cure="Write it there again: cecot load.",
            )
        self._seen = opened, now + TRUST


_CONSTANT = re.compile(r'BIND \(("[A-Za-z-]+") AS (\?\w+)\)')


def _with_constants(text: str) -> str:
    """``text`` with a word that it binds to a variable in the place of that variable.

    Virtuoso 7.2 does not read in an OPTIONAL what is bound outside of it: the language of labels.
    """
    for word, variable in _CONSTANT.findall(text):
        rest = text.replace(f"BIND ({word} AS {variable})", "")
        text = re.sub(rf"{re.escape(variable)}\b", word, rest)
    return text


def _with_filters(text: str) -> str:
    """``text``, in which VALUES for one variable in a branch of a UNION is a FILTER instead.

    The two say the same where the branch binds the variable, as those of our own queries do.
    """
    found = list(tokens(text))
    pieces, end = [], 0
    for at, token in enumerate(found):
        if token.word != "VALUES" or not _is_in_branch(found, at):
            continue
        variable, opening = found[at + 1 : at + 3]
        if variable.kind != "variable" or opening.text != "{":
            continue
        closing = next(each for each in found[at + 3 :] if each.text == "}")
        terms = [each for each in found[at + 3 :] if each.start < closing.start]
        # Virtuoso 7.2 gives up on a list of one, and nothing of ours is called so.
        written = ", ".join([*_terms(terms), "<urn:x-none>"])
        pieces += [text[end : token.start], f"FILTER ({variable.text} IN ({written}))"]
        end = closing.start + 1
    return "".join([*pieces, text[end:]])


def _is_in_branch(found: Sequence[Token], at: int) -> bool:
    """Whether a group around the token ``at`` stands beside the word UNION."""
    depth = 0
    for here in range(at - 1, -1, -1):
        depth += {"{": 1, "}": -1}.get(found[here].text, 0)
        if depth == 1:  # the group that holds what was looked at so far
            depth = 0
            before = found[here - 1].word if here else ""
            if "UNION" in (before, _behind(found, here)):
                return True
    return False


def _behind(found: Sequence[Token], opening: int) -> str:
    """The word behind the group that begins at ``opening``."""
    depth = 0
    for here in range(opening, len(found)):
        depth += {"{": 1, "}": -1}.get(found[here].text, 0)
        if depth == 0:
            return found[here + 1].word if here + 1 < len(found) else ""
    return ""


def _terms(found: Sequence[Token]) -> Iterator[str]:
    """The terms that ``found`` are: a string goes with its language or datatype."""
    written = ""
    for each in found:
        goes_on = each.kind == "language" or each.text == "^" or written.endswith("^")
        if written and not goes_on:
            yield written
            written = ""
        written += each.text
    if written:
        yield written


def check_reply(reply: HttpReply) -> None:
    """Raise what a reply says went wrong, whatever its status."""
    # Virtuoso repeats the query behind its message, with graph names that are none of a reader's.
    text = ""
    if reply.status >= 300:
        text = reply.beginning().partition("SPARQL query:")[0].rstrip(". ")
    if reply.headers.get(_STATE) or any(each in text.lower() for each in _OUT_OF_TIME):
        raise _out_of_time()
    if reply.headers.get(CUT):
        raise cut(reply.headers[CUT])
    if reply.status >= 300:
        raise _failure(reply, text)


def _failure(reply: HttpReply, text: str) -> CecotError:
    status, after = reply.status, reply.headers.get("retry-after", "")
    if status == 400:
        return QuerySyntaxError(
            say("The engine behind this service does not take this query: {text}", text=text),
            hint=say("It may lack a function. Write the query in another way."),
        )
    if status in (408, 504):
        return _out_of_time()
    if status in (429, 503):
        busy = Overloaded(say("The engine behind this service is busy."))
        if re.fullmatch(r"[0-9]{1,9}", after):  # RFC 9110 also has a date there
            busy.retry_after = int(after)
        return busy
    if status < 400 or status in (401, 403, 404, 405, 502):
        return _not_asked(reply)
    return EngineFailure(
        say(
            "The engine behind this service fails at this query ({status}): {text}",
            status=status,
            text=text,
        ),
        hint=say("It may stop at a type error. Write the query in another way."),
    )


def _not_asked(reply: HttpReply) -> Unavailable:
    """The error for a status by which no engine has seen the query, or none that knows us."""
    if reply.status in (401, 403):
        return Unavailable(
            say("The engine behind this service does not take our name and password."),
            hint=say("Tell those who keep this service."),
            cure=f"Check {flag('engine_user')}, and {PASSWORD} or {PASSWORD}_FILE.",
        )
    if reply.status < 400:
        return Unavailable(
            say("The engine behind this service sends us to another address, and is not followed."),
            hint=say("Tell those who keep this service."),
            cure=f"If you trust it, name that address: {reply.headers.get('location', '')[:300]}",
        )
    return Unavailable(
        say(
            "The engine behind this service answers {status} where we ask it.", status=reply.status
        ),
        hint=say("Tell those who keep this service."),
        cure=f"Name its kind ({flag('engine_kind')}), or the whole address at which it takes "
        "queries.",
    )


def _out_of_time() -> DeadlineExceeded:
    return DeadlineExceeded(
        say("The engine gave up on this query: it takes too long there."),
        hint=say("Ask for less: add LIMIT, or bind more of the pattern."),
    )


def _refuse(text: str, schemes: tuple[str, ...]) -> None:
    decoded = decode(text)
    for each in tokens(decoded.text):
        if _does_something(each, schemes):
            line, column = decoded.position(each.start)
            raise Refused(
                say("This IRI is not asked here: the engine takes it for a function of its own."),
                hint=say("Use the functions of SPARQL 1.1."),
                line=line,
                column=column,
            )


def _does_something(token: Token, schemes: tuple[str, ...]) -> bool:
    """Whether an IRI begins, or could be made to begin, with one of ``schemes``."""
    if token.kind == "name":
        return token.text.lower().startswith(tuple(each[1:] for each in schemes))
    if token.kind != "iri":
        return False
    text = token.text.lower()
    # An escape, or a prefix that ends within the scheme, could hide it from the one above.
    begins = len(text) > 2 and any(each.startswith(text[:-1]) for each in schemes)
    return text.startswith(schemes) or "\\u" in text or begins
