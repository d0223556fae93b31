"""``agents_like``: which agents face the same threats as another."""

from kb.engines.protocol import Engine
from kb.questions.answer import Answer, answer
from kb.questions.facing import (
    Agent,
    Catalog,
    Certainty,
    Facing,
    Layer,
    Origin,
    Polarity,
    System,
    inferred_left_out,
    inheritance,
    with_via,
)
from kb.questions.naming import resolve_member
from kb.questions.threats_of import threats_faced


def agents_like(
    engine: Engine,
    *,
    agent: Agent,
    layer: Layer = None,
    origin: Origin = None,
    certainty: Certainty = None,
    polarity: Polarity = None,
    catalog: Catalog = None,
    system: System = None,
) -> Answer:
    """The other agents that share a threat with this one, by overlap.

    Rows are ``agent``, ``name``, ``shared`` (number of threats that both face), ``jaccard`` (shared over all that either
    faces, 0–1) and ``threats`` (the shared ones), by jaccard descending, then agent. ``via`` names the products through
    which that agent has some of them.
    """
    facing = Facing.chosen(
        engine, layer=layer, origin=origin, certainty=certainty, polarity=polarity, catalog=catalog, system=system
    )
    agent = resolve_member(engine, agent, facing.system)
    mine = threats_faced(engine, agent, facing)
    rows = engine.ask("agents_like", {"agent": agent, "threats": sorted(mine), **facing.params()})
    remarks = [] if mine else [f"{agent} faces no such threat itself, so that nothing is shared"]
    if "inferred" not in facing.origins:
        remarks += inferred_left_out(len(mine), len(threats_faced(engine, agent, facing.with_inferred())))
    return answer(
        engine,
        "agents_like",
        {"agent": agent, **facing.shown()},
        [with_via(row) for row in rows],
        assumptions=inheritance(facing.system),
        remarks=remarks,
    )
