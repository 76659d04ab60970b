"""Queries against pySHACL, result by result: ``python -m bench agreement``.

Broken graphs are validated by both, in one process. What one of them tells and the other does not
is looked at. A value that cannot be compared breaks sh:lessThan, sh:minInclusive and their kin
(SHACL 1.0, 4.3 and 4.5.3), and pySHACL, which has an order for all literals, lets many of these
pass. Each solution of a SPARQL-based constraint is a result (5.3), and pySHACL merges those that
are alike. Whatever else there is ends the task with 1.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from pyoxigraph import RdfFormat, Triple, parse
from rdflib.namespace import RDF, SH, XSD
from rdflib.term import Literal, Node

from bench.generation.graph import spoilt
from bench.generation.terms import line
from cecot.dataset.content import Material, read_material
from cecot.rooms import find_rooms
from cecot.validation.data import Data, of_material
from cecot.validation.judge import judge, run_shapes
from cecot.validation.report import Found

Told = tuple[object, ...]

_PARTNERS = {
    SH.LessThanConstraintComponent: SH.lessThan,
    SH.LessThanOrEqualsConstraintComponent: SH.lessThanOrEquals,
    SH.MinInclusiveConstraintComponent: SH.minInclusive,
    SH.MinExclusiveConstraintComponent: SH.minExclusive,
    SH.MaxInclusiveConstraintComponent: SH.maxInclusive,
    SH.MaxExclusiveConstraintComponent: SH.maxExclusive,
}
_PAIRS = (SH.lessThan, SH.lessThanOrEquals)
_NUMBERS = {XSD.integer, XSD.decimal, XSD.float, XSD.double}
_ALIKE = {XSD.string, XSD.boolean, XSD.dateTime, XSD.date}


@dataclass(frozen=True, slots=True)
class Agreement:
    """What both tell of one graph; ``explained`` are those of ``ours`` that pySHACL lacks."""

    same: int
    ours: Counter[Told]
    theirs: Counter[Told]
    explained: Counter[Told]

    @property
    def unexplained(self) -> list[Told]:
        """The results that one of them tells, for no reason that is known."""
        return [*(self.ours - self.explained).elements(), *self.theirs.elements()]


def agreement(data: Data) -> Agreement:
    """Compare focus node, path, value, shape, component, severity, messages of all results."""
    found = list(run_shapes(data))
    ours = Counter(map(told, found))
    theirs = Counter(map(told, judge(data, data.shapes.graph)))
    only = ours - theirs
    first = {told(each): each for each in found}
    explained = {
        each: times if _merged(first[each], theirs) else min(times, _lets_pass(first[each], data))
        for each, times in only.items()
    }
    same = (ours & theirs).total()
    return Agreement(same, only, theirs - ours, Counter(explained))


def told(found: Found) -> Told:
    """All that a report says of one result."""
    return (
        found.focus,
        str(found.path),
        found.value,
        found.shape,
        found.component,
        found.severity,
        frozenset(found.messages),
    )


def _merged(found: Found, theirs: Counter[Told]) -> bool:
    """Whether pySHACL tells it too, though not as often."""
    return found.component == SH.SPARQLConstraintComponent and theirs[told(found)] == 1


def _lets_pass(found: Found, data: Data) -> int:
    """How many of the terms that the value is held against cannot be compared with it."""
    parameter = _PARTNERS.get(found.component)
    if parameter is None or found.value is None:
        return 0
    partners: list[Node] = data.shapes.values(found.shape, parameter)
    if parameter in _PAIRS:
        partners = [each for other in partners for each in data.objects(found.focus, other)]
    return sum(not comparable(found.value, partner) for partner in partners)


def comparable(one: Node, other: Node) -> bool:
    """Whether SPARQL's ``<`` has an answer for the two (SPARQL 1.1, 17.3), of the usual types."""
    if not (isinstance(one, Literal) and isinstance(other, Literal)):
        return False
    if one.ill_typed or other.ill_typed:
        return False
    kinds = {_kind(one), _kind(other)}
    return kinds <= _NUMBERS or (len(kinds) == 1 and kinds <= _ALIKE)


def _kind(literal: Literal) -> Node:
    return RDF.langString if literal.language else literal.datatype or XSD.string


def broken(material: Material, triples: int, seed: int) -> Data:
    """The data of a broken graph of ``triples``, with ontology and rules of ``material``."""
    return of_material(material.saying(_broken(triples, seed)))


def _broken(triples: int, seed: int) -> Iterator[Triple]:
    lines = "".join(map(line, spoilt(triples, seed)))
    return (quad.triple for quad in parse(lines, RdfFormat.N_TRIPLES))


def main(arguments: list[str]) -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m bench agreement", description=__doc__)
    parser.add_argument("--triples", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    options = parser.parse_args(arguments)
    material = read_material(find_rooms())
    print("| triples | seed | by both | pySHACL lacks | unexplained |\n|---|---|---|---|---|")
    worst = 0
    for triples in options.triples:
        for seed in options.seeds:
            found = agreement(broken(material, triples, seed))
            left = found.unexplained
            counts = (triples, seed, found.same, found.explained.total(), len(left))
            print("| " + " | ".join(f"{count:,}" for count in counts) + " |", flush=True)
            for each in left:
                print("   ", *each)
            worst = max(worst, len(left))
    return int(worst > 0)
