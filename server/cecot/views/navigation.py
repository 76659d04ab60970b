"""What the pages lead to: only pages that exist, over a graph that has what they show."""

from __future__ import annotations

from collections.abc import Mapping

from flask import current_app

from cecot.dataset.description import Description
from cecot.messages import Message, say
from cecot.vocabulary import CECOT

SECTIONS = ("questions", "claims", "sources", "editor", "method")
"""The pages that the head of every page names, in this order."""

FEET = ("about", "corrections", "network", "timeline", "ontology", "shapes", "dumps")
"""The pages that the foot of every page names."""

PAGE_NAMES: Mapping[str, Message] = {
    "questions": say("Questions"),
    "claims": say("Claims"),
    "sources": say("Sources"),
    "editor": say("Query editor"),
    "method": say("Method"),
    "about": say("About"),
    "corrections": say("Corrections"),
    "network": say("Who says what about whom"),
    "timeline": say("Timeline"),
    "ontology": say("Ontology"),
    "shapes": say("Rules"),
    "dumps": say("Downloads"),
}
"""What readers call each of them."""


def reachable(description: Description) -> dict[str, bool]:
    """Which pages there are, by the first part of their address (``claims``, ``search`` ...)."""
    rules = current_app.url_map.iter_rules()
    routed = {each.rule.split("/")[1].partition(".")[0] for each in rules}
    classes = {part.iri for part in description.classes}
    graphs = {part.iri for part in description.graphs}
    names = description.names
    found = {name: name in routed for name in (*SECTIONS, *FEET, "cite", "search")}
    found["questions"] &= bool(description.questions)
    for name in ("claims", "method", "network", "timeline"):
        found[name] &= str(CECOT.Claim) in classes
    found["sources"] &= str(CECOT.Source) in classes
    found["ontology"] &= names.ontology_iri.rstrip("#") in graphs
    found["shapes"] &= names.shapes_iri in graphs
    return found
