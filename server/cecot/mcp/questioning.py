"""The tool ``questions``: what the graph is known to answer, each with its query."""

from __future__ import annotations

from cecot.errors import NotFound
from cecot.mcp import schemas
from cecot.mcp.finding import question_of
from cecot.mcp.library import Library
from cecot.mcp.parameters import Arguments
from cecot.mcp.text import questions_text


def questions(library: Library, arguments: Arguments) -> tuple[schemas.Questions, str]:
    """All questions, or the one that ``question`` names by number or slug.

    Raises NotFound.
    """
    asked, language = arguments.text("question"), arguments.language
    chosen = [each for each in library.questions if asked in ("", each.slug, str(each.number))]
    if asked and not chosen:
        raise NotFound(
            f"There is no question {asked[:60]!r}.",
            hint="Call questions without question: it lists them all.",
            where="question",
        )
    result = schemas.Questions(tuple(question_of(each, language, whole=True) for each in chosen))
    return result, questions_text(result, language, whole=bool(asked))
