"""The words by which texts report, hedge and count: files that editors extend (ontology/words)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cecot.errors import UsageError
from cecot.messages import say
from cecot.rooms import Rooms

SAYINGS = (
    "accuse", "plan", "praise", "judge", "deny", "confirm", "question", "expect", "say", "announce",
)  # fmt: skip
"""The acts that a file can list verbs for; what is announced is a plan if what follows is one."""
_FUNCTION = (
    "speaker.determiners", "speaker.prepositions", "speaker.conjunctions", "speaker.pronouns",
    "speaker.fillers", "speaker.passive", "speaker.that",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Expression:
    """Words of a list where they stand in a text."""

    start: int
    end: int
    words: str


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The lists of one language, by section and name; ``units`` give the names of spellings."""

    language: str
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)
    units: Mapping[str, str] = field(default_factory=dict, repr=False)
    patterns: Mapping[str, re.Pattern[str]] = field(default_factory=dict, repr=False)

    def words(self, name: str) -> tuple[str, ...]:
        """The list called ``name``, as ``saying.plan``; empty if the file has none."""
        return self.lists.get(name, ())

    def find(self, name: str, text: str, start: int = 0) -> Iterator[Expression]:
        """Where words of the list ``name`` stand in ``text`` from ``start`` on, the longest of each
        place."""
        pattern = self.patterns.get(name)
        if pattern is None:
            return
        for match in pattern.finditer(text, start):
            yield Expression(match.start(), match.end(), match.group())

    def holds(self, text: str, *names: str) -> bool:
        """Whether ``text`` as a whole is on one of the lists ``names``."""
        return any(text.casefold() in self.words(name) for name in names)

    def is_like(self, word: str, *names: str) -> bool:
        """Whether ``word`` as a whole is on one of the lists ``names``, or has an ending of it."""
        known = (self.patterns.get(name) for name in names)
        return any(pattern is not None and pattern.fullmatch(word) for pattern in known)

    def is_function(self, word: str) -> bool:
        """Whether ``word`` joins other words and names nothing."""
        return self.holds(word, *_FUNCTION)


def read_lexicon(rooms: Rooms, language: str) -> Lexicon:
    """The lists for ``language`` (a tag); empty ones if the rooms have no file for it.

    Raises UsageError, with the file, for one that is not TOML or holds anything but lists of words.
    """
    language = language.partition("-")[0].lower()
    path = rooms.ontology / "words" / f"{language}.toml"
    if not re.fullmatch("[a-z]{2,3}", language) or not path.is_file():
        return Lexicon(language)
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise UsageError(
            say("The lists of words cannot be read: {error}.", error=str(error)), where=str(path)
        ) from None
    units = content.pop("units", {})
    verbs = dict(_lists(content.pop("verbs", {}), path))
    endings = dict(_lists(content.pop("endings", {}), path))
    lists = dict(_lists(content, path))
    plain = content.get("plain", {})
    for verbs_, table in (("verbs", "endings"), ("pasts", "past_endings")):
        known = dict(_lists(plain.get(table, {}), path)) if isinstance(plain, dict) else {}
        forms = (f for each in lists.get(f"plain.{verbs_}", ()) for f in _forms(each, known))
        lists["plain.words"] = (*lists.get("plain.words", ()), *forms)
    for act, infinitives in verbs.items():
        forms = (form for each in infinitives for form in _forms(each, endings))
        lists[f"saying.{act}"] = (*lists.get(f"saying.{act}", ()), *forms)
    # A form like its infinitive may be a noun, unless several speak: "locals claim".
    bare = {each for listed in verbs.values() for each in listed}
    lists["speaker.bare"] = (*sorted(bare), *lists.get("plain.verbs", ()))
    spellings = {
        spelling: name for name, words in _lists(units, path) for spelling in (name, *words)
    }
    patterns = {name: _pattern(words) for name, words in lists.items() if words}
    if spellings:
        patterns["units"] = _pattern(spellings, before=r"(?<!\w)", ignore_case=False)
    return Lexicon(language, lists, spellings, patterns)


def _forms(infinitive: str, endings: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """The forms of a regular verb: those that the longest of its endings has, "~" for the stem."""
    known = [each for each in endings if infinitive.endswith(each)]
    if known:
        ending = max(known, key=len)
        stem = infinitive.removesuffix(ending) if ending else infinitive
        yield from (form.replace("~", stem) for form in endings[ending])


def _lists(content: object, path: Path, section: str = "") -> Iterator[tuple[str, tuple[str, ...]]]:
    if not isinstance(content, dict):
        raise UsageError(
            say("[{section}] is not a table of lists.", section=section), where=str(path)
        )
    for name, value in content.items():
        whole = f"{section}.{name}" if section else name
        if isinstance(value, dict):
            yield from _lists(value, path, whole)
        elif isinstance(value, list) and all(isinstance(each, str) for each in value):
            yield whole, tuple(each for each in value if each.strip())
        else:
            raise UsageError(
                say("{name} is not a list of words.", name=whole),
                hint=say('A list is written ["says", "said"].'),
                where=str(path),
            )


def _pattern(
    words: Iterable[str], *, before: str = r"(?<![\w-])", ignore_case: bool = True
) -> re.Pattern[str]:
    """Any of ``words``, whole, the longest first; a space stands for any space.

    One that begins with "~" is an ending: any word in small letters that has it.
    """
    longest = sorted(set(words), key=lambda each: (-len(each), each))
    parts = (
        rf"(?-i:[^\W\d_A-ZÁÉÍÓÚÑ])\w+{re.escape(each[1:])}"
        if each.startswith("~")
        else r"\s+".join(map(re.escape, each.split()))
        for each in longest
    )
    flags = re.IGNORECASE if ignore_case else re.NOFLAG
    return re.compile(rf"{before}(?:{'|'.join(parts)})(?![\w-])", flags)
