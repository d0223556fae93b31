"""The chains of a report: those of a cascade that cost most, with their arithmetic written out."""

from collections.abc import Sequence
from typing import Any

Row = dict[str, Any]


def expected_loss(row: Row) -> float:
    """Probability times criticality of a row of a cascade."""
    return loss_of(row["probability"], row["criticality"])


def loss_of(probability: float, criticality: float | None) -> float:
    """What is lost on average; a criticality that no document gives counts 1."""
    return probability * (1.0 if criticality is None else criticality)


def costliest(rows: Sequence[Row], most: int) -> list[Row]:
    """At most ``most`` of the ``rows`` of a cascade, by expected loss descending, then agent; each with its chain."""
    ranked = sorted(rows, key=lambda row: (-expected_loss(row), row["agent"]))
    return [_with_arithmetic(row) for row in ranked[:most]]


def _with_arithmetic(row: Row) -> Row:
    names = ("agent", "probability", "low", "high", "harmed", "criticality")
    return {
        **{name: row[name] for name in names},
        "loss": expected_loss(row),
        "chain": [_step(step) for step in row["chain"]],
        "factors": factors_of(row["chain"]),
        "chain_probability": row["chain_probability"],
        "layers": row["layers"],
        "further_ways": row["further_ways"],
    }


def _step(step: Row) -> Row:
    return {name: step[name] for name in ("agent", "threat", "channel", "over", "through", "layer", "source", "places")}


def factors_of(chain: Sequence[Row]) -> list[Row]:
    """The factors along ``chain`` in order: ``factor``, ``of``, ``value``, ``step`` (its number) and ``source``.

    Their product is the chain's probability. A draw is made once, so that a control that stands in the way twice at one agent
    is one factor. The source of a strength and a susceptibility is that of the step, and ``None`` here.
    """
    found: list[Row] = []
    controls: set[tuple[str, str]] = set()
    for number, step in enumerate(chain):
        if step["strength"] is not None:
            found.append(_factor("strength", step["channel"], step["strength"], number))
        if step["susceptibility"] is not None:
            found.append(_factor("susceptibility", step["threat"], step["susceptibility"], number))
        for control in step["controls"]:
            if (step["agent"], control["control"]) not in controls:
                controls.add((step["agent"], control["control"]))
                found.append(_factor("fails", control["control"], 1.0 - control["holds"], number, control["source"]))
    return found


def _factor(factor: str, of: str | None, value: float, step: int, source: str | None = None) -> Row:
    return {"factor": factor, "of": of, "value": value, "step": step, "source": source}
