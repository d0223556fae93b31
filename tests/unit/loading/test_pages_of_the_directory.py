"""The pages of the AgentReady directory: figures and layers as the table of facts has them, and what a cut may change."""

import csv
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.errors import InputError
from kb.loading.pages import Page, parse_page
from kb.loading.parsed import Figures
from kb.loading.recognize import recognize
from kb.model.aivss import FACTOR_NAMES
from kb.model.ids import slugify

ASSETS = Path(__file__).parents[2] / "assets" / "pages"
SHARED = Path(__file__).parents[4] / "shared"
SLUGS = sorted(path.stem for path in (SHARED / "pages").glob("*.txt"))

needs_shared = pytest.mark.skipif(not SLUGS, reason="the collection of public pages is not beside this checkout")


def is_sealed(slug: str) -> bool:
    """Whether the page is kept for measuring the tagger, so that no test may print any of its words."""
    return sha256(slug.encode()).hexdigest()[0] in "01234" and slug not in ("qwen3-coder", "codegen")


def read(data: bytes) -> Page | None:
    recognized = recognize(data, "a.txt")
    if recognized.kind != "page":
        return None
    (page,) = parse_page(recognized.text, "a.txt")
    return page


@cache
def facts() -> dict[str, dict[str, str]]:
    with open(SHARED / "facts" / "assessments.csv", encoding="utf-8", newline="") as file:
        return {row["slug"]: row for row in csv.DictReader(file)}


def layers_of(row: dict[str, str], form: str) -> dict[str, str]:
    """The layers that the row gives for one form of the page: some rows unite what both forms show."""
    layers = {layer: "mapped" for layer in row["layers_mapped"].split(";") if layer}
    layers |= {layer: "uncertain" for layer in row["layers_uncertain"].split(";") if layer}
    basis = dict(part.split("=") for part in row["layers_basis"].split(",")) if "=" in row["layers_basis"] else {}
    return {layer: certainty for layer, certainty in layers.items() if form == "table" or basis.get(layer) != "order"}


@needs_shared
@pytest.mark.parametrize("slug", [slug for slug in SLUGS if slug != "codegen"])
def test_every_figure_and_layer_of_a_page_is_that_of_the_facts(slug: str) -> None:
    page, row = read((SHARED / "pages" / f"{slug}.txt").read_bytes()), facts()[slug]
    assert page is not None
    given = page.assessment
    assert given.factors == {name: Decimal(row[name]) for name in FACTOR_NAMES}, slug
    printed = {name: Decimal(row[name]) for name in row if name in _COLUMNS and row[name]} if given.form == "full" else {}
    expected = Figures(
        **{_COLUMNS[name]: value for name, value in printed.items()},
        claimed_severity=row["severity"] or None if printed else None,
    )
    assert given.figures == expected, slug
    whole = {"L5": "uncertain", "L6": "uncertain", "L7": "mapped"} if slug == "qwen3-coder" else {}
    assert given.layers == layers_of(row, given.form or "") | whole, slug
    assert (given.name == row["name"], given.subject == slugify(row["name"]), given.remarks) == (True, True, ()), slug


_COLUMNS = {
    "cvss_base": "cvss_base",
    "threat_multiplier": "threat_multiplier",
    "mitigation_factor": "mitigation_factor",
    "factor_sum": "claimed_factor_sum",
    "aars": "claimed_aars",
    "aivss": "claimed_aivss",
}


@needs_shared
def test_the_second_whole_page_is_uncertain_on_every_layer() -> None:
    page = read((SHARED / "pages" / "codegen.txt").read_bytes())
    assert page is not None
    assert (page.assessment.cut, page.assessment.factors["dynamic_identity"]) == (False, Decimal("0.60"))
    assert page.assessment.layers == {f"L{number}": "uncertain" for number in range(1, 8)}
    assert [(part.layer, part.line) for part in page.paragraphs] == [(None, 2), *((f"L{n}", n + 16) for n in range(1, 8))]


# ----------------------------------------------------------------------------------------------------------------------
# Cuts
# ----------------------------------------------------------------------------------------------------------------------


def open_pages() -> Iterator[Path]:
    yield from sorted(ASSETS.glob("*.txt"))
    yield from (SHARED / "pages" / f"{slug}.txt" for slug in SLUGS if not is_sealed(slug))


@cache
def content(path: Path) -> bytes:
    return path.read_bytes()


