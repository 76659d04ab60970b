"""What every view of one application shares; no module holds state of its own."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from cecot.description import Description
from cecot.engine import Engine
from cecot.protocol import Limits
from cecot.settings import Settings


@dataclass(frozen=True, slots=True)
class Context:
    """The engine, the dataset that it answers from, and the settings."""

    engine: Engine
    description: Description
    settings: Settings

    @property
    def limits(self) -> Limits:
        """What one request may bring."""
        return Limits(self.settings.address_limit, self.settings.body_limit)

    @property
    def _root(self) -> str:
        settings = self.settings
        return (settings.public_url or f"http://{settings.host}:{settings.port}").rstrip("/")

    def url(self, path: str) -> str:
        """The absolute address of ``path``: from the settings, never from what a client sent."""
        return f"{self._root}/{path.lstrip('/')}"

    def path(self, path: str) -> str:
        """``path`` as a page links to it: right on whatever host the page was reached."""
        return urlsplit(self._root).path + path
