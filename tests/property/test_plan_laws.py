"""What is always true of plans."""

from contextlib import contextmanager
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from kb.engines.registry import open_engine
from kb.questions.cascade import cascade
from kb.questions.kernels.exact import Budget
from kb.questions.kernels.exposure import Wanted, build
from kb.questions.kernels.exposure_graph import exposure
from kb.questions.kernels.worlds import Worlds
from kb.questions.plan import plan
from kb.questions.plans.actions import actions, weights
from kb.questions.plans.exact import STATES, ExactLosses
from kb.questions.plans.search import search
from kb.questions.plans.worlds import FixedWorlds
from kb.questions.watch import Watch
from systems import faces, implements, member, trusts, write_system

THREATS = ("owasp:T12", "owasp:T6", "llm2025:LLM01", "owasp:T2", "owasp:T1")
SAMPLES = 256
NAMES = "abcde"


@st.composite
def systems(draw):
    some = st.sampled_from((0.25, 0.5, 0.75, 1.0))
    names = NAMES[: draw(st.integers(2, 5))]
    exposed = draw(st.sets(st.tuples(st.sampled_from(names), st.sampled_from(THREATS)), min_size=3, max_size=9))
    wired = draw(
        st.sets(
            st.tuples(st.sampled_from(names), st.sampled_from(names), st.sampled_from(("message", "call", "content"))),
            min_size=2,
            max_size=7,
        )
    )
    exposed |= {("a", "owasp:T12")}
    relations = [faces(name, threat, draw(some)) for name, threat in sorted(exposed)]
    return relations + [
        trusts(one, other, draw(some), over=over, channel="delegation") for one, other, over in sorted(wired) if one != other
    ]


@contextmanager
def written(relations):
    with TemporaryDirectory() as folder, open_engine(str(Path(folder) / "kb.db"), mode="write") as engine:
        write_system(engine, relations)
        yield engine


def planned_for(engine):
    start = [exposure(r.source, r.target) for r in engine.edges("FACES", source=[member("a")])]
    expansion = build(engine, start, Wanted(0.0))
    counting = weights(expansion, (agent for agent in expansion.graph.agents() if agent != member("a")))
    return expansion.graph, actions(expansion, counting), counting


def fixed(engine):
    return FixedWorlds(*planned_for(engine), Worlds(SAMPLES))


def exact(engine):
    graph, chosen, counting = planned_for(engine)
    return ExactLosses(graph, chosen, counting, Budget(STATES))


def least(worlds, budget):
    """The least loss that any set of at most ``budget`` actions leaves, by trying them all."""
    return min(
        worlds.loss(frozenset(chosen)).loss
        for size in range(budget + 1)
        for chosen in combinations(range(len(worlds.actions)), size)
    )


def what_if(answer):
    steps = answer["steps"]
    return {
        "given": [f"{step['alternatives'][0]}@{step['agent']}" for step in steps if step["action"] == "control"],
        "sever": [f"{step['agent']}:{step['trusted']}" for step in steps if step["action"] == "sever"],
    }


def planned(engine, budget, **how):
    asked = {"fallen": member("a"), "floor": 0.0, "samples": SAMPLES, "method": "monte-carlo"}
    return plan(engine, budget, **asked | how)


@settings(max_examples=40, deadline=None)
@given(systems(), st.integers(1, 2))
def test_no_set_of_actions_leaves_less_than_an_optimal_plan(relations, budget):
    with written(relations) as engine:
        worlds = fixed(engine)
        found = search(worlds, budget)
        assert found.optimal
        assert found.bound == found.losses[-1].loss == pytest.approx(least(worlds, budget), abs=1e-9)


@settings(max_examples=20, deadline=None)
@given(systems(), st.integers(1, 2), st.sampled_from((0, 200, 2000, None)))
def test_an_exact_plan_is_the_best_of_all_or_its_bound_is_not_violated(relations, budget, work):
    with written(relations) as engine:
        losses = exact(engine)
        assume(len(losses.actions) <= 12)
        found = search(losses, budget) if work is None else search(losses, budget, certain=0, work=work)
        best = least(losses, budget)
        assert found.bound <= best + 1e-9
        assert found.losses[-1].loss >= best - 1e-9
        assert not found.optimal or found.losses[-1].loss == pytest.approx(best, abs=1e-9)
        assert found.optimal or work is not None


