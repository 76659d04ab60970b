"""The answer to a question in sentences, each with the status and the speakers of its claims.

These come from the claims and never from the sentence. The sentences are those of the head of the
question (dataset.questions); whatever stands in a gap comes from the rows of its answer. A clause
takes only rows whose claims have its status: where a claim changes its status, the clause is not
said, and no sentence tells it with the old one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, takewhile

from pyoxigraph import Literal, NamedNode

from cecot.claims.claim import Claim, Piece, claim_of
from cecot.claims.nodes import Node, Place, Reader, Text, gathered
from cecot.claims.quantities import in_words, readable_quantity, retold
from cecot.claims.subgraph import fetch
from cecot.dataset.questions import ANY, TEXT, UNSAID, ClauseTemplate, Gap, Question
from cecot.engine import Engine
from cecot.locale.catalogue import locale_of
from cecot.rdf.terms import local_name
from cecot.sentences import joined, listed
from cecot.sparql.asking import Row, solutions
from cecot.sparql.lexer import LABEL, is_distinct, naming_things
from cecot.vocabulary import CECOT, LANGUAGES, XSD

NUMERIC = {XSD[name] for name in ("integer", "decimal", "double", "float")}
_NUMBER = re.compile(r"(\D*?)\s*(\d[\d.,]*(?:\u00a0\d+)*(?:\u00a0[^\s\d]+)?s?)\s*(.*)")


_BEGINNING = 20
"""Code points before a name with which a sentence still begins: "According to the"."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What holds for the claims of a clause that have one status and one speaker."""

    modality: Node | None
    speakers: tuple[Node, ...]
    claims: tuple[Claim, ...]

    @property
    def status(self) -> str:
        """The local name of the status."""
        return self.claims[0].status

    @property
    def places(self) -> tuple[Place, ...]:
        """Where the claims stand, each place once."""
        return tuple(dict.fromkeys(place for claim in self.claims for place in claim.places))


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """A key figure: the number or the words that are set large, and what stands around them."""

    before: str
    large: str
    after: str
    language: str


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause of an answer, with a mark for each status and speaker of the claims that it tells.

    ``kind`` is a status in small letters, ``any``, ``text`` (it tells what stands in the text and
    is no claim, ``places`` says where) or ``unsaid`` (it tells what no row says). ``listed`` is one
    of several that are said alike, one for each row.
    """

    kind: str
    pieces: tuple[Piece, ...]
    marks: tuple[Mark, ...]
    places: tuple[Place, ...] = ()
    listed: bool = False

    @property
    def status(self) -> str:
        """The local name of the one status of its claims; empty where there are none or several."""
        found = {mark.status for mark in self.marks}
        return found.pop() if len(found) == 1 else ""

    @property
    def by_status(self) -> tuple[Mark, ...]:
        """The marks, one for each status, with all who say it so."""
        return tuple(
            Mark(
                found[0].modality,
                tuple(dict.fromkeys(each for mark in found for each in mark.speakers)),
                tuple(claim for mark in found for claim in mark.claims),
            )
            for found in gathered((mark.status, mark) for mark in self.marks).values()
        )

    @property
    def figures(self) -> tuple[KeyFigure, ...]:
        """The key figures in it, in their order."""
        keys = dict.fromkeys(piece.key for piece in self.pieces if piece.key)
        return tuple(_figure([each for each in self.pieces if each.key == key]) for key in keys)

    def sentence(self, language: str) -> str:
        """The words alone: only where status and speaker stand beside them."""
        return "".join(quoted(each, language) for each in self.pieces)

    def names_speakers(self, language: str) -> bool:
        """Whether it begins with the one who speaks, or lists all who do, of one status."""
        if len(self.by_status) != 1:
            return False
        said, speakers = self.sentence(language), self.by_status[0].speakers
        for names in zip(
            *((e.label(language).value, e.named(language).value) for e in speakers), strict=True
        ):
            row = listed(names, language)
            start = said.casefold().find(row.casefold())
            # "Bukele's government" does not say that Bukele speaks.
            is_owner = said[start + len(row) :][:1] in ("'", "\N{RIGHT SINGLE QUOTATION MARK}")
            if start >= 0 and not is_owner and (len(names) > 1 or start <= _BEGINNING):
                return True
        return False

    def told(self, language: str) -> str:
        """The words with status, speaker and lines, so that they can stand alone."""
        notes = [_note(mark, language) for mark in self.marks]
        if self.kind == UNSAID:
            notes.append(locale_of(language).gettext("not said"))
        elif self.places:
            notes.append(_lines(self.places, language))
        return f"{self.sentence(language)} [{' / '.join(notes)}]"


@dataclass(frozen=True, slots=True)
class Telling:
    """What the rows of a question say, in sentences; no clause where nobody wrote any."""

    clauses: tuple[Clause, ...] = ()

    @property
    def lead(self) -> tuple[Clause, ...]:
        """How the answer begins: its first clause, with all that are said alike.

        Where two sources differ, none of them is ever given alone.
        """
        if not (self.clauses and self.clauses[0].listed):
            return self.clauses[:1]
        return tuple(takewhile(lambda clause: clause.listed, self.clauses))

    @property
    def figures(self) -> tuple[tuple[KeyFigure, Clause], ...]:
        """The key figures, each with the clause that it stands in."""
        return tuple((figure, clause) for clause in self.clauses for figure in clause.figures)


@dataclass(frozen=True, slots=True)
class _Told:
    """A row, the claims that it names, and whatever else can be cited of it."""

    row: Row
    claims: tuple[Claim, ...]
    by_claim: Mapping[str, frozenset[str]]
    places: tuple[Place, ...]
    names: frozenset[str]

    @property
    def kind(self) -> str:
        """The status that all its claims have; ``text`` where it names no claim."""
        found = {claim.status.lower() for claim in self.claims}
        return TEXT if not found else found.pop() if len(found) == 1 else ""

    def cited(self, named: Iterable[str]) -> tuple[Claim, ...]:
        """The claims that a gap for ``named`` tells: those that name it, else all of the row."""
        own = {name for names in self.by_claim.values() for name in names}.intersection(named)
        found = tuple(each for each in self.claims if own and own <= self.by_claim[each.iri])
        return found or self.claims

    def has(self, variable: str) -> bool:
        """Whether it has a value for ``variable``."""
        return variable in self.row or variable + LABEL in self.row


def tell_answers(
    engine: Engine, questions: Iterable[Question], language: str
) -> dict[str, Telling]:
    """The answers to ``questions`` by their slugs, whatever they name read at once.

    Raises what the engine raises.
    """
    asked = []
    for question in questions:
        templates = question.answer(language) if question.form == "SELECT" else ()
        rows = rows_of(engine, question.query_in(language))[1] if templates else []
        asked.append((question.slug, templates, rows))
    named = read_named(engine, (row for *_, rows in asked for row in rows))
    return {slug: _tell_rows(named, templates, rows, language) for slug, templates, rows in asked}


def rows_of(engine: Engine, select: str) -> tuple[list[str], list[Row]]:
    """The columns and the rows of the answer to a query.

    A row has the thing too that a label of it names, which is no column of its own where the label
    is one, and does not part rows that DISTINCT makes one. Raises what the engine raises.
    """
    names, rows = solutions(engine, naming_things(select))
    columns = [each for each in names if each + LABEL not in names]
    if is_distinct(select):
        rows = list({tuple(map(row.get, columns)): row for row in reversed(rows)}.values())[::-1]
    return columns, rows


@dataclass(frozen=True, slots=True)
class Tellings:
    """The answers to the questions of one graph in sentences: asked once, as the graph stays."""

    engine: Engine
    _told: dict[tuple[str, str], Telling] = field(default_factory=dict)
    _sentences: dict[str, list[str]] = field(default_factory=dict)

    def of(self, questions: Iterable[Question], language: str) -> dict[str, Telling]:
        """The answer of each question, by its name. Raises what the engine raises."""
        chosen = list(questions)
        new = [each for each in chosen if (each.slug, language) not in self._told]
        if new:
            for slug, telling in tell_answers(self.engine, new, language).items():
                self._told[slug, language] = telling
        return {each.slug: self._told[each.slug, language] for each in chosen}

    def sentences(self, questions: Iterable[Question]) -> dict[str, list[str]]:
        """The sentences of each answer in every language. Raises what the engine raises."""
        chosen = list(questions)
        new = [each for each in chosen if each.slug not in self._sentences]
        told = [(language, self.of(new, language)) for language in LANGUAGES]
        for slug in (each.slug for each in new):
            self._sentences[slug] = [
                clause.told(language) for language, by in told for clause in by[slug].clauses
            ]
        return {each.slug: self._sentences[each.slug] for each in chosen}


@dataclass(frozen=True, slots=True)
class Named:
    """What rows name: its nodes, and those of them that are claims, by IRI."""

    reader: Reader
    claims: Mapping[str, Claim]


def read_named(engine: Engine, rows: Iterable[Row], *parts: str) -> Named:
    """Read whatever ``rows`` name, with ``parts`` of the same fetch.

    Raises what the engine raises.
    """
    named = (term for row in rows for term in row.values() if isinstance(term, NamedNode))
    terms = list(dict.fromkeys(named))
    values = {"things": terms}
    reader = Reader(fetch(engine, "claims-among", *parts, mentioned=terms, values=values))
    found = (claim for term in terms if (claim := claim_of(reader, term)))
    return Named(reader, {claim.iri: claim for claim in found})


def _tell_rows(
    named: Named, templates: Iterable[ClauseTemplate], rows: Iterable[Row], language: str
) -> Telling:
    """The clauses of ``templates`` that ``rows`` fill, which name what was read."""
    told = [_read_row(row, named) for row in rows]
    clauses = (_clauses(each, told, named.reader, language) for each in templates)
    return Telling(tuple(chain.from_iterable(clauses)))


def quoted(piece: Piece, language: str) -> str:
    """The words of ``piece``, in quotation marks where they stand so in the text."""
    words = piece.words.value
    return locale_of(language).gettext("“{text}”", text=words) if piece.quoted else words


def _read_row(row: Row, named: Named) -> _Told:
    reader = named.reader
    nodes = [term for term in row.values() if isinstance(term, NamedNode)]
    own = {each.value: named.claims[each.value] for each in nodes if each.value in named.claims}
    by_claim = {iri: frozenset(_names(claim)) for iri, claim in own.items()}
    words = (f'"{term.value}"' for term in row.values() if isinstance(term, Literal))
    names = frozenset((*words, *(local_name(each.value) for each in nodes)))
    places = (reader.place(e) for e in nodes if CECOT.Passage in reader.node(e).types)
    return _Told(row, tuple(own.values()), by_claim, tuple(places), names.union(*by_claim.values()))


def _names(claim: Claim) -> Iterator[str]:
    """The ends of the IRIs of ``claim`` and of what it is about."""
    for node in (claim.node, claim.subject, claim.predicate, claim.object):
        if node:
            yield local_name(node.iri)


def _clauses(
    template: ClauseTemplate, rows: Sequence[_Told], reader: Reader, language: str
) -> Iterator[Clause]:
    """What ``template`` says of ``rows``: nothing, one clause, or one for each value."""
    if template.kind == UNSAID:
        if not any(row.has(each) for row in rows for each in template.lacking) and bool(
            rows
        ) == bool(template.lacking):
            yield from _clause(template, rows, reader, language)
        return
    taken = [row for row in rows if _takes(template, row)]
    if not template.each:
        yield from _clause(template, taken, reader, language)
        return
    groups = gathered((str(row.row.get(template.each, at)), row) for at, row in enumerate(taken))
    for group in groups.values():
        for clause in _clause(template, group, reader, language):
            yield replace(clause, listed=True)


def _takes(template: ClauseTemplate, row: _Told) -> bool:
    """Whether ``template`` tells ``row``."""
    return (
        (row.kind == template.kind or (template.kind == ANY and row.kind != TEXT))
        and row.names.issuperset(template.named)
        and all(map(row.has, template.having))
        and not any(map(row.has, template.lacking))
    )


def _clause(
    template: ClauseTemplate, rows: Sequence[_Told], reader: Reader, language: str
) -> Iterator[Clause]:
    """The clause that ``rows`` fill; none where a gap stays empty that must not."""
    if not rows and template.kind != UNSAID:
        return
    filled: list[tuple[int, list[Piece], dict[str, Claim]]] = []
    left_out: set[int] = set()
    for piece in template.pieces:
        words, cited = [Piece(Text(piece.content))] if isinstance(piece.content, str) else [], {}
        if isinstance(piece.content, Gap):
            gap = piece.content
            matching = [row for row in rows if row.names.issuperset(gap.named)]
            words = list(_fill(gap, matching, reader, language))
            cited = {each.iri: each for row in matching for each in row.cited(gap.named)}
            if not (words or (gap.form == "cite" and matching)):
                if not piece.optional:
                    return
                left_out.add(piece.optional)
        filled.append((piece.optional, [replace(each, key=piece.key) for each in words], cited))
    said = [each for each in filled if each[0] not in left_out]
    pieces = _sentence([piece for _, words, _ in said for piece in words])
    claims = {iri: claim for _, _, cited in said for iri, claim in cited.items()}
    told = claims or {each.iri: each for row in rows for each in row.claims}
    if template.kind in (UNSAID, TEXT):
        yield Clause(template.kind, pieces, (), _places(rows))
    else:
        yield Clause(template.kind, pieces, tuple(_marks(told.values())))


def _marks(claims: Iterable[Claim]) -> Iterator[Mark]:
    """A mark for each status and speaker among ``claims``."""
    ordered = sorted(claims, key=lambda each: each.order)
    groups = gathered(((claim.status, claim.speakers), claim) for claim in ordered)
    for (_, speakers), found in groups.items():
        yield Mark(found[0].modality, speakers, tuple(found))


def _places(rows: Iterable[_Told]) -> tuple[Place, ...]:
    return tuple(dict.fromkeys(place for row in rows for place in row.places))


def _fill(gap: Gap, rows: Sequence[_Told], reader: Reader, language: str) -> Iterator[Piece]:
    """What stands in ``gap``: the values that ``rows`` have for it, each once, as a list."""
    if gap.form == "cite":
        return
    if gap.form == "count":
        number = len(rows) if gap.variable == "row" else len(_terms(gap.variable, rows))
        if number:
            yield Piece(Text(in_words(str(number), language), language))
        return
    found = dict.fromkeys(
        piece for row in rows for piece in _values(gap.variable, row, reader, language)
    )
    pieces = [replace(each, quoted=each.quoted or gap.form == "quote") for each in found]
    if gap.form == "lower":
        pieces = [replace(each, words=_lowered(each.words)) for each in pieces]
    separators = joined([quoted(each, language) for each in pieces], language)
    for separator, piece in zip(separators, pieces, strict=True):
        if separator:
            yield Piece(Text(separator))
        yield piece


def _terms(variable: str, rows: Iterable[_Told]) -> set[str]:
    """The different values of ``variable``, or of its label."""
    found = (row.row.get(variable, row.row.get(variable + LABEL)) for row in rows)
    return {str(term) for term in found if term is not None}


def _values(variable: str, row: _Told, reader: Reader, language: str) -> Iterator[Piece]:
    """What ``row`` has for ``variable``; else what its claims have by that name."""
    term = row.row.get(variable)
    if isinstance(term, Literal):
        if term.datatype.value in NUMERIC:
            yield Piece(Text(in_words(term.value, language), language))
            return
        thing = row.row.get(variable.removesuffix(LABEL)) if variable.endswith(LABEL) else None
        node = reader.node(thing) if isinstance(thing, NamedNode) and _is_thing(thing) else None
        words = retold(Text(term.value, term.language or ""), language)
        yield Piece(words, node, quoted=variable == "words")
    elif term is not None:
        node = reader.node(term)
        yield Piece(node.label(language), node)
    elif variable == "quantity":
        number = row.row.get("number", row.row.get("minimum"))
        unit = row.row.get("unit")
        if isinstance(number, Literal):
            code = unit.value if isinstance(unit, Literal) else ""
            yield Piece(Text(readable_quantity(number.value, code, language), language))
    for claim in row.claims if term is None else ():
        if variable == "words":
            for words in (*claim.quoted, *claim.exact):
                yield Piece(words, quoted=True)
        elif variable == "description" and claim.description:
            yield Piece(claim.description.first(language))
        elif variable == "speaker":
            for node in claim.speakers:
                yield Piece(node.label(language), node)


def _is_thing(node: NamedNode) -> bool:
    """Whether a reader follows its name: a term of the ontology is how we say things."""
    return not node.value.startswith(str(CECOT))


def _lowered(words: Text) -> Text:
    """``words`` as they stand within a sentence; a name in capitals stays as it is."""
    value = words.value
    return words if value[1:2].isupper() else replace(words, value=value[:1].lower() + value[1:])


def _sentence(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """``pieces`` as a sentence: it begins with a capital letter, and ends without a space."""
    found = list(pieces)
    if found and not found[0].quoted:
        value = found[0].words.value
        found[0] = _with_words(found[0], value[:1].upper() + value[1:])
    if found:
        found[-1] = _with_words(found[-1], found[-1].words.value.rstrip())
    return tuple(found)


def _with_words(piece: Piece, value: str) -> Piece:
    return replace(piece, words=replace(piece.words, value=value))


def _figure(pieces: Sequence[Piece]) -> KeyFigure:
    """The key figure that ``pieces`` are: a number large, the words around it small."""
    words = "".join(piece.words.value for piece in pieces)
    language = next((each.words.language for each in pieces if each.words.language), "")
    number = _NUMBER.fullmatch(words)
    if number:
        return KeyFigure(number[1], number[2], number[3], language)
    return KeyFigure("", words, "", language)


def _note(mark: Mark, language: str) -> str:
    """Status, speakers and lines; the source too, where it is another than the speaker."""
    status = mark.modality.label(language).value if mark.modality else mark.status
    speakers = ", ".join(each.label(language).value for each in mark.speakers)
    lines = _lines(mark.places, language)
    sources = dict.fromkeys(place.source for place in mark.places if place.source)
    others = [each.label(language).value for each in sources if each not in mark.speakers]
    return "; ".join(filter(None, (status, speakers, ", ".join(filter(None, (lines, *others))))))


def _lines(places: Iterable[Place], language: str) -> str:
    lines = [str(place.line) for place in places if place.line is not None]
    told = locale_of(language).ngettext
    where = ", ".join(lines)
    return told("line {lines}", "lines {lines}", len(lines), lines=where) if lines else ""
