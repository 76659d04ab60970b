"""What an engine may answer instead of an answer: each a clear error, never a 200."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from scripted import Scripted, Write, reply

from cecot import errors
from cecot.dataset.content import Names
from cecot.engine import Answer, Form, Query
from cecot.rdf.terms import Prefixes
from cecot.remote.engine import RemoteEngine
from cecot.remote.loading import read_version

JSON = "application/sparql-results+json"
NTRIPLES = "application/n-triples"
SELECT = Query("SELECT * { ?s ?p ?o }", JSON, JSON, NTRIPLES)
ASK = Query("ASK {}", JSON, JSON, NTRIPLES)
CONSTRUCT = Query("CONSTRUCT WHERE { ?s ?p ?o }", JSON, JSON, NTRIPLES)
ROW = '{"head":{"vars":["s"]},"results":{"bindings":[{"s":{"type":"uri","value":"urn:a"}}]}}'
TRIPLE = "<urn:a> <urn:b> <urn:c> .\n"
Make = Callable[..., RemoteEngine]


def rows(names: str, *bindings: str) -> bytes:
    """Rows as JSON, each written as a test needs it."""
    found = ",".join(filter(None, bindings))
    return reply(
        f'{{"head":{{"vars":{json.dumps(names.split(","))}}},"results":{{"bindings":[{found}]}}}}'
    )


def text(answer: Answer) -> str:
    assert isinstance(answer.body, bytes)
    return answer.body.decode()


def test_rows_are_written_again_in_the_format_of_the_client(
    scripted: Scripted, remote: Make
) -> None:
    scripted.replies = [reply(ROW)]
    answer = remote().answer(Query(SELECT.text, "text/csv", None, None))
    assert (answer.form, answer.media_type, text(answer)) == (
        Form.SELECT,
        "text/csv",
        "s\r\nurn:a\r\n",
    )


def test_triples_are_written_again_in_the_format_of_the_client(
    scripted: Scripted, remote: Make
) -> None:
    scripted.replies = [reply(TRIPLE, NTRIPLES)]
    answer = remote().answer(Query(CONSTRUCT.text, None, None, "text/turtle"))
    assert text(answer) == TRIPLE


@pytest.mark.parametrize(
    ("row", "truth"), [('{"r":{"type":"literal","value":"1"}}', True), ("", False)]
)
def test_yes_and_no_may_come_as_a_row(
    scripted: Scripted, remote: Make, row: str, truth: bool
) -> None:
    scripted.replies = [rows("r", row)]
    assert json.loads(text(remote().answer(ASK)))["boolean"] is truth


def test_blank_nodes_may_have_the_names_that_virtuoso_gives(
    scripted: Scripted, remote: Make
) -> None:
    blank = '{ "type": "bnode", "value": "nodeID://b10" }'
    row = f'{{"s":{blank},"o":{{"type":"literal","value":"nodeID://b10"}}}}'
    scripted.replies = [rows("s,o", row)]
    [found] = json.loads(text(remote().answer(SELECT)))["results"]["bindings"]
    assert found["s"] == {"type": "bnode", "value": "b10"}
    assert found["o"]["value"] == "nodeID://b10"


def xml(*bindings: str, end: str = "</results></sparql>") -> bytes:
    """Rows of ``o`` as XML, each on lines of its own."""
    found = "".join(
        f'<result>\n<binding name="o">{each}</binding>\n</result>\n' for each in bindings
    )
    head = '<head><variable name="o"/></head>\n<results>\n'
    text = f'<sparql xmlns="http://www.w3.org/2005/sparql-results#">{head}{found}{end}'
    return reply(text, "application/sparql-results+xml")


def test_rows_as_xml_lose_nothing_at_the_ends_of_a_literal_nor_behind_a_line(
    scripted: Scripted, remote: Make
) -> None:
    texts = ["  x ", "", " ", "a\n\n b\n", "\nx", "&lt;literal> ", "\tx\r\n", "z"]
    literals = [f"<literal>{each}</literal>" for each in texts]
    typed = '<literal datatype="urn:k"> 1</literal>', '<literal xml:lang="es">\nq </literal>'
    blank = "<bnode>nodeID://b10</bnode>", "<literal>&lt;bnode>nodeID://b10</literal>"
    scripted.replies = [xml(*literals, *typed, "<literal/>", *blank)]
    found = json.loads(text(remote().answer(SELECT)))["results"]["bindings"]
    said = [row["o"] for row in found]
    plain = [each.replace("&lt;", "<") for each in texts]
    assert [each["value"] for each in said] == [
        *plain, " 1", "\nq ", "", "b10", "<bnode>nodeID://b10",
    ]  # fmt: skip
    assert (said[8]["datatype"], said[9]["xml:lang"]) == ("urn:k", "es")
    assert [each["type"] for each in said[-2:]] == ["bnode", "literal"]


def test_yes_and_no_may_come_as_a_row_of_xml(scripted: Scripted, remote: Make) -> None:
    for row, truth in (("<literal>1</literal>", True), ("", False)):
        scripted.replies = [xml(row) if row else xml()]
        assert json.loads(text(remote().answer(ASK)))["boolean"] is truth


CUT = {
    "rows of XML that end behind one": (SELECT, xml("<literal>a</literal>", end="")),
    "rows of XML without an end": (SELECT, xml("<literal>a</literal>", end="</results>\n")),
    "rows of XML in the middle of one": (SELECT, xml("<literal>a", end="")),
    "an error behind rows of XML": (SELECT, xml("<literal>a</literal>", end="Timeout")),
    "triples that end in the middle of one": (CONSTRUCT, reply(TRIPLE + "<urn:a> <ur", NTRIPLES)),
    "rows that end in the middle of one": (SELECT, reply(ROW[:60])),
    "an error behind the triples": (CONSTRUCT, reply(TRIPLE + "Timeout exceeded", NTRIPLES)),
    "an error in place of rows": (SELECT, reply("Virtuoso 42000 Error")),
    "a page of HTML": (SELECT, reply("<html>", "text/html")),
    "no type": (SELECT, b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"),
    "rows in place of triples": (CONSTRUCT, reply(ROW)),
    "triples in place of rows": (SELECT, reply(TRIPLE, NTRIPLES)),
    "yes in place of rows": (SELECT, reply('{"head":{},"boolean":true}')),
    "a term that is none": (CONSTRUCT, reply("<not an iri> <urn:b> <urn:c> .\n", NTRIPLES)),
    "another address": (SELECT, reply("", status="302 Found", Location="http://127.0.0.1:1/")),
    "our name is not known": (SELECT, reply("", status="401 Unauthorized")),
    "no such gateway": (SELECT, reply("", status="502 Bad Gateway")),
}


@pytest.mark.parametrize("name", CUT)
def test_what_is_no_whole_answer_is_an_error(scripted: Scripted, remote: Make, name: str) -> None:
    query, sent = CUT[name]
    scripted.replies = [sent]
    with pytest.raises(errors.CecotError) as caught:
        remote().answer(query)
    assert caught.value.status in (422, 503)
    assert caught.value.hint


def test_a_body_shorter_than_its_length_is_an_error(scripted: Scripted, remote: Make) -> None:
    def short(write: Write) -> None:
        write(reply(TRIPLE, NTRIPLES, length=1000))

    scripted.replies = [short]
    with pytest.raises(errors.Unavailable, match="broke the connection off"):
        remote().answer(CONSTRUCT)
    assert scripted.connections == 1, "what has begun to answer is not asked again"


def test_chunks_without_an_end_are_an_error(scripted: Scripted, remote: Make) -> None:
    def endless(write: Write) -> None:
        head = b"HTTP/1.1 200 OK\r\nContent-Type: application/n-triples\r\n"
        write(head + b"Transfer-Encoding: chunked\r\n\r\n1a\r\n" + TRIPLE.encode() + b"\r\n")

    scripted.replies = [endless]
    with pytest.raises(errors.Unavailable):
        remote().answer(CONSTRUCT)


def test_a_slow_header_ends_with_the_deadline(scripted: Scripted, remote: Make) -> None:
    def slow(write: Write) -> None:
        for byte in b"HTTP/1.1 200 OK":
            write(bytes([byte]))
            if scripted.released.wait(0.3):
                return

    scripted.replies = [slow]
    with pytest.raises(errors.DeadlineExceeded):
        remote(deadline=0.1).answer(SELECT)


def test_a_slow_body_ends_with_the_deadline(scripted: Scripted, remote: Make) -> None:
    def slow(write: Write) -> None:
        write(reply(ROW[:-1], length=len(ROW)))
        scripted.released.wait()

    scripted.replies = [slow]
    with pytest.raises(errors.DeadlineExceeded):
        remote(deadline=0.1).answer(SELECT)


@pytest.mark.parametrize(
    "sent",
    [
        reply('{"head":{"vars":["s"]},"results":{"bindings":[]}}', X_SQL_State="S1TAT"),
        reply("Virtuoso S1T00 Error SR171: Transaction timed out", status="500 Failed"),
        reply("The query timed out", status="503 Unavailable"),
        reply("", status="504 Gateway Timeout"),
    ],
)
def test_a_timeout_is_told_as_one_however_it_comes(
    scripted: Scripted, remote: Make, sent: bytes
) -> None:
    scripted.replies = [sent]
    with pytest.raises(errors.DeadlineExceeded):
        remote().answer(SELECT)


def test_rows_that_the_engine_says_it_cut_are_an_error(scripted: Scripted, remote: Make) -> None:
    scripted.replies = [reply(ROW, X_SPARQL_MaxRows="1")]
    with pytest.raises(errors.BudgetExceeded, match="at most 1 "):
        remote().answer(SELECT)


@pytest.mark.parametrize(
    ("query", "sent"), [(SELECT, reply(ROW)), (CONSTRUCT, reply(TRIPLE, NTRIPLES))]
)
def test_what_reaches_the_cap_may_be_cut_and_is_an_error(
    scripted: Scripted, remote: Make, query: Query, sent: bytes
) -> None:
    scripted.replies = [sent]
    with pytest.raises(errors.BudgetExceeded):
        remote(whole_up_to=1).answer(query)
    assert text(remote(whole_up_to=2).answer(query))


def test_an_answer_longer_than_its_budget_is_an_error(scripted: Scripted, remote: Make) -> None:
    scripted.replies = [reply(TRIPLE * 1000, NTRIPLES)]
    with pytest.raises(errors.BudgetExceeded) as caught:
        remote(result=2000).answer(CONSTRUCT)
    assert caught.value.where == "result"


def test_an_answer_too_long_for_memory_comes_as_a_file(scripted: Scripted, remote: Make) -> None:
    many = "".join(f"<urn:{n}> <urn:b> <urn:c> .\n" for n in range(60_000))
    scripted.replies = [reply(many, NTRIPLES)]
    answer = remote().answer(CONSTRUCT)
    assert not isinstance(answer.body, bytes)
    with answer.body:
        assert answer.body.read().decode() == many
    assert answer.length == len(many)


def test_a_type_error_there_is_no_500_here(scripted: Scripted, remote: Make) -> None:
    scripted.replies = [
        reply(
            "Virtuoso 22012 Error SR084: Division by 0.\n\nSPARQL query:\ndefine x <urn:secret>",
            "text/plain",
            "500 SPARQL Request Failed",
        )
    ]
    with pytest.raises(errors.EngineFailure, match="Division by 0") as caught:
        remote().answer(SELECT)
    assert caught.value.status == 422
    assert "secret" not in caught.value.message


def test_a_busy_engine_says_when_to_come_again(scripted: Scripted, remote: Make) -> None:
    for said in ("7", "\u00b2", "9" * 5_000, "Wed, 21 Oct 2026 07:28:00 GMT"):
        scripted.replies = [reply("", status="503 Busy", Retry_After=said)]
        with pytest.raises(errors.Overloaded) as caught:
            remote().answer(SELECT)
        assert caught.value.retry_after == (7 if said == "7" else errors.Overloaded.retry_after)


def test_an_idle_connection_that_was_closed_is_opened_again(
    scripted: Scripted, remote: Make
) -> None:
    engine = remote(engine_connections=1)
    scripted.replies = [reply(ROW), lambda _: None, reply(ROW)]
    assert text(engine.answer(SELECT)) == text(engine.answer(SELECT))
    assert len(scripted.asked) == 3


def test_a_new_connection_that_breaks_is_not_asked_again(scripted: Scripted, remote: Make) -> None:
    scripted.replies = [lambda _: None]
    with pytest.raises(errors.Unavailable):
        remote().answer(SELECT)
    assert len(scripted.asked) == 1


def test_what_a_format_cannot_hold_is_refused_as_with_our_own_engine(
    scripted: Scripted, remote: Make
) -> None:
    scripted.replies = [reply("<urn:a> <http://e/1> <urn:c> .\n", NTRIPLES)]
    with pytest.raises(errors.NotAcceptable):
        remote().answer(Query(CONSTRUCT.text, None, None, "application/rdf+xml"))


def test_a_comma_in_an_iri_is_quoted_in_csv(scripted: Scripted, remote: Make) -> None:
    scripted.replies = [rows("s", '{"s":{"type":"uri","value":"urn:a,b"}}')]
    answer = remote().answer(Query(SELECT.text, "text/csv", None, None))
    assert text(answer) == 's\r\n"urn:a,b"\r\n'


def test_rows_of_another_query_are_no_version(scripted: Scripted, remote: Make) -> None:
    """A cache before an engine may answer so."""
    names = Names(Prefixes({}), "https://e.example/")
    scripted.replies = [reply(ROW)]
    with pytest.raises(errors.Unavailable) as raised:
        read_version(remote(), names)
    assert "?graph is missing" in raised.value.message
