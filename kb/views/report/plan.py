"""The parts of the report that say what to do: what compromise has to pass, what helps most, and what risk is left."""

from collections.abc import Mapping, Sequence
from typing import Any

from kb.questions.reports.findings import percent
from kb.views.report.blocks import Block, Bullets, Code, Column, Drawing, Paragraph, Piece, Quiet, Section, Table, Words
from kb.views.report.cascades import by_system
from kb.views.report.plots import risk_by_agent, risk_steps
from kb.views.report.words import agent_words, how_many, method, node_words, probability, short_name

Row = Mapping[str, Any]
Names = Mapping[str, str]

_SHOWN = 3
"""Controls of a choice that are named; JSON has all of them."""


def choke_section(report: Row) -> Section:
    """What compromise has to pass."""
    return by_system("choke", "Choke points", report, [], _choke)


def _choke(part: Row, names: Names) -> list[Block]:
    found = part["choke_points"]
    if found["why"]:
        return [Paragraph([f"Not asked: {found['why']}."])]
    lead: Words = [
        *("What compromise has to pass, or mostly passes, on its way from ", *agent_words(found["from"], names)),
        *(" to the agent whose fall costs most, ", *agent_words(found["to"], names), "."),
    ]
    if not found["rows"]:
        return [Paragraph(lead), Paragraph(["Nothing alone makes its fall less likely."])]
    table = Table(
        [Column("Agent or trust"), Column("On every way"), Column("Less likely by", figures=True)],
        [[_point(row, names), ["yes" if row["dominates"] else "no"], [f"{row['drop']:.4f}"]] for row in found["rows"]],
        ["From ", Code(found["command"]), f"; {len(found['rows'])} of {found['total']}. ", *found["remarks"]],
    )
    return [Paragraph(lead), table]


def _point(row: Row, names: Names) -> Words:
    if row["kind"] == "agent":
        return agent_words(row["id"], names)
    truster, _, trusted = row["id"].partition(":")
    return ["trust of ", *agent_words(truster, names), " in ", *agent_words(trusted, names)]


def plan_section(report: Row) -> Section:
    """What to do, and what risk is left."""
    return by_system("plan", "Plan and residual risk", report, [], _plan)


def _plan(part: Row, names: Names) -> list[Block]:
    plan = part["plan"]
    if plan["why"]:
        return [Paragraph([f"No plan: {plan['why']}."])]
    if not plan["steps"]:
        considered = how_many(plan["considered"], "action")
        return [Paragraph([f"None of {considered} considered lowers the expected loss of {plan['before']['loss']:.4g}."])]
    who = [short_name(plan["from"], names)] if plan["from"] == "outside" else agent_words(plan["from"], names)
    ends = "Lines at the ends: 95 % intervals of now and of the whole plan. " if plan["samples"] else ""
    drawing = Drawing(
        [risk_steps(plan, [_short(number, step, names) for number, step in enumerate(plan["steps"], 1)])],
        "Expected loss before and after",
        [f"{ends}Dashed: what no plan of as many actions goes below."],
    )
    residual = Drawing(
        [risk_by_agent(plan["residual"]["rows"], names)],
        "Residual risk by agent",
        [
            "If the first control of each choice is the one that is put in place. From ",
            *(Code(plan["residual"]["command"]), f": {method(plan['residual'])}."),
        ],
        _residual(plan["residual"]["rows"], names),
    )
    return [
        Paragraph(["Where it starts: ", *who, ". What helps most, in the order of what each adds:"]),
        _steps(plan, names),
        Paragraph([_verdict(plan)]),
        drawing,
        residual,
        *_separation(plan["separation"]),
    ]


def _short(number: int, step: Row, names: Names) -> str:
    if step["action"] == "sever":
        return f"{number}. sever {short_name(step['agent'], names)}–{short_name(step['trusted'], names)}"
    return f"{number}. {step['alternatives'][0].partition(':')[2]} at {short_name(step['agent'], names)}"


def _steps(plan: Row, names: Names) -> Table:
    return Table(
        [Column("Step", figures=True), Column("Do"), Column("Where"), Column("Because"), Column("Loss after", figures=True)],
        [
            [
                [str(number)],
                _action(step, names),
                agent_words(step["agent"], names),
                _because(step),
                [f"{step['loss_after']:.4g}"],
            ]
            for number, step in enumerate(plan["steps"], 1)
        ],
        ["From ", Code(plan["command"]), f": {method(plan)}."],
    )


def _action(step: Row, names: Names) -> Words:
    if step["action"] == "sever":
        return ["sever its trust in ", *agent_words(step["trusted"], names)]
    first, *others = step["alternatives"]
    words: list[Piece] = [*node_words(first, names)]
    for control in others[: _SHOWN - 1]:
        words += [", or ", *node_words(control, names)]
    rest = len(others) - _SHOWN + 1
    return [*words, f", or {how_many(rest, 'more')}".replace("mores", "more")] if rest > 0 else words


def _because(step: Row) -> Words:
    if step["action"] == "sever":
        return ["what it sends is acted on no longer"]
    words: list[Piece] = [f"holds with {step['effectiveness']:g} and counters "]
    for number, row in enumerate(step["counters"]):
        words += [", "] if number else []
        words += [Code(row["threat"])]
        words += [Quiet(f" as {', '.join(row['counted_against'])}")] if row["counted_against"] != [row["threat"]] else []
    return words


def _verdict(plan: Row) -> str:
    before, after = plan["before"], plan["after"]
    share = f", {percent(1 - after['loss'] / before['loss'])} less" if before["loss"] else ""
    others = f"no {plan['budget']} of the {plan['considered']} actions considered leave less"
    bound = (
        f"This is proven to be the best: {others}"
        if plan["optimal"]
        else f"A better plan may exist, but {others} than {plan['bound']:.4g}"
    )
    worlds = f", in these {plan['samples']:,} worlds" if plan["samples"] else ""
    return f"Expected loss {_with_interval(before)} → {_with_interval(after)}{share}. {bound}{worlds}."


def _with_interval(loss: Row) -> str:
    ends = "exact" if loss["low"] == loss["high"] else f"95 % {loss['low']:.4g} to {loss['high']:.4g}"
    return f"{loss['loss']:.4g} ({ends})"


def _residual(rows: Sequence[Row], names: Names) -> Table:
    return Table(
        [
            Column("Agent"),
            Column("Criticality", figures=True),
            Column("Falls now", figures=True),
            Column("With the plan", figures=True),
        ],
        [
            [
                agent_words(row["agent"], names),
                [f"{row['criticality']:g}" if row["criticality"] is not None else "1, assumed"],
                [probability(row["before"])],
                [probability(row["after"])],
            ]
            for row in rows
        ],
    )


def _separation(pairs: Sequence[Row] | None) -> list[Block]:
    if pairs is None:
        return [
            Paragraph(["No severed trust keeps them safe for certain: strangers or shared resources reach them without it."])
        ]
    if not pairs:
        return []
    items: list[Words] = [["trust of ", Code(pair["agent"]), " in ", Code(pair["trusted"])] for pair in pairs]
    return [Paragraph(["Safe for certain without, the fewest that do:"]), Bullets(items)]
