"""The picture of ``kb plan``: who falls before, and after each step of it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from kb.catalog import catalog
from kb.engines.protocol import Engine
from kb.questions.cascade import FLOOR
from kb.questions.cascade_rows import Row
from kb.questions.exposure import Expansion, Wanted
from kb.questions.exposure_graph import OUTSIDE, is_exposure
from kb.questions.likelihood import Estimate, Goal, estimate
from kb.questions.naming import resolve
from kb.questions.picture import Line, Picture
from kb.questions.picture_composition import Frame, composed
from kb.questions.picture_fall import PROBABILITY, Fallen, distance_headings, fall
from kb.questions.picture_sketch import Said, Scene, percent, short
from kb.questions.plan import ENTRIES, expanded, plan
from kb.questions.worlds import Worlds


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
    now = _falling(expansion, start, worlds)
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
    return composed(engine, said, sketches, links, frame or Frame(), _scenes(engine, answer, wanted, now))


def _falling(expansion: Expansion, start: str, worlds: Worlds) -> dict[str, float]:
    """Agent to the share of ``worlds`` in which it falls, the highest first."""
    nodes: dict[str, list[tuple[str, ...]]] = {}
    for node in expansion.graph.best:
        if is_exposure(node) and node[1] != start:
            nodes.setdefault(node[1], []).append(node)
    goals = [Goal((agent, "falls"), tuple(sorted(some))) for agent, some in sorted(nodes.items())]
    _, _, found, _ = estimate(expansion.graph, goals, {}, "monte-carlo", worlds)
    return {agent: falls.value for (agent, _), falls in sorted(found.items(), key=_likeliest_first)}


def _likeliest_first(item: tuple[tuple[str, str], Estimate]) -> tuple[float, str]:
    return -item[1].value, item[0][0]


def _fallen(expansion: Expansion, answer: Row, now: Mapping[str, float]) -> list[Fallen]:
    found = []
    for agent, probability in now.items():
        text = f"falls with {probability:.4g} ({answer['samples']} worlds)"
        threats = tuple(sorted({node[2] for node in expansion.graph.exposures(agent)}))
        role = "goal" if agent in answer["protected"] else ""
        found.append(Fallen(agent, probability, text, threats, (Line(text),), role))
    return found


def _scenes(engine: Engine, answer: Row, wanted: Wanted, now: Mapping[str, float]) -> list[Scene]:
    """How things are, and how after each step; each in the same worlds."""
    worlds = Worlds(answer["samples"], answer["seed"])
    scenes = [Scene("as it is", f"Expected loss {answer['before']['loss']:.4g}")]
    given: tuple[tuple[str, str], ...] = ()
    severed: frozenset[tuple[str, str]] = frozenset()
    for number, step in enumerate(answer["steps"], 1):
        if step["action"] == "sever":
            severed |= {(step["agent"], step["trusted"])}
        else:
            given = (*given, (step["alternatives"][0], step["agent"]))
        then = replace(wanted, given=tuple(sorted(given)), severed=severed)
        after = _falling(expanded(engine, answer["from"], then), answer["from"], worlds)
        scenes.append(_scene(number, step, now, after, given, severed))
    return scenes


def _scene(
    number: int,
    step: Row,
    now: Mapping[str, float],
    after: Mapping[str, float],
    given: Sequence[tuple[str, str]],
    severed: frozenset[tuple[str, str]],
) -> Scene:
    sizes: dict[str, tuple[float | None, str]] = {}
    for agent, before in now.items():
        left = after.get(agent, 0.0)
        sizes[agent] = (left, f"falls with {left:.4g}, {before:.4g} as it is" if agent in after else "falls no longer")
    placed: dict[str, tuple[str, ...]] = {}
    for control, agent in given:
        placed[agent] = (*placed.get(agent, ()), control)
    name = f"after step {number}"
    return Scene(name, f"{_done(step)}. Expected loss {step['loss_after']:.4g}", sizes, severed, placed)


def _done(step: Row) -> str:
    if step["action"] == "sever":
        return f"Sever {short(step['agent'])}'s trust in {short(step['trusted'])}"
    first, *others = (_named(control) for control in step["alternatives"])
    choice = f" (or {others[0] if len(others) == 1 else f'one of {len(others)} others'})" if others else ""
    return f"Put {first}{choice} in place at {short(step['agent'])}"


def _named(control: str) -> str:
    node = catalog().node("Mitigation", control)
    name = node.properties.get("name") if node else None
    return f"{control} {name}" if name else control


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
    steps = "; ".join(f"{number}. {_done(step)}" for number, step in enumerate(answer["steps"], 1))
    return f"Expected loss {before:.4g} → {after:.4g}{saved}: {steps}"
