"""A thing as people read it: facts with their claims, then who says what of it."""
