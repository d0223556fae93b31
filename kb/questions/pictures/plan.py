"""The picture of ``kb plan``: who falls before, and after each step of it."""

from collections.abc import Mapping, Sequence
from typing import Any

from kb.engines.protocol import Engine
from kb.questions.cascade import FLOOR
from kb.questions.kernels.exposure import Expansion, Wanted
from kb.questions.kernels.exposure_graph import OUTSIDE
from kb.questions.kernels.rows import Row
from kb.questions.kernels.worlds import Worlds
from kb.questions.naming import resolve
from kb.questions.pictures.composition import composed
from kb.questions.pictures.fall import PROBABILITY, Fallen, distance_headings, fall
from kb.questions.pictures.picture import Line, Picture
from kb.questions.pictures.selection import Frame
from kb.questions.pictures.sketch import Said, percent, short
from kb.questions.pictures.steps import after_steps, falling, said_of, step_scenes
from kb.questions.plan import ENTRIES, expanded, plan

_NAMED = 3
"""Steps that the answer names; the states name all."""


def picture_plan(
    engine: Engine,
    *,
    budget: int = 3,
    protect: Sequence[str] = (),
    fallen: str = ENTRIES,
    system: str | None = None,
    floor: float = FLOOR,
    max_hops: int | None = None,
    command: str = "",
    frame: Frame | None = None,
    **how: Any,
) -> Picture:
    """Who falls now and after each step of the best plan, in the worlds in which plans are compared; a state for each.

    All but ``command`` and ``frame`` as :func:`kb.questions.plan.plan` takes it.
    """
    answer = plan(
        engine,
        budget,
        protect=protect,
        fallen=fallen,
        system=system,
        floor=floor,
        max_hops=max_hops,
        method="monte-carlo",
        **how,
    )
    home = resolve(engine, system, ("System",))[1] if system else None
    start, worlds = answer["from"], Worlds(answer["samples"], answer["seed"])
    wanted = Wanted(floor, home, max_hops=max_hops)
    expansion = expanded(engine, start, wanted)
    now = falling(expansion, start, "monte-carlo", worlds).agents
    sketches, links = fall(expansion, start, _fallen(expansion, answer, now))
    said = Said(
        "plan",
        _question(answer, home),
        _sentence(answer),
        command,
        distance_headings(sketches, "strangers" if start == OUTSIDE else "falls first"),
        PROBABILITY,
        answer["complete"],
        answer["truncated_by"],
        tuple(answer["assumptions"]),
    )
    done = after_steps(engine, expansion.graph.starts, wanted, answer["steps"], "monte-carlo", worlds)
    losses = [step["loss_after"] for step in answer["steps"]]
    scenes = step_scenes(now, done, "Expected loss", answer["before"]["loss"], losses)
    return composed(engine, said, sketches, links, frame or Frame(), scenes)


def _fallen(expansion: Expansion, answer: Row, now: Mapping[str, float]) -> list[Fallen]:
    found = []
    for agent, probability in now.items():
        text = f"falls with {probability:.4g} ({answer['samples']} worlds)"
        threats = tuple(sorted({node[2] for node in expansion.graph.exposures(agent)}))
        role = "goal" if agent in answer["protected"] else ""
        found.append(Fallen(agent, probability, text, threats, (Line(text),), role))
    return found


def _question(answer: Row, system: str | None) -> str:
    start, protected = answer["from"], [short(agent) for agent in answer["protected"]]
    first = f"strangers write{f' to {system}' if system else ''}" if start == OUTSIDE else f"{start} falls"
    whom = f" of {', '.join(protected)}" if protected else ""
    steps = "step lowers" if answer["budget"] == 1 else f"{answer['budget']} steps lower"
    return f"If {first}, which {steps} the expected loss{whom} most?"


def _sentence(answer: Row) -> str:
    before, after = answer["before"]["loss"], answer["after"]["loss"]
    if not answer["steps"]:
        return f"Nothing that was considered lowers the expected loss of {before:.4g}"
    saved = f" ({percent(1 - after / before)} less)" if before else ""
    steps = [f"{number}. {said_of(step)}" for number, step in enumerate(answer["steps"], 1)]
    more = [f"and {len(steps) - _NAMED} more"] if len(steps) > _NAMED else []
    return f"Expected loss {before:.4g} → {after:.4g}{saved}: {'; '.join([*steps[:_NAMED], *more])}"
