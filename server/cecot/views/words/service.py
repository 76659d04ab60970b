"""Words of the pages about the service itself: the endpoint, limits, problems."""

from __future__ import annotations

ENGLISH = {
    "ask": "Ask a question",
    "endpoint": "SPARQL endpoint",
    "triples": "triples",
    "format": "Answer as",
    "run": "Run",
    "description": "Description of the service",
    "dataset": "Description of the dataset",
    "limits": "Limits",
    "health": "Health",
    "problem": "This did not work",
    "problems": "Problems",
    "graphs": "Named graphs",
}
SPANISH = {
    "ask": "Hacer una pregunta",
    "endpoint": "Punto de acceso SPARQL",
    "triples": "triples",
    "format": "Respuesta en",
    "run": "Ejecutar",
    "description": "Descripción del servicio",
    "dataset": "Descripción del conjunto de datos",
    "limits": "Límites",
    "health": "Estado",
    "problem": "Esto no ha funcionado",
    "problems": "Problemas",
    "graphs": "Grafos con nombre",
}
