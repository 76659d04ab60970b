"""Words of the home page."""

from __future__ import annotations

ENGLISH = {
    "lead": "Who says what, in which words, where, and how sure.",
    "from_a_shell": "From a shell:",
}
SPANISH = {
    "lead": "Quién dice qué, con qué palabras, dónde y con qué certeza.",
    "from_a_shell": "Desde una terminal:",
}
