"""What a report is about: a system with all its members, or agents and products that were named."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from shlex import quote

from kb.engines.protocol import Engine
from kb.errors import UsageError
from kb.model.graph import Node
from kb.questions.naming import resolve, resolve_member


@dataclass(frozen=True, slots=True)
class Scope:
    """The agents of a report and where they live."""

    system: str | None
    """The system that is reported as a whole; ``None`` where agents were named."""
    agents: Mapping[str, Node]
    """Everybody that the report is about, by id in its order."""
    homes: Mapping[str, tuple[str, ...]]
    """Each system with those of :attr:`agents` that it is reported of; an agent of several systems counts at the first."""
    products: tuple[str, ...]
    """Those of :attr:`agents` that no system deploys under this id."""
    deployments: Mapping[str, tuple[str, ...]]
    """Product to the deployed agents that are based on it."""

    @property
    def words(self) -> tuple[str, ...]:
        """What selects this scope on the command line, quoted for a shell."""
        if self.system is not None:
            return ("--system", quote(self.system))
        return tuple(quote(agent) for agent in self.agents)

    @property
    def parts(self) -> tuple[tuple[str | None, tuple[str, ...]], ...]:
        """Each home with its agents, then the products, which have none."""
        return (*self.homes.items(), *([(None, self.products)] if self.products else []))


def scope_of(engine: Engine, system: str | None, agents: Sequence[str]) -> Scope:
    """What ``system`` and ``agents`` select, the only system where neither is given.

    Raises :class:`~kb.errors.UsageError` where there are several systems or none to take.
    """
    if agents:
        home = system and resolve(engine, system, ("System",))[1]
        return _named(engine, sorted({resolve_member(engine, agent, home) for agent in agents}), home)
    chosen = resolve(engine, system, ("System",))[1] if system else only_system(engine)
    members = sorted({relation.source for relation in engine.edges("MEMBER_OF", target=[chosen])})
    if not members:
        raise UsageError(f"system {chosen!r} has no members", hint="name agents: kb report AGENT…")
    return Scope(chosen, _nodes(engine, members), {chosen: tuple(members)}, (), {})


def only_system(engine: Engine) -> str:
    """The id of the only system of the base; :class:`~kb.errors.UsageError` that lists them where there are several."""
    systems = [node.id for node in engine.nodes("System")]
    if not systems:
        raise UsageError("no system is loaded", hint="name agents: kb report AGENT…, or load a kind: system document")
    if len(systems) > 1:
        raise UsageError(f"there are {len(systems)} systems: {', '.join(systems)}", hint="choose one: kb report --system ID")
    return systems[0]


def _named(engine: Engine, agents: Sequence[str], home: str | None) -> Scope:
    nodes = _nodes(engine, agents)
    members = engine.edges("MEMBER_OF", source=agents)
    homes: dict[str, list[str]] = {}
    for agent in agents:
        systems = sorted({relation.target for relation in members if relation.source == agent})
        if systems:
            declaring = agent.partition("/")[0]
            chosen = home or (declaring if declaring in systems else systems[0])
            homes.setdefault(chosen, []).append(agent)
    deployed = {agent for some in homes.values() for agent in some}
    products = tuple(agent for agent in agents if agent not in deployed)
    return Scope(
        None, nodes, {system: tuple(homes[system]) for system in sorted(homes)}, products, _deployments(engine, products)
    )


def _nodes(engine: Engine, agents: Iterable[str]) -> dict[str, Node]:
    return {node.id: node for node in engine.nodes("Agent", agents)}


def _deployments(engine: Engine, products: Sequence[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {product: [] for product in products}
    for relation in engine.edges("BASED_ON", target=products) if products else ():
        found[relation.target].append(relation.source)
    return {product: tuple(sorted(set(agents))) for product, agents in found.items()}
