"""Attacks on a SPARQL endpoint, and what must come of each (design: service, issue of the bar)."""
