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
    """The text of a source, and the spans of its passages: start and end in code points."""

    source: Node
    characters: str
    spans: dict[Node, tuple[int, int]]

    def passage(self, node: Node) -> str:
        """The characters of the passage ``node``."""
        start, end = self.spans[node]
        return self.characters[start:end]


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
                return AnnotatedText(source, characters, _spans(checked, source)), []
    words = f"{path.name} has the SHA-256 {digest}, which is that of no source"
    node = sources[0] if len(sources) == 1 else None
    place = None if node else (path.absolute(), 1)
    return None, [checked.breach(node, words, path=SPDX.checksum if node else None, place=place)]


def _spans(checked: Checked, source: Node) -> dict[Node, tuple[int, int]]:
    spans: dict[Node, tuple[int, int]] = {}
    for passage in checked.data.subjects(DCTERMS.isPartOf, source):
        start, end = checked.literal(passage, CECOT.start), checked.literal(passage, CECOT.end)
        if start is not None and end is not None:
            first, last = start.value, end.value
            if isinstance(first, int) and isinstance(last, int) and 0 <= first < last:
                spans[passage] = (first, last)
    return spans


def _check_passages(checked: Checked, text: AnnotatedText) -> Iterator[Found]:
    for node, (start, _) in sorted(text.spans.items(), key=str):
        words = text.passage(node)
        line = text.characters.count("\n", 0, start) + 1
        claimed = checked.literal(node, SCHEMA.position)
        if claimed is not None and claimed.value != line:
            told = f"the span begins in line {line}, not {claimed}"
            yield checked.breach(node, told, path=SCHEMA.position)
        digest = hashlib.sha256(words.encode()).hexdigest()
        stated = checked.literal(node, CECOT.spanHash)
        if stated is not None and str(stated) != digest:
            told = f"the SHA-256 of the span is {digest}: are cecot:start and cecot:end right?"
            yield checked.breach(node, told, path=CECOT.spanHash)


def _check_markers(checked: Checked, text: AnnotatedText) -> Iterator[Found]:
    for passage in sorted(text.spans, key=str):
        for node in sorted(checked.data.objects(passage, CECOT.hasCitation), key=str):
            start, end = checked.literal(node, CECOT.start), checked.literal(node, CECOT.end)
            notation = checked.literal(node, SKOS.notation)
            if start is None or end is None or notation is None:
                continue
            span = text.characters[start.value : end.value]
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
        start, end = checked.literal(claim, CECOT.start), checked.literal(claim, CECOT.end)
        if start is None or end is None:
            continue
        span = text.characters[start.value : end.value]
        digest = hashlib.sha256(span.encode()).hexdigest()
        stated = checked.literal(claim, CECOT.spanHash)
        if stated is not None and str(stated) != digest:
            told = f"the SHA-256 of the span is {digest}; it holds “{visible(span[:_SHOWN])}”"
            yield checked.breach(claim, told, path=CECOT.spanHash)
        for path, fits in (
            (CECOT.exact, span.__eq__),
            (CECOT.quotedText, span.__contains__),
        ):
            for words in checked.literals(claim, path):
                if not fits(str(words)):
                    told = f"the span of the claim holds “{visible(span[:_SHOWN])}”"
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
