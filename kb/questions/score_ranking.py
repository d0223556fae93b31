"""``score_ranking``: which agents score highest."""

from typing import Annotated

from kb.engines.protocol import Engine, Row
from kb.model.aivss import DEFAULT_VERSION
from kb.model.schema import SEVERITIES
from kb.questions.answer import Answer, answer
from kb.questions.facing import ANY, SOME, words
from kb.questions.parameters import Says

Severity = Annotated[SOME, Says("AIVSS band.", choices=(*SEVERITIES, ANY), several=True)]


def score_ranking(engine: Engine, *, severity: Severity = None) -> Answer:
    """The agents with an AIVSS score, the highest first; those without one are not in it, but counted in a remark.

    Rows are ``agent``, ``name``, ``aivss``, ``severity``, ``factor_sum``, ``cvss_base``, ``aivss_version`` (that of the
    computation), ``version_given`` (whether a document names it, else it is the default) and ``flags``, by aivss descending,
    then agent. Scores are ordinal: they order, they do not add up.
    """
    severities = words("severity", severity, SEVERITIES)
    rows = [_with_version(row) for row in engine.ask("score_ranking", {"severities": severities})]
    default = sum(not row["version_given"] for row in rows)
    assumptions = (
        [f"AIVSS v{DEFAULT_VERSION}, the default, for {default} agents of which no document names a version"] if default else []
    )
    without = len(engine.ask("unscored", {}))
    remarks = [f"{without} without a score: ask unscored"] if without else []
    shown = {"severity": list(severities or (ANY,))}
    return answer(engine, "score_ranking", shown, rows, assumptions=assumptions, remarks=remarks)


def _with_version(row: Row) -> Row:
    given, flags = row["aivss_version"], row["flags"]
    figures = {name: value for name, value in row.items() if name != "flags"}
    return {**figures, "aivss_version": given or DEFAULT_VERSION, "version_given": given is not None, "flags": flags}
