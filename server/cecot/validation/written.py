"""What stands in the files: literals, hand-written facts, prefixes (rules beside SHACL)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from pyoxigraph import DefaultGraph, NamedNode, Quad, Store, Triple
from pyoxigraph import Literal as OxLiteral
from rdflib.term import Literal, Node, URIRef

from cecot.validation.checked import Checked
from cecot.validation.report import Found
from cecot.validation.terms import term
from cecot.vocabulary import CECOT, RDF, RDFS, XSD

_PREFIX = re.compile(r"\s*@?prefix\s+([^\s:]*):\s*<([^>\s]*)>", re.IGNORECASE)


def check_literals(checked: Checked) -> Iterator[Found]:
    """Literals are values of their datatypes, in the form that Oxigraph keeps.

    SHACL engines let ``"2023-02-31"^^xsd:date`` pass, and Oxigraph makes ``3`` of ``3.0``.
    """
    material = checked.material
    typed = [t for t in (*material.ontology, *material.graph, *material.shapes) if _is_typed(t)]
    kept = _as_kept(typed)
    for triple in typed:
        literal = term(triple.object)
        if isinstance(literal, Literal) and literal.ill_typed:
            name = material.prefixes.compact(str(literal.datatype))
            words = f"not a value of {name}"
        elif triple not in kept:
            canonical = term(_as_kept([triple]).pop().object)
            words = f"{canonical} in canonical form"
        else:
            continue
        path = URIRef(triple.predicate.value)
        yield checked.breach("LiteralForm", term(triple.subject), words, path=path, value=literal)


def _is_typed(triple: Triple) -> bool:
    literal = triple.object
    return isinstance(literal, OxLiteral) and (
        literal.datatype.value.startswith(str(XSD)) and literal.datatype.value != str(XSD.string)
    )


def _as_kept(triples: Iterable[Triple]) -> set[Triple]:
    store = Store()
    store.extend(Quad(*triple) for triple in triples)
    return {quad.triple for quad in store.quads_for_pattern(None, None, None, DefaultGraph())}


def check_facts(checked: Checked) -> Iterator[Found]:
    """Nothing that follows from claims is written in ``graph/``."""
    facts = {
        triple.subject
        for triple in checked.material.ontology
        if triple.predicate.value == str(RDF.type) and _is(triple.object, CECOT.FactProperty)
    }
    for triple in checked.material.graph:
        subject, path = term(triple.subject), URIRef(triple.predicate.value)
        words = ""
        value = term(triple.object)
        if triple.predicate in facts and _is_backed(checked, subject, path, value):
            words = "a claim says so already"
        elif path == RDFS.label:
            words = "rdfs:label is derived from skos:prefLabel: write that"
        elif path == CECOT.statedBy and (subject, RDF.type, CECOT.Allegation) in checked.data:
            words = "cecot:statedBy of an allegation is derived from cecot:accuser: write that"
        if words:
            yield checked.breach("FactsAreDerived", subject, words, path=path, value=value)


def _is_backed(checked: Checked, subject: Node, path: Node, value: Node) -> bool:
    """Whether an Asserted claim says this; if none does, the shapes say so (rule 7)."""
    said = {(RDF.subject, subject), (RDF.predicate, path), (CECOT.modality, CECOT.Asserted)}
    return any(
        said <= set(checked.data.predicate_objects(claim))
        for claim in checked.data.subjects(RDF.object, value)
    )


def check_prefixes(checked: Checked) -> Iterator[Found]:
    """Each prefix that a file declares is the one of the table."""
    rooms, table = checked.material.rooms, checked.material.prefixes
    files = (
        *rooms.ontology_files(),
        *rooms.derive_files(),
        *rooms.graph_files(),
        *rooms.question_files(),
        *rooms.shape_files(),
    )
    for path in files:
        for line, prefix, namespace in _declared(path):
            known = table.get(prefix)
            if known == namespace:
                continue
            words = f"{prefix}: is <{namespace}> here, " + (
                f"and <{known}> in the table" if known else "and is not in the table"
            )
            yield checked.breach("PrefixTable", None, words, place=(path, line))


def _declared(path: Path) -> Iterator[tuple[int, str, str]]:
    """Line, prefix and namespace of each declaration that begins a line of ``path``."""
    for line, text in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        match = _PREFIX.match(text)
        if match:
            yield line, match[1], match[2]


def _is(node: object, iri: str) -> bool:
    return isinstance(node, NamedNode) and node.value == str(iri)
