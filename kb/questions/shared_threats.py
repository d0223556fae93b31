"""``shared_threats``: which agents share a threat."""

from typing import Annotated

from kb.engines.protocol import Engine, Row
from kb.errors import UsageError
from kb.questions.answer import Answer, answer
from kb.questions.disputes import disputed, disputes, marked
from kb.questions.facing import (
    Catalog,
    Certainty,
    Facing,
    Layer,
    Loose,
    Origin,
    Polarity,
    System,
    Threat,
    Wanted,
    inferred_left_out,
    inheritance,
    with_via,
)
from kb.questions.naming import resolve, resolve_member
from kb.questions.parameters import Says
from kb.questions.threats_of import threats_faced

Sharer = Annotated[str | None, Says("Only threats that this agent faces.", kinds=("Agent",))]
MinAgents = Annotated[int | None, Says("Least number of agents; 2 by default, 1 where a threat is given.", type=int)]


def shared_threats(
    engine: Engine,
    *,
    threat: Threat = None,
    agent: Sharer = None,
    layer: Layer = None,
    min_agents: MinAgents = None,
    origin: Origin = None,
    certainty: Certainty = None,
    polarity: Polarity = None,
    catalog: Catalog = None,
    loose: Loose = False,
    system: System = None,
) -> Answer:
    """Threats by the number of agents that face them, with those agents.

    Rows are ``threat``, ``name``, ``count`` and ``agents``, by count descending, then threat; ``via`` names the mappings
    and the products that led to a row, where some did, and ``disputed`` the agents of which a document states the threat
    and a document rules it out.
    """
    facing = Facing.chosen(
        engine, layer=layer, origin=origin, certainty=certainty, polarity=polarity, catalog=catalog, system=system
    )
    threat = threat and resolve(engine, threat, ("Threat",))[1]
    agent = agent and resolve_member(engine, agent, facing.system)
    least = min_agents if min_agents is not None else 1 if threat else 2
    if least < 1:
        raise UsageError(f"min_agents is {least}, expected 1 or more")
    wanted = Wanted.named(engine, threat, facing, loose) if threat else None
    rows = _rows(engine, facing, wanted, agent, least)
    found = disputes(engine, facing, {row["threat"] for row in rows})
    remarks = disputed(found)
    if "inferred" not in facing.origins:
        remarks += inferred_left_out(_pairs(rows), _pairs(_rows(engine, facing.with_inferred(), wanted, agent, least)))
    return answer(
        engine,
        "shared_threats",
        {"threat": threat, "agent": agent, "min_agents": least, "loose": loose, **facing.shown()},
        [marked(with_via(row, wanted.mappings.get(row["threat"], ()) if wanted else ()), found) for row in rows],
        assumptions=inheritance(facing.system),
        remarks=remarks,
    )


def _rows(engine: Engine, facing: Facing, wanted: Wanted | None, agent: str | None, least: int) -> list[Row]:
    threats = set(wanted.threats) if wanted else None
    counted = facing.beyond_catalogs() if wanted else facing
    if agent:
        faced = threats_faced(engine, agent, counted)
        threats = faced if threats is None else threats & faced
    asked = {"threats": None if threats is None else sorted(threats), "min_agents": least}
    return engine.ask("shared_threats", {**asked, **counted.params()})


def _pairs(rows: list[Row]) -> int:
    return sum(row["count"] for row in rows)
