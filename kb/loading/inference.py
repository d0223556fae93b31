"""The rules that infer FACES from what documents say.

Each result carries the name of its rule and is never mixed with what was stated or declared.
An inferred relation has no assessment: it rests on all documents of its agent that are in force, for a deployed agent on those
of its product too, and is remade whenever they change.
"""

from collections.abc import Iterable, Iterator, Mapping
from statistics import fmean
from typing import Any

from kb.catalog import Catalog
from kb.loading.unite import Testimony, united_scores
from kb.model.graph import Relation
from kb.model.schema import Value

DECISION_PATH = "owasp-decision-path"
"""OWASP Agentic AI Threats and Mitigations v1.1, decision path: an agent with the capability is exposed to the threat."""

MAESTRO_MAPPING = "maestro-mapping"
"""A MAESTRO threat of a layer at which a threat is stated that we map to it."""

WIRED = "wired-over-"
"""Rules by class: an agent that acts on what comes to it over a class faces what hostile input of that class can realise."""

THRESHOLD = 0.5
"""Mean score of a threat's primary factors from which the decision path counts the capability as there; assumed."""


def inferred_threats(testimony: Testimony, catalog: Catalog) -> list[Relation]:
    """The FACES relations that the rules infer for one agent, by rule and threat.

    None for a threat that a document rules out and no document says is faced, and none of the decision path or from wiring
    for a threat that needs a capability which the agent has not: one that a document gives it with degree 0.
    """
    if not testimony.infers:
        return []
    barred = _ruled_out(testimony) | _beyond(testimony, catalog)
    by_ability = [*_by_decision_path(testimony, catalog.primary_factors), *_by_wiring(testimony, catalog.cascade)]
    found = [relation for relation in by_ability if relation.target not in barred]
    return found + [relation for relation in _by_maestro(testimony, catalog.maestro_mappings) if relation.target not in barred]


def _ruled_out(testimony: Testimony) -> set[str]:
    """The threats that documents rule out and none says are faced; what is said of a deployed agent itself comes first."""
    faced, denied = _targets(testimony.relations, "FACES"), _targets(testimony.relations, "RULES_OUT")
    if testimony.product is None:
        return denied - faced
    inherited = _targets(_inherited(testimony), "FACES")
    return (denied - faced - inherited) | (_targets(testimony.product.relations, "RULES_OUT") - faced - inherited)


def _inherited(testimony: Testimony) -> list[Relation]:
    """The FACES relations of the product that nothing said of the agent itself takes away."""
    denied = {
        (relation.target, relation.properties.get("layer")) for relation in testimony.relations if relation.kind == "RULES_OUT"
    }
    said = testimony.product.relations if testimony.product else ()
    return [
        relation
        for relation in said
        if relation.kind == "FACES"
        and not {(relation.target, None), (relation.target, relation.properties.get("layer"))} & denied
    ]


def _targets(relations: Iterable[Relation], kind: str) -> set[str]:
    return {relation.target for relation in relations if relation.kind == kind}


def _beyond(testimony: Testimony, catalog: Catalog) -> set[str]:
    """The threats that need a capability which the agent has not."""
    lacking = lacks(testimony)
    if not lacking:
        return set()
    needs = (relation for relation in catalog.content.relations if relation.kind == "EXPLOITS" and relation.target in lacking)
    return {relation.source for relation in needs if relation.properties.get("role") == "needs"}


def lacks(testimony: Testimony) -> set[str]:
    """The capabilities that a document gives the agent with degree 0 and none with more; own documents before the product's."""
    degrees: dict[str, list[Value]] = {}
    own = [relation for relation in testimony.relations if relation.kind == "HAS_CAPABILITY"]
    known = {relation.target for relation in own}
    said = testimony.product.relations if testimony.product else ()
    own += (relation for relation in said if relation.kind == "HAS_CAPABILITY" and relation.target not in known)
    for relation in own:
        if not relation.target.startswith("aivss:"):
            degrees.setdefault(relation.target, []).append(relation.properties.get("score"))
    return {capability for capability, given in degrees.items() if all(degree == 0 for degree in given)}


def _by_decision_path(testimony: Testimony, primary_factors: Mapping[str, Iterable[str]]) -> Iterator[Relation]:
    scores = united_scores(testimony)
    for threat, factors in sorted(primary_factors.items()):
        scored = [scores[factor] for factor in factors if factor in scores]
        if scored and fmean(scored) >= THRESHOLD:
            yield _inferred(testimony.agent, threat, DECISION_PATH, None, "stated")


def _by_wiring(testimony: Testimony, tables: Mapping[str, Any]) -> Iterator[Relation]:
    """What hostile input can realise over each class by which agents, resources or strangers reach the agent."""
    classes = set(_classes(testimony.relations, tables))
    for row in tables.get("arrives_as", ()) if classes else ():
        if row["class"] in classes:
            for threat in row["threats"]:
                yield _inferred(testimony.agent, threat, f"{WIRED}{row['class']}", None, "stated")


def _classes(relations: Iterable[Relation], tables: Mapping[str, Any]) -> Iterator[str]:
    channels = {row["channel"]: [part["class"] for part in row["backward"]] for row in tables.get("channels", ())}
    over = {row["resource"]: channels[row["channel"]] for row in tables.get("resources", ())}
    entries = {row["entry"]: row["class"] for row in tables.get("entries", ())}
    for relation in relations:
        said = relation.properties
        if relation.kind == "TRUSTS":
            yield str(said.get("over"))
        elif relation.kind == "USES" and said.get("access") != "write":
            yield from over.get(relation.target.partition(":")[0], ())
        elif relation.kind == "MEMBER_OF":
            given: Any = said.get("entries") or ()
            yield from (entries[entry] for entry in given if entry in entries)


def _by_maestro(testimony: Testimony, mappings: Mapping[str, tuple[str, tuple[str, ...]]]) -> Iterator[Relation]:
    polarities: dict[tuple[str, str], set[str]] = {}
    for relation in [*testimony.relations, *_inherited(testimony)]:
        if relation.kind == "FACES" and relation.properties.get("layer"):
            place = (relation.target, str(relation.properties["layer"]))
            polarities.setdefault(place, set()).add(str(relation.properties.get("polarity") or "stated"))
    for threat, (layer, mapped) in sorted(mappings.items()):
        found = set().union(*(polarities.get((other, layer), set()) for other in mapped))
        if found:
            polarity = "stated" if "stated" in found else "mitigated"
            yield _inferred(testimony.agent, threat, MAESTRO_MAPPING, layer, polarity)


def _inferred(agent: str, threat: str, rule: str, layer: str | None, polarity: str) -> Relation:
    properties = {"origin": "inferred", "rule": rule, "certainty": "uncertain", "polarity": polarity}
    if layer:
        properties["layer"] = layer
    return Relation("FACES", agent, threat, properties)
