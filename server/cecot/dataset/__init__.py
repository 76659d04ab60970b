"""The three rooms: where they stand, what they say, what follows from it."""
