"""What does the base know of this agent? Figures, layers, threats with their evidence, and the documents that say so.

What several documents give differently follows :func:`kb.model.precedence.rank`. A deployed agent has what its product
has, as far as nothing of its own stands against it: inherited rows say so under ``via``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kb.engines.protocol import Engine
from kb.model.aivss import ALL_FACTORS, DEFAULT_VERSION, VERSIONS, counted_factors
from kb.model.graph import Node, Relation
from kb.model.precedence import Rank, rank
from kb.questions.profile_parts import Section, jsonable, names_of, neighbours, relation_row

_SAID = ("HAS_CAPABILITY", "ASSESSED_AT", "FACES", "RULES_OUT", "IMPLEMENTS")
_INPUTS = ("cvss_base", "threat_multiplier", "mitigation_factor")
_WIRING = (
    Section("trusts", "TRUSTS", "out"),
    Section("trusted_by", "TRUSTS", "in"),
    Section("uses", "USES", "out"),
    Section("based_on", "BASED_ON", "out"),
    Section("deployed_as", "BASED_ON", "in"),
    Section("member_of", "MEMBER_OF", "out"),
)


@dataclass(frozen=True, slots=True)
class _Dossier:
    """Everything that the documents in force say of one agent, and of the product that it inherits from."""

    agent: Node
    own: Sequence[Relation]
    product: str | None
    """Id of the product whose relations are ``inherited``; ``None`` where there is none or nothing is inherited."""
    inherited: Sequence[Relation]
    documents: Mapping[str, Node]
    names: Mapping[str, Any]

    def rank(self, assessment: str | None) -> Rank:
        """The place of a document in the order of precedence; what no document says comes last."""
        document = self.documents.get(assessment or "")
        return rank(document.properties, document.id) if document else (9, 0, "")

    def via(self, product: str | None) -> list[dict[str, str]] | None:
        """The step over which a row is inherited, as all answers show it; ``None`` for an own row."""
        return [{"relation": "BASED_ON", "from": self.agent.id, "to": product}] if product else None

    def both(self, kind: str) -> list[tuple[Relation, str | None]]:
        """The relations of ``kind``, own ones first, each with the product that it is inherited from, or ``None``.

        What rules infer is not inherited: for a deployed agent they are applied to what its product and itself have together.
        """
        own: list[tuple[Relation, str | None]] = [(relation, None) for relation in self.own if relation.kind == kind]
        said = (relation for relation in self.inherited if relation.kind == kind and relation.assessment)
        return own + [(relation, self.product) for relation in said]


def agent_profile(engine: Engine, agent: Node) -> tuple[dict[str, Any], list[str]]:
    """The profile of ``agent``, keys in documented order, and the assumptions that it rests on."""
    dossier = _dossier(engine, agent)
    scores, assumptions = _scores(dossier)
    answer: dict[str, Any] = {
        "id": agent.id,
        "name": agent.properties.get("name"),
        "kind": "Agent",
        "form": agent.properties.get("form"),
        "scores": scores,
        "layers": _layers(dossier),
        "threats": _threats(dossier),
        "assessments": _assessments(dossier),
        "capabilities": _others(dossier, "HAS_CAPABILITY"),
        "implements": _others(dossier, "IMPLEMENTS"),
    }
    answer |= {section.key: neighbours(engine, [agent], section) for section in _WIRING}
    return answer | {"conflicts": list(agent.properties.get("conflicts") or ())}, assumptions  # type: ignore[arg-type]


def _dossier(engine: Engine, agent: Node) -> _Dossier:
    product = _product(engine, agent.id)
    relations = engine.expand([agent.id, *([product] if product else [])], _SAID, "out")
    about = [relation for relation in engine.edges("ABOUT", target=[agent.id]) if relation.end_kind == "Agent"]
    documents = {relation.source for relation in about} | {relation.assessment for relation in relations if relation.assessment}
    return _Dossier(
        agent=agent,
        own=[relation for relation in relations if relation.source == agent.id],
        product=product,
        inherited=[relation for relation in relations if relation.source == product],
        documents={node.id: node for node in engine.nodes("Assessment", sorted(documents))},
        names=names_of(engine, relations, "target"),
    )


def _product(engine: Engine, agent: str) -> str | None:
    """The product that ``agent`` inherits from; ``None`` too where its system asks to infer nothing."""
    systems = engine.nodes("System", [relation.target for relation in engine.expand([agent], ["MEMBER_OF"], "out")])
    if any(system.properties.get("infer") is False for system in systems):
        return None
    return next((relation.target for relation in engine.expand([agent], ["BASED_ON"], "out")), None)


def _scores(dossier: _Dossier) -> tuple[dict[str, Any], list[str]]:
    """The figures with where they come from, and what was assumed."""
    figures, claims = dossier.agent.properties, _claiming(dossier)
    factors, others, sources = _factors(dossier)
    for name in _INPUTS:
        giver = _first(dossier, name)
        sources |= {name: giver.id} if giver else {}
    scores = {
        "factors": factors,
        **{name: figures.get(name) for name in ("factor_sum", *_INPUTS, "aars", "aivss", "severity")},
        "claimed": {name: claims.get(f"claimed_{name}") for name in ("factor_sum", "aars", "aivss", "severity")},
        "claims": claims.get("claims"),
        "claim_faults": jsonable(claims.get("claim_faults") or ()),
        "version": figures.get("aivss_version"),
        "cvss_vector": figures.get("cvss_vector"),
        "flags": list(figures.get("flags") or ()),  # type: ignore[arg-type]
        "sources": sources,
        "other_factors": others,
    }
    inherited = [name for name, source in sources.items() if source == dossier.product]
    return scores, [f"{', '.join(inherited)} of its product {dossier.product} (BASED_ON)"] if inherited else []


def _factors(dossier: _Dossier) -> tuple[dict[str, float | None], dict[str, float], dict[str, str]]:
    """The ten factors that count to their scores, other factors that are scored, and factor to who gives it.

    Which ten count follows the AIVSS version and what is scored, as for the factor sum. Nobody gives a score that is ``None``;
    a factor is given by a document or the product.
    """
    scores: dict[str, float] = {}
    sources: dict[str, str] = {}
    said = [(relation, via) for relation, via in dossier.both("HAS_CAPABILITY") if relation.target.startswith("aivss:")]
    for relation, via in sorted(said, key=lambda pair: (pair[1] is not None, dossier.rank(pair[0].assessment))):
        name, score = relation.target.removeprefix("aivss:"), relation.properties.get("score")
        if isinstance(score, float) and name not in scores and name in ALL_FACTORS:
            scores[name], sources[name] = score, via or relation.assessment or ""
    version = str(dossier.agent.properties.get("aivss_version"))
    counted = counted_factors(scores, version if version in VERSIONS else DEFAULT_VERSION)
    factors = {name: scores.get(name) for name in counted}
    others = {name: scores[name] for name in ALL_FACTORS if name in scores and name not in factors}
    return factors, others, {name: sources[name] for name in ALL_FACTORS if name in sources}


def _claiming(dossier: _Dossier) -> Mapping[str, Any]:
    """The properties of the first document by precedence that prints a result; empty where none does."""
    givers = (_first(dossier, f"claimed_{name}") for name in ("aivss", "aars", "factor_sum", "severity"))
    return next((giver.properties for giver in givers if giver), {})


def _first(dossier: _Dossier, name: str) -> Node | None:
    """The document that wins the figure ``name``."""
    giving = [document for document in dossier.documents.values() if document.properties.get(name) is not None]
    return min(giving, key=lambda document: dossier.rank(document.id), default=None)


def _layers(dossier: _Dossier) -> list[dict[str, Any]]:
    """One row for each layer, with the certainty that the document gives which comes first in precedence."""
    layers: dict[str, dict[str, Any]] = {}
    for relation, _ in sorted(dossier.both("ASSESSED_AT"), key=lambda pair: dossier.rank(pair[0].assessment)):
        certainty, name = relation.properties.get("certainty"), dossier.names.get(relation.target)
        layers.setdefault(relation.target, {"id": relation.target, "certainty": certainty, "name": name})
    return [layers[layer] for layer in sorted(layers)]


def _threats(dossier: _Dossier) -> list[dict[str, Any]]:
    """One row for each assertion that a threat is faced or ruled out, by layer (the summary first) and id."""
    denied = {relation.target for relation, via in dossier.both("RULES_OUT") if via is None}
    rows = [
        _threat(relation, via, dossier)
        for kind in ("FACES", "RULES_OUT")
        for relation, via in dossier.both(kind)
        if via is None or relation.target not in denied
    ]
    return sorted(
        rows, key=lambda row: [str(row[name] or "") for name in ("layer", "id", "polarity", "origin", "rule", "assessment")]
    )


def _threat(relation: Relation, via: str | None, dossier: _Dossier) -> dict[str, Any]:
    said = relation.properties
    quotes: Any = said.get("quotes") or ()
    places: Any = said.get("places") or ()
    evidence = [{"quote": quote or None, "place": place} for quote, place in zip(quotes, places, strict=True)]
    first = evidence[0] if evidence else {"quote": None, "place": None}
    faced = relation.kind == "FACES"
    return {
        "id": relation.target,
        "layer": said.get("layer"),
        "origin": said.get("origin") if faced else "stated" if first["quote"] else "declared",
        "certainty": said.get("certainty"),
        "polarity": (said.get("polarity") or "stated") if faced else "denied",
        **first,
        "name": dossier.names.get(relation.target),
        "rule": said.get("rule"),
        "evidence": evidence,
        "via": dossier.via(via),
        "assessment": relation.assessment,
    }


def _assessments(dossier: _Dossier) -> list[dict[str, Any]]:
    """The documents, the one that wins first; without what two equal bases may differ in but for their paths."""
    names = (
        "kind",
        "form",
        "series",
        "name",
        "title",
        "url",
        "as_of",
        "parser",
        "cut",
        "claims",
        "claim_faults",
        "remarks",
        "path",
    )
    ranked = sorted(dossier.documents.values(), key=lambda document: dossier.rank(document.id))
    return [{"id": document.id} | {name: jsonable(document.properties.get(name)) for name in names} for document in ranked]


def _others(dossier: _Dossier, kind: str) -> list[dict[str, Any]]:
    """Capabilities that are no AIVSS factors, or mitigations, with the product they come from under ``via``."""
    rows = [
        relation_row(relation, dossier.names, "out") | {"via": dossier.via(via)}
        for relation, via in dossier.both(kind)
        if not relation.target.startswith("aivss:")
    ]
    return sorted(rows, key=lambda row: (str(row["id"]), str(row["assessment"] or "")))
