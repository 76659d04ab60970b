"""RDF text: reading, canonical writing, prefixes, terms (Turtle 1.2)."""
