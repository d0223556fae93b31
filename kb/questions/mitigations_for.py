"""``mitigations_for``: which controls weaken a threat, or the threats of an agent."""

from collections.abc import Collection, Mapping
from typing import Annotated

from kb.engines.protocol import Engine, Row
from kb.questions.answer import Answer, answer
from kb.questions.facing import Catalog, Facing, Loose, Origin, System, Wanted, inferred_left_out, inheritance, with_via
from kb.questions.naming import resolve, resolve_member
from kb.questions.parameters import Says
from kb.questions.threats_of import threats_faced

Target = Annotated[str, Says("A threat, or an agent for all threats that it faces.", kinds=("Threat", "Agent"))]


def mitigations_for(
    engine: Engine,
    *,
    target: Target,
    origin: Origin = None,
    catalog: Catalog = None,
    loose: Loose = False,
    system: System = None,
) -> Answer:
    """The controls that counter this threat (and what it maps to), or the threats that this agent faces.

    Rows are ``mitigation``, ``name``, ``form``, ``tactic``, ``count`` and ``threats`` (those of the asked that it counters),
    ``effectiveness`` (the highest given, null where none is), ``statuses`` and ``sources`` (on whose word), ``in_place`` (the
    agents that have it; of an agent asked for only itself), by count, then effectiveness descending, then mitigation.
    ``via`` names the mappings behind ``threats`` and the products behind ``in_place``.
    """
    facing = Facing.chosen(engine, origin=origin, catalog=catalog, system=system)
    kind, found = resolve(engine, target, ("Threat", "Agent"))
    agent = resolve_member(engine, found, facing.system) if kind == "Agent" else None
    wanted = None if agent else Wanted.named(engine, found, facing, loose)
    threats = set(wanted.threats) if wanted else threats_faced(engine, found, facing)
    rows = engine.ask("mitigations_for", {"threats": sorted(threats), "agent": agent, "system": facing.system})
    remarks = []
    if agent and "inferred" not in facing.origins:
        remarks = inferred_left_out(len(threats), len(threats_faced(engine, agent, facing.with_inferred())))
    shown = {name: value for name, value in facing.shown().items() if name in ("origin", "catalog", "system")}
    return answer(
        engine,
        "mitigations_for",
        {"target": found, "loose": loose, **shown},
        [with_via(row, _mappings(row["threats"], wanted.mappings if wanted else {})) for row in rows],
        assumptions=inheritance(facing.system),
        remarks=remarks,
    )


def _mappings(threats: Collection[str], mappings: Mapping[str, tuple[Row, ...]]) -> list[Row]:
    return [mapping for threat in threats for mapping in mappings.get(threat, ())]
