"""What is checked: one store with the ontology, the data and what is derived (SHACL 1.0, 1.5).

The ontology stands in the data graph: as a graph apart, a rule that asks ``?p a
cecot:FactProperty`` would silently pass. Files go through the parser into the store, one triple at
a time; what the store would write in another form is noted on the way.
"""

from __future__ import annotations

import zlib
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import chain
from pathlib import Path

import pyoxigraph as ox
from rdflib import Graph, URIRef
from rdflib.namespace import OWL, RDF, RDFS, SH, XSD
from rdflib.term import Node

from cecot.dataset.content import Material, Names, ontology_iri
from cecot.dataset.derive import derive_in_place
from cecot.rdf.reading import (
    format_of,
    line_of_xml,
    quads,
    require_utf8,
    require_well_formed,
    telling_each,
    turtle_error,
    unreadable,
)
from cecot.rdf.terms import Prefixes, read_prefixes
from cecot.rooms import Rooms
from cecot.validation.constraints import as_written, is_respelt, kept
from cecot.validation.shapes import AnyPath, Shapes, written
from cecot.validation.terms import CECOT, fill, from_rdflib, is_value, solutions, term

_DEFAULT = ox.DefaultGraph()
_XSD, _STRING, _LANG_STRING = str(XSD), str(XSD.string), str(RDF.langString)
_TYPE, _FACT = ox.NamedNode(str(RDF.type)), ox.NamedNode(str(CECOT.FactProperty))
_WATCHED = {ox.NamedNode(str(each)) for each in (RDFS.label, CECOT.statedBy, CECOT.statement)}


@dataclass(frozen=True, slots=True)
class Files:
    """The files that are checked, by what they hold; ``queries`` declare prefixes only."""

    ontology: tuple[Path, ...]
    data: tuple[Path, ...]
    shapes: tuple[Path, ...]
    queries: tuple[Path, ...] = ()

    @property
    def turtle(self) -> tuple[Path, ...]:
        """All that hold triples, each once."""
        return tuple(dict.fromkeys((*self.ontology, *self.data, *self.shapes)))


@dataclass
class Notes:
    """What is remembered of triples on their way into the store.

    ``odd`` are those of ontology and data whose literal is no value of its datatype, or is
    kept in another form; ``usual`` are the hashes of those with other numbers, dates and so on.
    ``facts`` are those of the data that only derivations may say. ``empty`` are the files that say
    nothing.
    """

    odd: list[ox.Triple] = field(default_factory=list)
    facts: list[ox.Triple] = field(default_factory=list)
    empty: list[Path] = field(default_factory=list)
    usual: set[int] = field(default_factory=set)
    watched: set[ox.NamedNode] = field(default_factory=lambda: set(_WATCHED))

    def ontology(self, quads: Iterable[ox.Quad]) -> Iterator[ox.Quad]:
        """The same quads; fact properties among them are watched from then on."""
        for quad in self._watching(quads):
            fact = quad.subject
            if quad.predicate == _TYPE and quad.object == _FACT and isinstance(fact, ox.NamedNode):
                self.watched.add(fact)
            yield quad

    def data(self, quads: Iterable[ox.Quad]) -> Iterator[ox.Quad]:
        """The same quads; what only derivations may say is noted."""
        for quad in self._watching(quads):
            if quad.predicate in self.watched:
                self.facts.append(quad.triple)
            yield quad

    def _watching(self, quads: Iterable[ox.Quad]) -> Iterator[ox.Quad]:
        """The same quads; odd literals are noted."""
        for quad in quads:
            value = quad.object
            if type(value) is ox.Literal and self._is_odd(value):
                self.odd.append(quad.triple)
            elif type(value) is ox.Literal and value.datatype.value not in (_STRING, _LANG_STRING):
                self.usual.add(hash(quad.triple))
            yield quad

    @staticmethod
    def _is_odd(literal: ox.Literal) -> bool:
        datatype = literal.datatype.value
        if datatype in (_STRING, _LANG_STRING) or not datatype.startswith(_XSD):
            return False
        return is_respelt(literal) or not is_value(literal)


