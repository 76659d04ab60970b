"""What follows from the claims: by the queries in ``ontology/derive/``, and as sentences.

Oxigraph does not infer. What follows is never written in ``graph/``: it is derived when the rooms
are read. Every query (SPARQL 1.1, 16.2) runs over the default graph, round after round, until
nothing new comes. Then each claim becomes a sentence, with its status and its speaker
(``cecot:statement``), in each language that the program has, by ``cecot.sentences``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache, partial
from pathlib import Path

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, QueryTriples, Store

from cecot.dates import readable_date
from cecot.errors import QuerySyntaxError, UsageError
from cecot.rdf.reading import decoded, read_bytes
from cecot.rdf.terms import Term, iri_of, local_name
from cecot.rooms import Rooms
from cecot.sentences import (
    PLAIN,
    capitalized,
    figure,
    filled,
    glossed,
    limited,
    listed,
    read_in,
    sentence,
)
from cecot.sparql.diagnostics import explain
from cecot.sparql.lexer import decode, tokens
from cecot.vocabulary import CECOT, DCTERMS, LANGUAGES, RDF, RDFS, SKOS

ROUNDS = 100


def derive_in_place(store: Store, rooms: Rooms) -> None:
    """Add to the default graph of ``store`` what follows from it, but for sentences.

    No triple becomes a Python object. Raises QuerySyntaxError if a file holds no CONSTRUCT query,
    UsageError if there is no end.
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
    words = (each.start for each in tokens(query) if each.word == "CONSTRUCT")
    start = next(words, len(query))
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


Said = Mapping[str, list[Term]]
"""What the graph says of a term: by predicate, objects in the order of their terms."""

REMEMBERED = 4096
"""Terms of which it is remembered what the graph says: claims that follow each other share many."""


def statements(store: Store) -> Iterator[Quad]:
    """The sentences of all claims in the default graph of ``store``."""
    said = NamedNode(CECOT.statement)
    about = lru_cache(maxsize=REMEMBERED)(partial(_said_of, store))
    tellings = [Teller(about, language) for language in LANGUAGES]
    for quad in store.quads_for_pattern(None, NamedNode(CECOT.modality), None, DefaultGraph()):
        claim, status = quad.subject, quad.object
        if isinstance(claim, NamedNode) and isinstance(status, NamedNode):
            for telling in tellings:
                words = Literal(telling.sentence(claim, status), language=telling.language)
                yield Quad(claim, said, words, DefaultGraph())


def _said_of(store: Store, term: Term) -> Said:
    found: dict[str, list[Term]] = {}
    if not isinstance(term, Literal):
        for quad in store.quads_for_pattern(term, None, None, DefaultGraph()):
            found.setdefault(quad.predicate.value, []).append(quad.object)
    for objects in found.values():
        if len(objects) > 1:
            objects.sort(key=str)
    return found


