"""Many at once: claims chosen and in tables, searches, answers to questions."""
