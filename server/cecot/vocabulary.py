"""The terms that the code knows by name: the ontology's own and the ones it reuses.

The code knows what a Claim is. It knows no entity: what the claims are about is in the rooms.
"""

from rdflib import Namespace
from rdflib.namespace import DCTERMS, FOAF, OWL, PROV, RDF, RDFS, SH, SKOS, VANN, VOID, XSD

CECOT = Namespace("https://w3id.org/cecot/ontology#")
# rdflib knows DCAT 2, which has no dcat:version.
DCAT = Namespace("http://www.w3.org/ns/dcat#")
SCHEMA = Namespace("https://schema.org/")
SPDX = Namespace("http://spdx.org/rdf/terms#")

STATUSES = ("Asserted", "Hedged", "Attributed", "Alleged", "Planned", "Evaluative")
"""The modalities of the ontology, in the order in which it lists them."""

__all__ = [
    "CECOT",
    "DCAT",
    "DCTERMS",
    "FOAF",
    "OWL",
    "PROV",
    "RDF",
    "RDFS",
    "SCHEMA",
    "SH",
    "SKOS",
    "SPDX",
    "STATUSES",
    "VANN",
    "VOID",
    "XSD",
]
