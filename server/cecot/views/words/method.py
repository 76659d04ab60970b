"""Words around the texts about the graph: what it is, how it is made, how to have it corrected."""

from __future__ import annotations

ENGLISH = {
    "about_title": "About",
    "about_lead": "Who says what, where, in which words, and how sure.",
    "method_title": "Method",
    "method_lead": "How a text becomes claims, what the statuses mean, and what this cannot tell.",
    "corrections_title": "Corrections and replies",
    "corrections_lead": "How to report an error, how to ask for a correction or add a reply, and "
    "what happens then.",
    "corrections_about": "You come from this page; please name it:",
    "corrections_page": "the page of this source",
    "corrections_subject": "Correction: {}",
    "status_meaning": "What it means",
    "status_fact": "Becomes a fact",
    "status_count": "Claims here",
    "yes": "yes",
    "no": "no",
}
SPANISH = {
    "about_title": "Acerca de",
    "about_lead": "Quién dice qué, dónde, con qué palabras y con qué certeza.",
    "method_title": "Método",
    "method_lead": "Cómo un texto se convierte en afirmaciones, qué significan los estados y qué "
    "no puede saberse así.",
    "corrections_title": "Correcciones y réplicas",
    "corrections_lead": "Cómo avisar de un error, cómo pedir una corrección o añadir una réplica, "
    "y qué pasa después.",
    "corrections_about": "Viene de esta página; indíquela, por favor:",
    "corrections_page": "la página de esta fuente",
    "corrections_subject": "Corrección: {}",
    "status_meaning": "Qué significa",
    "status_fact": "Se convierte en hecho",
    "status_count": "Afirmaciones aquí",
    "yes": "sí",
    "no": "no",
}
