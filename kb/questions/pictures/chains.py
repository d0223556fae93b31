"""Chains as pictures show them: along spots, with the factors whose product they are as likely as."""

from itertools import pairwise

from kb.questions.kernels.chain import Chain
from kb.questions.kernels.exposure import Expansion
from kb.questions.kernels.exposure_graph import Arc, Key, Literal
from kb.questions.kernels.members import resource_flow
from kb.questions.kernels.rows import BY_RESOURCE, chain_row
from kb.questions.pictures.picture import Factor
from kb.questions.pictures.sketch import LinkKey, Trail, short


def trail_of(expansion: Expansion, chain: Chain) -> Trail | None:
    """``chain`` along agents and resources; ``None`` for one that never leaves its start."""
    spots, hops = _way(chain)
    if not hops:
        return None
    layers = tuple(chain_row(expansion, chain)["layers"])
    return Trail(tuple(spots), tuple(hops), chain.probability, tuple(factors_of(chain)), layers)


def spot_of(node: Key) -> str:
    """The agent that a node of the exposure graph is in, or the resource that it lies in."""
    return node[1]


def resource_channel(resource: str) -> str:
    """How agents are wired through ``resource``, whose id starts with its form."""
    flow = resource_flow(resource.partition(":")[0])
    return flow[0] if flow else "model"


def hop_of(arc: Arc) -> LinkKey | None:
    """The link that ``arc`` runs along; ``None`` where it stays in one spot."""
    source, target = spot_of(arc.source), spot_of(arc.target)
    if source == target:
        return None
    if "left" in (arc.source[0], arc.target[0]):
        return source, target, "USES", resource_channel(source if arc.source[0] == "left" else target)
    return source, target, "TRUSTS", arc.channel


def _way(chain: Chain) -> tuple[list[str], list[LinkKey]]:
    hops = [hop for arc in chain.arcs for hop in _hops(arc)]
    return [hops[0][0], *(hop[1] for hop in hops)] if hops else [], hops


def _hops(arc: Arc) -> list[LinkKey]:
    """The links that ``arc`` runs along: two where it goes from agent to agent through a resource."""
    hop, through = hop_of(arc), _through(arc)
    if hop is None or through is None or through == hop[0]:
        return [] if hop is None else [hop]
    channel = resource_channel(through)
    return [(hop[0], through, "USES", channel), (through, hop[1], "USES", channel)]


def _through(arc: Arc) -> str | None:
    """The resource that ``arc`` trusts what lies in."""
    return next((draw[2] for draw, *_ in arc.literals if draw[0] == "trust" and len(draw) == BY_RESOURCE), None)


def factors_of(chain: Chain) -> list[Factor]:
    """The factors in the order of the way; each draw once, as the whole chain asks it."""
    counted = set(chain.literals)
    found = []
    steps = _steps(chain)
    for arc, step in zip(chain.arcs, steps, strict=True):
        for literal in arc.literals:
            if literal in counted:
                counted.discard(literal)
                found.append(_factor(arc, literal, step))
    return found


def _steps(chain: Chain) -> list[str]:
    """For each arc where it is on the way: ``planner ⇒ payments`` from the hop to the first exposure, else ``in payments``."""
    steps, current = [], ""
    for before, arc in pairwise((None, *chain.arcs)):
        assert arc is not None  # noqa: S101  # only the first of all is none
        source, target = spot_of(arc.source), spot_of(arc.target)
        if source != target:
            current = f"{short(_through(arc) or source)} ⇒ {short(target)}"
        elif arc.target[0] == "stepping" or before is None:
            current = f"in {short(source)}"
        steps.append(current)
    return steps


def _factor(arc: Arc, literal: Literal, step: str) -> Factor:
    kind = literal.draw[0]
    said = f"{literal.source.basis}: {literal.source.text}"
    if kind == "trust":
        return Factor("strength", literal.probability, said, step)
    if kind == "control":
        return Factor("control fails", literal.probability, f"{literal.draw[2]}, {said}", step)
    return Factor("susceptibility", literal.probability, f"{arc.target[2]}, {said}", step)
