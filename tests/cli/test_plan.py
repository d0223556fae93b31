"""``kb plan`` as a person uses it."""

import json

import pytest

SYSTEM = """\
kind: system
id: till
agents:
  - {id: browser, entry: [text], scores: {autonomy_of_action: 0.8, non_determinism: 1, contextual_awareness: 0.6}}
  - {id: planner, implements: [owasp:P1.1], faces: [{threat: owasp:T12, susceptibility: 0.5}]}
  - {id: payments, criticality: 0.8, faces: [{threat: owasp:T2, susceptibility: 0.25}]}
integrations:
  - {from: planner, to: browser, channel: delegation, forward: 0.5, backward: 0.8}
  - {from: planner, to: payments, channel: delegation, forward: 0.5, backward: 0}
"""


@pytest.fixture
def till(kb):
    (kb.folder / "till.yaml").write_text(SYSTEM, encoding="utf-8")
    assert kb("load", "till.yaml").code == 0
    return kb


def test_a_plan_is_a_page_with_its_bound(till, snapshot):
    done = till("plan", "--budget", "2")
    assert done.code == 0
    snapshot("plan", done.out)


def test_a_plan_is_json_with_what_every_answer_has(till):
    answer = json.loads(till("plan", "--budget", "2", "--samples", "1024", "--seed", "7", "-f", "json").out)
    assert list(answer) == [
        *("budget", "from", "protected", "before", "after", "bound", "optimal", "steps", "separation", "considered"),
        *("method", "samples", "seed", "max_hops", "complete", "truncated_by", "assumptions", "base", "schema_version"),
    ]
    assert (answer["budget"], answer["from"], answer["optimal"]) == (2, "outside", True)
    assert (answer["method"], answer["samples"], answer["seed"]) == ("exact", None, None)
    assert answer["before"]["low"] == answer["before"]["loss"] == answer["before"]["high"]


def test_worlds_and_seed_are_said(till):
    words = ("--method", "monte-carlo", "--samples", "1024", "--seed", "7")
    answer = json.loads(till("plan", "--budget", "1", *words, "-f", "json").out)
    assert (answer["method"], answer["samples"], answer["seed"]) == ("monte-carlo", 1024, 7)
    assert answer["before"]["low"] < answer["before"]["loss"] < answer["before"]["high"]
    assert "none of the 6 actions considered leaves less in these 1024 worlds" in till("plan", "--budget", "1", *words).out
    assert [list(step) for step in answer["steps"]] == [
        ["action", "control", "agent", "trusted", "alternatives", "effectiveness", "counters", "loss_after"]
    ] * len(answer["steps"])
    assert answer["bound"] == answer["after"]["loss"] == answer["steps"][-1]["loss_after"]
    assert answer["separation"] is None


def test_a_plan_is_csv_with_a_row_for_each_step(till):
    lines = till("plan", "--from", "browser", "--protect", "payments", "--budget", "1", "-f", "csv", "-q").out.splitlines()
    assert lines == [
        "step,action,control,agent,trusted,effectiveness,loss_after,alternatives",
        "1,sever,,till/payments,till/planner,,0.0,",
    ]


def test_the_fewest_relations_that_separate_are_named(till):
    answer = json.loads(till("plan", "--budget", "0", "--protect", "payments", "-f", "json").out)
    assert (answer["steps"], answer["before"]) == ([], answer["after"])
    assert len(answer["separation"]) == 1


def test_the_same_question_gives_the_same_bytes(till):
    assert till("plan", "-f", "json").out == till("plan", "-f", "json").out


def test_controls_only_leaves_trust_as_it_is(till):
    answer = json.loads(till("plan", "--budget", "9", "--controls-only", "-f", "json").out)
    assert {step["action"] for step in answer["steps"]} == {"control"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--budget", "-1"], "budget is -1"),
        (["--protect", "nobody"], "no agent 'nobody'"),
        (["--from", "browser", "--protect", "browser"], "'till/browser' is where it starts"),
        (["--samples", "100"], "samples is 100"),
        (["--floor", "2"], "floor is 2"),
        (["--system", "shop"], "no system 'shop'"),
    ],
)
def test_what_cannot_be_planned_says_why(till, words, said):
    done = till("plan", *words)
    assert (done.code, done.out) == (2, "")
    assert said in done.err


def test_a_store_that_is_not_there_gives_no_plan(kb):
    assert kb("plan").code == 4


def test_losses_by_short_ways_alone_are_said_to_be_so(till):
    answer = json.loads(till("plan", "--budget", "0", "--max-hops", "1", "-f", "json").out)
    assert (answer["max_hops"], answer["before"]["loss"] < 0.5) == (1, True)
    assert till("plan", "--budget", "0", "--max-hops", "1").out.splitlines()[0].endswith("  exact, at most 1 hop")
