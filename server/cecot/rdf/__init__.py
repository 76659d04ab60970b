"""The canonical Turtle of this project (Turtle 1.2): how files are written and checked."""

from __future__ import annotations

from cecot.errors import TurtleError
from cecot.rdf.prefixes import Prefixes
from cecot.rdf.scanning import comments
from cecot.rdf.supplying import parse_supplied
from cecot.rdf.writing import write_turtle

__all__ = ["format_turtle", "write_turtle"]


def format_turtle(text: str | bytes, prefixes: Prefixes, where: str = "") -> str:
    """``text`` in canonical form: the same graph, and the comment block at its top.

    Of ``prefixes``, those that it uses and does not declare are supplied.
    Raises TurtleError, with ``where`` as the file's name, if ``text`` is not Turtle, or if a
    comment further down would be lost.
    """
    parsed = parse_supplied(text, prefixes, where)
    found = comments(parsed.text)
    if found.others:
        line, column = found.others[0]
        raise TurtleError(
            "This comment would be lost: only the block at the top of a file is kept.",
            hint="Say it in rdfs:comment or skos:editorialNote, or move it to the top.",
            where=where,
            line=line,
            column=column,
        )
    try:
        return write_turtle(parsed.triples, prefixes, found.header)
    except RecursionError:
        raise TurtleError(
            "The blank nodes of this file are nested too deeply to be written.",
            hint="Give some of them IRIs.",
            where=where,
        ) from None
