"""Search over labels, aliases, descriptions and quotations (design: site).

What is found in a claim is shown as the claim, with its status and its speaker; so is what is found
in a figure or a date, which says nothing without the claim that gives it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from cecot.engine import Engine
from cecot.listing.search_words import Words
from cecot.material.questions import Question
from cecot.sparql.asking import Row, bound, select
from cecot.things.claim_views import ClaimView, read_claims
from cecot.things.gathering import gather_nodes, iri_of
from cecot.things.nodes import Node, Reader, Text
from cecot.vocabulary import CECOT, DCTERMS, FOAF, OA, RDF, RDFS, SCHEMA, SKOS

MOST_TEXTS = 1500
"""Texts in which a word is found that are looked at; of a common word there are more."""

MOST_CLAIMS = 60
"""Claims that are read for one search."""

ENOUGH = 20
"""Things with all words in one text, below which single words are looked for too."""

_NAMES = (
    RDFS.label, SKOS.altLabel, SKOS.notation, FOAF.name, SCHEMA.name, DCTERMS.title,
    CECOT.name, CECOT.abbreviation,
)  # fmt: skip
_TEXTS = (
    *_NAMES, RDFS.comment, SKOS.definition, DCTERMS.description, SCHEMA.jobTitle,
    CECOT.quotedText, OA.exact, CECOT.asWritten,
)  # fmt: skip
_NAMING = {str(each) for each in _NAMES}
_PROPERTIES = " ".join(f"<{each}>" for each in _TEXTS)
_FOUND = (
    f"SELECT ?thing ?p ?text {{{{ VALUES ?p {{{{ {_PROPERTIES} }}}} ?thing ?p ?text "
    f"{{filters}} }}}} LIMIT {MOST_TEXTS}"
)
_CLAIMS = f"""SELECT ?thing ?claim {{
  VALUES ?thing {{ $things }}
  {{ ?thing <{CECOT.modality}> ?modality BIND(?thing AS ?claim) }}
  UNION {{ ?claim <{RDF.object}>|<{CECOT.allegedQuantity}> ?thing }}
  UNION {{ ?value <{CECOT.sameQuantityAs}> ?thing .
    ?claim <{RDF.object}>|<{CECOT.allegedQuantity}> ?value }}
  FILTER EXISTS {{ ?thing <{CECOT.modality}>|<{CECOT.asWritten}> ?either }}
}}"""
_LISTED = "SELECT ?thing {{ ?thing a $type {rest} }} {order} LIMIT {size}"


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found: a thing by the text in which the words stand, or a claim.

    ``words`` says how many of the words were found.
    """

    node: Node
    text: Text
    claim: ClaimView | None
    words: int


@dataclass(frozen=True, slots=True)
class Results:
    """What a search found, the best first; ``classes`` counts the things by their class.

    ``is_partial``: no hit has all the words. ``more``: there are more than were looked at.
    """

    things: tuple[Hit, ...]
    claims: tuple[Hit, ...]
    classes: tuple[tuple[Node, int], ...]
    is_partial: bool = False
    more: bool = False


