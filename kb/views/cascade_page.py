"""``kb cascade`` for reading: who falls, how likely, and along which chain, every factor with where it comes from."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from kb.views.cascade_rows import hops
from kb.views.page import columns, counted, indented, quiet, section
from kb.views.style import HEADING, QUIET, RISK, bar
from kb.views.table import drawn
from kb.views.terminal import Terminal, neutral
from kb.views.words import STRANGERS

Row = Mapping[str, Any]

_BAR = 20
_CHAINS = 5
"""Chains that are shown with all their factors; JSON has every one."""


def cascade_page(answer: Row, terminal: Terminal) -> str:
    """The page of an answer of ``kb cascade``."""
    rows = answer["starts"] if "into" in answer else answer["reached"]
    parts = [_head(answer), Text()]
    if not rows:
        return drawn(terminal, *parts, Text("nobody falls with it" if "start" in answer else "nobody takes it along"))
    parts += [_table(rows), Text()]
    shown = rows[:_CHAINS]
    note = f"of the first {len(shown)}; --format json has all" if len(rows) > len(shown) else ""
    parts.append(section("Most likely chains", *(_chain(row) for row in shown), note=note))
    if "what_if" in answer:
        parts.append(_what_if(answer["what_if"]))
    return drawn(terminal, *parts)


def _head(answer: Row) -> RenderableType:
    how = answer["method"]
    how += f", {answer['samples']} worlds, seed {answer['seed']}, 95 % intervals" if answer["samples"] else ""
    how += f", at most {counted(answer['max_hops'], 'hop')}" if answer["max_hops"] else ""
    if "into" in answer:
        line = Text.assemble((f"Who takes {neutral(answer['into']['agent'])} along", HEADING.ansi))
        return Group(line, quiet(how))
    start = answer["start"]
    line = Text.assemble((f"If {neutral(start['agent'])} falls", HEADING.ansi))
    threats = start["threats"]
    to = f" to {threats[0]}" if len(threats) == 1 else f" to {counted(len(threats), 'threat')}" if threats else ""
    line.append(neutral(to), QUIET.ansi)
    blast = answer["blast_radius"]
    ends = "" if blast["low"] == blast["high"] or blast["high"] is None else f" ({blast['low']:.3g}–{blast['high']:.3g})"
    return Group(line, Text(f"blast radius {blast['value']:.4g}{ends}"), quiet(how))


def _table(rows: Sequence[Row]) -> RenderableType:
    head = [Text(word, style=HEADING.ansi) for word in ("agent", "falls", "95 %", "", "is harmed", "hops", "further ways in")]
    return columns([head, *(_line(row) for row in rows)])


def _line(row: Row) -> list[str | Text]:
    ends = (
        "exact" if row["low"] == row["high"] else f"{row['low']:.4f}–" + ("" if row["high"] is None else f"{row['high']:.4f}")
    )
    name = Text(neutral(row["agent"]))
    falls = Text(bar(row["probability"], _BAR), style=RISK.ansi)
    shown: list[str | Text] = [name, f"{row['probability']:.4f}", ends, falls, f"{row['harmed']:.4f}"]
    return [*shown, str(row["depth"]), str(row["further_ways"])]


def _chain(row: Row) -> RenderableType:
    names = " ⇒ ".join(neutral(step["agent"]) for step in hops(row["chain"]))
    title = Text.assemble(
        (names, HEADING.ansi), (f"  {row['chain_probability']:.4g}, layers {' > '.join(row['layers'])}", QUIET.ansi)
    )
    steps = columns(_step(step) for step in row["chain"])
    return Group(title, indented(steps, 2), *(indented(quiet(line), 4) for line in _sources(row["chain"])), Text())


def _step(step: Row) -> list[str | Text]:
    factors = [f"{name} {step[name]:.4g}" for name in ("strength", "susceptibility") if step[name] is not None]
    factors += [f"{control['control']} fails {1 - control['holds']:.4g}" for control in step["controls"]]
    through = f" through {step['through']}" if step["through"] else ""
    by = (
        f"{step['channel']}, {step['over']}{through}"
        if step["channel"]
        else "inside"
        if step["susceptibility"] is not None
        else "start"
    )
    fallen = step["threat"] or (STRANGERS if step["agent"] == "outside" else "hands it on")
    return [fallen, step["agent"], by, " × ".join(factors)]


def _sources(chain: Sequence[Row]) -> Iterator[str]:
    """Where the factors of each step come from."""
    for step in chain:
        controls = (f"{control['control']} {control['source']}" for control in step["controls"])
        if said := "; ".join(filter(None, [step["source"], *controls, *step["places"]])):
            yield f"{step['agent']}, {step['threat'] or 'hands it on'}: {said}"


def _what_if(what_if: Row) -> RenderableType:
    asked = [*(f"with {given}" for given in what_if["given"]), *(f"without {severed}" for severed in what_if["severed"])]
    lines = [
        f"{row['agent']}  {row['before']:.4f} → {row['after']:.4f}"
        for row in what_if["changes"]
        if row["before"] != row["after"]
    ]
    blast = f"blast radius was {what_if['blast_radius_before']:.4g}"
    return section(
        "What if", Text(neutral(", ".join(asked))), Text(blast), *(Text(neutral(line)) for line in lines or ["nothing changes"])
    )
