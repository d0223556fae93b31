"""From a parsed document to the node and the relations that it asserts."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal

from kb.loading.parsed import Figures, Member, ParsedAssessment, ThreatClaim
from kb.model.aivss import DEFAULT_VERSION, partial_score
from kb.model.claims import ClaimCheck, Claims, check_claims
from kb.model.graph import Node, Relation
from kb.model.schema import Value


def assessment_node(document: ParsedAssessment, assessment: str, parser: str, path: str, documents: int = 1) -> Node:
    """The Assessment node of ``document``: what it is, the figures that it gives, and whether its claims hold.

    ``documents`` is how many its file holds. The moment of loading is added when it is written.
    """
    figures = document.figures
    check = _checked(document.factors, figures)
    properties: dict[str, Value] = {
        "kind": document.kind,
        "form": document.form,
        "series": document.series,
        "subject": document.subject,
        "name": document.name,
        "title": document.title,
        "url": document.url,
        "as_of": document.as_of,
        "parser": parser,
        "in_force": True,
        "cut": document.cut,
        **_figure_properties(figures),
        "claims": check.verdict,
        "claim_faults": check.faults,
        "remarks": document.remarks,
        "path": path,
        "documents": documents,
    }
    return Node("Assessment", assessment, known(properties))


def out_of_force(node: Node) -> Node:
    """The Assessment ``node`` of a document that another one of its series supersedes."""
    return replace(node, properties={**node.properties, "in_force": False})


def in_force(node: Node) -> Node:
    """The Assessment ``node`` of a document that counts."""
    return replace(node, properties={**node.properties, "in_force": True})


def relations_of(document: ParsedAssessment, assessment: str, path: str) -> list[Relation]:
    """Every relation that ``document`` asserts, each under the id of its Assessment."""
    relations = [Relation("ABOUT", assessment, document.subject, {}, assessment, "Agent")]
    for layer, certainty in document.layers.items():
        relations.append(Relation("ASSESSED_AT", document.subject, layer, {"certainty": certainty}, assessment))
    relations += traits(document.subject, document, assessment, path)
    return relations


def traits(agent: str, said: ParsedAssessment | Member, assessment: str, path: str) -> Iterator[Relation]:
    """What both an assessment and a system may say of ``agent``: scores, capabilities, controls, threats."""
    for factor, score in said.factors.items():
        yield Relation("HAS_CAPABILITY", agent, f"aivss:{factor}", {"score": float(score)}, assessment)
    for capability, degree in said.capabilities.items():
        yield Relation("HAS_CAPABILITY", agent, capability, _degree("score", degree), assessment)
    for mitigation, coverage in said.implements.items():
        yield Relation("IMPLEMENTS", agent, mitigation, _degree("coverage", coverage), assessment)
    yield from _threat_relations(agent, said.threats, assessment, path)


def _threat_relations(agent: str, claims: Iterable[ThreatClaim], assessment: str, path: str) -> Iterator[Relation]:
    """One FACES for each (threat, layer, origin) that is claimed, else one RULES_OUT where it is denied there.

    Where one place states a threat and denies or mitigates it too, it is stated: a warning is not lost to a reassurance.
    """
    faced: dict[tuple[str, str | None, str], list[ThreatClaim]] = {}
    denied: dict[tuple[str, str | None], list[ThreatClaim]] = {}
    for claim in claims:
        if claim.polarity == "denied":
            denied.setdefault((claim.threat, claim.layer), []).append(claim)
        else:
            faced.setdefault((claim.threat, claim.layer, claim.origin), []).append(claim)
    for (threat, layer, origin), group in faced.items():
        stated = [claim for claim in group if claim.polarity == "stated"] or group
        certain = any(claim.certainty == "mapped" for claim in stated)
        unknown = all(claim.certainty is None for claim in stated)
        properties: dict[str, Value] = {
            "origin": origin,
            "layer": layer,
            "certainty": None if unknown else "mapped" if certain else "uncertain",
            "polarity": stated[0].polarity,
            "susceptibility": max((float(c.susceptibility) for c in stated if c.susceptibility is not None), default=None),
            **_evidence(stated, path),
        }
        yield Relation("FACES", agent, threat, known(properties), assessment)
    here = {(threat, layer) for threat, layer, _ in faced}
    for (threat, layer), group in denied.items():
        if (threat, layer) not in here:
            yield Relation("RULES_OUT", agent, threat, known({"layer": layer, **_evidence(group, path)}), assessment)


def _evidence(claims: Iterable[ThreatClaim], path: str) -> dict[str, Value]:
    """``quotes`` and ``places`` of ``claims``; a claim without words still has its place, beside an empty quote."""
    pairs = dict.fromkeys((claim.quote or "", f"{path}:{claim.line}") for claim in claims)
    return {"quotes": tuple(quote for quote, _ in pairs), "places": tuple(place for _, place in pairs)}


def _checked(factors: Mapping[str, Decimal], figures: Figures) -> ClaimCheck:
    computed = partial_score(
        factors,
        figures.cvss_base,
        figures.threat_multiplier,
        figures.mitigation_factor,
        figures.aivss_version or DEFAULT_VERSION,
    )
    claims = Claims(figures.claimed_factor_sum, figures.claimed_aars, figures.claimed_aivss, figures.claimed_severity)
    return check_claims(claims, computed)


def _figure_properties(figures: Figures) -> dict[str, Value]:
    return {name: _number(getattr(figures, name)) for name in Figures.__dataclass_fields__}


def _number(value: Decimal | str | None) -> Value:
    return float(value) if isinstance(value, Decimal) else value


def _degree(name: str, value: Decimal | None) -> dict[str, Value]:
    return {} if value is None else {name: float(value)}


def known(properties: Mapping[str, Value]) -> dict[str, Value]:
    """``properties`` without the absent ones."""
    return {name: value for name, value in properties.items() if value is not None and value != ()}
