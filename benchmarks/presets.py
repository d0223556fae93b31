"""Which assumption of cascades moves their answers most: each is varied by half, down and up, and the answers compared.

Run with ``python benchmarks/presets.py [AGENTS]``, the number of agents of the generated system (60). Asked of the worked
systems and the generated one: how likely each agent falls when strangers write, and how much falls with each agent. All in the
same worlds, no way left out. A strength or a susceptibility that a document gives is no assumption and stays.
"""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from generated import system_of
from kb import KnowledgeBase
from kb.questions.blast_ranking import SAMPLES, estimates_in_worlds, expanded, wholly
from kb.questions.kernels.exposure import Expansion
from kb.questions.kernels.exposure_graph import OUTSIDE, ExposureGraph, Literal, exposure
from kb.questions.kernels.tables import tables
from kb.questions.kernels.worlds import Worlds

GENERATED = 60
FACTORS = (0.5, 1.5)
WORTH = 0.0005
"""Least difference in probability that is shown."""


class Assumption(NamedTuple):
    """Something that answers rest on, and the conditions that it gives the probability of."""

    name: str
    value: str
    gives: Callable[[Literal], bool]


class Figures(NamedTuple):
    """What is asked of one system."""

    exposure: Mapping[str, float]
    """Agent to how likely it falls when strangers write."""
    radius: Mapping[str, float]


def preset(name: str) -> Callable[[Literal], bool]:
    """Whether a literal is a trust as strong as the preset ``name`` says."""
    return lambda one: one.draw[0] == "trust" and one.source.basis != "document" and one.source.text.startswith(f"{name}:")


def susceptible(basis: str) -> Callable[[Literal], bool]:
    """Whether a literal is a susceptibility that came about so."""
    return lambda one: one.draw[0] in ("arrival", "step") and one.source.basis == basis


def assumptions() -> Iterator[Assumption]:
    """Every assumption with the value that it has."""
    for name, (strength, _) in sorted(tables().presets.items()):
        yield Assumption(f"strength of {name}", f"{strength:g}", preset(name))
    yield Assumption("susceptibility by AIVSS factors", "their mean", susceptible("factors"))
    yield Assumption("susceptibility without a factor", "0.5", susceptible("assumed"))
    yield Assumption("effectiveness of controls", "by tactic", lambda one: one.draw[0] == "control")


def varied(graph: ExposureGraph, gives: Callable[[Literal], bool], factor: float) -> ExposureGraph:
    """``graph`` with the probabilities that an assumption gives multiplied, up to 1."""
    arcs = [
        replace(arc, literals=tuple(one._replace(p=min(1.0, one.p * factor)) if gives(one) else one for one in arc.literals))
        for arc in graph.arcs
    ]
    return ExposureGraph(graph.starts, arcs, graph.best)


def figures(expansion: Expansion, members: Sequence[str], graph: ExposureGraph) -> Figures:
    """What is asked of ``graph``, a variation of that of ``expansion``."""
    asked = estimates_in_worlds(expansion, graph, Worlds(SAMPLES // 2))
    fallen = asked.falls([exposure(OUTSIDE, OUTSIDE)])
    radii = {agent: asked.radius(wholly(expansion, agent), agent).value for agent in members}
    return Figures({agent: fallen[agent].value if agent in fallen else 0.0 for agent in members}, radii)


def agreement(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """Kendall's tau-b: 1 where both put the agents in the same order, -1 where they put them in the opposite one."""
    pairs = [(one[a] - one[b], other[a] - other[b]) for a, b in combinations(sorted(one), 2)]
    same = sum((x * y > 0) - (x * y < 0) for x, y in pairs)
    sizes = sum(x != 0 for x, _ in pairs) * sum(y != 0 for _, y in pairs)
    return float(same / sizes**0.5) if sizes else 1.0


def systems(folder: Path, agents: int) -> Iterator[tuple[str, Expansion, list[str]]]:
    """Each system with everything that can follow in it, and its members."""
    (folder / "generated.yaml").write_text(system_of(agents), encoding="utf-8")
    with KnowledgeBase.open(folder / "kb.db", mode="write") as base:
        base.load(folder / "generated.yaml", seeds=True)
        for system in sorted(node["id"] for node in base.list("systems")):
            members = sorted(relation.source for relation in base.engine.edges("MEMBER_OF", target=[system]))
            yield system, expanded(base.engine, members, system), members


def compare(assumption: Assumption, before: Figures, after: Figures) -> tuple[float, str, float, float]:
    """The largest difference in how likely an agent falls, whose it is, and how far both orders agree."""
    moved = {agent: after.exposure[agent] - p for agent, p in before.exposure.items()}
    most = max(moved, key=lambda agent: abs(moved[agent]))
    return moved[most], most, agreement(before.exposure, after.exposure), agreement(before.radius, after.radius)


def main() -> None:
    """Print what moves the answers of each system, and then which assumption moves any of them most."""
    agents = int(sys.argv[1]) if len(sys.argv) > 1 else GENERATED
    worst: dict[tuple[str, str], dict[float, list[tuple[float, str, float, float]]]] = {}
    with TemporaryDirectory() as folder:
        for system, expansion, members in systems(Path(folder), agents):
            before = figures(expansion, members, expansion.graph)
            middle = median(before.exposure.values())
            print(f"\n{system}: {len(members)} agents; strangers take the one in the middle with {middle:.2f}", flush=True)
            every = Assumption("all of these at once", "", lambda one: any(known.gives(one) for known in assumptions()))
            for assumption in (*assumptions(), every):
                shown = []
                for factor in FACTORS:
                    after = figures(expansion, members, varied(expansion.graph, assumption.gives, factor))
                    found = compare(assumption, before, after)
                    worst.setdefault(assumption[:2], {}).setdefault(factor, []).append(found)
                    if abs(found[0]) >= WORTH:
                        shown.append(f"×{factor:g} {found[0]:+.3f} {found[1]}, order {found[2]:.2f} and {found[3]:.2f}")
                if shown:
                    print(f"  {assumption.name:32} {'; '.join(shown)}", flush=True)
    print("\n| assumption | value | halved | half as much again | order of exposure | order of blast radius |")
    print("|---|---|---|---|---|---|")
    largest = {key: max(abs(one[0]) for found in rows.values() for one in found) for key, rows in worst.items()}
    for key in sorted(worst, key=lambda key: -largest[key]):
        down, up = (max(worst[key][factor], key=lambda one: abs(one[0])) for factor in FACTORS)
        orders = [min(one[at] for found in worst[key].values() for one in found) for at in (2, 3)]
        print(f"| {key[0]} | {key[1]} | {down[0]:+.2f} | {up[0]:+.2f} | {orders[0]:.2f} | {orders[1]:.2f} |")


if __name__ == "__main__":
    main()
