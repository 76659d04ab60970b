"""Draws who says what about whom: speakers on the left, what they speak of on the right."""

from __future__ import annotations

from dataclasses import dataclass

from cecot.claims.network import Network, Strand
from cecot.claims.nodes import Node
from cecot.messages import say
from cecot.render.svg import (
    BROAD,
    LOOKS,
    OTHER,
    RULE,
    TINT,
    Setting,
    element,
    explained,
    height_of,
    link,
    picture,
    sign,
    tone_of,
    words,
    wrapped,
)

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
        _strand(strand, exits[_key(strand.speaker)], port, measures)
        for strand, port in zip(network.strands, ports, strict=True)
    ]
    note, height = explained(setting, setting.locale.gettext(NETWORK_READ), max(bottom, low), width)
    return picture(
        "".join((*topics["below"], *strands, *speakers, *topics["above"], note)),
        width,
        height,
        key=setting.key,
        title=setting.title,
        description=setting.locale.gettext(NETWORK_READ),
        language=setting.language,
    )


def what_is_said(strand: Strand, setting: Setting, thing: Node | None = None) -> str:
    """What a strand says, in a few words: its properties or the acts alleged, else a count.

    One statement is said whole, but for ``thing``, which the picture is about.
    """
    said: dict[str, None] = {}
    for claim in strand.claims:
        nodes = claim.acts if claim.is_allegation else tuple(filter(None, (claim.predicate,)))
        said |= dict.fromkeys(map(setting.label, nodes))
        if not nodes:
            said |= dict.fromkeys((f"“{claim.quoted.first(setting.language)}”",))
    first = strand.claims[0]
    if len(strand.claims) > 1 and len(said) > _MOST_SAID:
        return setting.locale.ngettext(
            "{count:,} statement", "{count:,} statements", len(strand.claims)
        )
    text = ", ".join(list(said)[:_MOST_SAID]) + (" …" if len(said) > _MOST_SAID else "")
    if len(strand.claims) == 1 and first.object and first.object not in (thing, strand.about):
        return f"{text} {setting.label(first.object)}"
    return text


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
            if _key(strand.about) == _key(topic):
                drawn, port, y = _port(network, number, y, setting, measures)
                above.append(drawn)
                ports.append(port)
        y += 4
        own = network.thing is not None and _key(topic) == _key(network.thing)
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
    look = LOOKS.get(strand.status, OTHER)
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
) -> tuple[list[str], dict[str, float], float]:
    """Who speaks, each as near as there is room to the middle of what they say."""
    drawn, exits, free = [], {}, 4.0
    size = measures.size
    for speaker in network.speakers:
        ends = [
            port
            for strand, port in zip(network.strands, ports, strict=True)
            if _key(strand.speaker) == _key(speaker)
        ]
        label = setting.label(speaker, setting.nobody)
        lines = wrapped(label, measures.left - 8, size, bold=True)
        tall = height_of(lines, size)
        top = max(free, (min(ends) + max(ends)) / 2 - tall / 2)
        text = words(lines, measures.left - 6, top + size, size, font_weight=700, text_anchor="end")
        drawn.append(link(setting.to(speaker), text) if speaker else text)
        exits[_key(speaker)] = top + tall / 2
        free = top + tall + 10
    return drawn, exits, free


def _strand(strand: Strand, start: float, end: float, measures: _Measures) -> str:
    """The line from a speaker to a port, broken as its status is, with its head."""
    look = LOOKS.get(strand.status, OTHER)
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


def _key(node: Node | None) -> str:
    return node.iri or str(node.term) if node else ""
