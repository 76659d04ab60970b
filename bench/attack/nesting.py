"""Queries that are deep or wide: what a parser, an optimiser or an evaluator recurses on."""

from __future__ import annotations

from collections.abc import Iterator

DEPTHS = (100, 2_000, 20_000, 150_000)
P = "<https://w3id.org/cecot/ontology#passage>"


def nested(depths: tuple[int, ...] = DEPTHS) -> Iterator[tuple[str, str]]:
    """Name and text of each query, at each of ``depths`` that fits into a megabyte."""
    for name, start, middle, end, head, tail in _FRAMES:
        for depth in depths:
            text = head + start * depth + middle + end * depth + tail
            if len(text) <= 1_000_000:
                yield f"{name} {depth}", text


_FRAMES = (
    ("parentheses", "(", "1", ")", "SELECT * { FILTER", " }"),
    ("groups", "{", "?s ?p ?o", "}", "SELECT * ", ""),
    ("unions", "{", "{}", "}UNION{}", "SELECT * {", "}"),
    ("optionals", "OPTIONAL{?s ?p ?o ", "", "}", "SELECT * {", "}"),
    ("minus", "MINUS{?s ?p ?o ", "", "}", "SELECT * {?s ?p ?o ", "}"),
    ("not exists", "FILTER NOT EXISTS{?s ?p ?o ", "", "}", "SELECT * {?s ?p ?o ", "}"),
    ("exists in bind", "BIND(EXISTS{?s ?p ?o ", "", "} AS ?x)", "SELECT * {", "}"),
    ("subselects", "{SELECT * ", "{?s ?p ?o}", "}", "SELECT * ", ""),
    ("graphs", "GRAPH ?g{", "?s ?p ?o", "}", "SELECT * {", "}"),
    ("not", "!", "true", "", "SELECT * { FILTER(", ") }"),
    ("minus signs", "-", "1", "", "SELECT * { FILTER(", ") }"),
    ("minus signs apart", "- ", "1", "", "SELECT * { FILTER(", ") }"),
    ("str", "STR(", "1", ")", "SELECT (", " AS ?x) {}"),
    ("if", "IF(true,", "1", ",2)", "SELECT (", " AS ?x) {}"),
    ("coalesce", "COALESCE(?x,", "1", ")", "SELECT (", " AS ?x) {}"),
    ("concat", 'CONCAT("a",', '"b"', ")", "SELECT (", " AS ?x) {}"),
    ("in", "1 IN (", "1", ")", "SELECT * { FILTER(", ") }"),
    ("path parentheses", "(", P, ")", "SELECT * { ?s ", " ?o }"),
    ("path stars", "(", P, ")*", "SELECT * { ?s ", " ?o }"),
    ("path plus", "(", P, "|^<a:b>)+", "SELECT * { ?s ", " ?o }"),
    ("path inverse", "^", P, "", "SELECT * { ?s ", " ?o }"),
    ("path inverse apart", "^(", P, ")", "SELECT * { ?s ", " ?o }"),
    ("path alternatives", f"({P}|", P, ")", "SELECT * { ?s ", " ?o }"),
    ("path sequences", f"{P}/", P, "", "SELECT * { ?s ", " ?o }"),
    ("collections", "(", "1", ")", "SELECT * { ?s ?p ", " }"),
    ("blank nodes", "[?p ", "1", "]", "SELECT * { ?s ?p ", " }"),
    ("triple terms", "<<( <a:b> <a:b> ", "1", " )>>", "SELECT * { ?s ?p ", " }"),
    ("reified triples", "<< <a:b> <a:b> ", "1", " >>", "SELECT * { ?s ?p ", " }"),
    ("annotations", "{| ?p ?o ", "", "|}", "SELECT * { ?s ?p ?o ", " }"),
    ("or", "?x||", "?y", "", "SELECT * { FILTER(", ") }"),
    ("plus", "1+", "1", "", "SELECT (", " AS ?x) {}"),
    ("order by", "(", "?s", ")", "SELECT * { ?s ?p ?o } ORDER BY ", ""),
    ("having", "(", "1", ")", "SELECT ?s { ?s ?p ?o } GROUP BY ?s HAVING", ""),
    ("aggregates", "(", "?s", ")", "SELECT (COUNT(", ") AS ?n) { ?s ?p ?o }"),
    ("construct", "[?p ", "1", "]", "CONSTRUCT { ?s ?p ", " } WHERE { ?s ?p ?o }"),
    ("flat union", "{?s ?p ?o}UNION", "{?s ?p ?o}", "", "SELECT * {", "}"),
    ("flat optional", "OPTIONAL{?s ?p ?o}", "", "", "SELECT * {", "}"),
    ("flat minus", "MINUS{?s ?p ?o}", "", "", "SELECT * {?s ?p ?o ", "}"),
    ("flat filters", "FILTER(?x>1)", "", "", "SELECT * {", "}"),
    ("flat joins", "?s ?p ?o.", "", "", "SELECT * {", "}"),
    ("flat groups", "{?s ?p ?o}", "", "", "SELECT * {", "}"),
    ("unclosed groups", "{", "", "", "SELECT * ", ""),
    ("unclosed parentheses", "(", "", "", "SELECT * { FILTER", ""),
    ("closing only", "}", "", "", "SELECT * ", ""),
    ("prefixes", "PREFIX a:<b:c>\n", "", "", "", "ASK{}"),
    ("bases", "BASE<a:b>\n", "", "", "", "ASK{}"),
    ("comments", "#\n", "", "", "", "ASK{}"),
)


