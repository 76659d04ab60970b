"""The queries that were heavy the last time, so that they begin in the lane of the heavy ones."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict

REMEMBERED = 4096
"""How many heavy queries are remembered."""

LONGEST_SPLIT = 64 * 1024
"""Code points of a query in which white space makes no difference."""


class HeavyQueries:
    """Remembers which queries were heavy the last time; white space makes no difference."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: OrderedDict[bytes, None] = OrderedDict()

    def __contains__(self, text: str) -> bool:
        """Whether ``text`` was heavy the last time."""
        return bool(self._known) and _digest(text) in self._known

    def note(self, text: str, *, heavy: bool) -> None:
        """Remember how ``text`` was this time."""
        if not heavy and not self._known:
            return
        digest = _digest(text)
        with self._lock:
            if heavy:
                self._known[digest] = None
                self._known.move_to_end(digest)
                if len(self._known) > REMEMBERED:
                    self._known.popitem(last=False)
            else:
                self._known.pop(digest, None)


def _digest(text: str) -> bytes:
    # To split a long text takes milliseconds in which no other thread runs.
    words = " ".join(text.split()) if len(text) <= LONGEST_SPLIT else text
    return hashlib.blake2b(words.encode("utf-8", "surrogatepass"), digest_size=16).digest()