@dataclass(eq=False)
class Data:
    """The store, the names of its parts, and its triples as rdflib would be asked for them."""

    files: Files
    names: Names
    notes: Notes
    store: ox.Store
    shape_triples: list[ox.Triple] = field(default_factory=list)

    @property
    def prefixes(self) -> Prefixes:
        """The one table of prefixes."""
        return self.names.prefixes

    @property
    def namespace(self) -> str:
        """Where the IRIs of the rules of rooms begin."""
        return self.names.shapes_iri + "#"

    @property
    def shapes_graph(self) -> str:
        """The name of the graph of the store that holds the rules."""
        return self.names.shapes_iri if self.names.ontology_iri else "urn:x-cecot:shapes"

    @cached_property
    def shapes(self) -> Shapes:
        """The rules, and the prefix tables that their queries use (SHACL 5.2.1)."""
        declared = {
            quad.triple
            for predicate in (SH.declare, SH.prefix, SH.namespace)
            for quad in self.store.quads_for_pattern(
                None, ox.NamedNode(str(predicate)), None, _DEFAULT
            )
        }
        table = tuple(self.prefixes.items()), self.prefixes.folders
        return _shapes(tuple(self.shape_triples), frozenset(declared), table)

    @cached_property
    def respelt(self) -> dict[ox.Triple, list[ox.Literal]]:
        """Triples as the store has them, with the literals of the files that came to them."""
        found: defaultdict[ox.Triple, list[ox.Literal]] = defaultdict(list)
        for triple in dict.fromkeys(self.notes.odd):
            literal = triple.object
            if isinstance(literal, ox.Literal) and is_respelt(literal):
                found[ox.Triple(triple.subject, triple.predicate, kept(literal))].append(literal)
        for triple, literals in found.items():
            if hash(triple) in self.notes.usual and isinstance(triple.object, ox.Literal):
                literals.append(triple.object)
        stored = zip(found, _quads(found), strict=True)
        return {each: found[each] for each, quad in stored if quad in self.store}

    @cached_property
    def spelt(self) -> dict[tuple[Node, Node, Node], list[Node]]:
        """The same, as rdflib has it."""
        return {
            (term(t.subject), term(t.predicate), term(t.object)): list(map(term, literals))
            for t, literals in self.respelt.items()
        }

    @cached_property
    def written(self) -> ox.Store:
        """The store, if it has all literals as the files write them; else another of the data."""
        if not self.respelt:
            return self.store
        store = ox.Store()
        store.bulk_extend(self.store.quads_for_pattern(None, None, None, _DEFAULT))
        for quad in _quads(self.respelt):
            store.remove(quad)
            for each in self.respelt[quad.triple]:
                store.add(ox.Quad(quad.subject, quad.predicate, as_written(each), _DEFAULT))
        return store

    def graph(self) -> Graph:
        """All of it in rdflib's memory, literals as the files write them."""
        graph = fill(
            Graph(bind_namespaces="none"),
            (quad.triple for quad in self.store.quads_for_pattern(None, None, None, _DEFAULT)),
        )
        for (subject, predicate, value), literals in self.spelt.items():
            graph.remove((subject, predicate, value))
            for each in literals:
                graph.add((subject, predicate, each))
        return graph

    # What rdflib's graphs offer, for the checks beside SHACL.

    def __contains__(self, triple: tuple[Node, Node, Node]) -> bool:
        """Whether the data hold ``triple``."""
        subject, predicate, value = triple
        return any(self._quads(subject, predicate, value))

    def subjects(self, predicate: Node | None = None, value: Node | None = None) -> Iterator[Node]:
        """The subjects of the triples with ``predicate`` and ``value``."""
        return (term(quad.subject) for quad in self._quads(None, predicate, value))

    def objects(self, subject: Node | None = None, predicate: Node | None = None) -> Iterator[Node]:
        """The objects of the triples with ``subject`` and ``predicate``."""
        return (term(quad.object) for quad in self._quads(subject, predicate, None))

    def subject_objects(self, predicate: Node) -> Iterator[tuple[Node, Node]]:
        """Subject and object of the triples with ``predicate``."""
        quads = self._quads(None, predicate, None)
        return ((term(quad.subject), term(quad.object)) for quad in quads)

    def pointing(self, value: Node) -> Iterator[tuple[Node, URIRef]]:
        """Subject and predicate of the triples with ``value``."""
        quads = self._quads(None, None, value)
        return ((term(quad.subject), URIRef(quad.predicate.value)) for quad in quads)

    def saying(self, subject: Node) -> Iterator[tuple[URIRef, Node]]:
        """Predicate and value of the triples with ``subject``, literals as the files write them."""
        for quad in self._quads(subject, None, None):
            how, value = URIRef(quad.predicate.value), term(quad.object)
            yield from ((how, each) for each in self.spelt.get((subject, how, value), [value]))

    def along(self, node: Node, path: AnyPath) -> Iterator[Node]:
        """The nodes to which ``path`` leads from ``node``."""
        if isinstance(path, URIRef):
            yield from self.objects(node, path)
        elif isinstance(node, URIRef):
            asked = f"SELECT DISTINCT ?v {{ {node.n3()} {written(path)} ?v }}"
            yield from (term(row["v"]) for row in solutions(self.store.query(asked)))

    def undescribed(self) -> Iterator[tuple[Node, URIRef, URIRef]]:
        """The triples whose object is an IRI of which nothing is said, sorted."""
        asked = "?s ?p ?o . FILTER (isIRI(?o)) FILTER NOT EXISTS { ?o ?q ?any }"
        rows = solutions(self.store.query(f"SELECT ?s ?p ?o {{ {asked} }} ORDER BY ?s ?p ?o"))
        return ((term(row["s"]), URIRef(row["p"].value), URIRef(row["o"].value)) for row in rows)

    def not_imported(self) -> list[str]:
        """The IRIs that the shapes import (owl:imports) and that no file here is the record of.

        A file is the record of what it describes, and of an address that ends in its name.
        """
        if self.names.ontology_iri:
            return []
        imported = {str(each) for each in self.shapes.graph.objects(None, OWL.imports)}
        imported -= _alike(str(SH))  # what SHACL itself says is known
        names = {path.name for path in self.files.turtle}
        shapes = self.shapes.graph
        return sorted(
            iri
            for iri in imported
            if iri.rpartition("/")[2] not in names
            and not any(
                (URIRef(each), None, None) in shapes or any(self._quads(URIRef(each), None, None))
                for each in _alike(iri)
            )
        )

    def predicates(self) -> Iterator[tuple[URIRef, int]]:
        """Each predicate, with how often it is used."""
        rows = solutions(self.store.query("SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p"))
        return ((URIRef(row["p"].value), int(row["n"].value)) for row in rows)

    def _quads(
        self, subject: Node | None, predicate: Node | None, value: Node | None
    ) -> Iterator[ox.Quad]:
        about = None if subject is None else from_rdflib(subject)
        if isinstance(about, ox.Literal):
            return iter(())
        return self.store.quads_for_pattern(
            about,
            None if predicate is None else ox.NamedNode(str(predicate)),
            None if value is None else from_rdflib(value),
            _DEFAULT,
        )


