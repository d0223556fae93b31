"""The picture of what is around an agent: who can take it along, whom it can take along, and what it faces."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from kb.engines.protocol import Engine
from kb.errors import UsageError
from kb.model.graph import Relation
from kb.questions.facing import DEFAULT_CATALOGS
from kb.questions.kernels.exposure_graph import OUTSIDE
from kb.questions.naming import resolve_member
from kb.questions.pictures.agents import Dossier, claim_lines, read_dossiers
from kb.questions.pictures.composition import composed
from kb.questions.pictures.links import links_of_relations, wiring
from kb.questions.pictures.picture import Detail, Line, Link, Picture
from kb.questions.pictures.selection import Frame
from kb.questions.pictures.sketch import Said, Sketch, counted, listed, short
from kb.questions.pictures.wiring import TRUSTERS, trusters, wired_sketch

_FAR = 5_000
"""Spots from which on no further step is taken."""
_THREATS, _MADE_WITH, _MADE_OF_IT = -1e9, -1e8, 0.5
"""Places beside whole steps: far left, and between the agent and those after it."""
_NEAR = 1e6


@dataclass(slots=True)
class _Around:
    before: dict[str, int] = field(default_factory=dict)
    """Spots from which compromise comes to the agent, with the steps that it takes."""
    after: dict[str, int] = field(default_factory=dict)
    """Spots to which it goes on from there."""
    cut: bool = False

    def parts(self, one: str, other: str) -> bool:
        """Whether ``one`` and ``other`` are not as far from the agent as each other; so also where one has no distance."""
        both = [min((side[spot] for side in (self.before, self.after) if spot in side), default=None) for spot in (one, other)]
        return None in both or both[0] != both[1]


def picture_agent(
    engine: Engine, agent: str, *, depth: int = 1, system: str | None = None, command: str = "", frame: Frame | None = None
) -> Picture:
    """What is up to ``depth`` steps of trust around ``agent`` in either direction, with what it is made with.

    Of the wiring it has what leads a step nearer to the agent or further away from it, and not what its neighbours have with
    each other.
    Its threats are those that documents state or declare, of the catalogues that questions count by default.
    """
    if depth < 1:
        raise UsageError(f"depth is {depth}, expected 1 or more")
    centre = resolve_member(engine, agent, system)
    around = _around(engine, centre, depth)
    dossier = read_dossiers(engine, [centre]).agents[centre]
    made = _made(engine, dossier)
    neighbours = sorted({*around.before, *around.after})
    agents = [spot for spot in neighbours if ":" not in spot]
    homes = _entered(engine, around, depth)
    shown = {*neighbours, *made, *([OUTSIDE] if homes else [])}
    wired = [*wiring(engine, agents), *homes, *(relation for some in made.values() for relation in some)]
    between = [link for link in links_of_relations(wired) if {link.source, link.target} <= shown]
    wires = [link for link in between if around.parts(link.source, link.target)]
    threats = _threat_links(dossier)
    links = [*wires, *threats]
    places = _places(around, made, homes, wires, centre) | {link.source: _THREATS for link in threats}
    numbers = {place: number for number, place in enumerate(sorted(set(places.values())))}
    sketches = _sketches(engine, places, numbers, centre)
    said = Said(
        "agent",
        f"What is around {centre}?",
        _sentence(centre, wires, threats, made),
        command,
        tuple(_heading(place) for place in sorted(numbers)),
        TRUSTERS,
        not around.cut,
        f"more than {_FAR} agents and resources within {depth} steps" if around.cut else None,
    )
    return composed(engine, said, sketches, links, frame or Frame())


def _around(engine: Engine, centre: str, depth: int) -> _Around:
    around = _Around({centre: 0}, {centre: 0})
    for places, back in ((around.before, True), (around.after, False)):
        frontier = [centre]
        for step in range(1, depth + 1):
            frontier = sorted(_next(engine, frontier, back) - places.keys())
            if len(places) + len(frontier) > _FAR:
                around.cut = True
                break
            places |= dict.fromkeys(frontier, step)
    return around


def _next(engine: Engine, spots: Sequence[str], back: bool) -> set[str]:
    """What compromise comes from, or goes to, in one step from ``spots``."""
    agents = [spot for spot in spots if ":" not in spot]
    resources = [spot for spot in spots if ":" in spot]
    taking, giving = ("read", "call"), ("write", "call")
    trusts = engine.expand(agents, ["TRUSTS"], "out" if back else "in")
    found = {relation.target if back else relation.source for relation in trusts}
    uses = engine.expand(agents, ["USES"], "out")
    found |= {relation.target for relation in uses if relation.properties["access"] in (taking if back else giving)}
    users = engine.expand(resources, ["USES"], "in")
    return found | {relation.source for relation in users if relation.properties["access"] in (giving if back else taking)}


def _made(engine: Engine, dossier: Dossier) -> dict[str, list[Relation]]:
    """The product that the agent is made with, or the agents that are made with it."""
    made: dict[str, list[Relation]] = {}
    for relation in engine.expand([dossier.node.id], ["BASED_ON"], "out"):
        made.setdefault(relation.target, []).append(relation)
    for relation in engine.expand([dossier.node.id], ["BASED_ON"], "in"):
        made.setdefault(relation.source, []).append(relation)
    return made


def _entered(engine: Engine, around: _Around, depth: int) -> list[Relation]:
    """The memberships that say that strangers reach the agent, or somebody before it who is near enough."""
    near = [spot for spot, steps in around.before.items() if steps < depth and ":" not in spot]
    return [relation for relation in engine.expand(sorted(near), ["MEMBER_OF"], "out") if relation.properties.get("entry")]


def _threat_links(dossier: Dossier) -> list[Link]:
    """One link for each threat that documents say of the agent, or of its product, and who of them they say it of."""
    found: dict[tuple[str, str, str], list[Line]] = {}
    for relation, via in dossier.both("FACES"):
        if relation.assessment and relation.target.partition(":")[0] in DEFAULT_CATALOGS:
            key = (relation.target, via or dossier.node.id, str(relation.properties["origin"]))
            found.setdefault(key, []).extend(claim_lines(relation))
    return [
        Link(threat, agent, "FACES", origin, threats=(threat,), details=(Detail("Evidence", tuple(dict.fromkeys(lines))),))
        for (threat, agent, origin), lines in sorted(found.items())
    ]


def _places(
    around: _Around, made: Iterable[str], homes: Sequence[Relation], links: Sequence[Link], centre: str
) -> dict[str, float]:
    """Spot to its place: steps before the agent are negative, those after it positive; of both the fewer, or the stronger."""
    places: dict[str, float] = {}
    for spot in made:
        places[spot] = _MADE_OF_IT if "/" in spot else _MADE_WITH
    strongest: dict[tuple[str, str], float] = {}
    for link in links:
        pair = (link.source, link.target)
        strongest[pair] = max(strongest.get(pair, 0.0), link.strength or 0.0)
    for spot in {*around.before, *around.after}:
        before, after = around.before.get(spot), around.after.get(spot)
        comes, goes = strongest.get((spot, centre), 0.0), strongest.get((centre, spot), 0.0)
        first = after is None or (before is not None and (before, goes) <= (after, comes))
        places[spot] = -float(before) if first and before is not None else float(after or 0)
    if homes:
        places[OUTSIDE] = -1.0 - min(around.before[relation.source] for relation in homes)
    return places


def _sketches(engine: Engine, places: Mapping[str, float], numbers: Mapping[float, int], centre: str) -> list[Sketch]:
    """Every spot; the nearer it is to the agent, the later it is left out."""
    resources = [spot for spot, place in places.items() if ":" in spot and place != _THREATS]
    trusted_by = trusters(engine, [spot for spot in places if "/" in spot], resources)
    sketches = []
    for spot, place in sorted(places.items(), key=lambda item: (item[1], item[0])):
        if place == _THREATS:
            sketches.append(Sketch(spot, "Threat", numbers[place], threats=(spot,), weight=_NEAR / 2))
            continue
        role = "start" if spot == centre else ""
        sketch = wired_sketch(spot, numbers[place], trusted_by, role)
        near = _NEAR if place == _MADE_WITH else _NEAR / (1 + abs(place))
        sketches.append(replace(sketch, weight=near + len(trusted_by.get(spot, ()))))
    return sketches


def _heading(place: float) -> str:
    if place == _THREATS:
        return "what documents say it faces"
    named = {_MADE_WITH: "made with", 0.0: "the agent", _MADE_OF_IT: "made with it"}
    return named.get(place) or f"{counted(int(abs(place)), 'step')} {'before' if place < 0 else 'after'}"


def _sentence(centre: str, wires: Sequence[Link], threats: Sequence[Link], made: Mapping[str, Sequence[Relation]]) -> str:
    after = sorted({short(link.target) for link in wires if link.source == centre and link.kind == "TRUSTS"})
    before = sorted({short(link.source) for link in wires if link.target == centre and link.kind == "TRUSTS"})
    faced = {link.source for link in threats}
    words = [f"it acts on what {listed(before)} say{'s' if len(before) == 1 else ''}"] if before else []
    words += [f"{listed(after)} act{'s' if len(after) == 1 else ''} on what it says"] if after else []
    deployed = sorted(agent for agent in made if "/" in agent)
    words += [f"it is deployed as {listed(deployed)}"] if deployed else []
    words += [f"documents say that it faces {counted(len(faced), 'threat')}"] if faced else []
    return f"{short(centre)}: {'; '.join(words)}" if words else f"{short(centre)}: nothing is known around it"
