"""What a picture needs to know of the page that it stands in: language, words, addresses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from cecot.claim_views import ClaimView
from cecot.nodes import Node

NARROW, BROAD = 280, 760
"""Widths for a telephone and for a page, in units that are pixels where there is room."""


@dataclass(frozen=True, slots=True)
class Setting:
    """The page around a picture.

    ``language`` is the reader's, ``says`` its words by name, ``to`` gives the address of a node,
    ``strand`` the address at which the claims of the strand with a number (from 1) are listed.
    ``key`` tells the names in this picture from those of others in the same page.
    """

    language: str
    says: Mapping[str, str]
    to: Callable[[Node], str]
    strand: Callable[[int], str]
    title: str
    key: str

    def label(self, node: Node | None, otherwise: str = "") -> str:
        """What readers call ``node``; what the words say for ``otherwise`` if there is none."""
        return node.label(self.language).value if node else self.says[otherwise]

    def status(self, claim: ClaimView) -> str:
        """The status of ``claim`` as readers call it."""
        return self.label(claim.modality, "no_status")

    def speakers(self, claim: ClaimView) -> str:
        """Who makes ``claim``."""
        return ", ".join(map(self.label, claim.speakers)) or self.says["no_speaker"]
