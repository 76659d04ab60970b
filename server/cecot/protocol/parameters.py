"""Parameters of an address or a form: decoded in full, or refused (RFC 3986; WHATWG URL, 5.1)."""

from __future__ import annotations

import string
from urllib.parse import parse_qsl, quote_from_bytes

from pyoxigraph import NamedNode

from cecot.errors import BadRequest
from cecot.messages import say

FORMAT_PARAMETERS = ("format", "output", "results")
MOST = 1000
Parameters = list[tuple[str, str]]

_ASCII = string.ascii_letters + string.digits + string.punctuation


def escaped(query_string: bytes) -> bytes:
    """``query_string`` as an address may hold it: other bytes are percent-encoded (RFC 3987, 3.1).

    Clients such as curl send an accented letter as it was typed.
    """
    if query_string.isascii():
        return query_string
    return quote_from_bytes(query_string, safe=_ASCII).encode("ascii")


def decoded(encoded: bytes, where: str) -> str:
    """``encoded`` as text; raises BadRequest if it is not UTF-8."""
    try:
        return encoded.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadRequest(
            say("This is not UTF-8: byte {byte} does not fit.", byte=error.start + 1),
            hint=say("SPARQL is UTF-8: send the query in UTF-8."),
            where=where,
        ) from error


def parameters_of(encoded: bytes, where: str) -> Parameters:
    """The parameters in an address or a form, decoded, in order; raises BadRequest."""
    text = decoded(encoded, where)
    try:
        return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=MOST)
    except UnicodeDecodeError as error:
        raise BadRequest(
            say("The parameters are not UTF-8 once percent-decoded."),
            hint=say("Encode the parameters as UTF-8, then percent-encode them."),
            where=where,
        ) from error
    except ValueError as error:
        raise BadRequest(
            say("There are more than {most:,} parameters.", most=MOST),
            hint=say("A query needs a handful."),
            where=where,
        ) from error


def asked_formats(parameters: Parameters) -> tuple[str, ...]:
    """The values of the parameters that ask for a format, in the order in which they count."""
    return tuple(
        value for key in FORMAT_PARAMETERS for name, value in parameters if name == key and value
    )


def graph_names(parameters: Parameters, key: str) -> tuple[str, ...]:
    """The absolute IRIs that the parameter ``key`` gives; raises BadRequest for another value."""
    iris = tuple(value for name, value in parameters if name == key)
    for iri in iris:
        try:
            NamedNode(iri)
        except ValueError as error:
            raise BadRequest(
                say("{name} must be an absolute IRI, not {iri!r}.", name=key, iri=iri[:200]),
                hint=say(
                    "For instance {name}=https://example.org/graph, percent-encoded.", name=key
                ),
                where=key,
            ) from error
    return iris
