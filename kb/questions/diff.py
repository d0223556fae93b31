"""``diff``: what came, went and changed between two bases, or between an agent's superseded documents and what holds now."""

from collections.abc import Callable, Iterable, Mapping
from itertools import chain
from typing import Any

from kb.engines.protocol import BaseInfo, Engine
from kb.errors import StoreError, UnknownNodeError, UsageError
from kb.model.graph import Node, Relation
from kb.model.schema import NODE_KINDS, RELATION_KINDS
from kb.questions.cascade import cascade
from kb.questions.naming import resolve
from kb.questions.profile_parts import jsonable

Row = dict[str, Any]

MOVED = 0.01
"""Probabilities that differ by no more than this are taken as equal."""
_PROVENANCE = frozenset({"path", "loaded_at", "places"})
"""Properties that say where something was read, which differs between copies of one document."""
_AGENT_FIGURES = (
    *("aivss_version", "cvss_base", "cvss_vector", "threat_multiplier", "mitigation_factor"),
    *("factor_sum", "aars", "aivss", "severity"),
)
_DOCUMENT_FIGURES = (*_AGENT_FIGURES[:5], *("claimed_factor_sum", "claimed_aars", "claimed_aivss", "claimed_severity"))

Identity = tuple[str, ...]
Said = frozenset[tuple[str, Any]]
"""The own properties of one assertion."""


def diff(before: Engine, after: Engine, *, fallen: str | None = None) -> Row:
    """What ``after`` holds otherwise than ``before``: nodes, relations, scores, and cascades where ``fallen`` is an agent.

    Relations are compared by kind, ends and identity columns; which document asserts them is no part of that. Figures of
    agents stand under ``scores`` alone.
    """
    was, now = _base(before), _base(after)
    old, new = _nodes(before), _nodes(after)
    spread = None if fallen is None else _Spread(before, after, fallen)
    return {
        "before": {"base": was.fingerprint},
        "after": {"base": now.fingerprint},
        "nodes": _node_changes(old, new),
        "relations": _relation_changes(_assertions(_every_relation(before)), _assertions(_every_relation(after))),
        "scores": _score_changes(_figures(old), _figures(new), ("agent", "figure")),
        "cascade": None if spread is None else spread.row(),
        "complete": not (spread and spread.cut),
        "truncated_by": "; ".join(spread.cut) or None if spread else None,
        "assumptions": spread.assumptions if spread else [],
        "remarks": spread.remarks if spread else [],
        "base": now.fingerprint,
        "schema_version": now.schema_version,
    }


def diff_of_agent(engine: Engine, agent: str) -> Row:
    """What superseded documents asserted of ``agent`` (an id, or short for one) beside what holds now, as :func:`diff`.

    Of several superseded documents of a series all assertions count, and the figures of the latest. What other documents
    assert, and what rules infer, is the same on both sides.
    """
    base = _base(engine)
    agent = resolve(engine, agent, ("Agent",))[1]
    gone, holds = _touching(engine, agent, in_force=False), _touching(engine, agent, in_force=True)
    documents = engine.nodes("Assessment")
    old = _papers(documents, {relation.assessment for relation in gone})
    series = {node.properties["series"] for node in old}
    retired = {node.id for node in old}
    new = [
        node
        for node in documents
        if node.properties["series"] in series and node.properties.get("in_force") is not False and node.id not in retired
    ]
    renewed = {node.id for node in new}
    stayed = [relation for relation in holds if relation.assessment not in renewed]
    return {
        "agent": agent,
        "before": {"documents": [node.id for node in old]},
        "after": {"documents": [node.id for node in new]},
        "nodes": _node_changes(_by_id(old), _by_id(new)),
        "relations": _relation_changes(_assertions([*gone, *stayed]), _assertions(holds)),
        "scores": _score_changes(_printed(agent, old), _printed(agent, new), ("agent", "series", "figure")),
        "cascade": None,
        "complete": True,
        "truncated_by": None,
        "assumptions": ["what rules infer, and what other documents assert, is taken as it is now"] if old else [],
        "remarks": [] if old else [f"no document that speaks of {agent} has been superseded"],
        "base": base.fingerprint,
        "schema_version": base.schema_version,
    }


def _base(engine: Engine) -> BaseInfo:
    if engine.base is None:
        raise StoreError(engine.location, "nothing has been loaded yet", hint="load something first: kb load PATH")
    return engine.base


