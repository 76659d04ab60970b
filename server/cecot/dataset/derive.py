"""What follows from the claims: by the queries in ``ontology/derive/``, and as sentences.

Oxigraph does not infer. What follows is never written in ``graph/``: it is derived when the rooms
are read. Every query (SPARQL 1.1, 16.2) runs over the default graph, round after round, until
nothing new comes. Then each claim becomes a sentence, with its status and its speaker
(``cecot:statement``), in each language that the program has, by ``cecot.sentences``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, QueryTriples, Store, Triple

from cecot.dates import readable_date
from cecot.errors import QuerySyntaxError, UsageError
from cecot.locale.catalogue import locales
from cecot.rdf.reading import decoded, read_bytes
from cecot.rdf.terms import Term, iri_of, local_name
from cecot.rooms import Rooms
from cecot.sentences import PLAIN, figure, fill, limited, listed, sentence
from cecot.sparql.diagnostics import explain
from cecot.sparql.lexer import decode, tokens
from cecot.vocabulary import CECOT, DCTERMS, RDF, RDFS, SKOS

ROUNDS = 100


def derive(store: Store, rooms: Rooms) -> list[Triple]:
    """Add to the default graph of ``store`` what follows from it, and return what was not there.

    Raises what ``derive_in_place`` raises.
    """
    derived = derive_facts(store, rooms)
    sentences = [quad for quad in statements(store) if quad not in store]
    store.bulk_extend(sentences)
    return derived + [quad.triple for quad in sentences]


def derive_facts(store: Store, rooms: Rooms) -> list[Triple]:
    """The same but for the sentences, which are made for readers."""
    before = set(store)
    derive_in_place(store, rooms)
    return [quad.triple for quad in store if quad not in before]


def derive_in_place(store: Store, rooms: Rooms) -> None:
    """Do the same but for sentences, and return nothing: no triple becomes a Python object.

    Raises QuerySyntaxError if a file holds no CONSTRUCT query, UsageError if there is no end.
    """
    queries = [(path, decoded(read_bytes(path), str(path))) for path in rooms.derive_files()]
    size = len(store)
    for _ in range(ROUNDS):
        for path, text in queries:
            _results(Store(), text, path)
            try:
                store.update(_insertion(text))
            except SyntaxError:  # FROM, LIMIT and the short form stand in queries alone
                store.bulk_extend(Quad(*triple) for triple in _results(store, text, path))
        before, size = size, len(store)
        if size == before:
            return
    raise UsageError(
        f"The derivations go on for more than {ROUNDS} rounds.",
        hint="A query in ontology/derive/ that makes a new node each time never ends.",
        where=str(rooms.ontology / "derive"),
    )


def _insertion(query: str) -> str:
    """The update that adds what ``query`` constructs."""
    words = (each for each in tokens(query) if each.text.upper() == "CONSTRUCT")
    start = next((each.start for each in words), len(query))
    return f"{query[:start]}INSERT{query[start + len('CONSTRUCT') :]}"


def _results(store: Store, text: str, path: Path) -> QueryTriples:
    try:
        results = store.query(text)
    except SyntaxError as error:
        explained = explain(decode(text), str(error), {})
        explained.where = str(path)
        raise explained from None
    if not isinstance(results, QueryTriples):
        raise QuerySyntaxError(
            "A derivation is a CONSTRUCT query.",
            hint="Write CONSTRUCT { what follows } WHERE { from what }.",
            where=str(path),
        )
    return results


_PARTS = {"subject": RDF.subject, "predicate": RDF.predicate, "object": RDF.object}
_LABELS = (RDFS.label, SKOS.prefLabel, DCTERMS.title, CECOT.asWritten, SKOS.notation)


def statements(store: Store) -> Iterator[Quad]:
    """The sentences of all claims in the default graph of ``store``."""
    said = NamedNode(CECOT.statement)
    telling = _Telling(store)
    for quad in store.quads_for_pattern(None, NamedNode(CECOT.modality), None, DefaultGraph()):
        claim, status = quad.subject, quad.object
        if isinstance(claim, NamedNode) and isinstance(status, NamedNode):
            for language in locales():
                words = telling.sentence(claim, status, language)
                yield Quad(claim, said, Literal(words, language=language), DefaultGraph())


class _Telling:
    """Reads the parts of sentences out of a store."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def sentence(
        self, claim: NamedNode, status: Term, language: str, within: frozenset[Term] = frozenset()
    ) -> str:
        """``claim`` as a sentence; ``within`` are those whose sentences it is told in."""
        hedge, moment, readings = (
            self.text(NamedNode(each), CECOT.phrase, language)
            for each in (CECOT.hedge, CECOT.asOf, CECOT.readings)
        )
        as_of = [self.written(each, language) for each in self.objects(claim, CECOT.asOf)]
        return sentence(
            self.said(claim, language, within),
            status=self.label(status, language),
            status_phrase=self.text(status, CECOT.phrase, language),
            speakers=[self.label(each, language) for each in self.objects(claim, CECOT.statedBy)],
            limits=limited(
                (self.text(claim, CECOT.hedge, language), hedge),
                (listed(as_of, language), moment),
                (bool(self.literals(claim, CECOT.readings)), readings),
            ),
            language=language,
        )

    def said(self, claim: NamedNode, language: str, within: frozenset[Term] = frozenset()) -> str:
        """What it says: our own line, its triple, what is quoted or alleged, what it answers."""
        if own := self.text(claim, DCTERMS.description, language):
            return own.rstrip(".")
        parts = {
            name: next(iter(self.objects(claim, predicate)), None)
            for name, predicate in _PARTS.items()
        }
        predicate = parts["predicate"]
        if predicate is not None and all(part is not None for part in parts.values()):
            phrase = self.text(predicate, CECOT.phrase, language) or PLAIN
            written = {
                name: self.written(part, language)
                for name, part in parts.items()
                if part is not None
            }
            return "".join(fill(phrase, written)).rstrip(".")
        if quoted := self.text(claim, CECOT.quotedText, language):
            return quoted.rstrip(".")
        acts = [self.label(each, language) for each in self.objects(claim, CECOT.allegedAct)]
        found = (
            listed(acts, language)
            or self.text(claim, CECOT.exact, language)
            or self.answered(claim, language, within | {claim})
        )
        return (found or self.label(claim, language)).rstrip(".")

    def answered(self, claim: NamedNode, language: str, within: frozenset[Term]) -> str:
        """What ``claim`` does to the claim that it answers, and that one as a sentence."""
        first = next(iter(self.objects(claim, CECOT.respondsTo)), None)
        if not isinstance(first, NamedNode) or first in within:
            return ""
        status = next(iter(self.objects(first, CECOT.modality)), first)
        act = [self.label(each, language) for each in self.objects(claim, CECOT.saying)[:1]]
        return ": ".join([*act, self.sentence(first, status, language, within)])

    def written(self, term: Term, language: str) -> str:
        """A name; of a figure or a date what is written, what limits it, what it is besides."""
        written = _read_in(self.literals(term, CECOT.asWritten), language)
        if not written:
            return self.label(term, language)
        words, own = written[0].value, written[0].language or ""
        edtf = next((each.value for each in self.literals(term, CECOT.edtf)), "")
        if edtf and own != language and words == readable_date(edtf, own):
            words = readable_date(edtf, language)
        limits = _read_in(self.literals(term, CECOT.qualifier), language)
        same = self.objects(term, CECOT.sameQuantityAs)
        return figure(
            words,
            (each.value for each in limits),
            (self.text(each, CECOT.asWritten, language) for each in same),
        )

    def label(self, term: Term, language: str) -> str:
        """The name of ``term``; at last the end of its IRI."""
        if isinstance(term, Literal):
            return term.value
        for predicate in _LABELS:
            if words := self.text(term, predicate, language):
                return words
        return local_name(iri_of(term))

    def text(self, term: Term, predicate: str, language: str) -> str:
        found = _read_in(self.literals(term, predicate), language)
        return found[0].value if found else ""

    def literals(self, term: Term, predicate: str) -> list[Literal]:
        return [each for each in self.objects(term, predicate) if isinstance(each, Literal)]

    def objects(self, term: Term, predicate: str) -> list[Term]:
        """The objects of ``term``, in the order of their terms."""
        if isinstance(term, Literal):
            return []
        quads = self.store.quads_for_pattern(term, NamedNode(predicate), None, DefaultGraph())
        return sorted((quad.object for quad in quads), key=str)


def _read_in(found: Iterable[Literal], language: str) -> list[Literal]:
    """Those in ``language``; else those without one, in English, in whatever comes first."""
    ordered = sorted(found, key=lambda each: (each.language or "", each.value))
    for wanted in (language, "", "en", (ordered[0].language or "") if ordered else ""):
        fits = [each for each in ordered if (each.language or "").split("-")[0] == wanted]
        if fits:
            return fits
    return []
