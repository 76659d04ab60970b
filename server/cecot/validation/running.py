"""One validation: the shapes by pySHACL, the checks beside them, one report (docs: rules)."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from time import perf_counter

from rdflib import Graph
from rdflib.term import URIRef

from cecot.dataset.content import Material
from cecot.validation.checked import Check, Checked
from cecot.validation.data import CheckedGraph
from cecot.validation.dates import check_days, check_precision
from cecot.validation.places import Places
from cecot.validation.quantities import check_numbers, check_same_quantities, check_units
from cecot.validation.report import Finding, Found, Report, merged
from cecot.validation.rules import Rule, Severity, read_rules
from cecot.validation.shacl import run_shapes, shapes_graph
from cecot.validation.source_text import check_share, check_source_text
from cecot.validation.wording import Wording
from cecot.validation.written import check_facts, check_literals, check_prefixes
from cecot.vocabulary import CECOT, RDF

CHECKS: dict[str, Check] = {
    "DateAsPrecise": check_precision,
    "DateWithinEdtf": check_days,
    "FactsAreDerived": check_facts,
    "LiteralForm": check_literals,
    "NumberAsWritten": check_numbers,
    "PrefixTable": check_prefixes,
    "QuotationShare": check_share,
    "SameQuantity": check_same_quantities,
    "SourceText": check_source_text,
    "UnitFitsProperty": check_units,
}
"""The checks beside SHACL, by the local name of the shape that describes each."""


def validate(
    material: Material,
    *,
    texts: Sequence[Path] = (),
    progress: Callable[[str], None] = lambda _: None,
) -> Report:
    """Check ``material`` by the rules of its own shapes.

    ``texts`` are files that hold the text of a source: quotations are proved against them. A check
    beside SHACL runs if the shapes describe it. ``progress`` is told what is being done.

    Raises UsageError if the shapes are not in order or a text cannot be read, QuerySyntaxError if a
    rule holds a query that does not parse.
    """
    start = perf_counter()
    progress("reading the graph")
    data = CheckedGraph(material)
    shapes = shapes_graph(material)
    namespace = material.names.shapes_iri + "#"
    rules = read_rules(shapes, namespace)
    progress("running the SHACL rules")
    found = [run_shapes(data, shapes, material)]
    checked = Checked(material, data, namespace, tuple(texts))
    progress("running the checks beside SHACL")
    found += [check(checked) for name, check in CHECKS.items() if namespace + name in rules]
    placed = _placed(chain.from_iterable(found), rules, material, data)
    return Report(
        findings=merged(placed),
        rules=tuple(rules.values()),
        prefixes=material.prefixes,
        files=len(material.rooms.ontology_files()) + len(material.rooms.graph_files()),
        claims=len(set(data.subjects(RDF.type, CECOT.Claim))),
        seconds=perf_counter() - start,
    )


def _placed(
    found: Iterator[Found], rules: dict[str, Rule], material: Material, data: Graph
) -> Iterator[Finding]:
    places, wording = Places(material, data), Wording(material, data)
    component = URIRef(material.names.shapes_iri + "#BesideShaclComponent")
    for one in found:
        place = places.of(one)
        rule = rules.get(one.rule) or Rule(one.rule, one.rule, one.rule, Severity.VIOLATION, {}, {})
        yield Finding(
            rule=rule,
            message=rule.message or one.message,
            detail=wording.of(one),
            file=Path(os.path.abspath(place[0])) if place else None,
            line=place[1] if place else None,
            node=one.node,
            path=one.path,
            value=one.value,
            component=one.component or component,
        )
