"""The report as a document: what stands where, in which words; how it is written out is for others."""

from collections.abc import Mapping, Sequence
from shlex import quote
from types import MappingProxyType
from typing import Any

from kb.questions.reports.unknowns import missing_words
from kb.views.figures import figure
from kb.views.report.backing import (
    again_section,
    assumptions_section,
    coverage_section,
    evidence_section,
    sources_section,
    unknowns_section,
)
from kb.views.report.blocks import (
    Band,
    Block,
    Bullets,
    Card,
    Code,
    Column,
    Document,
    Drawing,
    Paragraph,
    Piece,
    Quiet,
    Ref,
    Section,
    Table,
    Words,
)
from kb.views.report.cascades import cascade_section
from kb.views.report.plan import choke_section, plan_section
from kb.views.report.plots import heat_maps, score_distribution
from kb.views.report.words import agent_words, document_numbers, how_many, listed, node_words
from kb.views.words import MAESTRO_LAYERS

Row = Mapping[str, Any]
_NAMED = 12
"""Agents that the head of a report names one by one."""


def report_document(report: Row, pictures: Mapping[str, Drawing] = MappingProxyType({})) -> Document:
    """The whole of ``report``, with the picture of the trust paths of each system that ``pictures`` has one of."""
    sections = [
        _summary(report),
        _agents(report),
        _layers(report),
        _shared(report),
        cascade_section(report, pictures),
        choke_section(report),
        plan_section(report),
        coverage_section(report),
        assumptions_section(report),
        unknowns_section(report),
        evidence_section(report),
        sources_section(report),
        again_section(report),
    ]
    return Document(report["title"], _facts(report), sections)


def _facts(report: Row) -> list[tuple[str, Words]]:
    system, agents = report["scope"]["system"], report["scope"]["agents"]
    count = how_many(len(agents), "agent")
    named: Words = (
        _listed(agents) if len(agents) <= _NAMED else [f"{count}, deployed or products, all of them in the table below"]
    )
    scope: Words = [Code(system), f", a system of {count}"] if system else named
    return [
        ("Scope", scope),
        ("Date", [report["date"]]),
        ("Base", [Code(report["base"]), Quiet(" (fingerprint of all that was loaded)")]),
        ("Catalogue", [report["sources"]["catalog"]["version"]]),
        ("Made with", [report["made_with"], *([", ", Code(report["command"])] if system or len(agents) <= _NAMED else [])]),
    ]


def _listed(ids: Sequence[str]) -> list[Piece]:
    words: list[Piece] = []
    for number, node_id in enumerate(ids):
        words += [", ", Code(node_id)] if number else [Code(node_id)]
    return words


def _summary(report: Row) -> Section:
    summary = report["summary"]
    blocks: list[Block] = [
        Card([f"{number}. {_HEADINGS[one['finding']]}"], _finding(one)) for number, one in enumerate(summary["findings"], 1)
    ]
    if summary["recommendation"]:
        blocks.append(Card(["What helps most"], _finding(summary["recommendation"])))
    if not blocks:
        blocks.append(Paragraph(["The base holds no figure that a finding could rest on."]))
    return Section("summary", "Summary", [*blocks, Paragraph([Quiet(summary["rule"])])])


_HEADINGS = {
    "exposed": "Where strangers cost most",
    "blast": "Whose fall takes most along",
    "uncovered": "The widest gap in controls",
    "score": "The highest score",
    "shared": "The threat that most share",
    "unscored": "What has no score",
}


def _finding(finding: Row) -> list[Block]:
    sources = list(dict.fromkeys(one["from"] for one in finding["figures"]))
    items = [[_figures(finding["figures"], source), *_from(source)] for source in sources]
    steps = [Bullets([[item] for item in finding["items"]], numbered=True)] if finding.get("items") else []
    return [Paragraph([finding["text"]]), *steps, Bullets(items)]


def _figures(figures: Sequence[Row], source: str) -> str:
    """The figures that come from one place, in a line."""
    return "; ".join(f"{one['name']} {_valued(one)}" for one in figures if one["from"] == source)


def _from(source: str) -> Words:
    return [Quiet(", from "), Code(source)] if source.startswith("kb ") else [Quiet(f", from {source}")]


def _valued(one: Row) -> str:
    value = one["value"]
    shown = str(value) if isinstance(value, int) else figure(value)
    if one["low"] is None:
        return shown
    return f"{shown} (exact)" if one["low"] == one["high"] else f"{shown} (95 % {figure(one['low'])} to {figure(one['high'])})"


