"""Words of the questions and their answers."""

from __future__ import annotations

ENGLISH = {
    "questions_lead": "Each opens on its answer: a table whose rows lead to the line of the text, "
    "and the query behind it.",
    "questions_none": "No questions come with this graph. The query editor takes any.",
    "question_kicker": "Question {}",
    "answer": "Answer",
    "answer_yes": "Yes.",
    "answer_no": "No.",
    "no_rows": "There is no row: nothing that the graph holds answers this.",
    "no_rows_why": "The graph holds what its sources say and nothing else. That a text does not "
    "tell something is no statement about it.",
    "in_every_row": "The same in every row",
    "empty_in_every_row": "Empty in every row, because no source says it: {}.",
    "one_row": "1 row.",
    "several_rows": "{} rows.",
    "first_rows": "The first {} of {} rows; the files hold all of them.",
    "use_answer": "Take it with you",
    "answer_as_file": "The answer as a file",
    "ask_again": "Ask it from your own program",
    "ask_again_lead": "Each of these runs as it is, with nothing to install.",
    "embed": "Show it on your own page",
    "embed_lead": "This shows the answer with its source and its citation, in a frame.",
    "embed_open": "The answer as it looks there",
    "embed_whole": "The whole answer, the query behind it, and how to report an error",
    "query_edit": "Open this query in the editor",
    "query_plain": "Run this query",
    "citation": "Citation",
}
SPANISH = {
    "questions_lead": "Cada una se abre en su respuesta: una tabla cuyas filas llevan a la línea "
    "del texto, y la consulta que hay detrás.",
    "questions_none": "Este grafo no trae preguntas. El editor de consultas admite cualquiera.",
    "question_kicker": "Pregunta {}",
    "answer": "Respuesta",
    "answer_yes": "Sí.",
    "answer_no": "No.",
    "no_rows": "No hay ninguna fila: nada de lo que contiene el grafo responde a esto.",
    "no_rows_why": "El grafo contiene lo que dicen sus fuentes y nada más. Que un texto no cuente "
    "algo no dice nada sobre ello.",
    "in_every_row": "Igual en todas las filas",
    "empty_in_every_row": "Vacío en todas las filas, porque ninguna fuente lo dice: {}.",
    "one_row": "1 fila.",
    "several_rows": "{} filas.",
    "first_rows": "Las primeras {} de {} filas; los archivos las contienen todas.",
    "use_answer": "Para llevársela",
    "answer_as_file": "La respuesta como archivo",
    "ask_again": "Preguntarlo desde un programa propio",
    "ask_again_lead": "Cada uno de estos fragmentos funciona tal como está, sin instalar nada.",
    "embed": "Mostrarla en una página propia",
    "embed_lead": "Esto muestra en un marco la respuesta, con su fuente y su cita.",
    "embed_open": "La respuesta tal como se verá allí",
    "embed_whole": "La respuesta completa, la consulta que hay detrás y cómo avisar de un error",
    "query_edit": "Abrir esta consulta en el editor",
    "query_plain": "Ejecutar esta consulta",
    "citation": "Cita",
}
