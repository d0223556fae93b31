"""``kb plan``: the few controls and severed relations of trust that help most."""

from typing import Annotated, Any

import typer

from kb.cli.command import make_command
from kb.cli.completion import ids
from kb.cli.exits import ExitCode
from kb.cli.run import Run

Budget = Annotated[int, typer.Option("--budget", metavar="N", help="Do at most so many things.")]
Protect = Annotated[
    list[str] | None,
    typer.Option("--protect", metavar="AGENT", help="Count the loss of this agent; else of all.", autocompletion=ids("agents")),
]
From = Annotated[
    str,
    typer.Option(
        "--from", metavar="AGENT|entries", help="Who falls first; else strangers write.", autocompletion=ids("agents")
    ),
]
System = Annotated[
    str | None, typer.Option("--system", metavar="ID", help="Stay among its members.", autocompletion=ids("systems"))
]
ControlsOnly = Annotated[bool, typer.Option("--controls-only", help="Leave all trust as it is.")]
Floor = Annotated[float, typer.Option("--floor", metavar="P", help="Follow no chain less likely than this.")]
Samples = Annotated[int, typer.Option("--samples", metavar="N", help="Worlds to compare in, a multiple of 64.")]
Method = Annotated[str, typer.Option("--method", metavar="HOW", help="How losses are found: auto, exact or monte-carlo.")]
MaxHops = Annotated[int | None, typer.Option("--max-hops", metavar="N", help="Count no way of more trusts than this.", min=1)]
Seed = Annotated[int, typer.Option("--seed", metavar="N", help="Which worlds.")]


def plan(
    run: Run,
    budget: Budget = 3,
    protect: Protect = None,
    fallen: From = "entries",
    system: System = None,
    controls_only: ControlsOnly = False,
    floor: Floor = 0.001,
    method: Method = "auto",
    samples: Samples = 8_192,
    seed: Seed = 0,
    max_hops: MaxHops = None,
) -> None:
    """Find the few controls and severed relations of trust that lower the expected loss most.

        kb plan --budget 3 --system ticket-to-merge
        kb plan --budget 2 --protect payments --from browser
        kb plan --budget 3 --controls-only --format json

    The loss is the criticality of the agents that fall. With the plan comes a proven bound of what any other could do.
    """
    how: dict[str, Any] = {"sever": not controls_only, "floor": floor, "samples": samples, "seed": seed, "max_hops": max_hops}
    how["method"] = method
    with run.open() as base, run.watched() as watch:
        answer = base.plan(budget, protect=protect or (), fallen=fallen, system=system, watch=watch, **how)
    from kb.views.plan_page import plan_page, plan_rows

    rows = plan_rows(answer)
    run.emit(answer, lambda terminal: plan_page(answer, terminal), rows, tuple(rows[0]) if rows else ("step",))
    cut = [f"cut: {answer['truncated_by']}"] if answer["truncated_by"] else []
    run.remark(*cut)
    run.assume(answer["assumptions"])
    if watch.stopped:
        raise typer.Exit(ExitCode.INTERRUPTED)


COMMANDS = {"plan": lambda: make_command(plan, "plan")}