def wide() -> Iterator[tuple[str, str]]:
    """Queries of ordinary depth with very many parts."""
    many = range(30_000)
    chain = " . ".join(f"?v{i} ?p{i} ?v{i + 1}" for i in range(400))
    star = " ; ".join(f"?p{i} ?o{i}" for i in range(400))
    yield "400 joins in a chain", f"SELECT * {{ {chain} }} LIMIT 1"
    yield "400 joins in a star", f"SELECT * {{ ?s {star} }} LIMIT 1"
    yield (
        "30 optionals",
        "SELECT * {" + "".join(f"OPTIONAL{{?s ?p{i} ?o{i}}}" for i in range(30)) + "}",
    )
    yield "values of 30,000 rows", f"SELECT * {{ VALUES ?x {{ {' '.join(map(str, many))} }} }}"
    yield (
        "values of 2,000 columns",
        f"SELECT * {{ VALUES ({' '.join(f'?v{i}' for i in range(2000))})"
        f" {{ {('(' + '1 ' * 2000 + ')') * 20} }} }}",
    )
    rows = " ".join(map(str, range(3000)))
    yield (
        "values joined with values",
        f"SELECT (COUNT(*) AS ?n) {{ VALUES ?x {{ {rows} }} VALUES ?y {{ {rows} }}"
        f" VALUES ?z {{ {rows} }} FILTER(?x + ?y = ?z) }}",
    )
    yield (
        "values of undefs joined",
        "SELECT (COUNT(*) AS ?n) { VALUES (?a ?b) { "
        + "(UNDEF 1)(1 UNDEF)" * 3000
        + " } VALUES (?a ?b) { "
        + "(UNDEF 1)(1 UNDEF)" * 3000
        + " } }",
    )
    yield "in with 30,000", f"SELECT * {{ ?s ?p ?o FILTER(?o IN ({','.join(map(str, many))})) }}"
    yield "not in with 30,000", f"ASK {{ ?s ?p ?o FILTER(?o NOT IN ({','.join(map(str, many))})) }}"
    yield "concat of 30,000", "SELECT (CONCAT(1" + ",1" * 30_000 + ") AS ?x) {}"
    yield "30,000 variables", f"SELECT {' '.join(f'?v{i}' for i in many)} {{ ?s ?p ?o }} LIMIT 3"
    yield "5,000 binds", "SELECT * {" + "".join(f"BIND({i} AS ?v{i})" for i in range(5000)) + "}"
    yield "3,000 order keys", f"SELECT * {{?s ?p ?o}} ORDER BY {' '.join(['?o'] * 3000)} LIMIT 1"
    yield (
        "3,000 group keys",
        "SELECT (COUNT(*) AS ?n) {?s ?p ?o} GROUP BY "
        + " ".join(f"(STR(?o) AS ?g{i})" for i in range(3000)),
    )
    yield "a string of 900 KB", f'SELECT ("{"x" * 900_000}" AS ?x) {{}}'
    yield "an IRI of 900 KB", f"SELECT * {{ <a:{'x' * 900_000}> ?p ?o }}"
    yield "a number of 900 KB", f"SELECT ({'9' * 900_000} AS ?x) {{}}"
    yield "a decimal of 900 KB", f"SELECT (1 / 0.{'3' * 900_000} AS ?x) {{}}"
    yield "a name of 900 KB", f"SELECT * {{ ?s a:{'x' * 900_000} ?o }}"
    yield "a variable of 900 KB", f"SELECT ?{'x' * 900_000} {{ ?s ?p ?o }} LIMIT 1"
    yield "a comment of 900 KB", f"#{'x' * 900_000}\nASK {{}}"
    yield "spaces, 900 KB", f"ASK{' ' * 900_000}{{}}"
