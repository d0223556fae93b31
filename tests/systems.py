"""Small systems written straight into an engine, for tests of cascades."""

from collections.abc import Iterable, Mapping, Sequence

from kb.engines.protocol import Batch, Engine
from kb.model.graph import Node, Relation

DOCUMENT = "sha256:" + "0a" * 32
SYSTEM = "v"


def trusts(truster: str, trusted: str, strength: float | None = None, **said) -> Relation:
    said = {"channel": "message", "flow": "forward", "over": "message", "strength": strength} | said
    return Relation("TRUSTS", member(truster), member(trusted), {k: v for k, v in said.items() if v is not None}, DOCUMENT)


def faces(agent: str, threat: str, susceptibility: float | None = None, **said) -> Relation:
    said = {"origin": "declared", "susceptibility": susceptibility} | said
    return Relation("FACES", member(agent), threat, {k: v for k, v in said.items() if v is not None}, DOCUMENT)


def implements(agent: str, mitigation: str, **said) -> Relation:
    return Relation("IMPLEMENTS", member(agent), mitigation, said, DOCUMENT)


def member(name: str) -> str:
    return f"{SYSTEM}/{name}"


def independent(edges: Sequence[tuple[str, str, float]]) -> list[Relation]:
    """The relations of an independent cascade: along each edge, from the fallen to the hit, with this probability."""
    agents = sorted({end for edge in edges for end in edge[:2]})
    return [*(faces(agent, "owasp:T12", 1.0) for agent in agents), *(trusts(hit, fallen, p) for fallen, hit, p in edges)]


def write_system(
    engine: Engine, relations: Iterable[Relation], *, infer: bool = False, members: Mapping[str, Mapping] | None = None
) -> None:
    """Write ``relations`` with all nodes they need; agents of the system become its members."""
    relations = list(relations)
    properties = {
        "Agent": lambda name: {"form": "deployed" if "/" in name else "product"},
        "Threat": lambda name: {"catalog": name.partition(":")[0], "form": "threat"},
        "Mitigation": lambda name: {"catalog": name.partition(":")[0], "form": "technique"},
    }
    ends = {("Agent", member(name)) for name in members or ()}
    ends |= {(kind, end) for r in relations for kind, end in (("Agent", r.source), (r.end_kind, r.target))}
    agents = sorted(end for kind, end in ends if kind == "Agent" and end.startswith(f"{SYSTEM}/"))
    home = [
        Relation("MEMBER_OF", agent, SYSTEM, dict((members or {}).get(agent.partition("/")[2], {})), DOCUMENT)
        for agent in agents
    ]
    nodes = [Node(kind, end, properties.get(kind, lambda _: {})(end)) for kind, end in sorted(ends)]
    engine.write(
        Batch(
            nodes=[
                Node("System", SYSTEM, {"infer": infer}),
                Node("Assessment", DOCUMENT, {"kind": "system", "series": "system:v", "subject": "v", "parser": "p 1"}),
                *nodes,
            ],
            relations=[*home, *relations],
        )
    )
