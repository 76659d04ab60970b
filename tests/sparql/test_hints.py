"""An answer that is empty because of a misspelt name says so, and what may have been meant."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pyoxigraph import RdfFormat, Store

from cecot.engine import Dataset, Query
from cecot.sparql.deviations import Hint
from cecot.sparql.evaluation import InProcessEngine
from cecot.sparql.hints import (
    HINTED_WITHIN,
    Vocabulary,
    find_hints,
    find_replaced,
    hints_on,
    is_empty,
)
from cecot.sparql.lexer import LONGEST, mentions

ONTOLOGY, IDS = "https://garden.example/ontology#", "https://garden.example/id/"
SCHEMA = "https://schema.org/"
GRAPH, OTHER = "https://garden.example/rules", "https://garden.example/limits"
DATA = f"""
PREFIX : <{ONTOLOGY}>
PREFIX id: <{IDS}>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX schema: <{SCHEMA}>
:Plant a rdfs:Class . :height a rdfs:Property . :Flower a rdfs:Class . :width a rdf:Property .
id:tall-fern a :Plant ; :height 40 ; rdfs:label "Fern"@en , "Helecho"@es ; schema:name "F1" .
id:fern-in-the-shade a :Plant .
id:moss a :Plant ; :height 2 ; schema:alternateName "Moss"@en , "Moss"@es .
id:bed-30 a :Plant ; :statedBy id:moss ; schema:award "Fern" ; rdfs:label "Moss"@en .
<{GRAPH}> {{ :tallEnough a :Rule }}
<{OTHER}> {{ :few a :Limit }}
"""
PREFIXES = f"""PREFIX : <{ONTOLOGY}> PREFIX id: <{IDS}> PREFIX schema: <{SCHEMA}>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> """
VOCABULARY = Vocabulary(
    {"id": IDS, "schema": SCHEMA},
    (ONTOLOGY, IDS),
    "https://garden.example/",
    {f"{ONTOLOGY}Plant"},
    {f"{ONTOLOGY}height", f"{SCHEMA}name", f"{ONTOLOGY}statedBy"},
    {GRAPH, OTHER},
)


@pytest.fixture(scope="module")
def engine() -> InProcessEngine:
    """An engine over two plants."""
    store = Store()
    store.load(DATA.encode(), RdfFormat.TRIG)
    return InProcessEngine(store)


def hints(engine: InProcessEngine, query: str) -> tuple[Hint, ...]:
    """What is said of ``query``, which must be a query."""
    engine.answer(Query(PREFIXES + query, "text/csv", "text/csv", "text/turtle"))
    return find_hints(engine, PREFIXES + query, VOCABULARY)


@pytest.mark.parametrize(
    ("query", "iri", "like"),
    [
        ("SELECT * { ?x a :Plent }", f"{ONTOLOGY}Plent", [f"{ONTOLOGY}Plant"]),
        ("SELECT * { ?x a :plant }", f"{ONTOLOGY}plant", [f"{ONTOLOGY}Plant"]),
        ("SELECT * { ?x :heigth ?y }", f"{ONTOLOGY}heigth", [f"{ONTOLOGY}height"]),
        (
            "ASK { id:fern :height ?y }",
            f"{IDS}fern",
            [f"{IDS}tall-fern", f"{IDS}fern-in-the-shade"],
        ),
        (f"DESCRIBE <{IDS}mos>", f"{IDS}mos", [f"{IDS}moss"]),
        ("DESCRIBE <id/mos>", f"{IDS}mos", [f"{IDS}moss"]),
        ("ASK { id:nothing-of-the-kind ?p ?o }", f"{IDS}nothing-of-the-kind", []),
        (
            "ASK { ?x <http://schema.org/name> ?n }",
            "http://schema.org/name",
            [f"{SCHEMA}name"],
        ),
        ("ASK { ?x schema:nmae ?n }", f"{SCHEMA}nmae", [f"{SCHEMA}name"]),
        ("ASK { ?x :stated ?n }", f"{ONTOLOGY}stated", [f"{ONTOLOGY}statedBy"]),
        # What is one letter off is offered; another word, another number, another kind is not.
        ("ASK { ?x a :Planet }", f"{ONTOLOGY}Planet", [f"{ONTOLOGY}Plant"]),
        ("ASK { ?x a :Plunge }", f"{ONTOLOGY}Plunge", []),
        ("ASK { ?x a :StatedBy }", f"{ONTOLOGY}StatedBy", []),
        ("ASK { ?x rdf:type :StatedBy }", f"{ONTOLOGY}StatedBy", []),
        ("ASK { ?x :StatedBy ?y }", f"{ONTOLOGY}StatedBy", [f"{ONTOLOGY}statedBy"]),
        ("ASK { ?x :plant ?y }", f"{ONTOLOGY}plant", []),
        ("ASK { ?x a id:mos }", f"{IDS}mos", []),
        ("ASK { ?x a :Flwoer }", f"{ONTOLOGY}Flwoer", [f"{ONTOLOGY}Flower"]),
        ("ASK { ?x :wdith ?y }", f"{ONTOLOGY}wdith", [f"{ONTOLOGY}width"]),
        ("ASK { id:bed-31 ?p ?o }", f"{IDS}bed-31", []),
        ("ASK { ?x <urn:elsewhere> ?y }", "urn:elsewhere", []),
        ("ASK { ?x a :Plant ; <urn:elsewhere> ?y }", "urn:elsewhere", []),
        ("ASK { ?x :height/<urn:elsewhere> ?y }", "urn:elsewhere", []),
        ("ASK { ?x a <urn:elsewhere> }", "urn:elsewhere", []),
        ("ASK { FILTER(true) ?x <urn:elsewhere> ?y }", "urn:elsewhere", []),
        ("ASK { [] <urn:elsewhere> ?y }", "urn:elsewhere", []),
        ("ASK { ?x :height [ <urn:elsewhere> ?y ] }", "urn:elsewhere", []),
        ("ASK { ?x (<urn:elsewhere>|:height)/:height ?y }", "urn:elsewhere", []),
        ("ASK { ?x !(^<urn:elsewhere>) 1 }", "urn:elsewhere", []),
        ("ASK { <moss> ?x ?y }", "https://garden.example/moss", [f"{IDS}moss"]),
        ("ASK { GRAPH ?g { ?x a :Rulle } }", f"{ONTOLOGY}Rulle", []),
        ("SELECT (MAX(?y) AS ?z) { ?x :heigth ?y }", f"{ONTOLOGY}heigth", [f"{ONTOLOGY}height"]),
    ],
)
def test_a_name_that_stands_nowhere_is_told_with_those_like_it(
    engine: InProcessEngine, query: str, iri: str, like: list[str]
) -> None:
    base = "BASE <https://garden.example/> " if "<id/" in query or "<moss>" in query else ""
    assert hints(engine, base + query) == (Hint("unknown", {"iri": iri, "like": " ".join(like)}),)


def test_a_prefix_that_is_declared_otherwise_is_put_right(engine: InProcessEngine) -> None:
    query = "PREFIX id: <https://garden.example/ids/> ASK { id:moss ?p ?o }"
    assert find_hints(engine, query, VOCABULARY) == (
        Hint("unknown", {"iri": "https://garden.example/ids/moss", "like": f"{IDS}moss"}),
    )


@pytest.mark.parametrize(
    "query",
    [
        "ASK { ?x a :Plant ; :height 3 }",
        "ASK { ?x a :Flower }",
        "ASK { <urn:elsewhere> ?x ?y }",
        "ASK { ?x ?y <urn:elsewhere> }",
        "ASK { ?x :height '3'^^<http://www.w3.org/2001/XMLSchema#nonsense> }",
        'ASK { ?x ?p "F1" ; :height 2 }',
        'ASK { ?x ?p "no such text" }',
        'ASK { ?x ?p ?o FILTER(CONTAINS(STR(?o), "Fern") && isBlank(?o)) }',
        "ASK { ?x ?p ?o FILTER(:unknown(?o)) }",
        "ASK { GRAPH ?g { ?x a :Rule , :Plant } }",
        f"ASK {{ GRAPH <{GRAPH}> {{ ?x a :Plant }} }}",
        f'SELECT * FROM <{GRAPH}> {{ ?x ?p "Moss" }}',
        f"ASK {{ GRAPH ?g {{ ?x a :Plant }} FILTER(?g = <{GRAPH}>) }}",
        f"ASK {{ GRAPH <{GRAPH}> {{ ?x :height ?y }} }}",
        f"SELECT * FROM <{GRAPH}> {{ :tallEnough a :Rule ; ?p 1 }}",
        f"SELECT * FROM NAMED <{GRAPH}> {{ GRAPH ?g {{ ?x a :Rule ; ?p 1 }} }}",
        "ASK { ?x ?y 1 VALUES ?x { <urn:elsewhere> <urn:elsewhere:too> } }",
        "ASK { ?x :height (<urn:elsewhere>) }",
        'ASK { ?x :statedBy "Moss" }',
        'ASK { ?x :statedBy|schema:name "Moss" }',
        'ASK { ?x (:statedBy) "Moss" }',
        'ASK { ?x :height/(schema:name|:statedBy)+ "Moss" }',
        'ASK { ?x :statedBy|schema:name ?y FILTER(?y = "Moss") }',
        'ASK { ?x :statedBy ?y FILTER(?y = "Moss") }',
        'ASK { ?x :statedBy ?y VALUES ?y { "Moss" } }',
        'ASK { ?x :statedBy ?y FILTER(STR(?y) = "Moss") }',
    ],
)
def test_of_names_that_are_there_or_nobody_elses_business_nothing_is_said(
    engine: InProcessEngine, query: str
) -> None:
    assert hints(engine, query) == ()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ('ASK { ?x rdfs:label "Fern" }', {"text": "Fern", "languages": "en"}),
        ('ASK { ?x rdfs:label ?y FILTER("Fern" = ?y) }', {"text": "Fern", "languages": "en"}),
        ('ASK { ?x rdfs:label ?y VALUES ?y { "" "Fern" } }', {"text": "Fern", "languages": "en"}),
        ('ASK { ?x schema:name|rdfs:label "Helecho" }', {"text": "Helecho", "languages": "es"}),
        ('ASK { ?x (schema:name|rdfs:label)+ "Fern" }', {"text": "Fern", "languages": "en"}),
        (
            'ASK { ?x rdfs:label|schema:alternateName "Moss" }',
            {"text": "Moss", "languages": "en es"},
        ),
        ('ASK { ?x rdfs:label "x", "Helecho" }', {"text": "Helecho", "languages": "es"}),
        ('ASK { ?x ?p ?o FILTER(?o = "Moss") }', {"text": "Moss", "languages": "en es"}),
        ("ASK { ?x ?p '''Helecho''' }", {"text": "Helecho", "languages": "es"}),
    ],
)
def test_a_string_that_the_graph_has_in_a_language_only_is_told(
    engine: InProcessEngine, query: str, expected: dict[str, str]
) -> None:
    assert hints(engine, query) == (Hint("untagged", expected),)


@pytest.mark.parametrize(
    ("query", "dataset", "told"),
    [
        (
            "ASK { ?x a :Rule }",
            Dataset(),
            Hint("elsewhere", {"iri": f"{ONTOLOGY}Rule", "graph": GRAPH}),
        ),
        (
            f"ASK {{ GRAPH <{OTHER}> {{ ?x a :Rule }} }}",
            Dataset(),
            Hint("elsewhere", {"iri": f"{ONTOLOGY}Rule", "graph": GRAPH}),
        ),
        *(
            (query, dataset, Hint("outside", {"iri": f"{ONTOLOGY}{name}"}))
            for query, dataset, name in (
                (f"SELECT * FROM <{GRAPH}> {{ ?x a :Plant }}", Dataset(), "Plant"),
                (f"SELECT * FROM <{OTHER}> {{ ?x a :Rule }}", Dataset(), "Rule"),
                ("ASK { ?x :height ?y }", Dataset((GRAPH,)), "height"),
                ("ASK { GRAPH ?g { ?x a :Rule } }", Dataset((), (OTHER,)), "Rule"),
            )
        ),
        (
            "ASK { GRAPH <ruls> {} }",
            Dataset(),
            Hint("graph", {"iri": "https://garden.example/ruls", "like": GRAPH}),
        ),
        (
            "SELECT * FROM <urn:g> { ?x a :Plant }",
            Dataset(),
            Hint("graph", {"iri": "urn:g", "like": ""}),
        ),
        ("SELECT * FROM NAMED <urn:g> {}", Dataset(), Hint("graph", {"iri": "urn:g", "like": ""})),
        (
            "ASK { ?x ?y 1 }",
            Dataset(default_graphs=("urn:g",)),
            Hint("graph", {"iri": "urn:g", "like": ""}),
        ),
        (
            "ASK { ?x ?y 1 }",
            Dataset(named_graphs=("urn:g",)),
            Hint("graph", {"iri": "urn:g", "like": ""}),
        ),
    ],
)
def test_graphs_that_are_not_there_or_not_asked_are_told(
    engine: InProcessEngine, query: str, dataset: Dataset, told: Hint
) -> None:
    assert find_hints(engine, PREFIXES + query, VOCABULARY, dataset) == (told,)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("SELECT * { ?x schema:size ?y }", True),
        (f"SELECT * {{ ?x <{SCHEMA}size> ?y ; :height ?z }}", True),
        ("SELECT * { ?x schema:size ?y ; schema:alternateName ?z }", True),
        ("SELECT * { ?x schema:name ?y }", True),
        ("SELECT * { ?x schema:name ?y ; schema:alternateName ?z }", False),
        ('SELECT * { ?x :height ?y FILTER(?y = "size") }', False),
    ],
)
def test_a_term_that_another_has_replaced_is_told_unless_it_is_meant(
    query: str, *, found: bool
) -> None:
    replaced = {f"{SCHEMA}size": f"{ONTOLOGY}height", f"{SCHEMA}name": f"{ONTOLOGY}name"}
    told = find_replaced(PREFIXES + query, replace(VOCABULARY, replaced=replaced))
    assert [each.told["by"] for each in told] == (
        [f"{ONTOLOGY}{'height' if 'size' in query else 'name'}"] if found else []
    )


def test_where_nothing_has_a_class_no_property_is_offered_for_one(engine: InProcessEngine) -> None:
    vocabulary = replace(VOCABULARY, classes=())
    [hint] = find_hints(engine, PREFIXES + "ASK { ?x a :Height }", vocabulary)
    assert hint.told["like"] == ""


def test_a_slow_answer_is_not_looked_at(engine: InProcessEngine) -> None:
    query = Query(PREFIXES + "ASK { ?x :heigth ?y }", "text/csv", "text/csv", "text/turtle")
    answer = engine.answer(query)
    assert hints_on(engine, query, answer._replace(seconds=HINTED_WITHIN), VOCABULARY)
    assert not hints_on(engine, query, answer._replace(seconds=2 * HINTED_WITHIN), VOCABULARY)


def test_an_empty_answer_tells_of_the_successor_alone(engine: InProcessEngine) -> None:
    replaced = {f"{SCHEMA}size": f"{ONTOLOGY}height"}
    vocabulary = replace(VOCABULARY, replaced=replaced)
    query = PREFIXES + "SELECT * { ?x schema:size ?y }"
    expected = (Hint("replaced", {"iri": f"{SCHEMA}size", "by": f"{ONTOLOGY}height"}),)
    assert find_hints(engine, query, vocabulary) == expected


@pytest.mark.parametrize(
    ("query", "empty"),
    [
        ("SELECT * { ?x a <urn:none> }", True),
        ("SELECT (COUNT(*) AS ?n) { ?x a <urn:none> }", True),
        ("SELECT (COUNT(*) AS ?n) { ?x ?p ?o }", False),
        *(
            (f"SELECT ({name}(?x) AS ?n) (COUNT(*) AS ?m) {{ ?x a <urn:none> }}", True)
            for name in ("MIN", "MAX", "SUM", "AVG", "SAMPLE", "GROUP_CONCAT")
        ),
        ("SELECT (MAX(?x) AS ?n) { ?x a <urn:none> }", True),
        ("SELECT (GROUP_CONCAT(?x) AS ?n) { ?x a <urn:none> }", True),
        ("SELECT (MAX(?o) AS ?n) { ?x ?p ?o }", False),
        ("SELECT (0 AS ?n) { ?x ?p ?o } LIMIT 2", False),
        ("SELECT ?x { ?x ?p ?o } LIMIT 1", False),
        ("ASK { ?x a <urn:none> }", True),
        ("ASK { ?x ?p ?o }", False),
        ("CONSTRUCT { ?x a ?x } { ?x a <urn:none> }", True),
        ("CONSTRUCT { ?x a ?x } { ?x ?p ?o } LIMIT 1", False),
    ],
)
@pytest.mark.parametrize(
    "formats",
    [
        ("text/csv", "text/csv", "text/turtle"),
        ("text/tab-separated-values", "application/sparql-results+json", "application/rdf+xml"),
        ("application/sparql-results+json", "text/csv", "application/ld+json"),
        ("application/sparql-results+xml", "application/sparql-results+xml", "text/turtle"),
    ],
)
def test_an_empty_answer_is_known_in_every_format(
    engine: InProcessEngine, query: str, empty: bool, formats: tuple[str, str, str]
) -> None:
    assert is_empty(engine.answer(Query(query, *formats))) is empty


def test_what_a_query_names_is_read_from_its_tokens() -> None:
    named = mentions(
        r"""PREFIX ex: <urn:x:> SELECT * FROM <urn:graph> { # ex:comment
        ?s ex:a\,b "ex:string" ; ^ex:up <urn:y> . ex:a "tagged"@en, "n"^^ex:type, 'it\'s' }"""
    )
    assert named.iris == ("urn:x:a,b", "urn:x:up", "urn:y", "urn:x:a")
    assert named.graphs == ("urn:graph",)
    assert named.strings == (("ex:string", "urn:x:a,b"), ("it's", "urn:x:a"))
    assert mentions("ASK { <urn:a> ?p ?o }" + " " * LONGEST).iris == ()


def test_a_name_that_no_header_could_hold_is_not_told(engine: InProcessEngine) -> None:
    assert hints(engine, f"SELECT * {{ ?s <{ONTOLOGY}{'h' * 400}> ?o }}")
    assert not hints(engine, f"SELECT * {{ ?s <{ONTOLOGY}{'h' * 600}> ?o }}")
