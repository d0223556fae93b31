"""Documents of ``kind: system``: which agents a system deploys and how they are wired."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Literal

from kb.catalog import catalog
from kb.loading.document_reader import DocumentReader
from kb.loading.parsed import Member, ParsedSystem, ThreatClaim, Trust, Use
from kb.loading.yaml_source import Json, shown

if TYPE_CHECKING:
    from kb.loading.system_document import FacedPart, IntegrationPart, MemberPart, ResourcePart, SystemDocument

Flow = Literal["forward", "backward"]

_ACCESS: Mapping[str, Literal["read", "write", "call"]] = {"readers": "read", "writers": "write", "callers": "call"}


class SystemReader(DocumentReader):
    """Reads one system."""

    def read(self, value: Json) -> ParsedSystem | None:
        """The system that ``value`` is, unless something is wrong with it."""
        from kb.loading.system_document import PARTS, SystemDocument

        before = len(self.faults)
        system = self.shaped(value, SystemDocument, PARTS)
        if system is None:
            return None
        members = self._members(system)
        ids = {part.id: member.id for part, member in zip(system.agents, members, strict=True)}
        trusts = self._trusts(system.integrations or (), ids)
        uses = self._uses(system.resources or (), ids)
        if len(self.faults) > before:
            return None
        source = system.source
        return ParsedSystem(
            series=f"system:{system.id}",
            subject=system.id,
            name=system.name,
            title=source.title if source else None,
            url=source.url if source else None,
            as_of=source.as_of if source else None,
            line=self.line(),
            infer=system.infer,
            members=tuple(members),
            trusts=tuple(trusts),
            uses=tuple(uses),
        )

    # ------------------------------------------------------------------------------------------------------------------
    # Agents
    # ------------------------------------------------------------------------------------------------------------------

    def _members(self, system: "SystemDocument") -> list[Member]:
        if not system.agents:
            self.fault(("agents",), "agents is empty; a system has at least one agent")
        self.unique(("agents",), [part.id for part in system.agents])
        return [self._member(system.id, position, part) for position, part in enumerate(system.agents)]

    def _member(self, system: str, position: int, part: "MemberPart") -> Member:
        place = ("agents", position)
        declared = "/" not in part.id
        if not declared:
            self._only_taken_in(system, place, part)
        self.unique((*place, "capabilities"), [entry.capability for entry in part.capabilities or ()])
        self.unique((*place, "implements"), [entry.mitigation for entry in part.implements or ()])
        scores = dict(part.scores or ())
        return Member(
            id=f"{system}/{part.id}" if declared else part.id,
            declared=declared,
            line=self.line(*place),
            name=part.name,
            based_on=part.based_on,
            role=part.role,
            entries=part.entry,
            criticality=part.criticality,
            factors={name: value for name, value in scores.items() if value is not None},
            capabilities={entry.capability: entry.score for entry in part.capabilities or ()},
            implements={entry.mitigation: entry.coverage for entry in part.implements or ()},
            threats=tuple(self._claims(place, part.faces or ())),
        )

    def _only_taken_in(self, system: str, place: tuple[str, int], part: "MemberPart") -> None:
        """Note what this document says of another system's agent that only that one's document can say."""
        owner, _, local = part.id.partition("/")
        if owner == system:
            self.fault((*place, "id"), f"agents[{place[1]}].id is {shown(part.id)}; write {local!r}")
            return
        for key in ("name", "based_on", "scores", "capabilities", "implements", "faces"):
            if getattr(part, key) is not None:
                remedy = (
                    f"{part.id} is declared by the document of system {owner!r}; only role, entry and criticality stand here"
                )
                self.fault((*place, key), f"agents[{place[1]}].{key}: {remedy}")

    def _claims(self, place: tuple[str, int], faces: Sequence["FacedPart"]) -> Iterator[ThreatClaim]:
        self.unique((*place, "faces"), [f"{part.threat} at {part.layer}" if part.layer else part.threat for part in faces])
        for number, part in enumerate(faces):
            if part.polarity == "denied" and part.susceptibility is not None:
                self.fault(
                    (*place, "faces", number), f"{part.threat} is denied, so it has no susceptibility; remove one of the two"
                )
            yield ThreatClaim(
                threat=part.threat,
                origin="declared",
                layer=part.layer,
                certainty=None,
                polarity=part.polarity,
                quote=part.reason,
                line=self.line(*place, "faces", number),
                susceptibility=part.susceptibility,
            )

    def _agent(self, ids: Mapping[str, str], place: Sequence[str | int], text: str) -> str | None:
        """The full id of the agent that ``text`` names; ``None``, with the fault noted, where it is not listed."""
        from kb.loading.catalog_ids import nearest

        if text not in ids:
            near = nearest(text, ids) if self.suggests else None
            remedy = f"did you mean {near!r}?" if near else "list it under agents"
            where = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in place).lstrip(".")
            self.fault(place, f"{where} is {shown(text)}, no agent of this document; {remedy}")
        return ids.get(text)

    # ------------------------------------------------------------------------------------------------------------------
    # Wiring
    # ------------------------------------------------------------------------------------------------------------------

    def _trusts(self, integrations: Sequence["IntegrationPart"], ids: Mapping[str, str]) -> list[Trust]:
        """What the integrations give, in their order; two that give one identity are a fault."""
        first: dict[tuple[str, str, str, str, str], Trust] = {}
        for position, part in enumerate(integrations):
            place = ("integrations", position)
            caller = self._agent(ids, (*place, "from"), part.from_)
            called = self._agent(ids, (*place, "to"), part.to)
            if caller is not None and caller == called:
                self.fault(place, f"{part.to} is wired to itself; an integration joins two agents")
            elif caller is not None and called is not None:
                for trust in _trusts_of(part, caller, called, self.line(*place)):
                    self._once(place, first, trust)
        return list(first.values())

    def _once(self, place: tuple[str, int], first: dict[tuple[str, str, str, str, str], Trust], trust: Trust) -> None:
        identity = (trust.truster, trust.trusted, trust.channel, trust.flow, trust.over)
        earlier = first.setdefault(identity, trust)
        if earlier is not trust:
            what = f"{trust.truster} trusts {trust.trusted} over {trust.channel} ({trust.flow}, {trust.over})"
            self.fault(place, f"{what} for the second time; the first is in line {earlier.line}")

    def _uses(self, resources: Sequence["ResourcePart"], ids: Mapping[str, str]) -> list[Use]:
        self.unique(("resources",), [f"{part.kind}:{part.id}" for part in resources])
        uses = []
        for position, part in enumerate(resources):
            place = ("resources", position)
            found = list(self._uses_of(place, part, ids))
            if not any(getattr(part, key) for key in _ACCESS):
                self.fault(place, f"nobody uses {part.kind}:{part.id}; give it readers, writers or callers")
            uses += found
        return uses

    def _uses_of(self, place: tuple[str, int], part: "ResourcePart", ids: Mapping[str, str]) -> Iterator[Use]:
        for key, access in _ACCESS.items():
            listed: tuple[str, ...] = getattr(part, key) or ()
            self.unique((*place, key), listed)
            for number, text in enumerate(listed):
                agent = self._agent(ids, (*place, key, number), text)
                if agent is not None:
                    strength = None if access == "write" else part.strength
                    yield Use(agent, f"{part.kind}:{part.id}", access, strength, self.line(*place, key, number))


def _trusts_of(part: "IntegrationPart", caller: str, called: str, line: int) -> Iterator[Trust]:
    """``to`` trusts ``from`` over what goes forward, ``from`` trusts ``to`` over what comes back; 0 is no trust."""
    flows: tuple[tuple[Flow, str, str, Decimal | None], ...] = (
        ("forward", called, caller, part.forward),
        ("backward", caller, called, part.backward),
    )
    for flow, truster, trusted, given in flows:
        for over, strength, source in _strengths(part.channel, flow, given):
            if strength > 0:
                yield Trust(
                    truster, trusted, part.channel, flow, over, strength, source, part.protocol, part.authenticated, line
                )


def _strengths(channel: str, flow: Flow, given: Decimal | None) -> Iterable[tuple[str, Decimal, str]]:
    """(class, strength, where that comes from) of each class that ``channel`` carries in this flow.

    A channel that brings nothing back by itself brings back a message where the document says how strong.
    """
    tables = catalog().cascade
    (row,) = (row for row in tables["channels"] if row["channel"] == channel)
    if given is not None:
        return [(over, given, "document") for over in [part["class"] for part in row[flow]] or ["message"]]
    presets = {preset["preset"]: preset for preset in tables["presets"]}
    chosen = ((part["class"], presets[part["preset"]]) for part in row[flow])
    return [(over, Decimal(str(preset["strength"])), cited(preset)) for over, preset in chosen]


def presets_version() -> str:
    """8 hex digits of what gives integrations without figures their strengths."""
    tables = catalog().cascade
    rows = [(row["channel"], *_carried(row)) for row in tables["channels"]]
    rows += ((row["preset"], row.get("measured"), row["strength"], *row["sources"]) for row in tables["presets"])
    return sha256(repr(rows).encode()).hexdigest()[:8]


def _carried(row: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    yield from ((flow, part["class"], part["preset"]) for flow in ("forward", "backward") for part in row[flow])


def cited(preset: Mapping[str, object]) -> str:
    """The name of a row of ``presets`` and where its figure comes from."""
    sources = ", ".join(preset["sources"])  # type: ignore[arg-type]
    if preset["status"] == "assumed":
        return f"preset {preset['preset']} (assumed: {preset['reason']})"
    return f"preset {preset['preset']} ({sources}: measured {preset['measured']})"
