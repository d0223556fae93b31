"""``unscored``: which agents have no score, and why."""

from kb.engines.protocol import Engine, Row
from kb.model.aivss import DEFAULT_VERSION, VERSIONS, missing_factors
from kb.questions.answer import Answer, answer


def unscored(engine: Engine) -> Answer:
    """The agents without an AIVSS score, and the inputs that are missing.

    Rows are ``agent``, ``name``, ``form``, ``factor_sum`` (null while a factor is missing) and ``missing`` (the absent of
    cvss_base, threat_multiplier and mitigation_factor, then the absent factors in the order of the version), by agent.
    """
    rows = [_shown(row) for row in engine.ask("unscored", {})]
    return answer(engine, "unscored", {}, rows)


def _shown(row: Row) -> Row:
    return {**{name: row[name] for name in ("agent", "name", "form", "factor_sum")}, "missing": _missing(row)}


def _missing(row: Row) -> list[str]:
    version = row["aivss_version"] if row["aivss_version"] in VERSIONS else DEFAULT_VERSION
    # v0.5 has no mitigation factor
    figures = (
        ("cvss_base", "threat_multiplier") if version == "0.5" else ("cvss_base", "threat_multiplier", "mitigation_factor")
    )
    scored = [capability.removeprefix("aivss:") for capability in row["scored"]]
    return [figure for figure in figures if row[figure] is None] + list(missing_factors(scored, version))
