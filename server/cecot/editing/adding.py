"""A new text as passages and citations, so that nobody computes offsets by hand.

Offsets are code points of the text as it is, from 0, the end exclusive (``start``, ``end``);
nothing is normalised. A line of text is a passage; markers like ``[7]`` before it are citations.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Triple

from cecot.dataset.content import Material
from cecot.errors import UsageError
from cecot.rdf.reading import decoded
from cecot.rdf.terms import link, typed, worded
from cecot.rdf.writing import write_turtle
from cecot.settings import split_address
from cecot.vocabulary import CECOT, DCTERMS, RDF, SCHEMA, SKOS, SPDX, XSD

# "[44][45] ", or with pages "[11]:\u200A61\u201362\u200A ", which a hair space or nothing sets off.
# A plain space is not enough: "[5]: 61 people" speaks of people.
_MARKER = re.compile(
    r"(?P<notation>\[[0-9]+\])(?::[\u200A\u2009]?(?P<pages>[0-9]+(?:[\u2013,-]\s?[0-9]+)*))?\s*"
)
_KEY = re.compile(r"[a-z][a-z0-9]*")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]+)*")
"""As shapes:SourceLanguage has it."""
_BYTE_ORDER_MARK = "\ufeff"


@dataclass(frozen=True, slots=True)
class Marker:
    """A marker such as ``[11]:61-62``: its place in the text, its notation, its pages or ""."""

    start: int
    end: int
    notation: str
    pages: str


@dataclass(frozen=True, slots=True)
class Span:
    """The text of one line, without its markers and the space around it.

    ``line`` counts from 1; ``digest`` is the SHA-256, in hex, of the span in UTF-8.
    """

    line: int
    start: int
    end: int
    digest: str
    citations: tuple[Marker, ...] = ()
    opens_with: str = ""
    ends_with: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """What is known of a text from outside: what its Source says. Empty means not known."""

    key: str
    title: str
    received: date
    language: str = "en"
    url: str = ""
    licence: str = ""
    genre: str = ""


def passages(text: str) -> Iterator[Span]:
    """The passages of ``text``: one for each line that has words in it.

    Markers on a line of their own belong to the next passage. Those after the last are left out.
    """
    offset = 0
    citations: list[Marker] = []
    for number, line in enumerate(text.split("\n"), 1):
        start = len(line) - len(line.lstrip().lstrip(_BYTE_ORDER_MARK).lstrip())
        while marker := _MARKER.match(line, start):
            end = marker.end("pages") if marker["pages"] else marker.end("notation")
            citations.append(
                Marker(offset + start, offset + end, marker["notation"], marker["pages"] or "")
            )
            start = marker.end()
        span = line[start:].rstrip()
        if span:
            yield Span(
                number,
                offset + start,
                offset + start + len(span),
                hashlib.sha256(span.encode()).hexdigest(),
                tuple(citations),
                *_ends(span, text),
            )
            citations = []
        offset += len(line) + 1


def _ends(span: str, text: str) -> tuple[str, str]:
    """The first and the last words of ``span``: two to four, so many that ``text`` has them once.

    Empty where there are none such. Browsers look for them whatever their case.
    """
    words = [match.span() for match in re.finditer(r"\S+", span)]
    everything = text.lower()
    counts = range(2, min(len(words), 4) + 1)
    first = (span[: words[count - 1][1]].rstrip(",.;:") for count in counts)
    last = (span[words[-count][0] :] for count in counts)
    opens, closes = (
        next((each for each in found if everything.count(each.lower()) == 1), "")
        for found in (first, last)
    )
    return opens, closes if len(opens) + len(closes) < len(span) else ""


def source_files(material: Material, record: Record, content: bytes, where: str) -> dict[Path, str]:
    """The files of a new source and their content, nothing written: its record, and its lines.

    Raises UsageError if the key is no word or is taken, the text has no words, or the record holds
    what cannot be; TurtleError if the text is not UTF-8.
    """
    _check_record(record)
    _check_key(material, record.key)
    found = list(passages(decoded(content, where)))
    if not found:
        raise UsageError("The text has no line with words in it.", where=where)
    width = max(2, len(str(found[-1].line)))
    folder = material.rooms.graph / "sources"
    source = material.namespace + record.key
    try:
        contents = {folder / f"{record.key}.ttl": list(_record(source, record, content, found))}
    except ValueError as error:  # of a title that is no text: the name of a file may be any bytes
        raise UsageError(f"The record cannot be written: {error}.", where=where) from None
    for passage in found:
        number = f"{passage.line:0{width}}"
        contents[folder / record.key / f"{number}.ttl"] = list(
            _passage(f"{source}-{number}", source, passage, record.language)
        )
    return {path: write_turtle(triples, material.prefixes) for path, triples in contents.items()}


def _check_record(record: Record) -> None:
    """Raise UsageError, with the option, for what no source can have."""
    if record.url and not split_address(record.url):
        raise UsageError(
            f"{record.url!r} is not an address of the web.",
            where="--url",
            hint="Give the page where the text is found, as https://example.org/page.",
        )
    if record.licence and not _is_term(lambda: NamedNode(record.licence)):
        raise UsageError(
            f"{record.licence!r} is not an absolute IRI.",
            where="--license",
            hint="For instance https://creativecommons.org/licenses/by-sa/4.0/.",
        )
    has_tag = _is_term(lambda: Literal("", language=record.language))
    if not (_LANGUAGE.fullmatch(record.language) and has_tag):
        raise UsageError(
            f"{record.language!r} is not a language tag.",
            where="--language",
            hint="Write en, es or es-SV (BCP 47).",
        )
    if record.received > datetime.now(UTC).astimezone().date():
        raise UsageError(
            f"{record.received} has not come yet.",
            where="--received",
            hint="Give the day on which the text was received; today, if it is left out.",
        )


def _is_term(make: Callable[[], NamedNode | Literal]) -> bool:
    """Whether the term can be made."""
    try:
        make()
    except ValueError:
        return False
    return True


def _check_key(material: Material, key: str) -> None:
    if not _KEY.fullmatch(key):
        raise UsageError(
            f"{key!r} is not a word of small letters and digits that begins with a letter.",
            where="--key",
            hint="The names of passages begin with it: tcc makes tcc-29. Take a short one.",
        )
    folder = material.rooms.graph / "sources"
    for path in (folder / f"{key}.ttl", folder / key):
        if path.exists():
            raise UsageError(
                "This source stands here already; nothing was written.",
                hint="Take another --key, or remove what is there first.",
                where=str(path),
            )
    iri = material.namespace + key
    if iri in material.lines:
        path, line = material.lines[iri]
        raise UsageError(
            f"{material.prefixes.compact(iri)} already names something else.",
            hint="Take another --key.",
            where=str(path),
            line=line,
        )


def _record(source: str, record: Record, content: bytes, found: list[Span]) -> Iterator[Triple]:
    """The Source and its checksum."""
    checksum = f"{source}-checksum"
    yield link(source, RDF.type, CECOT.Source)
    yield typed(source, CECOT.passageCount, str(len(found)), XSD.integer)
    yield typed(source, DCTERMS.dateAccepted, record.received.isoformat(), XSD.date)
    yield worded(source, DCTERMS.language, record.language)
    yield worded(source, DCTERMS.title, record.title, record.language)
    yield worded(source, SKOS.prefLabel, record.title, record.language)
    yield link(source, SPDX.checksum, checksum)
    yield link(checksum, RDF.type, SPDX.Checksum)
    yield link(checksum, SPDX.algorithm, SPDX.checksumAlgorithm_sha256)
    digest = hashlib.sha256(content).hexdigest()
    yield typed(checksum, SPDX.checksumValue, digest, XSD.hexBinary)
    if record.genre:
        yield worded(source, SCHEMA.genre, record.genre, record.language)
    for predicate, iri in ((SCHEMA.url, record.url), (DCTERMS.license, record.licence)):
        if iri:
            yield link(source, predicate, iri)


def _passage(name: str, source: str, passage: Span, language: str) -> Iterator[Triple]:
    """One Passage and its Citations."""
    yield link(name, RDF.type, CECOT.Passage)
    yield worded(name, CECOT.spanHash, passage.digest)
    yield link(name, DCTERMS.isPartOf, source)
    yield from _place(name, passage)
    yield typed(name, SCHEMA.position, str(passage.line), XSD.integer)
    ends = (CECOT.opensWith, passage.opens_with), (CECOT.endsWith, passage.ends_with)
    yield from (worded(name, predicate, words, language) for predicate, words in ends if words)
    for number, marker in enumerate(passage.citations, 1):
        one = f"{name}-citation" + (f"-{number}" if len(passage.citations) > 1 else "")
        yield link(name, CECOT.hasCitation, one)
        yield link(one, RDF.type, CECOT.Citation)
        yield link(one, CECOT.supports, CECOT.Undetermined)
        yield from _place(one, marker)
        yield worded(one, SKOS.notation, marker.notation)
        if marker.pages:
            yield worded(one, SCHEMA.pagination, marker.pages)


def _place(name: str, place: Span | Marker) -> Iterator[Triple]:
    """Where something stands in the text."""
    yield typed(name, CECOT.start, str(place.start), XSD.integer)
    yield typed(name, CECOT.end, str(place.end), XSD.integer)
