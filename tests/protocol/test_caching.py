"""What may be kept: never an answer that may differ the next time."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from cecot.engine import Dataset, Query
from cecot.protocol import answers
from cecot.protocol.answers import (
    LONGEST_READ,
    digest,
    entity_tag,
    is_known,
    is_volatile,
    query_tag,
)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT (RAND() AS ?x) {}",
        "SELECT (now() AS ?x) {}",
        "SELECT (now # here\n () AS ?x) {}",
        "SELECT (Uuid() AS ?x) {}",
        "SELECT (STRUUID() AS ?x) {}",
        "SELECT * { BIND(BNODE() AS ?x) }",
        "SELECT (1+NOW() AS ?x) {}",
        "SELECT (N\\u004FW() AS ?x) {}",
        "SELECT (N\\U0000004FW() AS ?x) {}",
        "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "SELECT * { SERVICE?g{} }",
        "CONSTRUCT { _:b ?p ?o } WHERE { ?s ?p ?o }",
        "construct { [] ?p ?o } where { ?s ?p ?o }",
        "CONSTRUCT { <x:a> <x:b> (1 2) } WHERE {}",
        "CONSTRUCT WHERE { ?s ?p [] }",
        "CONSTRUCT FROM <x:a#b> WHERE { ?s ?p [] }",
        "CONSTRUCT { ?s ?p ?o {| <x:p> 1 |} } WHERE { ?s ?p ?o }",
        "CONSTRUCT { <<?s ?p ?o>> <x:p> 1 } WHERE { ?s ?p ?o }",
        "CONSTRUCT{<<?s?p?o>><x:p>1}WHERE{?s?p?o}",
        "CONSTRUCT { ?s ?p ?o ~ } WHERE { ?s ?p ?o }",
        "# CONSTRUCT {}\nCONSTRUCT { ?s ?p (1) } WHERE { ?s ?p ?o }",
        "PREFIX construct: <x:>CONSTRUCT { ?s ?p (1) } WHERE { ?s ?p ?o }",
        "CONSTRUCT { ?s ?p '}', (1) } WHERE { ?s ?p ?o }",
        'CONSTRUCT { ?s ?p "}", (1) } WHERE { ?s ?p ?o }',
        'CONSTRUCT { ?s ?p """a"}""", (1) } WHERE { ?s ?p ?o }',
        'CONSTRUCT { ?s ?p "a\\"}", (1) } WHERE { ?s ?p ?o }',
        'CONSTRUCT { ?s ?p "a\\u0022}", (1) } WHERE { ?s ?p ?o }',
        "CONSTRUCT { ?s ?p ?o #}\n, (1) } WHERE { ?s ?p ?o }",
        "CONSTRUCT { <x:a> ?p ?o #<x:b>}\n, (1) } WHERE { ?s ?p ?o }",
    ],
)
def test_what_may_differ_the_next_time_is_volatile(text: str) -> None:
    assert is_volatile(text)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?now { ?now ?rand ?o }",
        "SELECT ?now (COUNT(*) AS ?n) { ?now ?rand ?o } GROUP BY ?now",
        "PREFIX x: <urn:> SELECT * { ?s x:now <urn:uuid:1> ; x:knows ?o }",
        "SELECT ?service { ?service ?p ?o }",
        "SELECT * { ?s ?p [ ?q ?o ] }",
        "CONSTRUCT WHERE { ?s ?p ?o }",
        "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o , [] FILTER(?o = 1) }",
        "CONSTRUCT { <x:a#b> ?p \"it's\", 'so' } WHERE { VALUES (?p ?o) { (1 2) } }",
    ],
)
def test_names_that_sound_so_are_not_volatile(text: str) -> None:
    assert not is_volatile(text)


def test_in_a_long_text_whatever_sounds_so_is_volatile() -> None:
    text = "SELECT ?now { ?now ?p ?o FILTER(?o > 1) }"
    assert not is_volatile(text + "#" * (LONGEST_READ - len(text)))
    assert is_volatile(text + "#" * LONGEST_READ)
    assert not is_volatile("SELECT ?now { ?now ?p ?o }" + "#" * LONGEST_READ)
    assert not is_volatile("SELECT ?s { ?s ?p ?o }" + "#" * LONGEST_READ)
    made = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p [] }"
    assert not is_volatile(made)
    assert is_volatile(made + "#" * LONGEST_READ)


@pytest.mark.parametrize(
    "piece",
    [
        "é",
        "a.",
        "\\u0041",
        '\\"',
        "NOW ",
        "NOW#",
        "NOW#\n",
        "#",
        " ",
        "_:",
        "RAND",
        "<",
        "'''",
        "%",
        "CONSTRUCT",
        "CONSTRUCT}",
        'CONSTRUCT"}',
        "CONSTRUCT{<a",
        "CONSTRUCT{'\"<",
        "CONSTRUCT{'a'<b>",
    ],
)
def test_the_time_it_takes_grows_with_the_length_alone(piece: str) -> None:
    def seconds(length: int) -> float:
        text = ("SELECT " + piece * length)[:length]
        started = time.thread_time()
        is_volatile(text)
        return time.thread_time() - started

    # Sixteen times the text may take sixteen times as long; a square would take 256 times.
    short = min(seconds(16_384) for _ in range(3))
    assert min(seconds(262_144) for _ in range(3)) < 100 * max(short, 0.0005)


def test_what_was_not_asked_for_differs_from_what_was_asked_for_as_nothing() -> None:
    tags = {
        entity_tag("1", *parts) for parts in ((None,), ("",), (), ("-",), (None, None), ("", ""))
    }
    assert len(tags) == 6


def test_each_version_of_the_program_has_tags_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    query = Query("ASK {}", None, "a/b", None)
    before = entity_tag("1", "x"), query_tag("1", query)
    monkeypatch.setattr(answers, "_PROGRAM", b"another")
    answers.around.cache_clear()
    assert not {*before} & {entity_tag("1", "x"), query_tag("1", query)}


def test_a_tag_begins_as_the_digest_in_the_log_does() -> None:
    tag = query_tag("1", Query("ASK {}", None, "a/b", None))
    assert tag is not None
    assert tag.startswith(digest("ASK {}")[:16])
    assert len(tag) == 32


def test_each_dataset_has_tags_of_its_own() -> None:
    datasets = [
        Dataset(),
        Dataset(default_graphs=("urn:a",)),
        Dataset(named_graphs=("urn:a",)),
        Dataset(("urn:a", "urn:b")),
        Dataset(("urn:a",), ("urn:b",)),
        Dataset(("urn:b",), ("urn:a",)),
        Dataset((), ("urn:a", "urn:b")),
    ]
    tags = {query_tag("1", Query("ASK {}", None, "a/b", None, each)) for each in datasets}
    assert len(tags) == len(datasets)


@pytest.mark.parametrize(
    ("since", "known"),
    [
        ("Sat, 28 Nov 2026 12:00:00 GMT", True),
        ("Sat, 28 Nov 2026 12:00:01 GMT", True),
        ("Sat, 28 Nov 2026 11:59:59 GMT", False),
        ("yesterday", False),
    ],
)
def test_a_client_that_has_it_since_the_very_second_has_it(since: str, known: bool) -> None:
    modified = datetime(2026, 11, 28, 12, tzinfo=UTC)
    assert is_known("tag", modified, None, since) is known
