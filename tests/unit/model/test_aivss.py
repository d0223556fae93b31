"""AIVSS against the vectors of the standard, and its own laws."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.errors import UsageError
from kb.model.aivss import (
    ALL_FACTORS,
    FACTOR_NAMES,
    NATURAL_LANGUAGE,
    VERSIONS,
    PartialScore,
    counted_factors,
    departures,
    factor_key,
    missing_factors,
    partial_score,
    score,
    severity_of,
)

THM = Decimal("0.97")
ONE = Decimal(1)

V08 = (
    # CVSS, Factor_Sum, AARS, AIVSS at Mitigation_Factor 1.0 and at 0.67 (v0.8 §3.6)
    ("9.4", "9.0", "0.5238", "9.9", "6.6"),
    ("8.7", "8.0", "1.0088", "9.7", "6.5"),
    ("7.1", "8.0", "2.2504", "9.4", "6.3"),
    ("9.4", "9.5", "0.5529", "10.0", "6.7"),
    ("7.4", "7.5", "1.8915", "9.3", "6.2"),
    ("5.8", "7.5", "3.0555", "8.9", "5.9"),
    ("6.9", "7.5", "2.25525", "9.2", "6.1"),
    ("9.3", "6.5", "0.44135", "9.7", "6.5"),
    ("5.3", "6.5", "2.96335", "8.3", "5.5"),
    ("2.1", "6.5", "4.98095", "7.1", "4.7"),
)

V05 = (
    # CVSS, AARS as stated, AIVSS (v0.5 §4.2)
    ("9.4", "8.5", "8.7"),
    ("8.7", "7.0", "7.6"),
    ("7.1", "7.5", "7.1"),
    ("8.3", "6.5", "7.2"),
    ("7.4", "5.5", "6.3"),
    ("5.8", "6.0", "5.7"),
    ("6.9", "5.0", "5.8"),
    ("9.3", "1.0", "5.0"),
    ("5.3", "4.5", "4.8"),
    ("2.1", "4.0", "3.0"),
)

hundredths = st.integers(0, 100).map(lambda n: Decimal(n) / 100)
bases = st.integers(0, 100).map(lambda n: Decimal(n) / 10)
multipliers = st.integers(0, 150).map(lambda n: Decimal(n) / 100)
versions = st.sampled_from(sorted(VERSIONS))


def factors_of(total: str, names: tuple[str, ...]) -> dict[str, Decimal]:
    """Ten factors of 0, 0.5 or 1 with the sum ``total``."""
    whole, half = divmod(Decimal(total), 1)
    return {name: Decimal(1) if i < whole else half if i == whole else Decimal(0) for i, name in enumerate(names)}


def all_ten(version: str) -> st.SearchStrategy[dict[str, Decimal]]:
    return st.fixed_dictionaries(dict.fromkeys(VERSIONS[version].factors, hundredths))


@pytest.mark.parametrize(("base", "total", "aars", "aivss", "mitigated"), V08)
def test_the_ten_scenarios_of_v08_recompute(base: str, total: str, aars: str, aivss: str, mitigated: str) -> None:
    factors = factors_of(total, VERSIONS["0.8"].factors)
    plain = score(factors, Decimal(base), THM, ONE)
    assert (plain.factor_sum, plain.aars, plain.aivss, plain.flags) == (Decimal(total), Decimal(aars), Decimal(aivss), ())
    assert score(factors, Decimal(base), THM, Decimal("0.67")).aivss == Decimal(mitigated)


@pytest.mark.parametrize(("base", "aars", "aivss"), V05)
def test_the_ten_scenarios_of_v05_recompute(base: str, aars: str, aivss: str) -> None:
    result = score(factors_of(aars, FACTOR_NAMES), Decimal(base), THM, ONE, version="0.5")
    assert (result.factor_sum, result.aars, result.aivss, result.flags) == (Decimal(aars), Decimal(aars), Decimal(aivss), ())


def test_values_that_the_version_does_not_allow_are_used_and_flagged() -> None:
    factors = dict.fromkeys(VERSIONS["0.8"].factors, Decimal("0.5"))
    assert score(factors, 5, 1, 1).flags == ()
    assert score({**factors, "dynamic_identity": Decimal("0.8")}, 5, 1, 1).flags == ("non-conformant",)
    assert score(factors, 5, Decimal("1.05"), 1).flags == ("non-conformant",)
    assert score(factors, 5, Decimal("0.91"), 1).flags == ("non-conformant",)
    assert score(factors, 5, 1, Decimal("0.6")).flags == ("non-conformant",)
    assert score(factors, 5, 1, Decimal("0.75")).flags == ()
    own = dict.fromkeys(FACTOR_NAMES, ONE)
    assert score(own, 5, Decimal("0.91"), 1, "0.5").flags == ()
    assert score(own, 5, 1, Decimal("0.83"), "0.5").flags == ("non-conformant",)


def test_a_result_above_ten_is_clamped_and_flagged() -> None:
    result = score(dict.fromkeys(VERSIONS["0.8"].factors, 1), 0, 1.1, 1)
    assert (result.raw, result.aivss, result.flags) == (10, 10, ("clamped", "non-conformant"))


def test_with_eleven_factors_each_version_sums_its_own_ten() -> None:
    factors = {**dict.fromkeys(ALL_FACTORS, 0), "goal_driven_planning": 1}
    assert [score(factors, 5, 1, 1, version).factor_sum for version in ("0.8", "0.5")] == [0, 1]
    assert score(factors, 5, 1, 1, "0.8").flags == ()


@pytest.mark.parametrize(
    ("given_names", "version", "missing"),
    [
        (FACTOR_NAMES[:-1], "0.8", ("opacity_reflexivity",)),
        ((NATURAL_LANGUAGE,), "0.5", FACTOR_NAMES),
        ((), "0.8", VERSIONS["0.8"].factors),
        (VERSIONS["0.8"].factors, "0.5", ("goal_driven_planning",)),
        (FACTOR_NAMES, "0.8", ()),
        (FACTOR_NAMES, "0.5", ()),
    ],
)
def test_fewer_than_ten_factors_are_an_error_that_names_the_missing(
    given_names: tuple[str, ...], version: str, missing: tuple[str, ...]
) -> None:
    assert missing_factors(given_names, version) == missing
    if missing:
        with pytest.raises(UsageError, match="missing: " + ", ".join(missing) + "$"):
            score(dict.fromkeys(given_names, 1), 5, 1, 1, version)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"dynamic_identity": 1.7}, "factor 'dynamic_identity' is 1.7, expected a number, 0 to 1"),
        ({"dynamic_identity": -0.1}, "factor 'dynamic_identity' is -0.1, expected a number, 0 to 1"),
        ({"dynamic_identity": float("nan")}, "factor 'dynamic_identity' is NaN, expected a number, 0 to 1"),
        ({"dynamic_identity": Decimal("sNaN")}, "factor 'dynamic_identity' is sNaN, expected a number, 0 to 1"),
        ({"dynamic_identity": True}, "factor 'dynamic_identity' is True, expected a number, 0 to 1"),
        ({"courage": 1}, "no AIVSS factor 'courage'"),
        ({"cvss_base": 10.1}, "cvss_base is 10.1, expected a number, 0 to 10"),
        ({"threat_multiplier": -1}, "threat_multiplier is -1, expected a number, 0 or more"),
        ({"threat_multiplier": float("inf")}, "threat_multiplier is Infinity, expected a number, 0 or more"),
        ({"mitigation_factor": 10**400}, "mitigation_factor is 1.00000e+400, expected a number, 0 or more"),
        ({"version": "1.0"}, "no AIVSS version '1.0'"),
    ],
)
def test_a_figure_outside_its_range_is_an_error_that_names_it(change: dict[str, object], sentence: str) -> None:
    figures = {"cvss_base": 5, "threat_multiplier": 1, "mitigation_factor": 1, "version": "0.8"}
    factors = dict.fromkeys(FACTOR_NAMES, 1) | {key: value for key, value in change.items() if key not in figures}
    with pytest.raises(UsageError) as caught:
        score(factors, **figures | {key: value for key, value in change.items() if key in figures})
    assert str(caught.value) == sentence


def test_without_a_cvss_base_there_is_a_factor_sum_and_no_score() -> None:
    factors = dict.fromkeys(FACTOR_NAMES, Decimal("0.5"))
    nothing = (None, None, None, None)
    assert partial_score(factors) == PartialScore(Decimal("5.0"), *nothing, "0.8", ("factor-set-0.5",))
    assert partial_score({}, 5, 1, 1) == PartialScore(None, *nothing, "0.8", ())
    assert partial_score(factors, 8, 1) == PartialScore(
        Decimal("5.0"), Decimal("1.0"), None, None, None, "0.8", ("factor-set-0.5",)
    )
    assert partial_score(factors, 8, 1, version="0.5") == PartialScore(
        Decimal("5.0"), Decimal("5.0"), Decimal("6.50"), Decimal("6.5"), "Medium", "0.5", ()
    )


@pytest.mark.parametrize(
    ("raw", "band"),
    [
        ("0", "None"), ("0.049", "None"), ("0.05", "Low"), ("3.94", "Low"), ("3.95", "Medium"), ("6.94", "Medium"),
        ("6.954", "High"), ("8.94", "High"), ("8.98", "Critical"), ("10", "Critical"),
    ],
)  # fmt: skip
def test_bands_are_of_the_rounded_score(raw: str, band: str) -> None:
    assert severity_of(Decimal(raw)) == band


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Autonomy of Action", "autonomy_of_action"),
        ("Execution Autonomy", "autonomy_of_action"),
        ("Tool Use", "dynamic_tool_use"),
        ("External Tool Control Surface", "dynamic_tool_use"),
        ("Memory Use", "persistent_memory"),
        ("Persistent State Retention", "persistent_memory"),
        ("Behavioral Non-Determinism", "non_determinism"),
        ("Opacity &amp; Reflexivity", "opacity_reflexivity"),
        ("Opacity and Reflexivity", "opacity_reflexivity"),
        ("multi_agent", "multi_agent_interactions"),
        ("Natural Language Interface", "natural_language_interface"),
        ("self_mod", "self_modification"),
        ("Courage", None),
        ("", None),
    ],
)
def test_every_name_of_a_factor_leads_to_its_key(name: str, key: str | None) -> None:
    assert factor_key(name) == key


@given(st.data(), versions, bases, multipliers, multipliers)
def test_no_score_leaves_its_range_and_its_band_is_that_of_its_rounding(
    data: st.DataObject, version: str, base: Decimal, threat: Decimal, mitigation: Decimal
) -> None:
    result = score(data.draw(all_ten(version)), base, threat, mitigation, version)
    assert 0 <= result.aivss <= 10
    assert abs(result.aivss - result.raw) <= Decimal("0.05")
    assert result.severity == severity_of(result.aivss)


@given(st.data(), versions, bases, multipliers, multipliers)
def test_raising_a_factor_or_a_multiplier_never_lowers_the_score(
    data: st.DataObject, version: str, base: Decimal, threat: Decimal, mitigation: Decimal
) -> None:
    factors = data.draw(all_ten(version))
    raised = dict(factors)
    name = data.draw(st.sampled_from(sorted(factors)))
    raised[name] = data.draw(st.sampled_from([factors[name], ONE]))
    before = score(factors, base, threat, mitigation, version)
    assert score(raised, base, threat, mitigation, version).raw >= before.raw
    assert score(factors, base, threat + 1, mitigation, version).raw >= before.raw
    assert score(factors, base, threat, mitigation + 1, version).raw >= before.raw


@given(st.data(), bases, st.sampled_from(VERSIONS["0.8"].threat_multipliers))
def test_under_v08_without_mitigation_no_agent_scores_below_its_cvss_base(
    data: st.DataObject, base: Decimal, threat: Decimal
) -> None:
    assert score(data.draw(all_ten("0.8")), base, threat, 1).aivss >= base


def test_what_departs_from_a_version_is_named() -> None:
    odd = {"autonomy_of_action": 0.7, "self_modification": 1, "opacity_reflexivity": Decimal("0.25"), "dynamic_identity": 0.7}
    assert departures(odd, Decimal("1.1"), Decimal("0.5")) == (
        "factors 0.25, 0.7 are not 0, 0.5 or 1",
        "ThM 1.1 is not 1, 0.97 or 0.5",
        "mitigation 0.5 is not 0.67 to 1",
    )
    assert departures({}, None, Decimal("0.9"), "0.5") == ("mitigation 0.9 is not 1",)
    assert departures({"self_modification": 0.5}, 1, 1) == ()


def test_the_ten_that_count_are_those_of_the_version_or_of_the_pages() -> None:
    assert counted_factors(()) == VERSIONS["0.8"].factors
    assert counted_factors(("goal_driven_planning",)) == counted_factors((), "0.5") == FACTOR_NAMES
    assert counted_factors(("goal_driven_planning", "natural_language_interface")) == VERSIONS["0.8"].factors
