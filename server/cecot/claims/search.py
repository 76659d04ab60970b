"""Search over names, descriptions, quotations and what editors note of a passage.

What is found in a claim is shown as the claim, with its status and its speaker; so is what is found
in a figure or a date, which says nothing without the claim that gives it. A claim is found by what
it names, too, as in the table of claims.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode

from cecot.claims.claim import Claim, claim_of
from cecot.claims.nodes import Node, Place, Reader, Text
from cecot.claims.silence import Silence, silences_in
from cecot.claims.subgraph import fetch, query
from cecot.claims.words import Words
from cecot.dataset.questions import Question
from cecot.engine import Engine
from cecot.rdf.terms import iri_of
from cecot.sparql.asking import Binding, Row, bound, select
from cecot.vocabulary import CECOT, DCTERMS, FOAF, RDFS, SCHEMA, SKOS

MOST_TEXTS = 1500
"""Texts in which a word is found that are looked at; of a common word there are more."""

MOST_CLAIMS = 60
"""Claims that are read for one search."""

MOST_SILENT = 20
"""Things, and properties, that are looked at for what no text says of them."""

ENOUGH = 20
"""Things with all words in one text, below which single words are looked for too."""

_NAMES = (
    RDFS.label, SKOS.altLabel, SKOS.hiddenLabel, SKOS.notation, FOAF.name, SCHEMA.name,
    DCTERMS.title, CECOT.name, CECOT.abbreviation,
)  # fmt: skip
_TEXTS = (
    *_NAMES, RDFS.comment, SKOS.definition, DCTERMS.description, CECOT.jobTitle,
    CECOT.quotedText, CECOT.exact, CECOT.asWritten, CECOT.gloss, CECOT.edtf,
)  # fmt: skip
_NAMING = set(_NAMES)
_NOTE = SKOS.editorialNote
NAMES = tuple(NamedNode(each) for each in _NAMES)
"""The properties by which things are called something."""

TEXTS = tuple(NamedNode(each) for each in _TEXTS)
"""The properties in whose texts words are found."""

_SEARCHED = (*TEXTS, NamedNode(_NOTE))

_WORDED = (
    "{{ SELECT DISTINCT ?claim {{ VALUES ?has{n} {{ $properties }} ?found{n} ?has{n} ?text{n} . "
    'FILTER (REGEX(STR(?text{n}), $word{n}, "i")) '
    "?claim (rdf:subject|rdf:predicate|rdf:object|cecot:statedBy|cecot:about|cecot:accused|"
    "cecot:allegedVictim|cecot:allegedAct|cecot:allegedQuantity|cecot:aboutPolicy|cecot:saidIn)? "
    "?found{n} . ?claim cecot:modality ?any{n} . }} }}"
)
"""A word that stands in a text of the claim, or in the name of a part of it: however often it does,
the claim comes once, or several words would multiply."""


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found: a thing by the text in which the words stand, or a claim.

    ``words`` says how many of the words were found; of a passage ``place`` is where it stands.
    """

    node: Node
    text: Text
    claim: Claim | None
    words: int
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Results:
    """What a search found, the best first; ``classes`` counts the things by their class.

    ``silences`` are the things and properties that have the words together, where no claim gives
    the one to the other; ``notes`` the passages in whose notes the words stand: what editors left
    out, and why. ``total`` is how many claims there are, ``claims`` the first of them.
    ``is_partial``: nothing has all the words; ``missing`` are those that nothing has at all.
    ``more``: there are more than were looked at.
    """

    things: tuple[Hit, ...]
    claims: tuple[Hit, ...]
    classes: tuple[tuple[Node, int], ...]
    is_partial: bool = False
    missing: tuple[str, ...] = ()
    more: bool = False
    silences: tuple[Silence, ...] = ()
    notes: tuple[Hit, ...] = ()
    total: int = 0

    @property
    def is_scant(self) -> bool:
        """Whether nothing was found that has all the words."""
        return self.is_partial or not (self.things or self.claims or self.silences or self.notes)


