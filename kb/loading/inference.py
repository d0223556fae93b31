"""The rules that infer FACES from what documents say.

Each result carries the name of its rule and is never mixed with what was stated or declared.
An inferred relation has no assessment: it rests on all documents of its agent that are in force, and is remade whenever they
change.
"""

from collections.abc import Iterable, Iterator, Mapping
from statistics import fmean

from kb.catalog import Catalog
from kb.loading.unite import Testimony, united_scores
from kb.model.graph import Relation

DECISION_PATH = "owasp-decision-path"
"""OWASP Agentic AI Threats and Mitigations v1.1, decision path: an agent with the capability is exposed to the threat."""

MAESTRO_MAPPING = "maestro-mapping"
"""A MAESTRO threat of a layer at which a threat is stated that we map to it."""

THRESHOLD = 0.5
"""Mean score of a threat's primary factors from which the decision path counts the capability as there; assumed."""


def inferred_threats(testimony: Testimony, catalog: Catalog) -> list[Relation]:
    """The FACES relations that the rules infer for one agent, by rule and threat.

    None for a threat that a document rules out and no document says is faced.
    """
    said = {relation.target for relation in testimony.relations if relation.kind == "FACES"}
    denied = {relation.target for relation in testimony.relations if relation.kind == "RULES_OUT"} - said
    found = [*_by_decision_path(testimony, catalog.primary_factors), *_by_maestro(testimony, catalog.maestro_mappings)]
    return [relation for relation in found if relation.target not in denied]


def _by_decision_path(testimony: Testimony, primary_factors: Mapping[str, Iterable[str]]) -> Iterator[Relation]:
    scores = united_scores(testimony)
    for threat, factors in sorted(primary_factors.items()):
        scored = [scores[factor] for factor in factors if factor in scores]
        if scored and fmean(scored) >= THRESHOLD:
            yield _inferred(testimony.agent, threat, DECISION_PATH, None, "stated")


def _by_maestro(testimony: Testimony, mappings: Mapping[str, tuple[str, tuple[str, ...]]]) -> Iterator[Relation]:
    polarities: dict[tuple[str, str], set[str]] = {}
    for relation in testimony.relations:
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
