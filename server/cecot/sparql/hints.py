"""Why an answer may be empty, or lack something: unknown names, untagged strings, deviations.

A misspelt name is no error in SPARQL. It matches nothing, and an answer without a row reads as if
the graph said nothing of the matter.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from pyoxigraph import Literal, NamedNode, parse

from cecot.engine import Answer, Engine, Form
from cecot.errors import CecotError
from cecot.messages import Message, say
from cecot.rdf.terms import likest, local_name
from cecot.sparql.asking import select, select_iris
from cecot.sparql.deviations import Hint, find_deviations, may_deviate
from cecot.sparql.formats import UNREADABLE, graph_writer, result_format
from cecot.sparql.lexer import Mentions, mentions
from cecot.vocabulary import LANGUAGES, XSD

SENTENCES: Mapping[str, Message] = {
    "unknown": say("{name} stands nowhere in this graph."),
    "meant": say("Did you mean {names}?"),
    "replaced": say("{name} is no longer used here: {by} has replaced it."),
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

MOST = 5
"""Names of one query that are told of, and strings."""

MOST_LIKE = 3
"""Names that are offered in the place of one."""

_MOST_ASKED = 50
_MOST_COMPARED = 5000
_SHORTEST_PART = 4
_LONGEST_NAME = 500

_ABSENT = """SELECT ?name { VALUES ?name { $names }
  FILTER NOT EXISTS { ?name ?p ?o }
  FILTER NOT EXISTS { ?s ?name ?o }
  FILTER NOT EXISTS { ?s ?p ?name }
}"""
_TAGGED = """SELECT ?text ?language {
  VALUES ?text { $texts } VALUES ?language { $languages }
  FILTER NOT EXISTS { ?s ?p ?text }
  BIND(STRLANG(?text, ?language) AS ?tagged)
  FILTER EXISTS { ?s ?p ?tagged }
}"""
_NAMES = f"""SELECT DISTINCT ?name {{
  ?name a ?type FILTER(isIRI(?name) && STRSTARTS(STR(?name), $namespace))
}} ORDER BY ?name LIMIT {_MOST_COMPARED}"""


@dataclass(frozen=True)
class Vocabulary:
    """What is known of the names of a graph without asking it.

    ``prefixes`` are those that it uses, ``own`` the namespaces that it gives names in, ``terms``
    its classes and properties. ``base`` is what relative IRIs are read against, ``replaced`` gives
    the successor of a term that the graph used before.
    """

    prefixes: Mapping[str, str]
    own: tuple[str, ...]
    terms: Collection[str]
    base: str
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


def may_be_hinted(text: str, answer: Answer, vocabulary: Vocabulary) -> bool:
    """Whether ``hints_on`` may find anything: the service asks this of every answer."""
    return is_empty(answer) or may_deviate(text) or bool(find_replaced(text, vocabulary))


def hints_on(engine: Engine, text: str, answer: Answer, vocabulary: Vocabulary) -> tuple[Hint, ...]:
    """Why ``answer``, to the query ``text``, may say nothing or lack something."""
    if is_empty(answer):
        found = find_hints(engine, text, vocabulary)
    else:
        found = find_replaced(text, vocabulary)
    try:
        return (*found, *find_deviations(engine, text, answer, vocabulary.base))
    except CecotError:
        return found


def find_hints(engine: Engine, text: str, vocabulary: Vocabulary) -> tuple[Hint, ...]:
    """Why the query ``text``, whose answer is empty, may have found nothing.

    Where the engine does not answer, nothing is said.
    """
    named = mentions(text, vocabulary.base)
    replaced = _replaced(named, vocabulary)
    earlier = {each.told["iri"] for each in replaced}
    try:
        unknown = _unknown(engine, named, vocabulary)
        others = [each for each in unknown if each.told["iri"] not in earlier]
        return (*replaced, *others, *_untagged(engine, named))
    except CecotError:
        return replaced


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
        case "unknown":
            told["name"] = shorten(told["iri"])
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
        is_meant = old in vocabulary.terms and not beside <= vocabulary.replaced.keys()
        if old in named.iris and not is_meant:
            told.append(Hint("replaced", {"iri": old, "by": new}))
    return tuple(told[:MOST])


def _unknown(engine: Engine, named: Mentions, vocabulary: Vocabulary) -> list[Hint]:
    suspects: dict[str, str] = {}
    for iri in named.iris:
        if (
            iri not in vocabulary.terms
            and not iri.startswith(str(XSD))
            and len(iri) <= _LONGEST_NAME
        ):
            other = _respelt(iri, named, vocabulary)
            if other or vocabulary.namespace_of(iri):
                suspects[iri] = other
    asked = _nodes([*suspects, *filter(None, suspects.values())][:_MOST_ASKED])
    found = select_iris(engine, _ABSENT, "name", names=asked) if asked else []
    absent = {each.value for each in found}
    hints: list[Hint] = []
    names: dict[str, set[str]] = {}
    for iri, other in suspects.items():
        if iri in absent and len(hints) < MOST:
            if other and other not in absent:
                hints.append(Hint("unknown", {"iri": iri, "like": other}))
                continue
            spelt = other or iri
            namespace = vocabulary.namespace_of(spelt)
            if namespace not in names:
                names[namespace] = _names(engine, namespace, vocabulary)
            like = " ".join(_like(spelt, names[namespace]))
            hints.append(Hint("unknown", {"iri": iri, "like": like}))
    return hints


def _untagged(engine: Engine, named: Mentions) -> list[Hint]:
    texts = [Literal(each) for each in named.strings[:_MOST_ASKED]]
    languages = [Literal(each) for each in LANGUAGES]
    rows = select(engine, _TAGGED, texts=texts, languages=languages) if texts else []
    tags: dict[str, list[str]] = {}
    for row in rows:
        text, language = row["text"], row["language"]
        if isinstance(text, Literal) and isinstance(language, Literal):
            tags.setdefault(text.value, []).append(language.value)
    told = [text for text in named.strings if text in tags][:MOST]
    return [
        Hint("untagged", {"text": text, "languages": " ".join(sorted(tags[text]))}) for text in told
    ]


def _respelt(iri: str, named: Mentions, vocabulary: Vocabulary) -> str:
    """``iri`` in the namespace that it should be in: http for https, a prefix declared wrongly."""
    for prefix, declared in named.prefixes.items():
        known = vocabulary.prefixes.get(prefix, declared)
        if known != declared and iri.startswith(declared):
            return known + iri.removeprefix(declared)
    scheme, separator, rest = iri.partition("://")
    other = {"http": "https", "https": "http"}.get(scheme, "") + separator + rest
    return other if vocabulary.namespace_of(other) else ""


def _names(engine: Engine, namespace: str, vocabulary: Vocabulary) -> set[str]:
    """The names of ``namespace`` that the graph describes or uses."""
    found = select_iris(engine, _NAMES, "name", namespace=Literal(namespace))
    own = {each for each in vocabulary.terms if each.startswith(namespace)}
    return own | {each.value for each in found}


def _like(iri: str, names: set[str]) -> tuple[str, ...]:
    """The names like ``iri``, then those of which its local name is a part, the shortest first."""
    part = local_name(iri).lower()
    wholes = {
        name
        for name in names
        if len(part) >= _SHORTEST_PART and part in local_name(name).lower().split("-")
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

_ROW, _NOTHING = b'"bindings":[{"', b'"0"'
"""What an answer in JSON, as Oxigraph writes it, holds if it has a value, and if it has a zero."""


def is_empty(answer: Answer) -> bool:
    """Whether ``answer`` has no row (or one of zeros alone), is a no, or has no triple."""
    if answer.length > _LONGEST_EMPTY or not isinstance(answer.body, bytes):
        return False
    if _ROW in answer.body and _NOTHING not in answer.body:  # seen at once: this is asked of each
        return False
    try:
        if answer.form is Form.GRAPH:
            return next(iter(parse(answer.body, graph_writer(answer.media_type))), None) is None
        read = result_format(answer.media_type).read
        found = read(answer.body) if read else True
    except UNREADABLE:
        return False
    if isinstance(found, bool):
        return not found
    _, rows = found
    return not rows or (len(rows) == 1 and set(filter(None, rows[0])) == {"0"})
