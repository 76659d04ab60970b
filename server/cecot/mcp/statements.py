"""Claims as statements in one language (docs: model)."""

from __future__ import annotations

from collections.abc import Iterable

from cecot.claims.claim import Claim
from cecot.claims.nodes import Node, Place, Texts, Value
from cecot.claims.silence import Silence
from cecot.mcp import schemas


def statement_of(claim: Claim, language: str, roles: tuple[str, ...] = ()) -> schemas.Statement:
    """The claim whole, with its status, its speakers and its places."""
    modality = claim.modality
    return schemas.Statement(
        iri=claim.iri,
        status=claim.status,
        status_label=modality.label(language).value if modality else "",
        is_fact=claim.is_fact,
        speakers=_things(claim.speakers, language),
        places=tuple(place_of(each, language) for each in claim.places),
        says=claim.said(language),
        sentence=claim.sentence(language),
        subject=_thing(claim.subject, language),
        predicate=_thing(claim.predicate, language),
        object=_thing(claim.object, language),
        about=_things(claim.about, language),
        is_allegation=claim.is_allegation,
        accused=_things(claim.accused, language),
        victims=_things(claim.victims, language),
        acts=_things(claim.acts, language),
        quantities=_things(claim.quantities, language),
        policies=_things(claim.policies, language),
        basis=_things(claim.basis, language),
        said_in=_things(claim.said_in, language),
        as_of=_things(claim.as_of, language),
        saying=_things(claim.saying, language),
        responds_to=_things(claim.responds_to, language),
        repeats=_things(claim.repeats, language),
        hedge=claim.hedge.first(language).value,
        readings=texts_in(claim.readings, language),
        speech_act=claim.speech_act.first(language).value,
        quotations=tuple(each.value for each in (*claim.quoted, *claim.exact)),
        unresolved=texts_in(claim.unresolved, language),
        notes=texts_in(claim.notes, language),
        roles=roles,
    )


def silence_of(silence: Silence, language: str, *, named: bool = False) -> schemas.NotSaid:
    """What a source does not state, and apart what is said by the same property of other things."""
    return schemas.NotSaid(
        thing_of(silence.property_, language),
        " ".join(texts_in(silence.notes, language)),
        tuple(statement_of(claim, language) for claim in silence.elsewhere),
        thing_of(silence.thing, language) if named else None,
        tuple(thing_of(each, language) for each in silence.sources),
    )


def thing_of(node: Node, language: str) -> schemas.ThingName:
    """The thing by its name, with its figure or date if it is one."""
    figure = _figure(node.value, language) if node.value else None
    return schemas.ThingName(node.label(language).value, node.iri, figure=figure, kind=node.mention)


def place_of(place: Place, language: str) -> schemas.PlaceName:
    """The place: source, line and passage."""
    return schemas.PlaceName(
        _thing(place.source, language), place.line, place.passage.iri, place.link
    )


def texts_in(texts: Texts, language: str) -> tuple[str, ...]:
    """What a reader of ``language`` gets of ``texts``."""
    return tuple(each.value for each in texts.read_in(language))


def _figure(value: Value, language: str) -> schemas.Figure:
    return schemas.Figure(
        as_written=value.as_written.first(language).value,
        number=value.number,
        at_least=value.minimum,
        unit=value.unit.first(language).value or value.unit_code,
        qualifier=value.qualifier.first(language).value,
        date=value.edtf,
        same_as=tuple(each.label(language).value for each in value.same_as),
    )


def _thing(node: Node | None, language: str) -> schemas.ThingName | None:
    return thing_of(node, language) if node else None


def _things(nodes: Iterable[Node], language: str) -> tuple[schemas.ThingName, ...]:
    return tuple(thing_of(each, language) for each in nodes)
