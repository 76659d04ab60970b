"""Words of citations."""

from __future__ import annotations

ENGLISH = {
    "cite_title": "Cite",
    "cite_lead": "A reference with the version of the graph and the day of reading. What somebody "
    "says is cited as theirs: with its status, its speaker and its place in the text.",
    "cite_in_text": "For a footnote",
    "cite_permalink": "Permanent address",
    "cite_permalink_about": "It stays the same when the host changes.",
    "cite_version": "Version",
    "cite_version_about": "The hash of the whole graph. The same hash means the same graph.",
    "cite_day": "Day of reading",
    "cite_change_day": "Change the day",
    "cite_download": "Download as {}",
    "cite_for": "For reference managers",
    "cite_dataset": "Cite the whole dataset instead",
}
SPANISH = {
    "cite_title": "Citar",
    "cite_lead": "Una referencia con la versión del grafo y el día de consulta. Lo que alguien "
    "dice se cita como suyo: con su estado, su hablante y su lugar en el texto.",
    "cite_in_text": "Para una nota al pie",
    "cite_permalink": "Dirección permanente",
    "cite_permalink_about": "Sigue siendo la misma cuando cambia el servidor.",
    "cite_version": "Versión",
    "cite_version_about": "El hash de todo el grafo. El mismo hash significa el mismo grafo.",
    "cite_day": "Día de consulta",
    "cite_change_day": "Cambiar el día",
    "cite_download": "Descargar en {}",
    "cite_for": "Para gestores de referencias",
    "cite_dataset": "Citar el conjunto de datos completo",
}
