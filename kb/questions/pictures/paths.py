"""The picture of ``kb paths``: the most likely chains of trust from one agent to others."""

from collections.abc import Sequence

from kb.engines.protocol import Engine
from kb.questions.cascade import FLOOR
from kb.questions.kernels.chain import best_chains
from kb.questions.kernels.exposure_graph import OUTSIDE
from kb.questions.kernels.rows import Row
from kb.questions.paths import PATHS, Found, answered, find_paths
from kb.questions.pictures.chains import trail_of
from kb.questions.pictures.composition import composed
from kb.questions.pictures.fall import start_sketch
from kb.questions.pictures.links import links_of_arcs
from kb.questions.pictures.picture import Detail, Line, Picture
from kb.questions.pictures.selection import Frame
from kb.questions.pictures.sketch import Said, Sketch, Trail, counted, key_of, listed, percent, short


def picture_paths(
    engine: Engine,
    fallen: str,
    hit: Sequence[str],
    *,
    k: int = PATHS,
    system: str | None = None,
    floor: float = FLOOR,
    max_hops: int | None = None,
    command: str = "",
    frame: Frame | None = None,
) -> Picture:
    """The agents, the resources and the relations along the ``k`` best paths from ``fallen`` to one of ``hit``.

    A spot is as large as the best path through it is likely.
    """
    found = find_paths(engine, fallen, hit, k=k, system=system, floor=floor, max_hops=max_hops)
    answer = answered(engine, found)
    trails = [trail for chain in found.chains if (trail := trail_of(found.expansion, chain)) is not None]
    used = {hop for trail in trails for hop in trail.hops}
    links = [link for link in links_of_arcs(found.expansion, best_chains(found.expansion.graph)) if key_of(link) in used]
    sketches = _sketches(found, trails)
    last = max(sketch.column for sketch in sketches)
    said = Said(
        "paths",
        f"How does {'what strangers write' if found.start == OUTSIDE else found.start} take {listed(found.goals)} along?",
        _sentence(answer, trails),
        command,
        ("strangers" if found.start == OUTSIDE else "falls first", *(counted(n, "step") for n in range(1, last + 1))),
        "probability of the best path through it",
        answer["complete"],
        answer["truncated_by"],
        tuple(answer["assumptions"]),
    )
    return composed(engine, said, sketches, links, frame or Frame(), trails=trails)


def _sketches(found: Found, trails: Sequence[Trail]) -> list[Sketch]:
    """The start, the goals, and everything on the way at its latest place in one of the paths."""
    columns: dict[str, int] = {}
    best: dict[str, Trail] = {}
    for trail in trails:
        for place, spot in enumerate(trail.spots):
            columns[spot] = max(place, columns.get(spot, 0))
            best.setdefault(spot, trail)
    between = sorted(columns.keys() - {found.start})
    sketches = [start_sketch(found.start), *(_on_the_way(spot, columns[spot], best[spot], found.goals) for spot in between)]
    last = max(columns.values(), default=0) + 1
    missed = [goal for goal in found.goals if goal not in columns]
    return sketches + [Sketch(goal, "Agent", last, "goal", None, "no path comes to it", 1.0) for goal in missed]


def _on_the_way(spot: str, column: int, trail: Trail, goals: Sequence[str]) -> Sketch:
    """``spot`` with the likeliest path that it is on: the first, as they come in that order."""
    text = f"on a path of {percent(trail.probability)} ({trail.probability:.4g})"
    resource = ":" in spot
    way = Detail("In this answer", (Line(f"{' ⇒ '.join(map(short, trail.spots))}: {trail.probability:.4g}"),))
    return Sketch(
        id=spot,
        kind="Resource" if resource else "Agent",
        column=column,
        role="goal" if spot in goals else "",
        size=trail.probability,
        size_text=text,
        weight=trail.probability,
        trail=trail,
        details=(way,),
    )


def _sentence(answer: Row, trails: Sequence[Trail]) -> str:
    if not trails:
        return str(answer["remarks"][0])
    best = trails[0]
    way = " ⇒ ".join(map(short, best.spots))
    return f"{counted(len(trails), 'path')}; the likeliest is {way}, {percent(best.probability)}"
