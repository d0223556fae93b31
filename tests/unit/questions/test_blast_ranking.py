"""Rankings of systems small enough to see what is right."""

from kb.engines.registry import open_engine
from kb.questions import ANALYSES
from systems import faces, independent, member, trusts, write_system


def ranked(path, relations, members):
    with open_engine(str(path / "kb.db"), mode="write") as engine:
        write_system(engine, relations, members=members)
        return ANALYSES["blast_ranking"](engine, system="v")


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
    assert (answer.complete, answer.remarks, answer.params) == (True, (), {"system": "v", "method": "auto"})


def test_where_nothing_can_start_figures_are_absent_and_not_zero(tmp_path):
    answer = ranked(tmp_path, independent([("a", "b", 0.5)]), {"c": {}})
    assert answer.rows == (row("a", 0.5, None), row("b", 0.0, None), row("c", None, None))
    assert answer.remarks == (
        "strangers reach nobody: no member is an entry that can fall",
        f"{member('c')} faces no threat, so that nothing can start there",
    )


def test_what_a_floor_cuts_is_said(tmp_path):
    answer = ranked(tmp_path, independent([("a", "b", 0.5), ("b", "c", 0.001)]), {})
    assert (answer.complete, answer.truncated_by) == (False, "floor 0.001: in 1 of 3 cascades")
    assert answer.rows[0] == row("a", 0.5, None)
