"""``coverage``: which threats have a control in place where they are faced."""

from kb.engines.protocol import Engine, Row
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
from kb.questions.naming import resolve

ASSUMPTION = (
    "a control is in place whatever share of the agent it covers, and counts for the threats it is said to counter itself"
)


def coverage(
    engine: Engine,
    *,
    threat: Threat = None,
    layer: Layer = None,
    origin: Origin = None,
    certainty: Certainty = None,
    polarity: Polarity = None,
    catalog: Catalog = None,
    loose: Loose = False,
    system: System = None,
) -> Answer:
    """Threats by the number of agents that face them, against the controls in place there.

    Rows are ``threat``, ``name``, ``agents_facing``, ``agents_covered`` (those with a control that counters it),
    ``uncovered`` (the other agents), ``mitigations`` (the controls that cover) and ``statuses`` (on whose word they counter it:
    published, inferred or assumed), by agents_facing descending, then agents_covered, then threat. ``via`` and ``disputed``
    as for ``shared_threats``.
    """
    facing = Facing.chosen(
        engine, layer=layer, origin=origin, certainty=certainty, polarity=polarity, catalog=catalog, system=system
    )
    threat = threat and resolve(engine, threat, ("Threat",))[1]
    wanted = Wanted.named(engine, threat, facing, loose) if threat else None
    rows = _rows(engine, facing, wanted)
    found = disputes(engine, facing, {row["threat"] for row in rows})
    remarks = disputed(found)
    if "inferred" not in facing.origins:
        remarks += inferred_left_out(_pairs(rows), _pairs(_rows(engine, facing.with_inferred(), wanted)))
    return answer(
        engine,
        "coverage",
        {"threat": threat, "loose": loose, **facing.shown()},
        [marked(with_via(row, wanted.mappings.get(row["threat"], ()) if wanted else ()), found) for row in rows],
        assumptions=[ASSUMPTION, *inheritance(facing.system)],
        remarks=remarks,
    )


def _rows(engine: Engine, facing: Facing, wanted: Wanted | None) -> list[Row]:
    if wanted is None:
        return engine.ask("coverage", {"threats": None, **facing.params()})
    return engine.ask("coverage", {"threats": wanted.threats, **facing.beyond_catalogs().params()})


def _pairs(rows: list[Row]) -> int:
    return sum(row["agents_facing"] for row in rows)
