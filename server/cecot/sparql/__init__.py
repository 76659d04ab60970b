"""Queries as texts and their evaluation: reading, explaining, answering."""
