"""SERVICE and LOAD in every disguise, all pointing at a canary that must hear nothing."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

REFUSED = frozenset((400, 403))
FINE = frozenset((200,))

_ESCAPED = "".join(f"\\u{ord(letter):04X}" for letter in "SERVICE")


class Canary:
    """Listens on 127.0.0.1 and notes every connection."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self.heard: list[str] = []
        threading.Thread(target=self._listen, daemon=True).start()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}/sparql"

    def check(self) -> None:
        """Raise RuntimeError unless it hears what is said to it; forget that."""
        with socket.create_connection(("127.0.0.1", self.port)) as connection:
            connection.sendall(b"GET / HTTP/1.0\r\n\r\n")
            connection.recv(100)
        if not self.heard:
            raise RuntimeError("the canary is deaf")
        self.heard.clear()

    def _listen(self) -> None:
        while True:
            connection, _ = self._listener.accept()
            connection.settimeout(1.0)
            try:
                self.heard.append(connection.recv(200).decode("latin-1").split("\r\n")[0])
                connection.sendall(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
            except OSError as error:
                self.heard.append(repr(error))
            connection.close()


def services(url: str) -> Iterator[tuple[str, str]]:
    """Queries that call a service at ``url``."""
    yield from _spelled(url)
    yield from _hidden(url)
    yield from _placed(f"SERVICE <{url}> {{ ?s ?p ?o }}")


def _spelled(url: str) -> Iterator[tuple[str, str]]:
    """The same call in other letters, and to other names of the same address."""
    host = url.removeprefix("http://").partition("/")[0]
    port = host.rpartition(":")[2]
    yield "plain", f"SELECT * {{ SERVICE <{url}> {{ ?s ?p ?o }} }}"
    yield "silent", f"SELECT * {{ SERVICE SILENT <{url}> {{ ?s ?p ?o }} }}"
    yield "lower case", f"select * {{ service silent <{url}> {{ ?s ?p ?o }} }}"
    yield "mixed case", f"SELECT * {{ sErViCe <{url}> {{ ?s ?p ?o }} }}"
    yield "no spaces", f"SELECT*{{SERVICE<{url}>{{?s ?p ?o}}}}"
    yield "tabs and lines", f"SELECT * {{ SERVICE\t\r\n\r\n<{url}>\n{{ ?s ?p ?o }} }}"
    yield "a comment between", f"SELECT * {{ SERVICE # ' \" <\n <{url}> {{ ?s ?p ?o }} }}"
    yield "comments everywhere", f"SELECT * {{#\nSERVICE#\nSILENT#}}\n<{url}>#\n{{#\n?s ?p ?o}}}}"
    yield "escaped", f"SELECT * {{ {_ESCAPED} <{url}> {{ ?s ?p ?o }} }}"
    yield "one letter escaped", f"SELECT * {{ SERV\\u0049CE <{url}> {{ ?s ?p ?o }} }}"
    yield "long escape", f"SELECT * {{ \\U00000053ERVICE <{url}> {{ ?s ?p ?o }} }}"
    yield "escaped address", f"SELECT * {{ SERVICE <\\u0068ttp://{host}/> {{ ?s ?p ?o }} }}"
    yield "a prefix", f"PREFIX x: <{url}> SELECT * {{ SERVICE x: {{ ?s ?p ?o }} }}"
    yield "a name", f"PREFIX x: <http://{host}/> SELECT * {{ SERVICE x:a {{ ?s ?p ?o }} }}"
    yield "a prefix glued", f"PREFIX x: <http://{host}/> SELECT * {{ SERVICEx:a {{ ?s ?p ?o }} }}"
    yield "a base", f"BASE <http://{host}/> SELECT * {{ SERVICE <sparql> {{ ?s ?p ?o }} }}"
    yield "a variable", f"SELECT * {{ VALUES ?g {{ <{url}> }} SERVICE ?g {{ ?s ?p ?o }} }}"
    yield "a variable glued", f"SELECT*{{VALUES?g{{<{url}>}}SERVICE?g{{?s ?p ?o}}}}"
    yield "a dollar variable", f"SELECT * {{ BIND(<{url}> AS $g) SERVICE $g {{ ?s ?p ?o }} }}"
    yield (
        "a built address",
        f'SELECT * {{ BIND(IRI(CONCAT("http:", "//{host}/")) AS ?g) SERVICE ?g {{ ?s ?p ?o }} }}',
    )
    yield "an address of the graph", "SELECT * { ?x ?y ?g SERVICE SILENT ?g { ?s ?p ?o } }"
    yield "other spellings of the host", f"SELECT * {{ SERVICE <http://0x7f000001:{port}/> {{}} }}"
    yield "short host", f"SELECT * {{ SERVICE <http://127.1:{port}/> {{}} }}"
    yield "localhost", f"SELECT * {{ SERVICE <http://localhost:{port}/> {{ ?s ?p ?o }} }}"
    yield "a user in the address", f"SELECT * {{ SERVICE <http://a:b@{host}/> {{ ?s ?p ?o }} }}"
    yield "a file", "SELECT * { SERVICE <file:///etc/passwd> { ?s ?p ?o } }"


def _hidden(url: str) -> Iterator[tuple[str, str]]:
    """Behind what a reader of the text may misread."""
    call = f"SERVICE <{url}> {{ ?s ?p ?o }}"
    yield "after a number", f"SELECT * {{ ?s ?p 1SERVICE <{url}> {{ ?s ?p ?o }} }}"
    yield "after a string", f"SELECT * {{ ?s ?p 'x'SERVICE <{url}> {{ ?s ?p ?o }} }}"
    yield "after less than", f"SELECT * {{ FILTER(1<2) {call} FILTER(3>2) }}"
    yield "after an open less than", f"SELECT * {{ ?s ?p ?o FILTER(?o<?p){call} }}"
    yield "after a quote in an IRI", f"SELECT * {{ ?s <a:'> ?o . {call} ?s <a:'> ?o }}"
    yield (
        "after a long string",
        f"SELECT * {{ BIND(''' \"\"\" ''' AS ?x) {call} BIND('''''' AS ?y) }}",
    )
    yield "after an escaped quote", f"SELECT * {{ BIND('\\'' AS ?x) {call} BIND('\\'' AS ?y) }}"
    yield "after a hash in an IRI", f"SELECT * {{ ?s <a:#> ?o . {call} }}"
    yield "after a comment", f"SELECT * {{ # {{ }} \n {call} }}"
    yield "after a return", f"SELECT * {{ #x\r{call} }}"


def _placed(call: str) -> Iterator[tuple[str, str]]:
    """Wherever a pattern may stand."""
    yield "describe", f"DESCRIBE ?s {{ {call} }}"
    yield "optional", f"SELECT * {{ ?s ?p ?o OPTIONAL {{ {call} }} }}"
    yield "union", f"SELECT * {{ {{ ?s ?p ?o }} UNION {{ {call} }} }}"
    yield "minus", f"SELECT * {{ ?s ?p ?o MINUS {{ {call} }} }}"
    yield "exists", f"ASK {{ FILTER EXISTS {{ {call} }} }}"
    yield "exists in bind", f"SELECT * {{ BIND(EXISTS {{ {call} }} AS ?x) }}"
    yield "exists in select", f"SELECT (EXISTS {{ {call} }} AS ?x) {{}}"
    yield "exists in order", f"SELECT * {{ ?s ?p ?o }} ORDER BY EXISTS {{ {call} }}"
    yield "exists in having", f"SELECT ?s {{ ?s ?p ?o }} GROUP BY ?s HAVING(EXISTS {{ {call} }})"
    yield "subselect", f"SELECT * {{ {{ SELECT * {{ {call} }} }} }}"
    yield "in a graph", f"SELECT * {{ GRAPH ?g {{ {call} }} }}"
    yield "construct", f"CONSTRUCT {{ ?s ?p ?o }} {{ {call} }}"
    yield "lateral", f"SELECT * {{ ?s ?p ?o LATERAL {{ {call} }} }}"
    yield "nested services", f"SELECT * {{ SERVICE ?x {{ {call} }} }}"
    yield "byte order mark", f"\ufeffSELECT * {{ {call} }}"
    yield "deep", f"SELECT * {'{' * 50} {call} {'}' * 50}"
    yield "far behind", f"SELECT * {{ {'?s ?p ?o . ' * 20_000} {call} }}"


def decoys(url: str) -> Iterator[tuple[str, str]]:
    """Queries that name a service and call none: they are to be answered."""
    yield "in a string", f'SELECT ("SERVICE <{url}> {{}}" AS ?x) {{}}'
    yield "in a long string", f"SELECT ('''\nSERVICE <{url}> {{}} ''' AS ?x) {{}}"
    yield "in a comment", f"SELECT * {{ # SERVICE <{url}> {{}}\n ?s ?p ?o }} LIMIT 1"
    yield "in an IRI", "SELECT * { ?s <urn:SERVICE> ?o } LIMIT 1"
    yield "in a variable", "SELECT ?service { ?service ?p ?o } LIMIT 1"
    yield "in a name", "PREFIX service: <urn:x> SELECT * { ?s service:SERVICE ?o } LIMIT 1"
    yield "as a filter", 'SELECT * { ?s ?p ?o FILTER(CONTAINS(STR(?o), "service")) } LIMIT 1'


def loads(url: str) -> Iterator[tuple[str, str]]:
    """Updates that fetch from ``url``, sent as queries and as updates."""
    yield "load", f"LOAD <{url}>"
    yield "load silent", f"LOAD SILENT <{url}>"
    yield "load into", f"LOAD <{url}> INTO GRAPH <urn:x>"
    yield "load in lower case", f"load silent <{url}> into graph <urn:x>"
    yield "load escaped", f"\\u004COAD <{url}>"
    yield "load with a comment", f"LOAD#\n<{url}>"
    yield "load with a prefix", f"PREFIX x: <{url}> LOAD x:"
    yield "load after a query", f"SELECT * {{ ?s ?p ?o }} ; LOAD <{url}>"
    yield "load after an update", f"INSERT DATA {{ <a:b> <a:b> <a:b> }} ; LOAD <{url}>"
    yield "load with a base", f"BASE <{url}> LOAD <>"
    yield (
        "insert where service",
        f"INSERT {{ ?s ?p ?o }} WHERE {{ SERVICE <{url}> {{ ?s ?p ?o }} }}",
    )
    yield "load a file", "LOAD <file:///etc/passwd>"


def functions(url: str) -> Iterator[tuple[str, str]]:
    """What an engine behind the service may take for functions, or for words, of its own."""
    call = f"'{url}'"
    yield "bif", f"SELECT (<bif:http_get>({call}) AS ?x) {{}}"
    yield "bif in capitals", f"SELECT (<BIF:http_get>({call}) AS ?x) {{}}"
    yield "bif by a prefix", f"PREFIX x: <bif:> SELECT (x:http_get({call}) AS ?x) {{}}"
    yield "bif by a part of it", f"PREFIX x: <bi> SELECT (x:f:http_get({call}) AS ?x) {{}}"
    yield "bif undeclared", f"SELECT (bif:http_get({call}) AS ?x) {{}}"
    yield "bif declared", f"PREFIX bif: <urn:x> SELECT (bif:http_get({call}) AS ?x) {{}}"
    yield "bif escaped", f"SELECT (<\\u0062if:http_get>({call}) AS ?x) {{}}"
    yield "bif by a base", f"BASE <bif:> SELECT (<http_get>({call}) AS ?x) {{}}"
    yield "bif in a filter", f"ASK {{ ?s ?p ?o FILTER(<bif:http_get>({call}) = 'x') }}"
    yield "bif in an order", f"SELECT * {{ ?s ?p ?o }} ORDER BY <bif:http_get>({call}) LIMIT 1"
    yield "bif in a construct", f"CONSTRUCT WHERE {{ <bif:http_get> <bif:x> {call} }}"
    yield "sql", f"SELECT (<sql:rdf_loader_run>({call}) AS ?x) {{}}"
    yield "sql by a prefix", f"PREFIX x: <sql:> SELECT (x:rdf_loader_run({call}) AS ?x) {{}}"
    yield "define", f"define input:default-graph-uri <{url}> SELECT * {{ ?s ?p ?o }}"
    yield "define, soft", f'define get:soft "replace" SELECT * FROM <{url}> {{ ?s ?p ?o }}'
    yield "define in a comment", f"#\ndefine get:soft 'soft' SELECT * FROM <{url}> {{ ?s ?p ?o }}"
    yield "define behind a base", f'BASE <{url}> define get:soft "soft" SELECT * FROM <> {{}}'
    yield "option", "SELECT * { ?s ?p ?o OPTION (TRANSITIVE) }"
    yield "a query within", f"SELECT * {{ ?s ?p ?o }} LIMIT 1 ; sparql LOAD <{url}>"


def graphs(url: str) -> Iterator[tuple[str, str]]:
    """Queries over graphs that stand elsewhere: these graphs are empty here, not fetched."""
    yield "from", f"SELECT * FROM <{url}> {{ ?s ?p ?o }}"
    yield "from named", f"SELECT * FROM NAMED <{url}> {{ GRAPH ?g {{ ?s ?p ?o }} }}"
    yield "graph", f"SELECT * {{ GRAPH <{url}> {{ ?s ?p ?o }} }}"
    yield "describe", f"DESCRIBE <{url}>"
