"""Figures with their units, and dates, where the words of a sentence write them (docs: editing).

Numbers are read by ``claims.quantities`` and dates by ``cecot.dates``; here is found where they
stand, what limits them, and what converts them. A date is never more precise than its words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from cecot.claims.quantities import Dimension, Unit, find_unit, read_number, says_at_least, speech
from cecot.dates import dates_in, read_edtf
from cecot.editing.lexicon import Lexicon

_DIGITS = r"(?<![\w.,])\d{1,3}(?:[.,\u00a0\u202f]\d{3})+(?:[.,]\d+)?|(?<![\w.,])\d+(?:[.,]\d+)?"
_YEAR = re.compile(r"(?<![\w.,-])(1[5-9]\d{2}|20\d{2})(?![\w-]|[.,]\d)")
_GAP = r"(?:[-\s\u00a0\u202f]+)"
_BRACKET = re.compile(r"\s*\(\s*$")

Worded = tuple[tuple[str, str], ...]
"""Language tag and words, sorted."""


@dataclass(frozen=True, slots=True)
class FigureDraft:
    """A figure: its words and where they stand, its number or least number, its unit.

    ``unit_code`` is that of UN/CEFACT where it is verified, else ``unit_text`` names the unit.
    ``converted`` is the same in another unit, which the text gives in brackets. ``gloss`` is our
    translation of the words (decision 94). ``node`` is the IRI of a value that is there and says
    the same.
    """

    start: int = field(compare=False)
    end: int = field(compare=False)
    as_written: str
    value: str = ""
    minimum: str = ""
    unit_code: str = ""
    unit_text: str = ""
    qualifier: str = ""
    gloss: Worded = ()
    converted: FigureDraft | None = None
    node: str = field(default="", compare=False)

    @property
    def dimension(self) -> Dimension | None:
        """What it measures."""
        unit = find_unit([self.unit_code], [self.unit_text])
        return unit.dimension if unit else None


@dataclass(frozen=True, slots=True)
class DateDraft:
    """A date: its words, its EDTF string, the first and last possible day; as FigureDraft."""

    start: int = field(compare=False)
    end: int = field(compare=False)
    as_written: str
    edtf: str
    first: date
    last: date
    gloss: Worded = ()
    node: str = field(default="", compare=False)


def find_dates(sentence: str, lexicon: Lexicon) -> list[DateDraft]:
    """The dates of ``sentence``, in order; a day of which no year is written is none."""
    found: list[DateDraft] = []
    for each in dates_in(sentence):
        edtf = read_edtf(each.edtf.upper())
        if edtf is not None:
            words = sentence[each.start : each.end]
            found.append(
                DateDraft(each.start, each.end, words, each.edtf.upper(), edtf.first, edtf.last)
            )
    for match in _YEAR.finditer(sentence):
        if any(each.start <= match.start() < each.end for each in found):
            continue
        before = sentence[: match.start()].rstrip().casefold()
        if any(
            re.search(rf"(?<!\w){each}$", before) for each in lexicon.words("date.before_years")
        ):
            found.append(_year(sentence, match, lexicon))
    return sorted(found, key=lambda each: each.start)


def _year(sentence: str, match: re.Match[str], lexicon: Lexicon) -> DateDraft:
    """A year, with "late" or "early": then half of it is not possible (docs: model)."""
    year, start = int(match[1]), match.start()
    first, last = date(year, 1, 1), date(year, 12, 31)
    before = sentence[:start].rstrip()
    for name in ("late", "early"):
        for each in lexicon.words(f"date.{name}"):
            if re.search(rf"(?<!\w){each}$", before, re.IGNORECASE):
                start = len(before) - len(each)
                first = date(year, 7, 1) if name == "late" else first
                last = date(year, 6, 30) if name == "early" else last
    return DateDraft(start, match.end(), sentence[start : match.end()], match[1], first, last)


def find_figures(sentence: str, lexicon: Lexicon) -> list[FigureDraft]:
    """The figures of ``sentence``, in order; those in brackets stand on the one before them."""
    taken = [(each.start, each.end) for each in find_dates(sentence, lexicon)]
    taken += [(each.start, each.end) for each in dates_in(sentence)]
    taken += [each.span() for each in re.finditer(r"\[\d+\](?::\s?\S+)?", sentence)]
    found: list[FigureDraft] = []
    for start, end in _numbers(sentence, lexicon):
        if any(one <= start < other or start <= one < end for one, other in taken):
            continue
        figure = _figure(sentence, start, end, lexicon)
        previous = found[-1] if found else None
        in_brackets = previous and _BRACKET.fullmatch(sentence[previous.end : figure.start])
        if previous and in_brackets and previous.dimension is figure.dimension is not None:
            found[-1] = replace(previous, converted=figure)
        else:
            found.append(figure)
    return found


def _numbers(sentence: str, lexicon: Lexicon) -> Iterator[tuple[int, int]]:
    """Where numbers stand, in figures or in words: the whole run, with its scale."""
    way = speech(lexicon.language)
    scales = [each for each in way.scales if each not in way.starting_scales]
    words = sorted({*way.words, *way.starting_scales} - {"one", "un", "una"}, key=len, reverse=True)
    further = "|".join(sorted({*way.words, *way.scales, *way.joins}, key=len, reverse=True))
    scale = rf"(?:{_GAP}(?:{'|'.join(sorted(scales, key=len, reverse=True))})(?!\w))"
    pattern = re.compile(
        rf"(?:{_DIGITS}){scale}?(?![\w])"
        rf"|(?<![\w-])(?:{'|'.join(words)})(?:{_GAP}(?:{further}))*(?!\w)"
        rf"|(?<![\w-])(?:one|an?|un[ao]?){scale}(?:{_GAP}(?:{further}))*(?!\w)"
        r"|(?<![\w.,])\d+(?:[.,]\d+)?(?=[a-zA-Z²])",
        re.IGNORECASE,
    )
    joins = rf"(?:{_GAP}(?:{'|'.join(way.joins)}))+$"
    for match in pattern.finditer(sentence):
        written = re.sub(joins, "", match.group(), flags=re.IGNORECASE)
        if read_number(written, lexicon.language) is not None:
            yield match.start(), match.start() + len(written)


def _figure(sentence: str, start: int, end: int, lexicon: Lexicon) -> FigureDraft:
    number_start = start
    number = read_number(sentence[start:end], lexicon.language) or Decimal(0)
    unit, end = _unit(sentence, end, lexicon)
    limit = ""
    for each in lexicon.find("hedge.limits", sentence[:start]):
        if not sentence[each.end : start].strip():
            limit, start = each.words, each.start
    least = says_at_least(sentence[start:end], lexicon.language)
    words = sentence[start if least else number_start : end]
    plain = _plain(number)
    code = "C62" if unit is None else unit.code
    return FigureDraft(
        start,
        end,
        words,
        value="" if least else plain,
        minimum=plain if least else "",
        unit_code=code,
        unit_text="" if unit is None or code else unit.name("en"),
        qualifier=" ".join(limit.split()),
    )


def _unit(sentence: str, end: int, lexicon: Lexicon) -> tuple[Unit | None, int]:
    """The unit that follows a number, and where its word ends; None for a count."""
    gap = re.match(_GAP, sentence[end:])
    start = end + (gap.end() if gap else 0)
    for each in lexicon.find("units", sentence, start):
        if each.start != start:
            break
        spelling = re.sub(r"\s+", " ", each.words)
        name = lexicon.units.get(spelling, lexicon.units.get(spelling.casefold(), ""))
        if unit := find_unit([], [name]):
            return unit, each.end
        break
    return None, end


def _plain(number: Decimal) -> str:
    """``number`` in the canonical form of an integer or a decimal."""
    if number == number.to_integral_value():
        return str(int(number))
    return format(number.normalize(), "f")
