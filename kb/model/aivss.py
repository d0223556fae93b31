"""OWASP AIVSS scores by named version, in decimal arithmetic with the version's rounding.

Sources: OWASP, *AIVSS Scoring System For OWASP Agentic AI Core Security Risks*, v0.5 and v0.8 (cited by section or page).
Scores are ordinal: compare bands, do not average over findings (v0.8 §3.2).
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from types import MappingProxyType

from kb.errors import UsageError

Number = Decimal | int | float
"""What a figure may be given as; a float counts as the shortest decimal that denotes it (0.1 is one tenth)."""

FACTOR_NAMES = (
    "autonomy_of_action",
    "goal_driven_planning",
    "self_modification",
    "dynamic_tool_use",
    "persistent_memory",
    "contextual_awareness",
    "dynamic_identity",
    "multi_agent_interactions",
    "non_determinism",
    "opacity_reflexivity",
)
"""The ten factors of v0.5 (§1.1–1.4), in the order of threat-model pages."""

NATURAL_LANGUAGE = "natural_language_interface"
"""The factor that v0.8 has in place of ``goal_driven_planning`` (v0.8 p. 46)."""

ALL_FACTORS = (*FACTOR_NAMES, NATURAL_LANGUAGE)
"""The eleven factors that some version knows."""

_ALIASES: Mapping[str, tuple[str, ...]] = {
    "autonomy_of_action": ("Execution Autonomy", "Autonomy"),
    "self_modification": ("Self-Mod",),
    "dynamic_tool_use": ("Tool Use", "External Tool Control Surface", "Tools"),
    "persistent_memory": ("Memory Use", "Persistent State Retention", "Persistence"),
    "contextual_awareness": ("Context",),
    "dynamic_identity": ("Identity",),
    "multi_agent_interactions": ("Multi-Agent",),
    "non_determinism": ("Behavioral Non-Determinism", "Behavioural Non-Determinism"),
    "opacity_reflexivity": ("Opacity and Reflexivity", "Opacity & Reflexivity", "Opacity"),
    "natural_language_interface": ("Language",),
}


def _fold(name: str) -> str:
    return "_".join(re.findall(r"[a-z0-9]+", name.replace("&amp;", "&").lower()))


_KEYS: Mapping[str, str] = MappingProxyType(
    {name: name for name in ALL_FACTORS} | {_fold(alias): name for name, aliases in _ALIASES.items() for alias in aliases}
)


def factor_key(name: str) -> str | None:
    """The snake-case name of the factor that ``name`` denotes in some version, whatever its case and hyphens, or ``None``."""
    return _KEYS.get(_fold(name))


@dataclass(frozen=True, slots=True)
class Version:
    """What one version of AIVSS lays down."""

    name: str
    factors: tuple[str, ...]
    """The ten factors that it sums."""
    threat_multipliers: tuple[Decimal, ...]
    """Its table of ThM: attacked, proof of concept, unreported."""
    mitigation_range: tuple[Decimal, Decimal]
    """Lowest and highest Mitigation_Factor; both 1 where the version has none."""


VERSIONS: Mapping[str, Version] = MappingProxyType(
    {
        "0.8": Version(
            "0.8",
            tuple(name for name in ALL_FACTORS if name != "goal_driven_planning"),  # p. 46
            (Decimal("1"), Decimal("0.97"), Decimal("0.5")),  # Table 4a
            (Decimal("0.67"), Decimal("1")),  # Table 4b and the JSON schema of Appendix A
        ),
        "0.5": Version(
            "0.5",
            FACTOR_NAMES,
            (Decimal("1"), Decimal("0.97"), Decimal("0.91")),  # §4.1.5
            (Decimal("1"), Decimal("1")),
        ),
    }
)
"""The versions that are computed, the default first."""

DEFAULT_VERSION = "0.8"

NON_CONFORMANT = "non-conformant"
"""Flag: an input has a value that the version does not allow; it was used all the same."""
FACTOR_SET_05 = "factor-set-0.5"
"""Flag: the ten factors of v0.5 went into the formula of v0.8, as on threat-model pages."""
CLAMPED = "clamped"
"""Flag: the formula gave more than 10."""


@dataclass(frozen=True, slots=True)
class Score:
    """A whole score. All figures but ``aivss`` are unrounded."""

    factor_sum: Decimal
    """Sum of the ten factors, 0–10."""
    aars: Decimal
    """v0.8: the uplift over the CVSS base (p. 51); v0.5: the factor sum itself (§4.1.1)."""
    raw: Decimal
    """The result of the formula before rounding, 0–10."""
    aivss: Decimal
    """``raw`` rounded half up to one decimal."""
    severity: str
    """The band of ``aivss``; one of :data:`kb.model.schema.SEVERITIES`."""
    version: str
    flags: tuple[str, ...]
    """Sorted; see :data:`NON_CONFORMANT`, :data:`FACTOR_SET_05`, :data:`CLAMPED`."""


@dataclass(frozen=True, slots=True)
class PartialScore:
    """What the known inputs allow to compute; everything else is ``None``, never guessed. Fields as in :class:`Score`."""

    factor_sum: Decimal | None
    aars: Decimal | None
    raw: Decimal | None
    aivss: Decimal | None
    severity: str | None
    version: str
    flags: tuple[str, ...]


def score(
    factors: Mapping[str, Number],
    cvss_base: Number,
    threat_multiplier: Number,
    mitigation_factor: Number,
    version: str = DEFAULT_VERSION,
) -> Score:
    """The AIVSS score: v0.8 §3.3–3.5, v0.5 §4.1.

    v0.8 takes the ten factors of v0.5 too, and flags them. v0.5 has no mitigation factor: give 1.
    Raises :class:`~kb.errors.UsageError` naming the factors that are missing, or the figure outside its range.
    """
    missing = missing_factors(factors, version)
    if missing:
        raise UsageError(f"AIVSS v{version} needs ten factors; missing: {', '.join(missing)}")
    rules = version_named(version)
    known, flags = _checked_factors(factors, rules)
    base = _within("cvss_base", cvss_base, 10)
    threat, mitigation = _within("threat_multiplier", threat_multiplier), _within("mitigation_factor", mitigation_factor)
    return _whole(_sum(known, rules), base, threat, mitigation, rules, flags | _multiplier_flags(threat, mitigation, rules))


def partial_score(
    factors: Mapping[str, Number],
    cvss_base: Number | None = None,
    threat_multiplier: Number | None = None,
    mitigation_factor: Number | None = None,
    version: str = DEFAULT_VERSION,
) -> PartialScore:
    """As much of the score as the inputs allow: without a CVSS base there is a factor sum and no AIVSS.

    An absent multiplier is unknown, not 1; only v0.5, which has no mitigation factor, does without it.
    Raises :class:`~kb.errors.UsageError` for a figure outside its range.
    """
    rules = version_named(version)
    known, flags = _checked_factors(factors, rules)
    base = _optional("cvss_base", cvss_base, 10)
    threat = _optional("threat_multiplier", threat_multiplier)
    mitigation = _optional("mitigation_factor", mitigation_factor)
    flags |= _multiplier_flags(threat, mitigation, rules)
    total = None if missing_factors(known, version) else _sum(known, rules)
    if rules.name == "0.5" and mitigation is None:
        mitigation = Decimal(1)
    if total is not None and base is not None and threat is not None and mitigation is not None:
        whole = _whole(total, base, threat, mitigation, rules, flags)
        return PartialScore(total, whole.aars, whole.raw, whole.aivss, whole.severity, version, whole.flags)
    aars = total if rules.name == "0.5" else None
    if rules.name == "0.8" and total is not None and base is not None and threat is not None:
        aars = _uplift(total, base, threat)
    return PartialScore(total, aars, None, None, None, version, tuple(sorted(flags)))


def version_named(version: str) -> Version:
    """The rules of ``version``; raises :class:`~kb.errors.UsageError` for one that is not computed here."""
    if version not in VERSIONS:
        raise UsageError(f"no AIVSS version {version!r}", hint=f"known versions: {', '.join(VERSIONS)}")
    return VERSIONS[version]


def missing_factors(given: Collection[str], version: str = DEFAULT_VERSION) -> tuple[str, ...]:
    """The factors that ``version`` still needs beside ``given``, in its order; empty where a score can be computed."""
    return tuple(name for name in _factors_used(given, version_named(version)) if name not in given)


def counted_factors(given: Collection[str], version: str = DEFAULT_VERSION) -> tuple[str, ...]:
    """The ten factors that ``version`` sums where ``given`` are scored, in its order; the pages' ten where these are given."""
    return _factors_used(given, version_named(version))


