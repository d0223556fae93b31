"""What documents say of the threats of a report, in their own words and at which place."""

from collections.abc import Iterator
from typing import Any

from kb.questions.reports.agents import Profiles

Row = dict[str, Any]


def evidence_of(profiles: Profiles) -> list[Row]:
    """One row for each place where a document states, declares or rules out a threat of an agent or of its product.

    Rows are ``agent`` (the product where it is inherited, so that each is there once), ``threat``, ``layer``, ``origin``,
    ``certainty``, ``polarity``, ``quote``, ``place`` and ``document``; by agent, threat, layer, place.
    """
    rows = [row for agent, profile in profiles.items() for row in _said(agent, profile)]
    once = {tuple(row.values()): row for row in rows}
    names = ("agent", "threat", "layer", "polarity", "place", "quote", "document")
    return sorted(once.values(), key=lambda row: [str(row[name] or "") for name in names])


def _said(agent: str, profile: Row) -> Iterator[Row]:
    for row in profile["threats"]:
        if row["origin"] == "inferred":
            continue
        holder = next((step["to"] for step in row["via"] or ()), agent)
        for piece in row["evidence"] or [{"quote": None, "place": None}]:
            yield {
                "agent": holder,
                "threat": row["id"],
                **{name: row[name] for name in ("layer", "origin", "certainty", "polarity")},
                "quote": piece["quote"],
                "place": piece["place"],
                "document": row["assessment"],
            }
