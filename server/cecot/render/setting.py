"""What a picture needs to know of the page that it stands in: language, words, addresses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from cecot.claims.claim import ClaimView
from cecot.claims.nodes import Node
from cecot.render.svg import QUIET, height_of, words, wrapped

NARROW, BROAD = 280, 760
"""Widths for a telephone and for a page, in units that are pixels where there is room."""

_NOTE = 12.0


@dataclass(frozen=True, slots=True)
class Setting:
    """The page around a picture.

    ``language`` is the reader's, ``says`` its words by name, ``name`` what readers call a node,
    ``to`` its address, ``strand`` the address at which the claims of the strand with a number (from
    1) are listed. ``key`` tells the names in this picture from those of others in the same page.
    A picture that ``is_alone``, without a page, explains itself.
    """

    language: str
    says: Mapping[str, str]
    name: Callable[[Node], str]
    to: Callable[[Node], str]
    strand: Callable[[int], str]
    title: str
    key: str
    is_alone: bool = False

    def label(self, node: Node | None, otherwise: str = "") -> str:
        """What readers call ``node``; what the words say for ``otherwise`` if there is none."""
        return self.name(node) if node else self.says[otherwise]

    def status(self, claim: ClaimView) -> str:
        """The status of ``claim`` as readers call it."""
        return self.label(claim.modality, "no_status")

    def speakers(self, claim: ClaimView) -> str:
        """Who makes ``claim``."""
        return ", ".join(map(self.label, claim.speakers)) or self.says["no_speaker"]


def explained(setting: Setting, name: str, y: float, width: float) -> tuple[str, float]:
    """How a picture is read, if no page says it, below ``y``; and where the picture ends."""
    if not setting.is_alone:
        return "", y
    lines = wrapped(setting.says[name], width - 16, _NOTE, 12)
    return words(lines, 8, y + 18, _NOTE, colour=QUIET, class_="soft"), (
        y + 22 + height_of(lines, _NOTE)
    )
