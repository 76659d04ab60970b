"""The rooms as one request finds them, and what a change of them would do."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from cecot.editing.comparison import Change, compare
from cecot.editing.drafts import Drafter
from cecot.editing.form import LINKS, ROLES, WORDED, WORDS, ClaimForm, PassageText, form_of
from cecot.editing.lexicon import Lexicon, read_lexicon
from cecot.editing.names import NameIndex
from cecot.editing.passages import Passages
from cecot.editing.workspace import Candidate, Workspace
from cecot.errors import NotFound
from cecot.locale.catalogue import locale_of
from cecot.messages import Message, say
from cecot.rooms import Rooms, read_texts, text_files
from cecot.validation import Finding, Severity, validate
from cecot.vocabulary import CECOT, RDF, SCHEMA

FIELD_OF = {
    **{iri: name for table in (LINKS, ROLES, WORDS, WORDED) for name, iri in table.items()},
    CECOT.start: "words", CECOT.end: "words", CECOT.spanHash: "words",
    CECOT.exact: "words", CECOT.statedBy: "speakers", CECOT.accuser: "speakers",
    CECOT.modality: "status", CECOT.saying: "saying", RDF.object: "object_thing",
    CECOT.allegedQuantity: "as_written", CECOT.asWritten: "as_written",
    SCHEMA.value: "number", SCHEMA.minValue: "number", SCHEMA.unitCode: "unit",
    SCHEMA.unitText: "unit", CECOT.edtf: "edtf", SCHEMA.startDate: "edtf",
    CECOT.gloss: "gloss",
}  # fmt: skip
LABELS: dict[str, Message] = {
    "words": say("Words that carry the claim"), "speakers": say("Who says it"),
    "saying": say("What the saying is"), "speech_act": say("The words that introduce it"),
    "hedge": say("Words of reservation"), "accused": say("Who is accused"),
    "policies": say("Which policy it concerns"), "acts": say("Acts, as the text names them"),
    "victims": say("The group that is said to have suffered"),
    "basis": say("Evidence that is named"), "subject": say("Of what"),
    "predicate": say("What of it"), "object_thing": say("What it is said to be"),
    "gloss": say("Our translation"),
    "description": say("A line of our own"), "unresolved": say("What the text leaves open"),
    "quoted": say("Words that the text puts in quotation marks"),
    "about": say("What else it speaks of"),
    "responds_to": say("The claim that it denies, confirms or questions"),
    "repeats": say("The claim that it tells again"),
    "said_in": say("The event in which it was said"),
    "as_of": say("The event as of which it is told"),
    "readings": say("What the sentence may mean otherwise"), "notes": say("Notes of the editors"),
}  # fmt: skip
"""The fields as the form calls them: rules speak of properties, and editors see none."""
FIELD_OF_RULE = {
    "ClaimSaysSomething": "subject", "SourceText": "words", "QuotationShare": "words",
    "ShortQuotations": "words", "SaidOnce": "words", "AllegationSide": "accused",
    "AnswerSaysWhich": "responds_to",
}  # fmt: skip
"""Rules without a path of their own, and the field at which their message helps."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What saving would do: files as diffs, what is said then, what the rules say."""

    candidate: Candidate
    change: Change
    findings: tuple[Finding, ...]
    language: str

    @property
    def may_be_saved(self) -> bool:
        """Whether no rule is broken by it."""
        return not any(each.severity is Severity.VIOLATION for each in self.findings)

    def of(self, field: str) -> list[str]:
        """What the rules say of one field."""
        return list(dict.fromkeys(self.told(e) for e in self.findings if _field(e) == field))

    def told(self, finding: Finding) -> str:
        """The message of a rule in the language of the editor, in the words of the form."""
        message = finding.messages.get(self.language, finding.message)
        prefixes = self.candidate.material.prefixes
        for iri, field in FIELD_OF.items():
            if field in LABELS:
                label = locale_of(self.language).gettext(LABELS[field])
                term = re.escape(prefixes.compact(iri))
                message = re.sub(rf"\b{term}\b(?! \()", f"“{label}”", message)
        return re.sub(r" \(@e[ns]\)", "", message)

    @property
    def elsewhere(self) -> list[Finding]:
        """What the rules say of none of the fields."""
        return [each for each in self.findings if not _field(each)]


class Desk:
    """The rooms as one request finds them."""

    def __init__(self, rooms: Rooms, given: tuple[Path, ...]) -> None:
        self.rooms = rooms
        self.texts = text_files(rooms, given)
        self.workspace = Workspace(rooms)
        self.index = self.workspace.index
        self.passages = Passages(self.index, read_texts(self.texts))
        self.names = NameIndex(self.index)
        self._lexicons: dict[str, Lexicon] = {}

    def key(self, iri: str) -> str:
        """What addresses call a source or a claim: the end of its IRI."""
        return iri.removeprefix(self.index.material.namespace)

    def passage(self, key: str, line: int) -> PassageText:
        """The passage on ``line`` of the source with ``key``; raises NotFound."""
        return self.passages.at(self.passages.source(key), line)

    def claim(self, name: str) -> ClaimForm:
        """The claim with the local name ``name``; raises NotFound."""
        iri = self.index.material.namespace + name
        if iri not in self.index.claims:
            raise NotFound(say("There is no claim {name}.", name=name))
        return form_of(self.index, iri)

    def drafter(self, place: PassageText) -> Drafter:
        """Who proposes claims for ``place``."""
        if place.language not in self._lexicons:
            self._lexicons[place.language] = read_lexicon(self.rooms, place.language)
        return Drafter(self.index, self.names, self._lexicons[place.language])

    def waiting(self, source: str) -> list[PassageText]:
        """The passages of ``source`` without a claim or a note."""
        places = self.passages.of(source)
        return [each for each in places if not self.passages.is_settled(each.iri)]

    @cached_property
    def _known(self) -> set[tuple[str, str, str]]:
        report = validate(self.workspace.material, texts=self.texts)
        return {_same(each) for each in report.findings}

    def preview(self, candidate: Candidate, language: str) -> Preview:
        """What ``candidate`` would do; of the findings, those that it brings."""
        report = validate(candidate.material, texts=self.texts)
        new = tuple(each for each in report.findings if _same(each) not in self._known)
        change = compare(self.index, candidate.material, language)
        return Preview(candidate, change, new, language)


def _field(finding: Finding) -> str:
    by_rule = FIELD_OF_RULE.get(finding.rule.iri.rpartition("#")[2], "")
    return by_rule or FIELD_OF.get(str(finding.path), "")


def _same(finding: Finding) -> tuple[str, str, str]:
    """What tells a finding from another, wherever it stands."""
    return str(finding.rule.iri), str(finding.node), finding.detail