def search(
    engine: Engine, words: Words, type_: NamedNode | None = None, language: str = "en"
) -> Results:
    """Whatever has the words, or as many of them as anything has; only of one class if asked.

    Of several texts that have them, that of a reader of ``language`` is told. Raises what the
    engine raises.
    """
    if not words.all:
        return Results((), (), ())
    rows = find_texts(engine, words)
    more = len(rows) == MOST_TEXTS
    if len(words.all) > 1 and len({row["thing"] for row in rows}) < ENOUGH:
        rows = [*rows, *find_texts(engine, words, joined="||")]
    texts = _by_thing(rows)
    told = sorted(texts, key=lambda thing: (_rank(words, texts[thing]), thing.value))[
        : MOST_TEXTS // 3
    ]
    named = [each for each in told if _names_in(texts[each])]
    found_by, spoken = _claims(engine, words, {each: texts[each] for each in told}, named)
    things = [thing for thing in told if thing not in spoken]
    worded = find_worded(engine, words) if told else {}
    first = [each for each, found in found_by.items() if found.is_direct and each in worded]
    chosen = [*dict.fromkeys((*first, *worded, *found_by))][:MOST_CLAIMS]
    unread = [kinds for each, kinds in worded.items() if each not in chosen]
    noted = [each for each in things if {*texts[each].values()} == {_NOTE}]
    silent = () if type_ else tuple(each for each in named if each in things)[:MOST_SILENT]
    found = fetch(
        engine,
        *("claims", "silences", "silences-elsewhere", "places"),
        mentioned=things,
        values={"chosen": chosen, "things": silent, "noted": noted},
    )
    reader = Reader(found)
    views = _views(reader, words, chosen, found_by, worded)
    found_in = {each: _thing(reader.node(each), words, texts[each], language) for each in things}
    notes = [replace(found_in[each], place=reader.place(each)) for each in noted]
    hits = [hit for each, hit in found_in.items() if each not in noted]
    silences = _silences(reader, silent, words, texts)
    most = max((hit.words for hit in (*notes, *hits, *views)), default=0)
    best, said, left_out = ([h for h in each if h.words == most] for each in (hits, views, notes))
    shown = tuple(hit for hit in said if type_ is None or type_.value in hit.node.types)
    is_partial = 0 < most < len(words.all) and not silences
    return Results(
        tuple(hit for hit in best if type_ is None or type_.value in hit.node.types),
        shown,
        _classes(reader, (*best, *said), unread),
        is_partial=is_partial,
        missing=_missing(words, texts) if is_partial and len(rows) < MOST_TEXTS else (),
        more=more,
        silences=silences,
        notes=() if type_ else tuple(left_out),
        total=len(shown) + (0 if type_ else len(unread)),
    )


def matching(
    questions: Iterable[Question],
    words: Words,
    answers: Mapping[str, Iterable[str]],
    *,
    some: bool = False,
) -> list[Question]:
    """The questions that have all the words, in whatever language; the closest first.

    They stand in its title, or in one of its ``answers``, which come by its name. ``some``: those
    that have any of the words, or are about one by their tags.
    """
    found = []
    for question in questions:
        titles = [*question.titles.values()]
        tags = question.tags if some else ()
        begun, full = words.found_in([*titles, *answers.get(question.slug, ()), *tags])
        if begun and (some or begun == len(words.all)):
            rank = (-begun, -words.found_in(titles)[0], -full, question.number)
            found.append((rank, question))
    return [question for _, question in sorted(found, key=lambda each: each[0])]


def query_of(words: Words) -> str:
    """A query that a reader can run and change: the texts that have all the words."""
    return bound(*_finding(words)) + "\n" if words.all else ""


def find_texts(
    engine: Engine, words: Words, properties: Binding = _SEARCHED, joined: str = "&&"
) -> list[Row]:
    """The texts by ``properties`` that have all ``words`` (``||``: one of them).

    Raises what the engine raises.
    """
    text, values = _finding(words, properties, joined)
    return select(engine, text, **values)


def _finding(
    words: Words, properties: Binding = _SEARCHED, joined: str = "&&"
) -> tuple[str, dict[str, Binding]]:
    """The query that finds texts, and what stands in its places."""
    patterns = {f"pattern{n}": Literal(each) for n, each in enumerate(words.patterns())}
    tests = f" {joined} ".join(f'REGEX(STR(?text), ${name}, "i")' for name in patterns)
    values: dict[str, Binding] = {**patterns, "properties": properties, "most": MOST_TEXTS}
    return query("texts-found").replace("$tests", tests), values


def worded(words: Words) -> tuple[str, dict[str, Binding]]:
    """The graph pattern of every ``?claim`` that has all ``words``, and what stands in its places.

    They stand in its texts, or in the names of its parts.
    """
    values: dict[str, Binding] = {
        f"word{n}": Literal(each) for n, each in enumerate(words.patterns())
    }
    pattern = "\n  ".join(_WORDED.format(n=n) for n in range(len(values)))
    return pattern, values | ({"properties": TEXTS} if values else {})


def find_worded(engine: Engine, words: Words) -> dict[NamedNode, set[str]]:
    """The claims that have all ``words``, as the table of claims finds them, with their classes."""
    pattern, values = worded(words)
    text = query("claims-worded").replace("FILTER($pattern)", pattern)
    found: dict[NamedNode, set[str]] = {}
    for row in select(engine, text, most=MOST_TEXTS, **values):
        if isinstance(claim := row["claim"], NamedNode):
            found.setdefault(claim, set()).add(iri_of(row["type"]))
    return found


def _by_thing(rows: Iterable[Row]) -> dict[NamedNode, dict[Text, str]]:
    """The texts found, each with its property, by what they are texts of."""
    found: dict[NamedNode, dict[Text, str]] = {}
    for row in rows:
        thing, text = row["thing"], row["text"]
        if isinstance(thing, NamedNode) and isinstance(text, Literal):
            told = Text(text.value, text.language or "")
            found.setdefault(thing, {})[told] = iri_of(row["p"])
    return found


