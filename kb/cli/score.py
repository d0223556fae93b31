"""``kb score``: an OWASP AIVSS score from its inputs, without a base."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any

import typer

from kb.cli.command import make_command
from kb.cli.run import Run
from kb.errors import UsageError

_DEFAULTS = {"threat_multiplier": Decimal("0.97"), "mitigation_factor": Decimal(1)}
"""AIVSS v0.8 Tables 4a and 4b and v0.5 §4.1.5: proof of concept, no mitigation."""

Factors = Annotated[str, typer.Option(metavar="NAME=VALUE,…", help="The ten factors, each 0 to 1.")]
CvssBase = Annotated[str | None, typer.Option(metavar="0–10", help="CVSS v4.0 base score.")]
CvssVector = Annotated[str | None, typer.Option(metavar="CVSS:4.0/…", help="CVSS v4.0 vector, instead of its score.")]
ThreatMultiplier = Annotated[str | None, typer.Option(metavar="ThM", help="1 attacked, 0.97 proof of concept (assumed).")]
MitigationFactor = Annotated[str | None, typer.Option(metavar="FACTOR", help="1 none (assumed) to 0.67 strong.")]
AivssVersion = Annotated[str, typer.Option(metavar="VERSION", help="0.8 or 0.5.")]


def score(
    run: Run,
    factors: Factors,
    cvss_base: CvssBase = None,
    cvss_vector: CvssVector = None,
    threat_multiplier: ThreatMultiplier = None,
    mitigation_factor: MitigationFactor = None,
    aivss_version: AivssVersion = "0.8",
) -> None:
    """Compute an OWASP AIVSS score from its inputs.

        kb score --cvss-base 8.5 --threat-multiplier 1 --mitigation-factor 1 --factors "
          autonomy_of_action=1, self_modification=0, dynamic_tool_use=1,
          persistent_memory=0.5, contextual_awareness=1, dynamic_identity=0,
          multi_agent_interactions=0.5, non_determinism=1, opacity_reflexivity=0.5,
          natural_language_interface=1"

    All arithmetic is decimal. The factors have the names that `kb show AGENT` prints; the pages' ten, which are those of
    AIVSS v0.5, are taken by v0.8 too, and flagged.
    """
    multipliers = {"threat_multiplier": threat_multiplier, "mitigation_factor": mitigation_factor}
    answer = score_answer(parsed_factors(factors), cvss_base, cvss_vector, multipliers, aivss_version)
    from kb.views.csv import flat
    from kb.views.score_page import score_page

    run.emit(answer, lambda terminal: score_page(answer, terminal), flat(answer), ("field", "value"))


def parsed_factors(text: str) -> dict[str, Decimal]:
    """``name=value`` pairs, parted by commas, as snake-case factor names to values."""
    from kb.model.aivss import ALL_FACTORS, factor_key

    factors: dict[str, Decimal] = {}
    for pair in filter(None, (part.strip() for part in text.split(","))):
        name, equals, value = pair.partition("=")
        key = factor_key(name)
        if not equals or key is None:
            wrong = f"there is no factor {name.strip()!r}" if equals else f"{pair!r} is no NAME=VALUE"
            raise UsageError(f"--factors: {wrong}", hint=f"the names are {', '.join(ALL_FACTORS)}")
        if key in factors:
            raise UsageError(f"--factors: {key} is given twice")
        factors[key] = _decimal(f"factor {key}", value)
    return factors


def score_answer(
    factors: Mapping[str, Decimal],
    cvss_base: str | None,
    cvss_vector: str | None,
    multipliers: Mapping[str, str | None],
    version: str,
) -> dict[str, Any]:
    """The answer of ``kb score``, keys in documented order; what was assumed is in ``assumptions``."""
    from kb.model import aivss
    from kb.model.schema import SCHEMA_VERSION

    base = _base_score(cvss_base, cvss_vector)
    given = {name: _DEFAULTS[name] if text is None else _decimal(name, text) for name, text in multipliers.items()}
    result = aivss.score(factors, base, **given, version=version)
    return {
        "aars": float(result.aars),
        "aivss": float(result.aivss),
        "severity": result.severity,
        "factor_sum": float(result.factor_sum),
        "version": result.version,
        "flags": list(result.flags),
        "inputs": {
            "cvss_base": float(base),
            "cvss_vector": cvss_vector,
            **{name: float(value) for name, value in given.items()},
            "factors": {name: float(factors[name]) for name in aivss.ALL_FACTORS if name in factors},
        },
        "complete": True,
        "truncated_by": None,
        "assumptions": [
            f"{name} {_DEFAULTS[name]}, the default of AIVSS, as none was given"
            for name, text in multipliers.items()
            if text is None
        ],
        "base": None,
        "schema_version": SCHEMA_VERSION,
    }


def _base_score(cvss_base: str | None, cvss_vector: str | None) -> Decimal:
    """The CVSS base score that is given, as a number or by its vector; both have to agree."""
    from kb.model.cvss_vector import base_score_of

    if cvss_base is None and cvss_vector is None:
        raise UsageError("a score needs a CVSS base", hint="give --cvss-base or --cvss-vector; there is no default for it")
    given = None if cvss_base is None else _decimal("--cvss-base", cvss_base)
    computed = None if cvss_vector is None else base_score_of(cvss_vector)
    if given is not None and computed is not None and given != computed:
        raise UsageError(f"--cvss-base is {given}, but --cvss-vector has base score {computed}", hint="give one of them")
    return computed if given is None else given  # type: ignore[return-value]


def _decimal(name: str, text: str) -> Decimal:
    try:
        return Decimal(text.strip())
    except InvalidOperation:
        raise UsageError(f"{name} is {text!r}, expected a number") from None


COMMANDS = {"score": lambda: make_command(score, "score", store=False)}
