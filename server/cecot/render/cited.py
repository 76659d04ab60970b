"""What is cited: the dataset, or a part of it (a thing, a claim, the answer to a question)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from pyoxigraph import Literal, NamedNode

from cecot.claims.claim import ClaimView
from cecot.claims.subgraph import iri_of
from cecot.claims.thing import Thing
from cecot.engine import Engine
from cecot.material.description import Description
from cecot.material.questions import Question
from cecot.render.citations import Citation
from cecot.render.sentences import said_in_words
from cecot.sparql.asking import Row, select
from cecot.vocabulary import DCAT, DCTERMS, FOAF, RDFS, VOID

_DATASET = f"""
SELECT ?dataset ?role ?name {{
  VALUES ?class {{ <{DCAT.Dataset}> <{VOID.Dataset}> }}
  ?dataset a ?class
  OPTIONAL {{
    VALUES ?role {{ <{DCTERMS.creator}> <{DCTERMS.publisher}> }}
    ?dataset ?role ?agent
    OPTIONAL {{ ?agent <{FOAF.name}>|<{RDFS.label}> ?label }}
    BIND(COALESCE(?label, ?agent) AS ?name)
  }}
}} ORDER BY ?dataset ?role ?name LIMIT 50"""
SHORT_KEY = 8
"""Digits of the version in the key of the dataset, whose every version is another work."""

_NOBODY = Literal("")
_WORDS = {
    "en": {
        "status": "Status: {}",
        "said_by": "said by: {}",
        "nobody": "no speaker named",
        "place": "Place: line {line}, {source}",
        "unresolved": "Unresolved: {}",
    },
    "es": {
        "status": "Estado: {}",
        "said_by": "lo dice: {}",
        "nobody": "sin hablante nombrado",
        "place": "Lugar: línea {line}, {source}",
        "unresolved": "Sin resolver: {}",
    },
}


def cite_dataset(engine: Engine, description: Description, language: str) -> Citation:
    """The dataset as a whole: by whoever its description names as creator, or as publisher.

    Raises what the engine raises.
    """
    rows = select(engine, _DATASET)
    found = rows[0]["dataset"] if rows else None
    iri = found.value if isinstance(found, NamedNode) else description.names.base
    own = [row for row in rows if row["dataset"] == found]
    publishers = _names(own, str(DCTERMS.publisher), language)
    return Citation(
        key=f"{_key(description, iri) or 'dataset'}-{description.version[:SHORT_KEY]}",
        kind="dataset",
        title=_title(description, language),
        container="",
        # Who publishes a dataset without naming an author stands for it; nobody is made up.
        authors=_names(own, str(DCTERMS.creator), language) or publishers,
        publishers=publishers,
        version=description.version,
        issued=_day(description),
        permalink=iri,
        language=language,
    )


def _names(rows: Iterable[Row], role: str, language: str) -> tuple[str, ...]:
    """What those are called who have the ``role``: in ``language``, or in none."""
    names = {
        name.value: None
        for row in rows
        if iri_of(row.get("role", _NOBODY)) == role
        if isinstance(name := row.get("name"), Literal | NamedNode)
        if not isinstance(name, Literal) or name.language in (None, "", language)
    }
    return tuple(names)


def cite_question(
    engine: Engine, description: Description, question: Question, language: str
) -> Citation:
    """The answer to ``question``. Raises what the engine raises."""
    whole = cite_dataset(engine, description, language)
    iri = question.iri(description.names.base)
    return _part(whole, description, iri, question.title(language))


def cite_thing(engine: Engine, description: Description, thing: Thing, language: str) -> Citation:
    """A thing; of a claim what it says, with its status, its speakers and its places.

    A figure or a date comes with the claims that state it. Raises what the engine raises.
    """
    whole = cite_dataset(engine, description, language)
    claim = thing.claim
    if claim:
        title, remarks = said_in_words(claim, language), _remarks(claim, language)
    else:
        title, remarks = thing.node.label(language).value, []
        for each in thing.claims if thing.value else ():
            if {"object", "quantity"} & set(each.roles):
                said = said_in_words(each.claim, language)
                remarks += [said, *_remarks(each.claim, language)]
    part = _part(whole, description, thing.iri, title)
    return replace(part, kind="entry", remarks=tuple(remarks))


def _remarks(claim: ClaimView, language: str) -> list[str]:
    """Without these a claim is not to be read."""
    words = _WORDS.get(language, _WORDS["en"])
    status = claim.modality.label(language).value if claim.modality else claim.status
    speakers = ", ".join(each.label(language).value for each in claim.speakers)
    said_by = words["said_by"].format(speakers) if speakers else words["nobody"]
    remarks = [f"{words['status'].format(status)}; {said_by}"]
    for place in claim.places:
        if place.source and place.line is not None:
            source = place.source.label(language).value
            remarks.append(words["place"].format(line=place.line, source=source))
    unresolved = claim.unresolved.read_in(language)
    remarks += [words["unresolved"].format(each.value).rstrip(".") for each in unresolved]
    return remarks


def _part(whole: Citation, description: Description, iri: str, title: str) -> Citation:
    """A part of ``whole``."""
    return replace(
        whole,
        key=_key(description, iri) or whole.key,
        title=title,
        container=whole.title,
        permalink=iri,
    )


def _title(description: Description, language: str) -> str:
    titles = description.titles
    return (
        titles.get(language)
        or titles.get("en")
        or next(iter(titles.values()), "")
        or (description.names.base)
    )


def _day(description: Description) -> date | None:
    return description.modified.date() if description.modified else None


def _key(description: Description, iri: str) -> str:
    """A key that BibTeX reads, in letters, digits and hyphens; empty if ``iri`` has no end.

    It is the prefix of the ontology and the end of the IRI, so that it is known for what it is
    among the references of other works, and stays the same whenever it is made.
    """
    names = description.names
    end = iri.removeprefix(names.namespace).removeprefix(names.base)
    slug = re.sub(r"[^A-Za-z0-9]+", "-", end).strip("-")
    prefix = names.prefixes.split(f"{names.ontology_iri.rstrip('#')}#x")
    return "-".join(filter(None, (prefix[0] if prefix else "", slug))) if slug else ""
