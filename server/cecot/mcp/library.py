"""What the tools work with: an engine, and the names and the questions of its graph."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Mapping
from dataclasses import dataclass

from pyoxigraph import NamedNode

from cecot.claims.names import labelled, named, short_name
from cecot.claims.search import search
from cecot.claims.search_words import words_of
from cecot.claims.subgraph import is_known
from cecot.engine import Engine
from cecot.errors import BadRequest, NotFound
from cecot.material.content import Names
from cecot.material.description import Description
from cecot.material.questions import Question

SUGGESTED = 3


@dataclass(frozen=True, slots=True)
class Library:
    """A graph that can be asked; ``titles`` are its own, by language."""

    engine: Engine
    names: Names
    titles: Mapping[str, str]
    questions: tuple[Question, ...]

    @classmethod
    def of(cls, engine: Engine, description: Description) -> Library:
        """The library of the graph that ``description`` describes."""
        return cls(engine, description.names, description.titles, description.questions)

    def find(self, text: str, where: str) -> NamedNode:
        """The thing that ``text`` names: by IRI, by prefixed name, by the end of an IRI, by label.

        Raises NotFound, with what comes near, if the graph says nothing of it; what the engine
        raises.
        """
        thing = None
        with contextlib.suppress(BadRequest):
            thing = named(self.names, text, where)
        if thing is None or not is_known(self.engine, thing.value):
            thing = labelled(self.engine, text)
        if thing is None:
            raise self.unknown(text, where)
        return thing

    def unknown(self, text: str, where: str) -> NotFound:
        """The error for a name that the graph does not know, with what comes near it."""
        words = words_of(re.sub(r"[\W_]+", " ", text.rpartition("/id/")[2] or text))
        near = [
            f"{short_name(self.names, hit.node.iri)} ({hit.node.label('en')})"
            for hit in search(self.engine, words).things[:SUGGESTED]
        ]
        return NotFound(
            f"The graph says nothing of {text[:200]!r}.",
            hint=(f"Near it: {'; '.join(near)}. " if near else "")
            + "The tool search finds things by their names. If it finds nothing either, say that "
            "the texts do not speak of it.",
            where=where,
        )
