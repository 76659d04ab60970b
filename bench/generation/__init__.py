"""Synthetic sources in the shape of the real graph: passages, claims, values, who says what."""
