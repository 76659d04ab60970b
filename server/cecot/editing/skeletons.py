"""Proposals as canonical Turtle, with a comment at each guess: what ``cecot draft`` prints.

``cecot format`` keeps no comment below the top of a file, so a guess that nobody has confirmed
cannot be landed by oversight.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from pyoxigraph import Triple

from cecot.editing.drafts import Proposal, describe, is_whole
from cecot.editing.form import PassageText, triples_of
from cecot.editing.index import Index
from cecot.editing.workspace import thing_triples
from cecot.rdf.writing import write_turtle
from cecot.vocabulary import CECOT, DCTERMS, RDF, SKOS

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
        form = proposal.form
        known = _with_labels(index, proposal)
        if form.status != "Asserted" and is_whole(form):
            lines = tuple((each, describe(known, form, each)) for each in ("en", "es"))
            form = replace(form, description=lines)
        claim, own = triples_of(form, place, index.material.namespace, taken)
        taken |= {triple.subject.value for triple in own if hasattr(triple.subject, "value")}
        triples += own
        name = prefixes.compact(claim)
        for field in proposal.guesses:
            for predicate in _GUESSED[field]:
                marks[name, prefixes.compact(str(predicate))] = CONFIRM
        for predicate in _ALWAYS:
            marks[name, prefixes.compact(str(predicate))] = CONFIRM
        others = [
            prefixes.compact(each)
            for each in proposal.predicates[: _MOST_OTHERS + 1]
            if each != form.predicate
        ]
        if others:
            key = name, prefixes.compact(str(RDF.predicate))
            marks[key] = f"{CONFIRM}, or {', '.join(others)}"
        missing += [f"{name} needs {each}" for each in _missing(proposal)]
        if others and not form.predicate:
            missing.append(f"{name} rdf:predicate may be {', '.join(others)}")
        for thing in proposal.things:
            triples += thing_triples(thing)
            marks[prefixes.compact(thing.iri), "a"] = CONFIRM
            marks[prefixes.compact(thing.iri), prefixes.compact(str(SKOS.prefLabel))] = CONFIRM
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


def _with_labels(index: Index, proposal: Proposal) -> Index:
    """``index``, in which new things of the proposal have their labels."""
    return index.with_triples(
        triple for thing in proposal.things for triple in thing_triples(thing)
    )


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
