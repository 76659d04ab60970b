"""The statements of a block of Turtle, each with its line (Turtle 1.2, 6.5).

A parser has taken the texts before: only what a statement says and where matters here. Blank nodes
go by their label, or by the offset at which they open.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Generator
from typing import Any, NamedTuple

import pyoxigraph as ox
from rdflib.namespace import RDF, XSD
from rdflib.term import BNode, Literal, Node, URIRef

from cecot.rdf.reading import TOKEN, Block
from cecot.validation.terms import term

_NUMBERS = (
    (re.compile(r"[+-]?\d+"), XSD.integer),
    (re.compile(r"[+-]?\d*\.\d+"), XSD.decimal),
    (re.compile(r"[+-]?(\d+\.?\d*|\.\d+)[eE][+-]?\d+"), XSD.double),
    (re.compile(r"true|false"), XSD.boolean),
)
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_ESCAPED = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}


class Said(NamedTuple):
    """Predicate and value of a statement, and the line (from 1) on which the value begins."""

    predicate: Node
    value: Node
    line: int


class _Token(NamedTuple):
    kind: str
    text: str
    start: int
    line: int


_END = _Token("mark", "", -1, 0)

_Steps = Generator[Any, Any, Node]
"""Reads a node; yields the steps that read what stands inside it, and is sent what these gave.

Brackets nest deeper than Python calls functions.
"""


class Statements:
    """What a block says of each node in it, and on which lines its brackets open."""

    def __init__(self, text: str = "", block: Block | None = None) -> None:
        self.said: defaultdict[Node, list[Said]] = defaultdict(list)
        self.opened: dict[Node, int] = {}
        self._tokens: list[_Token] = []
        self._at = 0
        if block is None:
            return
        self._names = block.names
        line, seen = block.line, block.start
        for match in TOKEN.finditer(text, block.start, block.end):
            kind = match.lastgroup or ""
            if kind not in {"space", "comment"}:
                line, seen = line + text.count("\n", seen, match.start()), match.start()
                self._tokens.append(_Token(kind, match.group(), seen, line))
        steps: list[_Steps] = [self._all()]
        found: Node | None = None
        while steps:
            try:
                inside = steps[-1].send(found)
            except StopIteration as done:
                steps.pop()
                found = done.value
            else:
                steps.append(inside)
                found = None

    def _all(self) -> _Steps:
        while self._at < len(self._tokens):
            subject = yield self._node()
            yield self._pairs(subject)
            self._next()  # the dot, or a brace of TriG
        return RDF.nil

    @property
    def _ahead(self) -> _Token:
        return self._tokens[self._at] if self._at < len(self._tokens) else _END

    def _next(self) -> _Token:
        token = self._ahead
        self._at += 1
        return token

    def _takes(self, *marks: str) -> bool:
        """Whether these come next; then they are passed."""
        ahead = self._tokens[self._at : self._at + len(marks)]
        found = tuple((each.kind, each.text) for each in ahead) == tuple(("mark", m) for m in marks)
        self._at += len(marks) if found else 0
        return found

    def _pairs(self, subject: Node) -> _Steps:
        """Predicates and their values, up to what ends them."""
        while self._ahead.kind != "mark" or self._ahead.text in {";", "<"}:
            if self._takes(";"):
                continue
            verb = RDF.type if self._ahead.text == "a" else None
            node = yield self._node()
            while self._ahead.text not in {"", ".", "{", "}"}:
                line = self._ahead.line
                value = yield self._node()
                self.said[subject].append(Said(verb or node, value, line))
                self._annotation()
                if not self._takes(","):
                    break
        return subject

    def _annotation(self) -> None:
        """Pass what RDF 1.2 says of a statement."""
        while True:
            if self._takes("{", "|"):
                while self._ahead is not _END and not self._takes("|", "}"):
                    self._next()
            elif self._ahead.kind == "word" and self._ahead.text.startswith("~"):
                is_name = len(self._next().text) > 1
                if not is_name and self._ahead.kind in {"word", "iri"}:
                    self._next()
            else:
                return

    def _node(self) -> _Steps:
        """What stands here, or opens here."""
        match self._ahead.kind:
            case "iri":
                return self._iri(self._next())
            case "string":
                return self._literal(self._next())
            case "word":
                return self._word(self._next())
            case _:
                opened: Node = yield self._blank(self._next())
                return opened

    def _iri(self, token: _Token) -> URIRef:
        return URIRef(self._names.resolve(token.text, token.kind) or token.text)

    def _word(self, token: _Token) -> Node:
        for pattern, datatype in _NUMBERS:
            if pattern.fullmatch(token.text):
                return term(ox.Literal(token.text, datatype=ox.NamedNode(datatype)))
        return BNode(token.text) if token.text.startswith("_:") else self._iri(token)

    def _literal(self, token: _Token) -> Node:
        quotes = 3 if token.text[:3] in {'"""', "'''"} else 1
        text = _ESCAPE.sub(_character, token.text[quotes:-quotes])
        if self._takes("^", "^"):
            return term(ox.Literal(text, datatype=ox.NamedNode(self._iri(self._next()))))
        if self._ahead.kind == "word" and self._ahead.text.startswith("@"):
            return Literal(text, lang=self._next().text[1:].partition("--")[0])
        return Literal(text)

    def _blank(self, token: _Token) -> _Steps:
        """What opens here: brackets, a list, a statement of RDF 1.2 (which is passed)."""
        node = blank(token.start)
        self.opened[node] = token.line
        if token.text == "[":
            yield self._pairs(node)
            self._takes("]")
        elif token.text == "(":
            node = yield self._list(node)
        elif token.text == "<" and self._takes("<"):
            depth = 1
            while depth and self._ahead is not _END:
                if self._takes("<", "<"):
                    depth += 1
                elif self._takes(">", ">"):
                    depth -= 1
                else:
                    self._next()
        return node

    def _list(self, head: Node) -> _Steps:
        cell, before = head, None
        while self._ahead is not _END and not self._takes(")"):
            token = self._ahead
            if before is not None:
                cell = BNode(f"{head},{token.start}")
                self.opened[cell] = token.line
                self.said[before].append(Said(RDF.rest, cell, token.line))
            item = yield self._node()
            self.said[cell].append(Said(RDF.first, item, token.line))
            before = cell
        if before is None:
            return RDF.nil
        self.said[before].append(Said(RDF.rest, RDF.nil, self.opened[before]))
        return head


def blank(offset: int) -> BNode:
    """The blank node that opens at ``offset``."""
    return BNode(f"[{offset}")


def _character(match: re.Match[str]) -> str:
    code = match[1] or match[2]
    return chr(int(code, 16)) if code else _ESCAPED.get(match[3], match[3])
