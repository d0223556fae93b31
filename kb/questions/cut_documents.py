"""Documents in force that end before their text does: what they never reached is absent, which is no "no"."""

from collections.abc import Collection, Iterable, Sequence

from kb.engines.protocol import Engine
from kb.model.graph import Node


def cut_documents(engine: Engine, system: str | None = None) -> list[Node]:
    """The documents in force that are cut; with ``system`` (its id) those about its members and their products."""
    if system is None:
        return _cut(engine.nodes("Assessment"))
    members = {relation.source for relation in engine.edges("MEMBER_OF", target=[system])}
    return documents_cut_of(engine, members)


def documents_cut_of(engine: Engine, agents: Collection[str]) -> list[Node]:
    """The documents in force about ``agents`` (full ids) and the products that they are based on, as far as they are cut."""
    products = {relation.target for relation in engine.edges("BASED_ON", source=sorted(agents))}
    about = engine.edges("ABOUT", target=sorted({*agents, *products}))
    return _cut(engine.nodes("Assessment", {relation.source for relation in about if relation.end_kind == "Agent"}))


def cut_short(documents: Sequence[Node]) -> list[str]:
    """The remark that ``documents`` are cut; none where there are none."""
    if not documents:
        return []
    if len(documents) == 1:
        return ["1 document is cut before its end; layers that it never reached are absent"]
    return [f"{len(documents)} documents are cut before their end; layers that they never reached are absent"]


def _cut(documents: Iterable[Node]) -> list[Node]:
    return [node for node in documents if node.properties.get("cut") and node.properties.get("in_force") is not False]