def search(engine: Engine, words: Words, type_: NamedNode | None = None) -> Results:
    """Whatever has the words, or as many of them as anything has; only of one class if asked.

    Raises what the engine raises.
    """
    if not words.all:
        return Results((), (), ())
    rows = _find(engine, words.patterns(), "&&")
    more = len(rows) == MOST_TEXTS
    if len(words.all) > 1 and len({row["thing"] for row in rows}) < ENOUGH:
        rows = [*rows, *_find(engine, words.patterns(), "||")]
    texts = _by_thing(rows)
    told = sorted(texts, key=lambda thing: _rank(words, texts[thing]))[: MOST_TEXTS // 3]
    claims = _claims(engine, told)
    views = _views(engine, words, texts, claims)
    reader = Reader(gather_nodes(engine, [thing for thing in told if thing not in claims]))
    things = [
        _thing(reader.node(thing), words, texts[thing]) for thing in told if thing not in claims
    ]
    most = max((hit.words for hit in (*things, *views)), default=0)
    best = [hit for hit in things if hit.words == most]
    said = [hit for hit in views if hit.words == most]
    return Results(
        tuple(hit for hit in best if type_ is None or type_.value in hit.node.types),
        tuple(hit for hit in said if type_ is None or type_.value in hit.node.types),
        _classes(engine, (*best, *said)),
        is_partial=0 < most < len(words.all),
        more=more,
    )


def matching(questions: Iterable[Question], words: Words) -> list[Question]:
    """The questions that have all the words, in whatever language; the closest first."""
    found = []
    for question in questions:
        titles = [*question.titles.values()]
        begun, full = words.found_in([*titles, *question.summaries.values()])
        if words.all and begun == len(words.all):
            found.append((-words.found_in(titles)[0], -full, question.number, question))
    return [question for *_, question in sorted(found, key=lambda each: each[:3])]


def list_class(
    engine: Engine, type_: NamedNode, size: int, after: str | None = None, *, ordered: bool = True
) -> tuple[list[Node], bool]:
    """The first things of a class after the IRI ``after``, by IRI; whether there are more.

    A class of very many things is better not ``ordered``. Raises what the engine raises.
    """
    query = _LISTED.format(
        rest="FILTER(STR(?thing) > $after)" if after else "",
        order="ORDER BY ?thing" if ordered else "",
        size=size + 1,
    )
    rows = select(engine, query, type=type_, **({"after": Literal(after)} if after else {}))
    found = [node for row in rows if isinstance(node := row["thing"], NamedNode)]
    reader = Reader(gather_nodes(engine, found[:size]))
    return [reader.node(each) for each in found[:size]], len(found) > size


def query_of(words: Words) -> str:
    """A query that a reader can run and change: the texts that have all the words."""
    return bound(*_finding(words.patterns(), "&&")) + "\n" if words.all else ""


def _find(engine: Engine, patterns: tuple[str, ...], joined: str) -> list[Row]:
    """The texts that have all of ``patterns`` (``&&``), or one of them (``||``)."""
    text, values = _finding(patterns, joined)
    return select(engine, text, **values)


def _finding(patterns: tuple[str, ...], joined: str) -> tuple[str, dict[str, Literal]]:
    tests = f" {joined} ".join(
        f'REGEX(STR(?text), $pattern{number}, "i")' for number in range(len(patterns))
    )
    values = {f"pattern{number}": Literal(each) for number, each in enumerate(patterns)}
    return _FOUND.format(filters=f"FILTER({tests})"), values


def _by_thing(rows: Iterable[Row]) -> dict[NamedNode, dict[Text, str]]:
    """The texts found, each with its property, by what they are texts of."""
    found: dict[NamedNode, dict[Text, str]] = {}
    for row in rows:
        thing, text = row["thing"], row["text"]
        if isinstance(thing, NamedNode) and isinstance(text, Literal):
            told = Text(text.value, text.language or "")
            found.setdefault(thing, {})[told] = iri_of(row["p"])
    return found


def _rank(words: Words, texts: Mapping[Text, str]) -> tuple[int, int, int, int]:
    """The less, the better: words found, words found in full, whether in a name, how short."""
    begun, full = words.found_in(text.value for text in texts)
    named = [text for text, predicate in texts.items() if predicate in _NAMING]
    shortest = min(len(text.value) for text in named or texts)
    return (-begun, -full, not named, shortest)


def _thing(node: Node, words: Words, texts: Mapping[Text, str]) -> Hit:
    best = max(
        texts, key=lambda text: (*words.found_in([text.value]), texts[text] in _NAMING, text.value)
    )
    return Hit(node, best, None, words.found_in(text.value for text in texts)[0])


def _claims(engine: Engine, things: Iterable[NamedNode]) -> dict[NamedNode, tuple[NamedNode, ...]]:
    """The claims that stand for what was found: it is one, or the figure or date of some."""
    claims: dict[NamedNode, tuple[NamedNode, ...]] = {}
    if things := tuple(things):
        for row in select(engine, _CLAIMS, things=things):
            thing, claim = row["thing"], row["claim"]
            if isinstance(thing, NamedNode) and isinstance(claim, NamedNode):
                claims[thing] = (*claims.get(thing, ()), claim)
    return claims


def _views(
    engine: Engine,
    words: Words,
    texts: Mapping[NamedNode, Mapping[Text, str]],
    claims: Mapping[NamedNode, tuple[NamedNode, ...]],
) -> list[Hit]:
    """The claims found, by all that a reader reads in them: labels and status too."""
    wanted = list(dict.fromkeys(claim for found in claims.values() for claim in found))
    found_in = {claim: thing for thing, found in claims.items() for claim in found}
    hits = []
    for view in read_claims(engine, wanted[:MOST_CLAIMS]):
        found = texts[found_in[NamedNode(view.iri)]]
        begun, _ = words.found_in([*_read(view), *(text.value for text in found)])
        hits.append(Hit(view.node, next(iter(found)), view, begun))
    return sorted(hits, key=lambda hit: (-hit.words, hit.claim.order if hit.claim else ()))


def _read(claim: ClaimView) -> list[str]:
    """The words of a claim as a page shows it."""
    nodes = [claim.modality, claim.subject, claim.predicate, claim.object]
    nodes += [*claim.speakers, *claim.accused, *claim.acts, *claim.policies, *claim.about]
    labels = [text.value for node in nodes if node for text in node.labels]
    texts = (*claim.description, *claim.quoted, *claim.exact, *claim.speech_act)
    return [*labels, *(text.value for text in texts)]


def _classes(engine: Engine, hits: Iterable[Hit]) -> tuple[tuple[Node, int], ...]:
    counts = Counter(iri for hit in hits for iri in hit.node.types)
    reader = Reader(gather_nodes(engine, map(NamedNode, counts)))
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple((reader.node(NamedNode(iri)), count) for iri, count in ordered)
