"""``kb cascade`` and ``kb paths``: who falls next, and along which chains of trust."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from kb.cli.command import make_command
from kb.cli.completion import ids
from kb.cli.exits import ExitCode
from kb.cli.run import Run
from kb.errors import UsageError

if TYPE_CHECKING:
    from kb.views.terminal import Terminal

_AGENT = "ticket-to-merge/coder, or coder where only one system has it."
Agent = Annotated[
    str | None,
    typer.Argument(
        metavar="AGENT", help=f"Who falls first: {_AGENT} `outside` stands for strangers.", autocompletion=ids("agents")
    ),
]
Threat = Annotated[
    list[str] | None, typer.Option("--threat", metavar="ID", help="Fallen to this alone; else to all that it faces.")
]
System = Annotated[
    str | None, typer.Option("--system", metavar="ID", help="Stay among its members.", autocompletion=ids("systems"))
]
Floor = Annotated[float, typer.Option("--floor", metavar="P", help="Follow no chain less likely than this.")]
Method = Annotated[str, typer.Option("--method", metavar="auto|exact|monte-carlo|chain", help="How to work it out.")]
Samples = Annotated[int, typer.Option("--samples", metavar="N", help="Worlds of Monte Carlo, a multiple of 64.")]
Seed = Annotated[int, typer.Option("--seed", metavar="N", help="Which worlds.")]
Into = Annotated[
    str | None, typer.Option("--into", metavar="AGENT", help="Backwards: how likely each other agent takes this one along.")
]
Given = Annotated[
    list[str] | None, typer.Option("--given", metavar="MITIGATION@AGENT", help="What if this control were in place.")
]
Sever = Annotated[list[str] | None, typer.Option("--sever", metavar="TRUSTER:TRUSTED", help="What if this trust were gone.")]
MaxHops = Annotated[int | None, typer.Option("--max-hops", metavar="N", help="Follow no way of more trusts than this.", min=1)]
Assume = Annotated[list[str] | None, typer.Option("--assume", metavar="ID", help="Take the agent to face this threat.")]


def cascade(
    run: Run,
    agent: Agent = None,
    threat: Threat = None,
    system: System = None,
    floor: Floor = 0.001,
    method: Method = "auto",
    samples: Samples = 65_536,
    seed: Seed = 0,
    into: Into = None,
    given: Given = None,
    sever: Sever = None,
    assume: Assume = None,
    max_hops: MaxHops = None,
) -> None:
    """Say who falls next when an agent falls, along which chain, and how likely.

        kb cascade ticket-to-merge/coder
        kb cascade outside --system ticket-to-merge --format json
        kb cascade coder --threat T6 --given owasp:P1.1@reviewer

    Every factor of a chain is shown with where it comes from; docs/cascade.md says what is modelled and what is not.
    """
    how: dict[str, Any] = {"floor": floor, "method": method, "samples": samples, "seed": seed, "max_hops": max_hops}
    if (agent is None) == (into is None):
        raise UsageError(
            "name the agent that falls first, or --into AGENT", hint="for example kb cascade ticket-to-merge/coder"
        )
    with run.open() as base, run.watched() as watch:
        how["watch"] = watch
        if into is not None:
            if threat or given or sever or assume:
                raise UsageError("--into goes with none of --threat, --given, --sever and --assume")
            answer = base.cascade_into(into, system=system, **how)
        else:
            what_if = {"given": given or (), "sever": sever or (), "assume": assume or ()}
            answer = base.cascade(str(agent), threat=threat or (), system=system, **how, **what_if)
    from kb.views.cascade_rows import cascade_rows

    rows = cascade_rows(answer)
    run.emit(answer, lambda terminal: _page(answer, terminal), rows, tuple(rows[0]) if rows else ("agent",))
    cut = [f"cut: {answer['truncated_by']}"] if answer["truncated_by"] else []
    run.remark(*cut)
    run.assume(answer["assumptions"])
    if watch.stopped:
        raise typer.Exit(ExitCode.INTERRUPTED)


def _page(answer: dict[str, Any], terminal: "Terminal") -> str:
    from kb.views.cascade_page import cascade_page  # rich, which only pages need

    return cascade_page(answer, terminal)


From = Annotated[
    str, typer.Argument(metavar="FROM", help="The agent that falls first, wholly taken.", autocompletion=ids("agents"))
]
To = Annotated[str, typer.Argument(metavar="TO[,TO…]", help="The agents to be hit.", autocompletion=ids("agents"))]
Count = Annotated[int, typer.Option("-k", metavar="N", help="At most so many paths.")]


def paths(
    run: Run, fallen: From, hit: To, k: Count = 5, system: System = None, floor: Floor = 0.001, max_hops: MaxHops = None
) -> None:
    """Show the most likely chains of trust from one agent to others.

        kb paths browser payments
        kb paths browser payments,ledger -k 3 --format json

    A path runs as compromise does: FROM falls first, TO is hit. Each is as likely as the best chain along it.
    """
    goals = [one.strip() for one in hit.split(",") if one.strip()]
    with run.open() as base:
        answer = base.paths(fallen, goals, k=k, system=system, floor=floor, max_hops=max_hops)
    from kb.views.paths_page import path_rows, paths_page

    rows = path_rows(answer)
    run.emit(answer, lambda terminal: paths_page(answer, terminal), rows, tuple(rows[0]) if rows else ("path",))
    cut = [f"cut: {answer['truncated_by']}"] if answer["truncated_by"] else []
    run.remark(*cut)
    run.assume(answer["assumptions"])


COMMANDS = {
    "cascade": lambda: make_command(cascade, "cascade"),
    "paths": lambda: make_command(paths, "paths"),
}
