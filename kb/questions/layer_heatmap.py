"""``layer_heatmap``: at which layers which agents, or which threats, stand out."""

from typing import Annotated

from kb.engines.protocol import Engine
from kb.errors import UsageError
from kb.questions.answer import Answer, answer
from kb.questions.cut_documents import cut_documents, cut_short
from kb.questions.facing import (
    Catalog,
    Certainty,
    Facing,
    Origin,
    Polarity,
    System,
    inferred_left_out,
    inheritance,
    with_via,
)
from kb.questions.parameters import Says

BY = ("agents", "threats")

By = Annotated[str, Says("What stands against the layers.", choices=BY)]


def layer_heatmap(
    engine: Engine,
    *,
    by: By = "agents",
    origin: Origin = None,
    certainty: Certainty = None,
    polarity: Polarity = None,
    catalog: Catalog = None,
    system: System = None,
) -> Answer:
    """The cells of layers × agents, or layers × threats.

    Rows are ``layer`` (null for summaries), ``agent`` or ``threat``, ``name``, ``count`` (of threats faced there, or of agents
    that face it there) and ``certainty`` (``mapped`` where one assertion is), by layer, then id. A layer at which an
    agent was assessed counts 0 where no threat was recognised there; where it was not assessed there is no row. A limit
    counts agents or threats, each with all its cells.
    """
    if by not in BY:
        raise UsageError(f"by is {by!r}, expected {' or '.join(BY)}")
    cell = by.removesuffix("s")
    facing = Facing.chosen(engine, origin=origin, certainty=certainty, polarity=polarity, catalog=catalog, system=system)
    rows = engine.ask("layer_heatmap", {"by": by, **facing.params("layer")})
    remarks = []
    if "inferred" not in facing.origins:
        wider = engine.ask("layer_heatmap", {"by": by, **facing.with_inferred().params("layer")})
        remarks = inferred_left_out(sum(row["count"] for row in rows), sum(row["count"] for row in wider))
    remarks += cut_short(cut_documents(engine, facing.system))
    shown = {name: value for name, value in facing.shown().items() if name != "layer"}
    return answer(
        engine,
        "layer_heatmap",
        {"by": by, **shown},
        [with_via({cell if name == "id" else name: value for name, value in row.items()}) for row in rows],
        assumptions=inheritance(facing.system),
        remarks=remarks,
        line=cell,
    )
