"""One validation: the shapes, the checks beside them, one report."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from time import perf_counter

from rdflib.namespace import RDF, SH
from rdflib.term import BNode, Node, URIRef

from cecot.dataset.content import Material
from cecot.errors import CecotError
from cecot.rdf.terms import Prefixes
from cecot.validation.checks import (
    Check,
    Checked,
    check_facts,
    check_links,
    check_literals,
    check_names,
    check_prefixes,
)
from cecot.validation.data import Data, of_material
from cecot.validation.judge import judge, run_shapes
from cecot.validation.places import Places
from cecot.validation.query_texts import filled
from cecot.validation.report import Finding, Found, Report, in_order
from cecot.validation.shapes import IllFormed, Rule, Shapes, by_language, preferred
from cecot.validation.source_text import check_share, check_source_text
from cecot.validation.syntax import check_syntax, notices, placed
from cecot.validation.terms import CECOT
from cecot.validation.values import (
    check_days,
    check_numbers,
    check_precision,
    check_same_quantities,
    check_units,
)
from cecot.validation.wording import Wording, cure

CHECKS: dict[str, Check] = {
    "DateAsPrecise": check_precision,
    "DateWithinEdtf": check_days,
    "FactsAreDerived": check_facts,
    "Links": check_links,
    "LiteralForm": check_literals,
    "NamesAreLinked": check_names,
    "NumberAsWritten": check_numbers,
    "PrefixTable": check_prefixes,
    "QuotationShare": check_share,
    "SameQuantity": check_same_quantities,
    "SourceText": check_source_text,
    "UnitFitsProperty": check_units,
}
"""The checks beside SHACL, by the local name of the shape that describes each."""

_CANNOT_RUN = URIRef("https://w3id.org/cecot/shapes#CannotRunComponent")

ENGINES = ("queries", "pyshacl")


def validate(
    material: Material | Data,
    *,
    texts: Sequence[Path] = (),
    engine: str = "queries",
    checks: Collection[str] | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> Report:
    """Check ``material`` by its own shapes.

    ``texts`` are files that hold the text of a source: quotations are proved against them.
    ``checks`` are those beside SHACL that run: if they are not given, those that the shapes
    describe. ``engine`` is one of ENGINES. ``progress`` is told what is being done.

    Raises UsageError if the shapes are not in order or a text cannot be read, QuerySyntaxError if a
    rule holds a query that does not parse.
    """
    start = perf_counter()
    data = material if isinstance(material, Data) else of_material(material)
    progress("reading the rules")
    check_syntax(data)
    shapes = data.shapes
    rules = dict(shapes.rules)
    judged = judge(data, shapes.graph) if engine == "pyshacl" else run_shapes(data, progress)
    try:
        found = list(judged)
    except IllFormed as fault:
        raise placed(fault, Places.of_shapes(data)) from None
    for name, check in CHECKS.items():
        shape = URIRef(data.namespace + name)
        if (shape in rules) if checks is None else (name in checks):
            progress(f"running the checks beside SHACL: {name}")
            rules.setdefault(shape, _undescribed(name, check))
            found += check(Checked(data, shape, tuple(texts)))
    progress("looking for the lines")
    return Report(
        results=in_order(_placed(found, rules, data)),
        rules=tuple(rules.values()),
        prefixes=data.prefixes,
        files=len({*data.files.ontology, *data.files.data}),
        claims=sum(1 for _ in data.subjects(RDF.type, CECOT.Claim)),
        notices=tuple(notices(data)),
        first=next((Path(os.path.abspath(each)) for each in _files(data)), None),
        seconds=perf_counter() - start,
    )


def _files(data: Data) -> tuple[Path, ...]:
    return *data.files.data, *data.files.shapes


def kebab(name: str) -> str:
    """``LiteralForm`` as ``literal-form``."""
    return re.sub(r"(?<!^)(?=[A-Z])", "-", name).lower()


def unreadable(error: CecotError) -> Report:
    """The report of a validation that could not run: ``error`` and its others, on their lines."""
    rule = Rule("", "cannot-run", "cannot-run", error.title)
    return Report(
        tuple(_cannot_run(each, rule) for each in error.each),
        (rule,),
        Prefixes({}),
        files=0,
        claims=0,
        seconds=0.0,
        failure=True,
    )


def _cannot_run(error: CecotError, rule: Rule) -> Finding:
    is_file = bool(error.where) and Path(error.where).exists()
    return Finding(
        rule=rule,
        messages={"en": error.message},
        detail=error.hint,
        file=Path(os.path.abspath(error.where)) if is_file else None,
        line=error.line if is_file else None,
        component=_CANNOT_RUN,
        kind=rule.severity,
        shape=BNode(),
    )


def _undescribed(name: str, check: Check) -> Rule:
    """The rule of a check that the shapes do not describe."""
    words = (check.__doc__ or name).partition("\n")[0]
    return Rule("", name, name, words.rstrip("."), messages={"": words})


def _placed(found: Iterable[Found], rules: dict[Node, Rule], data: Data) -> Iterator[Finding]:
    places, wording, shapes = Places(data), Wording(data), data.shapes
    beside = URIRef(data.names.shapes_iri + "#BesideShaclComponent")
    # Of very many findings the first alone are told what may be meant: always the same ones.
    for one in sorted(found, key=lambda each: (str(each.focus), str(each.path), str(each.value))):
        rule = rules.get(one.shape) or shapes.rule(one.shape)
        node, value = _blamed(one, data)
        place = one.place or (None if node is None else places.of(node, one.path, value))
        said = [filled(message, partial(_parameter, one, shapes)) for message in one.messages]
        messages = by_language(said) or dict(rule.messages)
        component = one.component or beside
        if not preferred(messages):
            messages = {"": cure(shapes, one.shape, component)}
        detail, whole = wording.of(node, one.path, value, one.words)
        yield Finding(
            rule=rule,
            messages=messages,
            detail=detail,
            whole=whole,
            file=Path(os.path.abspath(place[0])) if place else None,
            line=(place[1] or None) if place else None,
            node=node,
            focus=one.focus,
            path=one.path,
            value=one.value,
            component=component,
            kind=one.severity or rule.severity,
            shape=one.shape,
            constraint=wording.constraint(component, one.shape, one.source),
            source=one.source,
            query=_query(shapes, one.source),
            words=one.words,
            at=places.mark(node),
        )


def _query(shapes: Shapes, source: Node | None) -> str:
    """What a SPARQL-based constraint asks, however it is laid out."""
    return "" if source is None else " ".join(str(shapes.value(source, SH.select) or "").split())


def _parameter(found: Found, shapes: Shapes, name: str) -> Node | None:
    """What ``{?name}`` stands for in a message: a part of the result, or a parameter."""
    match name:
        case "this":
            return found.focus
        case "value":
            return found.value
        case "path" | "PATH":
            return found.path if isinstance(found.path, URIRef) else None
        case _:
            return shapes.value(found.shape, URIRef(str(SH) + name))


def _blamed(found: Found, data: Data) -> tuple[Node | None, Node | None]:
    """The node to look at, and its value.

    A SPARQL rule about the whole has the ontology as its focus node, and answers with the culprit
    as its value: docs/decisions/0072.
    """
    if found.subject is not None:
        return found.subject, found.value
    about_the_whole = (
        found.component == SH.SPARQLConstraintComponent
        and str(found.focus) == data.names.ontology_iri
        and found.value is not None
    )
    node = found.value if about_the_whole else found.focus
    return node, None if about_the_whole or found.value == node else found.value
