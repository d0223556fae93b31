"""``kb map``: a picture of an answer, as a page to look at or as a drawing to put into a document."""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kb.cli.command import make_command
from kb.cli.completion import ids
from kb.cli.exits import ExitCode
from kb.cli.run import Run
from kb.errors import UsageError

if TYPE_CHECKING:
    from kb.questions.pictures.picture import Picture


class MapFormat(StrEnum):
    """How a picture is written."""

    html = "html"
    svg = "svg"
    mermaid = "mermaid"
    dot = "dot"
    json = "json"


Cascade = Annotated[
    str | None,
    typer.Option(
        "--cascade", metavar="AGENT", help="Who falls when this agent (or outside) does.", autocompletion=ids("agents")
    ),
]
Paths = Annotated[
    tuple[str, str] | None,
    typer.Option("--paths", metavar="FROM TO[,TO…]", help="The most likely chains of trust between agents."),
]
Agent = Annotated[
    str | None, typer.Option("--agent", metavar="AGENT", help="What is around this agent.", autocompletion=ids("agents"))
]
Threat = Annotated[
    list[str] | None,
    typer.Option(
        "--threat", metavar="ID", help="Who shares it; with --cascade: fallen to this alone.", autocompletion=ids("threats")
    ),
]
System = Annotated[
    str | None,
    typer.Option(
        "--system",
        metavar="ID",
        help="All of a system; with another picture: stay among its members.",
        autocompletion=ids("systems"),
    ),
]
Plan = Annotated[bool, typer.Option("--plan", help="Who falls before and after each step of the best plan.")]
Depth = Annotated[int | None, typer.Option("--depth", metavar="N", help="Steps of trust around --agent.  [default: 1]")]
Given = Annotated[
    list[str] | None, typer.Option("--given", metavar="MITIGATION@AGENT", help="Cascade: what if this control were in place.")
]
Sever = Annotated[
    list[str] | None, typer.Option("--sever", metavar="TRUSTER:TRUSTED", help="Cascade: what if this trust were gone.")
]
Assume = Annotated[
    list[str] | None, typer.Option("--assume", metavar="ID", help="Cascade: take the agent to face this threat.")
]
Method = Annotated[
    str | None, typer.Option("--method", metavar="auto|exact|monte-carlo|chain", help="Cascade: how to work it out.")
]
Count = Annotated[int | None, typer.Option("-k", metavar="N", help="Paths: at most so many.  [default: 5]")]
Budget = Annotated[
    int | None,
    typer.Option("--budget", metavar="N", help="Plan: at most so many steps.  [default: 3]  Cascade: show them too."),
]
Protect = Annotated[
    list[str] | None,
    typer.Option("--protect", metavar="AGENT", help="Plan: count the loss of this agent.", autocompletion=ids("agents")),
]
From = Annotated[
    str | None,
    typer.Option("--from", metavar="AGENT|entries", help="Plan: who falls first.", autocompletion=ids("agents")),
]
ControlsOnly = Annotated[bool, typer.Option("--controls-only", help="Of steps: leave all trust as it is.")]
Floor = Annotated[float | None, typer.Option("--floor", metavar="P", help="Follow no chain less likely.  [default: 0.001]")]
MaxHops = Annotated[int | None, typer.Option("--max-hops", metavar="N", help="Follow no way of more trusts than this.", min=1)]
Samples = Annotated[int | None, typer.Option("--samples", metavar="N", help="Cascade and plan: worlds, a multiple of 64.")]
Seed = Annotated[int | None, typer.Option("--seed", metavar="N", help="Cascade and plan: which worlds.")]
Loose = Annotated[bool, typer.Option("--loose", help="Threat: whatever maps to it, closely or not.")]
MaxNodes = Annotated[int, typer.Option("--max-nodes", metavar="N", help="Draw at most so many; the rest is counted.", min=1)]
NoCollapse = Annotated[bool, typer.Option("--no-collapse", help="Draw each agent by itself, also those that are alike.")]

_TAKES = {
    "cascade": (
        "threat",
        "system",
        "floor",
        "max_hops",
        "given",
        "sever",
        "assume",
        "method",
        "samples",
        "seed",
        "budget",
        "controls_only",
    ),
    "paths": ("system", "floor", "max_hops", "k"),
    "agent": ("system", "depth"),
    "threat": ("threat", "system", "loose"),
    "system": ("system", "floor", "max_hops"),
    "plan": ("system", "floor", "max_hops", "budget", "protect", "fallen", "controls_only", "samples", "seed"),
}
"""Picture to the options that it takes; what else is given is refused, as it would change nothing."""
_OPTION = {"fallen": "--from", "k": "-k"}


