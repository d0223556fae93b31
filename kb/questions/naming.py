"""Which node a person means by what they typed."""

import re
from collections.abc import Iterator, Sequence
from difflib import get_close_matches

from kb.engines.protocol import Engine
from kb.errors import AmbiguousNodeError, UnknownNodeError, UsageError
from kb.model.ids import expand_short_id, slugify

_LONGEST = 100
"""Ids and names are compared up to this many characters; a loaded name may be of any length."""
_NEAREST = 3
_TAKING = {
    "Agent": "kb ask threats-of {}",
    "Threat": "kb ask shared-threats --threat {}",
    "Mitigation": "kb show {}",
    "Layer": "kb ask agents-at {}",
    "System": "kb show {}",
}
"""Node kind to what answers about it, for those who ask another question of it."""
_ALIKE = 0.6
"""Least similarity, 0–1, of what is suggested."""


def resolve(engine: Engine, text: str, kinds: Sequence[str]) -> tuple[str, str]:
    """Kind and id of the one node of ``kinds`` that ``text`` names.

    ``text`` is an id in full, an id behind its kind (``agent:t2``), a short form (``T2``, ``ASI02``, ``L3``), or the last
    part of a deployed agent's id while that is unambiguous. Raises :class:`~kb.errors.UnknownNodeError` with what comes
    near, or what else it is, or :class:`~kb.errors.AmbiguousNodeError` with the candidates: an id that is not there is never
    an empty answer.
    """
    found = list(dict.fromkeys(_readings(engine, text, kinds)))
    if not found:
        near = _nearest(engine, text, kinds)
        raise UnknownNodeError(" or ".join(kind.lower() for kind in kinds), text, near, _elsewhere(engine, text, kinds))
    if len(found) > 1:
        candidates = [node_id if node_id != text else f"{kind.lower()}:{node_id}" for kind, node_id in found]
        raise AmbiguousNodeError(text, candidates, _described(engine, found, candidates))
    return found[0]


def _described(engine: Engine, found: Sequence[tuple[str, str]], candidates: Sequence[str]) -> str:
    """The kind, name and year of each candidate, as far as there are any: what a short id leaves open."""
    said = []
    for (kind, node_id), candidate in zip(found, candidates, strict=True):
        known = {node.id: node.properties.get("name") for node in engine.nodes(kind, [node_id])}
        year = re.search(r"20\d\d", node_id.partition(":")[0])
        name = f"{known.get(node_id) or kind.lower()}{f' ({year[0]})' if year else ''}"
        said.append(f"{candidate} is {name}")
    return "; ".join(said)


def _elsewhere(engine: Engine, text: str, kinds: Sequence[str]) -> str:
    """What ``text`` would name among other kinds, and which question takes that; all layers where one was asked for."""
    if kinds == ("Layer",):
        return f"the layers are {', '.join(node.id for node in engine.nodes('Layer'))}"
    for kind, question in _TAKING.items():
        found = set() if kind in kinds else set(_readings(engine, text, (kind,)))
        if any(engine.nodes(kind, [node_id]) for _, node_id in found):
            return f"{text} is {'an' if kind == 'Agent' else 'a'} {kind.lower()}: {question.format(text)}"
    return ""


def resolve_member(engine: Engine, text: str, system: str | None) -> str:
    """The id of the agent that ``text`` names; of a member where a ``system`` (its id) is given.

    Raises as :func:`resolve`, and :class:`~kb.errors.UsageError` for an agent that is no member.
    """
    if system is None:
        return resolve(engine, text, ("Agent",))[1]
    members = sorted({relation.source for relation in engine.edges("MEMBER_OF", target=[system])})
    for member in (text, f"{system}/{text}"):
        if member in members:
            return member
    agent = resolve(engine, text, ("Agent",))[1]
    if agent not in members:
        raise UsageError(f"agent {agent!r} is no member of {system!r}", hint=f"its members are {', '.join(members) or 'none'}")
    return agent


def _readings(engine: Engine, text: str, kinds: Sequence[str]) -> Iterator[tuple[str, str]]:
    for kind in kinds:
        plain = text.removeprefix(f"{kind.lower()}:")
        if engine.nodes(kind, [plain]):
            yield kind, plain
        elif kind == "Agent":
            yield from _deployed(engine, plain)
    short = expand_short_id(text)
    for kind in kinds:
        # a form with several readings is refused even where only one of them is loaded
        there = short if len(short) > 1 and kind == "Threat" else [node.id for node in engine.nodes(kind, short)]
        yield from ((kind, node_id) for node_id in there)


def _deployed(engine: Engine, text: str) -> Iterator[tuple[str, str]]:
    """The agents called ``<system>/<text>``."""
    candidates = [f"{system.id}/{text}" for system in engine.nodes("System")]
    yield from (("Agent", node.id) for node in engine.nodes("Agent", candidates))


def _nearest(engine: Engine, text: str, kinds: Sequence[str]) -> tuple[str, ...]:
    """The ids whose id or name looks most like ``text``, the most alike first."""
    known: dict[str, str] = {}
    for kind in kinds:
        for node in engine.nodes(kind):
            names = (node.id, node.id.rpartition("/")[2], node.id.rpartition(":")[2], str(node.properties.get("name") or ""))
            for name in names:
                known.setdefault(name[:_LONGEST].casefold(), node.id)
    known.pop("", None)
    wanted = text[:_LONGEST].casefold()
    starting = sorted(name for name in known if len(wanted) > 1 and name.startswith((wanted, slugify(wanted))))
    near = starting or get_close_matches(wanted, known, _NEAREST, _ALIKE)
    return tuple(dict.fromkeys(known[name] for name in near))[:_NEAREST]
