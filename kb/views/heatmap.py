"""The cells of ``kb ask layer-heatmap`` as a matrix: a line for each agent or threat, a column for each layer."""

from collections.abc import Mapping, Sequence
from typing import Any

from kb.views.style import CERTAINTY_MARK
from kb.views.table import drawn, to_table
from kb.views.terminal import Terminal
from kb.views.words import MAESTRO_LAYERS

_SUMMARY = "summary"
"""Heads the column of what is said of no layer in particular."""
_ABSENT = "·"
"""Stands where nothing is known."""
_NONE = "–"
"""Stands where a document speaks of the layer and no threat was recognised: a finding of the reader, not of the document."""


def heatmap(rows: Sequence[Mapping[str, Any]], terminal: Terminal) -> str:
    """``rows`` as a matrix of counts; a count that rests on uncertain statements alone has a question mark.

    All cells of a line have to be among ``rows``: what is not there shows as not known. The seven layers always have a column.
    """
    if not rows:
        return "no rows\n"
    what = "agent" if "agent" in rows[0] else "threat"
    layers = sorted({row["layer"] or "" for row in rows} | set(MAESTRO_LAYERS))
    matrix: dict[str, dict[str, Any]] = {}
    for row in rows:
        line = matrix.setdefault(row[what], {what: row[what], **dict.fromkeys(map(_title, layers), _ABSENT)})
        mark = CERTAINTY_MARK["uncertain"] if row["certainty"] == "uncertain" else ""
        line[_title(row["layer"])] = f"{row['count'] or _NONE}{mark}"
    lines = [matrix[name] for name in sorted(matrix)]
    none = f"   {_NONE} assessed, no threat recognised" if any(row["count"] == 0 for row in rows) else ""
    legend = drawn(terminal, f"{_ABSENT} nothing known{none}   {CERTAINTY_MARK['uncertain']} not certain")
    return f"{to_table(lines, (what, *map(_title, layers)), terminal)}\n{legend}"


def _title(layer: str | None) -> str:
    return layer or _SUMMARY
