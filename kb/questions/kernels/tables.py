"""The catalogue's tables as cascades ask for them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from statistics import fmean

from kb.catalog import catalog
from kb.questions.facing import CLOSE
from kb.questions.kernels.exposure_graph import Source

LEAST = 0.05
"""Least susceptibility: nothing that an agent faces is impossible."""
UNKNOWN = 0.5
"""Susceptibility where no factor is scored; assumed."""
HARM = frozenset({"owasp:T2", "owasp:T3", "owasp:T11", "owasp:T17", "llm2025:LLM02"})
"""The threats by which an agent is harmed, not only led."""
MODEL, CODE, MEMORY = "cap:language-model", "cap:code-execution", "cap:memory"
RELAYED = ("message", "content", "memory", "call")
"""The classes that an agent without a model hands on."""


@dataclass(frozen=True, slots=True)
class Tables:
    """The rows of ``catalog/sources/cascade.yaml``, keyed by what they are looked up by."""

    leads_to: Mapping[str, tuple[str, ...]]
    """Threat to the threats that it opens the way to inside one agent."""
    steered: Mapping[str, frozenset[str]]
    """Threat to the classes of output that its author controls."""
    arrives_as: Mapping[str, tuple[str, ...]]
    """Class to the threats that hostile input over it can realise."""
    needs: Mapping[str, tuple[str, ...]]
    """Threat to the capabilities that it needs."""
    presets: Mapping[str, tuple[float, Source]]
    flows: Mapping[tuple[str, str, str], str]
    """(channel, flow, class) to the preset of its strength."""
    entries: Mapping[str, tuple[str, str]]
    """What of strangers reaches an agent, to class and preset."""
    factors: Mapping[str, tuple[str, ...]]
    """Threat to the AIVSS factors whose mean is its susceptibility."""
    tactics: Mapping[str, float]
    """Tactic or phase to the effectiveness of its controls."""
    authenticates: frozenset[str]
    layers: Mapping[str, str]
    """Threat to the first layer that a publication puts it at."""

    def susceptibility(self, threat: str, scores: Mapping[str, float]) -> tuple[float, Source]:
        """How likely hostile input realises ``threat`` at an agent with these factor ``scores``, and why."""
        scored = {name: scores[name] for name in self.factors.get(threat, ()) if name in scores}
        if not scored:
            return UNKNOWN, Source("assumed", "no scored factor")
        mean = fmean(scored.values())
        shown = ", ".join(f"{name} {value:g}" for name, value in scored.items())
        if mean < LEAST:
            return LEAST, Source("factors", f"mean of {shown}, raised to {LEAST:g}")
        return mean, Source("factors", f"mean of {shown}" if len(scored) > 1 else shown)


@cache
def tables() -> Tables:
    """The tables, read once a process."""
    known = catalog()
    rows, relations = known.cascade, known.content.relations
    needed = [(r.source, r.target) for r in relations if r.kind == "EXPLOITS" and r.properties["role"] == "needs"]
    steered = {row["threat"]: frozenset(row["classes"]) for row in rows["steers"]}
    return Tables(
        leads_to=_grouped([(r.source, r.target) for r in relations if r.kind == "LEADS_TO"]),
        steered={threat: classes | ({"content"} if "message" in classes else set()) for threat, classes in steered.items()},
        arrives_as={row["class"]: row["threats"] for row in rows["arrives_as"]},
        needs=_grouped(needed),
        presets={row["preset"]: (row["strength"], _preset_source(row)) for row in rows["presets"]},
        flows={
            (row["channel"], flow, part["class"]): part["preset"]
            for row in rows["channels"]
            for flow in ("forward", "backward")
            for part in row[flow]
        },
        entries={row["entry"]: (row["class"], row["preset"]) for row in rows["entries"]},
        factors={row["threat"]: row["factors"] for row in rows["exploits"]},
        tactics={tactic: row["effectiveness"] for row in rows["effectiveness"] for tactic in row["tactics"]},
        authenticates=frozenset(mitigation for row in rows["authenticates"] for mitigation in row["mitigations"]),
        layers=_layers(),
    )


@cache
def countered() -> Mapping[str, Mapping[str, str]]:
    """Mitigation to the threats that it counters, each with the entry that the catalogue counts it against.

    That entry is the threat itself or, one close mapping away, what the threat maps to.
    """
    relations = catalog().content.relations
    close: dict[str, set[str]] = {}
    for relation in relations:
        if relation.kind == "MAPS_TO" and relation.properties["predicate"] in CLOSE:
            close.setdefault(relation.source, set()).add(relation.target)
            close.setdefault(relation.target, set()).add(relation.source)
    found: dict[str, dict[str, str]] = {}
    for relation in sorted((r for r in relations if r.kind == "COUNTERS"), key=lambda r: (r.source, r.target)):
        threats = found.setdefault(relation.source, {})
        for threat in close.get(relation.target, ()):
            threats.setdefault(threat, relation.target)
        threats[relation.target] = relation.target
    return found


def effectiveness(mitigation: str) -> tuple[float, Source]:
    """How likely a control holds where it is in place: by its tactic, as no publication gives a figure for it."""
    node = catalog().node("Mitigation", mitigation)
    tactic = str(node.properties.get("tactic") or "") if node else ""
    if tactic in tables().tactics:
        return tables().tactics[tactic], Source("tactic", f"{tactic} (assumed)")
    return tables().tactics["Harden"], Source("assumed", "no tactic; taken as Harden")


@cache
def controls_over(name: str) -> tuple[float, tuple[str, ...]]:
    """The most effective controls against what arrives over class ``name``, by id, and how effective they are.

    OWASP steps, techniques and mitigations; sub-techniques and leaves are parts and examples of these, and what proves who
    speaks does not stop a fallen member.
    """
    threats = tables().arrives_as.get(name, ())
    found: dict[float, list[str]] = {}
    for mitigation, against in sorted(countered().items()):
        node = catalog().node("Mitigation", mitigation)
        whole = node is not None and node.properties["form"] in ("step", "technique", "strategy")
        if whole and mitigation not in tables().authenticates and not against.keys().isdisjoint(threats):
            found.setdefault(effectiveness(mitigation)[0], []).append(mitigation)
    best = max(found, default=0.0)
    return best, tuple(found.get(best, ()))


def _grouped(pairs: list[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, set[str]] = {}
    for one, other in pairs:
        found.setdefault(one, set()).add(other)
    return {one: tuple(sorted(others)) for one, others in found.items()}


def _preset_source(row: Mapping[str, object]) -> Source:
    sources = ", ".join(row["sources"])  # type: ignore[arg-type]
    if row["status"] == "assumed":
        return Source("assumed", f"{row['preset']}: {row['reason']}")
    return Source("preset", f"{row['preset']}: {sources}, measured {row['measured']:g} ({row['reason']})")


def _layers() -> dict[str, str]:
    """Threat to its first published layer, else its first inferred one."""
    found: dict[str, tuple[bool, str]] = {}
    for relation in catalog().content.relations:
        if relation.kind == "AT_LAYER":
            rank = (relation.properties["status"] != "published", relation.target)
            found[relation.source] = min(rank, found.get(relation.source, (True, "\U0010ffff")))
    return {threat: layer for threat, (unpublished, layer) in found.items() if not unpublished}