def departures(
    factors: Mapping[str, Number], threat: Number | None, mitigation: Number | None, version: str = DEFAULT_VERSION
) -> tuple[str, ...]:
    """Each input that ``version`` does not allow, and what it allows: what :data:`NON_CONFORMANT` stands for.

    A value of several factors is said once (v0.8 Tables 1, 4a, 4b; v0.5 §3.1, §4.1.5).
    """
    rules = version_named(version)
    low, high = rules.mitigation_range
    odd = sorted({_number(value) for value in factors.values()} - {Decimal(0), Decimal("0.5"), Decimal(1)})
    word = "factor {} is" if len(odd) == 1 else "factors {} are"
    found = [f"{word.format(', '.join(f'{value:f}' for value in odd))} not 0, 0.5 or 1"] if odd else []
    if threat is not None and _number(threat) not in rules.threat_multipliers:
        found.append(f"ThM {_number(threat):f} is not {_either(rules.threat_multipliers)}")
    if mitigation is not None and not low <= _number(mitigation) <= high:
        found.append(f"mitigation {_number(mitigation):f} is not {low}" + ("" if low == high else f" to {high}"))
    return tuple(found)


def _either(values: Sequence[Decimal]) -> str:
    return f"{', '.join(map(str, values[:-1]))} or {values[-1]}"


