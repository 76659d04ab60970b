"""Queries that compute or keep more than one query may: joins, sorts, strings, patterns, paths."""

from __future__ import annotations

from collections.abc import Iterator

CROSS = "{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
ANY = "(<a:b>|!<a:b>)"
BOTH = "(!<a:b>|^!<a:b>)"


def joins() -> Iterator[tuple[str, str]]:
    """Cross joins of the whole graph with itself, and what may be made of them."""
    yield "all", f"SELECT * {CROSS}"
    yield "sort", f"SELECT * {CROSS} ORDER BY ?c ?f ?i"
    yield "sort, first ten", f"SELECT * {CROSS} ORDER BY DESC(?i) ?f LIMIT 10"
    yield "distinct", f"SELECT DISTINCT ?a ?d ?g {CROSS}"
    yield "distinct, few", f"SELECT DISTINCT ?b {CROSS}"
    yield "reduced", f"SELECT REDUCED ?a {CROSS}"
    yield "count", f"SELECT (COUNT(*) AS ?n) {CROSS}"
    yield "count distinct", f"SELECT (COUNT(DISTINCT *) AS ?n) {CROSS}"
    yield "sum", f"SELECT (SUM(?c * ?f) AS ?n) {CROSS}"
    yield "group", f"SELECT ?a ?d (COUNT(*) AS ?n) {CROSS} GROUP BY ?a ?d"
    yield "group concat", f"SELECT (GROUP_CONCAT(?c) AS ?x) {CROSS}"
    yield "sample", f"SELECT ?a ?d ?g (SAMPLE(?c) AS ?x) {CROSS} GROUP BY ?a ?d ?g"
    yield "min, max", f"SELECT (MIN(?c) AS ?x) (MAX(?f) AS ?y) {CROSS}"
    yield "construct", f"CONSTRUCT {{ ?a ?b ?f . ?d ?e ?i . ?g ?h ?c }} WHERE {CROSS}"
    yield "construct blank", f"CONSTRUCT {{ [] ?b [ ?e ?i ] }} WHERE {CROSS}"
    yield "describe", "DESCRIBE ?a ?c { ?a ?b ?c }"
    yield "describe cross", f"DESCRIBE ?a ?d ?g {CROSS}"
    yield "ask nothing", f"ASK {{ {CROSS} FILTER(CONCAT(STR(?a), STR(?d), STR(?g)) = 'x') }}"
    yield "offset", f"SELECT * {CROSS} OFFSET 1000000000000 LIMIT 10"
    yield "offset and sort", f"SELECT * {CROSS} ORDER BY ?c OFFSET 100000000 LIMIT 10"
    yield "filter", "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f FILTER(STR(?c) < STR(?f)) }"
    yield (
        "regex join",
        "SELECT * { ?a ?b ?c . ?d ?e ?f FILTER REGEX(STR(?c), STR(?f)) } LIMIT 10000",
    )
    yield "minus", "SELECT * { ?a ?b ?c . ?d ?e ?f MINUS { ?d ?b ?a . ?g ?h ?i } }"
    yield (
        "not exists",
        "SELECT (COUNT(*) AS ?n) { ?a ?b ?c FILTER NOT EXISTS"
        " { ?d ?e ?f . ?g ?h ?i FILTER(STR(?f) = STR(?c) && STR(?i) = CONCAT(STR(?c), 'x')) } }",
    )
    yield "left join", "SELECT (COUNT(*) AS ?n) { ?a ?b ?c OPTIONAL { ?d ?e ?f . ?g ?h ?i } }"
    yield (
        "union and sort",
        ("SELECT * { " + " UNION ".join(["{ ?a ?b ?c . ?d ?e ?f }"] * 20) + " } ORDER BY ?c"),
    )
    yield (
        "subselects",
        "SELECT (COUNT(*) AS ?n) { "
        + " ".join(f"{{ SELECT ?x{i} {{ ?x{i} ?p ?o }} }}" for i in range(8))
        + " }",
    )
    yield (
        "values cross",
        "SELECT (COUNT(*) AS ?n) { "
        + " ".join(f"VALUES ?v{i} {{ {' '.join(map(str, range(100)))} }}" for i in range(12))
        + " }",
    )
    yield "same variable", "SELECT (COUNT(*) AS ?n) { ?a ?p ?b . ?b ?q ?c . ?c ?r ?d . ?x ?y ?z }"
    yield "all rows, json", "SELECT * { ?a ?b ?c . ?d ?e ?f }"


