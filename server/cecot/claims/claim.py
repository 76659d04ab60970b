"""A claim as people read it: who says what, in which words, where, how sure (docs: model)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pyoxigraph import NamedNode

from cecot.claims.nodes import Node, Place, Reader, Texts, texts_of
from cecot.claims.subgraph import gather_claims, gather_nodes, iri_of
from cecot.engine import Engine
from cecot.sparql.asking import select
from cecot.vocabulary import CECOT, DCTERMS, RDF, RDFS, SKOS

(
    _MODALITY,
    _ABOUT,
    _STATED_BY,
    _SAID_IN,
    _ACCUSED,
    _ALLEGED_ACT,
    _ALLEGED_QUANTITY,
    _ABOUT_POLICY,
    _BASIS,
    _PASSAGE,
    _SPEECH_ACT,
    _QUOTED_TEXT,
    _UNRESOLVED,
    _SUBJECT,
    _PREDICATE,
    _OBJECT,
    _EXACT,
    _DESCRIPTION,
    _EDITORIAL_NOTE,
    _A_CLAIM,
    _A_ALLEGATION,
) = (
    str(each)
    for each in (
        CECOT.modality,
        CECOT.about,
        CECOT.statedBy,
        CECOT.saidIn,
        CECOT.accused,
        CECOT.allegedAct,
        CECOT.allegedQuantity,
        CECOT.aboutPolicy,
        CECOT.basis,
        CECOT.passage,
        CECOT.speechAct,
        CECOT.quotedText,
        CECOT.unresolved,
        RDF.subject,
        RDF.predicate,
        RDF.object,
        CECOT.exact,
        DCTERMS.description,
        SKOS.editorialNote,
        CECOT.Claim,
        CECOT.Allegation,
    )
)

STATUSES = ("Asserted", "Hedged", "Attributed", "Alleged", "Planned", "Evaluative")
"""The modalities of the ontology, in the order in which it lists them."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim, whole: what it says never comes without its status, its speakers, its places.

    ``status`` is the modality's local name (``Attributed``), empty if there is none. A claim has
    ``subject``, ``predicate`` and ``object``, or only ``quoted`` words; an allegation has roles:
    ``accused``, ``acts``, ``quantities``, ``policies``, ``basis``. ``quoted`` stands in quotation
    marks in the text, ``exact`` is the span of the text that carries the claim.
    """

    node: Node
    status: str
    modality: Node | None
    is_allegation: bool
    subject: Node | None
    predicate: Node | None
    object: Node | None
    about: tuple[Node, ...]
    speakers: tuple[Node, ...]
    said_in: tuple[Node, ...]
    accused: tuple[Node, ...]
    acts: tuple[Node, ...]
    quantities: tuple[Node, ...]
    policies: tuple[Node, ...]
    basis: tuple[Node, ...]
    speech_act: Texts
    quoted: Texts
    exact: Texts
    unresolved: Texts
    description: Texts
    notes: Texts
    places: tuple[Place, ...]

    @property
    def iri(self) -> str:
        """The IRI of the claim."""
        return self.node.iri

    @property
    def is_asserted(self) -> bool:
        """Whether the text says it in its own voice: only then is it a fact."""
        return self.status == "Asserted"

    @property
    def order(self) -> tuple[str, int, str]:
        """Where it comes in the order of reading: source, line, IRI."""
        place = self.places[0] if self.places else None
        source = place.source.iri if place and place.source else ""
        return source, (place.line or 0) if place else 0, self.iri


def read_claims(engine: Engine, claims: Iterable[NamedNode]) -> list[Claim]:
    """The claims as views, in the order given; what is no claim is left out.

    Raises what the engine raises.
    """
    reader = Reader(gather_claims(engine, claims))
    return [view for claim in reader.gathered.roles if (view := claim_of(reader, claim))]


def claim_of(reader: Reader, claim: NamedNode) -> Claim | None:
    """The view of ``claim``, which was gathered whole; None if it is no claim."""
    node = reader.node(claim)
    modality = next(iter(reader.nodes(claim, _MODALITY)), None)
    if modality is None and _A_CLAIM not in node.types:
        return None

    def nodes(predicate: str) -> tuple[Node, ...]:
        return reader.nodes(claim, predicate)

    def one(predicate: str) -> Node | None:
        return next(iter(nodes(predicate)), None)

    def texts(predicate: str) -> Texts:
        return reader.texts(claim, predicate)

    return Claim(
        node=node,
        status=modality.iri.removeprefix(str(CECOT)) if modality else "",
        modality=modality,
        is_allegation=_A_ALLEGATION in node.types,
        subject=one(_SUBJECT),
        predicate=one(_PREDICATE),
        object=one(_OBJECT),
        about=nodes(_ABOUT),
        speakers=nodes(_STATED_BY),
        said_in=nodes(_SAID_IN),
        accused=nodes(_ACCUSED),
        acts=nodes(_ALLEGED_ACT),
        quantities=nodes(_ALLEGED_QUANTITY),
        policies=nodes(_ABOUT_POLICY),
        basis=nodes(_BASIS),
        speech_act=texts(_SPEECH_ACT),
        quoted=texts(_QUOTED_TEXT),
        exact=texts(_EXACT),
        unresolved=texts(_UNRESOLVED),
        description=texts(_DESCRIPTION),
        notes=texts(_EDITORIAL_NOTE),
        places=tuple(reader.place(each.term) for each in nodes(_PASSAGE)),
    )


_COMMENTS = (
    "SELECT ?status ?comment { VALUES ?status { $statuses } "
    f"?status <{RDFS.comment}> ?comment }}"
)


@dataclass(frozen=True, slots=True)
class Status:
    """A status: its node with its labels, and what it means."""

    name: str
    node: Node
    meaning: Texts


def read_statuses(engine: Engine) -> Mapping[str, Status]:
    """The statuses by name, in the order of the ontology. Raises what the engine raises."""
    nodes = [NamedNode(str(CECOT[name])) for name in STATUSES]
    reader = Reader(gather_nodes(engine, nodes))
    rows = select(engine, _COMMENTS, statuses=nodes)
    return {
        name: Status(
            name,
            reader.node(node),
            texts_of(row["comment"] for row in rows if iri_of(row["status"]) == node.value),
        )
        for name, node in zip(STATUSES, nodes, strict=True)
    }
