"""The three rooms on disk, and the one place that knows where they stand (docs: layout).

``ontology/`` says what can be said, ``graph/`` what is said, ``shapes/`` what must hold.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cecot.errors import UsageError

ROOMS = ("ontology", "graph", "shapes")
VARIABLE = "CECOT_ROOMS"


@dataclass(frozen=True, slots=True)
class Rooms:
    """A folder that holds ``ontology/``, ``graph/``, ``shapes/``; all lists of files are sorted."""

    root: Path

    @property
    def ontology(self) -> Path:
        """The folder of the ontology, its prefix table and its derivations."""
        return self.root / "ontology"

    @property
    def graph(self) -> Path:
        """The folder of the graph, its sources and its questions."""
        return self.root / "graph"

    @property
    def shapes(self) -> Path:
        """The folder of the rules."""
        return self.root / "shapes"

    @property
    def texts(self) -> Path:
        """The folder beside the rooms for the texts of the sources, which git ignores."""
        return self.root / "texts"

    def ontology_files(self) -> list[Path]:
        """All Turtle and N-Triples files of the ontology, the prefix table among them."""
        return _files(self.ontology, ".ttl", ".nt")

    def graph_files(self) -> list[Path]:
        """All Turtle and N-Triples files of the graph."""
        return _files(self.graph, ".ttl", ".nt")

    def shape_files(self) -> list[Path]:
        """All Turtle and N-Triples files of the rules."""
        return _files(self.shapes, ".ttl", ".nt")

    def derive_files(self) -> list[Path]:
        """The queries that derive what follows, in the order in which they run."""
        return _files(self.ontology / "derive", ".rq")

    def question_files(self) -> list[Path]:
        """The questions that come with the graph, one query each."""
        return _files(self.graph / "queries", ".rq")

    def short(self, path: Path) -> str:
        """``path`` as a person in the folder of the rooms would write it, else as it is."""
        return (
            path.relative_to(self.root).as_posix() if path.is_relative_to(self.root) else str(path)
        )


def find_rooms(explicit: Path | None = None) -> Rooms:
    """Find the rooms: ``explicit``, else ``$CECOT_ROOMS``, else those that one stands in.

    Whoever works in a checkout means that one, whichever the command is installed from. Elsewhere
    they are those of the checkout that the package is in, else the package's own.

    Raises UsageError if the folder, or one of the three in it, is missing.
    """
    chosen = explicit or _from_environment()
    if chosen is not None:
        return _checked(chosen)
    here, package = Path.cwd(), Path(__file__).resolve().parent
    for root in (here, *here.parents, package.parent.parent, package / "data"):
        if all((root / name).is_dir() for name in ROOMS):
            return Rooms(root)
    raise UsageError(
        "There are no rooms beside the package and none in it.",
        hint=f"Give --rooms DIR, or set {VARIABLE}: a folder with {', '.join(ROOMS)} in it.",
    )


def _from_environment() -> Path | None:
    value = os.environ.get(VARIABLE, "")
    return Path(value) if value else None


def _checked(root: Path) -> Rooms:
    if not root.is_dir():
        raise UsageError(
            f"{root} is not a folder.",
            hint=f"The rooms are one folder with {', '.join(ROOMS)} in it.",
        )
    missing = [name for name in ROOMS if not (root / name).is_dir()]
    if missing:
        raise UsageError(
            f"{root} has no folder {' and no '.join(missing)}.",
            hint=f"The rooms are one folder with {', '.join(ROOMS)} in it; each may be empty.",
        )
    return Rooms(root)


def _files(folder: Path, *suffixes: str) -> list[Path]:
    return sorted(_walk(folder, suffixes))


def _walk(folder: Path, suffixes: tuple[str, ...]) -> Iterator[Path]:
    """The files below ``folder``, hidden ones apart.

    Raises UsageError for what would be passed over in silence: a folder that cannot be read, a link
    that leads nowhere or to a folder.
    """
    if not folder.exists():
        return
    for place, folders, files in os.walk(folder, onerror=refuse_unread):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for path in (Path(place, name) for name in (*folders, *files)):
            if path.name.startswith("."):
                continue
            if path.is_symlink() and not path.is_file():
                where = (
                    "to a folder; links to folders are not followed" if path.is_dir() else "nowhere"
                )
                raise UsageError(f"This link leads {where}.", where=str(path))
            if path.suffix in suffixes and path.is_file():
                yield path


def refuse_unread(error: OSError) -> None:
    """Raise UsageError for a folder that os.walk would pass over in silence."""
    raise UsageError(f"Cannot be read: {error.strerror}.", where=str(error.filename)) from error
