"""The statements of a block of Turtle, each with its line (Turtle 1.2, 6.5).

A parser has taken the texts before: only what a statement says and where matters here. Blank nodes
go by their label, or by the offset at which they open.
"""

from __future__ import annotations

import re
from collections import defaultdict, deque
from collections.abc import Iterator
from typing import NamedTuple

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


class _Open:
    """What stands open, a statement, brackets or a list, and what of it has been read.

    Of a list ``subject`` is the last cell, and ``predicate`` is there once it has a member.
    """

    def __init__(self, subject: Node | None = None, *, is_list: bool = False) -> None:
        self.subject = subject
        self.predicate: Node | None = None
        self.is_list = is_list


class Statements:
    """What a block says of each node in it, and on which lines its brackets open."""

    def __init__(self, text: str = "", block: Block | None = None) -> None:
        self.said: defaultdict[Node, list[Said]] = defaultdict(list)
        self.opened: dict[Node, int] = {}
        self._open = [_Open()]
        if block is not None:
            self._names = block.names
            self._read(deque(_without_annotations([*_tokens(text, block)])))

    def _read(self, tokens: deque[_Token]) -> None:
        while tokens:
            token = tokens.popleft()
            node = blank(token.start)
            match token.text if token.kind == "mark" else token.kind:
                case "(" if tokens and tokens[0].text == ")":
                    tokens.popleft()
                    self._put(RDF.nil, token)
                case "[" | "(" | "<" as mark:
                    self.opened[node] = token.line
                    self._put(node, token)
                    if mark != "<":
                        self._open.append(_Open(node, is_list=mark == "("))
                case "]":
                    self._open.pop()
                case ")":
                    cell = self._open.pop().subject or node
                    self.said[cell].append(Said(RDF.rest, RDF.nil, self.opened[cell]))
                case ";":
                    self._open[-1].predicate = None
                case "." | "{" | "}":
                    self._open = [_Open()]
                case "string":
                    self._put(self._literal(token, tokens), token)
                case "iri" | "word":
                    self._put(self._word(token), token)

    def _put(self, node: Node, token: _Token) -> None:
        """Take ``node`` for what is due: a subject, a predicate, a value, a member of a list."""
        here = self._open[-1]
        if here.subject is None:
            here.subject = node
        elif here.is_list:
            if here.predicate is not None:
                cell = BNode(f"({token.start}")
                self.opened[cell] = token.line
                self.said[here.subject].append(Said(RDF.rest, cell, token.line))
                here.subject = cell
            here.predicate = RDF.first
            self.said[here.subject].append(Said(RDF.first, node, token.line))
        elif here.predicate is None:
            here.predicate = RDF.type if token.text == "a" else node
        else:
            self.said[here.subject].append(Said(here.predicate, node, token.line))

    def _iri(self, token: _Token) -> URIRef:
        return URIRef(self._names.resolve(token.text, token.kind) or token.text)

    def _word(self, token: _Token) -> Node:
        for pattern, datatype in _NUMBERS:
            if pattern.fullmatch(token.text):
                return term(ox.Literal(token.text, datatype=ox.NamedNode(datatype)))
        return BNode(token.text) if token.text.startswith("_:") else self._iri(token)

    def _literal(self, token: _Token, rest: deque[_Token]) -> Node:
        quotes = 3 if token.text[:3] in {'"""', "'''"} else 1
        text = _ESCAPE.sub(_character, token.text[quotes:-quotes])
        if rest and rest[0].text == "^":
            _, _, datatype = (rest.popleft() for _ in range(3))
            return term(ox.Literal(text, datatype=ox.NamedNode(self._iri(datatype))))
        if rest and rest[0].text.startswith("@"):
            return Literal(text, lang=rest.popleft().text[1:].partition("--")[0])
        return Literal(text)


def _tokens(text: str, block: Block) -> Iterator[_Token]:
    line, seen = block.line, block.start
    for match in TOKEN.finditer(text, block.start, block.end):
        kind = match.lastgroup or ""
        if kind not in {"space", "comment"}:
            line, seen = line + text.count("\n", seen, match.start()), match.start()
            yield _Token(kind, match.group(), seen, line)


def _without_annotations(tokens: list[_Token]) -> Iterator[_Token]:
    """``tokens`` but for what RDF 1.2 says of a statement; a triple term is the mark it opens with.

    Its name, after "~", may be a token of its own.
    """
    depth = at = 0
    while at < len(tokens):
        token, *after = tokens[at : at + 2]
        pair = "".join(each.text for each in (token, *after) if each.kind == "mark")
        is_name = token.kind == "word" and token.text.startswith("~")
        if not depth and not is_name and pair not in {"{|", "|}", ">>"}:
            yield token
        if pair in {"<<", "{|", ">>", "|}"}:
            depth += 1 if pair in {"<<", "{|"} else -1
            at += 1
        elif token.text == "~" and after and after[0].kind in {"word", "iri"}:
            at += 1
        at += 1


def blank(offset: int) -> BNode:
    """The blank node that opens at ``offset``."""
    return BNode(f"[{offset}")


def _character(match: re.Match[str]) -> str:
    code = match[1] or match[2]
    return chr(int(code, 16)) if code else _ESCAPED.get(match[3], match[3])
