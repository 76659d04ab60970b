"""Numbers, units and dates as readers of a language write them, no more precise than they are.

Numbers: SI Brochure 5.4.4 for the groups of three, the Ortografía de la lengua española (VIII, 3.3)
for Spanish; dates: EDTF strings (ISO 8601-2); units: UN/CEFACT Recommendation 20.
"""

from __future__ import annotations

import re

MONTHS = {
    "en": (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
    "es": (
        "enero", "febrero", "marzo", "abril", "mayo", "junio",
        "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre",
    ),
}  # fmt: skip
"""The names of the months; a reader of any other language gets the English ones."""

SYMBOLS = {
    "C62": "",
    "CMT": "cm",
    "FOT": "ft",
    "INH": "in",
    "MTK": "m²",
    "MTR": "m",
    "VLT": "V",
}
"""What readers write for a code of a unit; nothing for a count."""

UNITS = {
    "C62": ("one", "unidad"),
    "CMT": ("centimetre", "centímetro"),
    "FOT": ("foot", "pie"),
    "INH": ("inch", "pulgada"),
    "MTK": ("square metre", "metro cuadrado"),
    "MTR": ("metre", "metro"),
    "VLT": ("volt", "voltio"),
}
"""What a code of a unit stands for, in English (the names of the Recommendation) and Spanish."""

_NUMBER = re.compile(r"([+-]?)(\d+)(?:\.(\d+))?")
_EDTF = re.compile(r"(\d{4}|\d{3}X|\d{2}XX)(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)
_NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"


def readable_number(number: str, language: str) -> str:
    """A decimal number, such as ``55000`` or ``0.6``; whatever else it is comes back as it is."""
    match = _NUMBER.fullmatch(number)
    if match is None:
        return number
    sign, whole, fraction = match.groups()
    spanish = language == "es"
    if not (spanish and len(whole) < 5):
        whole = f"{int(whole):,}".replace(",", _NO_BREAK_SPACE if spanish else ",")
    rest = f"{',' if spanish else '.'}{fraction}" if fraction else ""
    return f"{sign.replace('-', chr(0x2212))}{whole}{rest}"


def readable_quantity(number: str, unit: str, language: str) -> str:
    """A number with its unit, which is a code of UN/CEFACT, a word or nothing."""
    symbol = SYMBOLS.get(unit, unit)
    written = readable_number(number, language)
    return f"{written}{_NO_BREAK_SPACE}{symbol}" if symbol else written


def readable_unit(code: str, language: str) -> str:
    """The name of the unit with the UN/CEFACT ``code``; empty if it is not known here."""
    return UNITS.get(code, ("", ""))[language == "es"]


def readable_date(edtf: str, language: str) -> str:
    """A date as precise as its EDTF string: a day, a month, a year, a decade or a century.

    What is no such string comes back as it is.
    """
    match = _EDTF.fullmatch(edtf)
    if match is None or not 1 <= int(match[2] or 1) <= 12:
        return edtf
    year, month, day = match.groups()
    spanish = language == "es"
    if year.endswith("XX"):
        return f"{year[:2]}00\N{EN DASH}{year[:2]}99"
    if year.endswith("X"):
        return f"años {year[:3]}0" if spanish else f"{year[:3]}0s"
    if month is None:
        return year
    name = MONTHS.get(language, MONTHS["en"])[int(month) - 1]
    if spanish:
        return f"{int(day)} de {name} de {year}" if day else f"{name} de {year}"
    return f"{int(day)} {name} {year}" if day else f"{name} {year}"