@settings(deadline=None)
@given(st.data())
def test_a_cut_takes_away_and_changes_nothing(data: st.DataObject) -> None:
    whole = content(data.draw(st.sampled_from(list(open_pages()))))
    size = data.draw(st.integers(0, len(whole)))
    cut = read(whole[:size] + data.draw(st.sampled_from([b"", b"\n", b" \r\n\n"])))
    page = read(whole)
    assert page is not None
    if cut is None:
        assert size < whole.index("— agentic threat model".encode()) + 25
        return
    assert cut.assessment.layers.items() <= page.assessment.layers.items()
    assert cut.assessment.factors.items() <= page.assessment.factors.items()
    for field in Figures.__slots__:
        assert getattr(cut.assessment.figures, field) in (None, getattr(page.assessment.figures, field))
    known = {(part.layer, part.line, part.certainty): part.text for part in page.paragraphs}
    for part in cut.paragraphs:
        assert known[part.layer, part.line, part.certainty].startswith(part.text)
        assert part.text
    assert (cut.assessment.subject, cut.assessment.form) == (page.assessment.subject, page.assessment.form)


@settings(deadline=None)
@given(st.data())
def test_every_paragraph_stands_in_the_line_that_it_names(data: st.DataObject) -> None:
    whole = content(data.draw(st.sampled_from(list(open_pages()))))
    page = read(whole[: data.draw(st.integers(0, len(whole)))])
    lines = whole.decode().split("\n")
    for part in page.paragraphs if page else ():
        assert part.text in lines[part.line - 1]


def assert_refused_or_read(data: bytes) -> None:
    try:
        page = read(data)
    except InputError as error:
        page, faults = None, error.faults
    else:
        faults = ()
    assert all(fault.error for fault in faults)
    assert page is None or all(0 <= value <= 1 for value in page.assessment.factors.values())


@settings(deadline=None)
@given(st.lists(st.one_of(st.binary(max_size=40), st.sampled_from(list(open_pages())).map(content)), max_size=4))
def test_garbage_is_refused_or_read_but_breaks_nothing(parts: list[bytes]) -> None:
    assert_refused_or_read(b"\n".join(parts))


@settings(deadline=None)
@given(st.data())
def test_a_page_with_a_byte_changed_is_refused_or_read(data: st.DataObject) -> None:
    whole = bytearray(content(data.draw(st.sampled_from(list(open_pages())))))
    whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    assert_refused_or_read(bytes(whole))


# ----------------------------------------------------------------------------------------------------------------------
# The ends that excerpts are known to have
# ----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stem", "layers"),
    [
        ("7ai", {"L1": "uncertain", "L2": "uncertain", "L3": "mapped", "L4": "uncertain", "L5": "uncertain"}),  # "Not "
        ("adot", {"L1": "uncertain", "L2": "uncertain", "L3": "uncertain"}),
        ("healthcare-copilot", {"L1": "uncertain", "L2": "mapped", "L3": "uncertain"}),  # other chrome in line 1
        (
            "metabase-mcp-server-mcp",
            {"L1": "uncertain", "L2": "mapped", "L3": "mapped", "L4": "uncertain"},
        ),  # "⚠ not certain f"
        ("milvus", {"L1": "uncertain", "L2": "mapped", "L3": "mapped"}),  # "L4 · D"
        (
            "smolagents-ai-agent",  # nothing after the prefix in L7
            {
                "L1": "mapped",
                "L2": "uncertain",
                "L3": "mapped",
                "L4": "mapped",
                "L5": "uncertain",
                "L6": "uncertain",
                "L7": "uncertain",
            },
        ),
    ],
)
def test_layers_that_a_cut_page_never_reached_are_absent(stem: str, layers: dict[str, str]) -> None:
    page = read(content(ASSETS / f"{stem}.txt"))
    assert page is not None
    assert (page.assessment.layers, page.assessment.cut) == (layers, True)


HARBOUR = (ASSETS / "harbour-pilot.full.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("last", "certainty"),
    [
        ("L2", None),
        ("L2 ·", None),
        ("L2 · Data Operations", None),
        ("L2 · Data Operations✓", "mapped"),
        ("L2 · Data Operations⚠ not c", "uncertain"),
    ],
)
def test_a_label_that_is_cut_counts_from_its_tag_on(last: str, certainty: str | None) -> None:
    start = HARBOUR[: HARBOUR.index("L2 · Data")]
    page = read((start + last).encode())
    assert page is not None
    assert page.assessment.layers.get("L2") == certainty


@pytest.mark.parametrize(
    ("words", "certainty"),
    [
        ("N", None),
        ("Not ce", None),
        ("Not certain", None),
        ("Not certain from", "uncertain"),
        ("Not certain from the listing", "uncertain"),
        ("Not certain from the listing — ", "uncertain"),
        ("Now", "mapped"),
    ],
)
def test_a_prefix_that_is_cut_is_no_mapped_layer(words: str, certainty: str | None) -> None:
    table = (ASSETS / "harbour-pilot.table.txt").read_text(encoding="utf-8")
    page = read((table[: table.index("Not certain from the listing —")] + words).encode())
    assert page is not None
    assert page.assessment.layers == ({"L1": certainty} if certainty else {})
    assert [part.text for part in page.paragraphs[1:]] == (["Now"] if words == "Now" else [])