@lru_cache(2)
def _shapes(
    triples: tuple[ox.Triple, ...],
    declared: frozenset[ox.Triple],
    table: tuple[tuple[tuple[str, str], ...], tuple[str, ...]],
) -> Shapes:
    """Data change more often than the rules by which they are checked: these are kept."""
    graph = fill(fill(Graph(bind_namespaces="none"), triples), declared)
    subjects = (term(triple.subject) for triple in triples)
    return Shapes(graph, Prefixes(dict(table[0]), table[1]), subjects)


def _alike(iri: str) -> set[str]:
    """``iri``, and how else an ontology of that name may be called."""
    base = iri.rstrip("#/")
    return {iri, base} | ({base + "#", base + "/"} if "#" not in base else set())


def of_material(material: Material) -> Data:
    """The data of rooms whose triples are at hand."""
    said = (_quads(each) for each in (material.ontology, material.graph, material.shapes))
    return _of_rooms(material.rooms, material.names, *said)


def read_rooms(rooms: Rooms) -> Data:
    """Read the files of ``rooms`` and derive what follows; raises what ``read_material`` raises."""
    files = rooms.ontology_files(), rooms.graph_files(), rooms.shape_files()
    ontology, graph, shapes = (chain.from_iterable(map(parse, each)) for each in files)
    with telling_each(rooms.rdf_files()):
        known = list(ontology)
        names = Names(read_prefixes(rooms), ontology_iri((quad.triple for quad in known), rooms))
        return _of_rooms(rooms, names, known, graph, shapes)


