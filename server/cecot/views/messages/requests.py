"""What is wrong with a request: its parameters, its body, the formats that it accepts."""

from __future__ import annotations

SPANISH = {
    # Where.
    "Line {line}.": "Línea {line}.",
    "Line {line}, column {column}.": "Línea {line}, columna {column}.",
    "In: {where}.": "En: {where}.",
    # Parameters.
    "There is no parameter named query.": "No hay ningún parámetro llamado query.",
    "There is no parameter named query, but {names}.": "No hay ningún parámetro llamado query, "
    "pero sí {names}.",
    "Send query=… in the body, or the query alone with Content-Type: {type}.": "Envíe query=… en "
    "el cuerpo, o la consulta sola con Content-Type: {type}.",
    "Send the query as ?query=…, percent-encoded. Without parameters, this address describes the "
    "service.": "Envíe la consulta como ?query=…, con codificación por ciento. Sin parámetros, "
    "esta dirección describe el servicio.",
    "The request has {count} parameters named query; it may have one.": "La petición tiene {count} "
    "parámetros llamados query; solo puede tener uno.",
    "Send one query per request.": "Envíe una consulta por petición.",
    "This address answers queries; it takes no updates.": "Esta dirección responde consultas; no "
    "admite actualizaciones.",
    "The service is read only. Send the parameter query.": "El servicio es de solo lectura. Envíe "
    "el parámetro query.",
    "The service is read only. Send a query, with Content-Type: {type}.": "El servicio es de solo "
    "lectura. Envíe una consulta con Content-Type: {type}.",
    "{name} belongs to updates, which this address does not take.": "{name} es propio de las "
    "actualizaciones, que esta dirección no admite.",
    "For a query, use default-graph-uri and named-graph-uri.": "Para una consulta, use "
    "default-graph-uri y named-graph-uri.",
    "{name} must be an absolute IRI, not {iri!r}.": "{name} debe ser una IRI absoluta, no {iri!r}.",
    "For instance {name}=https://example.org/graph, percent-encoded.": "Por ejemplo "
    "{name}=https://example.org/graph, con codificación por ciento.",
    "There are more than {most:,} parameters.": "Hay más de {most} parámetros.",
    "A query needs a handful.": "A una consulta le bastan unos pocos.",
    "The parameters are not UTF-8 once percent-decoded.": "Los parámetros, una vez decodificados, "
    "no son UTF-8.",
    "Encode the parameters as UTF-8, then percent-encode them.": "Codifique los parámetros en "
    "UTF-8 y después con codificación por ciento.",
    "This is not UTF-8: byte {byte} does not fit.": "Esto no es UTF-8: no encaja el byte {byte}.",
    "SPARQL is UTF-8: send the query in UTF-8.": "SPARQL se escribe en UTF-8: envíe la consulta en "
    "UTF-8.",
    "The address has more than {limit:,} bytes of parameters.": "Los parámetros de la dirección "
    "ocupan más de {limit} bytes.",
    "Send the query by POST.": "Envíe la consulta por POST.",
    # The body.
    "The body has more than {limit:,} bytes.": "El cuerpo ocupa más de {limit} bytes.",
    "The body unpacks to more than {limit:,} bytes.": "El cuerpo, descomprimido, ocupa más de "
    "{limit} bytes.",
    "Send a shorter query.": "Envíe una consulta más corta.",
    "The body passes its limit.": "El cuerpo supera su límite.",
    "Send less.": "Envíe menos.",
    "The charset {charset!r} is not read here.": "Aquí no se lee el juego de caracteres "
    "{charset!r}.",
    "Content-Type {type!r} is not read here.": "Aquí no se lee Content-Type {type!r}.",
    "There is no Content-Type.": "Falta Content-Type.",
    "Send the query alone as {alone}, or as query=… in {form}.": "Envíe la consulta sola como "
    "{alone}, o como query=… en {form}.",
    "Content-Encoding {codings!r} is not read here.": "Aquí no se lee Content-Encoding "
    "{codings!r}.",
    "Send the body plain, or in gzip, once.": "Envíe el cuerpo sin comprimir, o comprimido una vez "
    "con gzip.",
    "The body has more than {most} gzip members.": "El cuerpo tiene más de {most} miembros gzip.",
    "Pack the body as one.": "Comprima el cuerpo en uno solo.",
    "The body is not gzip, though Content-Encoding says gzip.": "El cuerpo no es gzip, aunque "
    "Content-Encoding diga gzip.",
    "The body ends before its gzip data is complete.": "El cuerpo termina antes de que sus datos "
    "gzip estén completos.",
    "Leave Content-Encoding out for a plain body.": "Si el cuerpo no está comprimido, prescinda de "
    "Content-Encoding.",
    # Formats.
    "No format that the request accepts is offered here.": "Aquí no se ofrece ningún formato de "
    "los que la petición acepta.",
    "No format that you accept is offered.": "No se ofrece ningún formato de los que usted acepta.",
    "Offered: {offers}.": "Se ofrece: {offers}.",
    "Offered for SELECT and ASK: {results}. For CONSTRUCT and DESCRIBE: {graphs}.": "Se ofrece "
    "para SELECT y ASK: {results}. Para CONSTRUCT y DESCRIBE: {graphs}.",
    "This is RDF, and no RDF format that you accept is offered.": "Esto es RDF, y no se ofrece "
    "ningún formato RDF de los que usted acepta.",
    "Offered: {offers}. To ask a question at the endpoint, send the parameter query.": "Se ofrece: "
    "{offers}. Para hacer una pregunta al punto de acceso, envíe el parámetro query.",
    # Methods and graphs.
    "{method} is not possible here.": "Aquí no se puede usar {method}.",
    "Possible: {methods}.": "Se puede usar: {methods}.",
    "The request cannot be read: {why}": "La petición no se puede leer: {why}",
    "Check how the request is written.": "Compruebe cómo está escrita la petición.",
    "The address names {count} graphs; it must name one.": "La dirección nombra {count} grafos; "
    "debe nombrar uno.",
    "Use ?default, or ?graph= with one of: {graphs}.": "Use ?default, o ?graph= con uno de estos: "
    "{graphs}.",
    "There is no such graph here.": "Aquí no hay tal grafo.",
    "Named graphs: {graphs}. The default graph is ?default.": "Grafos con nombre: {graphs}. El "
    "grafo por defecto es ?default.",
    "there are none": "no hay ninguno",
}
