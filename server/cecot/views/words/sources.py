"""Words of sources and passages."""

from __future__ import annotations

ENGLISH = {
    "sources_lead": "The texts that every claim comes from, passage by passage.",
    "more_sources": "More sources",
    "passages": "Passages",
    "passages_many": "{} passages",
    "more_passages": "More passages",
    "from_the_start": "From the start",
    "coverage": "Coverage",
    "covered": "{} of {} passages carry at least one claim.",
    "claims_by_line": "Lines, each with the number of its claims",
    "claims_short": "claims",
    "record": "The record",
    "text_absent": "The words of this passage are not on this server: what is claimed from it, "
    "its quotations and its speakers are.",
    "text_elsewhere": "Where the text stands.",
    "characters": "Characters {} to {} of the text",
    "marker": "citation marker",
    "claimed_here": "What is claimed from it",
    "nothing_claimed": "Nothing.",
    "all_passages": "All passages",
}
SPANISH = {
    "sources_lead": "Los textos de los que procede cada afirmación, pasaje por pasaje.",
    "more_sources": "Más fuentes",
    "passages": "Pasajes",
    "passages_many": "{} pasajes",
    "more_passages": "Más pasajes",
    "from_the_start": "Desde el principio",
    "coverage": "Cobertura",
    "covered": "{} de {} pasajes llevan al menos una afirmación.",
    "claims_by_line": "Líneas, cada una con el número de sus afirmaciones",
    "claims_short": "afirmaciones",
    "record": "La ficha",
    "text_absent": "Las palabras de este pasaje no están en este servidor; sí lo que se afirma a "
    "partir de él, sus citas y sus hablantes.",
    "text_elsewhere": "Dónde está el texto.",
    "characters": "Caracteres {} a {} del texto",
    "marker": "llamada de cita",
    "claimed_here": "Lo que se afirma a partir de él",
    "nothing_claimed": "Nada.",
    "all_passages": "Todos los pasajes",
}
