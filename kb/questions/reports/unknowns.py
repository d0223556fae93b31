"""What a report does not know, in full: a figure that nobody gives is listed here, and is no zero elsewhere."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from kb.catalog import catalog
from kb.questions.reports.agents import Profiles

Row = dict[str, Any]
_ACROSS = "XL"
"""What crosses the layers, of which no document has to speak."""
_FACTORS = 10
"""Factors that a version of AIVSS counts."""
_FIGURES = {
    "cvss_base": "CVSS base",
    "threat_multiplier": "threat multiplier",
    "mitigation_factor": "mitigation factor",
}


def unknowns_of(
    agents: Sequence[Row],
    profiles: Profiles,
    shared: Sequence[Row],
    documents: Sequence[Row],
    parts: Sequence[Row],
    remarks: Iterable[str],
) -> list[Row]:
    """``unknown`` (what it is of), ``agent`` (``None`` where of several) and ``text``; by the order below, then agent."""
    rows = [*_scores(agents), *_criticality(agents), *_layers(profiles, documents), *_uncertain(profiles)]
    rows += [*_threats(agents), *_claims(profiles), *_conflicts(profiles), *_disputes(shared), *_cut(documents)]
    rows += [_row("not counted", None, remark) for remark in dict.fromkeys(remarks)]
    return rows + [row for part in parts for row in _unfollowed(part)]


def _row(unknown: str, agent: str | None, text: str) -> Row:
    return {"unknown": unknown, "agent": agent, "text": text}


def _scores(agents: Sequence[Row]) -> Iterator[Row]:
    for row in agents:
        if row["aivss"] is None:
            yield _row("score", row["agent"], f"no AIVSS score: {missing_words(row['missing'])}")


def missing_words(missing: Sequence[str]) -> str:
    """What a score lacks, in words: ``no CVSS base, no threat multiplier and 3 of the ten factors``."""
    figures = [f"no {_FIGURES[name]}" for name in missing if name in _FIGURES]
    factors = [name.replace("_", " ") for name in missing if name not in _FIGURES]
    counted = [f"{len(factors)} of the ten factors not given ({', '.join(factors)})"] if factors else []
    counted = ["none of the ten factors"] if len(factors) == _FACTORS else counted
    return ", ".join([*figures, *counted]) or "its inputs are not complete"


def _criticality(agents: Sequence[Row]) -> Iterator[Row]:
    for row in agents:
        if row["system"] is not None and row["criticality"] is None:
            yield _row("criticality", row["agent"], "no document gives its criticality; losses count 1")


def _layers(profiles: Profiles, documents: Sequence[Row]) -> Iterator[Row]:
    cut = {row["id"] for row in documents if row["cut"]}
    layers = sorted(catalog().ids("Layer") - {_ACROSS})
    for agent, profile in profiles.items():
        known = {row["id"] for row in profile["layers"]}
        absent = [layer for layer in layers if layer not in known]
        if absent:
            why = "; a document is cut before its end" if cut & {row["id"] for row in profile["assessments"]} else ""
            yield _row("layer", agent, f"no document in force speaks of {', '.join(absent)}{why}")


def _uncertain(profiles: Profiles) -> Iterator[Row]:
    for agent, profile in profiles.items():
        said = [row for row in profile["threats"] if row["origin"] != "inferred" and row["polarity"] != "denied"]
        certain = {row["id"] for row in said if row["certainty"] != "uncertain"}
        unsure = sorted({row["id"] for row in said} - certain)
        if unsure:
            yield _row("certainty", agent, f"its documents are not certain of {', '.join(unsure)}")


def _threats(agents: Sequence[Row]) -> Iterator[Row]:
    for row in agents:
        if not row["threats"]:
            yield _row(
                "threats", row["agent"], "no document states or declares a threat; that is no finding that there is none"
            )


def _claims(profiles: Profiles) -> Iterator[Row]:
    for agent, profile in profiles.items():
        for fault in profile["scores"]["claim_faults"]:
            yield _row("printed figure", agent, f"a document prints what does not follow: {fault}")


def _conflicts(profiles: Profiles) -> Iterator[Row]:
    for agent, profile in profiles.items():
        for conflict in profile["conflicts"]:
            yield _row("conflict", agent, f"documents differ: {conflict}")


def _disputes(shared: Sequence[Row]) -> Iterator[Row]:
    found = [(agent, row) for row in shared for agent in row["disputed"]]
    for agent, row in sorted(found, key=lambda pair: (pair[0], pair[1]["threat"])):
        yield _row("dispute", agent, f"one document states {row['threat']}, another rules it out; it is counted")


def _cut(documents: Sequence[Row]) -> Iterator[Row]:
    for row in documents:
        if row["cut"]:
            yield _row("document", None, f"[{row['number']}] is cut before its end; what it never reached is absent")


def _unfollowed(part: Mapping[str, Any]) -> Iterator[Row]:
    """What the questions about one system left out."""
    for remark in part["remarks"]:
        yield _row("cascade", None, remark)
    limits = (part["truncated_by"], part["plan"].get("truncated_by"))
    for cut in dict.fromkeys(limits):
        if cut:
            yield _row("cascade", None, f"{part['system']}: not everything was followed: {cut}")
