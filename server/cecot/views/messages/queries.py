"""Mistakes in a query, and what it may not do."""

from __future__ import annotations

SPANISH = {
    # The words of a query.
    "The query is empty.": "La consulta está vacía.",
    "Try SELECT * WHERE { ?s ?p ?o } LIMIT 10": "Pruebe SELECT * WHERE { ?s ?p ?o } LIMIT 10",
    "Send for instance: SELECT * { ?s ?p ?o } LIMIT 10": "Envíe por ejemplo: "
    "SELECT * { ?s ?p ?o } LIMIT 10",
    "A query begins with SELECT, ASK, CONSTRUCT or DESCRIBE.": "Una consulta empieza por SELECT, "
    "ASK, CONSTRUCT o DESCRIBE.",
    "{word} is an update, and this is a query.": "{word} es una actualización, y aquí se espera "
    "una consulta.",
    "{character} is a typographic quotation mark.": "{character} es una comilla tipográfica.",
    "Strings stand between straight quotation marks: \"...\" or '...'.": "Las cadenas van entre "
    "comillas rectas: \"...\" o '...'.",
    "There is an invisible character here ({code}).": "Aquí hay un carácter invisible ({code}).",
    "Replace it by an ordinary space; it often comes with text copied from a page.": "Sustitúyalo "
    "por un espacio normal; suele venir con el texto copiado de una página.",
    "This string has no end.": "Esta cadena no termina.",
    'Close it on the same line, or write """...""" for a string of several lines; a quotation mark '
    "or a backslash inside is written with a backslash before it.": "Ciérrela en la misma línea o "
    'escriba """...""" para una cadena de varias líneas; dentro de ella, una comilla o una barra '
    "inversa se escriben con una barra inversa delante.",
    "This IRI holds a character that no IRI may hold, or it is not closed.": "Esta IRI contiene un "
    "carácter que ninguna IRI puede contener, o no está cerrada.",
    'Close it by ">"; write a space as %20; these need escaping too: " { } | ^ ` \\': "Ciérrela "
    'con ">"; escriba un espacio como %20; también hay que codificar estos caracteres: '
    '" { } | ^ ` \\',
    "A second query begins here; one request carries one query.": "Aquí empieza una segunda "
    "consulta; cada petición lleva una sola.",
    "Send the two queries one after the other.": "Envíe las dos consultas una tras otra.",
    "Put this line first: {line}": "Escriba al principio esta línea: {line}",
    "Put a line first: {line}": "Escriba al principio una línea: {line}",
    'The prefix "{name}:" is not declared.': "El prefijo «{name}:» no está declarado.",
    "PREFIX gives a name that ends with its colon.": "El nombre que declara PREFIX termina en dos "
    "puntos.",
    "PREFIX ex: <https://...>": "PREFIX ex: <https://...>",
    "PREFIX {name} <https://...>": "PREFIX {name} <https://...>",
    "The IRI of a PREFIX stands between < and >.": "La IRI de un PREFIX va entre < y >.",
    "PREFIX needs a colon after the name.": "PREFIX necesita dos puntos después del nombre.",
    "{iri} is a relative IRI, and the query has no BASE.": "{iri} es una IRI relativa, y la "
    "consulta no tiene BASE.",
    "Write the IRI in full, or put a line first: BASE <https://...>": "Escriba la IRI completa o "
    "ponga al principio una línea: BASE <https://...>",
    "{word} is no word of SPARQL.": "{word} no es una palabra de SPARQL.",
    "Did you mean {meant}?": "¿Quiso decir {meant}?",
    "A variable begins with a question mark.": "Una variable empieza por un signo de "
    "interrogación (?).",
    "REGEX or CONTAINS": "REGEX o CONTAINS",
    "a second triple pattern": "un segundo patrón de triple",
    "UNDEF, or BOUND to test": "UNDEF, o BOUND para comprobarlo",
    "ORDER BY with OFFSET and LIMIT": "ORDER BY con OFFSET y LIMIT",
    # Brackets.
    "Nothing is open that this {bracket} closes.": "No hay nada abierto que este {bracket} cierre.",
    "Remove it, or put the {bracket} where it belongs.": "Quítelo o ponga el {bracket} donde "
    "corresponde.",
    "This {bracket} stands where {wanted} should close the last {last}.": "Este {bracket} está "
    "donde {wanted} debería cerrar el último {last}.",
    "Write {wanted} before it.": "Escriba {wanted} delante.",
    "This {bracket} is never closed.": "Este {bracket} no se cierra nunca.",
    "Add the {bracket}.": "Añada el {bracket}.",
    # The order of its parts.
    "The variables of a SELECT stand without commas between them.": "Las variables de un SELECT "
    "van sin comas entre ellas.",
    "Write SELECT ?a ?b": "Escriba SELECT ?a ?b",
    "An expression in SELECT stands in brackets and gets a name: {name}.": "Una expresión en "
    "SELECT va entre paréntesis y recibe un nombre: {name}.",
    "Write ({name}(...) AS ?name)": "Escriba ({name}(...) AS ?nombre)",
    "{name} is selected, but neither grouped nor put together.": "{name} se selecciona, pero ni se "
    "agrupa ni se agrega.",
    "Add {name} to GROUP BY, or select (SAMPLE({name}) AS ?any).": "Añada {name} a GROUP BY o "
    "seleccione (SAMPLE({name}) AS ?alguno).",
    "{name} has a value in the pattern already.": "{name} ya tiene un valor en el patrón.",
    "Give what stands before AS a name of its own.": "Dé un nombre propio a lo que está delante "
    "de AS.",
    "{name} is followed by a pattern in braces.": "A {name} le sigue un patrón entre llaves.",
    "Write {name} {{ ?s ?p ?o }}": "Escriba {name} {{ ?s ?p ?o }}",
    "FILTER is followed by an expression in brackets.": "A FILTER le sigue una expresión entre "
    "paréntesis.",
    "Write FILTER(?a > 3)": "Escriba FILTER(?a > 3)",
    "{name} is followed by a whole number.": "A {name} le sigue un número entero.",
    "Write {name} 10": "Escriba {name} 10",
    "{name} is followed by BY.": "A {name} le sigue BY.",
    "Write {name} BY ?a": "Escriba {name} BY ?a",
    "{word} stands before {last}, not after it.": "{word} va delante de {last}, no detrás.",
    "The order is GROUP BY, HAVING, ORDER BY, LIMIT and OFFSET, VALUES.": "El orden es GROUP BY, "
    "HAVING, ORDER BY, LIMIT y OFFSET, VALUES.",
    "A full stop is missing before {term}.": "Falta un punto antes de {term}.",
    "A triple has three terms: a full stop parts it from the next one, a semicolon from one of the "
    "same subject.": "Un triple tiene tres términos: un punto lo separa del siguiente; un punto y "
    "coma, de otro con el mismo sujeto.",
    "{name} has a value before this BIND already.": "{name} ya tiene un valor antes de este BIND.",
    "BIND to another variable, then compare.": "Use BIND con otra variable y compare después.",
    "{aggregate} cannot stand in {clause}.": "{aggregate} no puede estar en {clause}.",
    "Count in SELECT with GROUP BY; HAVING filters groups.": "Cuente en SELECT con GROUP BY; "
    "HAVING filtra los grupos.",
    # What the parser says.
    "The query does not parse: {words}": "La consulta no se puede analizar: {words}",
    "{note}.": "El analizador indica (en inglés): {note}.",
    "The query does not parse at or before {excerpt}.": "La consulta no se puede analizar en "
    "{excerpt} o antes.",
    "the end": "el final",
    "The query does not parse; the mistake is somewhere before its end.": "La consulta no se puede "
    "analizar; el error está en algún lugar antes de su final.",
    "The grammar of SPARQL: {address}": "La gramática de SPARQL: {address}",
    # What is refused, and what cannot be evaluated.
    "LOAD is refused: this endpoint fetches nothing from other addresses.": "LOAD se rechaza: este "
    "punto de acceso no obtiene nada de otras direcciones.",
    "SERVICE is refused: this endpoint fetches nothing from other addresses.": "SERVICE se "
    "rechaza: este punto de acceso no obtiene nada de otras direcciones.",
    "Send the other endpoint its own query and join the two answers on your side.": "Envíe al otro "
    "punto de acceso su propia consulta y combine usted las dos respuestas.",
    "A SERVICE of this query did not answer: {error}.": "Un SERVICE de esta consulta no respondió: "
    "{error}.",
    "Write SERVICE SILENT to go on without it.": "Escriba SERVICE SILENT para continuar sin él.",
    "{iri!r} is not an absolute IRI.": "{iri!r} no es una IRI absoluta.",
    "Name graphs in full.": "Escriba completos los nombres de los grafos.",
    "The query cannot be evaluated: {error}.": "La consulta no se puede evaluar: {error}.",
    "This query answers with {what}, and no format that you accept can carry that.": "La respuesta "
    "de esta consulta es {what}, y ningún formato de los que usted acepta puede contenerla.",
    "rows": "una tabla",
    "yes or no": "sí o no",
    "triples": "un grafo de triples",
    "Send another Accept header, or leave it out.": "Envíe otra cabecera Accept o prescinda de "
    "ella.",
}
