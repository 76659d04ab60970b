"""Draws who says what about whom: speakers on the left, what they speak of on the right.

A strand is what one speaker says about one thing in one status.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cecot.claims.claim import Claim, PlaceInText, read_claims, status_order
from cecot.claims.nodes import Node, gathered
from cecot.claims.subgraph import query
from cecot.claims.thing import Thing
from cecot.engine import Engine
from cecot.messages import say
from cecot.render.svg import (
    BROAD,
    RULE,
    TINT,
    Setting,
    element,
    explained,
    height_of,
    link,
    look_of,
    picture,
    sign,
    tone_of,
    words,
    wrapped,
)
from cecot.sparql.asking import select_iris
from cecot.vocabulary import CECOT

MOST_TOPICS = 18
"""What is spoken of, at most, in a picture of its own; the claims table has the rest."""

MOST_CLAIMS = 200


@dataclass(frozen=True, slots=True)
class Strand:
    """What one speaker says about one thing in one status.

    ``speaker`` is None where the text names none, ``about`` where nobody and nothing is named.
    """

    speaker: Node | None
    about: Node | None
    status: str
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Network:
    """The strands in the order in which a picture shows them, top to bottom.

    ``thing`` is what the network is drawn around, None where it is drawn of everything that is
    not asserted. ``left_out`` is how many strands do not fit; ``more`` whether there are claims
    that were not read.
    """

    thing: Node | None
    strands: tuple[Strand, ...]
    left_out: int
    more: bool

    def __bool__(self) -> bool:
        """Whether there is anything to show."""
        return bool(self.strands)

    @property
    def topics(self) -> tuple[Node | None, ...]:
        """What is spoken of, each once, top to bottom."""
        return tuple(dict.fromkeys(each.about for each in self.strands))

    @property
    def speakers(self) -> tuple[Node | None, ...]:
        """Who speaks, each once: in the order of what they speak of, so that few lines cross."""
        places = gathered((each.speaker, place) for place, each in enumerate(self.strands))
        middle = {speaker: sum(found) / len(found) for speaker, found in places.items()}
        return tuple(sorted(places, key=lambda each: (middle[each], _key(each))))


def network_around(thing: Thing, most: int = MOST_TOPICS) -> Network:
    """The network of all claims that ``thing`` has a part in, with at most ``most`` topics.

    A picture has half as many lines again, at most.
    """
    claims = [each.claim for each in thing.claims]
    return _network(thing.node, claims, most, more=thing.more_claims)


def network_of_claims(engine: Engine) -> Network:
    """The network of all claims that are not asserted. Raises what the engine raises."""
    found = select_iris(engine, query("not-asserted"), "claim", most=MOST_CLAIMS + 1)
    claims = read_claims(engine, found[:MOST_CLAIMS])
    claims.sort(key=lambda each: each.order)
    return _network(None, claims, MOST_TOPICS, more=len(found) > MOST_CLAIMS)


def topics_of(claim: Claim) -> tuple[Node, ...]:
    """What ``claim`` speaks of: its subject, and a policy that it speaks of beside it.

    An allegation speaks of who is accused and of policies; whom else it names may be a victim, and
    counts where nobody is accused. Who speaks of themselves speaks of what they say: of what they
    admire, of what they plan.
    """
    if claim.is_allegation:
        return tuple(dict.fromkeys((*(claim.accused or claim.about), *claim.policies)))
    subject, value = claim.subject, claim.object
    if subject is None:
        return claim.about
    if value is None or not value.iri or value.value:
        return (subject,)
    if subject in claim.speakers:
        return (value,)
    return (subject, value) if CECOT.Policy in value.types else (subject,)


def _network(thing: Node | None, claims: Iterable[Claim], most: int, *, more: bool) -> Network:
    found = gathered(
        ((speaker, about, claim.status), claim)
        for claim in claims
        for about in topics_of(claim) or (None,)
        for speaker in claim.speakers or (None,)
    )
    strands = [Strand(*key, tuple(each)) for key, each in found.items()]
    order = _topic_order(strands, thing)
    kept = [each for each in strands if order[each.about] < most]
    kept.sort(
        key=lambda each: (
            order[each.about],
            status_order(each.status),
            each.claims[0].order,
            _key(each.speaker),
        )
    )
    del kept[most + most // 2 :]
    return Network(thing, tuple(kept), len(strands) - len(kept), more)


def _topic_order(strands: Iterable[Strand], thing: Node | None) -> dict[Node | None, int]:
    """The place of each topic: the thing itself, then what is more than asserted, then by line."""
    first: dict[Node | None, tuple[bool, bool, PlaceInText]] = {}
    for each in strands:
        line = min(claim.order for claim in each.claims)
        here = (each.about is None or each.about != thing, each.status == "Asserted", line)
        first[each.about] = min(here, first.get(each.about, here))
    return {about: place for place, about in enumerate(sorted(first, key=lambda key: first[key]))}


def _key(node: Node | None) -> str:
    """By what nodes stand in an order, where nothing else tells them apart."""
    return node.iri or str(node.term) if node else ""


_MOST_SAID = 3
NETWORK_READ = say(
    "Speakers stand on the left, what they speak of on the right. Each line is one speaker's word "
    "in one status; it is as thick as there are statements in it."
)
"""How the picture is read."""


@dataclass(frozen=True, slots=True)
class _Measures:
    """Where the columns are, and how large the letters."""

    width: float
    left: float
    right: float
    size: float

    @property
    def small(self) -> float:
        return self.size - 1


def draw_network(network: Network, setting: Setting, width: int = BROAD) -> str:
    """The picture of ``network``, ``width`` units wide."""
    narrow = width < 480
    left, right = (0.37, 0.5) if narrow else (0.34, 0.51)
    measures = _Measures(width, width * left, width * right, 12 if narrow else 14)
    topics, ports, bottom = _topics(network, setting, measures)
    speakers, exits, low = _speakers(network, ports, setting, measures)
    strands = [
        _strand(strand, exits[strand.speaker], port, measures)
        for strand, port in zip(network.strands, ports, strict=True)
    ]
    read = setting.locale.gettext(NETWORK_READ)
    note, height = explained(setting, read, max(bottom, low), width)
    drawn = "".join((*topics["below"], *strands, *speakers, *topics["above"], note))
    return picture(drawn, width, height, setting, read)


def what_is_said(strand: Strand, setting: Setting, thing: Node | None = None) -> str:
    """What a strand says, in a few words: its properties or the acts alleged, else a count.

    One statement is said whole, but for ``thing``, which the picture is about. What is said of
    something else than the strand leads to, or its speaker, names that: its property alone would be
    read as said of what the strand leads to.
    """
    said: dict[str, None] = {}
    for claim in strand.claims:
        if _is_of_another(claim, strand):
            said[claim.said(setting.language)] = None
            continue
        nodes = (
            claim.acts_as_said if claim.is_allegation else tuple(filter(None, (claim.predicate,)))
        )
        said |= dict.fromkeys(map(setting.label, nodes))
        if not nodes:
            words = claim.quoted.first(setting.language)
            said[setting.locale.gettext("“{text}”", text=words)] = None
    first = strand.claims[0]
    if len(strand.claims) > 1 and len(said) > _MOST_SAID:
        return setting.locale.ngettext(
            "{count:,} statement", "{count:,} statements", len(strand.claims)
        )
    # Whole lines have commas of their own.
    between = "; " if any(_is_of_another(each, strand) for each in strand.claims) else ", "
    text = between.join(list(said)[:_MOST_SAID]) + (" …" if len(said) > _MOST_SAID else "")
    whole = _is_of_another(first, strand)
    if len(strand.claims) == 1 and not whole and first.object not in (None, thing, strand.about):
        return f"{text} {setting.label(first.object)}"
    return text


def _is_of_another(claim: Claim, strand: Strand) -> bool:
    """Whether the subject of ``claim`` is neither what the strand leads to nor its speaker."""
    if claim.is_allegation or not claim.subject:
        return False
    return claim.subject not in (strand.about, strand.speaker)


def _topics(
    network: Network, setting: Setting, measures: _Measures
) -> tuple[dict[str, list[str]], list[float], float]:
    """What is spoken of, with a port for each strand: what lies below the lines, and above them."""
    below: list[str] = []
    above: list[str] = []
    ports: list[float] = []
    y = 4.0
    room = measures.width - measures.right - 6
    for topic in network.topics:
        top = y
        label = setting.label(topic, setting.locale.gettext("nobody is named"))
        lines = wrapped(label, room, measures.size, bold=True)
        y += 6 + measures.size
        text = words(lines, measures.right, y, measures.size, font_weight=700)
        above.append(link(setting.to(topic), text) if topic else text)
        y += height_of(lines, measures.size) - measures.size + 5
        for number, strand in enumerate(network.strands, 1):
            if strand.about == topic:
                drawn, port, y = _port(network, number, y, setting, measures)
                above.append(drawn)
                ports.append(port)
        y += 4
        own = topic is not None and topic == network.thing
        below.append(
            element(
                "rect", x=measures.right - 8, y=top, width=measures.width - measures.right + 8,
                height=y - top, fill=TINT if own else "none", stroke=RULE,
                class_="own" if own else "box",
            )
        )  # fmt: skip
        y += 8
    return {"below": below, "above": above}, ports, y


def _port(
    network: Network, number: int, y: float, setting: Setting, measures: _Measures
) -> tuple[str, float, float]:
    """One strand's end: sign, status, what is said; the height of its middle; where the next is."""
    strand = network.strands[number - 1]
    status = setting.status(strand.claims[0])
    said = what_is_said(strand, setting, network.thing)
    indent = measures.size + 5
    size = measures.small
    lines = wrapped(f"{status}: {said}", measures.width - measures.right - indent - 4, size, 6)
    look = look_of(strand.status)
    tone = tone_of(strand.status)
    text = words(
        lines, measures.right + indent, y + size, size, colour=look.colour, class_=f"fill {tone}"
    )
    drawn = sign(strand.status, measures.right, y + 0.5, size + 2) + text
    speaker = setting.label(strand.speaker, setting.nobody)
    one = strand.claims[0].node if len(strand.claims) == 1 else None
    address = setting.to(one) if one else setting.strand(number)
    name = f"{speaker}, {status}: {said}"
    return link(address, drawn, name), y + size * 0.55, y + height_of(lines, size) + 5


