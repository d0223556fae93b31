"""The parts of the report that say what the others rest on: controls, assumptions, unknowns, evidence and sources."""

from collections.abc import Mapping, Sequence
from typing import Any

from kb.views.figures import figure
from kb.views.report.blocks import Block, Bullets, Code, Column, Paragraph, Piece, Quiet, Ref, Section, Table, Verbatim, Words
from kb.views.report.words import agent_words, clipped, document_numbers, how_many, listed, node_words
from kb.views.style import CERTAINTY_WORD, ORIGIN_WORD, POLARITY_WORD

Row = Mapping[str, Any]


def coverage_section(report: Row) -> Section:
    """The controls in place, and the threats that have none against them."""
    coverage = report["coverage"]
    if not coverage["controls"]:
        told = (
            "No document names a control in place at these agents. That is not known, which is no finding that there is none."
        )
        return Section("coverage", "Controls and coverage", [Paragraph([told])])
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
    numbers, names = document_numbers(report), report["names"]
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


def assumptions_section(report: Row) -> Section:
    """Everything that was taken for granted."""
    parts = [
        Section(f"assumed-{at}", f"In {row['of']}", [Bullets([[text] for text in row["texts"]])])
        for at, row in enumerate(report["assumptions"])
    ]
    return Section(
        "assumptions", "Assumptions", [Paragraph(["All that was taken for granted where no document says so."])], parts
    )


def unknowns_section(report: Row) -> Section:
    """Everything that nobody knows."""
    rows = report["unknowns"]
    if not rows:
        return Section("unknowns", "Unknowns", [Paragraph(["Nothing that was asked for is unknown."])])
    alike: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        alike.setdefault((row["unknown"], row["text"]), []).extend([row["agent"]] if row["agent"] else [])
    table = Table(
        [Column("Unknown"), Column("What is not known"), Column("Of")],
        [[[unknown], [text], listed(agents, report["names"]) or ["–"]] for (unknown, text), agents in alike.items()],
        ["An unknown figure is no zero and no “no”: it is left out above, and listed here."],
    )
    return Section("unknowns", "Unknowns", [table])


def evidence_section(report: Row) -> Section:
    """What documents say of each threat."""
    rows, numbers, names = report["evidence"], document_numbers(report), report["names"]
    if not rows:
        return Section("evidence", "Evidence", [Paragraph(["No document states or declares a threat of these agents."])])
    table = Table(
        [Column("Agent"), Column("Threat"), Column("Layer"), Column("How it is known"), Column("Words and place")],
        [
            [
                agent_words(row["agent"], names),
                node_words(row["threat"], names),
                [row["layer"] or "summary"],
                _known(row),
                [*_quoted(row), Ref((numbers[row["document"]],)) if row["document"] in numbers else ""],
            ]
            for row in rows
        ],
        [
            "What an agent has from its product stands there once. Threats that rules infer are left out: ",
            Code("kb show AGENT"),
            ".",
        ],
    )
    return Section("evidence", "Evidence", [table])


def _known(row: Row) -> Words:
    said = POLARITY_WORD["denied"] if row["polarity"] == "denied" else ORIGIN_WORD[row["origin"]]
    mitigated = ", mitigated" if row["polarity"] == "mitigated" else ""
    certainty = f", {CERTAINTY_WORD[row['certainty']]}" if row["certainty"] else ""
    return [f"{said}{mitigated}{certainty}"]


def _quoted(row: Row) -> Words:
    quote: list[Piece] = [f"“{clipped(row['quote'])}” "] if row["quote"] else []
    return [*quote, Code(row["place"]), " "] if row["place"] else quote


def sources_section(report: Row) -> Section:
    """The documents, and the publications behind the catalogue."""
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


def again_section(report: Row) -> Section:
    """How to make the report again."""
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