class Teller:
    """Tells claims in one language, by what the graph says about them."""

    def __init__(self, about: Callable[[Term], Said], language: str) -> None:
        self.language = language
        self._about = about
        self._hedge, self._moment, self._readings = (
            self.text(about(NamedNode(each)), CECOT.phrase)
            for each in (CECOT.hedge, CECOT.asOf, CECOT.readings)
        )
        self.label = lru_cache(maxsize=REMEMBERED)(self._label)
        self.named = lru_cache(maxsize=REMEMBERED)(self._named)

    def sentence(
        self, claim: NamedNode, status: Term, within: frozenset[Term] = frozenset()
    ) -> str:
        """``claim`` as a sentence; ``within`` are those whose sentences it is told in."""
        said = self._about(claim)
        as_of = [self.named(each) for each in said.get(CECOT.asOf, ())]
        return sentence(
            self.said(claim, said, within),
            status=self.label(status),
            status_phrase=self.text(self._about(status), CECOT.phrase),
            speakers=[self.named(each) for each in said.get(CECOT.statedBy, ())],
            limits=limited(
                (self.text(said, CECOT.hedge), self._hedge),
                (listed(as_of, self.language), self._moment),
                (bool(_literals(said, CECOT.readings)), self._readings),
            ),
            language=self.language,
        )

    def said(self, claim: NamedNode, said: Said, within: frozenset[Term] = frozenset()) -> str:
        """What it says: our own line, its triple, what is quoted or alleged, what it answers."""
        if own := self.text(said, DCTERMS.description):
            return own.rstrip(".")
        parts = {
            name: said[predicate][0] for name, predicate in _PARTS.items() if predicate in said
        }
        if len(parts) == len(_PARTS):
            phrase = self.text(self._about(parts["predicate"]), CECOT.phrase) or PLAIN
            named = {name: self.named(part) for name, part in parts.items()}
            if gloss := self.gloss(said):
                named["object"] = glossed(named["object"], gloss, self.language)
            return filled(phrase, named, self.language).rstrip(".")
        if quoted := self.text(said, CECOT.quotedText):
            return quoted.rstrip(".")
        acts = [self.named(each) for each in said.get(CECOT.allegedAct, ())]
        found = (
            capitalized(listed(acts, self.language))
            or self.text(said, CECOT.exact)
            or self.answered(said, within | {claim})
        )
        return (found or self.label(claim)).rstrip(".")

    def answered(self, said: Said, within: frozenset[Term]) -> str:
        """What a claim does to the claim that it answers, and that one as a sentence."""
        first = next(iter(said.get(CECOT.respondsTo, ())), None)
        if not isinstance(first, NamedNode) or first in within:
            return ""
        status = next(iter(self._about(first).get(CECOT.modality, ())), first)
        act = [self.label(each) for each in said.get(CECOT.saying, ())[:1]]
        return ": ".join([*act, self.sentence(first, status, within)])

    def _named(self, term: Term) -> str:
        """What it is called within a sentence: "the gang crackdown"; a figure is written."""
        return self.own(self._about(term), CECOT.inSentence) or self.written(term)

    def written(self, term: Term) -> str:
        """A name; of a figure or a date what is written, what limits it, what it is besides."""
        said = self._about(term)
        written = read_in(_literals(said, CECOT.asWritten), self.language)
        if not written:
            return self.label(term)
        words, own = written[0].value, written[0].language or ""
        edtf = next((each.value for each in _literals(said, CECOT.edtf)), "")
        if edtf and own != self.language and words == readable_date(edtf, own):
            words = readable_date(edtf, self.language)
        gloss = self.gloss(said)
        limits = [] if gloss else read_in(_literals(said, CECOT.qualifier), self.language)
        same = said.get(CECOT.sameQuantityAs, ())
        return figure(
            gloss or words,
            (each.value for each in limits),
            (self.gloss(it) or self.text(it, CECOT.asWritten) for it in map(self._about, same)),
        )

    def gloss(self, said: Said) -> str:
        """Our translation into the language of the sentence; empty if there is none."""
        return self.own(said, CECOT.gloss)

    def own(self, said: Said, predicate: str) -> str:
        """The words in the language of the sentence itself, and in no other."""
        found = _literals(said, predicate)
        return next((each.value for each in found if each.language == self.language), "")

    def text(self, said: Said, predicate: str) -> str:
        """The first words that a reader of the language gets; empty if there are none."""
        found = read_in(_literals(said, predicate), self.language)
        return found[0].value if found else ""

    def _label(self, term: Term) -> str:
        """The name of ``term``; at last the end of its IRI."""
        if isinstance(term, Literal):
            return term.value
        said = self._about(term)
        for predicate in _LABELS:
            if words := self.text(said, predicate):
                return words
        return local_name(iri_of(term))


def _literals(said: Said, predicate: str) -> list[Literal]:
    """The words, sorted by language."""
    found = [each for each in said.get(predicate, ()) if isinstance(each, Literal)]
    if len(found) > 1:
        found.sort(key=lambda each: (each.language or "", each.value))
    return found