def _agents(report: Row) -> Section:
    agents, numbers = report["agents"], document_numbers(report)
    wired = any(row["system"] for row in agents)
    columns = [Column("Agent"), *([Column("Role and entries"), Column("Criticality", figures=True)] if wired else [])]
    columns += [Column("AIVSS"), Column("Version and remarks"), Column("Threats", figures=True), Column("Documents")]
    rows = [
        [
            *(_identity(row), *([_role(row), _criticality(row)] if wired else []), _score(row), _rationale(row)),
            *([str(row["threats"])], [Ref(tuple(sorted(numbers[one] for one in row["documents"] if one in numbers)))]),
        ]
        for row in agents
    ]
    caption: Words = [
        *("Scores as ", Code("kb show AGENT"), " works them out again from the documents' inputs; threats are those that "),
        "documents state or declare. A score orders agents; it does not add up, and it is no probability.",
    ]
    table = Table(columns, rows, caption)
    scored = sum(row["aivss"] is not None for row in agents)
    note = f"{scored} of {how_many(len(agents), 'agent')} have what a score needs; the others have none, rather than a guess."
    drawing = Drawing([score_distribution(agents)], "Distribution of AIVSS scores", [note], _distribution(agents))
    return Section("agents", "Agents and scores", [drawing, table])


def _identity(row: Row) -> Words:
    based: list[Piece] = [Quiet(", based on "), Code(row["based_on"])] if row["based_on"] else []
    return [*agent_words(row["agent"], {row["agent"]: row["name"]} if row["name"] else {}), *based]


def _role(row: Row) -> Words:
    entry = f"entry for strangers' {', '.join(row['entries'])}" if row["entries"] else ""
    return ["; ".join(filter(None, [row["role"], entry])) or "–"]


def _criticality(row: Row) -> Words:
    if row["system"] is None:
        return ["–"]
    return [f"{row['criticality']:g}" if row["criticality"] is not None else "unknown, counted 1"]


def _score(row: Row) -> Words:
    if row["aivss"] is None:
        return [Band(None, "no score")]
    return [Band(row["severity"], f"{row['aivss']:.1f} {row['severity']}")]


def _rationale(row: Row) -> Words:
    given = "" if row["version_given"] else " (taken, as no document names one)"
    said = [f"v{row['aivss_version']}{given}"] if row["aivss"] is not None else [missing_words(row["missing"])]
    said += [f"factors sum to {figure(row['factor_sum'])}"] if row["factor_sum"] is not None else []
    said += ["its printed score does not follow from its inputs"] if row["claims"] == "differ" else []
    return ["; ".join([*said, *row["flags"]])]


def _distribution(agents: Sequence[Row]) -> Table:
    """The plot of scores in figures."""
    bands: dict[str, int] = {}
    for row in agents:
        bands[row["severity"] or "no score"] = bands.get(row["severity"] or "no score", 0) + 1
    ordered = [band for band in ("Critical", "High", "Medium", "Low", "None", "no score") if band in bands]
    return Table([Column("AIVSS band"), Column("Agents", figures=True)], [[[band], [str(bands[band])]] for band in ordered])


def _layers(report: Row) -> Section:
    rows = report["layers"]
    if not rows:
        return Section("layers", "Layers", [Paragraph(["No document speaks of a MAESTRO layer."])])
    cells = {(row["agent"], row["layer"] or ""): row for row in rows}
    layers = [*MAESTRO_LAYERS, *sorted({layer for _, layer in cells} - {"", *MAESTRO_LAYERS}), ""]
    agents = sorted({row["agent"] for row in rows})
    twin = Table(
        [Column("Agent"), *(Column(layer or "summary", figures=True) for layer in layers)],
        [[[Code(agent)], *([_count(cells.get((agent, layer)))] for layer in layers)] for agent in agents],
    )
    legend = (
        "Threats that documents state or declare at each layer. · nothing is known there; – assessed, and no threat "
        "recognised; ? not certain from the document. From "
    )
    system = report["scope"]["system"]
    command = f"kb ask layer-heatmap --system {quote(system)}" if system else "kb ask layer-heatmap"
    drawing = Drawing(heat_maps(rows, report["names"]), "Heat map of MAESTRO layers", [legend, Code(command)], twin)
    return Section("layers", "Layers", [drawing])


def _count(cell: Row | None) -> str:
    if cell is None:
        return "·"
    return f"{cell['count'] or '–'}{'?' if cell['certainty'] == 'uncertain' else ''}"


def _shared(report: Row) -> Section:
    rows = report["shared_threats"]
    if not rows:
        return Section("shared", "Shared threats", [Paragraph(["Documents name no threat that two of the agents face."])])
    table = Table(
        [Column("Threat"), Column("Agents", figures=True), Column("Who faces it")],
        [
            [node_words(row["threat"], report["names"]), [str(len(row["agents"]))], listed(row["agents"], report["names"])]
            for row in rows
        ],
        ["Threats that documents state or declare, as ", Code("kb ask shared-threats"), " counts them."],
    )
    return Section("shared", "Shared threats", [table])
