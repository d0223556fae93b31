"""One agent out of all that its documents say: united figures, recomputed score, conflicts.

A pure function of the set of documents in force, so that loading in any order, twice or in pieces gives one graph.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from kb.model.aivss import DEFAULT_VERSION, partial_score
from kb.model.graph import Node, Relation
from kb.model.precedence import rank
from kb.model.schema import Value

_INPUTS = ("aivss_version", "cvss_base", "cvss_vector", "threat_multiplier", "mitigation_factor")


@dataclass(frozen=True, slots=True)
class Testimony:
    """All that the documents in force say of one agent."""

    agent: str
    documents: Sequence[Node]
    """Assessment nodes that speak of the agent; none for a product that systems name and nobody has assessed."""
    relations: Sequence[Relation]
    """What they assert, relations that start at the agent."""
    product: "Testimony | None" = None
    """All that is said of the product that a deployed agent inherits from; ``None`` where it inherits nothing."""
    infers: bool = True
    """Whether rules may infer threats for it."""


def is_deployed(agent: str) -> bool:
    """Whether the id ``agent`` is that of a deployed agent, ``<system>/<id>``, rather than of a product."""
    return "/" in agent


def united_scores(testimony: Testimony) -> Mapping[str, float]:
    """Snake-case factor name to the score of the document that wins it; factors that nobody scores are absent.

    A deployed agent has those of its product, and its own ones replace them factor by factor.
    """
    own = {name: claims[0][0] for name, claims in _factor_claims(testimony).items()}
    return {**united_scores(testimony.product), **own} if testimony.product else own


def united_agent(testimony: Testimony) -> Node:
    """The Agent node: name and figures of the documents that win, the score recomputed from them, and the conflicts.

    The figures of a deployed agent are those of its product, recomputed where the system's document scores a factor anew.
    """
    names = _name_claims(testimony)
    form = "deployed" if is_deployed(testimony.agent) else "product"
    properties: dict[str, Value] = {"name": names[0][0] if names else _last_part(testimony.agent), "form": form}
    inputs = _input_claims(testimony.product or testimony)
    properties |= {name: claims[0][0] for name, claims in inputs.items() if claims}
    properties |= _recomputed(united_scores(testimony), properties)
    own_inputs = {} if testimony.product else inputs
    claimed: dict[str, Sequence[tuple[Value, str]]] = {"name": names, **own_inputs, **_factor_claims(testimony)}
    conflicts = tuple(_conflict(name, claims) for name, claims in claimed.items() if _differ(claims))
    if conflicts:
        properties["conflicts"] = conflicts
    return Node("Agent", testimony.agent, properties)


def former_agent(agent: str) -> Node:
    """The Agent node of an agent that only superseded documents speak of."""
    return Node("Agent", agent, {"name": _last_part(agent), "form": "former"})


def _last_part(agent: str) -> str:
    return agent.rpartition("/")[2]


def _name_claims(testimony: Testimony) -> list[tuple[Value, str]]:
    """(name, Assessment id) of each document that names the agent; the winner first."""
    if not is_deployed(testimony.agent):
        return _claims(_ranked(testimony.documents), "name")
    members = (relation for relation in testimony.relations if relation.kind == "MEMBER_OF")
    return [(said["name"], relation.assessment or "") for relation in members if (said := relation.properties).get("name")]


def _input_claims(testimony: Testimony) -> dict[str, list[tuple[Value, str]]]:
    """Each AIVSS input to (value, Assessment id) of the documents that give it; the winner first."""
    documents = _ranked(testimony.documents)
    inputs = {name: _claims(documents, name) for name in _INPUTS}
    return inputs | {"cvss_vector": _beside(inputs["cvss_base"], inputs["cvss_vector"])}


def _ranked(documents: Iterable[Node]) -> list[Node]:
    return sorted(documents, key=lambda document: rank(document.properties, document.id))


def _claims(documents: Sequence[Node], name: str) -> list[tuple[Value, str]]:
    """(value, Assessment id) of each document that gives the figure ``name``; the winner first."""
    return [(document.properties[name], document.id) for document in documents if document.properties.get(name) is not None]


def _beside(bases: Sequence[tuple[Value, str]], vectors: Sequence[tuple[Value, str]]) -> list[tuple[Value, str]]:
    """``vectors``, that of the document whose base score counts first; none where it gives no vector.

    A vector and its base score are one statement, so they are never taken from two documents.
    """
    if not bases:
        return list(vectors)
    own = [claim for claim in vectors if claim[1] == bases[0][1]]
    return own and own + [claim for claim in vectors if claim not in own]


def _factor_claims(testimony: Testimony) -> dict[str, list[tuple[float, str]]]:
    """Snake-case factor name to (score, Assessment id) of each document that scores it; the winner first."""
    places = {document.id: place for place, document in enumerate(_ranked(testimony.documents))}
    claims: dict[str, list[tuple[float, str]]] = {}
    scored = (relation for relation in testimony.relations if relation.kind == "HAS_CAPABILITY")
    for relation in sorted(scored, key=lambda relation: (relation.target, places[relation.assessment or ""])):
        catalog, _, factor = relation.target.partition(":")
        score = relation.properties.get("score")
        if catalog == "aivss" and isinstance(score, float):
            claims.setdefault(factor, []).append((score, relation.assessment or ""))
    return claims


def _differ(claims: Sequence[tuple[Value, str]]) -> bool:
    return len({value for value, _ in claims}) > 1


def _conflict(name: str, claims: Sequence[tuple[Value, str]]) -> str:
    """Which value stands, from which document, and which others were given."""
    (value, assessment), *others = claims
    rest = ", ".join(f"{other} from {source[:19]}" for other, source in others if other != value)
    return f"{name}: {value} from {assessment[:19]} stands against {rest}"


def _recomputed(factors: Mapping[str, float], inputs: Mapping[str, Value]) -> dict[str, Value]:
    """``factor_sum``, ``aars``, ``aivss``, ``severity`` and ``flags`` as far as the figures allow; never a guessed score."""
    decimals = {name: Decimal(str(inputs[name])) for name in _INPUTS[1:] if isinstance(inputs.get(name), float)}
    score = partial_score(
        {name: Decimal(str(value)) for name, value in factors.items()},
        version=str(inputs.get("aivss_version") or DEFAULT_VERSION),
        **decimals,
    )
    known: dict[str, Value] = {
        "factor_sum": _float(score.factor_sum),
        "aars": _float(score.aars),
        "aivss": _float(score.aivss),
        "severity": score.severity,
        "flags": tuple(score.flags),
    }
    return {name: value for name, value in known.items() if value is not None and value != ()}


def _float(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
