"""Words of the search."""

from __future__ import annotations

ENGLISH = {
    "search_lead": "Search names, descriptions and quotations. What somebody says is shown with "
    "whoever says it.",
    "search_here": "Search names, descriptions and quotations",
    "search_example": "a name, a word, a figure",
    "found": "Questions: {}. Things: {}. Claims: {}.",
    "nothing_found": "Nothing was found.",
    "partly_found": "Nothing has all the words; these have some of them.",
    "more_found": "There is more: add a word.",
    "search_for": "Search for “{}”",
    "facets": "Show only",
    "everything": "Everything",
    "answered": "Questions that have an answer",
    "things_found": "Things",
    "first_shown": "The first {} are shown.",
    "next_listed": "More",
}
SPANISH = {
    "search_lead": "Busca en nombres, descripciones y citas. Lo que alguien dice se muestra con "
    "quien lo dice.",
    "search_here": "Buscar en nombres, descripciones y citas",
    "search_example": "un nombre, una palabra, una cifra",
    "found": "Preguntas: {}. Cosas: {}. Afirmaciones: {}.",
    "nothing_found": "No se ha encontrado nada.",
    "partly_found": "Nada tiene todas las palabras; esto tiene algunas.",
    "more_found": "Hay más: añade una palabra.",
    "search_for": "Buscar «{}»",
    "facets": "Mostrar solo",
    "everything": "Todo",
    "answered": "Preguntas que tienen respuesta",
    "things_found": "Cosas",
    "first_shown": "Se muestran las primeras {}.",
    "next_listed": "Más",
}