@settings(max_examples=20, deadline=None)
@given(systems())
def test_what_an_exact_plan_leaves_is_what_the_exact_cascade_leaves(relations):
    with written(relations) as engine:
        answer = planned(engine, 2, method="exact")
        after = cascade(engine, member("a"), floor=0.0, method="exact", **what_if(answer))
        assert answer["after"]["low"] == answer["after"]["loss"] == answer["after"]["high"]
        assert answer["after"]["loss"] == pytest.approx(after["blast_radius"]["value"], abs=1e-9)


@settings(max_examples=30, deadline=None)
@given(systems(), st.data())
def test_actions_together_save_no_more_than_the_most_that_each_could(relations, data):
    with written(relations) as engine:
        worlds = fixed(engine)
        some = (
            st.frozensets(st.sampled_from(range(len(worlds.actions))), max_size=3) if worlds.actions else st.just(frozenset())
        )
        before, more = data.draw(some), data.draw(some)
        most = worlds.most_saved(before)
        saved = sum(most.get(action, 0.0) for action in more - before)
        assert worlds.loss(before | more).loss >= worlds.loss(before).loss - saved - 1e-9


@settings(max_examples=40, deadline=None)
@given(systems(), st.integers(1, 2), st.sampled_from((0, 30, 300, 1000)))
def test_the_bound_of_a_search_that_gave_up_is_never_violated(relations, budget, work):
    with written(relations) as engine:
        worlds = fixed(engine)
        found = search(worlds, budget, certain=0, work=work)
        best = least(worlds, budget)
        assert found.bound <= best + 1e-9
        assert found.losses[-1].loss >= best - 1e-9
        assert not found.optimal or found.losses[-1].loss <= best + 1e-9


@settings(max_examples=25, deadline=None)
@given(systems(), st.integers(1, 3), st.integers(1, 3))
def test_the_bound_of_a_search_that_is_stopped_is_never_violated(relations, budget, after):
    with written(relations) as engine:
        worlds, watch = fixed(engine), Watch()
        watch.heard = lambda done, total, what: setattr(watch, "stopped", done >= after)
        found = search(worlds, budget, watch=watch)
        best = least(worlds, budget)
        assert found.bound <= best + 1e-9
        assert found.losses[-1].loss >= best - 1e-9
        assert not found.optimal or found.losses[-1].loss <= best + 1e-9


@settings(max_examples=25, deadline=None)
@given(systems(), st.sampled_from((0, 300, 100_000)))
def test_a_larger_budget_is_never_worse(relations, work):
    with written(relations) as engine:
        worlds = fixed(engine)
        left = [search(worlds, budget, certain=0, work=work).losses[-1].loss for budget in range(4)]
        assert left == sorted(left, reverse=True)


@settings(max_examples=25, deadline=None)
@given(systems())
def test_each_step_lowers_the_loss_or_leaves_it(relations):
    with written(relations) as engine:
        answer = planned(engine, 3)
        losses = [answer["before"]["loss"], *(step["loss_after"] for step in answer["steps"])]
        assert losses == sorted(losses, reverse=True)
        assert losses[-1] == answer["after"]["loss"]


@settings(max_examples=25, deadline=None)
@given(systems())
def test_what_a_plan_leaves_is_what_the_cascade_leaves_in_the_same_worlds(relations):
    with written(relations) as engine:
        answer = planned(engine, 3)
        after = cascade(engine, member("a"), floor=0.0, method="monte-carlo", samples=SAMPLES, **what_if(answer))
        assert answer["after"]["loss"] == pytest.approx(after["blast_radius"]["value"], abs=1e-12)


@settings(max_examples=15, deadline=None)
@given(systems())
def test_a_budget_of_nothing_changes_nothing(relations):
    with written(relations) as engine:
        answer = planned(engine, 0)
        assert (answer["steps"], answer["after"], answer["optimal"]) == ([], answer["before"], True)
        assert answer["bound"] == answer["before"]["loss"]


@settings(max_examples=20, deadline=None)
@given(systems(), st.sampled_from(("owasp:P1.1", "aidefend:AID-H-002")), st.sampled_from("bcde"))
def test_a_control_in_place_never_raises_what_is_lost(relations, control, name):
    with written(relations) as engine:
        before = planned(engine, 0)["before"]["loss"]
    with written([*relations, implements(name, control)]) as engine:
        assert planned(engine, 0)["before"]["loss"] <= before


@settings(max_examples=15, deadline=None)
@given(systems())
def test_without_severing_a_plan_is_no_better(relations):
    with written(relations) as engine:
        answer = planned(engine, 2, sever=False)
        assert {step["action"] for step in answer["steps"]} <= {"control"}
        assert answer["after"]["loss"] >= planned(engine, 2)["after"]["loss"]
