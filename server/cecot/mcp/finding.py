"""The tool ``search``: things, statements and questions that have the words."""

from __future__ import annotations

from cecot.claims.nodes import Node
from cecot.claims.search import matching, search
from cecot.claims.search_words import words_of
from cecot.errors import BadRequest
from cecot.material.questions import Question
from cecot.mcp import schemas
from cecot.mcp.library import Library
from cecot.mcp.parameters import Arguments
from cecot.mcp.statements import silence_of, statement_of, thing_of
from cecot.mcp.text import found_text

MOST_QUESTIONS = 5


def find(library: Library, arguments: Arguments) -> tuple[schemas.Found, str]:
    """At most ``limit`` things, and as many statements, that have the words of ``text``.

    Raises BadRequest for a text without a word, and what the engine raises.
    """
    language, limit = arguments.language, arguments.count("limit")
    words = words_of(arguments.text("text"))
    if not words.all:
        raise BadRequest(
            "There is no word to search for.", hint="Give a name, a word or a figure.", where="text"
        )
    results = search(library.engine, words)
    labels = {node.iri: node.label(language).value for node, _ in results.classes}
    claims = [hit.claim for hit in results.claims if hit.claim]
    # A figure says nothing without its claim, which is among the claims if there is one.
    nodes = [hit.node for hit in results.things if hit.node.value is None]

    def thing(node: Node) -> schemas.Thing:
        known = thing_of(node, language)
        types = tuple(labels[each] for each in node.types if each in labels)
        return schemas.Thing(known.label, known.iri, types, known.figure)

    found = schemas.Found(
        questions=tuple(
            question_of(each, language)
            for each in matching(library.questions, words)[:MOST_QUESTIONS]
        ),
        not_said=tuple(silence_of(each.silence, language, each.thing) for each in results.silences),
        statements=tuple(statement_of(each, language) for each in claims[:limit]),
        things=tuple(map(thing, nodes[:limit])),
        is_partial=results.is_partial,
        is_cut=results.more or max(len(claims), len(nodes)) > limit,
    )
    return found, found_text(found, language)


def question_of(question: Question, language: str, *, whole: bool = False) -> schemas.Question:
    """A question by its title; ``whole``: with summary, lines and query."""
    if not whole:
        return schemas.Question(question.number, question.slug, question.title(language))
    return schemas.Question(
        question.number,
        question.slug,
        question.title(language),
        question.summary(language),
        question.lines,
        question.query_in(language),
    )
