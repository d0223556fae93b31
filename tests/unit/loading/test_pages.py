"""Threat-model pages as text: what is read, what is refused, what is taken with a remark."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from kb.errors import Fault, InputError
from kb.loading.pages import Page, is_page, parse_page, slug_in
from kb.loading.parsed import Figures, Paragraph, ParsedAssessment
from kb.model.aivss import FACTOR_NAMES

PAGES = Path(__file__).parents[2] / "assets" / "pages"
FULL = (PAGES / "harbour-pilot.full.txt").read_text(encoding="utf-8")
TABLE = (PAGES / "harbour-pilot.table.txt").read_text(encoding="utf-8")
FACTORS = dict(
    zip(
        FACTOR_NAMES,
        map(Decimal, ("0.60", "0.50", "0.10", "0.70", "0.40", "0.60", "0.30", "0.80", "0.50", "0.40")),
        strict=True,
    )
)
LAYERS = {
    "L1": "uncertain",
    "L2": "mapped",
    "L3": "mapped",
    "L4": "uncertain",
    "L5": "uncertain",
    "L6": "mapped",
    "L7": "mapped",
}


def page(text: str, **options: str) -> Page:
    (parsed,) = parse_page(text, "a.txt", **options)
    return parsed


def read(text: str, **options: str) -> ParsedAssessment:
    return page(text, **options).assessment


def faults(text: str) -> list[tuple[int, str]]:
    with pytest.raises(InputError) as caught:
        parse_page(text, "a.txt")
    assert {fault.path for fault in caught.value.faults} == {"a.txt"}
    return [(fault.line, fault.error) for fault in caught.value.faults]


def test_a_whole_page_as_page_text_is_read_to_the_last_figure() -> None:
    assert read(FULL) == ParsedAssessment(
        kind="page",
        form="full",
        series="page:harbour-pilot:full",
        subject="harbour-pilot",
        name="Harbour Pilot",
        title="Harbour Pilot — agentic threat model",
        url=None,
        as_of=None,
        line=1,
        cut=False,
        factors=FACTORS,
        figures=Figures(
            cvss_base=Decimal("6.5"),
            threat_multiplier=Decimal("1.05"),
            mitigation_factor=Decimal("0.9"),
            claimed_factor_sum=Decimal("4.9"),
            claimed_aars=Decimal("1.8"),
            claimed_aivss=Decimal("7.5"),
            claimed_severity="High",
        ),
        layers=LAYERS,
    )


def test_the_table_form_gives_factors_and_layers_by_order_and_no_score() -> None:
    read_page = read(TABLE)
    assert (read_page.form, read_page.series, read_page.cut) == ("table", "page:harbour-pilot:table", False)
    assert (read_page.factors, read_page.figures, read_page.layers) == (FACTORS, Figures(), LAYERS)


def test_both_forms_hold_the_same_paragraphs_each_at_its_own_line() -> None:
    full, table = page(FULL).paragraphs, page(TABLE).paragraphs
    assert [replace(part, line=0) for part in full] == [replace(part, line=0) for part in table]
    assert [part.line for part in full] == [9, 44, 48, 52, 56, 60, 64, 68]
    assert [part.line for part in table] == [2, 17, 18, 19, 20, 21, 22, 23]


def test_a_paragraph_is_what_the_page_says_without_the_prefix_of_uncertainty() -> None:
    assert page(FULL).paragraphs[-3:] == (
        Paragraph("L5", "no evaluation is mentioned, so drift may pass unseen.", 60, "uncertain"),
        Paragraph("L6", "Every order is signed by the harbour master, which curbs unauthorized moves.", 64, "mapped"),
        Paragraph(
            "L7",
            "Tugs, pilots and customs run agents of their own. A rogue partner could pass on false berth requests.",
            68,
            "mapped",
        ),
    )


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda text: "\ufeff" + text, id="byte order mark"),
        pytest.param(lambda text: text.replace("\n", "\r\n"), id="CRLF"),
        pytest.param(lambda text: text.replace("\n", " \t\n"), id="trailing blanks"),
        pytest.param(lambda text: text.replace(" — agentic", "\u00a0— agentic").replace("L3 · ", "L3\u00a0·\u00a0"), id="NBSP"),
        pytest.param(lambda text: text.replace("⚠", "⚠\ufe0f").replace("✓", "✓\ufe0f"), id="variation selectors"),
        pytest.param(lambda text: text.replace("&", "&amp;"), id="entities"),
        pytest.param(lambda text: text.replace("✓", " ✓").replace("⚠", " ⚠"), id="tags set apart"),
        pytest.param(lambda text: text.replace("✓", "\n✓").replace("⚠", "\n⚠"), id="tags on lines of their own"),
        pytest.param(lambda text: text.replace("0.60", "0,60").replace("0.5", "0,5"), id="comma decimals"),
        pytest.param(lambda text: text.replace("Dynamic Tool Use", "Tool Use"), id="a factor's other name"),
        pytest.param(lambda text: text.replace("7.5AIVSS 7.5", "7.5\n\nAIVSS 7.5"), id="badge apart"),
        pytest.param(lambda text: text.replace("AIVSS 7.5 · High", "AIVSS 7.5 ·\nHigh"), id="severity apart"),
        pytest.param(
            lambda text: text.replace("CVSS base 6.5AARS uplift 1.8", "CVSS base\n6.5\nAARS uplift\n1.8\n"), id="block apart"
        ),
        pytest.param(lambda text: text.replace("Action\n0", "Action: 0"), id="name and value in one line"),
        pytest.param(lambda text: text.replace("L3 ·", "### L3 ·").replace("OWASP AIVSS s", "## OWASP AIVSS s"), id="Markdown"),
        pytest.param(
            lambda text: text.replace("AgentReadyHomeAgent Listing", "AgentReadyHomeAgent ListingPricing"), id="chrome"
        ),
    ],
)
@pytest.mark.parametrize("text", [FULL, TABLE], ids=["full", "table"])
def test_spellings_of_the_same_page_read_the_same(text: str, change: Callable[[str], str]) -> None:
    changed = read(change(text))
    assert changed == read(text)


def test_a_wrapped_paragraph_is_one_where_blank_lines_part_the_others() -> None:
    wrapped = FULL.replace("A forged manifest might", "A forged manifest\nmight")
    assert page(wrapped).paragraphs[1] == page(FULL).paragraphs[1]


def test_the_title_is_found_by_its_end_below_a_back_link() -> None:
    assert read("← Harbour Pilot\n" + TABLE).name == "Harbour Pilot"


@pytest.mark.parametrize(
    ("name", "subject"),
    [
        ("Qwen3‑Coder", "qwen3-coder"),
        ("browsermcp/mcp", "browsermcp-mcp"),
        ("Cline (VS Code / JetBrains extension)", "cline-vs-code-jetbrains-extension"),
        ("A — B", "a-b"),
        ("7AI", "7ai"),
    ],
)
def test_a_name_may_hold_anything_and_gives_the_id_where_no_address_does(name: str, subject: str) -> None:
    parsed = read(TABLE.replace("Harbour Pilot — ", f"{name} — "))
    assert (parsed.name, parsed.subject, parsed.series) == (name, subject, f"page:{subject}:table")


@pytest.mark.parametrize(
    "place",
    ["{url}\n{page}", "Source: {url}\n{page}", "{page}\n<{url}>\n", "{page}\nURL: {url}"],
    ids=["alone", "source", "end", "url"],
)
def test_the_page_s_own_address_gives_its_id(place: str) -> None:
    url = "https://agent.distributedapps.ai/directory/harbour-pilot-mcp/threat-model"
    parsed = read(place.format(url=url, page=TABLE))
    assert (parsed.subject, parsed.url, parsed.series) == ("harbour-pilot-mcp", url, "page:harbour-pilot-mcp:table")
    assert parsed.layers == LAYERS


def test_an_address_in_a_paragraph_is_another_page_s() -> None:
    other = "Like https://agent.distributedapps.ai/directory/notion/threat-model it plans"
    parsed = read(TABLE.replace("Harbour Pilot plans", other))
    assert (parsed.subject, parsed.url) == ("harbour-pilot", None)


@pytest.mark.parametrize(
    ("url", "slug"),
    [
        ("https://agent.distributedapps.ai/directory/monetizeai/threat-model", "monetizeai"),
        ("http://host/directory/sema4ai-agents/threat-model/?a=b#c", "sema4ai-agents"),
        ("https://host/directory/Two%20Words/threat-model", "two-words"),
        ("https://host/answers/aivss-ai-vulnerability-scoring", None),
        ("https://host/directory//threat-model", None),
        ("https://[host/directory/a/threat-model", None),
    ],
)
def test_the_slug_is_the_folder_of_the_address(url: str, slug: str | None) -> None:
    assert slug_in(url) == slug


# ----------------------------------------------------------------------------------------------------------------------
# Absent is not zero
# ----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("word", ["N/A", "-", "—", "unknown", ""])
def test_a_factor_without_a_number_is_absent(word: str) -> None:
    parsed = read(TABLE.replace("| Self-Modification | 0.10 |", f"| Self-Modification | {word} |"))
    assert parsed.factors == {name: value for name, value in FACTORS.items() if name != "self_modification"}
    assert parsed.remarks == ("no value for self_modification",)


def test_a_factor_whose_value_line_is_missing_is_absent() -> None:
    parsed = read(FULL.replace("Self-Modification\n0.10\n", "Self-Modification\n"))
    assert parsed.factors == {name: value for name, value in FACTORS.items() if name != "self_modification"}


def test_the_eleventh_factor_is_kept() -> None:
    parsed = read(TABLE.replace("| Goal-Driven Planning |", "| Natural Language Interface (Language) |"))
    assert parsed.factors["natural_language_interface"] == Decimal("0.50")
    assert "goal_driven_planning" not in parsed.factors


def test_odd_but_possible_values_are_kept_and_what_is_passed_over_is_said() -> None:
    odd = TABLE.replace("| Self-Modification | 0.10 | |", "| Self-Modification | 0.105 | |\n| Charm | 0.40 | |")
    parsed = read(odd)
    assert parsed.factors == FACTORS | {"self_modification": Decimal("0.105")}
    assert parsed.remarks == ("line 7: 'Charm' is no known AIVSS factor and was passed over",)


def test_multipliers_above_one_and_claims_that_do_not_follow_are_kept() -> None:
    parsed = read(FULL.replace("Threat ×1.05", "Threat ×7").replace("AIVSS 7.5 · High", "AIVSS 12.0 · Low"))
    assert parsed.figures.threat_multiplier == Decimal(7)
    assert (parsed.figures.claimed_aivss, parsed.figures.claimed_severity) == (Decimal("12.0"), "Low")


# ----------------------------------------------------------------------------------------------------------------------
# Layers
# ----------------------------------------------------------------------------------------------------------------------


def test_the_name_of_a_layer_counts_for_more_than_its_number() -> None:
    parsed = read(
        FULL.replace("L5 · Evaluation & Observability", "L5 · Security & Compliance (Vertical)").replace(
            "L6 · Security & Compliance", "L6 · Evaluation and Observability"
        )
    )
    assert parsed.layers == LAYERS | {"L5": "mapped", "L6": "uncertain"}
    assert parsed.remarks == (
        "line 58: L5 is named 'Security & Compliance (Vertical)' and was read as L6",
        "line 62: L6 is named 'Evaluation and Observability' and was read as L5",
    )


def test_a_layer_that_is_none_of_the_seven_is_passed_over() -> None:
    parsed = page(FULL.replace("L7 · Agent Ecosystem", "L8 · Weather"))
    assert "L7" not in parsed.assessment.layers
    assert [part.layer for part in parsed.paragraphs] == [None, "L1", "L2", "L3", "L4", "L5", "L6"]
    assert parsed.assessment.remarks == ("line 66: 'Weather' is no MAESTRO layer's name; its paragraph was passed over",)


def test_label_and_paragraph_that_differ_make_the_layer_uncertain() -> None:
    parsed = read(FULL.replace("L1 · Foundation Models⚠ not certain from listing", "L1 · Foundation Models✓ mapped"))
    assert parsed.layers == LAYERS
    assert parsed.remarks == ("line 42: label and paragraph of L1 differ on its certainty; read as uncertain",)


def test_layers_named_in_running_text_are_no_labels() -> None:
    text = "L3 threats and L1 concerns: see L2 · Data Operations."
    changed = page(FULL.replace("Every order is signed", f"{text} Every order is signed"))
    assert changed.assessment.layers == LAYERS
    assert changed.paragraphs[6].text.startswith(text)


# ----------------------------------------------------------------------------------------------------------------------
# Faults
# ----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (FULL.replace("Tool Use\n0.70", "Tool Use\n1.7"), (22, "Dynamic Tool Use is 1.7; a factor lies from 0 to 1")),
        (FULL.replace("Tool Use\n0.70", "Tool Use\n−0.7"), (22, "Dynamic Tool Use is -0.7; a factor lies from 0 to 1")),
        (TABLE.replace("Use | 0.70", "Use | NaN"), (7, "Dynamic Tool Use is 'NaN', which is no number; give one from 0 to 1")),
        (
            TABLE.replace("Use | 0.70", "Use | high"),
            (7, "Dynamic Tool Use is 'high', which is no number; give one from 0 to 1"),
        ),
        (
            FULL.replace("Dynamic Identity\n0.30", "Tool Use\n0.30"),
            (28, "Tool Use is 0.30 here and 0.70 in line 22; leave one value for each factor"),
        ),
        (FULL.replace("base 6.5", "base 10.1"), (14, "CVSS base is 10.1; a CVSS base score lies from 0 to 10")),
        (FULL.replace("base 6.5", "base -1"), (14, "CVSS base is -1; a CVSS base score lies from 0 to 10")),
        (FULL.replace("base 6.5", "base NaN"), (14, "CVSS base is 'NaN', which is no number")),
        (FULL.replace("×1.05", "×-1.05"), (14, "Threat is -1.05; it cannot be negative")),
        (FULL.replace("×0.9", "×−0.9"), (14, "Mitigation is -0.9; it cannot be negative")),
        (FULL.replace("×0.9", "×0.9CVSS base 7"), (14, "CVSS base is given as 6.5 and as 7; leave one of them")),
        (
            FULL.replace("L7 · Agent Ecosystem", "L3 · Agent Frameworks"),
            (66, "L3 has a label here and in line 50; leave one of them"),
        ),
        (
            FULL[: FULL.index("Autonomy")] + FULL[FULL.index("Scored") :],
            (5, "no AIVSS factor found; give the whole text of the page, with the rows under its score rationale"),
        ),
        (
            FULL[: FULL.index("Autonomy")] + FULL[FULL.index("Scored") : FULL.index("MAESTRO")],
            (5, "no AIVSS factor found; give the whole text of the page, with the rows under its score rationale"),
        ),
        (TABLE.replace("Harbour Pilot — ", "— "), (1, "the title names no agent before '— agentic threat model'")),
        (TABLE.replace("Harbour Pilot — ", "x" * 301 + " — "), (1, "the agent's name has 301 characters; at most 300")),
        ("What is AIVSS?\n", (1, "no title that ends in '— agentic threat model', so this is no threat-model page")),
    ],
)
def test_what_cannot_be_taken_is_a_fault_with_its_line(text: str, expected: tuple[int, str]) -> None:
    assert faults(text) == [expected]


def test_every_fault_is_told_at_once_in_the_order_of_lines() -> None:
    broken = (
        FULL.replace("Action\n0.60", "Action\n1.7")
        .replace("base 6.5", "base 11")
        .replace("L7 · Agent Ecosystem", "L2 · Data Operations")
    )
    assert [line for line, _ in faults(broken)] == [14, 16, 66]


def test_lines_that_cannot_be_layers_by_their_order_are_refused() -> None:
    wrapped = TABLE.replace("Poisoned entries", "Poisoned\nentries").replace(
        "A forged manifest might", "A forged\nmanifest\nmight"
    )
    assert faults(wrapped) == [
        (
            24,
            "more than seven paragraphs, so that none can be told to be a layer's by its order; "
            "give each layer its own line, or its label",
        )
    ]


def test_what_follows_the_seventh_layer_is_passed_over() -> None:
    parsed = read(TABLE.replace("MAESTRO — the 7-layer agentic", "Related agents"))
    assert parsed.layers == LAYERS
    assert parsed.remarks == ("line 24: what follows the paragraph of the seventh layer was passed over",)


def test_a_name_with_hidden_characters_is_taken_and_flagged() -> None:
    parsed = read(TABLE.replace("Harbour Pilot — ", "Harbour\x1b[31m\u202e Pilot</script> — "))
    assert parsed.name == "Harbour\x1b[31m\u202e Pilot</script>"
    assert parsed.remarks == (
        "line 1: the name holds characters that cannot be seen: 'Harbour\\x1b[31m\\u202e Pilot</script>'",
    )


def test_remarks_are_bounded() -> None:
    rows = "".join(f"| Charm {number} | 0.40 | |\n" for number in range(1000))
    remarks = read(TABLE.replace("Scored with", rows + "Scored with")).remarks
    assert (len(remarks), remarks[-1]) == (31, "and 970 further remarks")


@pytest.mark.parametrize(
    ("body", "rows"),
    [
        ("L9 · Weather✓ mapped\nrain\n", 40_000),
        ("Tool" + " " * 100 + "x\n", 9_000),
        ("CVSS base :", 80_000),
        ("Tool Use\n", 100_000),
    ],
    ids=["labels", "blanks", "block", "names"],
)
def test_hostile_pages_are_read_in_linear_time(body: str, rows: int) -> None:
    """Each of these took minutes where a pattern or a loop went over the page once more for each of its lines."""
    text = "A — agentic threat model\nOWASP AIVSS score rationale\n| Tool Use | 0.5 |\n" + body * rows
    assert read(text).factors == {"dynamic_tool_use": Decimal("0.5")}


def test_only_a_page_is_a_page() -> None:
    assert [
        is_page(text) for text in (FULL, TABLE, FULL[:60], "What is AIVSS?\n\nText.", "\n".join("x" * 30) + "\n" + TABLE)
    ] == [
        True,
        True,
        False,
        False,
        False,
    ]


def test_a_fault_prints_as_a_place_that_editors_open() -> None:
    with pytest.raises(InputError) as caught:
        parse_page(TABLE.replace("Use | 0.70", "Use | 1.7"), "pages/a.txt")
    assert str(caught.value) == "pages/a.txt:7: Dynamic Tool Use is 1.7; a factor lies from 0 to 1"
    assert caught.value.faults == (Fault("pages/a.txt", 7, "Dynamic Tool Use is 1.7; a factor lies from 0 to 1"),)
