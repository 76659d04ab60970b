"""Why an answer may be empty, or lack something: unknown names, untagged strings, deviations.

A misspelt name is no error in SPARQL. It matches nothing, and an answer without a row reads as if
the graph said nothing of the matter.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property, partial

from pyoxigraph import Literal, NamedNode, parse

from cecot.engine import WHOLE, Answer, Dataset, Engine, Form, Query
from cecot.errors import CecotError
from cecot.messages import Message, say
from cecot.rdf.terms import iri_of, likest, local_name
from cecot.sparql.asking import select, select_iris
from cecot.sparql.deviations import Hint, find_deviations, may_deviate
from cecot.sparql.formats import UNREADABLE, graph_writer, result_format
from cecot.sparql.lexer import Mentions, mentions
from cecot.vocabulary import LANGUAGES, OWL, RDF, RDFS, XSD

SENTENCES: Mapping[str, Message] = {
    "unknown": say("{name} stands nowhere in this graph."),
    "meant": say("Did you mean {names}?"),
    "graph": say("There is no graph {name} here."),
    "elsewhere": say("{name} stands in a named graph alone: ask there, with GRAPH {graph}."),
    "outside": say("{name} stands in none of the graphs that this query asks."),
    "replaced": say("Where {name} stood in an earlier version, {by} stands now."),
    "untagged": say("The graph holds {text} with a language tag only: write {tagged}."),
    "path": say(
        "The graph has no node {term}. SPARQL gives a path of length zero from it to itself; this"
        " engine leaves it out."
    ),
    "alternatives": say(
        "Where two alternatives of the path {text} lead to the same node, this engine gives one row"
        " and SPARQL two. Write a UNION if the rows are counted."
    ),
    "pattern": say(
        "The engine cannot read the regular expression {text}, or reads it otherwise: it knows no"
        " back references, no lookaround, no class subtraction. What should"
        " match it is missing."
    ),
    "replacement": say(
        "The engine reads the replacement {text} otherwise than SPARQL: a letter after $1 belongs"
        " to its name (write {right}), and a backslash is a backslash."
    ),
    "aggregate": say(
        "{text} has no value in some row of this answer: one of the values that it puts together is"
        " missing or is of another kind. {cure} may help."
    ),
}
"""What is said to people of each kind of hint, by the name that the header has for it."""

HINTED_WITHIN = 1.0
"""Seconds of evaluation within which an answer is given hints."""

MOST = 5
"""Names of one query that are told of, and strings."""

MOST_LIKE = 3
"""Names that are offered in the place of one."""

_MOST_ASKED = 50
_MOST_COMPARED = 5000
_SHORTEST_PART = 4
_LONGEST_NAME = 500
_PARTS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[^\W\d_]+|\d+")
"""The words of a name: ``allegedVictim``, ``tall-fern``."""

_ABSENT = """SELECT ?name { VALUES ?name { $names }
  FILTER NOT EXISTS { ?name ?p ?o }
  FILTER NOT EXISTS { ?s ?name ?o }
  FILTER NOT EXISTS { ?s ?p ?name }
}"""
_ELSEWHERE = """SELECT ?name ?graph { VALUES ?name { $names } GRAPH ?graph {}
  FILTER(EXISTS { GRAPH ?graph { ?name ?p ?o } } || EXISTS { GRAPH ?graph { ?s ?name ?o } }
    || EXISTS { GRAPH ?graph { ?s ?p ?name } })
} ORDER BY ?name ?graph"""
_TAGGED = """SELECT DISTINCT ?text ?property { VALUES ?text { $texts } ?s ?property ?text }"""
_NAMES = f"""SELECT DISTINCT ?name {{
  ?name a ?type FILTER(isIRI(?name) && STRSTARTS(STR(?name), $namespace))
}} ORDER BY ?name LIMIT {_MOST_COMPARED}"""
_OF_KINDS = _NAMES.replace("?name a ?type", "VALUES ?type { $kinds } ?name a ?type")
_CLASSES = RDFS.Class, OWL.Class
_PROPERTIES = RDF.Property, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty


@dataclass(frozen=True)
class Vocabulary:
    """What is known of the names of a graph without asking it.

    ``prefixes`` are those that it uses, ``own`` the namespaces that it gives names in, ``classes``
    and ``properties`` those of its default graph, ``graphs`` its named graphs. ``base`` is what
    relative IRIs are read against, ``replaced`` gives the successor of a term that it had before.
    """

    prefixes: Mapping[str, str]
    own: tuple[str, ...]
    base: str
    classes: Collection[str] = ()
    properties: Collection[str] = ()
    graphs: Collection[str] = ()
    replaced: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def earlier(self) -> tuple[tuple[str, str], ...]:
        """Namespaces and local names of terms that have a successor: looked for in each query."""
        names = ((old, local_name(old)) for old in self.replaced)
        return tuple((old.removesuffix(name).rstrip("#/"), name) for old, name in names)

    def namespace_of(self, iri: str) -> str:
        """The longest namespace in which ``iri`` is; empty if it is in none that is known."""
        known = (*self.own, *self.prefixes.values())
        fits = (each for each in known if iri.startswith(each))
        return max(fits, key=len, default="")

    def namespaces_of(self, iri: str) -> tuple[str, ...]:
        """Where a name like ``iri`` is looked for: our own, for one that was relative."""
        found = self.namespace_of(iri)
        return (found,) if found else self.own if iri.startswith(self.base) else ()


def may_be_hinted(text: str, answer: Answer, vocabulary: Vocabulary) -> bool:
    """Whether ``hints_on`` may find anything: the service asks this of every answer."""
    return answer.seconds <= HINTED_WITHIN and (
        is_empty(answer) or may_deviate(text) or bool(find_replaced(text, vocabulary))
    )


def hints_on(
    engine: Engine, query: Query, answer: Answer, vocabulary: Vocabulary
) -> tuple[Hint, ...]:
    """Why ``answer``, to ``query``, may say nothing or lack something."""
    if answer.seconds > HINTED_WITHIN:
        return ()
    if is_empty(answer):
        found = find_hints(engine, query.text, vocabulary, query.dataset)
    else:
        found = find_replaced(query.text, vocabulary)
    try:
        base, dataset = vocabulary.base, query.dataset
        return (*found, *find_deviations(engine, query.text, answer, base, dataset))
    except (CecotError, *UNREADABLE):
        return found


def find_hints(
    engine: Engine, text: str, vocabulary: Vocabulary, dataset: Dataset = WHOLE
) -> tuple[Hint, ...]:
    """Why the query ``text`` of ``dataset``, whose answer is empty, may have found nothing.

    Where the engine does not answer, nothing is said.
    """
    named = mentions(text, vocabulary.base)
    replaced = _replaced(named, vocabulary)
    earlier = {each.told["iri"] for each in replaced}
    given = (*dataset.default_graphs, *dataset.named_graphs)
    graphs = [
        Hint("graph", {"iri": each, "like": " ".join(likest(each, vocabulary.graphs)[:MOST_LIKE])})
        for each in dict.fromkeys((*given, *named.graphs))
        if each not in vocabulary.graphs and len(each) <= _LONGEST_NAME
    ][:MOST]
    has_dataset = bool(dataset) or named.has_dataset
    every = vocabulary.graphs if named.has_every_graph and not has_dataset else ()
    asked = {*(given or named.graphs), *every}
    try:
        unknown = _unknown(engine, named, vocabulary, asked, has_dataset=has_dataset)
        others = [each for each in unknown if each.told["iri"] not in earlier]
        if graphs:  # it is why
            others = [each for each in others if each.kind == "unknown"]
        untagged = () if asked or has_dataset or named.has_every_graph else _untagged(engine, named)
        return (*replaced, *graphs, *others, *untagged)
    except CecotError:
        return (*replaced, *graphs)


def find_replaced(text: str, vocabulary: Vocabulary) -> tuple[Hint, ...]:
    """The terms of the query ``text`` that others have replaced: its answer may lack something."""
    for namespace, name in vocabulary.earlier:
        if name in text and namespace in text:
            return _replaced(mentions(text, vocabulary.base), vocabulary)
    return ()


def words_of(hint: Hint, shorten: Callable[[str], str]) -> list[Message]:
    """``hint`` in sentences; ``shorten`` makes names of IRIs."""
    told = dict(hint.told)
    match hint.kind:
        case "unknown" | "graph" | "outside":
            told["name"] = shorten(told["iri"])
        case "elsewhere":
            told |= {"name": shorten(told["iri"]), "graph": f"<{told['graph']}>"}
        case "replaced":
            told |= {"name": shorten(told["iri"]), "by": shorten(told["by"])}
        case "untagged":
            text = f'"{told["text"]}"'
            tagged = (f"{text}@{each}" for each in told["languages"].split())
            told |= {"text": text, "tagged": ", ".join(tagged)}
        case "path" if not told["term"].startswith('"'):
            told["term"] = shorten(told["term"])
        case "replacement":
            told["right"] = "${1}a"
    said = [say(SENTENCES[hint.kind].template, **told)]
    if like := told.get("like"):
        names = ", ".join(map(shorten, like.split()))
        said.append(say(SENTENCES["meant"].template, names=names))
    return said


def _replaced(named: Mentions, vocabulary: Vocabulary) -> tuple[Hint, ...]:
    """Not those that the graph uses elsewhere, if their neighbours are named: they are meant."""
    told: list[Hint] = []
    for old, new in vocabulary.replaced.items():
        space = vocabulary.namespace_of(old)
        beside = {each for each in named.iris if vocabulary.namespace_of(each) == space}
        is_meant = old in vocabulary.properties and not beside <= vocabulary.replaced.keys()
        if old in named.iris and not is_meant:
            told.append(Hint("replaced", {"iri": old, "by": new}))
    return tuple(told[:MOST])


def _unknown(
    engine: Engine,
    named: Mentions,
    vocabulary: Vocabulary,
    asked: set[str],
    *,
    has_dataset: bool,
) -> list[Hint]:
    """The names that stand nowhere, or not in the graphs that are ``asked``.

    The default graph is asked as well, unless the query ``has_dataset``.
    """
    used = () if has_dataset else {*vocabulary.classes, *vocabulary.properties}
    terms = named.classes | named.properties
    suspects: dict[str, str] = {}
    for iri in named.iris:
        is_known = iri in used or iri in vocabulary.graphs or iri.startswith(str(XSD))
        if not is_known and len(iri) <= _LONGEST_NAME:
            other = _respelt(iri, named, vocabulary)
            # A thing of somebody else's is asked for so that it may be absent.
            if other or iri in terms or vocabulary.namespaces_of(iri):
                suspects[iri] = other
    tried = [*suspects, *filter(None, suspects.values())][:_MOST_ASKED]
    absent = _absent(engine, tried)
    graphs_of = _graphs_of(engine, tried if has_dataset else absent)
    names = cache(partial(_names, engine, vocabulary))

    def meant(iri: str, other: str) -> str:
        if other and other not in absent:
            return other
        spelt = other or iri
        kind = "class" if iri in named.classes else "property" if iri in named.properties else ""
        known = {name for each in vocabulary.namespaces_of(spelt) for name in names(each, kind)}
        return " ".join(_like(spelt, known))

    hints: list[Hint] = []
    for iri in [*suspects][:_MOST_ASKED]:
        graphs = graphs_of.get(iri, [])
        if len(hints) == MOST:
            break
        if iri in absent and not graphs:
            hints.append(Hint("unknown", {"iri": iri, "like": meant(iri, suspects[iri])}))
        elif has_dataset and asked.isdisjoint(graphs):
            hints.append(Hint("outside", {"iri": iri}))
        elif iri in absent and asked.isdisjoint(graphs):
            hints.append(Hint("elsewhere", {"iri": iri, "graph": graphs[0]}))
    return hints


def _absent(engine: Engine, iris: Iterable[str]) -> set[str]:
    """Those of ``iris`` that stand nowhere in the default graph."""
    asked = _nodes(iris)
    return {e.value for e in select_iris(engine, _ABSENT, "name", names=asked)} if asked else set()


def _graphs_of(engine: Engine, iris: Iterable[str]) -> dict[str, list[str]]:
    """The named graphs that each of ``iris`` stands in, if there are any."""
    asked = _nodes(iris)
    found: dict[str, list[str]] = {}
    for row in select(engine, _ELSEWHERE, names=asked) if asked else ():
        found.setdefault(iri_of(row["name"]), []).append(iri_of(row["graph"]))
    return found


def _untagged(engine: Engine, named: Mentions) -> list[Hint]:
    """Strings without a tag that nothing has, where something has them with one.

    That is asked of the property that a string is to be a value of, where the query names it.
    """
    asked = named.strings[:_MOST_ASKED]
    texts = [Literal(text, language=each) for text, _ in asked for each in (None, *LANGUAGES)]
    rows = select(engine, _TAGGED, texts=texts) if texts else []
    found = [
        (literal.value, iri_of(row["property"]), literal.language or "")
        for row in rows
        if isinstance(literal := row["text"], Literal)
    ]
    tags_of: dict[str, set[str]] = {}
    for text, property_ in asked:
        tags = {tag for value, by, tag in found if value == text and property_ in ("", by)}
        tags_of.setdefault(text, set()).update(tags)
    return [
        Hint("untagged", {"text": text, "languages": " ".join(sorted(tags))})
        for text, tags in tags_of.items()
        if tags and "" not in tags
    ][:MOST]


def _respelt(iri: str, named: Mentions, vocabulary: Vocabulary) -> str:
    """``iri`` in the namespace that it should be in: http for https, a prefix declared wrongly."""
    for prefix, declared in named.prefixes.items():
        known = vocabulary.prefixes.get(prefix, declared)
        if known != declared and iri.startswith(declared):
            return known + iri.removeprefix(declared)
    scheme, separator, rest = iri.partition("://")
    other = {"http": "https", "https": "http"}.get(scheme, "") + separator + rest
    return other if vocabulary.namespace_of(other) else ""


def _names(engine: Engine, vocabulary: Vocabulary, namespace: str, kind: str) -> set[str]:
    """The names of ``namespace`` that the graph describes or uses, of a kind if one is given."""
    classes, properties = vocabulary.classes, vocabulary.properties
    used = {"class": classes, "property": properties, "": (*classes, *properties)}[kind]
    kinds = [*map(NamedNode, {"class": _CLASSES, "property": _PROPERTIES}.get(kind, ()))]
    text, given = (_OF_KINDS, {"kinds": kinds}) if kind else (_NAMES, {})
    found = select_iris(engine, text, "name", namespace=Literal(namespace), **given)
    return {each for each in used if each.startswith(namespace)} | {each.value for each in found}


def _like(iri: str, names: set[str]) -> tuple[str, ...]:
    """The names like ``iri``, then those of which its local name is a part, the shortest first."""
    part = local_name(iri).lower()
    wholes = {
        name
        for name in names
        if len(part) >= _SHORTEST_PART and part in map(str.lower, _PARTS.findall(local_name(name)))
    }
    return tuple(
        dict.fromkeys([*likest(iri, names), *sorted(wholes, key=lambda name: (len(name), name))])
    )[:MOST_LIKE]


def _nodes(iris: Iterable[str]) -> list[NamedNode]:
    """``iris`` as nodes, without those that are none."""
    nodes = []
    for iri in iris:
        try:
            nodes.append(NamedNode(iri))
        except ValueError:
            continue
    return nodes


_LONGEST_EMPTY = 1024
"""Bytes of an answer that may be empty; a longer one is not looked at."""

_ROW, _ZERO, _NOTHING = b'"bindings":[{"', b'"0"', b'""'
"""What an answer in JSON, as Oxigraph writes it, has of a value, of a zero, of an empty string."""


def is_empty(answer: Answer) -> bool:
    """Whether ``answer`` has no row, is a no, or has no triple.

    One row of zeros, and of nothing, is what aggregates make of no row.
    """
    body = answer.body
    if answer.length > _LONGEST_EMPTY or not isinstance(body, bytes):
        return False
    if _ROW in body and _ZERO not in body and _NOTHING not in body:  # for this is asked of each
        return False
    try:
        if answer.form is Form.GRAPH:
            return next(iter(parse(body, graph_writer(answer.media_type))), None) is None
        read = result_format(answer.media_type).read
        found = read(body) if read else True
    except UNREADABLE:
        return False
    if isinstance(found, bool):
        return not found
    _, rows = found
    return not rows or (len(rows) == 1 and set(filter(None, rows[0])) <= {"0"})
