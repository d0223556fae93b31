"""Rankings of systems small enough to see what is right."""

import pytest

from kb.engines.registry import open_engine
from kb.questions import ANALYSES
from kb.questions.cascade import cascade
from kb.questions.watch import Watch
from systems import faces, independent, member, trusts, write_system


def ranked(path, relations, members, **how):
    with open_engine(str(path / "kb.db"), mode="write") as engine:
        write_system(engine, relations, members=members)
        return ANALYSES["blast_ranking"](engine, system="v", **how)


def row(agent, radius, exposure):
    return {
        "agent": member(agent),
        "name": None,
        **dict.fromkeys(("blast_radius", "low", "high"), radius),
        **dict.fromkeys(("exposure", "exposure_low", "exposure_high"), exposure),
    }


def test_agents_come_by_what_falls_with_them_weighed_by_criticality(tmp_path):
    relations = [
        *(faces(name, threat, 1.0) for name in "abc" for threat in ("llm2025:LLM01", "owasp:T12")),
        trusts("b", "a", 0.5),
        trusts("c", "b", 0.5),
    ]
    answer = ranked(tmp_path, relations, {"b": {"entries": ("text",)}, "c": {"criticality": 0.25}})
    assert answer.rows == (row("a", 0.5 + 0.25 * 0.25, 0.0), row("b", 0.125, 0.51), row("c", 0.0, 0.255))
    assert (answer.complete, answer.remarks) == (True, ())
    assert answer.params == {"system": "v", "method": "exact", "samples": None, "seed": None}


def test_where_nothing_can_start_figures_are_absent_and_not_zero(tmp_path):
    answer = ranked(tmp_path, independent([("a", "b", 0.5)]), {"c": {}})
    assert answer.rows == (row("a", 0.5, None), row("b", 0.0, None), row("c", None, None))
    assert answer.remarks == (
        "strangers reach nobody: no member is an entry that can fall",
        f"{member('c')} faces no threat, so that nothing can start there",
    )


def test_no_way_is_too_unlikely_to_be_followed(tmp_path):
    answer = ranked(tmp_path, independent([("a", "b", 0.5), ("b", "c", 0.001)]), {})
    assert (answer.complete, answer.rows[0]) == (True, row("a", 0.5005, None))


EDGES = [("a", "b", 0.5), ("b", "c", 0.75), ("c", "a", 0.25), ("d", "b", 0.5)]


def test_in_sampled_worlds_figures_are_those_of_the_cascade_without_a_floor(tmp_path):
    answer = ranked(tmp_path, independent(EDGES), {"c": {"criticality": 0.5}}, method="monte-carlo", samples=1024)
    assert answer.params == {"system": "v", "method": "monte-carlo", "samples": 1024, "seed": 0}
    with open_engine(str(tmp_path / "kb.db"), mode="read") as engine:
        for found in answer.rows:
            one = cascade(engine, found["agent"], floor=0.0, method="monte-carlo", samples=1024)["blast_radius"]
            assert [found[name] for name in ("blast_radius", "low", "high")] == pytest.approx(list(one.values()), abs=1e-12)


def test_chains_alone_give_no_upper_end(tmp_path):
    rows = ranked(tmp_path, independent(EDGES), {}, method="chain").rows
    assert {found["agent"]: (found["blast_radius"], found["high"]) for found in rows} == {
        member("a"): (0.5 + 0.5 * 0.75, None),
        member("b"): (0.75 + 0.75 * 0.25, None),
        member("c"): (0.25 + 0.25 * 0.5, None),
        member("d"): (0.5 + 0.5 * 0.75 + 0.5 * 0.75 * 0.25, None),
    }


def test_agents_that_nobody_waited_for_are_left_out(tmp_path):
    watch = Watch(lambda *_: setattr(watch, "stopped", True))
    answer = ranked(tmp_path, independent(EDGES), {}, watch=watch)
    assert [found["agent"] for found in answer.rows] == [member("a")]
    assert (answer.complete, answer.truncated_by) == (False, "interrupted after 1 of 4 agents")
