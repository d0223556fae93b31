"""The picture of ``kb cascade``: who falls when an agent falls, each as large as it is likely to."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from kb.engines.protocol import Engine
from kb.errors import UsageError
from kb.questions.cascade import FLOOR, asked_for, cascade, followed
from kb.questions.kernels.exposure import Expansion, build
from kb.questions.kernels.exposure_graph import OUTSIDE
from kb.questions.kernels.rows import Row
from kb.questions.kernels.worlds import SAMPLES, Worlds
from kb.questions.pictures.composition import composed
from kb.questions.pictures.fall import PROBABILITY, Fallen, distance_headings, fall, threat_lines
from kb.questions.pictures.picture import Line, Picture
from kb.questions.pictures.selection import Frame
from kb.questions.pictures.sketch import Said, Scene, counted, listed, percent, short
from kb.questions.pictures.steps import after_steps, step_scenes
from kb.questions.plan import plan
from kb.questions.watch import Watch


def picture_cascade(
    engine: Engine,
    agent: str,
    *,
    system: str | None = None,
    floor: float = FLOOR,
    max_hops: int | None = None,
    assume: Sequence[str] = (),
    given: Sequence[str] = (),
    sever: Sequence[str] = (),
    budget: int | None = None,
    controls_only: bool = False,
    command: str = "",
    frame: Frame | None = None,
    **how: Any,
) -> Picture:
    """Who falls when ``agent`` does; all but ``command`` and ``frame`` as :func:`kb.questions.cascade.cascade` takes it.

    What-ifs (``given``, ``sever``) are a second state of the picture. With a ``budget`` there is one after each step of the
    best plan of so many steps, which severs no trust where ``controls_only``.
    """
    if budget is not None and (given or sever or how.get("threat") or assume):
        raise UsageError(
            "a budget goes with none of --given, --sever, --threat and --assume", hint="a plan is for a whole fall"
        )
    common: dict[str, Any] = {"system": system, "floor": floor, "max_hops": max_hops, "assume": assume}
    answer, expansion = _asked_and_followed(engine, agent, {"given": given, "sever": sever}, **common, **how)
    start = answer["start"]["agent"]
    changes = {row["agent"]: row for row in answer["what_if"]["changes"]} if "what_if" in answer else {}
    fallen = _fallen(expansion, answer, changes)
    threats = how.get("threat") or ()
    sketches, links = fall(expansion, start, fallen)
    scenes, planned = _scenes(answer), ""
    if budget is not None and fallen:
        where: dict[str, Any] = {"system": system, "floor": floor, "max_hops": max_hops, "watch": how.get("watch")}
        best = plan(engine, budget, fallen=start, sever=not controls_only, **where)
        scenes, planned = _planned(engine, answer, expansion, best["steps"])
    said = Said(
        "cascade",
        _question(answer, answer["start"]["threats"] if threats else ()),
        _sentence(engine, answer, fallen) + planned,
        command,
        distance_headings(sketches, "strangers" if start == OUTSIDE else "falls first"),
        PROBABILITY,
        answer["complete"],
        answer["truncated_by"],
        tuple(answer["assumptions"]),
    )
    return composed(engine, said, sketches, links, frame or Frame(), scenes)


def _asked_and_followed(
    engine: Engine,
    agent: str,
    what_if: Mapping[str, Any],
    *,
    threat: Sequence[str] = (),
    method: str = "auto",
    samples: int = SAMPLES,
    seed: int = 0,
    watch: Watch | None = None,
    **common: Any,
) -> tuple[Row, Expansion]:
    """The answer of the cascade, and what it follows as it is, without ``what_if``."""
    asked = asked_for(engine, agent, threat, method=method, worlds=Worlds(samples, seed), **common)
    if not any(what_if.values()):
        return followed(engine, replace(asked, watch=watch or Watch()))
    how: dict[str, Any] = {"threat": threat, "method": method, "samples": samples, "seed": seed, "watch": watch}
    return cascade(engine, agent, **what_if, **how, **common), build(engine, asked.starts, asked.wanted)


def _fallen(expansion: Expansion, answer: Row, changes: dict[str, Row]) -> list[Fallen]:
    """Everybody who falls without what-ifs, the likeliest first."""
    rows = {row["agent"]: row for row in answer["reached"]}
    probabilities = {agent: row["before"] for agent, row in changes.items()} if changes else {}
    probabilities = probabilities or {agent: row["probability"] for agent, row in rows.items()}
    found = []
    for agent, probability in sorted(probabilities.items(), key=lambda item: (-item[1], item[0])):
        row = rows.get(agent) if not changes else None
        text = f"falls with {probability:.4g} ({_how(answer, row)})"
        threats = tuple(one["threat"] for one in row["threats"]) if row else _threats(expansion, agent)
        lines = [Line(text), *(_lines(row) if row else ())]
        found.append(Fallen(agent, probability, text, threats, tuple(lines)))
    return found


def _threats(expansion: Expansion, agent: str) -> tuple[str, ...]:
    return tuple(sorted({node[2] for node in expansion.graph.exposures(agent)}))


def _how(answer: Row, row: Row | None) -> str:
    if answer["method"] == "chain":
        return "its likeliest chain, a lower bound"
    if answer["samples"] is None:
        return "exact"
    ends = f"; 95 %: {row['low']:.4g} to {row['high']:.4g}" if row else ""
    return f"{answer['samples']} worlds{ends}"


def _lines(row: Row) -> list[Line]:
    ways = f"{counted(row['further_ways'], 'further way')} in"
    return [Line(f"is harmed with {row['harmed']:.4g}"), Line(ways), *threat_lines(row["threats"])]


def _question(answer: Row, threats: Sequence[str]) -> str:
    to = f" to {listed(threats)}" if threats else ""
    return f"{_asked_of(answer)}{to}, who falls{'' if answer['start']['agent'] == OUTSIDE else ' next'}?"


def _asked_of(answer: Row) -> str:
    """The condition that the cascade starts from."""
    start, within = answer["start"]["agent"], answer["start"]["within"]
    if start != OUTSIDE:
        return f"If {start} falls"
    return f"If strangers write to {' and '.join(within) or 'any entry'}"


def _sentence(engine: Engine, answer: Row, fallen: Sequence[Fallen]) -> str:
    start, within = answer["start"]["agent"], answer["start"]["within"]
    asked = _asked_of(answer)
    asked += f", within {counted(answer['max_hops'], 'hop')}" if answer["max_hops"] else ""
    if not fallen:
        why = "nobody falls" if start == OUTSIDE else "nobody falls with it"
        return f"{asked}: {why}{' by a chain above the floor' if not answer['complete'] else ''}"
    members = {r.source for r in engine.edges("MEMBER_OF", target=within)} if within else set()
    others = (members | {one.agent for one in fallen}) - {start}
    safe = sorted(others - {one.agent for one in fallen})
    words = f"{asked}: {_how_many(len(fallen), len(others), 'agent' if start == OUTSIDE else 'other agent')} can fall; "
    words += f"{'most likely ' if len(fallen) > 1 else ''}{short(fallen[0].agent)}, {percent(fallen[0].probability)}"
    stays = f"; {listed(map(short, safe))} {'does' if len(safe) == 1 else 'do'} not" if safe else ""
    return words + stays + _what_if(answer)


def _how_many(fallen: int, others: int, noun: str) -> str:
    if fallen < others:
        return f"{fallen} of {counted(others, noun)}"
    every = {1: "the only", 2: "both"}.get(others, f"all {others}")
    return f"{every} {noun if others == 1 else f'{noun}s'}"


def _what_if(answer: Row) -> str:
    if "what_if" not in answer:
        return ""
    moved = [row for row in answer["what_if"]["changes"] if row["before"] != row["after"]]
    if not moved:
        return f". {_asked(answer)}: nothing changes"
    most = max(moved, key=lambda row: (row["before"] - row["after"], row["agent"]))
    return f". {_asked(answer)}: {short(most['agent'])} {percent(most['before'])} → {percent(most['after'])}"


def _asked(answer: Row) -> str:
    what_if = answer["what_if"]
    words = [*(f"with {one}" for one in what_if["given"]), *(f"without {one}" for one in what_if["severed"])]
    return ", ".join(words).replace("w", "W", 1)


def _planned(engine: Engine, answer: Row, expansion: Expansion, steps: Sequence[Row]) -> tuple[list[Scene], str]:
    """A state after each step, worked out as the cascade is, and what all of them do."""
    worlds = Worlds(answer["samples"] or SAMPLES, answer["seed"] or 0)
    before = answer["blast_radius"]["value"]
    starts, measure = expansion.graph.starts, "Blast radius"
    try:
        done = after_steps(engine, starts, expansion.wanted, steps, answer["method"], worlds)
    except UsageError:  # with a control more there may be too many states for the exact method
        done = after_steps(engine, starts, expansion.wanted, steps, "monte-carlo", worlds)
        measure = f"Blast radius, after it in {worlds.samples} worlds,"
    blasts = [one.falling.blast for one in done]
    now = {row["agent"]: row["probability"] for row in answer["reached"]}
    if not done:
        return [], ". No step that was considered lowers the blast radius"
    first = answer["reached"][0]["agent"]
    best = "the best step" if len(done) == 1 else f"the best {len(done)} steps"
    moved = f"{short(first)} {percent(now[first])} → {percent(done[-1].falling.agents.get(first, 0.0))}"
    sentence = f". With {best}: {moved}, and {percent(1 - blasts[-1] / before)} less is lost" if before else ""
    return step_scenes(now, done, measure, before, blasts), sentence


def _scenes(answer: Row) -> list[Scene]:
    if "what_if" not in answer:
        return []
    what_if = answer["what_if"]
    before, after = what_if["blast_radius_before"], answer["blast_radius"]["value"]
    placed: dict[str, tuple[str, ...]] = {}
    for one in what_if["given"]:
        control, _, agent = one.partition("@")
        placed[agent] = (*placed.get(agent, ()), control)
    severed = frozenset((truster, trusted) for truster, _, trusted in (one.partition(":") for one in what_if["severed"]))
    sizes = {
        row["agent"]: (row["after"], f"falls with {row['after']:.4g} ({_how(answer, None)})") for row in what_if["changes"]
    }
    return [
        Scene("as it is", f"Blast radius {before:.4g}"),
        Scene(_asked(answer), f"Blast radius {before:.4g} → {after:.4g}", sizes, severed, placed),
    ]
