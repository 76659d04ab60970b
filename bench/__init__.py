"""Measurements of the service: data to measure with, comparisons, attacks. See README.md."""
