"""``kb paths``: the most likely chains of trust, in the direction of compromise."""

import json

import pytest

CANONICAL = """\
kind: system
id: till
infer: false
agents:
  - {id: browser, faces: [{threat: owasp:T12, susceptibility: 1}]}
  - {id: planner, faces: [{threat: owasp:T12, susceptibility: 0.8}]}
  - {id: payments, faces: [{threat: owasp:T12, susceptibility: 0.5}]}
integrations:
  - {from: browser, to: planner, channel: message, forward: 0.5}
  - {from: planner, to: payments, channel: message, forward: 0.5}
"""


@pytest.fixture
def till(kb):
    (kb.folder / "till.yaml").write_text(CANONICAL, encoding="utf-8")
    assert kb("load", "till.yaml").code == 0
    return kb


def test_a_path_runs_as_compromise_does(till, snapshot):
    done = till("paths", "browser", "payments")
    assert done.code == 0
    assert done.out.startswith("browser ⇒ planner ⇒ payments  0.1 in till\n")
    snapshot("paths", done.out)


def test_the_other_way_there_is_none_and_it_says_so(till):
    done = till("paths", "payments", "browser", "-q")
    assert (done.code, done.err) == (0, "")
    assert done.out == (
        "no path from till/payments to till/browser; there is one the other way: kb paths till/browser till/payments\n"
    )


def test_the_json_has_each_hop_with_its_factors(till):
    answer = json.loads(till("paths", "browser", "payments,planner", "-f", "json").out)
    assert (answer["from"], answer["to"]) == ("till/browser", ["till/payments", "till/planner"])
    shown = [
        (path["probability"], [(step["from"], step["to"], step["strength"], step["susceptibility"]) for step in path["steps"]])
        for path in answer["paths"]
    ]
    first, second = ("till/browser", "till/planner", 0.5, 0.8), ("till/planner", "till/payments", 0.5, 0.5)
    assert shown == [(pytest.approx(0.4), [first]), (pytest.approx(0.1), [first, second])]
    assert answer["paths"][0]["steps"][0]["places"] == ["till.yaml:9"]
    assert answer["paths"][0]["steps"][0]["control"]["probability"] == pytest.approx(0.2)


def test_the_csv_has_a_row_for_each_hop(till):
    lines = till("paths", "browser", "payments", "-f", "csv", "-q").out.splitlines()
    assert [line.split(",")[2:5] for line in lines] == [
        ["hop", "from", "to"],
        ["1", "till/browser", "till/planner"],
        ["2", "till/planner", "till/payments"],
    ]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["paths", "browser", "browser"], "'till/browser' is both ends of the path"),
        (["paths", "browser", ","], "no agent to be hit"),
        (["paths", "browser", "payments", "-k", "0"], "-k is 0"),
        (["paths", "browser", "nobody"], "no agent 'nobody'"),
    ],
)
def test_what_cannot_be_asked_says_why(till, words, said):
    done = till(*words)
    assert (done.code, done.out) == (2, "")
    assert said in done.err


def test_a_path_that_is_too_long_is_none_and_it_says_so(till):
    assert json.loads(till("paths", "browser", "payments", "--max-hops", "2", "-f", "json").out)["max_hops"] == 2
    done = till("paths", "browser", "payments", "--max-hops", "1", "-q")
    assert done.out == "every path from till/browser to till/payments is longer than --max-hops 1\n"
