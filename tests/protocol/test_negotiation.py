"""How an answer's format is chosen: RFC 9110 section 12.5, and what real clients send."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cecot.engine import Form
from cecot.protocol.negotiation import (
    accepts_gzip,
    best,
    choose,
    is_browser,
    language,
    prefers_html,
)
from cecot.sparql.formats import GRAPHS, RESULTS, formats_of, media_types

JSON, XML = "application/sparql-results+json", "application/sparql-results+xml"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"


@pytest.mark.parametrize("accept", [None, "", "  ", "*/*"])
def test_a_missing_accept_is_anything(accept: str | None) -> None:
    assert choose(RESULTS, accept) == JSON
    assert choose(GRAPHS, accept) == "text/turtle"


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("text/csv", "text/csv"),
        ("TEXT/CSV", "text/csv"),
        ("text/csv;q=0.1, text/tab-separated-values;q=0.2", "text/tab-separated-values"),
        ("text/csv , \ttext/tab-separated-values; Q=0.9", "text/csv"),
        ("*/*, application/sparql-results+json;q=0", XML),
        ("application/*, application/sparql-results+json;q=0.5", XML),
        ("text/*", "text/csv"),
        ("text/*;q=0.3, */*;q=0.2", "text/csv"),
        ("*/*;q=0.1, text/csv;q=0.2", "text/csv"),
        ("text/csv;q=1.000, application/sparql-results+xml;q=0.999", "text/csv"),
        ("text/csv;q=7, application/sparql-results+xml;q=0.1", XML),
        ("text/turtle", None),
        ("text/csv;q=0", None),
        ("*/*;q=0", None),
        ("nonsense", None),
        (",,;;q=,", None),
        ("*/csv", None),
    ],
)
def test_a_select_is_written_as_the_accept_header_prefers(
    accept: str, expected: str | None
) -> None:
    assert choose(RESULTS, accept) == expected


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("application/json", "application/json"),
        ("application/xml", "application/xml"),
        ("text/xml", "text/xml"),
        ("application/json;q=0.5, application/sparql-results+json;q=0.4", "application/json"),
    ],
)
def test_an_alias_is_answered_under_the_name_that_was_asked(accept: str, expected: str) -> None:
    assert choose(RESULTS, accept) == expected


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("text/turtle;charset=utf-8", "text/turtle"),
        (
            'application/ld+json;profile="http://www.w3.org/ns/json-ld#expanded, x"',
            "application/ld+json",
        ),
        ("text/turtle;version=1.2;q=0, text/turtle", "text/turtle"),
        ("text/plain", "text/plain"),
        ("text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2", "text/turtle"),
    ],
)
def test_parameters_of_types_and_sloppy_headers_are_understood(accept: str, expected: str) -> None:
    assert choose(GRAPHS, accept) == expected


CLIENTS = {
    "Jena, SELECT": (
        "application/sparql-results+json,application/sparql-results+xml;q=0.9,"
        "text/tab-separated-values;q=0.7,text/csv;q=0.5,"
        "application/json;q=0.2,application/xml;q=0.2,*/*;q=0.1",
        JSON,
        "application/xml",
    ),
    "Jena, CONSTRUCT": (
        "text/turtle,application/n-triples;q=0.9,application/ld+json;q=0.8,"
        "application/rdf+xml;q=0.7,*/*;q=0.3",
        JSON,
        "text/turtle",
    ),
    "Jena, quads": (
        "application/trig,application/n-quads;q=0.9,application/ld+json;q=0.8,*/*;q=0.3",
        JSON,
        "application/trig",
    ),
    "OWL API": (
        "application/rdf+xml, application/xml; q=0.5, text/xml; q=0.3, */*; q=0.2",
        "application/xml",
        "application/rdf+xml",
    ),
    "OWL API, newer": (
        "application/rdf+xml, application/xml; q=0.7, text/xml; q=0.6, "
        "text/plain; q=0.1, */*; q=0.09",
        "application/xml",
        "application/rdf+xml",
    ),
    "Java": ("text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2", JSON, "text/turtle"),
    "R, SPARQL": (XML, XML, None),
    "R, WikidataQueryServiceR": ("text/csv", "text/csv", None),
    "R, WikidataQueryServiceR, smart": (JSON, JSON, None),
    "curl": ("*/*", JSON, "text/turtle"),
    "a browser": (BROWSER, "application/xml", "application/xml"),
    "rdflib SPARQLStore": (
        "application/rdf+xml, application/sparql-results+xml",
        XML,
        "application/rdf+xml",
    ),
}


@pytest.mark.parametrize("client", CLIENTS)
def test_clients_get_what_their_own_headers_ask(client: str) -> None:
    accept, rows, graph = CLIENTS[client]
    assert choose(formats_of(Form.SELECT), accept) == rows
    assert choose(formats_of(Form.ASK), accept) == rows
    assert choose(formats_of(Form.GRAPH), accept) == graph


def test_a_parameter_beats_the_accept_header() -> None:
    assert choose(RESULTS, "text/csv", ["json"]) == JSON
    assert choose(GRAPHS, "text/turtle", ["json"]) == "application/ld+json"
    assert choose(GRAPHS, "text/turtle", ["XML"]) == "application/rdf+xml"
    assert choose(RESULTS, "text/csv", [XML]) == XML


def test_an_unknown_parameter_value_falls_back_to_the_next_and_to_accept() -> None:
    assert choose(RESULTS, "text/csv", ["html"]) == "text/csv"
    assert (
        choose(RESULTS, "text/csv", ["", "nonsense/nonsense", "tsv"]) == "text/tab-separated-values"
    )


def test_a_parameter_that_names_a_format_of_another_form_is_not_acceptable() -> None:
    assert choose(GRAPHS, "*/*", ["csv"]) is None
    assert choose(RESULTS, "*/*", ["turtle"]) is None
    assert choose(RESULTS, "*/*", ["text/turtle"]) is None


@pytest.mark.parametrize(
    "name", ["turtle", "ttl", "n3", "nt", "n-triples", "rdf", "rdf+xml", "json-ld", "nq", "trig"]
)
def test_every_usual_name_of_a_graph_format_is_known(name: str) -> None:
    assert choose(GRAPHS, "application/pdf", [name]) is not None


def test_only_a_browser_is_taken_for_one() -> None:
    others = set(CLIENTS) - {"a browser"}
    assert [name for name in CLIENTS if is_browser(CLIENTS[name][0])] == ["a browser"]
    assert "Java" in others
    assert is_browser("text/html")
    assert is_browser("TEXT/HTML, application/XHTML+xml;q=0.9, */*;q=0.1")
    assert not is_browser("text/html;q=0.5, application/xhtml+xml;q=0.5, text/csv")
    assert not is_browser(None)


def test_html_is_preferred_only_when_it_is_named_and_liked_best() -> None:
    assert prefers_html(BROWSER, GRAPHS)
    assert prefers_html("text/html, */*", GRAPHS)
    assert prefers_html("application/xhtml+xml", GRAPHS)
    for accept in (None, "*/*", "text/*", "text/html;q=0.5, text/turtle", "text/turtle, text/html"):
        assert not prefers_html(accept, GRAPHS)
    assert not prefers_html("text/html;q=0, */*", GRAPHS)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, False),
        ("", False),
        ("gzip", True),
        ("gzip, deflate, br, zstd", True),
        ("GZIP;q=0.1", True),
        ("*", True),
        ("gzip;q=0, *", False),
        ("gzip;q=0", False),
        ("identity", False),
        ("identity, gzip;q=0.5", False),
        ("identity;q=0.5, gzip;q=0.5", True),
        ("br", False),
    ],
)
def test_gzip_only_as_asked(header: str | None, expected: bool) -> None:
    assert accepts_gzip(header) is expected


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, "en"),
        ("es", "es"),
        ("es-SV,es;q=0.9,en;q=0.8", "es"),
        ("de", "en"),
        ("fr, es;q=0.1", "es"),
        ("en-US,es;q=0.2", "en"),
        ("es-SV,en;q=0.1", "es"),
        ("en-GB;q=1.0, es;q=0.1", "en"),
        ("en;q=0.1, es-SV;q=.2", "es"),
        ("es-Latn-SV", "es"),
        ("ES_sv", "es"),
        ("est", "en"),
        ("*, es;q=0.5", "es"),
        ("en;q=0", "es"),
        ("en-US, en;q=0, es;q=0.1", "es"),
        ("en;q=0, es;q=0", "en"),
    ],
)
def test_the_language_is_the_readers_or_english(header: str | None, expected: str) -> None:
    assert language(header, ("en", "es")) == expected


TYPES = ["text/csv", "text/turtle", "application/json", XML, JSON]
RANGES = st.sampled_from([*TYPES, "text/*", "application/*", "*/*", "image/png"])
QUALITIES = st.integers(0, 1000).map(lambda n: n / 1000)
ACCEPTS = st.dictionaries(RANGES, QUALITIES, min_size=1, max_size=6)


def quality_by_the_book(ranges: dict[str, float], media_type: str) -> float:
    """RFC 9110, 12.5.1: the most specific range that matches gives the quality."""
    for candidate in (media_type, media_type.partition("/")[0] + "/*", "*/*"):
        if candidate in ranges:
            return ranges[candidate]
    return 0


@given(ACCEPTS, st.lists(st.sampled_from(TYPES), min_size=1, unique=True), st.randoms())
def test_the_choice_has_the_highest_quality_that_the_most_specific_range_gives(
    ranges: dict[str, float], offers: list[str], random: object
) -> None:
    items = list(ranges.items())
    random.shuffle(items)  # type: ignore[attr-defined]
    chosen = best(", ".join(f"{name};q={quality:.3f}" for name, quality in items), offers)
    qualities = {offer: quality_by_the_book(ranges, offer) for offer in offers}
    if chosen is None:
        assert max(qualities.values()) == 0
    else:
        assert qualities[chosen] == max(qualities.values()) > 0


@given(st.text(max_size=200))
def test_any_text_as_an_accept_header_has_an_answer(accept: str) -> None:
    assert choose(RESULTS, accept) in {None, *media_types(RESULTS)}
    assert accepts_gzip(accept) in {True, False}
    assert language(accept, ("en", "es")) in {"en", "es"}


@given(st.lists(st.text(max_size=50), max_size=3))
def test_any_text_as_a_format_parameter_has_an_answer(asked: list[str]) -> None:
    assert choose(GRAPHS, None, asked) in {None, *media_types(GRAPHS)}


def test_what_a_header_says_after_its_first_64_members_is_not_read() -> None:
    padded = ",".join(["x/y"] * 64)
    assert best(f"{padded},text/csv", ["text/csv"]) is None
    assert best(f"text/csv,{padded}", ["text/csv"]) == "text/csv"
