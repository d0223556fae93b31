"""``threats_of``: which threats an agent faces, and who says so."""

from kb.engines.protocol import Engine, Row
from kb.questions.answer import Answer, answer
from kb.questions.cut_documents import cut_short, documents_cut_of
from kb.questions.disputes import disputed, disputes
from kb.questions.facing import (
    DENIED,
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
)
from kb.questions.naming import resolve_member


def threats_of(
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
    """Every assertion that this agent faces a threat, and every one that rules a threat out (polarity ``denied``).

    One row per assertion: ``threat``, ``name``, ``layer`` (null in a summary), ``origin``, ``rule`` (of an inferred one),
    ``certainty``, ``polarity``, ``quotes``, ``places`` (``path:line`` of each quote, or of the declaration), ``document`` (null
    where a rule says so); by threat, layer, polarity, origin, product, key. ``via`` names the product that it is inherited
    from.
    """
    facing = Facing.chosen(
        engine, layer=layer, origin=origin, certainty=certainty, polarity=polarity, catalog=catalog, system=system
    )
    agent = resolve_member(engine, agent, facing.system)
    rows = _said(engine, agent, facing)
    return answer(
        engine,
        "threats_of",
        {"agent": agent, **facing.shown()},
        [_shown(agent, row) for row in rows],
        assumptions=inheritance(facing.system),
        remarks=[
            *disputed(disputes(engine, facing, _faced(rows), agent)),
            *_unreached(engine, agent, facing, rows),
            *_left_out(engine, agent, facing, rows),
        ],
    )


def threats_faced(engine: Engine, agent: str, facing: Facing) -> set[str]:
    """The ids of the threats that ``agent`` (a full id) faces."""
    return _faced(_said(engine, agent, facing))


def _said(engine: Engine, agent: str, facing: Facing) -> list[Row]:
    return engine.ask("threats_of", {"agent": agent, **facing.params(), "polarities": (*facing.polarities, DENIED)})


def _faced(rows: list[Row]) -> set[str]:
    return {row["threat"] for row in rows if row["polarity"] != DENIED}


def _shown(agent: str, row: Row) -> Row:
    shown = {name: value for name, value in row.items() if name not in ("product", "key")}
    if row["product"]:
        shown["via"] = [{"relation": "BASED_ON", "from": agent, "to": row["product"]}]
    return shown


def _unreached(engine: Engine, agent: str, facing: Facing, rows: list[Row]) -> list[str]:
    """Remarks on what no document could say: a layer of which none speaks, and documents that are cut."""
    remarks = []
    if facing.layer is not None and not rows:
        there = engine.ask("agents_at", {"layer": facing.layer, "certainties": None, "system": facing.system})
        spoken = any(row["agent"] == agent for row in there)
        remarks = [] if spoken else [f"{agent}: no document in force speaks of {facing.layer}"]
    return remarks + cut_short(documents_cut_of(engine, [agent]))


def _left_out(engine: Engine, agent: str, facing: Facing, rows: list[Row]) -> list[str]:
    """Remarks on the threats that the agent faces and the defaults leave out."""
    faced = len(_faced(rows))
    remarks = []
    if "inferred" not in facing.origins:
        remarks += inferred_left_out(faced, len(threats_faced(engine, agent, facing.with_inferred())))
    if more := len(threats_faced(engine, agent, facing.beyond_catalogs())) - faced:
        remarks.append(f"+{more} in other catalogues, --catalog any")
    if facing.system is None:
        homes = sorted({relation.target for relation in engine.edges("MEMBER_OF", source=[agent])})
        for home in homes:
            if more := len(threats_faced(engine, agent, facing.within(home))) - faced:
                remarks.append(f"+{more} inherited, --system {home}")
    return remarks
