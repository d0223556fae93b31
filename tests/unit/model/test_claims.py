"""Printed results against recomputation: real pages, ties, gaps."""

import csv
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.model.aivss import FACTOR_NAMES, VERSIONS, Score, partial_score, score
from kb.model.claims import ClaimCheck, Claims, check_claims

FACTS = Path(__file__).parents[3] / ".." / "shared" / "facts" / "assessments.csv"

THM = Decimal("0.97")
ONE = Decimal(1)

hundredths = st.integers(0, 100).map(lambda n: Decimal(n) / 100)
bases = st.integers(0, 100).map(lambda n: Decimal(n) / 10)
multipliers = st.integers(0, 150).map(lambda n: Decimal(n) / 100)


@pytest.mark.skipif(not FACTS.exists(), reason="the shared facts are not beside this checkout")
def test_every_scored_row_of_the_facts_recomputes_within_its_printed_precision() -> None:
    with FACTS.open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["aivss"]]
    checks = {}
    for row in rows:
        factors = {name: Decimal(row[name]) for name in FACTOR_NAMES}
        figures = [Decimal(row[name]) for name in ("cvss_base", "threat_multiplier", "mitigation_factor")]
        claims = Claims(Decimal(row["factor_sum"]), Decimal(row["aars"]), Decimal(row["aivss"]), row["severity"])
        checks[row["slug"]] = check_claims(claims, score(factors, *figures))
    assert len(checks) == 53
    assert set(checks.values()) == {ClaimCheck("hold", ())}


def test_a_tie_that_a_page_rounds_down_is_rounded_up_and_the_page_still_holds() -> None:
    result = score(dict.fromkeys(FACTOR_NAMES, Decimal("0.5")), Decimal("8.5"), ONE, ONE)
    assert result == Score(
        Decimal("5.0"), Decimal("0.75"), Decimal("9.25"), Decimal("9.3"), "Critical", "0.8", ("factor-set-0.5",)
    )
    assert check_claims(Claims(aivss=Decimal("9.2"), severity="Critical"), result) == ClaimCheck("hold", ())
    assert check_claims(Claims(aivss=Decimal("9.1")), result) == ClaimCheck(
        "differ", ("aivss is printed as 9.1, its inputs give 9.3",)
    )


@pytest.mark.parametrize(
    ("claims", "verdict", "faults"),
    [
        (Claims(), None, ()),
        (Claims(factor_sum=Decimal("5.0")), "hold", ()),
        (Claims(factor_sum=Decimal("5.1")), "differ", ("factor_sum is printed as 5.1, its inputs give 5.0",)),
        (Claims(factor_sum=Decimal(5), aars=Decimal("1.1")), "unchecked", ()),
        (Claims(factor_sum=Decimal(4), aars=Decimal("1.1")), "differ", ("factor_sum is printed as 4, its inputs give 5.0",)),
        (Claims(severity="High"), "unchecked", ()),
        (Claims(aivss=Decimal("9.6"), severity="critical"), "unchecked", ()),
        (
            Claims(aivss=Decimal("9.6"), severity="High"),
            "differ",
            ("severity is printed as High, the score's band is Critical",),
        ),
    ],
)
def test_claims_are_checked_as_far_as_their_inputs_are_known(claims: Claims, verdict: str, faults: tuple[str, ...]) -> None:
    computed = partial_score(dict.fromkeys(FACTOR_NAMES, Decimal("0.5")))
    assert check_claims(claims, computed) == ClaimCheck(verdict, faults)


def test_aars_may_be_off_by_half_a_hundredth_and_no_more() -> None:
    computed = score(dict.fromkeys(FACTOR_NAMES, Decimal("0.5")), Decimal("8.5"), THM, ONE)
    assert computed.aars == Decimal("0.7275")
    assert [check_claims(Claims(aars=Decimal(text)), computed).verdict for text in ("0.72", "0.73", "0.74")] == [
        "differ",
        "hold",
        "differ",
    ]


@given(st.data(), st.sampled_from(sorted(VERSIONS)), bases, multipliers, multipliers)
def test_a_document_that_prints_what_is_computed_holds(
    data: st.DataObject, version: str, base: Decimal, threat: Decimal, mitigation: Decimal
) -> None:
    factors = data.draw(st.fixed_dictionaries(dict.fromkeys(VERSIONS[version].factors, hundredths)))
    result = score(factors, base, threat, mitigation, version)
    printed = Claims(result.factor_sum, round(result.aars, 2), result.aivss, result.severity)
    assert check_claims(printed, result) == ClaimCheck("hold", ())
