"""Things by what people write of their names: in an address, mistyped, or begun in the editor.

Short names are ``cecot``, ``cecot:jobTitle``. What is begun is found by the beginnings of its
words, in whatever language, and by its initials (HRW).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property

from pyoxigraph import Literal, NamedNode

from cecot.claims.nodes import Node, Reader, Texts, gathered, read_nodes, texts_of
from cecot.claims.search import NAMES, find_texts, find_worded
from cecot.claims.subgraph import fetch, query
from cecot.claims.words import Words, accented, folded, words_in, words_of, written_words
from cecot.dataset.content import Names
from cecot.dataset.description import Description
from cecot.engine import Engine
from cecot.errors import BadRequest
from cecot.messages import say
from cecot.rdf.terms import iri_of, local_name, slips
from cecot.sparql.asking import Row, select, select_iris
from cecot.vocabulary import CECOT, STATUSES


def named(names: Names, text: str, where: str) -> NamedNode:
    """The thing that ``text`` names: an IRI, a prefixed name, or the end of an IRI of ours.

    Raises BadRequest, which names the parameter ``where``, for what can be no IRI.
    """
    prefix, colon, local = text.partition(":")
    if colon and prefix in names.prefixes and not local.startswith("//"):
        iri = names.prefixes[prefix] + local
    else:
        iri = text if colon else names.namespace + text
    try:
        return NamedNode(iri)
    except ValueError:
        raise BadRequest(
            say("{text!r} names nothing.", text=text[:200]),
            hint=say(
                "Write an IRI, a name with a prefix, or the last part of an IRI of this graph."
            ),
            where=where,
        ) from None


def named_status(names: Names, text: str, where: str) -> NamedNode:
    """The status that ``text`` names: ``alleged``, or what ``named`` reads."""
    if text.isascii() and text.isalpha():
        return NamedNode(CECOT[text.capitalize()])
    return named(names, text, where)


def labelled(engine: Engine, text: str) -> NamedNode | None:
    """The first thing that is called ``text``, in whatever language; None if nothing is.

    Raises what the engine raises.
    """
    found = select_iris(engine, query("labelled"), "thing", words=Literal(text.casefold()))
    return next(iter(found), None)


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a name that somebody wrote means: ``thing``, and the ``others`` that it may mean.

    ``is_guess``: nothing is called exactly so, or several things are.
    """

    thing: NamedNode
    others: tuple[NamedNode, ...] = ()
    is_guess: bool = False


_CALLED, _INITIALS_OF, _IN_WORDS, _BEGUN = range(4)


def meaning_of(engine: Engine, text: str, counts: Mapping[NamedNode, int]) -> Meaning | None:
    """What ``text`` may mean as people write it: with or without accents, a part of a name.

    What is called so comes first (an abbreviation or another name too), then that of which it is
    the initials, then what has its words in a name, then what has them begun. Among equals that
    with most claims comes first (``counts``), then the shortest name. What has no claim is meant
    only where nothing that has one is. None if nothing is. Raises what the engine raises.
    """
    whole = " ".join(words_in(text))
    if not whole:
        return None
    ranked: dict[NamedNode, tuple[int, int]] = {}

    def keep(thing: NamedNode, rank: tuple[int, int]) -> None:
        ranked[thing] = min(rank, ranked.get(thing, rank))

    for name, thing in _names_in(find_texts(engine, words_of(text), NAMES), "text"):
        if (rank := _rank_of(whole, name.value)) is not None:
            keep(thing, (rank, len(name.value)))
    if not any(rank == _CALLED for rank, _ in ranked.values()):
        for thing in _with_initials(engine, whole):
            keep(thing, (_INITIALS_OF, 0))
    best = min((rank for rank, _ in ranked.values()), default=_BEGUN)
    if best <= _INITIALS_OF:
        ranked = {thing: rank for thing, rank in ranked.items() if rank[0] == best}
    if any(thing in counts for thing in ranked):
        ranked = {thing: rank for thing, rank in ranked.items() if thing in counts}
    found = sorted(
        ranked, key=lambda each: (ranked[each][0], -counts.get(each, 0), ranked[each], each.value)
    )
    if not found:
        return None
    first, *others = found
    return Meaning(first, tuple(others[:MOST_MEANT]), bool(others) or best != _CALLED)


def _rank_of(whole: str, name: str) -> int | None:
    """How well ``whole``, words with a space between, fits ``name``; None if it does not."""
    asked, own = whole.split(), words_in(name)
    if asked == own:
        return _CALLED
    if all(each in own for each in asked):
        return _IN_WORDS
    if all(any(each.startswith(word) for each in own) for word in asked):
        return _BEGUN
    return None


def _with_initials(engine: Engine, word: str) -> list[NamedNode]:
    """Things of whose names ``word`` is the initials; the engine looks, for there may be many."""
    if not (word.isalpha() and len(word) <= MOST_INITIALS):
        return []
    capitals = r".*\s".join(accented(letter).upper() for letter in word)
    rows = select(
        engine,
        query("initials"),
        properties=NAMES,
        capitals=Literal(rf"(^|\s){capitals}"),
        most=MOST_NAMES,
    )
    return [thing for name, thing in _names_in(rows) if are_initials(word, name.value)]


