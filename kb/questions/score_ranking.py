"""``score_ranking``: which agents score highest."""

from typing import Annotated

from kb.engines.protocol import Engine
from kb.model.schema import SEVERITIES
from kb.questions.answer import Answer, answer
from kb.questions.facing import ANY, SOME, words
from kb.questions.parameters import Says

Severity = Annotated[SOME, Says("AIVSS band.", choices=(*SEVERITIES, ANY), several=True)]


def score_ranking(engine: Engine, *, severity: Severity = None) -> Answer:
    """The agents with an AIVSS score, the highest first; those without one are not in it, but counted in a remark.

    Rows are ``agent``, ``name``, ``aivss``, ``severity``, ``factor_sum``, ``cvss_base``, ``aivss_version`` and ``flags``, by
    aivss descending, then agent. Scores are ordinal: they order, they do not add up.
    """
    severities = words("severity", severity, SEVERITIES)
    rows = engine.ask("score_ranking", {"severities": severities})
    without = len(engine.ask("unscored", {}))
    remarks = [f"{without} without a score: ask unscored"] if without else []
    return answer(engine, "score_ranking", {"severity": list(severities or (ANY,))}, rows, remarks=remarks)
