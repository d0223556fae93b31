"""The picture of a system: all its agents and what they share, by how far strangers have come when they reach them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from kb.engines.protocol import Engine
from kb.errors import UsageError
from kb.model.graph import Relation
from kb.questions.cascade import FLOOR, cascade
from kb.questions.kernels.chain import best_chains
from kb.questions.kernels.exposure import Expansion, Wanted, build
from kb.questions.kernels.exposure_graph import OUTSIDE, exposure
from kb.questions.kernels.rows import Row
from kb.questions.naming import resolve
from kb.questions.pictures.columns import distances, generations
from kb.questions.pictures.composition import composed
from kb.questions.pictures.fall import threat_lines, trail_to
from kb.questions.pictures.links import links_of_arcs, links_of_relations, wiring
from kb.questions.pictures.picture import Detail, Line, Link, Picture
from kb.questions.pictures.selection import Frame
from kb.questions.pictures.sketch import Said, Sketch, counted, key_of, percent, short
from kb.questions.pictures.wiring import TRUSTERS, trusters, wired_sketch
from kb.questions.watch import Watch

_LONGEST = 60
"""Characters of a name that a sentence takes in; a loaded name may be of any length."""


def picture_system(
    engine: Engine,
    system: str | None = None,
    *,
    floor: float = FLOOR,
    max_hops: int | None = None,
    watch: Watch | None = None,
    command: str = "",
    frame: Frame | None = None,
) -> Picture:
    """The agents of ``system`` (the only one where ``None``), their trust and resources, and whom strangers take along.

    Raises :class:`~kb.errors.UsageError` where no system is named and the base has none, or several.
    """
    home = resolve(engine, system, ("System",))[1] if system else only_system(engine)
    homes = engine.edges("MEMBER_OF", target=[home])
    members = sorted({relation.source for relation in homes})
    answer = cascade(engine, OUTSIDE, system=home, floor=floor, max_hops=max_hops, watch=watch)
    expansion = build(engine, [exposure(OUTSIDE, OUTSIDE)], Wanted(floor, home, max_hops=max_hops))
    links = _links([*wiring(engine, members), *homes], expansion)
    columns, headings = _columns(members, links)
    resources = [spot for spot in columns if ":" in spot]
    trusted_by = trusters(engine, members, resources)
    sketches = _sketches(expansion, answer, columns, trusted_by)
    name = _name(engine, home)
    said = Said(
        "system",
        f"How is {name} wired, and what can strangers reach?",
        _sentence(members, links, answer),
        command,
        headings,
        TRUSTERS,
        answer["complete"],
        answer["truncated_by"],
        tuple(answer["assumptions"]),
    )
    return composed(engine, said, sketches, links, frame or Frame())


def only_system(engine: Engine) -> str:
    """The id of the only system; raises :class:`~kb.errors.UsageError` where there is none, or where one has to be chosen."""
    systems = [node.id for node in engine.nodes("System")]
    if not systems:
        raise UsageError(
            "no system is loaded, so that there is nothing to draw by itself",
            hint="load a kind: system document, or draw an agent: kb map --agent ID",
        )
    if len(systems) > 1:
        commands = "".join(f"\n  kb map --system {one}" for one in systems)
        raise UsageError(f"{len(systems)} systems are loaded; say which one to draw", hint=f"one of{commands}")
    return systems[0]


def _name(engine: Engine, system: str) -> str:
    (node,) = engine.nodes("System", [system])
    name = str(node.properties.get("name") or "")
    return f"{name} ({system})" if name != system and 0 < len(name) <= _LONGEST else system


def _links(relations: Sequence[Relation], expansion: Expansion) -> list[Link]:
    """The wiring, with the best chain of strangers along each link where there is one."""
    crossed = {key_of(link): link.probability for link in links_of_arcs(expansion, best_chains(expansion.graph))}
    return [replace(link, probability=crossed.get(key_of(link))) for link in links_of_relations(relations)]


def _columns(members: Sequence[str], links: Sequence[Link]) -> tuple[dict[str, int], tuple[str, ...]]:
    """Spot to column, and the headings: how far from strangers, else in the order in which compromise can come."""
    spots = {*members, *(end for link in links for end in (link.source, link.target))}
    if OUTSIDE not in spots:
        columns = generations(sorted(spots), links)
        return columns, tuple(f"level {number + 1}" for number in range(max(columns.values(), default=0) + 1))
    columns = distances([OUTSIDE], ((link.source, link.target) for link in links))
    last = max(columns.values())
    headings = ["strangers", *(f"{counted(number, 'step')} in" for number in range(1, last + 1))]
    far = sorted(spots - columns.keys())
    columns |= dict.fromkeys(far, last + 1)
    return columns, (*headings, *(["out of their reach"] if far else []))


def _sketches(
    expansion: Expansion, answer: Row, columns: Mapping[str, int], trusted_by: Mapping[str, set[str]]
) -> list[Sketch]:
    chains = best_chains(expansion.graph)
    rows = {row["agent"]: row for row in answer["reached"]}
    sketches = []
    for spot, column in sorted(columns.items()):
        trail = trail_to(expansion, chains, spot) if spot in rows else None
        lines = _from_strangers(answer, rows.get(spot)) if ":" not in spot and spot != OUTSIDE else []
        details = (Detail("When strangers write", tuple(lines)),) if lines else ()
        sketches.append(wired_sketch(spot, column, trusted_by, "start" if spot == OUTSIDE else "", trail, details))
    return sketches


def _from_strangers(answer: Row, row: Row | None) -> list[Line]:
    if row is None:
        certain = answer["complete"] and answer["reached"]
        return [Line("does not fall" if certain else "falls by no chain above the floor")] if answer["reached"] else []
    ends = "" if row["low"] == row["high"] else f"; 95 %: {row['low']:.4g} to {row['high']:.4g}"
    how = "exact" if answer["samples"] is None else f"{answer['samples']} worlds{ends}"
    return [Line(f"falls with {row['probability']:.4g} ({how})"), *threat_lines(row["threats"])]


def _sentence(members: Sequence[str], links: Sequence[Link], answer: Row) -> str:
    trusts = {(link.target, link.source) for link in links if link.kind == "TRUSTS" and link.source != OUTSIDE}
    entries = {link.target for link in links if link.source == OUTSIDE}
    words = f"{counted(len(members), 'agent')}, {counted(len(trusts), 'relation')} of trust; "
    if not entries:
        return f"{words}no document says that strangers reach one of them"
    reached = answer["reached"]
    if not reached:
        return f"{words}strangers write to {counted(len(entries), 'agent')} and take nobody along"
    whom = f"all {len(reached)}" if len(reached) == len(members) else f"{len(reached)} of them"
    first = f"most likely {short(reached[0]['agent'])}, {percent(reached[0]['probability'])}"
    return f"{words}strangers write to {len(entries)} and can take {whom} along; {first}"