def _of_rooms(rooms: Rooms, names: Names, *said: Iterable[ox.Quad]) -> Data:
    """The data of ``rooms``, of what ontology, graph and shapes have ``said``."""
    files = Files(
        tuple(rooms.ontology_files()),
        tuple(rooms.graph_files()),
        tuple(rooms.shape_files()),
        (*rooms.derive_files(), *rooms.question_files()),
    )
    ontology, graph, shapes = said
    data = Data(files, names, Notes(), ox.Store())
    data.store.bulk_extend(data.notes.ontology(ontology))
    data.store.bulk_extend(data.notes.data(graph))
    derive_in_place(data.store, rooms)  # no rule reads the sentences that are made for readers
    _put_shapes(data, shapes)
    return data


def read_files(files: Files) -> Data:
    """Read any files: the prefixes are those that they declare, the first to declare one wins.

    A file may be several of them: it is read once, so that a blank node is the same in each.
    Raises TurtleError, of each file that cannot be read.
    """
    times = Counter((*files.shapes, *files.ontology, *files.data))
    with telling_each(times, _exhaust):
        return _read_files(files, times)


def _exhaust(path: Path) -> None:
    """Read a file for its errors alone."""
    deque(parse(path, {}), maxlen=0)


def _read_files(files: Files, times: Counter[Path]) -> Data:
    declared: dict[str, str] = {}
    twice = {path: list(parse(path, declared)) for path in times if times[path] > 1}

    def read(path: Path) -> Iterator[ox.Quad]:
        return iter(twice[path]) if path in twice else parse(path, declared)

    shapes = list(chain.from_iterable(map(read, files.shapes)))
    notes, store = Notes(), ox.Store()
    for path in files.ontology:
        store.bulk_extend(notes.ontology(read(path)))
    for path in files.data:
        found = read(path)
        first = next(found, None)
        if first is None:
            notes.empty.append(path)
        else:
            store.bulk_extend(notes.data(chain([first], found)))
    # Relative IRIs are told as they stand in the files, wherever these lie.
    folders = (f"{each.absolute().parent.as_uri().rstrip('/')}/" for each in files.turtle)
    data = Data(files, Names(Prefixes(declared, folders), ""), notes, store)
    _put_shapes(data, shapes)
    return data


def parse(path: Path, prefixes: dict[str, str] | None = None) -> Iterator[ox.Quad]:
    """What a file says, in all its graphs, as one graph; adds to ``prefixes`` those it declares.

    Then relative IRIs are those beside the file. Raises TurtleError with line and column.
    """
    base = None if prefixes is None else path.absolute().as_uri()
    require_utf8(path)
    form = format_of(path)
    if form == ox.RdfFormat.RDF_XML:
        require_well_formed(path)
    try:
        with quads(path, base) as found:
            # A quad as it comes costs a third of one that is made anew.
            if form is None or form.supports_datasets:
                yield from _quads(quad.triple for quad in found)
            else:
                yield from found
    except (OSError, EOFError, zlib.error) as error:
        raise unreadable(error, str(path)) from error
    except SyntaxError as error:
        if form == ox.RdfFormat.RDF_XML:
            error.lineno = line_of_xml(path, base)
        raise turtle_error(error, str(path)) from None
    if prefixes is not None:
        for prefix, namespace in found.prefixes.items():
            prefixes.setdefault(prefix, namespace)


def _quads(
    triples: Iterable[ox.Triple], graph: ox.NamedNode | ox.DefaultGraph = _DEFAULT
) -> Iterator[ox.Quad]:
    return (ox.Quad(t.subject, t.predicate, t.object, graph) for t in triples)


def _put_shapes(data: Data, quads: Iterable[ox.Quad]) -> None:
    data.shape_triples = [quad.triple for quad in quads]
    data.store.bulk_extend(_quads(data.shape_triples, ox.NamedNode(data.shapes_graph)))
