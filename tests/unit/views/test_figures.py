"""Figures and formulas in words."""

import pytest

from kb.model.aivss import ALL_FACTORS, CLAMPED, FACTOR_SET_05, NON_CONFORMANT
from kb.model.schema import SEVERITIES
from kb.views.figures import FACTOR_LABELS, FLAG_WORDS, figure, formula
from kb.views.style import SEVERITY, bar


def test_every_factor_flag_and_band_has_its_words():
    assert set(FACTOR_LABELS) == set(ALL_FACTORS)
    assert set(FLAG_WORDS) == {CLAMPED, FACTOR_SET_05, NON_CONFORMANT}
    assert set(SEVERITY) == set(SEVERITIES)


@pytest.mark.parametrize(
    ("value", "shown"), [(None, "–"), (0.0, "0.0"), (9.0, "9.0"), (0.97, "0.97"), (0.5238, "0.5238"), (2.25525, "2.2553")]
)
def test_a_figure(value, shown):
    assert figure(value) == shown


def test_an_unknown_input_stands_by_its_name():
    assert formula({"factor_sum": 6.6}, "0.8") == [
        "AARS  = (10 − CVSS base) × 6.6 / 10 × ThM",
        "AIVSS = (CVSS base + AARS) × mitigation",
    ]
    assert formula({"cvss_base": 9.4, "factor_sum": 8.5, "threat_multiplier": 0.97, "aivss": 8.7}, "0.5") == [
        "AIVSS = (9.4 + 8.5) / 2 × 0.97 = 8.7"
    ]


@pytest.mark.parametrize(
    ("share", "drawn"), [(0.0, "░░░░"), (0.5, "██░░"), (1.0, "████"), (0.6, "██▍░"), (1.7, "████"), (0.01, "░░░░")]
)
def test_a_bar_is_drawn_to_an_eighth(share, drawn):
    assert bar(share, 4) == drawn
