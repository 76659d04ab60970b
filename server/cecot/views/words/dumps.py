"""Words of the page of downloads."""

from __future__ import annotations

ENGLISH = {
    "dumps_lead": "The whole graph in files, each also packed with gzip. The checksum of the "
    "N-Quads is the version of the graph: the SHA-256 of its canonical RDF.",
    "dumps_unfinished": "Some files are still being written.",
    "dumps_file": "File",
    "dumps_format": "Format",
    "dumps_bytes": "Bytes",
    "dumps_checksums": "all checksums, for sha256sum --check.",
    "dumps_table": "all claims, one to a line, each with its status and its speaker; "
    "the file whose name ends in -metadata.json explains the columns.",
}
SPANISH = {
    "dumps_lead": "El grafo entero en archivos, también comprimidos con gzip. La suma de "
    "verificación de los N-Quads es la versión del grafo: el SHA-256 de su RDF canónico.",
    "dumps_unfinished": "Algunos archivos se están escribiendo todavía.",
    "dumps_file": "Archivo",
    "dumps_format": "Formato",
    "dumps_bytes": "Bytes",
    "dumps_checksums": "todas las sumas de verificación, para sha256sum --check.",
    "dumps_table": "todas las afirmaciones, una por línea, cada una con su estado y su hablante; "
    "el archivo cuyo nombre termina en -metadata.json explica las columnas.",
}
