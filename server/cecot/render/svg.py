"""The little of SVG 1.1 that pictures are made of: elements, lines of words, signs of statuses.

Every colour is a presentation attribute, so that a picture stands alone; a page's style sheet may
say otherwise by the classes. No style attribute: a strict policy for styles holds.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import escape

from cecot.claims.claim import Claim
from cecot.claims.nodes import Node
from cecot.locale.catalogue import Locale
from cecot.rdf.serialization import shown_in_xml

PAPER, INK, QUIET, RULE = "#fffefb", "#1c1b18", "#5b574d", "#d6d0c2"
TINT = "#f5f2ea"
FONT = "system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, 'Noto Sans', sans-serif"


@dataclass(frozen=True, slots=True)
class Look:
    """How a status looks: its colour, how its lines are broken, its sign in a square of 16."""

    colour: str
    dashes: str
    sign: str


LOOKS = {
    "Asserted": Look("#17593a", "", "M2 3h12M2 8h12M2 13h8"),
    "Hedged": Look("#6a4e00", "7 3", "M1.5 10c2-5 4.500-5 6.500-2s4.500 3 6.500-2"),
    "Attributed": Look("#1d4b87", "12 3", "M2 2.500h12v8H8l-3.500 3v-3H2z"),
    "Alleged": Look("#93201f", "3 3", "M8 1.500 15 14H1zM8 6v4M8 12v.2"),
    "Planned": Look(
        "#563a86",
        "9 3 2 3",
        "M8 1.800a6.200 6.200 0 1 0 0 12.400a6.200 6.200 0 1 0 0-12.400M8 5v3l2 1.500",
    ),
    "Evaluative": Look(
        "#86285f",
        "1 4",
        "m8 1.500 2 4.500 4.800.5-3.600 3.200 1 4.800L8 12l-4.200 2.500 1-4.800L1.200 6.500 6 6z",
    ),
}
OTHER = Look(QUIET, "2 2", "M8 2a6 6 0 1 0 0 12a6 6 0 1 0 0-12")
"""A status that this program does not know."""

_NARROW, _WIDE = frozenset("iljtfrI.,;:'|!()[]/ -\u00a0"), frozenset("mwMW@%—")
_SHORT_ASIDE, _NO_BREAK_SPACE = re.compile(r"\([^()]{1,9}\)"), "\N{NO-BREAK SPACE}"
_LEADING = 1.28
_BOLDER = 1.12


def look_of(status: str) -> Look:
    """How a status looks."""
    return LOOKS.get(status, OTHER)


def tone_of(status: str) -> str:
    """The class of a status in a style sheet."""
    return f"is-{status.lower()}" if status else "is-other"


def element(name: str, content: str = "", **attributes: object) -> str:
    """An element; ``content`` is SVG already. A name in Python's form is read as SVG's.

    ``class_`` is class, ``stroke_width`` is stroke-width; what is None is left out.
    """
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(_value(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    return f"<{name}{written}>{content}</{name}>" if content else f"<{name}{written}/>"


def text_width(text: str, size: float) -> float:
    """How wide ``text`` is at most in the sans-serif fonts that people have, in units of SVG."""
    ems = 0.0
    for each in text:
        if each in _NARROW:
            ems += 0.37
        elif each in _WIDE:
            ems += 0.95
        elif each.isupper():
            ems += 0.7
        else:
            ems += 0.61
    return ems * size


def wrapped(
    text: str, width: float, size: float, most: int = 4, *, bold: bool = False
) -> list[str]:
    """``text`` in lines no wider than ``width``; the last of ``most`` lines may end in a mark."""
    width = width / _BOLDER if bold else width
    lines: list[str] = []
    together = _SHORT_ASIDE.sub(lambda match: match[0].replace(" ", _NO_BREAK_SPACE), text)
    for word in together.split(" "):
        joined = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(joined, size) <= width:
            lines[-1] = joined
        else:
            lines += list(_pieces(word, width, size))
    if len(lines) <= most:
        return lines or [""]
    last = lines[most - 1]
    while last and text_width(last + "…", size) > width:
        last = last[:-1]
    return [*lines[: most - 1], last.rstrip() + "…"]


def _pieces(word: str, width: float, size: float) -> Iterator[str]:
    """``word``, cut where it is wider than a line."""
    piece = ""
    for each in word:
        if piece and text_width(piece + each, size) > width:
            yield piece
            piece = ""
        piece += each
    yield piece


def words(
    lines: list[str], x: float, y: float, size: float, *, colour: str = INK, **attributes: object
) -> str:
    """Lines of text below each other; ``y`` is the baseline of the first."""
    inner = "".join(
        element(
            "tspan", escape(line, quote=False), x=x, dy=round(size * _LEADING, 1) if place else None
        )
        for place, line in enumerate(lines)
    )
    return element("text", inner, x=x, y=y, font_size=size, fill=colour, **attributes)


def height_of(lines: list[str], size: float) -> float:
    """What ``lines`` take of the height."""
    return len(lines) * size * _LEADING


def link(address: str, content: str, name: str = "") -> str:
    """What leads to ``address``; ``name`` tells it to who does not see the picture."""
    return element("a", content, href=address, aria_label=name or None)


def sign(status: str, x: float, y: float, size: float) -> str:
    """The sign of a status, its upper left corner at ``x``, ``y``."""
    look = look_of(status)
    return element(
        "path",
        d=look.sign,
        transform=f"translate({_value(x)} {_value(y)}) scale({_value(size / 16)})",
        fill="none",
        stroke=look.colour,
        stroke_width=1.7,
        stroke_linejoin="round",
        stroke_linecap="round",
        class_=f"line {tone_of(status)}",
    )


def picture(content: str, width: float, height: float, setting: Setting, description: str) -> str:
    """The whole picture, whose names are told from those of other pictures in the page."""
    key = setting.key
    head = element("title", escape(setting.title, quote=False), id=f"{key}-title") + element(
        "desc", escape(description, quote=False), id=f"{key}-about"
    )
    paper = element("rect", width=width, height=height, fill=PAPER, class_="paper")
    return element(
        "svg",
        shown_in_xml(head + paper + content),
        xmlns="http://www.w3.org/2000/svg",
        class_="picture",
        viewBox=f"0 0 {_value(width)} {_value(height)}",
        width=width,
        height=height,
        role="group",
        lang=setting.language,
        aria_labelledby=f"{key}-title",
        aria_describedby=f"{key}-about",
        font_family=FONT,
    )


def _value(value: object) -> str:
    """A number without digits that nobody sees."""
    if isinstance(value, float):
        return f"{value:.1f}".removesuffix(".0")
    return str(value)


NARROW, BROAD = 280, 760
"""Widths for a telephone and for a page, in units that are pixels where there is room."""

_NOTE = 12.0


@dataclass(frozen=True, slots=True)
class Setting:
    """The page around a picture.

    ``locale`` is the reader's, ``name`` what readers call a node,
    ``to`` its address, ``strand`` the address at which the claims of the strand with a number (from
    1) are listed. ``key`` tells the names in this picture from those of others in the same page.
    A picture that ``is_alone``, without a page, explains itself.
    """

    locale: Locale
    name: Callable[[Node], str]
    to: Callable[[Node], str]
    strand: Callable[[int], str]
    title: str
    key: str
    is_alone: bool = False

    def label(self, node: Node | None, otherwise: str = "") -> str:
        """What readers call ``node``; ``otherwise`` if there is none."""
        return self.name(node) if node else otherwise

    @property
    def language(self) -> str:
        """The code of the reader's language."""
        return self.locale.code

    @property
    def nobody(self) -> str:
        """What is said where the text names no speaker."""
        return self.locale.gettext("no speaker named")

    def status(self, claim: Claim) -> str:
        """The status of ``claim`` as readers call it."""
        return self.label(claim.modality, self.locale.gettext("no status"))

    def speakers(self, claim: Claim) -> str:
        """Who makes ``claim``."""
        return ", ".join(map(self.label, claim.speakers)) or self.nobody


def explained(setting: Setting, text: str, y: float, width: float) -> tuple[str, float]:
    """``text`` on how a picture is read, below ``y``; and where the picture ends.

    A picture in a page has no such text: the page says it.
    """
    if not setting.is_alone:
        return "", y
    lines = wrapped(text, width - 16, _NOTE, 12)
    return words(lines, 8, y + 18, _NOTE, colour=QUIET, class_="soft"), (
        y + 22 + height_of(lines, _NOTE)
    )