def paths() -> Iterator[tuple[str, str]]:
    """Property paths over everything."""
    yield "any star", f"SELECT (COUNT(*) AS ?n) {{ ?s {ANY}* ?o }}"
    yield "both ways star", f"SELECT (COUNT(*) AS ?n) {{ ?s {BOTH}* ?o }}"
    yield "both ways plus", f"SELECT * {{ ?s {BOTH}+ ?o }}"
    yield "star of star", f"SELECT (COUNT(*) AS ?n) {{ ?s (({ANY}*)*)* ?o }}"
    yield "star of sequence", f"SELECT (COUNT(*) AS ?n) {{ ?s ({BOTH}/{BOTH})* ?o }}"
    yield "sequence of stars", f"SELECT (COUNT(*) AS ?n) {{ ?s {BOTH}*/{BOTH}*/{BOTH}* ?o }}"
    yield "long sequence", f"SELECT (COUNT(*) AS ?n) {{ ?s {'/'.join([BOTH] * 12)} ?o }}"
    yield (
        "clique",
        "SELECT (COUNT(*) AS ?n) { "
        + " . ".join(f"?v{i} {BOTH}* ?v{j}" for i in range(5) for j in range(i))
        + " }",
    )
    yield "optional path", f"SELECT (COUNT(*) AS ?n) {{ ?s {'/'.join(['<a:b>?'] * 200)} ?o }}"
    yield "path sort", f"SELECT * {{ ?s {BOTH}* ?o }} ORDER BY ?o ?s"


def strings() -> Iterator[tuple[str, str]]:
    """Strings that double and double."""
    for times in (20, 27, 33, 60):
        steps = "".join(f"BIND(CONCAT(?x{i},?x{i}) AS ?x{i + 1})" for i in range(times))
        yield (
            f"concat, {times} doublings",
            f'SELECT (STRLEN(?x{times}) AS ?n) {{ BIND("abcdefgh" AS ?x0) {steps} }}',
        )
        steps = "".join(f'BIND(REPLACE(?x{i},"a","aa") AS ?x{i + 1})' for i in range(times))
        yield f"replace, {times} doublings", f'SELECT ?x{times} {{ BIND("a" AS ?x0) {steps} }}'
    steps = "".join(f'BIND(REPLACE(?x{i},"(.*)","$1$1$1$1") AS ?x{i + 1})' for i in range(30))
    yield "replace by groups", f'SELECT (STRLEN(?x30) AS ?n) {{ BIND("ab" AS ?x0) {steps} }}'
    steps = "".join(f"BIND(ENCODE_FOR_URI(CONCAT(?x{i},?x{i})) AS ?x{i + 1})" for i in range(30))
    yield "encode", f'SELECT (STRLEN(?x30) AS ?n) {{ BIND("%" AS ?x0) {steps} }}'
    steps = "".join(f"BIND(SHA512(CONCAT(?x,?x{i})) AS ?x{i + 1})" for i in range(200))
    yield (
        "hashes",
        "SELECT (COUNT(?x200) AS ?n)"
        f" {{ ?s ?p ?o BIND(STR(?o) AS ?x0) BIND(STR(?o) AS ?x) {steps} }}",
    )
    yield (
        "group concat squared",
        "SELECT (STRLEN(GROUP_CONCAT(?y)) AS ?n)"
        " { { SELECT (GROUP_CONCAT(STR(?o)) AS ?y) { ?s ?p ?o } } ?a ?b ?c }",
    )
    yield (
        "long separator",
        f'SELECT (GROUP_CONCAT(?o; SEPARATOR="{"x" * 100_000}") AS ?y) {{ ?s ?p ?o }}',
    )
    yield (
        "iri of a long string",
        'SELECT * { BIND("a" AS ?x0) '
        + "".join(f"BIND(CONCAT(?x{i},?x{i}) AS ?x{i + 1})" for i in range(25))
        + 'BIND(IRI(CONCAT("urn:",?x25)) AS ?y) }',
    )


