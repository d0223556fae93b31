"""What pictures of the wiring share: how many agents trust a spot, and the sketches of agents, resources and strangers."""

from collections.abc import Iterable, Mapping

from kb.engines.protocol import Engine
from kb.questions.kernels.exposure_graph import OUTSIDE
from kb.questions.pictures.picture import Detail
from kb.questions.pictures.sketch import Sketch, Trail, counted

TRUSTERS = "how many agents trust it"


def trusters(engine: Engine, agents: Iterable[str], resources: Iterable[str]) -> dict[str, set[str]]:
    """Agent, or resource, to those who act on what it says or holds, in the whole base."""
    found: dict[str, set[str]] = {}
    for relation in engine.expand(sorted(set(agents)), ["TRUSTS"], "in"):
        found.setdefault(relation.target, set()).add(relation.source)
    for relation in engine.expand(sorted(set(resources)), ["USES"], "in"):
        if relation.properties["access"] != "write":
            found.setdefault(relation.target, set()).add(relation.source)
    return found


def wired_sketch(
    spot: str,
    column: int,
    trusted_by: Mapping[str, set[str]],
    role: str = "",
    trail: Trail | None = None,
    details: tuple[Detail, ...] = (),
) -> Sketch:
    """An agent, a resource or strangers, as large as many agents trust it; of a product that is not known by itself."""
    if spot == OUTSIDE:
        return Sketch(OUTSIDE, OUTSIDE, column, role, None, "strangers write what they want", float("inf"), details=details)
    if "/" not in spot and ":" not in spot:
        return Sketch(spot, "Agent", column, role, None, "a product, trusted where it is deployed", details=details)
    number = len(trusted_by.get(spot, ()))
    resource = ":" in spot
    text = f"{counted(number, 'agent')} {'acts' if number == 1 else 'act'} on what {'it holds' if resource else 'it says'}"
    kind = "Resource" if resource else "Agent"
    return Sketch(spot, kind, column, role, float(number), text, float(number), trail, details=details)
