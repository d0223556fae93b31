"""The report as a document: what stands where, in which words; how it is written out is for others."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from kb.questions.report_unknowns import missing_words
from kb.views.blocks import (
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
    Verbatim,
    Words,
)
from kb.views.figures import figure
from kb.views.plots import heat_maps, score_distribution
from kb.views.report_cascades import cascade_section, choke_section, plan_section
from kb.views.report_words import agent_words, clipped, how_many, listed, node_words
from kb.views.words import MAESTRO_LAYERS

Row = Mapping[str, Any]


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
        _coverage(report),
        _assumptions(report),
        _unknowns(report),
        _sources(report),
        _again(report),
    ]
    return Document(report["title"], _facts(report), sections)


def _facts(report: Row) -> list[tuple[str, Words]]:
    system, agents = report["scope"]["system"], report["scope"]["agents"]
    scope: Words = [Code(system), f", a system of {how_many(len(agents), 'agent')}"] if system else _listed(agents)
    return [
        ("Scope", scope),
        ("Date", [report["date"]]),
        ("Base", [Code(report["base"]), Quiet(" (fingerprint of all that was loaded)")]),
        ("Catalogue", [report["sources"]["catalog"]["version"]]),
        ("Made with", [report["made_with"], ", ", Code(report["command"])]),
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
    agents, numbers = report["agents"], _numbers(report)
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


def _numbers(report: Row) -> dict[str, int]:
    return {row["id"]: row["number"] for row in report["sources"]["documents"]}


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
    command = f"kb ask layer-heatmap --system {system}" if system else "kb ask layer-heatmap"
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


def _coverage(report: Row) -> Section:
    coverage = report["coverage"]
    return Section(
        "coverage",
        "Controls and coverage",
        [],
        [
            Section("controls", "Controls in place", [_controls(report, coverage["controls"])]),
            Section("uncovered", "Threats without a control", [_uncovered(report, coverage["threats"])]),
        ],
    )


def _controls(report: Row, rows: Sequence[Row]) -> Block:
    if not rows:
        return Paragraph(["No document names a control in place. That is not known, which is no finding that there is none."])
    numbers, names = _numbers(report), report["names"]
    columns = [Column("Control"), Column("At"), Column("Share covered", figures=True), Column("Holds with", figures=True)]
    return Table(
        [*columns, Column("Counters, of what is faced there"), Column("Documents")],
        [
            [
                called_words(row),
                agent_words(row["agent"], names),
                [figure(row["coverage"]) if row["coverage"] is not None else "whole, assumed"],
                [f"{row['effectiveness']:g} by tactic: {row['effectiveness_source']}"],
                _countered(row["counters"]),
                [Ref((numbers[row["document"]],))] if row["document"] in numbers else ["–"],
            ]
            for row in rows
        ],
    )


def called_words(row: Row) -> Words:
    """A control by name and id."""
    return [row["name"], " ", Code(row["control"])] if row["name"] else [Code(row["control"])]


def _countered(rows: Sequence[Row]) -> Words:
    words: list[Piece] = []
    for row in rows:
        words += [", "] if words else []
        words += [Code(row["threat"])]
        words += [Quiet(f" as {row['counted_against']}")] if row["counted_against"] != row["threat"] else []
    return words or ["nothing that documents name there"]


def _uncovered(report: Row, rows: Sequence[Row]) -> Block:
    bare = [row for row in rows if row["uncovered"]]
    if not bare:
        return Paragraph(["Every threat that documents name has a control in place wherever it is faced."])
    return Table(
        [
            Column("Threat"),
            Column("Without", figures=True),
            Column("Faced by", figures=True),
            Column("Agents without a control"),
        ],
        [
            [
                node_words(row["threat"], report["names"]),
                [str(len(row["uncovered"]))],
                [str(len(row["agents"]))],
                listed(row["uncovered"], report["names"]),
            ]
            for row in bare
        ],
        [f"{len(rows) - len(bare)} of {how_many(len(rows), 'threat')} are covered wherever they are faced."],
    )


def _assumptions(report: Row) -> Section:
    parts = [
        Section(f"assumed-{at}", f"In {row['of']}", [Bullets([[text] for text in row["texts"]])])
        for at, row in enumerate(report["assumptions"])
    ]
    return Section(
        "assumptions", "Assumptions", [Paragraph(["All that was taken for granted where no document says so."])], parts
    )


def _unknowns(report: Row) -> Section:
    rows = report["unknowns"]
    if not rows:
        return Section("unknowns", "Unknowns", [Paragraph(["Nothing that was asked for is unknown."])])
    names = report["names"]
    table = Table(
        [Column("Unknown"), Column("Of"), Column("What is not known")],
        [[[row["unknown"]], agent_words(row["agent"], names) if row["agent"] else ["–"], [row["text"]]] for row in rows],
        ["An unknown figure is no zero and no “no”: it is left out above, and listed here."],
    )
    return Section("unknowns", "Unknowns", [table])


def _sources(report: Row) -> Section:
    documents, catalog = report["sources"]["documents"], report["sources"]["catalog"]
    other = "" if catalog["same"] else "; the list is of the catalogue of this version of the program"
    return Section(
        "sources",
        "Sources",
        [],
        [
            Section("documents", "Documents", [_documents(documents)]),
            Section("catalogue", f"Catalogue {catalog['version']}{other}", [_works(catalog["works"])]),
        ],
    )


def _documents(rows: Sequence[Row]) -> Block:
    if not rows:
        return Paragraph(["No document speaks of them; they are only named by others."])
    return Table(
        [
            Column("No.", figures=True),
            Column("Document"),
            Column("About"),
            Column("As of"),
            Column("SHA-256, place and reader"),
        ],
        [
            [[str(row["number"])], _titled(row), [Code(row["subject"])], [row["as_of"] or "unknown"], _place(row)]
            for row in rows
        ],
        names=[f"document-{row['number']}" for row in rows],
    )


def _titled(row: Row) -> Words:
    kind = " ".join(filter(None, [row["kind"], row["form"] and f"({row['form']})"]))
    remarks = [Quiet(f"; {remark}") for remark in row["remarks"] or ()]
    return [clipped(row["title"] or row["name"] or row["subject"]), Quiet(f", {kind}"), *remarks]


def _place(row: Row) -> Words:
    places: list[Piece] = []
    for place in (row["path"], row["url"]):
        places += [" ", Code(place)] if place else []
    return [Code(row["id"].removeprefix("sha256:")), *places, Quiet(f", read by {row['parser']}")]


def _works(works: Sequence[Row]) -> Block:
    return Table(
        [Column("Publication"), Column("Version"), Column("Licence"), Column("What was taken")],
        [[[work["work"]], [work["version"]], [work["license"] or "–"], [work["changed"] or "–"]] for work in works],
    )


def _again(report: Row) -> Section:
    told = "The same base gives the same report, byte for byte but for the date, which SOURCE_DATE_EPOCH sets. It is the same "
    return Section(
        "again",
        "How to make this report again",
        [
            Verbatim(f"$ kb doctor\n$ {report['command']} -o report.html"),
            Paragraph(
                [
                    told,
                    "base where the fingerprint is ",
                    Code(report["base"]),
                    ": load the documents listed above with ",
                    report["made_with"],
                    ".",
                ]
            ),
            Paragraph(["With ", Code("--format json"), " every figure comes unrounded, with its source."]),
        ],
    )
