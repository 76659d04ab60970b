"""The CECOT knowledge graph: who says what, where, as RDF that people can check and query."""

__version__ = "0.1.0"
