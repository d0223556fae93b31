"""``claims_check``: which documents print a score that does not follow from their own figures."""

from typing import Annotated

from kb.engines.protocol import Engine
from kb.questions.answer import Answer, answer
from kb.questions.naming import resolve
from kb.questions.parameters import Says

About = Annotated[str | None, Says("Only documents about this agent.", kinds=("Agent",))]


def claims_check(engine: Engine, *, agent: About = None) -> Answer:
    """The documents in force whose printed figures do not follow from their printed inputs, within the printed precision.

    Rows are ``assessment``, ``agent``, ``name``, ``series``, ``url`` and ``faults`` (each with both numbers), by agent, then
    assessment. How many hold, and how many could not be checked because they print too little, is in the remarks.
    """
    agent = agent and resolve(engine, agent, ("Agent",))[1]
    found = engine.ask("claims_check", {"claims": ("differ", "hold", "unchecked"), "agent": agent})
    rows = [{name: value for name, value in row.items() if name != "claims"} for row in found if row["claims"] == "differ"]
    held = sum(row["claims"] == "hold" for row in found)
    unchecked = len(found) - len(rows) - held
    remarks = [f"{held} hold"] + ([f"{unchecked} unchecked: they print too few of the figures"] if unchecked else [])
    return answer(engine, "claims_check", {"agent": agent}, rows, remarks=remarks)