def map_(
    run: Run,
    cascade: Cascade = None,
    paths: Paths = None,
    agent: Agent = None,
    threat: Threat = None,
    system: System = None,
    plan: Plan = False,
    depth: Depth = None,
    given: Given = None,
    sever: Sever = None,
    assume: Assume = None,
    method: Method = None,
    k: Count = None,
    budget: Budget = None,
    protect: Protect = None,
    fallen: From = None,
    controls_only: ControlsOnly = False,
    loose: Loose = False,
    floor: Floor = None,
    max_hops: MaxHops = None,
    samples: Samples = None,
    seed: Seed = None,
    max_nodes: MaxNodes = 150,
    no_collapse: NoCollapse = False,
) -> None:
    """Draw a picture of an answer: who falls, along which paths, who shares a threat, a system.

        kb map --cascade ticket-to-merge/coder -o coder.html
        kb map --system ticket-to-merge --format svg -o system.svg
        kb map --cascade ticket-to-merge/coder --budget 2 -o before-and-after.html
        kb map --paths planner merger --format mermaid

    The page holds everything and opens without a network. Each link is drawn as compromise flows. Without a choice the only
    system is drawn. A page that would go to a terminal goes to a file, which is named.
    """
    kind = _kind(cascade=cascade, paths=paths, agent=agent, plan=plan or None, threat=threat)
    options = {
        **{
            "threat": threat,
            "system": system,
            "depth": depth,
            "given": given,
            "sever": sever,
            "assume": assume,
            "method": method,
        },
        **{"k": k, "budget": budget, "protect": protect, "fallen": fallen, "controls_only": controls_only, "loose": loose},
        **{"floor": floor, "max_hops": max_hops, "samples": samples, "seed": seed},
    }
    how = _taken(kind, {name: value for name, value in options.items() if value is not None and value is not False})
    if paths is not None:
        how |= {"fallen": paths[0], "hit": [one.strip() for one in paths[1].split(",") if one.strip()]}
    elif cascade is not None or agent is not None:
        how |= {"agent": cascade or agent}
    with run.open() as base, run.watched() as watch:
        picture = base.picture(kind, max_nodes=max_nodes, collapse=not no_collapse, watch=watch, **how)
    _write(run, picture)
    if watch.stopped:
        raise typer.Exit(ExitCode.INTERRUPTED)


def _kind(**chosen: Any) -> str:
    """Which picture is asked for; a threat is one only where nothing else is."""
    others = [name for name, value in chosen.items() if value is not None and name != "threat"]
    if len(others) > 1:
        raise UsageError(f"{' and '.join(f'--{name}' for name in others)} are two pictures", hint="draw one at a time")
    return others[0] if others else "threat" if chosen["threat"] else "system"


def _taken(kind: str, given: dict[str, Any]) -> dict[str, Any]:
    """``given`` as the picture takes it; raises :class:`~kb.errors.UsageError` for an option of other pictures."""
    for name in given:
        if name not in _TAKES[kind]:
            option = _OPTION.get(name, f"--{name.replace('_', '-')}")
            fitting = [f"--{one}" for one, options in _TAKES.items() if name in options]
            raise UsageError(f"{option} does not go with the picture of a {kind}", hint=f"it goes with {', '.join(fitting)}")
    if kind == "threat":
        if len(given["threat"]) > 1:
            raise UsageError(
                "a picture is of one threat", hint="name one --threat, or the agent that falls to them: --cascade AGENT"
            )
        given["threat"] = given["threat"][0]
    if kind == "plan" and given.pop("controls_only", False):
        given["sever"] = False
    return given


def _write(run: Run, picture: "Picture") -> None:
    """Write ``picture`` where the user wants it; a page is not poured over a terminal but goes to a file of its own."""
    text = _drawn(picture, run.format)
    if run.format == MapFormat.html:
        run.write_page(text, picture.command)
    else:
        run.write(text)
    more = f"; {picture.more} draws all" if picture.more else ""
    run.remark(*([f"cut: {picture.truncated_by}{more}"] if picture.truncated_by else []))
    run.assume(picture.assumptions)


def _drawn(picture: "Picture", form: str) -> str:
    if form == MapFormat.json:
        from dataclasses import asdict

        from kb.views.json import to_json

        return to_json(asdict(picture))
    if form == MapFormat.svg:
        from kb.views.drawings.svg import to_svg

        return to_svg(picture)
    if form == MapFormat.mermaid:
        from kb.views.drawings.mermaid import to_mermaid

        return to_mermaid(picture)
    if form == MapFormat.dot:
        from kb.views.drawings.dot import to_dot

        return to_dot(picture)
    from kb.questions.today import today
    from kb.views.map.page import map_page

    return map_page(picture, drawn=today())


_HELP = "html is a page to look at, svg, mermaid and dot are drawings, json is for programs."
COMMANDS = {"map": lambda: make_command(map_, "map", formats=MapFormat, format_help=_HELP)}