def _missing(words: Words, texts: Mapping[NamedNode, Iterable[Text]]) -> tuple[str, ...]:
    """The words that none of ``texts`` has."""
    every = [text.value for each in texts.values() for text in each]
    return tuple(word for word in words.all if not words.alone(word).found_in(every)[0])


def _rank(words: Words, texts: Mapping[Text, str]) -> tuple[int, int, int, int]:
    """The less, the better: words found, words found in full, whether in a name, how short."""
    begun, full = words.found_in(text.value for text in texts)
    named = _names_in(texts)
    shortest = min(len(text.value) for text in named or texts)
    return (-begun, -full, not named, shortest)


def _names_in(texts: Mapping[Text, str]) -> list[Text]:
    return [text for text, predicate in texts.items() if predicate in _NAMING]


def _thing(node: Node, words: Words, texts: Mapping[Text, str], language: str) -> Hit:
    def rank(text: Text) -> tuple[int, int, bool, bool, str]:
        is_read = text.language == language
        return (*words.found_in([text.value]), texts[text] in _NAMING, is_read, text.value)

    begun, _ = words.found_in(text.value for text in texts)
    return Hit(node, max(texts, key=rank), None, begun)


class _Found(NamedTuple):
    """By which texts a claim was found, and whether they are its own or its figure's."""

    is_direct: bool
    texts: dict[Text, str]


def _claims(
    engine: Engine,
    words: Words,
    texts: Mapping[NamedNode, Mapping[Text, str]],
    named: list[NamedNode],
) -> tuple[dict[NamedNode, _Found], set[NamedNode]]:
    """The claims by which what has ``texts`` is told, and the things for which one of them stands.

    A property tells nothing by itself, nor does a date: what is said by it, what is told of an
    event of that day, is what somebody looks for. Such a claim stands beside the thing.
    """
    if not texts:
        return {}, set()
    things = [*texts]
    rows = select(engine, query("claims-found"), things=things, named=named, most=MOST_CLAIMS)
    if words.has_time:
        rows += select(engine, query("claims-of-that-time"), things=things, most=4 * MOST_CLAIMS)
    found: dict[NamedNode, _Found] = {}
    spoken: set[NamedNode] = set()
    for row in sorted(rows, key=_is_beside):
        thing, claim, is_direct = row["thing"], row["claim"], not _is_beside(row)
        if isinstance(thing, NamedNode) and isinstance(claim, NamedNode):
            found.setdefault(claim, _Found(is_direct, {})).texts.update(texts[thing])
            if is_direct:
                spoken.add(thing)
    return found, spoken


def _is_beside(row: Row) -> bool:
    beside = row.get("beside")
    return not (isinstance(beside, Literal) and beside.value == "0")


def _views(
    reader: Reader,
    words: Words,
    chosen: Iterable[NamedNode],
    found_by: Mapping[NamedNode, _Found],
    worded: Collection[NamedNode],
) -> list[Hit]:
    """The claims ``chosen``, by all that a reader reads in them: labels and status too.

    Those that stand for what was found come before those that stand beside it or only name it.
    """
    nothing = _Found(False, {})
    hits = []
    for each in chosen:
        if view := claim_of(reader, each):
            is_direct, told = found_by.get(each, nothing)
            begun, _ = words.found_in([*_read(view), *(text.value for text in told)])
            count = len(words.all) if each in worded else begun
            text = next(iter(told), Text(""))
            hits.append((-count, not is_direct, view.order, Hit(view.node, text, view, count)))
    return [hit for *_, hit in sorted(hits, key=lambda each: each[:3])]


def _silences(
    reader: Reader,
    things: Iterable[NamedNode],
    words: Words,
    texts: Mapping[NamedNode, Mapping[Text, str]],
) -> tuple[Silence, ...]:
    """What is asked of a thing by the name of a property that is listed as not stated of it."""

    def has_all(each: Silence) -> bool:
        asked = texts.get(NamedNode(each.property_.iri), {})
        named = _names_in(texts[NamedNode(each.thing.iri)])
        found = words.found_in(text.value for text in (*asked, *named))[0]
        return bool(asked) and found == len(words.all)

    return tuple(filter(has_all, silences_in(reader, things)))


def _read(claim: Claim) -> list[str]:
    """The words of a claim as a page shows it."""
    nodes = [claim.modality, claim.subject, claim.predicate, claim.object]
    nodes += [*claim.speakers, *claim.accused, *claim.victims, *claim.acts, *claim.policies]
    nodes += [*claim.about, *claim.saying]
    labels = [text.value for node in nodes if node for text in node.labels]
    texts = (*claim.description, *claim.quoted, *claim.exact, *claim.speech_act)
    return [*labels, *(text.value for text in texts)]


def _classes(
    reader: Reader, hits: Iterable[Hit], unread: Iterable[Iterable[str]]
) -> tuple[tuple[Node, int], ...]:
    """How many there are of each class: of what was found, and of claims known by that alone."""
    types = chain((hit.node.types for hit in hits), unread)
    counts = Counter(kind for each in types for kind in reader.kinds(each))
    return tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0].iri)))
