"""The states of a picture along the steps of a plan: who falls with the first of them done, the first two, and so on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from kb.catalog import catalog
from kb.engines.protocol import Engine
from kb.questions.kernels.exposure import Expansion, Wanted, build
from kb.questions.kernels.exposure_graph import Key
from kb.questions.kernels.likelihood import Estimate, Goal, estimate
from kb.questions.kernels.rows import Row
from kb.questions.kernels.worlds import Worlds
from kb.questions.pictures.sketch import Scene, short
from kb.questions.plans.actions import weights


@dataclass(frozen=True, slots=True)
class Falling:
    """Who falls, how likely."""

    agents: Mapping[str, float]
    """The likeliest first."""
    blast: float
    """Σ probability × criticality."""


@dataclass(frozen=True, slots=True)
class Done:
    """What holds once some steps are done."""

    step: Row
    """The last of them."""
    given: tuple[tuple[str, str], ...]
    """(mitigation, agent)."""
    severed: frozenset[tuple[str, str]]
    """(truster, trusted)."""
    falling: Falling


def falling(expansion: Expansion, start: str, method: str, worlds: Worlds) -> Falling:
    """Everybody but ``start``, worked out as a cascade does."""
    graph = expansion.graph
    goals = [Goal((agent, "falls"), tuple(graph.exposures(agent))) for agent in graph.agents() if agent != start]
    counting = {(agent, "falls"): weight for agent, weight in weights(expansion, (goal.name[0] for goal in goals)).items()}
    _, _, found, blast = estimate(graph, goals, counting, method, worlds)
    return Falling({agent: falls.value for (agent, _), falls in sorted(found.items(), key=_likeliest_first)}, blast.value)


def _likeliest_first(item: tuple[tuple[str, str], Estimate]) -> tuple[float, str]:
    return -item[1].value, item[0][0]


def after_steps(
    engine: Engine, starts: Sequence[Key], wanted: Wanted, steps: Sequence[Row], method: str, worlds: Worlds
) -> list[Done]:
    """What holds after each of ``steps``, those of a plan, where compromise starts at ``starts``."""
    found: list[Done] = []
    given: tuple[tuple[str, str], ...] = ()
    severed: frozenset[tuple[str, str]] = frozenset()
    for step in steps:
        if step["action"] == "sever":
            severed |= {(step["agent"], step["trusted"])}
        else:
            given = tuple(sorted((*given, (step["alternatives"][0], step["agent"]))))
        expansion = build(engine, starts, replace(wanted, given=given, severed=severed))
        found.append(Done(step, given, severed, falling(expansion, starts[0][1], method, worlds)))
    return found


def step_scenes(
    now: Mapping[str, float], done: Sequence[Done], measure: str, before: float, after: Sequence[float]
) -> list[Scene]:
    """A state for how things are and one after each step; ``measure`` is ``before``, and after each step ``after``."""
    scenes = [Scene("as it is", f"{measure} {before:.4g}")]
    for number, (one, value) in enumerate(zip(done, after, strict=True), 1):
        text = f"{said_of(one.step)}. {measure} {before:.4g} → {value:.4g}"
        scenes.append(Scene(f"after step {number}", text, _sizes(now, one.falling.agents), one.severed, _placed(one.given)))
    return scenes


def _sizes(now: Mapping[str, float], after: Mapping[str, float]) -> dict[str, tuple[float | None, str]]:
    sizes: dict[str, tuple[float | None, str]] = {}
    for agent, before in now.items():
        left = after.get(agent, 0.0)
        sizes[agent] = (left, f"falls with {left:.4g}, {before:.4g} as it is" if agent in after else "falls no longer")
    return sizes


def _placed(given: Sequence[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    placed: dict[str, tuple[str, ...]] = {}
    for control, agent in given:
        placed[agent] = (*placed.get(agent, ()), control)
    return placed


def said_of(step: Row) -> str:
    """A step of a plan as a sentence without its full stop."""
    if step["action"] == "sever":
        return f"Sever {short(step['agent'])}'s trust in {short(step['trusted'])}"
    first, *others = (_named(control) for control in step["alternatives"])
    choice = f" (or {others[0] if len(others) == 1 else f'one of {len(others)} others'})" if others else ""
    return f"Put {first}{choice} in place at {short(step['agent'])}"


def _named(control: str) -> str:
    node = catalog().node("Mitigation", control)
    name = node.properties.get("name") if node else None
    return f"{control} {name}" if name else control
