"""The CECOT knowledge graph: who says what, where, as RDF that people can check and query."""

from importlib.metadata import version

__version__ = version("cecot")
