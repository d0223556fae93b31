"""Wiring that is wrong, or far larger than usual: clear errors, and work that grows with what is reached."""

import pytest

from kb.engines.registry import open_engine
from kb.errors import UsageError
from kb.questions.cascade import cascade
from kb.questions.kernels.exposure import Wanted, build
from kb.questions.kernels.exposure_graph import exposure
from oracle.wirings import uses
from systems import faces, member, trusts, write_system

SPOKES = 20_000
T12 = "owasp:T12"


@pytest.fixture
def written(tmp_path):
    """An engine with ``relations`` of one system, open until the test ends."""
    opened = []

    def write(relations):
        engine = open_engine(str(tmp_path / f"{len(opened)}.db"), mode="write")
        opened.append(engine)
        write_system(engine, relations)
        return engine

    yield write
    for engine in opened:
        engine.close()


def hub(weak):
    """A hub that 100 agents trust much and ``weak`` ones hardly, and that trusts them all."""
    names = [f"s{number}" for number in range(weak + 100)]
    strengths = [0.5] * 100 + [0.0005] * weak
    yield from (faces(name, T12, 1.0) for name in ("hub", *names))
    yield from (trusts(name, "hub", p) for name, p in zip(names, strengths, strict=True))
    yield from (trusts("hub", name, 0.25, flow="backward") for name in names)


def test_of_a_hub_only_those_above_the_floor_are_followed(written):
    engine = written(hub(SPOKES - 100))
    answer = cascade(engine, member("hub"), method="chain")
    assert {row["probability"] for row in answer["reached"]} == {0.5}
    assert (len(answer["reached"]), answer["complete"]) == (100, False)
    assert answer["truncated_by"].startswith("floor 0.001: ")
    back = cascade(engine, member(f"s{SPOKES - 1}"), method="chain")
    assert (back["reached"][0]["agent"], back["reached"][0]["probability"]) == (member("hub"), 0.25)
    assert (len(back["reached"]), back["complete"]) == (101, False)


def test_of_all_that_was_not_followed_nobody_is_read(written):
    engine = written(hub(SPOKES - 100))
    assert len(build(engine, [exposure(member("hub"), T12)], Wanted()).members) == 101


@pytest.mark.parametrize("accesses", [("read", "write"), ("call", "call"), ("read", "call")])
def test_readers_and_writers_of_a_resource_are_never_written_out_pair_by_pair(written, accesses):
    """A tool with a thousand readers and a thousand writers has arcs by the thousand, not by the million."""

    def arcs(users):
        relations = [faces("r0", "owasp:T2", 1.0), faces("w0", "owasp:T2", 1.0)]
        for number in range(users):
            relations += [faces(f"r{number}", "llm2025:LLM01", 1.0), uses(f"r{number}", "mcp:desk", accesses[0])]
            relations += [uses(f"w{number}", "mcp:desk", accesses[1])]
        return len(build(written(relations), [exposure(member("w0"), "owasp:T2")], Wanted(0.0)).graph.arcs)

    few, twice, many = arcs(100), arcs(200), arcs(1000)
    assert many == few + 9 * (twice - few)
    assert many < 20_000


def test_who_faces_nothing_starts_nothing_and_can_be_assumed_to(written):
    engine = written([faces("b", T12, 1.0), trusts("b", "a", 0.5)])
    with pytest.raises(UsageError) as refused:
        cascade(engine, member("a"))
    assert (str(refused.value), refused.value.hint) == (
        "'v/a' faces no threat, so that nothing can start there",
        "take it to: --assume ID, e.g. T12",
    )
    answer = cascade(engine, member("a"), assume=["T12"], method="exact")
    assert [(row["agent"], row["probability"]) for row in answer["reached"]] == [(member("b"), 0.5)]


def test_a_start_that_is_not_faced_is_refused_and_can_be_assumed(written):
    engine = written([faces("a", "owasp:T3", 1.0), faces("b", T12, 1.0), trusts("b", "a", 0.5)])
    with pytest.raises(UsageError) as refused:
        cascade(engine, member("a"), threat=["T12"])
    assert (str(refused.value), refused.value.hint) == (
        "'v/a' does not face 'owasp:T12'",
        "take it to: --assume owasp:T12",
    )
    answer = cascade(engine, member("a"), threat=["T12"], assume=["T12"], method="exact")
    assert (answer["start"]["threats"], len(answer["reached"])) == ([T12], 1)
