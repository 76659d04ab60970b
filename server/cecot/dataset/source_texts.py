"""The texts themselves, for a server that was given them (docs: passages; design: model).

The graph holds no text. Whoever has a file whose SHA-256 a source gives can show its passages.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cecot.errors import UsageError
from cecot.rooms import Rooms


@dataclass(frozen=True, slots=True)
class SourceTexts:
    """Texts by the SHA-256 of their bytes, in lower-case hexadecimal digits."""

    by_digest: Mapping[str, str] = field(default_factory=dict, repr=False)

    def passage(self, digest: str, start: int, end: int, span_hash: str = "") -> str:
        """The characters from ``start`` to ``end`` (code points, exclusive) of the text.

        Empty if there is no such text, or if the characters are not those of ``span_hash``.
        """
        span = self.by_digest.get(digest.lower(), "")[start:end]
        if span_hash and hashlib.sha256(span.encode()).hexdigest() != span_hash:
            return ""
        return span


def text_files(rooms: Rooms, given: Iterable[Path] = ()) -> tuple[Path, ...]:
    """The texts that are ``given``, and those beside the rooms: ``texts/KEY.txt`` of each source.

    Git ignores that folder. A text that is given takes the place of that of the same name.
    """
    named = {path.name: path for path in given}
    beside = {
        path.name: path
        for path in sorted(rooms.texts.glob("*.txt"))
        if (rooms.graph / "sources" / f"{path.stem}.ttl").is_file()
    }
    return tuple((beside | named).values())


def read_source_texts(paths: str) -> SourceTexts:
    """The texts in the files that ``paths`` names, separated by commas.

    Raises UsageError for a file that cannot be read, or is not UTF-8.
    """
    return read_texts(text_paths(paths))


def text_paths(paths: str) -> list[Path]:
    """The files that ``paths`` names, separated by commas."""
    given = (part.strip() for part in paths.split(","))
    return [Path(each) for each in given if each]


def read_texts(files: Iterable[Path]) -> SourceTexts:
    """The texts in ``files``; raises what ``read_source_texts`` raises."""
    return SourceTexts(dict(_read(files)))


def _read(files: Iterable[Path]) -> Iterable[tuple[str, str]]:
    for file in files:
        try:
            content = file.read_bytes()
            yield hashlib.sha256(content).hexdigest(), content.decode()
        except OSError as error:
            raise UsageError(f"Cannot be read: {error.strerror}.", where=str(file)) from error
        except UnicodeDecodeError as error:
            raise UsageError(f"Byte {error.start} is not UTF-8.", where=str(file)) from error
