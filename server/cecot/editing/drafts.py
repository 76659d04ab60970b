"""A passage as skeleton claims: what its words give, and what an editor has to confirm.

``cecot draft`` prints them as canonical Turtle, with a comment at each guess. ``cecot format``
keeps no comment below the top of a file, so a guess that nobody has confirmed cannot be landed by
oversight.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from pyoxigraph import Triple

from cecot.claims.quantities import DIMENSIONS, Dimension
from cecot.editing.figures import DateDraft, FigureDraft, find_dates, find_figures
from cecot.editing.form import (
    MOST_WORDS,
    ClaimForm,
    PassageText,
    Value,
    is_whole,
    slug,
    triples_of,
    with_line,
)
from cecot.editing.index import Index
from cecot.editing.lexicon import Lexicon
from cecot.editing.names import Mention, NameIndex, Speaker, stems
from cecot.editing.saying import Voice, read_saying
from cecot.editing.workspace import NewThing, thing_triples, with_things
from cecot.rdf.writing import write_turtle
from cecot.vocabulary import CECOT, DCTERMS, RDF, RDFS, SCHEMA, SKOS

_NEAR = 7
_KINDS = {FigureDraft: SCHEMA.QuantitativeValue, DateDraft: CECOT.DateValue}


@dataclass(frozen=True, slots=True)
class Proposal:
    """A claim as the words give it. ``guesses`` are the fields that an editor has to confirm.

    ``things`` are needed and not there yet; ``predicates`` are the properties that would fit, the
    likeliest first.
    """

    form: ClaimForm
    guesses: frozenset[str]
    things: tuple[NewThing, ...] = ()
    predicates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Sentence:
    """What has been read of a passage, or of a span of it."""

    base: ClaimForm
    reading: Voice
    place: PassageText
    mentions: list[Mention]
    values: list[FigureDraft | DateDraft]
    things: tuple[NewThing, ...]
    span: tuple[int, int] | None


class Drafter:
    """Proposes claims for passages of rooms, by the lists of one language."""

    def __init__(self, index: Index, names: NameIndex, lexicon: Lexicon) -> None:
        self.index = index
        self.names = names
        self.lexicon = lexicon

    def propose(self, place: PassageText, span: tuple[int, int] | None = None) -> list[Proposal]:
        """Claims for ``place``, or the one for the ``span`` of it (code points of the source).

        The whole sentence tells who speaks and how sure; the span tells of what. Without lists for
        its language nobody can tell, and nothing is proposed.
        """
        if not self.lexicon.lists:
            return []
        reading = read_saying(place.words, self.lexicon)
        if span is None and reading.is_fragment:
            return []
        mentions = self.names.find(place.words)
        speakers, things = self.speakers(reading, place)
        base = self._base(reading, place, speakers)
        start, end = span or (place.start, place.end)
        inside = (start - place.start, end - place.start)
        values = [
            each
            for each in self._values(place.words)
            if _within(each, inside) and (span or not _is_of_the_saying(each, reading))
        ]
        read = _Sentence(base, reading, place, mentions, values, things, span)
        if reading.act == "accuse":
            return [self._allegation(read)]
        if span is not None or not values:
            return [self._claim(read, values[0] if values else None)]
        return [self._claim(read, value) for value in values]

    def speakers(
        self, reading: Voice, place: PassageText
    ) -> tuple[tuple[str, ...], tuple[NewThing, ...]]:
        """Who speaks, as IRIs, and what of them is new. In its own voice the source speaks."""
        if reading.speaker is None:
            return (place.source,), ()
        known = self.names.named(reading.speaker.words) if reading.speaker.words else ()
        if known and reading.speaker.is_named:
            return known, ()
        thing = self._new_speaker(reading, reading.speaker, place)
        return (thing.iri,), (thing,)

    def _new_speaker(self, reading: Voice, speaker: Speaker, place: PassageText) -> NewThing:
        namespace = self.index.material.namespace
        words = re.sub(r"^(?:the|an?|this|el|la|los|las|un|una|este|esta)\s+", "", speaker.words,
                       flags=re.IGNORECASE)  # fmt: skip
        if speaker.is_named:
            two = len(words.split()) >= 2 and words == speaker.words and words.istitle()
            kind = CECOT.Person if two else CECOT.Organization
            return NewThing(namespace + slug(words), kind, words, words)
        role = "accuser" if reading.act == "accuse" else "speaker"
        end = slug(words) if words and not speaker.is_pronoun else role
        english = "Unidentified accuser" if role == "accuser" else "Unidentified speaker"
        spanish = "Acusador no identificado" if role == "accuser" else "Hablante no identificado"
        said = (f": “{words}”", f": «{words}»") if words else ("", "")
        if words and not speaker.is_pronoun and place.language.startswith("en"):
            # "Unidentified blog": English words need no agreement.
            english, said = f"Unidentified {words[0].lower()}{words[1:]}", ("", said[1])
        several = len(self.index.instances(CECOT.Source)) > 1
        where = f"{place.source.removeprefix(namespace)}, " if several else ""
        return NewThing(
            f"{namespace}{place.key}-unidentified-{end}",
            CECOT.UnidentifiedAgent,
            f"{english}{said[0]} ({where}line {place.line})",
            f"{spanish}{said[1]} ({where}línea {place.line})",
        )

    def _base(self, reading: Voice, place: PassageText, speakers: tuple[str, ...]) -> ClaimForm:
        own = reading.speaker is None
        act = "" if reading.act == "state" else reading.act.capitalize()
        hedge = reading.hedge.words if reading.hedge else ""
        unresolved: tuple[tuple[str, str], ...] = ()
        if not own and reading.speaker is not None and not reading.speaker.is_named:
            unresolved = (
                ("en", "Who says it, the text does not name."),
                ("es", "El texto no nombra a quien lo dice."),
            )
        quoted = max((each.words for each in reading.quoted), key=len, default="")
        return ClaimForm(
            passage=place.iri,
            status=reading.status,
            saying=act,
            speakers=speakers,
            speech_act=reading.verb.words if reading.verb and not own else "",
            hedge=hedge,
            quoted=quoted if not own else "",
            unresolved=unresolved,
        )

    def _allegation(self, read: _Sentence) -> Proposal:
        base, place, verb = read.base, read.place, read.reading.verb
        others = [each.iri for each in read.mentions if each.iri not in base.speakers]
        policies = tuple(each for each in others if self.index.is_a(each, CECOT.Policy))
        accused = tuple(
            each
            for each in dict.fromkeys(others)
            if self.index.is_a(each, CECOT.Person) or self.index.is_a(each, CECOT.Organization)
        )
        # "Two inspectors were accused" counts no acts.
        after = verb.end if verb and read.span is None else 0
        figures = [e for e in read.values if isinstance(e, FigureDraft) and e.start >= after]
        start, end = read.span or self._after_verb(read.reading, place)
        form = replace(
            base,
            accused=accused[:1],
            policies=policies[:1],
            acts=tuple(self._acts(place.words[verb.end if verb else 0 :])),
            quantity=figures[0] if figures else None,
            start=start,
            end=end,
        )
        guesses = frozenset({"speakers", "accused", "policies", "acts", "span"})
        return Proposal(form, guesses, read.things)

    def _acts(self, words: str) -> Iterator[str]:
        """The acts of the graph whose name stands in ``words``."""
        said = stems(words)
        for act in self.index.subjects(SKOS.inScheme, CECOT.Acts):
            for label in self.index.texts(act, SKOS.prefLabel, self.lexicon.language):
                if stems(label) <= said:
                    yield act

    def _claim(self, read: _Sentence, value: FigureDraft | DateDraft | None) -> Proposal:
        base, place, span = read.base, read.place, read.span
        named = [each for each in read.mentions if each.iri not in base.speakers]
        if span:
            inside = (span[0] - place.start, span[1] - place.start)
            named = [each for each in named if _within(each, inside)] or named
            value = _with_its_noun(value, place.words, inside[1])
        predicates = self.properties(place.words, value)
        likely = [each for each in predicates[:1] if self._speaks_of(place.words, each, value)]
        if base.status == "Planned":
            # Nothing planned is said of a thing that exists (rule 12).
            named = [each for each in named if self.index.is_a(each.iri, CECOT.Proposal)]
        subject = self._subject(named, value)
        object_: Value = value
        if value is None and len(named) > 1:
            object_ = next((each.iri for each in named if each.iri != subject), None)
        start, end = span or self._span(read.reading, place, value)
        is_quoted = (
            bool(base.quoted) and value is None and base.status in ("Attributed", "Evaluative")
        )
        if is_quoted or base.saying in ("Deny", "Confirm", "Question"):
            about = (subject,) if subject else ()
            form = replace(base, about=about, start=start, end=end)
            return Proposal(form, frozenset({"speakers", "about", "span"}), read.things)
        form = replace(
            base, subject=subject, predicate="".join(likely), object=object_, start=start, end=end
        )
        guesses = {"subject", "predicate", "span"} | (
            {"speakers"} if read.reading.speaker else set()
        )
        return Proposal(form, frozenset(guesses), read.things, tuple(predicates))

    def properties(self, words: str, value: Value) -> list[str]:
        """The properties that fit ``value``, those first whose words stand in ``words``."""
        wanted = _KINDS.get(type(value))
        said = stems(words)
        ranked = []
        for property_ in self.index.claim_properties:
            ranges = self.index.iris(property_, SCHEMA.rangeIncludes)
            if wanted is not None and str(wanted) not in ranges:
                continue
            if wanted is None and set(ranges) & set(_KINDS.values()):
                continue
            if isinstance(value, FigureDraft) and not _fits(property_, value):
                continue
            score = len(self._words(property_) & said)
            ranked.append((-score, property_))
        return [property_ for score, property_ in sorted(ranked) if score < 0 or wanted]

    def _speaks_of(self, words: str, property_: str, value: Value) -> bool:
        """Whether a word of ``property_`` stands in ``words``; without a value, its whole label."""
        if value is not None:
            return bool(self._words(property_) & stems(words))
        label = self.index.label(property_, self.lexicon.language)
        told = [each for each in re.findall(r"\w+", label) if not self.lexicon.is_function(each)]
        return bool(told) and stems(" ".join(told)) <= stems(words)

    def _words(self, property_: str) -> set[str]:
        language = self.lexicon.language
        texts = (
            *self.index.texts(property_, RDFS.label, language),
            *self.index.texts(property_, CECOT.phrase, language),
        )
        words = (each for text in texts for each in re.findall(r"[^\W\d_]+", text))
        told = (each for each in words if not self.lexicon.is_function(each))
        return stems(" ".join(told)) - {"subjec", "object"}

    def _subject(self, named: list[Mention], value: FigureDraft | DateDraft | None) -> str:
        """The thing that is named last before the value, else first of all."""
        before = [each for each in named if value is not None and each.end <= value.start]
        chosen = before[-1:] or named[:1]
        return chosen[0].iri if chosen else ""

    def _span(
        self, reading: Voice, place: PassageText, value: FigureDraft | DateDraft | None
    ) -> tuple[int, int]:
        """The shortest span that carries the claim: the value, with the words that lead to it."""
        if value is None:
            return self._after_verb(reading, place)
        start, end = value.start, value.end
        words = list(re.finditer(r"\w+", place.words[:start]))[-_NEAR:]
        heads = {
            each for kind in self.properties(place.words, value)[:1] for each in self._words(kind)
        }
        for word in words:
            if stems(word.group()) & heads:
                start = word.start()
                break
        is_count = isinstance(value, FigureDraft) and value.unit_code == "C62"
        noun = re.match(r"[\s\u00a0]+[^\W\d_]+", place.words[end:])
        if is_count and noun:
            end += noun.end()
        return place.start + start, place.start + end

    def _after_verb(self, reading: Voice, place: PassageText) -> tuple[int, int]:
        """What is said, without its speaker: at most as many words as may be quoted."""
        words = place.words.rstrip(" .!?\u00a0")
        if reading.quoted and reading.act != "accuse":
            longest = max(reading.quoted, key=lambda each: each.end - each.start)
            return place.start + longest.start, place.start + longest.end
        verb, speaker, start = reading.verb, reading.speaker, 0
        if verb and speaker is not None:
            start = max(verb.end, speaker.start + len(speaker.words))
            first = min(verb.start, speaker.start if speaker.words else verb.start)
            if first and not re.match(r"\s*\w", words[start:]):
                # "The quay is closed, the pilots warned": what is said stands before.
                start, words = 0, words[:first].rstrip(" ,")
        start += len(re.match(r"[\s,]*(?:(?:that|que|of|de)\b)?", words[start:])[0])  # type: ignore[index]
        rest = list(re.finditer(r"\S+", words[start:]))
        if not rest:
            return place.start, place.start + len(words)
        last = rest[min(len(rest), MOST_WORDS) - 1] if reading.status != "Asserted" else rest[-1]
        return place.start + start + rest[0].start(), place.start + start + last.end()

    def _values(self, words: str) -> list[FigureDraft | DateDraft]:
        found: list[FigureDraft | DateDraft] = [
            *find_figures(words, self.lexicon),
            *find_dates(words, self.lexicon),
        ]
        return sorted(found, key=lambda each: each.start)


def _is_of_the_saying(each: FigureDraft | DateDraft, reading: Voice) -> bool:
    """Whether a value stands before the verb: "In January he announced" dates the announcing."""
    verb, speaker = reading.verb, reading.speaker
    if verb is None or speaker is None or not speaker.words:
        return False
    return speaker.start < verb.start and each.end <= verb.start


def _with_its_noun(
    value: FigureDraft | DateDraft | None, words: str, end: int
) -> FigureDraft | DateDraft | None:
    """A count with the noun that ends the chosen words: "40 readers"."""
    if isinstance(value, FigureDraft) and value.unit_code == "C62":
        noun = re.fullmatch(r"[\s\u00a0]+[^\W\d_]+", words[value.end : end])
        if noun:
            return replace(value, as_written=words[value.start : end], end=end)
    return value


def _within(each: FigureDraft | DateDraft | Mention, span: tuple[int, int]) -> bool:
    return span[0] <= each.start and each.end <= span[1]


def _fits(property_: str, figure: FigureDraft) -> bool:
    """Whether the figure measures what the property asks for; unknown units fit everywhere."""
    wanted = DIMENSIONS.get(property_)
    found: Dimension | None = figure.dimension
    return wanted is None or found is None or wanted is found


CONFIRM = "# confirm"
_GUESSED = {
    "speakers": (CECOT.statedBy, CECOT.accuser), "subject": (RDF.subject,),
    "predicate": (RDF.predicate,), "accused": (CECOT.accused,), "policies": (CECOT.aboutPolicy,),
    "acts": (CECOT.allegedAct,), "about": (CECOT.about,), "span": (CECOT.start, CECOT.end),
}  # fmt: skip
_ALWAYS = (CECOT.modality, CECOT.saying, DCTERMS.description, CECOT.unresolved)
_MOST_OTHERS = 4


def skeleton(index: Index, place: PassageText, proposals: Iterable[Proposal]) -> str:
    """The claims of ``proposals`` for ``place``, each guess marked, what is missing told on top."""
    prefixes = index.material.prefixes
    triples: list[Triple] = []
    marks: dict[tuple[str, str], str] = {}
    missing: list[str] = []
    taken = set(index.material.lines)
    for proposal in proposals:
        form = with_line(with_things(index, proposal.things), proposal.form)
        claim, own = triples_of(form, place, index.material.namespace, taken)
        taken |= {triple.subject.value for triple in own if hasattr(triple.subject, "value")}
        triples += own
        name = prefixes.compact(claim)
        for field in proposal.guesses:
            for predicate in _GUESSED[field]:
                marks[name, prefixes.compact(predicate)] = CONFIRM
        for predicate in _ALWAYS:
            marks[name, prefixes.compact(predicate)] = CONFIRM
        others = [
            prefixes.compact(each)
            for each in proposal.predicates[: _MOST_OTHERS + 1]
            if each != form.predicate
        ]
        if others:
            key = name, prefixes.compact(RDF.predicate)
            marks[key] = f"{CONFIRM}, or {', '.join(others)}"
        missing += [f"{name} needs {each}" for each in _missing(proposal)]
        if others and not form.predicate:
            missing.append(f"{name} rdf:predicate may be {', '.join(others)}")
        for thing in proposal.things:
            triples += thing_triples(thing)
            marks[prefixes.compact(thing.iri), "a"] = CONFIRM
            marks[prefixes.compact(thing.iri), prefixes.compact(SKOS.prefLabel)] = CONFIRM
    turtle = write_turtle(triples, prefixes)
    notes = "".join(f"{CONFIRM}: {each}\n" for each in missing)
    return _marked(turtle, marks) + ("\n" + notes if notes else "")


def _missing(proposal: Proposal) -> Iterable[str]:
    """What the words do not give and the claim must have."""
    form = proposal.form
    if form.status != "Asserted" and not is_whole(form):
        yield "dcterms:description in English and in Spanish"
    if form.is_allegation:
        if not form.acts:
            yield "cecot:allegedAct (a concept of graph/acts.ttl)"
        if not (form.accused or form.policies or form.unresolved):
            yield "cecot:accused or cecot:aboutPolicy, or cecot:unresolved: nobody is named"
    elif "about" in proposal.guesses:
        if not form.about:
            yield "cecot:about"
    else:
        parts = ("rdf:subject", form.subject), ("rdf:predicate", form.predicate)
        yield from (name for name, value in (*parts, ("rdf:object", form.object)) if not value)


def _marked(turtle: str, marks: dict[tuple[str, str], str]) -> str:
    """``turtle`` with the marks at the ends of the lines that they belong to."""
    lines, subject = [], ""
    for line in turtle.splitlines():
        if line and not line[0].isspace() and line != ".":
            subject = line
        predicate = re.match(r" {4}(\S+) ", line)
        mark = marks.get((subject, predicate[1])) if predicate else None
        lines.append(f"{line}  {mark}" if mark else line)
    return "\n".join(lines) + "\n"