def _number(value: Number) -> Decimal:
    return Decimal(str(value)) if isinstance(value, float) else Decimal(value)


def rounded(raw: Decimal) -> Decimal:
    """``raw`` to one decimal, half up (v0.8 §3.5: 8.65 is 8.7)."""
    return raw.quantize(Decimal("0.1"), ROUND_HALF_UP)


def severity_of(aivss: Decimal) -> str:
    """The band of a score 0–10 after rounding (v0.8 §3.5.2); 0.0, which the standard leaves unnamed, is ``None`` as in CVSS."""
    value = rounded(aivss)
    for least, band in (
        (Decimal("9.0"), "Critical"),
        (Decimal("7.0"), "High"),
        (Decimal("4.0"), "Medium"),
        (Decimal("0.1"), "Low"),
    ):
        if value >= least:
            return band
    return "None"


_CONTEXT = Context(prec=50, rounding=ROUND_HALF_UP)

_LARGEST_EXPONENT = 300
"""Figures are stored as floats, which end at 1.8e308."""


def _within(field: str, value: Number, high: int | None = None) -> Decimal:
    """``value`` as a decimal, -0 as 0; raises where it is no number, negative, above ``high`` or too large for a float."""
    expected = f"expected a number, 0 to {high}" if high is not None else "expected a number, 0 or more"
    if isinstance(value, bool) or not isinstance(value, Decimal | int | float):
        raise UsageError(f"{field} is {value!r}, {expected}")
    number = _number(value)
    finite = number.is_finite() and number.adjusted() <= _LARGEST_EXPONENT
    if not finite or number < 0 or (high is not None and number > high):
        raise UsageError(f"{field} is {number:.6g}, {expected}")
    return number.copy_abs()


def _optional(field: str, value: Number | None, high: int | None = None) -> Decimal | None:
    return None if value is None else _within(field, value, high)


def _factors_used(given: Collection[str], rules: Version) -> tuple[str, ...]:
    """The ten names to sum: the version's own, unless what is given is clearly the pages' ten."""
    own = NATURAL_LANGUAGE in given or "goal_driven_planning" not in given
    return rules.factors if rules.name == "0.5" or own else FACTOR_NAMES


def _checked_factors(factors: Mapping[str, Number], rules: Version) -> tuple[dict[str, Decimal], set[str]]:
    """The factors as decimals, and what is to be said of them (allowed values: v0.8 Table 1, v0.5 §3.1)."""
    unknown = sorted(factors.keys() - set(ALL_FACTORS))
    if unknown:
        raise UsageError(f"no AIVSS factor {unknown[0]!r}", hint=f"the factors are {', '.join(ALL_FACTORS)}")
    known = {name: _within(f"factor {name!r}", value, 1) for name, value in factors.items()}
    flags = {NON_CONFORMANT} if departures(known, None, None, rules.name) else set()
    if _factors_used(known, rules) != rules.factors and not missing_factors(known, rules.name):
        flags.add(FACTOR_SET_05)
    return known, flags


def _multiplier_flags(threat: Decimal | None, mitigation: Decimal | None, rules: Version) -> set[str]:
    return {NON_CONFORMANT} if departures({}, threat, mitigation, rules.name) else set()


def _sum(factors: Mapping[str, Decimal], rules: Version) -> Decimal:
    with localcontext(_CONTEXT):
        return sum((factors[name] for name in _factors_used(factors, rules)), Decimal(0))


def _uplift(factor_sum: Decimal, base: Decimal, threat: Decimal) -> Decimal:
    """v0.8 §3.4: (10 - CVSS_Base) x (Factor_Sum / 10) x ThM."""
    with localcontext(_CONTEXT):
        return (10 - base) * factor_sum / 10 * threat


def _whole(factor_sum: Decimal, base: Decimal, threat: Decimal, mitigation: Decimal, rules: Version, flags: set[str]) -> Score:
    """v0.8 §3.5: (CVSS_Base + AARS) x Mitigation_Factor; v0.5 §4.1.2: (CVSS_Base + AARS) / 2 x ThM; here 10 at most."""
    with localcontext(_CONTEXT):
        if rules.name == "0.5":
            aars = factor_sum
            raw = (base + aars) / 2 * threat * mitigation
        else:
            aars = _uplift(factor_sum, base, threat)
            raw = (base + aars) * mitigation
    if raw > 10:
        raw, flags = Decimal(10), flags | {CLAMPED}
    return Score(factor_sum, aars, raw, rounded(raw), severity_of(raw), rules.name, tuple(sorted(flags)))