def short_name(names: Names, iri: str) -> str:
    """The shortest text that ``named`` reads as ``iri`` (a status: ``named_status``)."""
    status = iri.removeprefix(str(CECOT))
    if status in STATUSES:
        return status.lower()
    slug = iri.removeprefix(names.namespace)
    if slug and slug != iri and ":" not in slug:
        return slug
    found = names.prefixes.split(iri)
    return f"{found[0]}:{found[1]}" if found else iri


MOST_NAMES = 20_000
"""Names that are compared: enough for thousands of things, and done within a second."""

MOST_NEAR = 5
MOST_INITIALS = 10
"""Letters of a word that may be the initials of a name."""

MOST_MEANT = 8
"""Other things that a name may mean which are offered."""
_LIKENESS = 0.75
"""How alike two words are that may be one mistyped (difflib): "buekle" and "bukele" are 0.83."""

_SHORT, _LONG = 4, 8
"""Letters beyond which a word may have a slip, and two."""

_INITIALS = 2
_LONGEST = 100


@dataclass(frozen=True, slots=True)
class Near:
    """``spellings`` are other words to search for, ``things`` what the words are initials of."""

    spellings: tuple[str, ...] = ()
    things: tuple[Node, ...] = ()


def find_near(engine: Engine, words: Words, language: str) -> Near:
    """What is written nearly as ``words``, as it is written, words of ``language`` first.

    Raises what the engine raises.
    """
    names = names_of_things(engine)
    known = _Vocabulary((name for name, _ in names), language)
    offered = {
        word: near
        for word in words.all
        if word not in known.written and not word.isdecimal() and (near := known.near(word))
    }
    # One spelling of each word after the other; of a word with fewer of them the last one stays.
    written = [offered.get(word) or [known.written.get(word, word)] for word in words.all]
    most = max(map(len, offered.values()), default=0)
    spellings = [
        " ".join(each[min(place, len(each) - 1)] for each in written) for place in range(most)
    ]
    meant = {
        thing: None for name, thing in names for word in words.all if are_initials(word, name.value)
    }
    things = read_nodes(engine, [*meant][:MOST_NEAR])
    # Words that stand in no text together are no phrase, and lead nowhere.
    sought = dict.fromkeys(
        each
        for each in spellings
        if len(words.all) == 1
        or find_texts(engine, words_of(each))
        or find_worded(engine, words_of(each))
    )
    return Near(tuple(sought)[:MOST_NEAR], tuple(things))


class _Vocabulary:
    """The words of names: ``written`` has each as it is written most plainly, by its folded form.

    A name in another language than ``language`` is read after those that a reader understands.
    """

    def __init__(self, names: Iterable[Literal], language: str) -> None:
        self.written: dict[str, str] = {}
        self._own: set[str] = set()
        for name in names:
            for word in written_words(name.value):
                key = folded(word)
                # A name begins with a capital; the word itself may have none.
                self.written[key] = max(word, self.written.get(key, word))
                if name.language in (language, None):
                    self._own.add(key)

    def near(self, word: str) -> list[str]:
        """The words of the reader's language that are written nearly as ``word``."""
        alike = get_close_matches(word, sorted(self._own), MOST_NEAR, _LIKENESS)
        return [self.written[each] for each in alike if _is_slip(word, each)]


def _is_slip(asked: str, meant: str) -> bool:
    """Whether ``asked`` may be ``meant``, mistyped: one letter is wrong, of a long word two.

    Of a short word nothing is guessed but that two letters are in each other's place.
    """
    return slips(asked, meant) <= (len(asked) > _SHORT) + (len(asked) > _LONG)


def near_things(engine: Engine, text: str) -> list[Node]:
    """Things whose names, or ends of whose IRIs, are written nearly as ``text``, the nearest first.

    Raises what the engine raises.
    """
    asked = folded(text).replace("-", " ").strip()[:_LONGEST]
    known: dict[str, NamedNode] = {}
    for name, thing in names_of_things(engine):
        for each in (name.value, local_name(thing.value)):
            known.setdefault(folded(each).replace("-", " "), thing)
    found = get_close_matches(asked, known, MOST_NEAR, _LIKENESS) if asked else []
    return read_nodes(engine, dict.fromkeys(known[each] for each in found))


def names_of_things(engine: Engine) -> list[tuple[Literal, NamedNode]]:
    """What things are called, as many as can be compared. Raises what the engine raises."""
    rows = select(engine, query("names-of-things"), properties=NAMES, most=MOST_NAMES)
    return _names_in(rows)


def _names_in(rows: Iterable[Row], column: str = "name") -> list[tuple[Literal, NamedNode]]:
    """The names in a column of rows, each with what is called so."""
    return [
        (name, thing)
        for row in rows
        if isinstance(name := row[column], Literal) and isinstance(thing := row["thing"], NamedNode)
    ]