def _touching(engine: Engine, agent: str, *, in_force: bool) -> list[Relation]:
    """What is said of ``agent``: its own relations, and other agents' to it."""
    kinds = [kind for kind in RELATION_KINDS.values() if "Agent" in kind.sources]
    found = [relation for kind in kinds for relation in engine.edges(kind.name, source=[agent], in_force=in_force)]
    onto = [kind for kind in kinds if "Agent" in kind.targets]
    return found + [relation for kind in onto for relation in engine.edges(kind.name, target=[agent], in_force=in_force)]


def _papers(documents: Iterable[Node], wanted: set[str | None]) -> list[Node]:
    return [node for node in documents if node.id in wanted]


NodeTable = Mapping[tuple[str, str], Mapping[str, Any]]


def _nodes(engine: Engine) -> NodeTable:
    return _by_id(chain.from_iterable(engine.nodes(kind) for kind in NODE_KINDS))


def _by_id(nodes: Iterable[Node]) -> NodeTable:
    return {
        (node.kind, node.id): {name: value for name, value in node.properties.items() if name not in _PROVENANCE}
        for node in nodes
    }


def _every_relation(engine: Engine) -> Iterable[Relation]:
    return chain.from_iterable(engine.edges(kind) for kind in RELATION_KINDS)


def _assertions(relations: Iterable[Relation]) -> dict[Identity, set[Said]]:
    """By kind, ends, kind of target and identity columns: each different thing that is said of the relation."""
    found: dict[Identity, set[Said]] = {}
    for relation in relations:
        kind, properties = RELATION_KINDS[relation.kind], relation.properties
        columns = (str(properties.get(column.name) or "") for column in kind.identity)
        key = (relation.kind, relation.source, relation.target, relation.end_kind, *columns)
        said = {column.name: properties.get(column.name) for column in kind.own if column.name not in _PROVENANCE}
        found.setdefault(key, set()).add(frozenset((name, value) for name, value in said.items() if value is not None))
    return found


def _parted(old: Mapping[Any, Any], new: Mapping[Any, Any], row: Callable[[Any], Row]) -> dict[str, list[Row]]:
    """``came``, ``went``, ``changed``: a ``row`` of each key that only one side has, or that both have otherwise."""
    return {
        "came": [row(key) for key in sorted(new.keys() - old.keys())],
        "went": [row(key) for key in sorted(old.keys() - new.keys())],
        "changed": [row(key) for key in sorted(old.keys() & new.keys()) if old[key] != new[key]],
    }


def _node_changes(old: NodeTable, new: NodeTable) -> dict[str, list[Row]]:
    old, new = _without_figures(old), _without_figures(new)

    def row(key: tuple[str, str]) -> Row:
        held = new.get(key) or old.get(key) or {}
        said: Row = {"kind": key[0], "id": key[1]}
        if key not in old or key not in new:
            return said | {"name": held.get("name")}
        return said | {"changes": _differing(old[key], new[key])}

    return _parted(old, new, row)


def _without_figures(nodes: NodeTable) -> NodeTable:
    """``nodes`` as they are compared: figures of agents are compared as scores."""
    return {
        key: {name: value for name, value in held.items() if key[0] != "Agent" or name not in _AGENT_FIGURES}
        for key, held in nodes.items()
    }


def _differing(old: Mapping[str, Any], new: Mapping[str, Any]) -> Row:
    return {
        name: {"before": jsonable(old.get(name)), "after": jsonable(new.get(name))}
        for name in sorted(old.keys() | new.keys())
        if old.get(name) != new.get(name)
    }


def _relation_changes(old: Mapping[Identity, set[Said]], new: Mapping[Identity, set[Said]]) -> dict[str, list[Row]]:
    def row(key: Identity) -> Row:
        kind, source, target, target_kind, *columns = key
        names = (column.name for column in RELATION_KINDS[kind].identity)
        said: Row = {"kind": kind, "source": source, "target": target, "target_kind": target_kind}
        said["identity"] = {name: value or None for name, value in zip(names, columns, strict=True)}
        if key not in old or key not in new:
            return said | {"said": _listed(new.get(key) or old.get(key) or set())}
        return said | {"before": _listed(old[key] - new[key]), "after": _listed(new[key] - old[key])}

    return _parted(old, new, row)


def _listed(said: Iterable[Said]) -> list[Row]:
    """Each assertion's own properties, in an order that depends on nothing else."""
    return sorted(({name: jsonable(value) for name, value in sorted(one)} for one in said), key=repr)


