"""The terms that the code knows by name: the ontology's own and the ones it reuses.

The code knows what a Claim is. It knows no entity: what the claims are about is in the rooms. The
terms are plain strings, for the service has no use for rdflib (decision 64); only validation has.
"""

from __future__ import annotations


class Namespace:
    """A namespace; ``CECOT.Claim`` and ``CECOT["Claim"]`` are the IRI of a term in it."""

    def __init__(self, iri: str) -> None:
        self._iri = iri

    def __str__(self) -> str:
        """The IRI of the namespace."""
        return self._iri

    def __getattr__(self, name: str) -> str:
        """The IRI of the term ``name``."""
        if name.startswith("__"):  # what Python asks of any object
            raise AttributeError(name)
        iri = self._iri + name
        # From then on an attribute as any other: pages ask for terms some thousand times.
        setattr(self, name, iri)
        return iri

    def __getitem__(self, name: str) -> str:
        """The IRI of the term ``name``, which may be no name in Python."""
        return self._iri + name


CECOT = Namespace("https://w3id.org/cecot/ontology#")
DCAT = Namespace("http://www.w3.org/ns/dcat#")
DCTERMS = Namespace("http://purl.org/dc/terms/")
FOAF = Namespace("http://xmlns.com/foaf/0.1/")
OWL = Namespace("http://www.w3.org/2002/07/owl#")
PROV = Namespace("http://www.w3.org/ns/prov#")
RDF = Namespace("http://www.w3.org/1999/02/22-rdf-syntax-ns#")
RDFS = Namespace("http://www.w3.org/2000/01/rdf-schema#")
SCHEMA = Namespace("https://schema.org/")
SH = Namespace("http://www.w3.org/ns/shacl#")
SKOS = Namespace("http://www.w3.org/2004/02/skos/core#")
SPDX = Namespace("http://spdx.org/rdf/terms#")
VOID = Namespace("http://rdfs.org/ns/void#")
XSD = Namespace("http://www.w3.org/2001/XMLSchema#")

STATUSES = ("Asserted", "Hedged", "Attributed", "Alleged", "Planned", "Evaluative")
"""The modalities of the ontology, in the order in which it lists them."""

LANGUAGES = ("en", "es")
"""The languages of the graph, in which the shapes demand its labels and phrases (decision 0093).

Those of pages are the ``locales`` of the program.
"""