def patterns() -> Iterator[tuple[str, str]]:
    """Regular expressions that are large when compiled, or slow when matched."""
    text = '"' + "a" * 20_000 + '"'
    for name, pattern in (
        ("nested plus", "(a+)+$"),
        ("nested star", "(a*)*b"),
        ("alternatives", "(a|a)*b"),
        ("optional", "a?" * 500 + "a" * 500),
        ("counted", "(a{1,1000}){1,1000}"),
        ("counted thrice", "((a{1,100}){1,100}){1,100}"),
        ("unicode classes", "(\\\\w{100}){100}"),
        ("unicode class times", "\\\\pL{1000}"),
        ("deep", "(" * 10_000 + "a" + ")" * 10_000),
        ("long", "a|" * 100_000),
        ("broken", "("),
        ("back reference", "(a)\\\\1"),
    ):
        yield name, f'SELECT (REGEX({text}, "{pattern}", "i") AS ?x) {{}}'
        yield f"{name}, replace", f'SELECT (STRLEN(REPLACE({text}, "{pattern}", "x")) AS ?x) {{}}'
    yield (
        "each row its own",
        "SELECT (COUNT(*) AS ?n) "
        '{ ?a ?b ?c . ?d ?e ?f FILTER REGEX(STR(?c), CONCAT("(", STR(?f), ")+")) }',
    )
    yield (
        "each row a class",
        "SELECT * { ?a ?b ?c FILTER"
        ' REGEX(STR(?c), CONCAT("\\\\w{1,", STR(STRLEN(STR(?c))), "}x")) }',
    )


def values() -> Iterator[tuple[str, str]]:
    """Arithmetic, dates and functions at their edges."""
    for expression in (
        "1/0", "1.0/0", "1e0/0", "9223372036854775807+1", "-9223372036854775808-1",
        "-9223372036854775808/-1", "170141183460469231731.0*9999999999999.0", "1e308*1e308",
        "ABS(-9223372036854775808)", "ROUND(1e400)", "CEIL(0/0e0)",
        'SUBSTR("abc",-1e308)', 'SUBSTR("abc",1,9223372036854775807)', 'SUBSTR("ä€😀",2,1)',
        'SUBSTR("abc",9223372036854775807,9223372036854775807)', 'STRDT("x",<a:b>)',
        'STRLANG("x","!")', 'IRI("not an iri")', 'IRI("")', 'xsd:integer("99999999999999999999")',
        'xsd:dateTime("99999999999-01-01T00:00:00Z")', 'xsd:dateTime("-0001-01-01T00:00:00Z")',
        'YEAR("2023-02-31"^^xsd:date)', '"P1000000000Y"^^xsd:duration+"P1000000000Y"^^xsd:duration',
        '"9999-12-31T23:59:59Z"^^xsd:dateTime+"P99999999D"^^xsd:dayTimeDuration',
        'ADJUST("2023-01-01T00:00:00Z"^^xsd:dateTime,"PT99H"^^xsd:dayTimeDuration)',
        'REPLACE("abc","","x")', 'REPLACE("abc","b","$9")', 'REPLACE("abc","b","$")',
        'REPLACE("abc","b","\\\\")', 'REGEX("a","a","qqq")', 'LANGMATCHES("","*")', "UUID()",
        'ENCODE_FOR_URI("\\u0000")', 'CONCAT()', "COALESCE()", "RAND()", "NOW()", "BNODE()",
        "<urn:unknown>(1)", "<urn:unknown>(DISTINCT 1)", "TRIPLE(1,2,3)", "SUBJECT(1)",
        "<http://www.w3.org/2001/XMLSchema#decimal>(1e300)", '"\\ud800"', '"\\U00110000"',
        'STRLANGDIR("a","en","ltr")', "1 IN ()", "!?x", "?x = ?y", "SHA512(1)",
    ):  # fmt: skip
        yield (
            expression,
            f"PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>\nSELECT ({expression} AS ?r) {{}}",
        )
    for number in ("99999999999999999999999", "-1", "1.5", "18446744073709551615"):
        yield f"limit {number}", f"SELECT * {{ ?s ?p ?o }} LIMIT {number}"
        yield f"offset {number}", f"SELECT * {{ ?s ?p ?o }} OFFSET {number} LIMIT 1"
    yield (
        "40 unknown functions",
        "SELECT " + " ".join(f"(<urn:f{i}>(?o) AS ?x{i})" for i in range(40)) + " { ?s ?p ?o }",
    )
    yield "unknown aggregate", "SELECT (<urn:f>(DISTINCT ?o) AS ?x) { ?s ?p ?o }"
