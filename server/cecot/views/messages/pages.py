"""What is wrong with the address of a page, a document or a file."""

from __future__ import annotations

SPANISH = {
    "The home page says what is here.": "La página de inicio dice qué hay aquí.",
    "{text!r} names nothing.": "{text!r} no nombra nada.",
    "Write an IRI, a name with a prefix, or the last part of an IRI of this graph.": "Escriba una "
    "IRI, un nombre con prefijo o la última parte de una IRI de este grafo.",
    "The graph says nothing of {thing}.": "El grafo no dice nada de {thing}.",
    "Is it spelled as in the graph? /sitemap.xml lists what has a page.": "¿Está escrito como en "
    "el grafo? /sitemap.xml enumera lo que tiene página.",
    "The address names {count} things; it must name one.": "La dirección nombra {count} cosas; "
    "debe nombrar una.",
    "Use ?iri= with the percent-encoded IRI of a thing.": "Use ?iri= con la IRI de una cosa, con "
    "codificación por ciento.",
    "Use ?of= with the IRI of a thing, a claim or a question, or the path of a page.": "Use ?of= "
    "con la IRI de una cosa, una afirmación o una pregunta, o con la ruta de una página.",
    "Use ?about= with the IRI of a thing, or the last part of it.": "Use ?about= con la IRI de una "
    "cosa o con su última parte.",
    "No citation is written as {suffix}.": "Ninguna cita se escribe como {suffix}.",
    "{day!r} is no day.": "{day!r} no es un día.",
    "Write it as 2026-11-24.": "Escríbalo como 2026-11-24.",
    "{line!r} is no line.": "{line!r} no es una línea.",
    "A line is a number.": "Una línea es un número.",
    "{width!r} is no width.": "{width!r} no es una anchura.",
    "Use {least} to 2000.": "Use de {least} a 2000.",
    "There is nothing to draw.": "No hay nada que dibujar.",
    "Nothing is said of it.": "Nada se dice de ello.",
    "There is no filter {name!r}.": "No hay ningún filtro {name!r}.",
    "Filters: {filters}; beside them sort, after, lang.": "Filtros: {filters}; además, sort, after "
    "y lang.",
    "Claims cannot be sorted by {by!r}.": "Las afirmaciones no se pueden ordenar por {by!r}.",
    "sort is one of {sorts}; with - before it, the other way round.": "sort es uno de estos: "
    "{sorts}; con - delante, el orden se invierte.",
    "The table is not offered as {suffix}.": "La tabla no se ofrece como {suffix}.",
    "No question is called {name!r}.": "Ninguna pregunta se llama {name!r}.",
    "/questions lists the questions that come with this graph.": "/questions enumera las preguntas "
    "que acompañan a este grafo.",
    "This answer is not offered as {suffix}.": "Esta respuesta no se ofrece como {suffix}.",
    "There is no such file.": "No hay tal archivo.",
    "/dumps lists all of them.": "/dumps los enumera todos.",
    "This file is being written.": "Este archivo se está escribiendo.",
    "Come back in a moment.": "Vuelva dentro de un momento.",
    "No file of the pages has this address.": "Ningún archivo de las páginas tiene esta dirección.",
    "Addresses of style sheets change with their content: load the page again.": "Las direcciones "
    "de las hojas de estilo cambian con su contenido: cargue la página de nuevo.",
    "This graph holds no claims, so there is no method of making them to explain.": "Este grafo no "
    "contiene afirmaciones, así que no hay método de redactarlas que explicar.",
    "/about says what this service is.": "/about dice qué es este servicio.",
}
