"""Plans on systems small enough to see what is right."""

import pytest

from generated import system_of
from kb import KnowledgeBase
from kb.catalog import catalog
from kb.engines.registry import open_engine
from kb.errors import UsageError
from kb.questions.plan import plan
from kb.questions.plans.actions import controls
from systems import faces, implements, independent, member, trusts, write_system


@pytest.fixture
def planned(tmp_path):
    """Write relations and plan for them."""

    def written(relations, budget, members=None, **how):
        with open_engine(str(tmp_path / "kb.db"), mode="write") as engine:
            write_system(engine, relations, members=members)
            return plan(engine, budget, **{"fallen": member("a"), "floor": 0.0, "samples": 1024} | how)

    return written


TWO_WAYS = [("a", "b", 1.0), ("a", "c", 1.0), ("b", "d", 1.0), ("c", "d", 1.0)]


def severed(answer):
    return sorted((step["agent"], step["trusted"]) for step in answer["steps"] if step["action"] == "sever")


def pairs(answer):
    return [(pair["agent"], pair["trusted"]) for pair in answer["separation"]]


def test_two_actions_that_help_only_together_are_found(planned):
    one = planned(independent(TWO_WAYS), 1, protect=[member("d")], sever=True)
    assert one["after"]["loss"] > 0.4  # a control at d is all that helps alone
    both = planned(independent(TWO_WAYS), 2, protect=[member("d")])
    assert (both["after"]["loss"], both["bound"], both["optimal"]) == (0.0, 0.0, True)
    assert {step["action"] for step in both["steps"]} == {"sever"}


def test_parallel_relations_are_severed_as_one(planned):
    relations = [*independent([("a", "b", 1.0)]), trusts("b", "a", 1.0, channel="delegation", over="content")]
    answer = planned(relations, 1)
    assert severed(answer) == [(member("b"), member("a"))]
    assert answer["after"] == {"loss": 0.0, "low": 0.0, "high": 0.0}


def test_the_separation_is_a_minimum_cut(planned):
    answer = planned(independent([*TWO_WAYS, ("d", "e", 1.0)]), 0, protect=[member("e")])
    assert pairs(answer) == [(member("e"), member("d"))]
    assert pairs(planned(independent(TWO_WAYS), 0)) == [(member("b"), member("a")), (member("c"), member("a"))]


def test_strangers_at_a_protected_entry_cannot_be_separated(planned):
    answer = planned([faces("a", "llm2025:LLM01", 0.5)], 0, {"a": {"entries": ("text",)}}, fallen="entries")
    assert answer["separation"] is None


def test_a_choice_names_every_control_of_its_reach_and_effectiveness(planned):
    answer = planned(independent([("a", "b", 1.0)]), 1, sever=False)
    (step,) = answer["steps"]
    assert step["control"] is None
    assert len(step["alternatives"]) > 1
    assert step["alternatives"] == sorted(step["alternatives"])
    forms = {catalog().node("Mitigation", one).properties["form"] for one in step["alternatives"]}
    assert forms <= {"technique", "strategy", "step"}


def test_a_control_that_is_in_place_is_not_chosen_again(planned):
    (step,) = planned(independent([("a", "b", 1.0)]), 1, sever=False)["steps"]
    placed = [implements("b", one) for one in step["alternatives"]]
    for later in planned([*independent([("a", "b", 1.0)]), *placed], 1, sever=False)["steps"]:
        assert not set(later["alternatives"]) & set(step["alternatives"])


def test_what_a_control_counters_says_what_the_catalogue_counts_it_against(planned):
    (step,) = planned(independent([("a", "b", 1.0)]), 1, sever=False)["steps"]
    assert {row["threat"] for row in step["counters"]} <= {"llm2025:LLM01", "owasp:T6", "owasp:T12"}
    assert all(row["counted_against"] for row in step["counters"])


def test_criticality_weighs_what_is_lost(planned):
    relations = independent([("a", "b", 1.0), ("a", "c", 1.0)])
    answer = planned(relations, 1, {"b": {"criticality": 0.25}, "c": {"criticality": 0.75}})
    assert answer["before"]["loss"] == 1.0
    assert severed(answer) == [(member("c"), member("a"))]


def test_only_the_protected_count(planned):
    relations = independent([("a", "b", 1.0), ("a", "c", 1.0)])
    answer = planned(relations, 1, protect=[member("b")])
    assert (answer["before"]["loss"], answer["protected"]) == (1.0, [member("b")])
    assert severed(answer) == [(member("b"), member("a"))]


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"budget": -1}, "budget is -1"),
        ({"budget": 1, "protect": [member("a")]}, "cannot be protected"),
        ({"budget": 1, "fallen": "entries"}, "no agent is an entry"),
        ({"budget": 1, "floor": 1.0}, "floor is 1"),
        ({"budget": 1, "samples": 100}, "samples is 100"),
    ],
)
def test_what_cannot_be_planned_says_why(planned, how, said):
    with pytest.raises(UsageError, match=said):
        planned(independent([("a", "b", 1.0)]), **how)


def test_a_generated_system_of_sixty_is_planned_for_with_a_bound(tmp_path):
    (tmp_path / "generated.yaml").write_text(system_of(60), encoding="utf-8")
    with KnowledgeBase.open(tmp_path / "kb.db", mode="write") as base:
        base.load(tmp_path / "generated.yaml", seeds=True)
        answer = base.plan(2, system="generated", samples=1024)
        (first, second) = answer["steps"]
        what_if = {"given": [f"{step['alternatives'][0]}@{step['agent']}" for step in answer["steps"]]}
        after = base.cascade("outside", system="generated", method="monte-carlo", samples=1024, **what_if)
    assert {first["action"], second["action"]} == {"control"}
    assert answer["after"]["loss"] == pytest.approx(after["blast_radius"]["value"], abs=1e-9)
    assert answer["after"]["loss"] < first["loss_after"] < answer["before"]["loss"]
    assert answer["bound"] <= answer["after"]["loss"]
    assert answer["optimal"] == (answer["bound"] == answer["after"]["loss"])


def test_controls_are_such_as_prevent_something_and_an_integrator_can_deploy():
    nodes = [catalog().node("Mitigation", control.id) for control in controls()]
    assert {node.properties["form"] for node in nodes} == {"step", "technique", "sub-technique"}
    assert {node.properties["tactic"] for node in nodes}.isdisjoint({"Restore", "Model"})
    assert all(node.properties.get("pillars") != ("model",) for node in nodes)
    assert all(control.holds > 0 for control in controls())
