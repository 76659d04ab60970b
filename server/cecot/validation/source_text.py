"""The proof that quotations stand in the text, for whoever has the text."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rdflib.namespace import DCTERMS, RDF, SKOS
from rdflib.term import Literal, Node, URIRef

from cecot.rooms import read_text
from cecot.validation.checks import Checked
from cecot.validation.report import Found
from cecot.validation.terms import CECOT, SCHEMA, SPDX
from cecot.validation.wording import visible

SHARE = 0.6
_SHOWN = 60
"""Characters of a span that a message shows."""


@dataclass(frozen=True, slots=True)
class AnnotatedText:
    """The text of a source, and the spans of its passages in code points."""

    characters: str
    spans: dict[Node, slice]

    def passage(self, node: Node) -> str:
        """The characters of the passage ``node``."""
        return self.characters[self.spans[node]]


def check_source_text(checked: Checked) -> Iterator[Found]:
    """Passages, markers and quotations agree with the texts that are given.

    Raises UsageError for a file that cannot be read, or is not UTF-8.
    """
    for path in checked.texts:
        text, breaches = _read(checked, path)
        yield from breaches
        if text is not None:
            yield from _check_passages(checked, text)
            yield from _check_markers(checked, text)
            yield from _check_ends(checked, text)
            yield from _check_spans(checked, text)
            yield from _check_words(checked, text)


def check_share(checked: Checked) -> Iterator[Found]:
    """The ``cecot:exact`` of one passage together cover at most 60 % of it."""
    for path in checked.texts:
        text, _ = _read(checked, path)
        if text is None:
            continue
        for node in sorted(text.spans, key=str):
            words = text.passage(node)
            covered: set[int] = set()
            for claim in checked.data.subjects(CECOT.passage, node):
                for quotation in checked.literals(claim, CECOT.exact):
                    at = words.find(quotation)
                    covered.update(range(at, at + len(quotation)) if at >= 0 else ())
            if len(covered) > SHARE * len(words):
                share = f"{100 * len(covered) / len(words):.0f} % of it is quoted"
                yield checked.breach(node, share)


def _read(checked: Checked, path: Path) -> tuple[AnnotatedText | None, list[Found]]:
    """The text in ``path`` with its spans that make sense, or what is wrong with it."""
    digest, characters = read_text(path)
    sources = checked.instances(CECOT.Source)
    for source in sources:
        for checksum in checked.data.objects(source, SPDX.checksum):
            if digest in {str(v).lower() for v in checked.literals(checksum, SPDX.checksumValue)}:
                return AnnotatedText(characters, dict(_spans(checked, source))), []
    words = f"{path.name} has the SHA-256 {digest}, which is that of no source"
    node = sources[0] if len(sources) == 1 else None
    place = None if node else (path.absolute(), 1)
    return None, [checked.breach(node, words, path=SPDX.checksum if node else None, place=place)]


def _spans(checked: Checked, source: Node) -> Iterator[tuple[Node, slice]]:
    for passage in checked.data.subjects(DCTERMS.isPartOf, source):
        span = _span(checked, passage)
        if span and 0 <= span.start < span.stop:
            yield passage, span


def _span(checked: Checked, node: Node) -> slice | None:
    """Where in the text ``node`` says that it stands."""
    literals = (checked.literal(node, each) for each in (CECOT.start, CECOT.end))
    start, end = (getattr(each, "value", None) for each in literals)
    return slice(start, end) if isinstance(start, int) and isinstance(end, int) else None


def _check_hash(checked: Checked, node: Node, span: str, more: str) -> Iterator[Found]:
    digest = hashlib.sha256(span.encode()).hexdigest()
    stated = checked.literal(node, CECOT.spanHash)
    if stated is not None and str(stated) != digest:
        words = f"the SHA-256 of the span is {digest}{more}"
        yield checked.breach(node, words, path=CECOT.spanHash)


def _check_passages(checked: Checked, text: AnnotatedText) -> Iterator[Found]:
    for node in sorted(text.spans, key=str):
        line = text.characters.count("\n", 0, text.spans[node].start) + 1
        claimed = checked.literal(node, SCHEMA.position)
        if claimed is not None and claimed.value != line:
            told = f"the span begins in line {line}, not {claimed}"
            yield checked.breach(node, told, path=SCHEMA.position)
        more = ": are cecot:start and cecot:end right?"
        yield from _check_hash(checked, node, text.passage(node), more)


def _check_markers(checked: Checked, text: AnnotatedText) -> Iterator[Found]:
    for passage in sorted(text.spans, key=str):
        for node in sorted(checked.data.objects(passage, CECOT.hasCitation), key=str):
            place, notation = _span(checked, node), checked.literal(node, SKOS.notation)
            if place is None or notation is None:
                continue
            span = text.characters[place]
            pages = checked.literal(node, SCHEMA.pagination) or ""
            if not span.startswith(notation) or not span.endswith(pages or notation):
                told = f"the span holds “{visible(span)}”, not “{visible(notation + pages)}”"
                yield checked.breach(node, told, path=CECOT.start)


def _check_ends(checked: Checked, text: AnnotatedText) -> Iterator[Found]:
    """A passage opens and ends with its words, which stand once in the source.

    Browsers look for them whatever their case (URL Fragment Text Directives, 3.6).
    """
    everything = text.characters.lower()
    for node in sorted(text.spans, key=str):
        passage = text.passage(node)
        for path, stands in (
            (CECOT.opensWith, passage.startswith),
            (CECOT.endsWith, passage.endswith),
        ):
            for words in checked.literals(node, path):
                told = ""
                if not stands(str(words)):
                    told = "the passage does not"
                elif everything.count(words.lower()) > 1:
                    told = "these words stand more than once in the source: name more, or none"
                if told:
                    yield checked.breach(node, told, path=path, value=words)


def _check_spans(checked: Checked, text: AnnotatedText) -> Iterator[Found]:
    """The span of a claim has its hash; the words that the claim quotes are the span or in it."""
    for claim in _claims(checked, text):
        place = _span(checked, claim)
        if place is None:
            continue
        span = text.characters[place]
        holds = f"“{visible(span[:_SHOWN])}”"
        yield from _check_hash(checked, claim, span, f"; it holds {holds}")
        for path, fits in (
            (CECOT.exact, span.__eq__),
            (CECOT.quotedText, span.__contains__),
        ):
            for words in checked.literals(claim, path):
                if not fits(str(words)):
                    told = f"the span of the claim holds {holds}"
                    yield checked.breach(claim, told, path=path, value=words)


def _claims(checked: Checked, text: AnnotatedText) -> list[Node]:
    found = {claim for node in text.spans for claim in checked.data.subjects(CECOT.passage, node)}
    return sorted(found, key=str)


def _check_words(checked: Checked, text: AnnotatedText) -> Iterator[Found]:
    for claim in _claims(checked, text):
        passages = [
            text.passage(node)
            for node in checked.data.objects(claim, CECOT.passage)
            if node in text.spans
        ]
        for node, path, words, value in _quoted(checked, claim):
            told = _fault(path, words, passages)
            if told:
                yield checked.breach(node, told, path=path, value=value)


def _quoted(checked: Checked, claim: Node) -> Iterator[tuple[Node, URIRef, str, Literal]]:
    """The node, the path and the words of everything that ``claim`` takes from its passage."""
    for path in (CECOT.exact, CECOT.quotedText, CECOT.speechAct, CECOT.hedge, RDF.object):
        for words in checked.literals(claim, path):
            yield claim, path, str(words), words
    for path in (RDF.object, CECOT.allegedQuantity):
        for value in checked.data.objects(claim, path):
            for node in (value, *checked.data.objects(value, CECOT.sameQuantityAs)):
                for words in checked.literals(node, CECOT.asWritten):
                    yield node, CECOT.asWritten, str(words), words


def _fault(path: URIRef, words: str, passages: list[str]) -> str:
    """What is wrong with ``words`` as something said in one of ``passages``; empty if nothing."""
    standing = [passage for passage in passages if words in passage]
    if not standing:
        if any(_plain(words) in _plain(passage) for passage in passages):
            return "its spaces are not those of the passage: see which are no-break or hair spaces"
        return "it does not stand in the passage"
    if path == CECOT.exact:
        if all(passage.count(words) > 1 for passage in standing):
            return "it stands there more than once: quote enough to tell which"
        if any(passage.strip() == words for passage in standing):
            return "it is the whole passage: quote less"
    if path == CECOT.quotedText and not any(_in_marks(words, passage) for passage in standing):
        return "the text does not put it in quotation marks: use cecot:exact"
    return ""


def _plain(words: str) -> str:
    return " ".join(words.split())


def _in_marks(words: str, passage: str) -> bool:
    """Whether a quotation mark is open where ``words`` begin; the text may leave it open."""
    before = passage[: passage.find(words)]
    return before.count('"') % 2 == 1 or before.count("“") > before.count("”")
