"""The ontology and the rules as pages: each term and each rule stands at its own fragment."""

from __future__ import annotations

from flask import Response

from cecot.claims.reference import read_rules, read_vocabulary
from cecot.claims.subgraph import Subgraph
from cecot.views.alternates import alternates
from cecot.views.context import Context
from cecot.views.pages import page


def reference_page(context: Context, gathered: Subgraph, graph: str, address: str) -> Response:
    """The page of the named graph ``graph``, which is the ontology's or that of the rules.

    ``gathered`` is the whole graph, ``address`` that of its documents. Raises what engines raise.
    """
    names, description = context.description.names, context.description
    given = alternates(context, address)
    if graph == names.ontology_iri:
        counts = tuple(
            {part.iri: part.count for part in parts}
            for parts in (description.classes, description.properties)
        )
        vocabulary = read_vocabulary(context.engine, gathered, names, (counts[0], counts[1]))
        return page(
            context, "ontology.html", section="ontology", vocabulary=vocabulary, alternates=given
        )
    groups = read_rules(context.engine, gathered, names)
    return page(context, "rules.html", section="shapes", groups=groups, alternates=given)
