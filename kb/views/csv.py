"""Answers as CSV: a header, a row each; absent is an empty cell; nothing that a spreadsheet would run."""

import csv
from collections.abc import Mapping, Sequence
from io import StringIO
from typing import Any

from kb.views.terminal import neutral
from kb.views.words import plain

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # some spreadsheets take the wide forms too


def to_csv(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> str:
    """``rows`` under a header of ``columns``; lists are joined by ``; ``, numbers stay numbers."""
    buffer = StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_cell(row.get(column)) for column in columns] for row in rows)
    return buffer.getvalue()


def flat(answer: Any, field: str = "") -> list[dict[str, Any]]:
    """The leaves of a nested ``answer`` as rows ``field``, ``value``; a field is a path such as ``scores.factors.opacity``."""
    if isinstance(answer, Mapping):
        parts = answer.items()
    elif isinstance(answer, list | tuple) and any(isinstance(part, Mapping) for part in answer):
        parts = {str(number): part for number, part in enumerate(answer, 1)}.items()
    else:
        return [{"field": field, "value": answer}]
    return [row for name, part in parts for row in flat(part, f"{field}.{name}" if field else name)]


def _cell(value: Any) -> str | int | float:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return value
    if isinstance(value, list | tuple):
        text = "; ".join(part if isinstance(part, str) else plain(part) for part in value)
    else:
        text = value if isinstance(value, str) else plain(value)
    return f"'{neutral(text)}" if text.startswith(_FORMULA_STARTS) else neutral(text)