Figures = Mapping[tuple[str, ...], Any]


def _figures(nodes: NodeTable) -> Figures:
    return {
        (node_id, name): held[name]
        for (kind, node_id), held in nodes.items()
        if kind == "Agent"
        for name in _AGENT_FIGURES
        if held.get(name) is not None
    }


def _printed(agent: str, documents: Iterable[Node]) -> Figures:
    """What the documents about ``agent`` itself print; the latest of each series counts."""
    latest: dict[str, Node] = {}
    for node in sorted(documents, key=_age):
        if node.properties["subject"] == agent:
            latest[str(node.properties["series"])] = node
    return {
        (agent, series, name): node.properties[name]
        for series, node in latest.items()
        for name in _DOCUMENT_FIGURES
        if node.properties.get(name) is not None
    }


def _age(node: Node) -> tuple[str, str, str]:
    return str(node.properties.get("as_of") or ""), str(node.properties.get("loaded_at") or ""), node.id


def _score_changes(old: Figures, new: Figures, names: tuple[str, ...]) -> dict[str, list[Row]]:
    return _parted(old, new, lambda key: dict(zip(names, key, strict=True)) | {"before": old.get(key), "after": new.get(key)})


class _Spread:
    """The cascades from one agent in two bases; where it cannot fall in one of them, nobody is reached there."""

    def __init__(self, before: Engine, after: Engine, fallen: str) -> None:
        self.engines = (before, after)
        answers = [_cascade(engine, fallen) for engine in self.engines]
        if isinstance(answers[0], Exception) and isinstance(answers[1], Exception):
            raise answers[1]
        if len({answer["method"] for answer in answers if isinstance(answer, dict)}) > 1:  # ask both in the same worlds
            answers = [cascade(engine, fallen, method="monte-carlo") for engine in self.engines]
        told = [(side, answer) for side, answer in zip(("before", "after"), answers, strict=True) if isinstance(answer, dict)]
        self.starts = {answer["start"]["agent"] for _, answer in told}
        if len(self.starts) > 1:
            raise UsageError(
                f"{fallen!r} is {' in one base and '.join(sorted(self.starts))} in the other", "give its id in full"
            )
        self.reached = [{r["agent"]: r for r in a["reached"]} if isinstance(a, dict) else {} for a in answers]
        self.method = told[0][1]["method"]
        self.cut = [f"{side}: {answer['truncated_by']}" for side, answer in told if answer["truncated_by"]]
        self.assumptions = list(dict.fromkeys(said for _, answer in told for said in answer["assumptions"]))
        sides = zip(("before", "after"), answers, strict=True)
        self.remarks = [f"nothing starts there {side}: {error}" for side, error in sides if isinstance(error, Exception)]

    def row(self) -> Row:
        """``from``, ``method``, ``moved`` (``None``: no such agent there) and ``chains`` that came or went."""
        agents = sorted(self.reached[0].keys() | self.reached[1].keys())
        moved = [
            {"agent": agent, "before": self._probability(0, agent), "after": self._probability(1, agent)} for agent in agents
        ]
        ways = [{_way(row): row for row in reached.values()} for reached in self.reached]
        return {
            "from": next(iter(self.starts)),
            "method": self.method,
            "moved": [row for row in moved if abs((row["after"] or 0.0) - (row["before"] or 0.0)) > MOVED],
            "chains": {
                "came": [_chain(ways[1][way]) for way in sorted(ways[1].keys() - ways[0].keys())],
                "went": [_chain(ways[0][way]) for way in sorted(ways[0].keys() - ways[1].keys())],
            },
        }

    def _probability(self, side: int, agent: str) -> float | None:
        row = self.reached[side].get(agent)
        if row is not None:
            return float(row["probability"])
        return 0.0 if self.engines[side].nodes("Agent", [agent]) else None


def _cascade(engine: Engine, fallen: str) -> Row | UnknownNodeError | UsageError:
    try:
        return cascade(engine, fallen)
    except (UnknownNodeError, UsageError) as error:
        return error


def _way(row: Row) -> tuple[tuple[str, str, str], ...]:
    return tuple((step["agent"], step["threat"] or "", step["channel"] or "") for step in row["chain"])


def _chain(row: Row) -> Row:
    steps = [{name: step[name] for name in ("agent", "threat", "channel")} for step in row["chain"]]
    return {"agent": row["agent"], "probability": row["chain_probability"], "chain": steps}
