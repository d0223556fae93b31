"""How strongly agents trust what others send and what lies in a resource, and where that figure comes from."""

from kb.model.graph import Relation
from kb.questions.kernels.exposure_graph import Source
from kb.questions.kernels.tables import tables


def wiring(relation: Relation) -> tuple[str, str, str]:
    """Class, channel and flow of a TRUSTS relation."""
    said = relation.properties
    return str(said.get("over") or "message"), str(said["channel"]), str(said.get("flow") or "forward")


def strength(relation: Relation) -> tuple[float, Source]:
    """How strong a trust is: as its relation says, which may name a preset; else by the preset of its wiring."""
    name, channel, flow = wiring(relation)
    given, presets = relation.properties.get("strength"), tables().presets
    named = str(relation.properties.get("strength_source") or "").removeprefix("preset ").partition(" ")[0]
    preset, source = presets[named if named in presets else tables().flows.get((channel, flow, name), "peer-text")]
    if not isinstance(given, float):
        return preset, source
    return given, source if named in presets else Source("document", _place(relation))


def reading_strength(relation: Relation, channel: str, name: str) -> tuple[float, Source]:
    """How strong an agent's trust in what a resource holds is: as its USES relation says, else by the preset of the channel."""
    given = relation.properties.get("strength")
    if isinstance(given, float):
        return given, Source("document", _place(relation))
    return tables().presets[tables().flows[channel, "backward", name]]


def places(relation: Relation) -> tuple[str, ...]:
    """``path:line`` wherever a relation is said."""
    listed = relation.properties.get("places")
    return listed if isinstance(listed, tuple) else ()


def _place(relation: Relation) -> str:
    """Where a relation is said, as exactly as is known."""
    listed = places(relation)
    return listed[0] if listed else str(relation.assessment)
