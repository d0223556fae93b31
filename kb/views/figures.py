"""Figures and formulas in words: how a score comes about, and what its flags mean."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

FACTOR_LABELS: Mapping[str, str] = MappingProxyType(
    {
        "autonomy_of_action": "Autonomy of action",
        "goal_driven_planning": "Goal-driven planning",
        "self_modification": "Self-modification",
        "dynamic_tool_use": "Dynamic tool use",
        "persistent_memory": "Persistent memory",
        "contextual_awareness": "Contextual awareness",
        "dynamic_identity": "Dynamic identity",
        "multi_agent_interactions": "Multi-agent interactions",
        "non_determinism": "Non-determinism",
        "opacity_reflexivity": "Opacity & reflexivity",
        "natural_language_interface": "Natural language interface",
    }
)
"""Snake-case factor name to what a person reads."""

FLAG_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "non-conformant": "an input has a value that this AIVSS version does not allow; it was used as given",
        "factor-set-0.5": "the ten factors of AIVSS v0.5 went into the formula of v0.8, as threat-model pages do",
        "clamped": "the formula gave more than 10",
    }
)
"""Flag of a score to what it says."""


def figure(value: float | None) -> str:
    """``value`` with one to four decimals, ``–`` where it is unknown."""
    if value is None:
        return "–"
    whole, _, decimals = f"{value:.4f}".partition(".")
    return f"{whole}.{decimals.rstrip('0') or '0'}"


def formula(figures: Mapping[str, Any], version: str) -> list[str]:
    """The formula of AIVSS ``version`` with the known ones of ``figures`` in it, an unknown one by its name."""
    base, total = _or_name(figures, "cvss_base", "CVSS base"), _or_name(figures, "factor_sum", "factor sum")
    threat, mitigation = _or_name(figures, "threat_multiplier", "ThM"), _or_name(figures, "mitigation_factor", "mitigation")
    uplift, score = figures.get("aars"), figures.get("aivss")
    result = f" = {figure(score)}" if score is not None else ""
    if version == "0.5":
        return [f"AIVSS = ({base} + {total}) / 2 × {threat}{result}"]
    return [
        f"AARS  = (10 − {base}) × {total} / 10 × {threat}" + (f" = {figure(uplift)}" if uplift is not None else ""),
        f"AIVSS = ({base} + {'AARS' if uplift is None else figure(uplift)}) × {mitigation}{result}",
    ]


def _or_name(figures: Mapping[str, Any], key: str, name: str) -> str:
    value = figures.get(key)
    return name if value is None else figure(value)
