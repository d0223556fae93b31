"""A computed AIVSS score for reading: the score, the formula with its numbers, the factors, what is to be said of it."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from kb.model.aivss import NON_CONFORMANT, departures
from kb.views.figures import FACTOR_LABELS, FLAG_WORDS, figure, formula
from kb.views.page import indented
from kb.views.style import HEADING, QUIET, SEVERITY, bar
from kb.views.table import drawn
from kb.views.terminal import Terminal

_BAR_WIDTH = 20


def score_page(answer: Mapping[str, Any], terminal: Terminal) -> str:
    """The page of an answer of ``kb score``."""
    inputs = answer["inputs"]
    head = Text.assemble((f"AIVSS {figure(answer['aivss'])} {answer['severity']}", severity_style(answer["severity"])))
    head.append(f"   OWASP AIVSS v{answer['version']}", QUIET.ansi)
    lines = [Text(line) for line in formula({**inputs, **answer}, answer["version"])]
    parts: list[RenderableType] = [
        head,
        Text(),
        indented(Group(*lines), 2),
        Text(),
        indented(factor_bars(inputs["factors"]), 2),
    ]
    odd = departures(inputs["factors"], inputs["threat_multiplier"], inputs["mitigation_factor"], answer["version"])
    notes = [flag_words(flag, odd) for flag in answer["flags"]] + list(answer["assumptions"])
    if notes:
        parts += [Text(), *(Text(note, style=QUIET.ansi) for note in notes)]
    return drawn(terminal, *parts)


def severity_style(severity: str | None) -> str:
    """The terminal style of a severity band; that of a heading where there is none."""
    return SEVERITY.get(severity or "", HEADING).ansi


def flag_words(flag: str, departures: Sequence[str] = ()) -> str:
    """What a flag of a score says, after the flag itself; of a non-conformant one which inputs are, as far as it is known."""
    if flag == NON_CONFORMANT and departures:
        return f"{flag}: {'; '.join(departures)}; used as given"
    return f"{flag}: {FLAG_WORDS[flag]}" if flag in FLAG_WORDS else flag


def factor_bars(factors: Mapping[str, float | None]) -> RenderableType:
    """One bar a factor, in the given order; an unknown one has a dash and no bar."""
    grid = Table.grid(padding=(0, 2))
    for name, value in factors.items():
        drawing = Text("unknown", style=QUIET.ansi) if value is None else Text(bar(value, _BAR_WIDTH))
        grid.add_row(Text(FACTOR_LABELS.get(name, name)), drawing, Text("–" if value is None else f"{value:.2f}"))
    return grid
