"""``kb cascade``: who falls next, as a page, as JSON and as CSV, and what it refuses."""

import json

import pytest

SYSTEM = """\
kind: system
id: till
agents:
  - {id: browser, entry: [text], scores: {autonomy_of_action: 0.8, non_determinism: 1, contextual_awareness: 0.6}}
  - {id: planner, implements: [owasp:P1.1], faces: [{threat: owasp:T12, susceptibility: 0.5}]}
  - {id: payments, criticality: 0.8, faces: [{threat: owasp:T2, susceptibility: 0.25}]}
  - {id: clock, faces: []}
integrations:
  - {from: planner, to: browser, channel: delegation, forward: 0.5, backward: 0.8}
  - {from: planner, to: payments, channel: delegation, forward: 0.5, backward: 0}
"""


@pytest.fixture
def till(kb):
    (kb.folder / "till.yaml").write_text(SYSTEM, encoding="utf-8")
    assert kb("load", "till.yaml").code == 0
    return kb


def test_a_cascade_is_a_page_with_every_factor(till, snapshot):
    done = till("cascade", "browser", "--threat", "llm2025:LLM01")
    assert done.code == 0
    snapshot("cascade", done.out)
    snapshot("cascade_remarks", done.err)


def test_a_cascade_is_json_with_what_every_answer_has(till):
    answer = json.loads(till("cascade", "browser", "-f", "json").out)
    assert list(answer) == [
        *("start", "method", "samples", "seed", "max_hops", "reached", "blast_radius"),
        *("complete", "truncated_by", "assumptions", "base", "schema_version"),
    ]
    assert (answer["start"]["agent"], answer["start"]["within"]) == ("till/browser", ["till"])
    assert (answer["method"], answer["samples"], answer["seed"]) == ("exact", None, None)
    assert answer["blast_radius"]["value"] == pytest.approx(
        sum(row["probability"] * (1.0 if row["criticality"] is None else row["criticality"]) for row in answer["reached"])
    )


def test_worlds_and_seed_are_said(till):
    answer = json.loads(
        till("cascade", "browser", "--method", "monte-carlo", "--samples", "1024", "--seed", "7", "-f", "json").out
    )
    assert (answer["method"], answer["samples"], answer["seed"]) == ("monte-carlo", 1024, 7)
    assert all(row["low"] <= row["probability"] <= row["high"] for row in answer["reached"])


def test_a_cascade_is_csv_with_a_row_for_each_agent(till):
    lines = till("cascade", "browser", "-f", "csv", "-q").out.splitlines()
    assert lines[0] == "agent,probability,low,high,harmed,criticality,chain_probability,depth,layers,further_ways,chain"
    assert [line.partition(",")[0] for line in lines[1:]] == ["till/planner", "till/payments"]


def test_a_what_if_shows_what_changes(till):
    answer = json.loads(till("cascade", "browser", "--sever", "payments:planner", "-f", "json").out)
    assert answer["what_if"]["severed"] == ["till/payments:till/planner"]
    assert next((row["agent"], row["after"]) for row in answer["what_if"]["changes"]) == ("till/payments", 0.0)
    assert [row["agent"] for row in answer["reached"]] == ["till/planner"]


def test_what_moves_an_answer_most_is_said_first_and_all_of_it_where_asked(till):
    everything = json.loads(till("cascade", "browser", "-f", "json").out)["assumptions"]
    assert till("cascade", "browser").err.splitlines() == [
        *(f"assumed: {one}" for one in everything[:5]),
        f"assumed: {len(everything) - 5} more, -v; --format json has all",
    ]
    assert till("cascade", "browser", "-v").err.splitlines()[1:] == [f"assumed: {one}" for one in everything]


def test_so_many_hops_reach_so_far_and_the_answer_says_so(till):
    answer = json.loads(till("cascade", "browser", "--max-hops", "1", "-f", "json").out)
    assert (answer["max_hops"], answer["complete"]) == (1, True)
    assert [row["agent"] for row in answer["reached"]] == ["till/planner"]
    assert "no way of more than one hop is followed, as was asked for; longer ones are not impossible" in answer["assumptions"]
    assert till("cascade", "browser", "--max-hops", "1").out.splitlines()[2] == "exact, at most 1 hop"


def test_backwards_each_agent_is_the_only_start(till):
    answer = json.loads(till("cascade", "--into", "payments", "-f", "json").out)
    assert [row["agent"] for row in answer["starts"]] == ["till/planner", "till/browser"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["cascade"], "name the agent that falls first"),
        (["cascade", "till/nobody"], "no agent 'till/nobody'"),
        (
            ["cascade", "browser", "--threat", "T17"],
            "'till/browser' does not face 'owasp:T17'\nhint: take it to: --assume owasp:T17",
        ),
        (["cascade", "clock"], "'till/clock' faces no threat"),
        (["cascade", "browser", "--floor", "2"], "floor is 2"),
        (["cascade", "browser", "--samples", "100"], "samples is 100"),
        (["cascade", "browser", "--method", "guess"], "method is 'guess'"),
        (["cascade", "browser", "--given", "P1.1"], "no MITIGATION@AGENT"),
        (["cascade", "browser", "--sever", "payments"], "no TRUSTER:TRUSTED"),
        (["cascade", "browser", "--sever", "payments:browser"], "no trust 'till/payments:till/browser'"),
    ],
)
def test_what_cannot_be_asked_says_why(till, words, said):
    done = till(*words)
    assert (done.code, done.out) == (2, "")
    assert said in done.err


def test_an_assumed_threat_starts_where_nothing_is_faced(till):
    answer = json.loads(till("cascade", "clock", "--assume", "T12", "-f", "json").out)
    assert (answer["start"]["threats"], answer["reached"]) == (["owasp:T12"], [])


def test_a_product_names_its_deployments(till):
    (till.folder / "shop.yaml").write_text("kind: system\nid: shop\nagents:\n  - {id: helper, based_on: lantern}\n")
    (till.folder / "lantern.yaml").write_text("kind: assessment\nagent: {id: lantern}\nthreats: [{threat: owasp:T2}]\n")
    assert till("load", "lantern.yaml", "shop.yaml").code == 0
    done = till("cascade", "lantern")
    assert (done.code, done.err) == (
        2,
        "error: 'lantern' is a product, and what others trust are deployed agents\nhint: it is deployed as shop/helper\n",
    )
