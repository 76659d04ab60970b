"""What a check beside SHACL is given, and the checks of what stands in the files.

Those of values and of the text of a source have modules of their own.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from rdflib.namespace import RDF, RDFS, SKOS
from rdflib.term import Literal, Node, URIRef

from cecot.dataset.content import Place
from cecot.rdf.reading import ONE_A_LINE, decoded, ending, read_bytes
from cecot.validation.constraints import kept
from cecot.validation.data import Data
from cecot.validation.places import PREFIX
from cecot.validation.report import Found
from cecot.validation.shapes import AnyPath
from cecot.validation.terms import CECOT, from_rdflib, term

Check = Callable[["Checked"], Iterator[Found]]

_WORD = re.compile(r"[\w-]+")

_NAMED = (CECOT.Facility, CECOT.Organization, CECOT.Person, CECOT.Policy)
_NAMES = (
    SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel, CECOT.name, CECOT.abbreviation,
)  # fmt: skip
_NAMING = (CECOT.Event, CECOT.Proposal, SKOS.Concept)
_SHORTEST_NAME = 2
"""Letters that are no name yet: two stand in too many words of another meaning."""


@dataclass(frozen=True, slots=True)
class Checked:
    """The data, the shape that describes the check, the files that claim to be texts of sources."""

    data: Data
    shape: Node
    texts: tuple[Path, ...] = ()

    def breach(
        self,
        node: Node | None,
        words: str,
        *,
        path: AnyPath | None = None,
        value: Node | None = None,
        place: Place | None = None,
    ) -> Found:
        """A breach of the check; ``words`` say what is wrong here."""
        return Found(self.shape, focus=node, path=path, value=value, words=words, place=place)

    def instances(self, kind: URIRef) -> list[Node]:
        """All nodes of the class ``kind``, sorted."""
        return sorted(self.data.subjects(RDF.type, kind), key=str)

    def literal(self, node: Node, path: Node) -> Literal | None:
        """The one literal that ``node`` has for ``path``; None if there is none, or several."""
        values = [v for v in self.data.objects(node, path) if isinstance(v, Literal)]
        return values[0] if len(values) == 1 else None

    def literals(self, node: Node, path: Node) -> list[Literal]:
        """All literals that ``node`` has for ``path``, sorted."""
        return sorted(v for v in self.data.objects(node, path) if isinstance(v, Literal))


def check_literals(checked: Checked) -> Iterator[Found]:
    """Literals are values of their datatypes, in the form that Oxigraph keeps.

    SHACL engines let ``"2023-02-31"^^xsd:date`` pass, and Oxigraph makes ``3`` of ``3.0``.
    """
    for triple in checked.data.notes.odd:
        literal = term(triple.object)
        if isinstance(literal, Literal) and literal.ill_typed:
            name = checked.data.prefixes.compact(str(literal.datatype))
            words = f"not a value of {name}"
        else:
            words = f"Oxigraph keeps it as {term(kept(from_rdflib(literal)))}"
        path = URIRef(triple.predicate.value)
        yield checked.breach(term(triple.subject), words, path=path, value=literal)


def check_facts(checked: Checked) -> Iterator[Found]:
    """Nothing that follows from claims is written in the data."""
    data = checked.data
    allegations = set(data.subjects(RDF.type, CECOT.Allegation))
    for triple in data.notes.facts:
        subject, path, value = (term(part) for part in triple)
        words = ""
        if path == RDFS.label:
            words = "rdfs:label is derived from skos:prefLabel: write that"
        elif path == CECOT.statement:
            words = "cecot:statement is made of what the claim says: write dcterms:description"
        elif path != CECOT.statedBy:
            words = "a claim says so already" if _is_backed(data, subject, path, value) else ""
        elif subject in allegations:
            words = "cecot:statedBy of an allegation is derived from cecot:accuser: write that"
        if words:
            iri = URIRef(str(path))
            yield checked.breach(subject, words, path=iri, value=value)


def _is_backed(data: Data, subject: Node, path: Node, value: Node) -> bool:
    """Whether an Asserted claim says this; if none does, the shapes say so (rule 7)."""
    return any(
        (claim, RDF.object, value) in data
        and (claim, RDF.predicate, path) in data
        and (claim, CECOT.modality, CECOT.Asserted) in data
        for claim in data.subjects(RDF.subject, subject)
    )


def check_links(checked: Checked) -> Iterator[Found]:
    """Something is said of each thing that is pointed to, in the namespaces of the data.

    What stands in namespaces in which nothing is described here is somebody else's.
    """
    described = {node for node in checked.data.subjects() if isinstance(node, URIRef)}
    own = {_namespace(node) for node in described}
    for subject, path, value in checked.data.undescribed():
        if path != RDF.type and _namespace(value) in own:
            words = "nothing is said of it"
            yield checked.breach(subject, words, path=path, value=value)


def _namespace(iri: URIRef) -> str:
    return str(iri)[: max(iri.rfind("#"), iri.rfind("/"), iri.rfind(":")) + 1]


def check_names(checked: Checked) -> Iterator[Found]:
    """A label that names a thing of the graph stands on a node that is about it.

    Names are looked up by their words, as often as a label has words: a query would hold each name
    against each label.
    """
    names: defaultdict[tuple[str, ...], set[Node]] = defaultdict(set)
    for thing in (each for kind in _NAMED for each in checked.instances(kind)):
        for name in (each for path in _NAMES for each in checked.literals(thing, path)):
            words = _words(name)
            if len(" ".join(words)) > _SHORTEST_NAME:
                names[words].add(thing)
    lengths = sorted({len(words) for words in names})
    for node in (each for kind in _NAMING for each in checked.instances(kind)):
        told = {node, *checked.data.objects(node, CECOT.about)}
        for label in checked.literals(node, SKOS.prefLabel):
            words = _words(label)
            spans = (words[at : at + size] for at in range(len(words)) for size in lengths)
            for span in spans:
                for thing in sorted(names.get(span, set()) - told, key=str):
                    told.add(thing)
                    called = checked.data.prefixes.compact(str(thing))
                    said = f"“{label}” names {called} (“{' '.join(span)}”)"
                    yield checked.breach(node, said, path=CECOT.about)


def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(text))


def check_prefixes(checked: Checked) -> Iterator[Found]:
    """Each prefix that a file declares is the one of the table."""
    files, table = checked.data.files, checked.data.prefixes
    for path in (*files.turtle, *files.queries):
        if ending(path) in ONE_A_LINE:
            continue
        for line, text in enumerate(decoded(read_bytes(path), str(path)).split("\n"), 1):
            for prefix, namespace in PREFIX.findall(text):
                known = table.get(prefix)
                other = f"<{known}> in the table" if known else "is not in the table"
                if known != namespace:
                    words = f"{prefix}: is <{namespace}> here, and {other}"
                    yield checked.breach(None, words, place=(path, line))
