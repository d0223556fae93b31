"""``blast_ranking``: which agents take most along when they fall, and which fall most easily."""

from dataclasses import replace
from typing import Annotated, Any

from kb.engines.protocol import Engine, Row
from kb.errors import UsageError
from kb.questions.answer import Answer, answer
from kb.questions.cascade import cascade
from kb.questions.exposure_graph import OUTSIDE
from kb.questions.facing import System
from kb.questions.likelihood import METHODS
from kb.questions.naming import resolve
from kb.questions.parameters import Says

Method = Annotated[str, Says("How likely things are: auto takes exact where that is quick.", choices=METHODS)]

_WHOLLY = "each agent in turn is wholly taken: every threat that it faces is there from the start"


def blast_ranking(engine: Engine, *, system: System = None, method: Method = "auto") -> Answer:
    """The agents of a system, or of all, by what falls with them and by how easily they fall.

    Rows are ``agent``, ``name``, ``blast_radius`` (the sum of probability times criticality over the others if it falls to
    all that it faces) with the ends of its 95 % interval, ``low`` and ``high``, and ``exposure`` (the probability that it falls
    when strangers write to the entries) with ``exposure_low`` and ``exposure_high``; by blast radius descending, then
    exposure. A figure is absent where nothing can start, or where what leads there is too unlikely to be followed.
    """
    home = system and resolve(engine, system, ("System",))[1]
    homes = engine.edges("MEMBER_OF", target=None if home is None else [home])
    members = sorted({relation.source for relation in homes})
    strangers = cascade(engine, OUTSIDE, system=home, method=method)
    falls = {agent: _from_outside(strangers, agent) for agent in members}
    asked = [strangers] if strangers["reached"] else []
    remarks = [] if strangers["reached"] else ["strangers reach nobody: no member is an entry that can fall"]
    rows: list[dict[str, Any]] = []
    for node in engine.nodes("Agent", members):
        try:
            one = cascade(engine, node.id, system=home, method=method)
        except UsageError:  # it faces nothing, so nothing starts there
            remarks.append(f"{node.id} faces no threat, so that nothing can start there")
            one = {"blast_radius": {"value": None, "low": None, "high": None}}
        else:
            asked.append(one)
        radius = one["blast_radius"]
        own = {"blast_radius": radius["value"], "low": radius["low"], "high": radius["high"]}
        rows.append({"agent": node.id, "name": node.properties.get("name")} | own | falls[node.id])
    said = list(dict.fromkeys(text for one in asked for text in one["assumptions"] if " is wholly taken: " not in text))
    cut = sum(not one["complete"] for one in asked)
    remarks += (
        [f"{cut} of {len(asked)} cascades leave out chains that are too unlikely: kb cascade AGENT says which"] if cut else []
    )
    ranking = answer(
        engine,
        "blast_ranking",
        {"system": home, "method": method},
        sorted(rows, key=_order),
        assumptions=[_WHOLLY, *said] if asked else [],
        remarks=remarks,
    )
    if not cut:
        return ranking
    floor = next(str(one["truncated_by"]) for one in asked if not one["complete"]).partition(":")[0]
    return replace(ranking, complete=False, truncated_by=f"{floor}: in {cut} of {len(asked)} cascades")


def _from_outside(strangers: Row, agent: str) -> dict[str, float | None]:
    """How likely ``agent`` falls; certainly not where everything was followed and none of it leads there."""
    known = 0.0 if strangers["complete"] and strangers["reached"] else None
    unreached = {"probability": known, "low": known, "high": known}
    row = next((row for row in strangers["reached"] if row["agent"] == agent), unreached)
    return {"exposure": row["probability"], "exposure_low": row["low"], "exposure_high": row["high"]}


def _order(row: dict[str, Any]) -> tuple[float, float, str]:
    """What is absent comes last."""
    absent = -1.0
    radius, exposure = (absent if row[name] is None else row[name] for name in ("blast_radius", "exposure"))
    return -radius, -exposure, row["agent"]
