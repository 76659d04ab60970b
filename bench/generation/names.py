"""Invented names, one for each number, so that no two things share a label (design: rules, 24)."""

from __future__ import annotations

_SYLLABLES = ("ba", "ce", "di", "fo", "gu", "la", "me", "ni", "po", "ru", "sa", "te", "vi", "zo")
_FEATURES = (
    ("guard towers", "Torres de vigilancia"),
    ("cell blocks", "Módulos de celdas"),
    ("wall sections", "Tramos de muro"),
    ("gates", "Portones"),
    ("workshops", "Talleres"),
    ("kitchens", "Cocinas"),
    ("generators", "Generadores"),
    ("wells", "Pozos"),
    ("scanners", "Escáneres"),
    ("courtyards", "Patios"),
)
_ACTS = (
    ("Arbitrary arrests", "Detenciones arbitrarias"),
    ("Denial of counsel", "Negación de abogado"),
    ("Overcrowding", "Hacinamiento"),
    ("Lack of medical care", "Falta de atención médica"),
    ("Ill-treatment", "Malos tratos"),
    ("Restriction of visits", "Restricción de visitas"),
    ("Delayed hearings", "Audiencias retrasadas"),
    ("Unlawful searches", "Registros ilegales"),
)


def name(number: int) -> str:
    """An invented name that belongs to ``number`` alone (0 and up)."""
    letters = ""
    number += len(_SYLLABLES)  # two syllables at least
    while number:
        number, digit = divmod(number, len(_SYLLABLES))
        letters = _SYLLABLES[digit] + letters
    return letters.capitalize()


def feature(number: int) -> tuple[str, str]:
    """What a feature is called, in English and Spanish."""
    return _FEATURES[number % len(_FEATURES)]


def acts() -> tuple[tuple[str, str], ...]:
    """What allegations speak of, in English and Spanish."""
    return _ACTS
