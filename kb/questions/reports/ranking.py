"""The ranking of a report: how easily each agent falls, and what falls with it, from as many worlds as anybody asked."""

from collections.abc import Mapping, Sequence
from shlex import quote
from typing import Any

from kb.engines.protocol import Engine
from kb.questions.answer import Answer
from kb.questions.reports.chains import loss_of

Row = dict[str, Any]


def ranking_of(
    engine: Engine, system: str, agents: Sequence[str], strangers: Row, followed: Mapping[str, Row], ranked: Answer | None
) -> Row:
    """The ``rows`` of ``agents``, by blast radius descending, and where they come from.

    How easily one falls is what ``strangers``, the cascade from outside, says; what falls with it is what its own cascade
    says where it was ``followed``, else what ``ranked`` says. ``loss`` is exposure times criticality. What nobody knows is
    ``None``.
    """
    homes = engine.edges("MEMBER_OF", target=[system])
    said: dict[str, Any] = {relation.source: relation.properties.get("criticality") for relation in homes}
    known = {row["agent"]: row for row in ranked.rows} if ranked else {}
    exposed = {row["agent"]: row for row in strangers["reached"]}
    rows = []
    for agent in agents:
        falls = _falls(exposed.get(agent), known.get(agent), strangers)
        radius = _radius(followed.get(agent), known.get(agent))
        loss = None if falls["exposure"] is None else loss_of(falls["exposure"], said.get(agent))
        rows.append({"agent": agent, **radius, **falls, "criticality": said.get(agent), "loss": loss})
    params = ranked.params if ranked else {}
    asked = f"kb ask blast-ranking --system {quote(system)}" if ranked else f"kb cascade AGENT --system {quote(system)}"
    return {
        "rows": sorted(rows, key=_order),
        "method": params.get("method"),
        "samples": params.get("samples"),
        "seed": params.get("seed"),
        "command": asked,
    }


def _falls(reached: Row | None, ranked: Row | None, strangers: Row) -> Row:
    """How likely strangers make an agent fall: certainly not where everything was followed and none of it leads there."""
    if reached:
        falls = (reached["probability"], reached["low"], reached["high"], reached["harmed"])
    elif strangers["complete"] and strangers["reached"]:
        falls = (0.0, 0.0, 0.0, 0.0)
    elif ranked:
        falls = (ranked["exposure"], ranked["exposure_low"], ranked["exposure_high"], None)
    else:
        falls = (None,) * 4
    return dict(zip(("exposure", "exposure_low", "exposure_high", "harmed"), falls, strict=True))


def _radius(followed: Row | None, ranked: Row | None) -> Row:
    if followed:
        radius = followed["blast_radius"]
        return {"blast_radius": radius["value"], "low": radius["low"], "high": radius["high"]}
    names = ("blast_radius", "low", "high")
    return {name: ranked[name] for name in names} if ranked else dict.fromkeys(names)


def _order(row: Row) -> tuple[float, str]:
    """What is absent comes last."""
    return -(-1.0 if row["blast_radius"] is None else row["blast_radius"]), row["agent"]