def _speakers(
    network: Network, ports: list[float], setting: Setting, measures: _Measures
) -> tuple[list[str], dict[Node | None, float], float]:
    """Who speaks, each as near as there is room to the middle of what they say."""
    drawn, exits, free = [], {}, 4.0
    size = measures.size
    for speaker in network.speakers:
        ends = [
            port
            for strand, port in zip(network.strands, ports, strict=True)
            if strand.speaker == speaker
        ]
        label = setting.label(speaker, setting.nobody)
        lines = wrapped(label, measures.left - 8, size, bold=True)
        tall = height_of(lines, size)
        top = max(free, (min(ends) + max(ends)) / 2 - tall / 2)
        text = words(lines, measures.left - 6, top + size, size, font_weight=700, text_anchor="end")
        drawn.append(link(setting.to(speaker), text) if speaker else text)
        exits[speaker] = top + tall / 2
        free = top + tall + 10
    return drawn, exits, free


def _strand(strand: Strand, start: float, end: float, measures: _Measures) -> str:
    """The line from a speaker to a port, broken as its status is, with its head."""
    look = look_of(strand.status)
    x1, x2 = measures.left, measures.right - 9
    middle = (x1 + x2) / 2
    tone = tone_of(strand.status)
    path = (
        f"M{x1:.0f} {start:.1f}C{middle:.0f} {start:.1f} {middle:.0f} {end:.1f} {x2:.0f} {end:.1f}"
    )
    return element(
        "path", d=path, fill="none", stroke=look.colour,
        stroke_width=1.4 + min(len(strand.claims), 12) / 8,
        stroke_dasharray=look.dashes or None, class_=f"line {tone}",
    ) + element(
        "path", d=f"M{x2 - 5:.0f} {end - 4:.1f}l7 4-7 4z", fill=look.colour, class_=f"fill {tone}"
    )  # fmt: skip
