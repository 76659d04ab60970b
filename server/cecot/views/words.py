"""The words of the pages in each language that they speak."""

from __future__ import annotations

from collections.abc import Mapping

ENGLISH = {
    "about": "This is a graph of who says what, and where, with a SPARQL endpoint.",
    "ask": "Ask a question",
    "endpoint": "SPARQL endpoint",
    "example": "From a shell:",
    "triples": "triples",
    "version": "Version of the graph",
    "query": "Query",
    "format": "Answer as",
    "run": "Run",
    "description": "Description of the service",
    "dataset": "Description of the dataset",
    "limits": "Limits",
    "health": "Health",
    "problem": "This did not work",
    "problems": "Problems",
    "home": "Home",
    "skip": "Skip to the content",
    "graphs": "Named graphs",
}
SPANISH = {
    "about": "Este es un grafo de quién dice qué y dónde, con un punto de acceso SPARQL.",
    "ask": "Hacer una pregunta",
    "endpoint": "Punto de acceso SPARQL",
    "example": "Desde una terminal:",
    "triples": "triples",
    "version": "Versión del grafo",
    "query": "Consulta",
    "format": "Respuesta en",
    "run": "Ejecutar",
    "description": "Descripción del servicio",
    "dataset": "Descripción del conjunto de datos",
    "limits": "Límites",
    "health": "Estado",
    "problem": "Esto no ha funcionado",
    "problems": "Problemas",
    "home": "Inicio",
    "skip": "Ir al contenido",
    "graphs": "Grafos con nombre",
}
WORDS: Mapping[str, Mapping[str, str]] = {"en": ENGLISH, "es": SPANISH}
