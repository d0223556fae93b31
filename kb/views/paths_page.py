"""``kb paths`` for reading: each path in one line, and below it every factor with where it comes from."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from kb.views.page import columns, indented, quiet
from kb.views.style import HEADING, QUIET
from kb.views.table import drawn
from kb.views.terminal import Terminal, neutral

Row = Mapping[str, Any]


def paths_page(answer: Row, terminal: Terminal) -> str:
    """The page of an answer of ``kb paths``."""
    if not answer["paths"]:
        return drawn(terminal, *(Text(neutral(remark)) for remark in answer["remarks"]))
    return drawn(terminal, *(_path(path) for path in answer["paths"]))


def path_rows(answer: Row) -> list[dict[str, Any]]:
    """One flat row for each hop of each path: what CSV holds."""
    names = ("from", "to", "threat", "channel", "over", "through", "strength", "susceptibility", "source", "places")
    return [
        {"path": number, "probability": path["probability"], "hop": hop} | {name: step[name] for name in names}
        for number, path in enumerate(answer["paths"], 1)
        for hop, step in enumerate(path["steps"], 1)
    ]


def _path(path: Row) -> RenderableType:
    agents = [path["steps"][0]["from"], *(step["to"] for step in path["steps"])]
    title = Text.assemble((" ⇒ ".join(neutral(name) for name in _short(agents)), HEADING.ansi))
    title.append(f"  {path['probability']:.4g}{_home(agents)}", QUIET.ansi)
    steps = columns(row for step in path["steps"] for row in _rows(step))
    sources = (indented(quiet(line), 4) for step in path["steps"] for line in _sources(step))
    return Group(title, indented(steps, 2), *sources, Text())


def _short(agents: Sequence[str]) -> list[str]:
    """The agents without their system where it is one and the same."""
    return [agent.partition("/")[2] for agent in agents] if _home(agents) else list(agents)


def _home(agents: Sequence[str]) -> str:
    systems = {agent.rpartition("/")[0] for agent in agents}
    return f" in {neutral(next(iter(systems)))}" if len(systems) == 1 and "" not in systems else ""


def _rows(step: Row) -> Iterator[list[str | Text]]:
    for part in step["inside"]:
        yield [str(part["threat"]), step["from"], "inside", _factors(part)]
    through = f" through {step['through']}" if step["through"] else ""
    fallen = str(step["threat"] or "hands it on")
    yield [fallen, step["to"], f"{step['channel']}, {step['over']}{through}", _factors(step)]


def _factors(step: Row) -> str:
    factors = [f"{name} {step[name]:.4g}" for name in ("strength", "susceptibility") if step.get(name) is not None]
    return " × ".join([*factors, *(f"{control['control']} fails {1 - control['holds']:.4g}" for control in step["controls"])])


def _sources(step: Row) -> Iterator[str]:
    for part in step["inside"]:
        if part["source"]:
            yield f"{step['from']}, {part['threat']}: {part['source']}"
    said = "; ".join(filter(None, [step["source"], *step["places"]]))
    yield f"{step['to']}, {step['threat'] or 'hands it on'}: {said}"
    control = step["control"]
    if control:
        choice = control["any_of"]
        named = choice[0] if len(choice) == 1 else f"any of {len(choice)}, such as {choice[0]},"
        yield f"one more control here ({named} effectiveness {control['effectiveness']:g}): {control['probability']:.4g}"
