"""What every view of one application shares; no module holds state of its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from cecot.claims.answers import Telling, tell_answers
from cecot.claims.names import short_name
from cecot.claims.nodes import Node
from cecot.dataset.description import Description
from cecot.dataset.questions import Question
from cecot.dataset.source_texts import SourceTexts
from cecot.engine import Engine
from cecot.protocol.answers import Endpoint, endpoint_of
from cecot.render.citations import Citation, cite_dataset
from cecot.render.dumps import Dumps, read_dumps
from cecot.render.urls import Urls
from cecot.settings import Settings
from cecot.sparql.hints import Vocabulary
from cecot.views.assets import Asset, read_assets
from cecot.watching import State, read_state


@dataclass(frozen=True, slots=True)
class Context:
    """The engine, the dataset that it answers from, the settings, the files of the pages.

    ``downloads`` is the folder of the files that hold everything, if they are written; ``texts``
    are the texts of sources, if they were given; ``state`` is the file of what is wrong with the
    rooms, if they are watched.
    """

    engine: Engine
    description: Description
    settings: Settings
    downloads: Path | None = None
    texts: SourceTexts = field(default_factory=SourceTexts)
    state: Path | None = None
    assets: Mapping[str, Asset] = field(default_factory=read_assets)
    _tellings: dict[tuple[str, str], Telling] = field(default_factory=dict)
    _whole: dict[str, Citation] = field(default_factory=dict)

    def tellings(self, questions: Iterable[Question], language: str) -> dict[str, Telling]:
        """The answer of each question in sentences, by its name: asked once, as the graph stays.

        Raises what the engine raises.
        """
        chosen = list(questions)
        new = [each for each in chosen if (each.slug, language) not in self._tellings]
        if new:
            for slug, telling in tell_answers(self.engine, new, language).items():
                self._tellings[slug, language] = telling
        return {each.slug: self._tellings[each.slug, language] for each in chosen}

    def whole(self, language: str) -> Citation:
        """The citation of the dataset, of which all others are parts. Raises as ``tellings``."""
        if language not in self._whole:
            self._whole[language] = cite_dataset(self.engine, self.description, language)
        return self._whole[language]

    @property
    def endpoint(self) -> Endpoint:
        """What requests to the query addresses are read against."""
        return endpoint_of(self.description, self.settings)

    @property
    def _root(self) -> str:
        return self.settings.root

    @property
    def addresses(self) -> Urls:
        """Where things, tables, questions and files are found on this host."""
        return Urls(self.description.names, urlsplit(self._root).path)

    @property
    def dumps(self) -> Dumps | None:
        """The files that are ready now; None if none are written at all."""
        return read_dumps(self.downloads) if self.downloads else None

    @property
    def rooms(self) -> State:
        """What is wrong with the rooms, as far as anybody watches them."""
        return read_state(self.state) if self.state else State()

    @property
    def vocabulary(self) -> Vocabulary:
        """The names of the graph, as far as they are known without asking it."""
        return vocabulary_of(self.description)

    def url(self, path: str) -> str:
        """The absolute address of ``path``: from the settings, never from what a client sent."""
        return f"{self._root}/{path.lstrip('/')}"

    def path(self, path: str) -> str:
        """``path`` as a page links to it: right on whatever host the page was reached."""
        return urlsplit(self._root).path + path

    def asset(self, name: str) -> str:
        """The address of a file of the pages: ``site.css``."""
        return self.path(f"/static/{self.assets[name].path}")

    def short(self, node: Node) -> str:
        """``node`` as the addresses of pages name it."""
        return short_name(self.description.names, node.iri)

    def count_of(self, class_: str) -> int:
        """How many things are of the class."""
        return next((part.count for part in self.description.classes if part.iri == class_), 0)


def vocabulary_of(description: Description) -> Vocabulary:
    """The names of the dataset of ``description``."""
    terms = {part.iri for part in (*description.classes, *description.properties)}
    names = description.names
    replaced = description.replaced
    return Vocabulary(names.prefixes, names.own, terms, names.base, replaced=replaced)
