"""What every question answers with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from kb.engines.protocol import Engine, Row
from kb.errors import StoreError, UsageError
from kb.model.schema import SCHEMA_VERSION


@dataclass(frozen=True, slots=True)
class Answer:
    """Rows, and all that a reader needs in order to trust them."""

    question: str
    """The question as ``kb ask`` calls it, e.g. ``shared-threats``."""
    params: Mapping[str, Any]
    """Every parameter with the value that counted: ids in full, defaults filled in."""
    rows: tuple[Row, ...]
    base: str
    """Fingerprint of the base that was asked."""
    complete: bool = True
    """Whether :attr:`rows` are all there are."""
    truncated_by: str | None = None
    """The limit that cut the rows."""
    assumptions: tuple[str, ...] = ()
    """What was taken for granted where no document says so."""
    remarks: tuple[str, ...] = ()
    """What was left out, and how to ask for it."""
    schema_version: int = SCHEMA_VERSION
    line: str | None = None
    """The column whose values a limit counts, where several rows make one line of the table; ``None`` where each row is one."""

    def limited(self, limit: int | None) -> "Answer":
        """The answer with its first ``limit`` rows, or lines, whole (all where ``None``), and the word that it was cut."""
        if limit is not None and limit < 0:
            raise UsageError(f"limit is {limit}, expected 0 or more")
        lines = range(len(self.rows)) if self.line is None else sorted({row[self.line] for row in self.rows})
        if limit is None or len(lines) <= limit:
            return self
        kept = set(lines[:limit])
        rows = tuple(row for number, row in enumerate(self.rows) if (number if self.line is None else row[self.line]) in kept)
        unit = "row" if self.line is None else self.line
        return replace(self, rows=rows, complete=False, truncated_by=f"limit {limit} of {len(lines)} {unit}s")

    def as_dict(self) -> dict[str, Any]:
        """The answer as JSON has it, its keys in the documented order."""
        return {
            "question": self.question,
            "params": dict(self.params),
            "rows": [dict(row) for row in self.rows],
            "complete": self.complete,
            "truncated_by": self.truncated_by,
            "assumptions": list(self.assumptions),
            "remarks": list(self.remarks),
            "base": self.base,
            "schema_version": self.schema_version,
        }


def answer(
    engine: Engine,
    question: str,
    params: Mapping[str, Any],
    rows: Sequence[Row],
    *,
    assumptions: Sequence[str] = (),
    remarks: Sequence[str] = (),
    line: str | None = None,
) -> Answer:
    """The answer of ``engine``'s base; ``question`` is the stem, e.g. ``shared_threats``."""
    base = engine.base
    if base is None:
        raise StoreError(
            engine.location, "nothing has been loaded yet", hint="load something first: kb load PATH, or kb load --seeds"
        )
    return Answer(
        question=question.replace("_", "-"),
        params=params,
        rows=tuple(rows),
        base=base.fingerprint,
        assumptions=tuple(assumptions),
        remarks=tuple(remarks),
        schema_version=base.schema_version,
        line=line,
    )
