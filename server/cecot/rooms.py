"""The three rooms on disk, the texts beside them, and the one place that knows where they stand.

``ontology/`` says what can be said, ``graph/`` what is said, ``shapes/`` what must hold. The graph
holds no text: whoever has a file whose SHA-256 a source gives can show its passages. Files are
looked at again and again: their times and sizes are asked for, twice a second (decision 79).
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

from cecot.errors import CecotError, UsageError

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

    def rdf_files(self) -> list[Path]:
        """All Turtle and N-Triples files of the three rooms."""
        return [*self.ontology_files(), *self.graph_files(), *self.shape_files()]

    def derive_files(self) -> list[Path]:
        """The queries that derive what follows, in the order in which they run."""
        return _files(self.ontology / "derive", ".rq")

    def question_files(self) -> list[Path]:
        """The questions that come with the graph, one query each."""
        return _files(self.graph / "queries", ".rq")

    def place(self, error: CecotError) -> str:
        """``file:line:column`` of an error, the file as ``short`` gives it."""
        return error.located(self.short(Path(error.where)) if error.where else "")

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
    if chosen := explicit or os.environ.get(VARIABLE):
        return _checked(Path(chosen))
    here, package = Path.cwd(), Path(__file__).resolve().parent
    for root in (here, *here.parents, package.parent.parent, package / "data"):
        if all((root / name).is_dir() for name in ROOMS):
            return Rooms(root)
    raise UsageError(
        "There are no rooms beside the package and none in it.",
        hint=f"Give --rooms DIR, or set {VARIABLE}: a folder with {', '.join(ROOMS)} in it.",
    )


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


def _below(folder: Path, onerror: Callable[[OSError], object] | None = None) -> Iterator[Path]:
    """What lies below ``folder``, in whatever order; what is hidden, and what is in that, apart."""
    for place, folders, files in os.walk(folder, onerror=onerror):
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (Path(place, each) for each in (*folders, *files) if not each.startswith("."))


def _walk(folder: Path, suffixes: tuple[str, ...]) -> Iterator[Path]:
    """The files below ``folder``, hidden ones apart.

    Raises UsageError for what would be passed over in silence: a folder that cannot be read, a link
    that leads nowhere or to a folder.
    """
    if not folder.exists():
        return
    for path in _below(folder, refuse_unread):
        if path.is_symlink() and not path.is_file():
            where = "to a folder; links to folders are not followed" if path.is_dir() else "nowhere"
            raise UsageError(f"This link leads {where}.", where=str(path))
        if path.suffix in suffixes and path.is_file():
            yield path


def refuse_unread(error: OSError) -> None:
    """Raise UsageError for a folder that os.walk would pass over in silence."""
    raise UsageError(f"Cannot be read: {error.strerror}.", where=str(error.filename)) from error


INTERVAL = 0.5
"""Seconds between two looks."""

_ENDINGS = frozenset({".ttl", ".nt", ".rq", ".toml"})

Stamps = dict[Path, tuple[int, int]]


def changes(files: Callable[[], Iterable[Path]], interval: float = INTERVAL) -> Iterator[None]:
    """Yield at once, and again whenever what ``files`` gives has changed and then rested.

    An editor that writes several files, or one in pieces, is waited for: two looks must agree.
    """
    known: Stamps | None = None
    before = stamps(files())
    while True:
        if before != known:
            known = before
            yield
        time.sleep(interval)
        now = stamps(files())
        while now != before:
            time.sleep(interval)
            before, now = now, stamps(files())


def stamps(files: Iterable[Path]) -> Stamps:
    """When each of ``files`` was changed, and its length; what is not there has neither."""
    return {path: _stamp(path) for path in files}


def files_of_rooms(rooms: Rooms) -> list[Path]:
    """What ``rooms`` are read from; hidden folders and editors' hidden files apart."""
    return sorted(
        path
        for room in (rooms.ontology, rooms.graph, rooms.shapes)
        for path in _below(room)
        if path.suffix in _ENDINGS and not path.is_dir()
    )


def _stamp(path: Path) -> tuple[int, int]:
    try:
        status = path.stat()
    except OSError:
        return 0, -1
    return status.st_mtime_ns, status.st_size


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong at one place of the rooms: words by language, and more in detail."""

    place: str
    words: dict[str, str]
    detail: str = ""

    def worded(self, language: str) -> str:
        """What is wrong, in ``language`` if it is told in that."""
        return self.words.get(language) or self.words.get("en") or next(iter(self.words.values()))


@dataclass(frozen=True, slots=True)
class State:
    """What is wrong with the rooms: of ``count`` things the first; ``is_read`` if they parse."""

    is_read: bool = True
    count: int = 0
    wrong: tuple[Wrong, ...] = ()

    @property
    def more(self) -> int:
        """How many things are not among the first."""
        return self.count - len(self.wrong)


def write_state(file: Path, state: State) -> None:
    """Write what is wrong, whole or not at all."""
    fresh = file.with_suffix(".new")
    fresh.write_text(json.dumps(asdict(state), ensure_ascii=False), encoding="utf-8")
    fresh.replace(file)


def read_state(file: Path) -> State:
    """What was written; nothing is wrong as long as nobody has looked."""
    with suppress(FileNotFoundError):
        said = json.loads(file.read_text(encoding="utf-8"))
        wrong = tuple(Wrong(**each) for each in said["wrong"])
        return State(said["is_read"], said["count"], wrong)
    return State()


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


def text_paths(paths: str) -> list[Path]:
    """The files that ``paths`` names, separated by commas."""
    given = (part.strip() for part in paths.split(","))
    return [Path(each) for each in given if each]


def read_texts(files: Iterable[Path]) -> SourceTexts:
    """The texts in ``files``; raises UsageError for one that cannot be read, or is not UTF-8."""
    return SourceTexts(dict(map(read_text, files)))


def read_text(file: Path) -> tuple[str, str]:
    """The SHA-256 of a text, in hex, and the text; raises UsageError as ``read_texts`` does."""
    try:
        content = file.read_bytes()
        return hashlib.sha256(content).hexdigest(), content.decode()
    except OSError as error:
        raise UsageError(f"Cannot be read: {error.strerror}.", where=str(file)) from error
    except UnicodeDecodeError as error:
        raise UsageError(f"Byte {error.start} is not UTF-8.", where=str(file)) from error
