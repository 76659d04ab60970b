"""Claims in one line of words, for references and tables (docs: model).

What a claim says is no statement by itself: ``told_in_words`` adds who says it, and how sure.
"""

from __future__ import annotations

from cecot.claims.claim import Claim
from cecot.claims.nodes import Node


def said_in_words(claim: Claim, language: str) -> str:
    """What ``claim`` says in one line: in our words, as a statement, or in those of its speaker."""
    if claim.description:
        return claim.description.first(language).value.rstrip(".")
    if claim.subject and claim.predicate and claim.object:
        parts = (claim.subject, claim.predicate, claim.object)
        return " ".join(each.label(language).value for each in parts)
    quoted = claim.quoted.first(language).value
    return quoted or claim.node.label(language).value


def told_in_words(claim: Claim, language: str) -> str:
    """What ``claim`` says, with its status and its speakers, so that it can stand alone."""
    if claim.description or not (claim.subject and claim.predicate and claim.object):
        said = said_in_words(claim, language)
    else:
        subject, predicate = claim.subject.label(language), claim.predicate.label(language)
        said = f"{subject} \N{EM DASH} {predicate}: {_object(claim.object, language)}"
    status = claim.modality.label(language).value if claim.modality else claim.status
    speakers = ", ".join(each.label(language).value for each in claim.speakers)
    return f"{said} [{'; '.join(filter(None, (status, speakers)))}]"


def _object(node: Node, language: str) -> str:
    """A thing by its label, a figure or a date as it is written, with what limits it."""
    if node.value is None:
        return node.label(language).value
    written = node.value.written_in(language).value
    limits = (each.value for each in node.value.qualifier.read_in(language))
    return " ".join((written, *(f"({each})" for each in limits if each not in written)))
