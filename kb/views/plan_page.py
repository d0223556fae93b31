"""``kb plan`` for reading: what is lost before and after, what to do in which order, and how good any plan could be."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from kb.views.page import columns, counted, indented, quiet, section
from kb.views.style import HEADING
from kb.views.table import drawn
from kb.views.terminal import Terminal, neutral

_SHOWN = 3
"""Controls of a choice that are named on the page; JSON has all of them."""
Row = Mapping[str, Any]


def plan_page(answer: Row, terminal: Terminal) -> str:
    """The page of an answer of ``kb plan``."""
    before, after = answer["before"], answer["after"]
    title = Text.assemble((f"expected loss {before['loss']:.4g} → {after['loss']:.4g}", HEADING.ansi))
    ends = f"95 % {before['low']:.4g} to {before['high']:.4g} → {after['low']:.4g} to {after['high']:.4g}"
    hops = f", at most {counted(answer['max_hops'], 'hop')}" if answer["max_hops"] else ""
    title.append(f"  {ends if answer['samples'] else 'exact'}{hops}", quiet("").style)
    steps = [[f"{number}", _done(step), f"→ {step['loss_after']:.4g}"] for number, step in enumerate(answer["steps"], 1)]
    parts: list[RenderableType] = [title]
    parts += [indented(columns(steps), 2)] if steps else [indented(Text("nothing that was considered lowers it"), 2)]
    parts += [indented(quiet(line), 4) for number, step in enumerate(answer["steps"], 1) for line in _counters(number, step)]
    parts += [indented(quiet(_bound(answer)), 2)] if answer["budget"] else []
    parts += [Text(), *_separation(answer["separation"])]
    return drawn(terminal, *parts)


def plan_rows(answer: Row) -> list[dict[str, Any]]:
    """One flat row for each step: what CSV holds."""
    names = ("action", "control", "agent", "trusted", "effectiveness", "loss_after")
    return [
        {"step": number} | {name: step[name] for name in names} | {"alternatives": " ".join(step["alternatives"])}
        for number, step in enumerate(answer["steps"], 1)
    ]


def _done(step: Row) -> str:
    if step["action"] == "sever":
        return f"sever {step['agent']}'s trust in {step['trusted']}"
    return f"at {step['agent']}: {_choice(step['alternatives'])}"


def _choice(alternatives: Sequence[str]) -> str:
    if len(alternatives) == 1:
        return alternatives[0]
    more = ", …" if len(alternatives) > _SHOWN else ""
    return f"any of {len(alternatives)}: {', '.join(alternatives[:_SHOWN])}{more}"


def _counters(number: int, step: Row) -> list[str]:
    if step["action"] == "sever":
        return []
    named = [
        part["threat"]
        if part["counted_against"] == [part["threat"]]
        else f"{part['threat']} (as {', '.join(part['counted_against'])})"
        for part in step["counters"]
    ]
    return [f"{number} holds with {step['effectiveness']:g} and counters {', '.join(named)}"]


def _bound(answer: Row) -> str:
    considered = f"the {counted(answer['considered'], 'action')} considered"
    less = "less" if answer["optimal"] else f"less than {answer['bound']:.4g}"
    worlds = f" in these {answer['samples']} worlds" if answer["samples"] else ""
    if answer["budget"] == 1:
        return f"none of {considered} leaves {less}{worlds}"
    return f"no {answer['budget']} of {considered} leave {less}{worlds}"


def _separation(pairs: Sequence[Row] | None) -> list[RenderableType]:
    if pairs is None:
        return [Text("no severed trust keeps them safe for certain: strangers or shared resources reach them without it")]
    if not pairs:
        return []
    lines = [Text(neutral(f"{pair['agent']}'s trust in {pair['trusted']}")) for pair in pairs]
    return [section("Safe for certain without", *lines, note=f"{counted(len(pairs), 'relation')}, the fewest that do")]
