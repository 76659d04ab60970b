"""The rooms as they would be: files read once, changed in memory, checked, and written as one.

A change is whole subjects taken out and triples put into files; the one writer of Turtle makes the
files, so what is saved is canonical. All files of a save are written or none, and none that has
changed: new contents are written beside the files and flushed; a journal then names them, and from
there on the save is carried to its end, by the next start if this one is killed (docs: editing).
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from difflib import unified_diff
from functools import cached_property
from pathlib import Path

from pyoxigraph import NamedNode, Triple

from cecot.dataset import questions
from cecot.dataset.content import Material, read_material
from cecot.editing.figures import DateDraft, FigureDraft, Worded
from cecot.editing.form import ClaimForm, PassageText, Value, slug, triples_of, value_of
from cecot.editing.index import Index
from cecot.errors import Changed, UsageError
from cecot.files import BESIDE, beside, flush, take_place, write_beside
from cecot.messages import say
from cecot.rdf.reading import comments, named, parse_text, read_bytes, telling_each
from cecot.rdf.terms import iri_of, link, local_name, worded
from cecot.rdf.writing import write_turtle
from cecot.rooms import Rooms
from cecot.sparql.lexer import renamed
from cecot.vocabulary import CECOT, RDF, SCHEMA, SKOS, SPDX

_VALUES = (SCHEMA.QuantitativeValue, CECOT.DateValue, CECOT.UnidentifiedAgent)
_AFTER_SOURCES = (CECOT.Source, CECOT.Passage, CECOT.Citation, SPDX.Checksum)
_FOLDER = "sources"
_PLURALS = {"person": "people", "facility": "facilities", "policy": "policies"}


@dataclass(frozen=True, slots=True)
class NewThing:
    """A thing that a claim needs and the graph has not: its IRI, its class, its labels.

    ``scheme`` is given for a concept; ``about`` are the things that its name speaks of; ``inside``
    is what sentences call it, by language, where that is not its name.
    """

    iri: str
    kind: str
    english: str
    spanish: str
    scheme: str = ""
    about: tuple[str, ...] = ()
    inside: Worded = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """Rooms that are not written: files ``before``, and ``after`` those that differ."""

    material: Material
    before: Mapping[Path, bytes]
    after: Mapping[Path, bytes]

    def differences(self) -> dict[str, str]:
        """A unified diff by the short name of each file."""
        rooms = self.material.rooms
        return {
            rooms.short(path): "\n".join(
                unified_diff(
                    self.before.get(path, b"").decode().splitlines(),
                    after.decode().splitlines(),
                    f"a/{rooms.short(path)}",
                    f"b/{rooms.short(path)}",
                    lineterm="",
                )
            )
            for path, after in sorted(self.after.items())
        }


class Workspace:
    """The rooms as they were read at one moment."""

    def __init__(self, rooms: Rooms) -> None:
        self.rooms = rooms
        with telling_each(rooms.rdf_files()):
            files = (*rooms.graph_files(), *rooms.question_files())
            self.contents = {path: read_bytes(path) for path in files}
        self.material = read_material(rooms)
        self._triples = {
            path: parse_text(content, where=str(path)).triples
            for path, content in self.contents.items()
            if path.suffix == ".ttl"
        }

    @cached_property
    def index(self) -> Index:
        """What the rooms say, looked up."""
        return Index(self.material)

    def stamp(self, path: Path) -> str:
        """What tells one state of a file from another; empty if it is not there."""
        content = self.contents.get(path)
        return hashlib.sha256(content).hexdigest() if content is not None else ""

    def passage_file(self, passage: str) -> Path:
        """The file of a passage; raises UsageError for what is none."""
        if not self.index.is_a(passage, CECOT.Passage):
            raise UsageError(say("{iri} is not a passage.", iri=passage))
        return self.material.lines[passage][0]

    def with_claim(
        self, form: ClaimForm, place: PassageText, things: Iterable[NewThing] = ()
    ) -> Candidate:
        """The rooms with the claim of ``form``, in the place of the one that it edits."""
        path = self.passage_file(form.passage)
        new = list(things)
        quantity = self._standing(form.quantity, path)
        form = replace(form, object=self._standing(form.object, path))
        form = replace(form, quantity=quantity if isinstance(quantity, FigureDraft) else None)
        gone = self._owned(form.name) if form.name else set()
        taken = {*self.material.lines, *(each.iri for each in new)} - gone
        _, triples = triples_of(form, place, self.material.namespace, taken)
        # What the claim still points to stays as it is, with all that stands on it.
        written = {iri_of(each.subject) for each in triples}
        for pointed in {iri_of(each.object) for each in triples} - written:
            gone -= self._parts(pointed)
        added: dict[Path, list[Triple]] = {path: triples}
        for thing in new:
            added.setdefault(self.file_of(thing, path), []).extend(thing_triples(thing))
        return self.changed(gone, added)

    def without_claim(self, claim: str) -> Candidate:
        """The rooms without ``claim`` and the values that it alone uses."""
        if not self.index.is_a(claim, CECOT.Claim):
            raise UsageError(say("{iri} is not a claim.", iri=claim))
        return self.changed(self._owned(claim), {})

    def with_note(self, passage: str, notes: Mapping[str, str]) -> Candidate:
        """The rooms with notes on what ``passage`` says and no claim holds."""
        path = self.passage_file(passage)
        # An editor sees the first of each language: what else is noted stays.
        seen = {
            worded(passage, SKOS.editorialNote, words, language)
            for language in notes
            for words in self.index.written.texts(passage, SKOS.editorialNote, language)[:1]
        }
        kept = [
            each
            for each in self._triples[path]
            if iri_of(each.subject) == passage and each not in seen
        ]
        added = [
            worded(passage, SKOS.editorialNote, words, language)
            for language, words in sorted(notes.items())
            if words
        ]
        return self.changed({passage}, {path: kept + added})

    def with_name(self, old: str, new: str) -> Candidate:
        """The rooms in which ``old`` is called ``new``, in the graph and in its questions.

        Raises UsageError for a name that nothing has, that is taken, that tells another line, or
        that another room uses.
        """
        self._check_names(old, new)
        all_triples = (each for triples in self._triples.values() for each in triples)
        gone = {iri_of(each.subject) for each in all_triples if _renamed(each, old, new) != each}
        added = {
            path: [_renamed(each, old, new) for each in triples if iri_of(each.subject) in gone]
            for path, triples in self._triples.items()
        }
        candidate = self.changed(gone, added)
        after = {**candidate.after}
        ends = local_name(old), local_name(new)
        is_alone = self._named_so(ends[0]) == {old}
        for path in self.rooms.question_files():
            text = renamed(self.contents[path].decode(), old, new, self.material.names.base)
            if is_alone:
                text = questions.renamed(text, *ends)
            if text.encode() != self.contents[path]:
                after[path] = text.encode()
        return replace(candidate, after=after)

    def _named_so(self, end: str) -> set[str]:
        """The IRIs that end so: the answer to a question names rows by ends alone."""
        return {
            iri
            for triple in self.material.facts
            for iri in map(iri_of, triple)
            if local_name(iri) == end
        }

    def _check_names(self, old: str, new: str) -> None:
        index, prefixes = self.index, self.material.prefixes
        if old not in self.material.lines:
            raise UsageError(
                say("Nothing in the graph is called {name}.", name=prefixes.compact(old)),
                hint=say("cecot query, or the search of the site, finds the name."),
            )
        if any(index.is_a(old, kind) for kind in _AFTER_SOURCES):
            raise UsageError(
                say("{name} is called after its source and its line.", name=prefixes.compact(old)),
                hint=say("Take the text in under another key: cecot add-source --key."),
            )
        self._check_line(old, new)
        if new in self.material.lines or index.properties(new) or index.pointing(new):
            raise UsageError(say("{name} is taken.", name=prefixes.compact(new)))
        rooms = self.rooms
        for path in (*rooms.ontology_files(), *rooms.derive_files(), *rooms.shape_files()):
            if self._stands_in(read_bytes(path).decode(), old):
                raise UsageError(
                    say("{name} stands here too.", name=prefixes.compact(old)),
                    hint=say("Change it there by hand first."),
                    where=str(path),
                )

    def _check_line(self, old: str, new: str) -> None:
        """Raise UsageError if ``new`` tells another line of a source than ``old`` belongs to.

        A claim, and what stands in its line alone, is called KEY-LINE-SLUG.
        """
        index, prefixes = self.index, self.material.prefixes
        passages = index.instances(CECOT.Passage)
        line = index.iri(old, CECOT.passage) or next(
            (each for each in passages if old.startswith(f"{each}-")), ""
        )
        if line and not new.startswith(f"{line}-"):
            raise UsageError(
                say("{name} belongs to a line.", name=prefixes.compact(old)),
                hint=say(
                    "Its name begins with {beginning}.", beginning=prefixes.compact(line) + "-"
                ),
            )
        sources = "|".join(map(re.escape, index.instances(CECOT.Source)))
        if not line and sources and re.match(rf"(?:{sources})-[0-9]+(?:-|$)", new):
            raise UsageError(
                say("{name} would be taken for a claim of that line.", name=prefixes.compact(new)),
                hint=say("Take a name that does not begin with a source and a line."),
            )

    def _stands_in(self, text: str, iri: str) -> bool:
        """Whether ``iri`` stands in a file of another room, be it in a query within a string."""
        short = re.escape(self.material.prefixes.compact(iri))
        is_written = re.search(rf"<{re.escape(iri)}>|(?<![\w-]){short}(?![\w-])", text)
        # Turtle and SPARQL declare their prefixes in the same words.
        return is_written is not None or any(each == iri for each, _ in named(text, (iri,)))

    def changed(self, gone: set[str], added: Mapping[Path, list[Triple]]) -> Candidate:
        """The rooms without the subjects ``gone`` and with triples put into files."""
        after: dict[Path, bytes] = {}
        graph: list[Triple] = []
        for path in sorted({*self._triples, *added}):
            old = self._triples.get(path, [])
            new = [each for each in old if iri_of(each.subject) not in gone]
            new += added.get(path, [])
            graph += new
            if set(old) != set(new):
                header = comments(self.contents.get(path, b"").decode()).header
                after[path] = write_turtle(new, self.material.prefixes, header).encode()
        if not after:
            return Candidate(self.material, self.contents, after)
        for path, content in self.contents.items():
            if path.suffix == ".nt":
                graph += parse_text(content, where=str(path)).triples
        return Candidate(self.material.saying(graph), self.contents, after)

    def file_of(self, thing: NewThing, passage: Path) -> Path:
        """Where a new thing is written: beside the first others of its class (and scheme)."""
        if thing.kind == CECOT.UnidentifiedAgent:
            return passage
        homes = Counter(
            path
            for iri in self.index.instances(thing.kind)
            if not thing.scheme or thing.scheme in self.index.iris(iri, SKOS.inScheme)
            if (path := self.material.lines.get(iri, (None, 0))[0]) is not None
            if path.is_relative_to(self.rooms.graph) and _FOLDER not in path.parts
        )
        if homes:
            return max(homes.items(), key=lambda each: (each[1], each[0].name))[0]
        # Of schemes the name says that they are many.
        name = slug(local_name(thing.scheme or thing.kind))
        return self.rooms.graph / f"{name if thing.scheme else _PLURALS.get(name, f'{name}s')}.ttl"

    def _standing(self, value: Value, path: Path) -> Value:
        """``value`` with the node of the file that says exactly the same, if there is one."""
        if not isinstance(value, FigureDraft | DateDraft):
            return value
        nodes = {iri_of(each.subject) for each in self._triples[path]}
        same = (
            each
            for each in sorted(nodes, key=lambda node: (node != value.node, node))
            if each and value_of(self.index.written, NamedNode(each)) == value
        )
        return replace(value, node=next(same, ""))

    def _parts(self, node: str) -> set[str]:
        """``node`` and what it is converted to."""
        parts: set[str] = set()
        while node and node not in parts:
            parts.add(node)
            node = self.index.written.iri(node, CECOT.sameQuantityAs)
        return parts

    def _owned(self, claim: str) -> set[str]:
        """``claim``, and the values and unnamed speakers that nothing else uses."""
        owned, waiting = {claim}, [claim]
        while waiting:
            for values in self.index.written.properties(waiting.pop()).values():
                for iri in filter(None, map(iri_of, values)):
                    types = self.index.written.iris(iri, RDF.type)
                    users = {
                        user
                        for users in self.index.written.pointing(iri).values()
                        for user in users
                    }
                    if iri not in owned and users <= owned and not set(types).isdisjoint(_VALUES):
                        owned.add(iri)
                        waiting.append(iri)
        return owned


def thing_triples(thing: NewThing) -> list[Triple]:
    """What is written of a new thing: its class, its labels, the scheme of a concept.

    The surname of a person is a name as well, by which texts go on to call them.
    """
    triples = [link(thing.iri, RDF.type, thing.kind)]
    for language, label in (("en", thing.english), ("es", thing.spanish)):
        if label:
            triples.append(worded(thing.iri, SKOS.prefLabel, label, language))
            if thing.kind == CECOT.Person and " " in label:
                surname = label.rpartition(" ")[2]
                triples.append(worded(thing.iri, SKOS.hiddenLabel, surname, language))
    triples += (worded(thing.iri, CECOT.inSentence, words, tag) for tag, words in thing.inside)
    triples += (link(thing.iri, CECOT.about, iri) for iri in thing.about)
    if thing.scheme:
        triples.append(link(thing.iri, SKOS.inScheme, thing.scheme))
    return triples


def with_things(index: Index, things: Iterable[NewThing]) -> Index:
    """``index``, in which new things have their labels."""
    return index.with_triples(triple for thing in things for triple in thing_triples(thing))


def _renamed(triple: Triple, old: str, new: str) -> Triple:
    """``triple``, in which ``new`` stands wherever ``old`` stood."""
    subject = NamedNode(new) if iri_of(triple.subject) == old else triple.subject
    object_ = NamedNode(new) if iri_of(triple.object) == old else triple.object
    predicate = NamedNode(new) if triple.predicate.value == old else triple.predicate
    return Triple(subject, predicate, object_)


JOURNAL = ".saving.json"


def save(rooms: Rooms, before: Mapping[Path, bytes], after: Mapping[Path, bytes]) -> None:
    """Write ``after``, where each file still holds ``before`` (or is not there).

    Raises Changed, and UsageError where a file cannot be written; then nothing was written.
    """
    with _locked(rooms):
        _finish(rooms)
        for path in after:
            if (path.read_bytes() if path.is_file() else None) != before.get(path):
                raise changed_since(rooms, path)
        names = [path.relative_to(rooms.graph).as_posix() for path in after]
        journal = rooms.graph / JOURNAL
        try:
            for path, content in after.items():
                path.parent.mkdir(parents=True, exist_ok=True)
                write_beside(path, content)
            write_beside(journal, json.dumps(names).encode())
        except OSError as error:
            for path in after:
                if path.parent.is_dir():
                    beside(path).unlink(missing_ok=True)
            raise UsageError(
                say(
                    "Cannot be written: {reason}; nothing was written.", reason=str(error.strerror)
                ),
                where=str(error.filename or rooms.graph),
            ) from error
        take_place(journal)
        _finish(rooms)


def changed_since(rooms: Rooms, path: Path) -> Changed:
    """The error for a file that is not what it was when it was read."""
    return Changed(
        say("{file} has changed since it was read; nothing was written.", file=rooms.short(path)),
        hint=say("Open the page again, and compare."),
        where=str(path),
    )


def finish(rooms: Rooms) -> bool:
    """Carry a save that was interrupted to its end, and sweep one that had not begun.

    True if there was one to carry on. One that is under way elsewhere is waited for.
    """
    with _locked(rooms):
        return _finish(rooms)


def _finish(rooms: Rooms) -> bool:
    journal = rooms.graph / JOURNAL
    if not journal.is_file():
        links = filter(Path.is_symlink, rooms.graph.rglob("*"))
        for path in {*rooms.graph.rglob(BESIDE.format("*")), *map(beside, links)}:
            path.unlink(missing_ok=True)
        return False
    for name in json.loads(journal.read_bytes()):
        path = rooms.graph / name
        if beside(path).is_file():
            take_place(path)
    journal.unlink()
    flush(rooms.graph)
    return True


@contextmanager
def _locked(rooms: Rooms) -> Iterator[None]:
    """One save at a time, of all processes that save into these rooms."""
    folder = os.open(rooms.graph, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)
