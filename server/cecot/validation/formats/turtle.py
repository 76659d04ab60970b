"""A report as a SHACL validation report (SHACL 3.6), in this project's Turtle."""

from __future__ import annotations

from rdflib import BNode, Graph, Literal, URIRef
from rdflib.extras.shacl import build_shacl_path

from cecot.rdf import format_turtle
from cecot.validation.formats.showing import Showing
from cecot.validation.report import Finding, Report
from cecot.vocabulary import RDF, SH


def write_report_graph(report: Report, showing: Showing) -> str:
    """One ``sh:ValidationReport``; ``sh:conforms`` is as SHACL has it: no result at all."""
    graph = Graph(bind_namespaces="none")
    top = BNode()
    graph.add((top, RDF.type, SH.ValidationReport))
    graph.add((top, SH.conforms, Literal(not report.findings)))
    for finding in report.findings:
        graph.add((top, SH.result, _result(graph, finding, showing)))
    return format_turtle(graph.serialize(format="nt"), report.prefixes)


def _result(graph: Graph, finding: Finding, showing: Showing) -> BNode:
    result = BNode()
    graph.add((result, RDF.type, SH.ValidationResult))
    graph.add((result, SH.sourceShape, URIRef(finding.rule.iri)))
    graph.add((result, SH.resultSeverity, finding.severity.iri))
    if finding.component is not None:
        graph.add((result, SH.sourceConstraintComponent, finding.component))
    if finding.node is not None:
        graph.add((result, SH.focusNode, finding.node))
    if finding.value is not None:
        graph.add((result, SH.value, finding.value))
    if finding.path is not None:
        graph.add((result, SH.resultPath, build_shacl_path(finding.path, graph)[0]))
    for language, message in finding.rule.messages.items() or [("", finding.message)]:
        graph.add((result, SH.resultMessage, Literal(message, lang=language or None)))
    if finding.detail:
        graph.add((result, SH.resultMessage, Literal(_located(finding, showing))))
    return result


def _located(finding: Finding, showing: Showing) -> str:
    place = f"{showing.path(finding)}:{finding.line}: " if finding.file else ""
    return place + finding.detail
