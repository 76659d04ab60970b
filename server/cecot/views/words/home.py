"""Words of the home page."""

from __future__ import annotations

ENGLISH = {
    "questions_answered": "Questions, each with its answer",
    "statuses_explained": "How it is said",
    "statuses_lead": "Every statement has one of six statuses. Only what is asserted is shown as "
    "a fact; everything else is shown with whoever says it.",
    "who_and_what": "Who and what the texts speak of",
    "what_is_in_it": "What is in it",
    "use_the_data": "Use the data",
    "triples_many": "{} triples",
    "write_a_query": "Write a query",
    "all_as_files": "Everything, as files",
    "as_a_table": "All claims, as a table to filter and to download",
    "from_a_shell": "From a shell",
}
SPANISH = {
    "questions_answered": "Preguntas, cada una con su respuesta",
    "statuses_explained": "Cómo se dice",
    "statuses_lead": "Cada enunciado tiene uno de seis estados. Solo lo aseverado se muestra como "
    "un hecho; todo lo demás se muestra con quien lo dice.",
    "who_and_what": "De quién y de qué hablan los textos",
    "what_is_in_it": "Lo que contiene",
    "use_the_data": "Usar los datos",
    "triples_many": "{} triples",
    "write_a_query": "Escribir una consulta",
    "all_as_files": "Todo, en archivos",
    "as_a_table": "Todas las afirmaciones, en una tabla que se filtra y se descarga",
    "from_a_shell": "Desde una terminal",
}
