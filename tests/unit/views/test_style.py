"""The palette: readable on both papers, and a stroke for every way to be wired."""

import re

import pytest

from kb.catalog import catalog
from kb.model.schema import RELATION_KINDS, SEVERITIES
from kb.views import style
from kb.views.style import (
    CHANNEL_STROKE,
    DARK_PAPER,
    PAPER,
    SEVERITY_FILL,
    fill_name,
    page_variables,
    stroke_of,
    thickness,
    with_fallbacks,
)

INKS = {name: ink for name, ink in vars(style).items() if isinstance(ink, style.Ink)} | {
    f"{table} {key}": ink for table in ("SEVERITY", "NODE", "CERTAINTY", "STATE") for key, ink in getattr(style, table).items()
}


def contrast(one: str, other: str) -> float:
    """The contrast of two colours after WCAG 2.2, 1 to 21."""
    dark, light = sorted(map(_luminance, (one, other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(color: str) -> float:
    parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("name", INKS)
def test_every_ink_can_be_read_on_both_papers(name):
    assert contrast(INKS[name].hex, PAPER) >= 4.5
    assert contrast(INKS[name].dark, DARK_PAPER) >= 4.5


@pytest.mark.parametrize("severity", SEVERITY_FILL)
def test_what_is_written_on_a_fill_can_be_read(severity):
    assert contrast(SEVERITY_FILL[severity].hex, SEVERITY_FILL[severity].ink) >= 4.5


def test_every_band_and_no_band_has_a_fill_of_its_own():
    assert set(SEVERITY_FILL) == {*SEVERITIES, None}
    assert len({fill.hex for fill in SEVERITY_FILL.values()}) == len(SEVERITY_FILL)


def test_every_channel_of_the_catalogue_and_every_kind_of_relation_has_a_stroke():
    tables = catalog().cascade
    channels = {row["channel"] for row in tables["channels"]} | {f"outside-{row['entry']}" for row in tables["entries"]}
    assert set(CHANNEL_STROKE) == channels | set(RELATION_KINDS)


def test_strokes_that_differ_in_words_differ_without_colour():
    strokes = set(CHANNEL_STROKE.values())
    assert len({stroke.words for stroke in strokes}) == len({stroke.dashes for stroke in strokes}) == len(strokes)


def test_a_channel_counts_before_the_kind_and_what_is_unheard_of_carries_nothing():
    assert stroke_of("artifact", "TRUSTS") == CHANNEL_STROKE["artifact"]
    assert stroke_of("", "USES") == stroke_of("unheard-of", "USES") == CHANNEL_STROKE["USES"]
    assert stroke_of("unheard-of", "UNHEARD_OF") == CHANNEL_STROKE["FACES"]


def test_a_line_is_as_thick_as_its_strength_and_thin_where_there_is_none():
    assert [thickness(strength) for strength in (None, 0.0, 0.5, 1.0, 7.0)] == [1.25, 1.25, 3.12, 5.0, 5.0]


def test_every_colour_has_a_name_on_pages_in_light_and_dark():
    css = page_variables()
    light, dark, chosen = (
        set(re.findall(r"--([\w-]+):", block))
        for block in (css.split("@media")[0], css.split("@media")[1].split("\n")[0], css.split('"dark"')[1])
    )
    fills = {fill_name(severity) for severity in SEVERITY_FILL}
    assert dark == chosen == light - fills - {f"{name}-ink" for name in fills}
    assert {"paper", "ink", "line", "risk", "quiet", "severity-critical", "node-agent"} <= dark
    assert f"--paper:{PAPER}" in css
    assert f"--paper:{DARK_PAPER}" in css


def test_a_program_without_named_colours_reads_the_light_one_before():
    css = "a{fill:var(--paper);stroke:var(--node-agent)}"
    assert with_fallbacks(css) == "a{fill:#ffffff;fill:var(--paper);stroke:#1f4e8c;stroke:var(--node-agent)}"
