"""CVSS v4.0 vectors: base metrics only, and no other version."""

from decimal import Decimal

import pytest

from kb.errors import UsageError
from kb.model.cvss_vector import base_score_of

WORST = "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H"


@pytest.mark.parametrize(
    ("vector", "base"),
    [
        (WORST, "10.0"),
        ("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", "9.3"),
        ("CVSS:4.0/AV:L/AC:L/AT:N/PR:L/UI:N/VC:N/VI:N/VA:N/SC:N/SI:N/SA:N", "0.0"),
    ],
)
def test_the_base_score_of_a_vector_is_that_of_first(vector: str, base: str) -> None:
    assert base_score_of(vector) == Decimal(base)


def test_threat_and_environmental_metrics_do_not_move_the_base_score() -> None:
    assert base_score_of(f"{WORST}/E:U/MAV:P/CR:L") == Decimal("10.0")


@pytest.mark.parametrize(
    ("vector", "sentence"),
    [
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", "AIVSS needs v4.0, scores of older versions are no input for it"),
        ("AV:N/AC:L/Au:N/C:P/I:P/A:P", "AIVSS needs v4.0, scores of older versions are no input for it"),
        ("CVSS:4.0/AV:N", 'Missing mandatory metrics "AC, AT, PR, UI, VC, VI, VA, SC, SI, SA"'),
        (f"{WORST}/AV:N", 'Duplicate metric "AV"'),
        (f"{WORST}/" + "E:U/" * 1000, "4064 characters"),
        ("", "vector is empty"),
    ],
)
def test_anything_else_is_refused_with_the_reason(vector: str, sentence: str) -> None:
    with pytest.raises(UsageError, match=f"no CVSS v4.0 vector.*{sentence}$"):
        base_score_of(vector)
