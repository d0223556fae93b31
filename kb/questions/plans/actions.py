"""What a plan can choose from: controls that an integrator can put in place at an agent, and trust that can be severed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from kb.catalog import catalog
from kb.questions.kernels.exposure import Expansion
from kb.questions.kernels.exposure_graph import OUTSIDE, Arc, ExposureGraph, Key, is_exposure
from kb.questions.kernels.tables import countered, effectiveness, tables

FORMS = ("step", "technique", "strategy", "sub-technique")
"""The forms of mitigation that are controls. OWASP playbooks are bundles of steps, and leaves their examples; ATLAS says
neither how a mitigation works nor who can deploy it."""
DEPLOYABLE = frozenset({"app", "data", "infra"})
"""AIDEFEND pillars that whoever integrates agents can work on; the fourth is the model itself."""
_DIRECT = 6
"""Parts of the key of the trust that one TRUSTS relation gives; that in a resource has three, that in strangers four."""
_Choice = tuple[tuple[int, ...], float]
"""Arcs that a control stops, by number, and how likely it holds."""


@dataclass(frozen=True, slots=True)
class Action:
    """One thing that a plan can do."""

    kind: str
    """``control`` or ``sever``."""
    agent: str
    """Where the control is put in place, or who trusts no longer."""
    alternatives: tuple[str, ...] = ()
    """Mitigations of the same reach and effectiveness, by id: any one of them."""
    trusted: str = ""
    """Who is trusted no longer."""
    holds: float = 1.0
    """How likely it stops what it reaches."""
    reach: tuple[int, ...] = ()
    """The arcs of the graph that it stops, by number."""

    @property
    def draw(self) -> Key:
        """The draw that says in which worlds a control holds: that of the first alternative, as a cascade names it."""
        return ("control", self.agent, self.alternatives[0])


@dataclass(frozen=True, slots=True)
class Control:
    """A mitigation as a plan sees it."""

    id: str
    holds: float
    threats: frozenset[str]
    refines: bool
    """Whether it is a part of another one."""


def actions(expansion: Expansion, counting: Iterable[str], *, sever: bool = True) -> list[Action]:
    """Everything that can be done about the fall of the agents ``counting``: controls by agent, then severed trust."""
    arcs = expansion.graph.arcs
    inside: dict[str, list[int]] = {}
    trusts: dict[tuple[str, str], list[int]] = {}
    for number in _mattering(expansion.graph, frozenset(counting)):
        arc = arcs[number]
        if arc.source[0] in ("in", "stepping"):
            inside.setdefault(arc.source[1], []).append(number)
        pair = severable(arc)
        if pair:
            trusts.setdefault(pair, []).append(number)
    found = []
    for agent, numbers in sorted(inside.items()):
        found += _controls(agent, arcs, numbers, expansion.members[agent].controls)
    if sever:
        found += [Action("sever", pair[0], trusted=pair[1], reach=tuple(reach)) for pair, reach in sorted(trusts.items())]
    return found


def _mattering(graph: ExposureGraph, counting: frozenset[str]) -> list[int]:
    """The arcs, by number, by which one of ``counting`` can come to fall.

    A step within an agent matters only by what it then sends: the agent has fallen before.
    """
    back: dict[Key, list[Key]] = {}
    for arc in graph.arcs:
        back.setdefault(arc.target, []).append(arc.source)
    to_fall = _behind([node for node in graph.best if is_exposure(node) and node[1] in counting], back)
    to_send = _behind([node for node in to_fall if node[0] == "out"], back)
    return [
        number
        for number, arc in enumerate(graph.arcs)
        if arc.target not in graph.starts and arc.target in (to_send if arc.source[0] == "stepping" else to_fall)
    ]


def _behind(found: Sequence[Key], back: Mapping[Key, Sequence[Key]]) -> set[Key]:
    """``found`` and everything that leads there."""
    seen, waiting = set(found), list(found)
    while waiting:
        for node in back.get(waiting.pop(), ()):
            if node not in seen:
                seen.add(node)
                waiting.append(node)
    return seen


def severable(arc: Arc) -> tuple[str, str] | None:
    """(truster, trusted) of the trust that ``arc`` stands for, where the two trust each other's words and not a resource."""
    for literal in arc.literals:
        if literal.draw[0] == "trust" and len(literal.draw) == _DIRECT and literal.draw[2] != OUTSIDE:
            return literal.draw[1], literal.draw[2]
    return None


def stopped_threats(arc: Arc) -> tuple[str, ...]:
    """The threats of which a control has to counter one to stop ``arc``, which runs into or within an agent."""
    return tables().arrives_as.get(arc.source[2], ()) if arc.source[0] == "in" else (arc.source[2],)


def counted(action: Action, arcs: Sequence[Arc]) -> list[dict[str, object]]:
    """Each threat that a control counters where it is put, with the entries that the catalogue counts it against."""
    threats = sorted({threat for number in action.reach for threat in stopped_threats(arcs[number])})
    against = {
        threat: sorted({countered()[one][threat] for one in action.alternatives if threat in countered()[one]})
        for threat in threats
    }
    return [{"threat": threat, "counted_against": entries} for threat, entries in against.items() if entries]


@cache
def controls() -> tuple[Control, ...]:
    """The controls of the catalogue that prevent something and that an integrator can deploy, by id.

    Those that prove who speaks are left out: a fallen member passes them.
    """
    found = []
    for mitigation, threats in sorted(countered().items()):
        node = catalog().node("Mitigation", mitigation)
        holds, _ = effectiveness(mitigation)
        if node is None or node.properties["form"] not in FORMS or not holds or mitigation in tables().authenticates:
            continue
        pillars = node.properties.get("pillars")
        if not isinstance(pillars, tuple) or DEPLOYABLE.intersection(pillars):
            found.append(Control(mitigation, holds, frozenset(threats), node.properties["form"] == "sub-technique"))
    return tuple(found)


def _controls(agent: str, arcs: Sequence[Arc], numbers: Sequence[int], placed: Iterable[str]) -> list[Action]:
    """The choices at ``agent``: controls of one reach and effectiveness.

    Parts of controls come in only where they stop something that no whole one stops as often. A choice is left out where
    another one stops all that it does, at least as often.
    """
    choices: dict[_Choice, list[str]] = {}
    best: dict[int, float] = {}
    for control in sorted(controls(), key=lambda control: (control.refines, control.id)):
        reach = tuple(number for number in numbers if not control.threats.isdisjoint(stopped_threats(arcs[number])))
        if control.id in placed or (control.refines and all(control.holds <= best.get(number, 0.0) for number in reach)):
            continue
        if not control.refines:
            best |= {number: max(control.holds, best.get(number, 0.0)) for number in reach}
        if reach:
            choices.setdefault((reach, control.holds), []).append(control.id)
    kept = [choice for choice in choices if not any(_beats(other, choice) for other in choices)]
    return [
        Action("control", agent, tuple(choices[reach, holds]), holds=holds, reach=reach)
        for reach, holds in sorted(kept, key=lambda choice: choices[choice])
    ]


def _beats(one: _Choice, other: _Choice) -> bool:
    return one != other and one[1] >= other[1] and set(one[0]) >= set(other[0])


def weights(expansion: Expansion, agents: Iterable[str]) -> Mapping[str, float]:
    """Agent to criticality, 1 where no document gives one."""
    given = {agent: expansion.members[agent].criticality for agent in agents}
    return {agent: 1.0 if criticality is None else criticality for agent, criticality in given.items()}
