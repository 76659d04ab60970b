"""Limits of the service, its state, and the kinds of errors."""

from __future__ import annotations

SPANISH = {
    # Budgets of a query.
    "The query took longer than {seconds:g} s.": "La consulta tardó más de {seconds:g} s.",
    "Ask for less: name more terms, add LIMIT, or split the query; sorting and counting need all "
    "rows first.": "Pida menos: nombre más términos, añada LIMIT o divida la consulta; ordenar y "
    "contar requieren tener antes todas las filas.",
    "The query needs more than the {memory} MiB of memory that one may use.": "La consulta "
    "necesita más de los {memory} MiB de memoria que puede usar.",
    "The query needs more memory than one query may use.": "La consulta necesita más memoria de la "
    "que una consulta puede usar.",
    "Ask for less before you sort, group or take DISTINCT: name more terms, or add LIMIT in a "
    "subquery.": "Pida menos antes de ordenar, agrupar o usar DISTINCT: nombre más términos o "
    "añada LIMIT en una subconsulta.",
    "Ask for less: add LIMIT, or filter before you sort or group.": "Pida menos: añada LIMIT o "
    "filtre antes de ordenar o agrupar.",
    "The answer is longer than {length:,} KiB.": "La respuesta ocupa más de {length} KiB.",
    "Ask for less: add LIMIT and OFFSET, or fewer columns; CSV is the shortest format.": "Pida "
    "menos: añada LIMIT y OFFSET o reduzca las columnas; CSV es el formato más corto.",
    "The query is nested too deeply, or expands to something that is.": "La consulta tiene "
    "demasiados niveles anidados, o los tiene al desarrollarse.",
    "Use fewer nested brackets, shorter paths and fewer UNIONs; VALUES replaces many.": "Use menos "
    "paréntesis anidados, rutas más cortas y menos UNION; VALUES sustituye a muchos.",
    "The query engine gave up on this query.": "El motor de consultas no pudo con esta consulta.",
    "Simplify the query; if it is an ordinary one, please report it.": "Simplifique la consulta; "
    "si es una consulta corriente, le rogamos que avise de ello.",
    "The query was interrupted.": "La consulta fue interrumpida.",
    "Send it again in a moment.": "Envíela de nuevo dentro de un momento.",
    # Turns.
    "{count} queries of this address are under way already.": "Ya hay {count} consultas en curso "
    "desde esta dirección.",
    "{count} queries wait already.": "Ya esperan {count} consultas.",
    "The query waited {seconds:.1f} s for its turn.": "La consulta esperó su turno "
    "{seconds:.1f} s.",
    "Other clients wait as well, and this one waits most often.": "También esperan otros clientes, "
    "y este es el que más espera.",
    "Wait {seconds} s before you ask again, and ask one after the other.": "Espere {seconds} s "
    "antes de volver a preguntar y envíe las consultas una tras otra.",
    "Too many requests wait already.": "Ya esperan demasiadas peticiones.",
    "The client has gone.": "El cliente se ha ido.",
    # The graph.
    "The graph does not answer at this moment.": "El grafo no responde en este momento.",
    "The graph does not answer at this moment; it is being started again.": "El grafo no responde "
    "en este momento; se está iniciando de nuevo.",
    "Send the query again in a moment.": "Envíe la consulta de nuevo dentro de un momento.",
    "There is no room for an answer of this size at this moment.": "En este momento no hay espacio "
    "para una respuesta de este tamaño.",
    "Ask for less, or again in a moment.": "Pida menos o vuelva a intentarlo dentro de un momento.",
    "The service failed; this is a defect of it, not of the request.": "El servicio ha fallado; es "
    "un defecto suyo, no de la petición.",
    "Please report it, with the number of this request: {number}.": "Le rogamos que avise de "
    "ello, con el número de esta petición: {number}.",
    # Kinds of errors: titles, and what each is.
    "Bad request": "Petición incorrecta",
    "A request that the SPARQL 1.1 Protocol does not allow.": "Una petición que el protocolo "
    "SPARQL 1.1 no permite.",
    "Cannot be used": "No se puede usar",
    "A setting, an option or a path that cannot be used.": "Un ajuste, una opción o una ruta que "
    "no se pueden usar.",
    "Not valid RDF": "RDF no válido",
    "A file that is not the RDF it claims to be.": "Un archivo que no es el RDF que dice ser.",
    "The query does not parse": "La consulta no se puede analizar",
    "A query that does not parse, or that names what it has not declared.": "Una consulta que no "
    "se puede analizar, o que nombra lo que no ha declarado.",
    "Refused": "Rechazada",
    "SERVICE and LOAD: this service fetches nothing on behalf of a query.": "SERVICE y LOAD: este "
    "servicio no obtiene nada de otros por encargo de una consulta.",
    "Not found": "No encontrado",
    "Nothing has this address.": "Nada tiene esta dirección.",
    "Method not allowed": "Método no permitido",
    "The address exists, the method does not.": "La dirección existe; el método, no.",
    "Not acceptable": "Ningún formato aceptable",
    "No format that the client accepts can carry this answer.": "Ningún formato de los que el "
    "cliente acepta puede contener esta respuesta.",
    "Request too large": "Petición demasiado grande",
    "Request timeout": "La petición tarda demasiado",
    "The request does not come to its end within the time that it may take.": "La petición no "
    "llega a su fin en el tiempo que puede durar.",
    "queries of one address under way": "consultas en curso de una dirección",
    "The body did not come in time.": "El cuerpo no llegó a tiempo.",
    "Send it at once, with the head.": "Envíelo de una vez, junto con la cabecera.",
    "The body ends before its Content-Length.": "El cuerpo termina antes de su Content-Length.",
    "Send it whole.": "Envíelo entero.",
    "The request body passes its limit.": "El cuerpo de la petición supera su límite.",
    "Address too long": "Dirección demasiado larga",
    "The address passes its limit.": "La dirección supera su límite.",
    "Unsupported media type": "Tipo de contenido no admitido",
    "The body comes in a type, or a coding, that is not read here.": "El cuerpo llega en un tipo o "
    "una codificación que aquí no se lee.",
    "Over budget": "Fuera de presupuesto",
    "The answer needs more memory, nesting or bytes than one query may use.": "La respuesta "
    "necesita más memoria, niveles anidados o bytes de los que una consulta puede usar.",
    "Another endpoint failed": "Falló otro punto de acceso",
    "Another endpoint, which a query calls where that is allowed, does not answer.": "No responde "
    "otro punto de acceso, al que una consulta llama donde eso se permite.",
    "Busy": "Ocupado",
    "Too many queries wait already: come back in ``retry_after`` seconds.": "Ya esperan demasiadas "
    "consultas: vuelva pasados los segundos que indica Retry-After.",
    "Not ready": "Aún no está listo",
    "Out of time": "Tiempo agotado",
    "The evaluation passed its deadline.": "La evaluación superó su plazo.",
    "Internal error": "Error interno",
    "A defect of this service, which its log explains under the id of the request.": "Un defecto "
    "de este servicio, que su registro explica bajo el número de la petición.",
    # The page of limits.
    "limit": "límite",
    "value": "valor",
    "status": "código",
    "what to do": "qué hacer",
    "seconds": "segundos",
    "bytes": "bytes",
    "queries at the same time": "consultas a la vez",
    "queries that wait": "consultas en espera",
    "seconds of waiting": "segundos de espera",
    "bytes of parameters": "bytes de parámetros",
    "bytes, packed and unpacked": "bytes, comprimidos y sin comprimir",
    "Add LIMIT, or make the pattern more specific.": "Añada LIMIT o concrete más el patrón.",
    "Sort, group and join less: filter first.": "Ordene, agrupe y combine menos: filtre antes.",
    "Add LIMIT and OFFSET, or fetch a graph.": "Añada LIMIT y OFFSET, u obtenga un grafo entero.",
    "Come back after Retry-After.": "Vuelva pasado el tiempo que indica Retry-After.",
}
