"""Words of the query editor; those that begin with ``editor_`` are also for its script."""

from __future__ import annotations

ENGLISH = {
    "editor_lead": "Ask the graph in SPARQL. Names of this graph are completed as they are typed, "
    "and their prefixes are declared.",
    "editor_plain": "The editor was not built into this installation, so this is the plain form: "
    "it asks the same questions and gives the answer as a file.",
    "editor_no_script": "Without JavaScript this form gives the answer as a file.",
    "editor_examples": "Questions to begin with",
    "editor_keys_help": "Ctrl+Space completes a name, Ctrl+Enter runs the query, Tab leaves the "
    "editor.",
    "editor_link": "Link to this query",
    "editor_tidy": "Tidy up",
    "editor_stop": "Stop",
    "editor_answer": "Answer",
    "editor_label": "Query in SPARQL",
    "editor_keys": "Ctrl+Space completes",
    "editor_running": "Running …",
    "editor_stopped": "Stopped.",
    "editor_failed": "This did not work.",
    "editor_unreachable": "The service cannot be reached. Try again.",
    "editor_too_long": "The answer is too long for a page.",
    "editor_doubt": "Line {line} is not complete SPARQL 1.1.",
    "editor_go": "Go to line {line}",
    "editor_one_row": "1 row in {time} s",
    "editor_rows": "{rows} rows in {time} s",
    "editor_answered": "Answered in {time} s",
    "editor_nothing": "No row: nothing in the graph fits this query.",
    "editor_yes": "Yes",
    "editor_no": "No",
    "editor_cut": "Only the beginning is shown; the files hold everything.",
    "editor_download": "Download:",
    "editor_filter": "Only rows with",
    "editor_sort": "Sort by this column",
    "editor_more_rows": "Show more rows",
    "editor_rows_shown": "{shown} of {rows} rows shown",
}
SPANISH = {
    "editor_lead": "Preguntar al grafo en SPARQL. Los nombres de este grafo se completan al "
    "escribirlos y sus prefijos se declaran.",
    "editor_plain": "Esta instalación no incluye el editor; este es el formulario simple: hace las "
    "mismas preguntas y da la respuesta como archivo.",
    "editor_no_script": "Sin JavaScript, este formulario da la respuesta como archivo.",
    "editor_examples": "Preguntas para empezar",
    "editor_keys_help": "Ctrl+Espacio completa un nombre, Ctrl+Intro ejecuta la consulta y Tab "
    "sale del editor.",
    "editor_link": "Enlace a esta consulta",
    "editor_tidy": "Ordenar",
    "editor_stop": "Detener",
    "editor_answer": "Respuesta",
    "editor_label": "Consulta en SPARQL",
    "editor_keys": "Ctrl+Espacio completa",
    "editor_running": "En marcha …",
    "editor_stopped": "Detenida.",
    "editor_failed": "Esto no ha funcionado.",
    "editor_unreachable": "No se puede acceder al servicio. Inténtese de nuevo.",
    "editor_too_long": "La respuesta es demasiado larga para una página.",
    "editor_doubt": "La línea {line} no es SPARQL 1.1 completo.",
    "editor_go": "Ir a la línea {line}",
    "editor_one_row": "1 fila en {time} s",
    "editor_rows": "{rows} filas en {time} s",
    "editor_answered": "Respondida en {time} s",
    "editor_nothing": "Ninguna fila: nada en el grafo corresponde a esta consulta.",
    "editor_yes": "Sí",
    "editor_no": "No",
    "editor_cut": "Solo se muestra el principio; los archivos lo contienen todo.",
    "editor_download": "Descargar:",
    "editor_filter": "Solo filas con",
    "editor_sort": "Ordenar por esta columna",
    "editor_more_rows": "Mostrar más filas",
    "editor_rows_shown": "{shown} de {rows} filas a la vista",
}