def are_initials(word: str, name: str) -> bool:
    """Whether ``word``, folded, is the first letters of the capitalised words of ``name``."""
    parts = [each[0] for each in name.split() if each[:1].isupper()]
    return len(word) > _INITIALS and folded("".join(parts)) == word


MOST = 5000
"""Terms of one kind that are offered, the most used first."""

MOST_VALUES = 1000
"""Values of one property that are looked at, the most frequent first."""

MOST_OFFERED = 40
"""Things that are offered at once: more is no help to anybody who types."""

CLASS, PROPERTY = "class", "property"


@dataclass(frozen=True, slots=True)
class Completion:
    """A class or a property: ``uses`` is the number of its instances or of its triples."""

    iri: str
    kind: str
    label: str
    uses: int


@dataclass(frozen=True, slots=True)
class Offer:
    """A thing, its class, and the name by which it was found (empty if nothing was typed)."""

    node: Node
    kinds: tuple[Node, ...]
    name: str


def completions(engine: Engine, description: Description, language: str) -> list[Completion]:
    """What the graph uses and what it defines, with labels for a reader of ``language``.

    Sorted by IRI. Raises what the engine raises.
    """
    uses: dict[tuple[str, str], int] = {}
    for kind, counts in ((CLASS, description.classes), (PROPERTY, description.properties)):
        uses |= {(kind, iri): count for iri, count in counts.items()}
    for row in select(engine, query("terms")):
        named, term = row["kind"], row["term"]
        if isinstance(named, Literal) and isinstance(term, NamedNode):
            uses.setdefault((named.value, term.value), 0)
    offered = [*_most_used(uses, CLASS), *_most_used(uses, PROPERTY)]
    labels = _labels(engine, {iri for _, iri in offered})
    return [
        Completion(iri, kind, labels.get(iri, Texts()).first(language).value, uses[kind, iri])
        for kind, iri in sorted(offered, key=lambda each: each[1])
    ]


def _most_used(uses: dict[tuple[str, str], int], kind: str) -> list[tuple[str, str]]:
    found = [each for each in uses if each[0] == kind]
    return sorted(found, key=lambda each: (-uses[each], each[1]))[:MOST]


def _labels(engine: Engine, iris: Iterable[str]) -> dict[str, Texts]:
    nodes = [NamedNode(iri) for iri in sorted(iris)]
    rows = select(engine, query("labels"), terms=nodes) if nodes else []
    labels = gathered((iri_of(row["term"]), row["label"]) for row in rows)
    return {iri: texts_of(found) for iri, found in labels.items()}


class Completer:
    """The things of one graph by the words of their names; read once, when it is first asked."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @cached_property
    def _names(self) -> list[tuple[str, tuple[str, ...], NamedNode]]:
        """Each name, its words, and what is called so."""
        names = names_of_things(self._engine)
        return [(name.value, tuple(words_in(name.value)), thing) for name, thing in names]

    def find(self, typed: str, property_: NamedNode | None = None) -> list[Offer]:
        """Things whose names have words that begin as those ``typed`` do, the likeliest first.

        Values of ``property_`` alone, if there are some that fit: no other would find anything.
        Raises what the engine raises.
        """
        words = tuple(words_in(typed))
        values = self._values(property_) if property_ else {}
        if not words:
            return self._told(dict.fromkeys([*values][:MOST_OFFERED], ""))
        whole = folded(typed.strip())
        best: dict[NamedNode, tuple[tuple[int, int, str], str]] = {}
        for name, own, thing in self._names:
            how = _fit(words, whole, name, own)
            if how is None:
                continue
            rank = (how, len(name), name)
            if thing not in best or rank < best[thing][0]:
                best[thing] = (rank, name)
        ranked = sorted(best, key=lambda thing: (best[thing][0], thing.value))
        fitting = [thing for thing in ranked if thing in values] or ranked
        return self._told({thing: best[thing][1] for thing in fitting[:MOST_OFFERED]})

    def _values(self, property_: NamedNode) -> dict[NamedNode, None]:
        asked = query("values-of-property")
        return dict.fromkeys(
            select_iris(self._engine, asked, "value", property=property_, most=MOST_VALUES)
        )

    def _told(self, found: Mapping[NamedNode, str]) -> list[Offer]:
        reader = Reader(fetch(self._engine, mentioned=found))
        nodes = [(reader.node(thing), name) for thing, name in found.items()]
        return [Offer(node, reader.kinds(node.types), name) for node, name in nodes]


def _fit(words: tuple[str, ...], whole: str, name: str, own: tuple[str, ...]) -> int | None:
    """How well a name fits, 0 best: its beginning, its initials, the beginnings of its words."""
    if folded(name).startswith(whole):
        return 0
    if are_initials(whole, name):
        return 1
    if all(any(each.startswith(word) for each in own) for word in words):
        return 2
    return None
