"""What the base knows of the agents of a picture, read for all of them at once: for their looks and for the panel."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kb.engines.protocol import Engine
from kb.model.aivss import DEFAULT_VERSION
from kb.model.graph import Node, Relation
from kb.questions.pictures.picture import Detail, Line
from kb.questions.profile_parts import names_of

_SAID = ("ASSESSED_AT", "BASED_ON", "FACES", "IMPLEMENTS", "MEMBER_OF", "RULES_OUT")
_INHERITED = frozenset({"ASSESSED_AT", "FACES", "IMPLEMENTS", "RULES_OUT"})
_INPUTS = {
    "cvss_base": "CVSS base",
    "threat_multiplier": "threat multiplier",
    "mitigation_factor": "mitigation factor",
    "factor_sum": "factor sum",
}


@dataclass(slots=True)
class Dossier:
    """One agent with what is said of it."""

    node: Node
    product: str | None = None
    own: list[Relation] = field(default_factory=list)
    inherited: list[Relation] = field(default_factory=list)
    """What documents say of its product, as far as it says nothing against it."""

    def both(self, kind: str) -> list[tuple[Relation, str | None]]:
        """The relations of ``kind`` with the product that they are inherited from, or ``None``."""
        own = [(relation, None) for relation in self.own if relation.kind == kind]
        return [*own, *((relation, self.product) for relation in self.inherited if relation.kind == kind)]

    @property
    def name(self) -> str | None:
        """The name that documents give."""
        given = self.node.properties.get("name")
        return str(given) if given else None

    @property
    def severity(self) -> str | None:
        """AIVSS band of the recomputed score."""
        band = self.node.properties.get("severity")
        return str(band) if band else None

    @property
    def threats(self) -> tuple[str, ...]:
        """Ids of all threats that it faces, by whatever origin."""
        return tuple(sorted({relation.target for relation, _ in self.both("FACES")}))

    @property
    def layers(self) -> tuple[str, ...]:
        """The layers that a document speaks of."""
        return tuple(sorted({relation.target for relation, _ in self.both("ASSESSED_AT")}))

    @property
    def certainty(self) -> str | None:
        """``mapped`` where a document commits itself anywhere, ``uncertain`` where all only suppose."""
        said = {relation.properties.get("certainty") for kind in ("ASSESSED_AT", "FACES") for relation, _ in self._told(kind)}
        return next((word for word in ("mapped", "uncertain") if word in said), None)

    def _told(self, kind: str) -> list[tuple[Relation, str | None]]:
        return [(relation, via) for relation, via in self.both(kind) if relation.assessment]


@dataclass(frozen=True, slots=True)
class Dossiers:
    """The agents that a picture shows, with the names and the documents that theirs refer to."""

    agents: Mapping[str, Dossier]
    names: Mapping[str, Any]
    documents: Mapping[str, Node]
    about: Mapping[str, Sequence[str]]
    """Agent or product to the documents that speak of it."""


def read_dossiers(engine: Engine, ids: Iterable[str]) -> Dossiers:
    """Everything about the agents of ``ids`` that the base holds, in as many steps for many as for one."""
    agents = {node.id: Dossier(node) for node in engine.nodes("Agent", sorted(set(ids)))}
    relations = engine.expand(sorted(agents), _SAID, "out")
    for relation in relations:
        agents[relation.source].own.append(relation)
    silent = _silent(engine, relations)
    products = {r.source: r.target for r in relations if r.kind == "BASED_ON" and r.source not in silent}
    passed_on: dict[str, list[Relation]] = {}
    for relation in engine.expand(sorted(set(products.values())), sorted(_INHERITED), "out"):
        if relation.assessment:  # what rules infer is inferred for each agent
            passed_on.setdefault(relation.source, []).append(relation)
    for agent, product in products.items():
        _inherit(agents[agent], product, passed_on.get(product, ()))
    about = engine.edges("ABOUT", target=sorted({*agents, *products.values()}))
    documents = {relation.assessment for relation in relations if relation.assessment} | {relation.source for relation in about}
    return Dossiers(
        agents,
        names_of(engine, [*relations, *(relation for some in passed_on.values() for relation in some)], "target"),
        {node.id: node for node in engine.nodes("Assessment", sorted(documents))},
        _grouped(relation for relation in about if relation.end_kind == "Agent"),
    )


def _silent(engine: Engine, relations: Sequence[Relation]) -> set[str]:
    """The agents of which a system says that nothing is inherited in it."""
    homes = [relation for relation in relations if relation.kind == "MEMBER_OF"]
    systems = engine.nodes("System", sorted({relation.target for relation in homes}))
    mute = {node.id for node in systems if node.properties.get("infer") is False}
    return {relation.source for relation in homes if relation.target in mute}


def _inherit(dossier: Dossier, product: str, passed_on: Sequence[Relation]) -> None:
    denied = {relation.target for relation in dossier.own if relation.kind == "RULES_OUT"}
    dossier.product = product
    dossier.inherited = [r for r in passed_on if not (r.kind in ("FACES", "RULES_OUT") and r.target in denied)]


def _grouped(about: Iterable[Relation]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for relation in about:
        found.setdefault(relation.target, []).append(relation.source)
    return found


# For the panel --------------------------------------------------------------------------------------------------------


def details_of(known: Dossiers, agent: str) -> tuple[Detail, ...]:
    """What is known of ``agent``: its place, its score, what it faces, what is in place, and the documents."""
    dossier = known.agents[agent]
    parts = {
        "In the system": _at_home(dossier),
        "Score": _score(dossier),
        "Threats": _threats(known, dossier, "FACES"),
        "Ruled out": _threats(known, dossier, "RULES_OUT"),
        "Controls in place": _controls(known, dossier),
        "Layers": _layers(known, dossier),
        "Documents": _documents(known, dossier),
    }
    return tuple(Detail(heading, tuple(lines)) for heading, lines in parts.items() if lines)


def _at_home(dossier: Dossier) -> list[Line]:
    lines = []
    for relation in dossier.own:
        said = relation.properties
        if relation.kind == "MEMBER_OF":
            role = f", {said['role']}" if said.get("role") else ""
            lines.append(Line(f"member of {relation.target}{role}"))
            criticality = said.get("criticality")
            lines.append(Line("criticality not given" if criticality is None else f"criticality {criticality:g}"))
            if said.get("entry"):
                entries: Any = said.get("entries") or ()
                lines.append(Line(f"strangers reach it: {', '.join(entries) or 'for what is not said'}"))
        elif relation.kind == "BASED_ON":
            lines.append(Line(f"made with {relation.target}"))
    return lines


def _score(dossier: Dossier) -> list[Line]:
    said = dossier.node.properties
    inputs = ", ".join(f"{word} {said[name]:g}" for name, word in _INPUTS.items() if said.get(name) is not None)
    if said.get("aivss") is None:
        missing = [word for name, word in _INPUTS.items() if said.get(name) is None]
        lines = [Line(f"no score: the documents give no {', no '.join(missing)}" if missing else "no score")]
    else:
        version = said.get("aivss_version")
        named = f"AIVSS v{version}" if version else f"AIVSS v{DEFAULT_VERSION}, the default version"
        lines = [Line(f"{named}: {said['aivss']:g}, {said['severity']}", "recomputed from the figures of the documents")]
    lines += [Line(inputs)] if inputs else []
    flags: Any = said.get("flags") or ()
    conflicts: Any = said.get("conflicts") or ()
    return lines + [Line(f"flag: {flag}") for flag in flags] + [Line(f"documents differ: {one}") for one in conflicts]


def _threats(known: Dossiers, dossier: Dossier, kind: str) -> list[Line]:
    """One line for each quote, or for what several sources say alike without one; what documents say comes first."""
    said = sorted(dossier.both(kind), key=_standing)
    sources: dict[tuple[str, str | None], list[str]] = {}
    for line in (line for relation, via in said for line in _claims(known, relation, via)):
        sources.setdefault((line.text, line.quote), []).append(line.source or "")
    return [Line(text, "; ".join(filter(None, some)) or None, quote) for (text, quote), some in sources.items()]


def _standing(pair: tuple[Relation, str | None]) -> tuple[bool, str, str, str]:
    said = pair[0].properties
    return said.get("origin") == "inferred", pair[0].target, str(said.get("layer") or ""), pair[0].key


def _claims(known: Dossiers, relation: Relation, via: str | None) -> list[Line]:
    inherited = f", inherited from {via}" if via else ""
    return [
        Line(f"{_named(known, relation.target)}, {line.text}{inherited}", line.source, line.quote)
        for line in claim_lines(relation)
    ]


def claim_lines(relation: Relation) -> list[Line]:
    """How a FACES or RULES_OUT is known: one line for each quote, or the only one where there is none."""
    said = relation.properties
    words = [str(said.get("layer") or ""), str(said.get("origin") or "ruled out")]
    words += ["not certain"] if said.get("certainty") == "uncertain" else []
    words += ["countered by a control"] if said.get("polarity") == "mitigated" else []
    susceptibility = said.get("susceptibility")
    words += [f"susceptibility {susceptibility:g}"] if susceptibility is not None else []
    text = ", ".join(filter(None, words))
    quotes: Any = said.get("quotes") or ()
    places: Any = said.get("places") or ()
    if not places:
        return [Line(text, f"rule {said['rule']}" if said.get("rule") else relation.assessment)]
    return [Line(text, place, quote or None) for quote, place in zip(quotes, places, strict=True)]


def _controls(known: Dossiers, dossier: Dossier) -> list[Line]:
    lines = []
    for relation, via in sorted(dossier.both("IMPLEMENTS"), key=lambda pair: (pair[0].target, pair[0].key)):
        coverage = relation.properties.get("coverage")
        degree = "coverage not given" if coverage is None else f"coverage {coverage:g}"
        inherited = f", inherited from {via}" if via else ""
        lines.append(Line(f"{_named(known, relation.target)}, {degree}{inherited}", relation.assessment))
    return lines


def _layers(known: Dossiers, dossier: Dossier) -> list[Line]:
    lines = []
    for relation, via in sorted(dossier.both("ASSESSED_AT"), key=lambda pair: (pair[0].target, pair[0].key)):
        doubt = ", not certain" if relation.properties.get("certainty") == "uncertain" else ""
        inherited = f", inherited from {via}" if via else ""
        lines.append(Line(f"{_named(known, relation.target)}{doubt}{inherited}", relation.assessment))
    return lines


def _named(known: Dossiers, node_id: str) -> str:
    name = known.names.get(node_id)
    return f"{node_id} {name}" if name else node_id


def _documents(known: Dossiers, dossier: Dossier) -> list[Line]:
    ids = [*known.about.get(dossier.node.id, ()), *known.about.get(dossier.product or "", ())]
    ids += [relation.assessment for relation in dossier.own if relation.kind == "MEMBER_OF" and relation.assessment]
    return [_document(known.documents[one]) for one in dict.fromkeys(ids) if one in known.documents]


def _document(document: Node) -> Line:
    said = document.properties
    title = str(said.get("title") or said.get("name") or said["subject"])
    as_of = f", as of {said['as_of']}" if said.get("as_of") else ""
    cut = ", cut short" if said.get("cut") else ""
    where = [said.get("url"), said.get("path"), document.id]
    return Line(f"{title} ({said['kind']}{as_of}{cut})", "; ".join(str(one) for one in where if one))
