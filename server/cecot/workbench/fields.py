"""The claim as fields of a web form, both ways: names of things where the graph has IRIs.

What an editor types is a name; what is not known becomes a new thing, once its class is chosen.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pyoxigraph import Triple

from cecot.claims.quantities import UNITS, find_unit
from cecot.dates import read_edtf
from cecot.editing.figures import DateDraft, FigureDraft, Worded
from cecot.editing.form import WORDED, ClaimForm, PassageText, Value, Written, free, slug
from cecot.editing.index import Index
from cecot.editing.names import NameIndex
from cecot.editing.saying import status_of
from cecot.editing.workspace import NewThing
from cecot.messages import Message, say
from cecot.protocol.requests import whole_number
from cecot.vocabulary import CECOT, LANGUAGES, RDF, SKOS, STATUSES

_ROLES = ("accused", "policies", "acts", "victims", "basis")
"""Those that an allegation alone has."""
SAYINGS: Mapping[str, Message] = {
    "": say("states it (the text's own voice)"),
    "Say": say("says it"),
    "Plan": say("announces, promises or plans it"),
    "Accuse": say("accuses of it"),
    "Praise": say("praises it"),
    "Judge": say("judges or criticizes it"),
    "Deny": say("denies it"),
    "Confirm": say("confirms it"),
    "Question": say("questions it"),
    "Expect": say("expects it"),
}
_FIXED = {"acts": CECOT.Acts, "policies": CECOT.Policy}
_ACTS = {"Alleged": "Accuse", "Planned": "Plan"}
MOST_NEAR = 5
_CLASSES = (
    CECOT.Person, CECOT.Organization, CECOT.UnidentifiedAgent, CECOT.Place, CECOT.Facility,
    CECOT.Feature, CECOT.Event, CECOT.Policy, CECOT.Proposal,
)  # fmt: skip
_CLOSED = {CECOT.Modalities, CECOT.Sayings}
_SPEAKING = {CECOT.Event, CECOT.Proposal}


@dataclass(frozen=True, slots=True)
class NewName:
    """A name that the graph has not, what is like it, and what it may become.

    ``key`` ends the names of the fields that tell of it. ``thing`` is what would be written,
    a concept where no class is chosen yet. ``about`` holds the names of what its own
    name speaks of; None where its class asks for none.
    """

    name: str
    near: tuple[tuple[str, str], ...]
    kind: str
    key: str
    about: str | None
    thing: NewThing


@dataclass
class Entered:
    """What was read of the fields: the form, new things, and what is wrong by field."""

    form: ClaimForm
    things: list[NewThing] = field(default_factory=list)
    unknown: list[NewName] = field(default_factory=list)
    wrong: dict[str, list[Message]] = field(default_factory=dict)

    @property
    def named(self) -> list[NewThing]:
        """All things that a name was given, of whatever class or none yet: for words alone."""
        return [each.thing for each in self.unknown]

    def tell(self, name: str, message: Message) -> None:
        """Note that the field ``name`` cannot be taken as it is."""
        self.wrong.setdefault(name, []).append(message)


class FieldReader:
    """Reads the fields of one request."""

    def __init__(
        self, index: Index, names: NameIndex, place: PassageText, given: Mapping[str, str]
    ) -> None:
        self.index = index
        self.names = names
        self.place = place
        self.given = given
        self.entered = Entered(ClaimForm(passage=place.iri))
        self._new: dict[str, str] = {}

    def read(self, before: ClaimForm | None = None) -> Entered:
        """The form that the fields make; of ``before``, what no field shows is kept."""
        start, end = self._span(before)
        saying = self._chosen("saying", SAYINGS)
        speakers = self._iris("speakers") or (self.place.source,)
        hedge = self._text("hedge")
        own = speakers == (self.place.source,)
        status = self._text("status") or status_of(
            (saying or "state").lower(), is_own_voice=own, is_hedged=bool(hedge)
        )
        if status not in STATUSES:
            self.entered.tell("status", say("There is no such status."))
            status = "Attributed"
        alleged = status == "Alleged"
        fields: dict[str, Any] = {
            **{name: self._iris(name) if alleged else () for name in _ROLES},
            **{name: self._in_text(name) for name in ("speech_act", "hedge", "quoted")},
            **{name: self._chosen(name, self.index.claims) for name in ("responds_to", "repeats")},
            **{name: self._worded(name, getattr(before, name, ())) for name in WORDED},
        }
        value = before.object or before.quantity if before else None
        self.entered.form = ClaimForm(
            passage=self.place.iri,
            name=before.name if before else "",
            start=start,
            end=end,
            status=status,
            saying=saying,
            speakers=speakers,
            subject="" if alleged else self._iri("subject"),
            predicate="" if alleged else self._chosen("predicate", self.index.claim_properties),
            object=None if alleged else self._object(value),
            about=self._iris("about"),
            quantity=self._figure(value) if alleged and self._text("as_written") else None,
            said_in=self._iri("said_in"),
            as_of=self._iri("as_of"),
            exact=before.exact if before else "",
            # Another status may need the words as proof.
            span_hash=before.span_hash if before and before.status == status else "",
            rest=_staying(before, alleged=alleged) if before else (),
            **fields,
        )
        return self.entered

    def _text(self, name: str) -> str:
        return self.given.get(name, "").strip()

    def _in_text(self, name: str) -> str:
        """Words of the passage, as it has them: a plain space that was typed may be another."""
        words = self._text(name)
        for start, end in _all(words, self.place.words):
            return self.place.words[start:end]
        if words and self.place.words:
            self.entered.tell(name, say("These words do not stand in the passage."))
        return words

    def _chosen(self, name: str, known: Iterable[str]) -> str:
        value = self._text(name)
        if value and value not in known:
            self.entered.tell(name, say("Choose one of the list."))
            return ""
        return value

    def _span(self, before: ClaimForm | None) -> tuple[int | None, int | None]:
        """Where the claim stands: the words as they were typed or pasted, which occur once.

        Where the text is not here, a claim that is there stays where it stands.
        """
        if before and before.start is not None and not (self.place.words or self._text("words")):
            return before.start, before.end
        found = spans_of(self.place, self.given) if self._text("words") else []
        if len(found) == 1:
            return found[0]
        if not self._text("words"):
            message = say("Give the words of the passage that carry the claim.")
        elif found:
            message = say("These words stand there more than once: give more of them.")
        else:
            message = say("These words do not stand in the passage.")
        self.entered.tell("words", message)
        return None, None

    def _iris(self, name: str) -> tuple[str, ...]:
        typed = [each.strip() for each in self._text(name).split(";")]
        return tuple(dict.fromkeys(self._resolved(name, each) for each in typed if each))

    def _iri(self, name: str) -> str:
        words = self._text(name)
        return self._resolved(name, words) if words else ""

    def _resolved(self, field_: str, words: str) -> str:
        """The IRI of a name; of one that is not known, that of the new thing."""
        if words.casefold() in ("the text itself", "el propio texto"):
            return self.place.source
        if found := known_name(self.index, self.names, words):
            return found
        if words in self._new:
            return self._new[words]
        key = slug(words) or "thing"
        chosen = self._text(f"same-{key}")
        if chosen and self.index.texts(chosen, SKOS.prefLabel):
            return chosen
        return self._made(field_, words, key)

    def _made(self, field_: str, words: str, key: str) -> str:
        chosen = self._text(f"kind-{key}") or _FIXED.get(field_, "")
        english = self._text(f"english-{key}") or words
        spanish = self._text(f"spanish-{key}") or words
        iri = self._free(slug(english) or key, chosen)
        self._new[words] = iri
        inside = ((each, self._text(f"inside-{each}-{key}")) for each in LANGUAGES)
        told = tuple((language, said) for language, said in inside if said)
        is_chosen = chosen in kinds(self.index)
        scheme = chosen if is_chosen and chosen not in _CLASSES else ""
        about: tuple[str, ...] | None = None
        if scheme or chosen in _SPEAKING:
            is_told = f"about-{key}" in self.given
            about = self._iris(f"about-{key}") if is_told else self.names.linked(english)
        kind = chosen if is_chosen and not scheme else SKOS.Concept
        thing = NewThing(iri, kind, english, spanish, scheme, about or (), told)
        if is_chosen:
            self.entered.things.append(thing)
        else:
            self.entered.tell(field_, say("{name} is not known: say what it is.", name=words))
        near = tuple((each, self.index.label(each)) for each in self.names.near(words, MOST_NEAR))
        names = None if about is None else "; ".join(self.index.labels(about))
        if f"about-{key}" in self.given and about is not None:
            names = self._text(f"about-{key}")
        self.entered.unknown.append(NewName(words, near, chosen, key, names, thing))
        return iri

    def _free(self, key: str, kind: str) -> str:
        namespace = self.index.material.namespace
        if kind == CECOT.UnidentifiedAgent:
            source = re.escape(self.place.source.removeprefix(namespace))
            key = re.sub(rf"^unidentified-|(?:-{source})?-line-\d+$", "", key)
            key = f"{self.place.key}-unidentified-{key}"
        return free(
            namespace + key,
            lambda name: bool(self.index.properties(name)) or name in self._new.values(),
        )

    def _object(self, before: Value) -> Value:
        match self._text("object_kind"):
            case "figure":
                return self._figure(before)
            case "date":
                return self._date(before)
            case "words":
                words = self._text("object_words")
                language = self._text("object_language") or self.place.language
                gloss = self._worded("gloss", getattr(before, "gloss", ()))
                return Written(words, language, gloss) if words else None
            case _:
                return self._iri("object_thing") or None

    def _figure(self, before: Value) -> FigureDraft | None:
        written = self._in_text("as_written")
        if not written:
            return None
        number = self._number("number")
        least = bool(self._text("at_least"))
        code, text = self._unit("unit")
        converted = None
        if self._text("converted"):
            other_code, other_text = self._unit("converted_unit")
            other = getattr(before, "converted", None)
            converted = FigureDraft(
                0, 0, self._in_text("converted"), value=self._number("converted_number"),
                unit_code=other_code, unit_text=other_text,
                gloss=self._worded("converted_gloss", getattr(other, "gloss", ())),
            )  # fmt: skip
        return FigureDraft(
            0, 0, written, value="" if least else number, minimum=number if least else "",
            unit_code=code, unit_text=text, qualifier=self._text("qualifier"),
            gloss=self._worded("gloss", getattr(before, "gloss", ())), converted=converted,
        )  # fmt: skip

    def _number(self, name: str) -> str:
        value = self._text(name)
        if value and not re.fullmatch(r"-?[0-9]+(?:\.[0-9]+)?", value, re.ASCII):
            self.entered.tell(name, say("Write the number in figures, as 12000 or 0.6."))
            return ""
        return value

    def _unit(self, name: str) -> tuple[str, str]:
        typed = self._text(name)
        unit = find_unit([], [typed])
        if unit is None:
            return ("", typed) if typed else ("C62", "")
        return unit.code, "" if unit.code else typed

    def _date(self, before: Value) -> DateDraft | None:
        written = self._in_text("date_written")
        edtf = read_edtf(self._text("edtf"))
        if edtf is None:
            self.entered.tell("edtf", say("Write the date as 2023-02-01, 2023-01, 2022 or 198X."))
            return None
        first, last = edtf.first, edtf.last
        for name in ("first", "last"):
            value = self._text(name)
            day = read_edtf(value)
            if value and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII):
                self.entered.tell(name, say("Write the day as 2023-02-01."))
            elif value and day is None:
                self.entered.tell(name, say("There is no such day."))
            elif day and name == "first":
                first = day.first
            elif day:
                last = day.first
        gloss = self._worded("gloss", getattr(before, "gloss", ()))
        return DateDraft(0, 0, written, self._text("edtf"), first, last, gloss)

    def _worded(self, name: str, before: Worded) -> Worded:
        """The words in each language; of ``before``, those in a language that has no field."""
        found = ((each, self._text(f"{name}_{each}")) for each in LANGUAGES)
        typed = (
            (language, line.strip())
            for language, words in found
            for line in words.splitlines()
            if line.strip()
        )
        return tuple(sorted([*typed, *(each for each in before if each[0] not in LANGUAGES)]))


def _staying(before: ClaimForm, *, alleged: bool) -> tuple[Triple, ...]:
    """What no field shows of ``before``, but for what a claim of the other kind alone has."""
    gone = (RDF.subject, RDF.predicate, RDF.object) if alleged else (CECOT.allegedQuantity,)
    return tuple(each for each in before.rest if each.predicate.value not in gone)


def fields_of(index: Index, form: ClaimForm, place: PassageText, language: str) -> dict[str, str]:
    """The form as the values of its fields, names in ``language``."""
    fields = {
        "words": place.span(form.start or 0, form.end or 0),
        "start": "" if form.start is None else str(form.start),
        "end": "" if form.end is None else str(form.end),
        "saying": form.saying or _ACTS.get(form.status, ""),
        "speech_act": form.speech_act,
        "hedge": form.hedge,
        "quoted": form.quoted,
        "predicate": form.predicate,
        "responds_to": form.responds_to,
        "repeats": form.repeats,
    }
    follows = status_of(
        (fields["saying"] or "state").lower(),
        is_own_voice=form.speakers == (place.source,),
        is_hedged=bool(form.hedge),
    )
    fields["status"] = "" if follows == form.status else form.status
    lists = {"speakers": form.speakers, "subject": (form.subject,), "about": form.about,
             "accused": form.accused, "policies": form.policies, "acts": form.acts,
             "victims": form.victims, "basis": form.basis, "said_in": (form.said_in,),
             "as_of": (form.as_of,)}  # fmt: skip
    for name, iris in lists.items():
        labels = (index.label(each, language) for each in iris if each)
        fields[name] = "; ".join(labels)
    for name in WORDED:
        fields |= _fields_of_worded(name, getattr(form, name))
    return fields | _fields_of_value(index, form.object or form.quantity, language)


def _fields_of_worded(name: str, worded: Worded) -> dict[str, str]:
    """A field for each language, and a line in it for each of its words."""
    return {
        f"{name}_{each}": "\n".join(words for tag, words in worded if tag == each)
        for each in LANGUAGES
    }


def _fields_of_value(index: Index, value: Value, language: str) -> dict[str, str]:
    match value:
        case FigureDraft():
            converted = value.converted
            fields = {
                "object_kind": "figure",
                "as_written": value.as_written,
                "number": value.value or value.minimum,
                "at_least": "yes" if value.minimum else "",
                "unit": _unit_name(value),
                "qualifier": value.qualifier,
                **_fields_of_worded("gloss", value.gloss),
            }
            if converted:
                fields |= {
                    "converted": converted.as_written,
                    "converted_number": converted.value,
                    "converted_unit": _unit_name(converted),
                    **_fields_of_worded("converted_gloss", converted.gloss),
                }
            return fields
        case DateDraft():
            return {
                "object_kind": "date",
                "date_written": value.as_written,
                "edtf": value.edtf,
                "first": _written_day(value.first),
                "last": _written_day(value.last),
                **_fields_of_worded("gloss", value.gloss),
            }
        case Written():
            return {
                "object_kind": "words",
                "object_words": value.words,
                "object_language": value.language,
                **_fields_of_worded("gloss", value.gloss),
            }
        case str() if value:
            return {"object_kind": "thing", "object_thing": index.label(value, language)}
    return {"object_kind": "thing"}


def _written_day(day: date) -> str:
    """``day`` as it is typed; nothing where the graph gives none, so that it is made anew."""
    return "" if day == date.min else day.isoformat()


def known_name(index: Index, names: NameIndex, words: str) -> str:
    """The one thing whose label in any language is ``words``, or that ``words`` names."""
    folded = words.casefold()
    found = {iri for iri, label in labels(index) if label.casefold() == folded}
    if len(found) == 1:
        return found.pop()
    named = names.named(words)
    return named[0] if len(named) == 1 and not found and _is_whole(index, named[0], folded) else ""


def _is_whole(index: Index, iri: str, folded: str) -> bool:
    """Whether ``folded`` is all of a name of ``iri``, not only the words around one."""
    texts = (text.casefold() for text in index.texts(iri, SKOS.prefLabel))
    return any(folded in text for text in texts)


def kinds(index: Index) -> list[str]:
    """What a new thing can be: a class, or a scheme of concepts that takes new ones."""
    schemes = index.instances(SKOS.ConceptScheme)
    return [*_CLASSES, *(each for each in schemes if each not in _CLOSED)]


def labels(index: Index) -> Iterator[tuple[str, str]]:
    """IRI and label of everything that a claim can name."""
    namespace = index.material.namespace
    for triple in index.material.graph:
        if triple.predicate.value == SKOS.prefLabel:
            iri = getattr(triple.subject, "value", "")
            if iri.startswith(namespace):
                yield iri, triple.object.value  # type: ignore[union-attr]


def unit_names() -> list[str]:
    """The names of the units, as a form offers them."""
    return [unit.name("en") for unit in UNITS if unit.code != "C62"]


def _unit_name(figure: FigureDraft) -> str:
    unit = find_unit([figure.unit_code], [figure.unit_text])
    if figure.unit_text or unit is None or unit.code == "C62":
        return figure.unit_text
    return unit.name("en")


def spans_of(place: PassageText, given: Mapping[str, str]) -> list[tuple[int, int]]:
    """Where in the source the span may be that is given by ``start`` and ``end``, or ``words``.

    If both are given and do not agree, the words count: wherever they stand in the passage.
    """
    words = given.get("words", "")
    start, end = (whole_number(given.get(each, "").strip()) for each in ("start", "end"))
    if start is not None and end is not None:
        span = place.span(start, end)
        if span and words.split() in ([], span.split()):
            return [(start, end)]
    return [(place.start + one, place.start + other) for one, other in _all(words, place.words)]


def _all(words: str, text: str) -> Iterator[tuple[int, int]]:
    """Where ``words`` stand in ``text``, any space for any other."""
    parts = [re.escape(each) for each in words.split()]
    for match in re.finditer(r"\s+".join(parts), text) if parts else ():
        yield match.span()
