"""What the service knows of its dataset: counted once, when the rooms are loaded (VoID, section 4).

Plain values, so that any process can hold it; the views turn it into RDF.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

from pyoxigraph import Literal, NamedNode

from cecot.dataset.content import Names
from cecot.dataset.questions import Question, in_language, read_questions
from cecot.dataset.store import Loaded, store_version
from cecot.engine import Engine
from cecot.rdf.terms import Term, count_of
from cecot.rooms import Rooms
from cecot.sparql.asking import select, select_iris
from cecot.sparql.evaluation import InProcessEngine
from cecot.sparql.hints import Vocabulary
from cecot.vocabulary import CECOT, DCAT, DCTERMS, RDFS, VOID

_SIZES = """SELECT (COUNT(*) AS ?triples) (COUNT(DISTINCT ?s) AS ?subjects)
  (COUNT(DISTINCT ?o) AS ?objects) { ?s ?p ?o }"""
_GRAPHS = "SELECT ?name (COUNT(*) AS ?count) { GRAPH ?name { ?s ?p ?o } } GROUP BY ?name"
_CLASSES = "SELECT ?name (COUNT(*) AS ?count) { ?s a ?name } GROUP BY ?name"
_VALUES = "SELECT ?value { $subject $predicate ?value }"
_THINGS = "SELECT ?thing { ?thing a $kind }"
_REPLACED = "SELECT ?old ?new { ?new $replaces ?old FILTER (isIRI(?old) && isIRI(?new)) }"
_PROPERTIES = "SELECT ?name (COUNT(*) AS ?count) { ?s ?name ?o } GROUP BY ?name"


@dataclass(frozen=True, slots=True)
class Description:
    """The dataset that queries see.

    ``version`` is the hash of its canonical RDF. ``titles`` (by language), ``license``, ``makers``
    (each with its role, dcterms:creator or dcterms:publisher) and ``modified`` (in UTC) are what
    the dataset says of itself: a thing typed dcat:Dataset or void:Dataset, else the ontology. The
    counts are those of the default graph: by IRI, in order, ``classes`` has the number of things,
    ``properties`` that of triples; so has ``graphs`` of the named ones. ``graph`` is the name of
    the default graph in an engine by URL ("": the engine's own), which cuts answers at
    ``whole_up_to`` rows or triples (0: never). ``replaced`` are terms that the ontology has put
    others in the place of, with those. ``since`` is the moment at which all this was read, in whole
    seconds as HTTP has them: ``modified``, which people write, may stay the same when the graph or
    the program is another.
    """

    names: Names
    version: str
    titles: Mapping[str, str]
    license: str | None
    modified: datetime | None
    triples: int
    subjects: int
    objects: int
    graphs: Mapping[str, int]
    classes: Mapping[str, int]
    properties: Mapping[str, int]
    questions: tuple[Question, ...]
    makers: tuple[tuple[str, NamedNode | Literal], ...] = ()
    replaced: Mapping[str, str] = field(default_factory=dict)
    graph: str = ""
    whole_up_to: int = 0
    since: datetime = field(default_factory=lambda: datetime.now(UTC).replace(microsecond=0))

    @property
    def day(self) -> date | None:
        """The day of the last change."""
        return self.modified.date() if self.modified else None

    @property
    def has_claims(self) -> bool:
        """Whether there is a claim in the graph."""
        return self.count_of(CECOT.Claim) > 0

    @property
    def vocabulary(self) -> Vocabulary:
        """The names of the graph, as far as they are known without asking it."""
        names = self.names
        used = self.classes, self.properties, self.graphs
        return Vocabulary(names.prefixes, names.own, names.base, *used, self.replaced)

    def count_of(self, class_: str) -> int:
        """How many things are of the class."""
        return self.classes.get(class_, 0)

    def title(self, language: str) -> str:
        """Its title, in ``language`` if it has one in that; else the base of its IRIs."""
        return in_language(self.titles, language, self.names.base)


def describe(loaded: Loaded, version: str | None = None) -> Description:
    """Count what ``loaded`` holds; ``version`` saves hashing it where it is known already.

    Raises UsageError for a question that cannot be read.
    """
    engine = InProcessEngine(loaded.store)
    return describe_by(engine, loaded.rooms, loaded.names, version or store_version(loaded.store))


def describe_by(engine: Engine, rooms: Rooms, names: Names, version: str) -> Description:
    """Count what ``engine`` holds of ``version``; the questions are those of ``rooms``.

    Raises UsageError for a question that cannot be read, and what asking raises.
    """
    about = _about(engine, names)
    sizes = select(engine, _SIZES)[0]
    return Description(
        names=names,
        version=version,
        titles={
            value.language or "en": value.value
            for value in _values(engine, about, DCTERMS.title) or _values(engine, about, RDFS.label)
            if isinstance(value, Literal)
        },
        license=next((each.value for each in _values(engine, about, DCTERMS.license)), None),
        modified=max(map(_instant, _values(engine, about, DCTERMS.modified)), default=None),
        triples=count_of(sizes["triples"]),
        subjects=count_of(sizes["subjects"]),
        objects=count_of(sizes["objects"]),
        graphs=_counts(engine, _GRAPHS),
        classes=_counts(engine, _CLASSES),
        properties=_counts(engine, _PROPERTIES),
        questions=read_questions(rooms),
        makers=tuple(
            (role, each)
            for role in (DCTERMS.creator, DCTERMS.publisher)
            for each in _values(engine, about, role)
        ),
        replaced=read_replaced(engine),
    )


def read_used(engine: Engine, vocabulary: Vocabulary) -> Vocabulary:
    """``vocabulary`` with what the graph uses. Raises what the engine raises."""
    classes, properties, graphs = (
        _counts(engine, each) for each in (_CLASSES, _PROPERTIES, _GRAPHS)
    )
    return replace(vocabulary, classes=classes, properties=properties, graphs=graphs)


def read_replaced(engine: Engine) -> dict[str, str]:
    """The terms that others have replaced (``dcterms:replaces``), with their successors."""
    rows = select(engine, _REPLACED, replaces=NamedNode(DCTERMS.replaces))
    return {_iri(row["old"]): _iri(row["new"]) for row in rows}


def _about(engine: Engine, names: Names) -> NamedNode:
    """The thing that stands for the dataset in its own graph; the ontology if none does."""
    for kind in (DCAT.Dataset, VOID.Dataset):
        if found := select_iris(engine, _THINGS, "thing", kind=NamedNode(kind)):
            return min(found, key=str)
    return NamedNode(names.ontology_iri)


def _values(engine: Engine, subject: NamedNode, predicate: str) -> list[NamedNode | Literal]:
    rows = select(engine, _VALUES, subject=subject, predicate=NamedNode(predicate))
    found = [each for row in rows if isinstance(each := row["value"], NamedNode | Literal)]
    return sorted(found, key=str)


def _instant(value: NamedNode | Literal) -> datetime:
    """A date or a dateTime as an instant; a day begins at midnight UTC."""
    instant = datetime.fromisoformat(value.value)
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def _counts(engine: Engine, query: str) -> dict[str, int]:
    counts = {_iri(row["name"]): count_of(row["count"]) for row in select(engine, query)}
    return dict(sorted(counts.items()))


def _iri(term: Term) -> str:
    return term.value if isinstance(term, NamedNode) else str(term)
