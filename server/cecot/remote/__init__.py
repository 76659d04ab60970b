"""An existing SPARQL engine by its URL, behind the one interface of ``cecot.engine``."""
