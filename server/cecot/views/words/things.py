"""Words of the page of a thing, of a claim and of a passage."""

from __future__ import annotations

ENGLISH = {
    "facts": "Facts",
    "facts_from": "Stated without reservation, in its own voice, by:",
    "a_value": "A figure or a date of the text. What it measures, and whether that is a fact, is "
    "said by the claims that give it:",
    "voices": "Told differently",
    "voices_lead": "Where voices give different answers, each stands for itself.",
    "said_of": "What is said about it",
    "says_itself": "What {} says",
    "occurs": "Where else it occurs",
    "unsaid_one": "What the text does not say",
    "unsaid_many": "What the texts do not say",
    "nobody_says": "Not said: not in the text's own voice, and not in anybody else's.",
    "said_elsewhere": "Said of something else, not of this:",
    "unsaid_list": "Not said:",
    "nor": "Nor is it said:",
    "beside": "Beside the text",
    "look_further": "Look further",
    "permanent": "Permanent address:",
    "all_claims_about": "All claims about it, as a table",
    "all_claims_by": "All its own claims, as a table",
    "all_claims_of": "All claims that say this",
    "more_claims": "There are more claims than fit on this page.",
    "more": "There is more than fits on this page; the downloads hold everything.",
}
SPANISH = {
    "facts": "Hechos",
    "facts_from": "Lo enuncia sin reservas, con voz propia:",
    "a_value": "Una cifra o una fecha del texto. Qué mide, y si eso es un hecho, lo dicen las "
    "afirmaciones que la dan:",
    "voices": "Contado de otro modo",
    "voices_lead": "Donde las voces dan respuestas distintas, cada una queda por separado.",
    "said_of": "Lo que se dice de ello",
    "says_itself": "Lo que dice {}",
    "occurs": "Dónde más aparece",
    "unsaid_one": "Lo que el texto no dice",
    "unsaid_many": "Lo que los textos no dicen",
    "nobody_says": "No se dice: ni con la voz del texto ni con la de nadie.",
    "said_elsewhere": "Se dice de otra cosa, no de esta:",
    "unsaid_list": "No se dice:",
    "nor": "Tampoco se dice:",
    "beside": "Fuera del texto",
    "look_further": "Seguir mirando",
    "permanent": "Dirección permanente:",
    "all_claims_about": "Todas las afirmaciones que tratan de ello, en una tabla",
    "all_claims_by": "Todas sus afirmaciones, en una tabla",
    "all_claims_of": "Todas las afirmaciones que dicen esto",
    "more_claims": "Hay más afirmaciones de las que caben en esta página.",
    "more": "Hay más de lo que cabe en esta página; las descargas lo contienen todo.",
}
