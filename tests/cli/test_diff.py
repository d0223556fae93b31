"""``kb diff`` as a person uses it."""

import json

import pytest

TILL = """\
kind: system
id: till
agents:
  - {id: browser, entry: [text], faces: [{threat: owasp:T12}]}
  - {id: planner, implements: [owasp:P1.1], faces: [{threat: owasp:T12, susceptibility: 0.5}]}
  - {id: payments, faces: [{threat: owasp:T2, susceptibility: 0.25}]}
integrations:
  - {from: planner, to: browser, channel: delegation, forward: 0.5, backward: 0.8}
  - {from: planner, to: payments, channel: delegation, forward: 0.5, backward: 0}
"""
NEXT = (
    TILL.replace(", implements: [owasp:P1.1]", "")
    .replace("0.25", "0.75")
    .replace("payments, channel: delegation", "payments, channel: handoff")
)


@pytest.fixture
def tills(kb):
    """A folder with two versions of one system, and a store that holds the first."""
    (kb.folder / "till.yaml").write_text(TILL, encoding="utf-8")
    (kb.folder / "next.yaml").write_text(NEXT, encoding="utf-8")
    assert kb("load", "till.yaml").code == 0
    return kb


def test_a_difference_is_a_page(tills, snapshot):
    done = tills("diff", "till.yaml", "next.yaml", "--from", "browser")
    assert done.code == 0
    snapshot("diff", done.out)


def test_a_store_does_not_differ_from_the_document_that_it_was_loaded_from(tills):
    done = tills("diff", "kb.db", "till.yaml", "-q")
    assert (done.code, done.out, done.err) == (0, "nothing differs\n", "")


def test_a_difference_is_json_with_what_every_answer_has(tills):
    answer = json.loads(tills("diff", "kb.db", "next.yaml", "-f", "json").out)
    assert list(answer) == [
        *("before", "after", "nodes", "relations", "scores", "cascade"),
        *("complete", "truncated_by", "assumptions", "remarks", "base", "schema_version"),
    ]


def test_a_difference_is_csv_with_a_row_each(tills):
    lines = tills("diff", "kb.db", "next.yaml", "-f", "csv").out.splitlines()
    assert lines[0] == "change,what,kind,source,target,property,before,after"
    assert [line for line in lines[1:] if "sha256" not in line] == [
        "came,relation,TRUSTS,till/payments,till/planner,handoff forward message,,",
        "went,relation,IMPLEMENTS,till/planner,owasp:P1.1,,,",
        "went,relation,TRUSTS,till/payments,till/planner,delegation forward message,,",
        "changed,relation,FACES,till/payments,owasp:T2,declared susceptibility,0.25,0.75",
    ]


def test_an_agent_of_a_system_is_compared_with_what_its_superseded_document_said(tills):
    assert tills("load", "next.yaml").code == 0
    answer = json.loads(tills("diff", "--agent", "payments", "-f", "json").out)
    assert [row["identity"]["channel"] for row in answer["relations"]["came"]] == ["handoff"]
    assert [row["identity"]["channel"] for row in answer["relations"]["went"]] == ["delegation"]
    assert [row["after"][0]["susceptibility"] for row in answer["relations"]["changed"]] == [0.75]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["till.yaml"], 2, "name BEFORE and AFTER"),
        (["a", "b", "--agent", "c"], 2, "--agent goes with neither"),
        (["none.db", "till.yaml"], 4, "there is no base here"),
        (["till.yaml", "bad.yaml"], 3, "bad.yaml:"),
        (["till.yaml", "empty"], 2, "empty holds no document that kb loads"),
        (["till.yaml", "next.yaml", "--from", "nobody"], 2, "no agent 'nobody'"),
        (["--agent", "nobody"], 2, "no agent 'nobody'"),
    ],
)
def test_what_cannot_be_compared_says_why(tills, words, code, said):
    (tills.folder / "bad.yaml").write_text("kind: system\n", encoding="utf-8")
    (tills.folder / "empty").mkdir()
    done = tills("diff", *words)
    assert (done.code, done.out) == (code, "")
    assert said in done.err
