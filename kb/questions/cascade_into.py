"""``cascade --into``: which agents take one along, each of them fallen alone."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from kb.engines.protocol import Engine
from kb.errors import FacesNothingError, UsageError
from kb.questions.cascade import FLOOR, asked_for, deployed, followed
from kb.questions.kernels.exposure import Expansion
from kb.questions.kernels.rows import Row
from kb.questions.kernels.said import Grounds
from kb.questions.kernels.worlds import SAMPLES, Worlds
from kb.questions.naming import resolve
from kb.questions.watch import Watch

_WHOLLY = "each start in turn is wholly taken: every threat that it faces is there from the start"


def cascade_into(
    engine: Engine,
    agent: str,
    *,
    system: str | None = None,
    floor: float = FLOOR,
    method: str = "auto",
    samples: int = SAMPLES,
    seed: int = 0,
    max_hops: int | None = None,
    watch: Watch | None = None,
) -> Row:
    """How likely each other agent of the system, fallen alone, takes ``agent`` along; the rest as for a cascade."""
    hit, worlds, watch = deployed(engine, agent, system), Worlds(samples, seed), watch or Watch()
    chosen = system and resolve(engine, system, ("System",))[1]
    homes = [chosen] if chosen else sorted({relation.target for relation in engine.edges("MEMBER_OF", source=[hit])})
    others = sorted({relation.source for relation in engine.edges("MEMBER_OF", target=homes)} - {hit})
    rows: list[Row] = []
    answers: list[Row] = []
    grounds = Grounds()
    for other, answer, expansion in _each_fallen(engine, others, system, floor, method, worlds, max_hops, watch):
        answers.append(answer)
        grounds.add(expansion)
        rows += [{**row, "agent": other} for row in answer["reached"] if row["agent"] == hit]
    if not answers:
        raise UsageError(f"no other agent of {', '.join(homes) or 'any system'} faces a threat", hint="nothing can start there")
    methods = {answer["method"] for answer in answers}
    sampled = next((answer for answer in answers if answer["samples"]), answers[0])
    cut = _cut(answers, len(others), floor, samples, watch)
    return {
        "into": {"agent": hit, "within": homes},
        "method": answers[0]["method"] if len(methods) == 1 else "mixed",
        "samples": sampled["samples"],
        "seed": sampled["seed"],
        "max_hops": max_hops,
        "starts": sorted(rows, key=lambda row: (-row["probability"], row["agent"])),
        "complete": not cut,
        "truncated_by": "; ".join(cut) or None,
        "assumptions": [_WHOLLY, *grounds.said("chain" if methods == {"chain"} else "")],
        "base": answers[0]["base"],
        "schema_version": answers[0]["schema_version"],
    }


def _each_fallen(
    engine: Engine,
    agents: Sequence[str],
    system: str | None,
    floor: float,
    method: str,
    worlds: Worlds,
    max_hops: int | None,
    watch: Watch,
) -> Iterator[tuple[str, Row, Expansion]]:
    """Each of ``agents`` that faces something with the cascade from it and what that rests on, until ``watch`` is stopped.

    The cascade that was under way then is left out, unless it is the first.
    """
    with watch.heeding():
        for done, agent in enumerate(agents, 1):
            try:
                asked = asked_for(engine, agent, (), system, floor, method, worlds, (), max_hops)
            except FacesNothingError:
                continue
            answer, expansion = followed(engine, replace(asked, watch=watch))
            if watch.stopped and done > 1 and (answer["samples"] or worlds.samples) < worlds.samples:
                break
            yield agent, answer, expansion
            watch.tell(done, len(agents), "cascades")
            if watch.stopped:
                break


def _cut(answers: Sequence[Row], starts: int, floor: float, samples: int, watch: Watch) -> list[str]:
    floored = sum("floor" in (answer["truncated_by"] or "") for answer in answers)
    cut = [f"floor {floor:g}, from {floored} of the starts"] if floored else []
    whole = sum((answer["samples"] or samples) == samples for answer in answers)
    return cut + ([f"interrupted after {whole} of {starts} starts"] if watch.stopped else [])
