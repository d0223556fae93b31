"""Systems that are wired wrongly, as a person sees it: every fault with its line, and what to do about it."""

import pytest

WIRED = "kind: system\nid: till\nagents: [{id: a}, {id: b}]\nintegrations:\n"


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (
            ["{from: a, to: a, channel: message}", "{from: a, to: nobody, channel: message}"],
            "till.yaml:5: a is wired to itself; an integration joins two agents\n"
            "till.yaml:6: integrations[1].to is 'nobody', no agent of this document; list it under agents\n",
        ),
        (
            ["{from: a, to: b, channel: message, forward: 1.2}"],
            "till.yaml:5: integrations[0].forward is 1.2, expected a number, 0 to 1\n",
        ),
        (
            ["{from: a, to: b, channel: handoff}", "{from: b, to: a, channel: handoff}", "{from: a, to: b, channel: handoff}"],
            "till.yaml:7: till/b trusts till/a over handoff (forward, message) for the second time; the first is in line 5\n",
        ),
    ],
)
def test_a_wrong_wiring_is_refused_with_its_line(kb, lines, said):
    (kb.folder / "till.yaml").write_text(WIRED + "".join(f"  - {line}\n" for line in lines), encoding="utf-8")
    done = kb("load", "till.yaml")
    assert (done.code, done.out + done.err) == (3, said + "0 loaded, 1 rejected\n")


def test_an_agent_is_based_on_a_product_and_on_no_deployed_agent(kb):
    (kb.folder / "till.yaml").write_text("kind: system\nid: till\nagents: [{id: a, based_on: shop/b}]\n", encoding="utf-8")
    done = kb("load", "till.yaml")
    assert (done.code, done.out + done.err) == (
        3,
        "till.yaml:3: agents[0].based_on is 'shop/b', a deployed agent; an agent is based on a product, in one step\n"
        "0 loaded, 1 rejected\n",
    )


def test_who_faces_nothing_is_no_start_until_it_is_assumed(kb):
    text = "kind: system\nid: till\ninfer: false\nagents: [{id: a, faces: [{threat: T6}]}, {id: b}]\n"
    (kb.folder / "till.yaml").write_text(text + "integrations: [{from: a, to: b, channel: message}]\n", encoding="utf-8")
    assert kb("load", "till.yaml").code == 0
    refused = kb("cascade", "b")
    assert (refused.code, refused.out, refused.err) == (
        2,
        "",
        "error: 'till/b' faces no threat, so that nothing can start there\nhint: take it to: --assume ID, e.g. T12\n",
    )
    unfaced = kb("cascade", "a", "--threat", "T12")
    assert (unfaced.code, unfaced.out, unfaced.err) == (
        2,
        "",
        "error: 'till/a' does not face 'owasp:T12'\nhint: take it to: --assume owasp:T12\n",
    )
    assert kb("cascade", "b", "--assume", "T12").code == 0
    taken = kb("paths", "b", "a")
    assert taken.err.splitlines()[:2] == [
        "assumed: till/b faces no threat; everything that it gives out is taken to be hostile",
        "assumed: probabilities are those of the most likely chain alone, a lower bound",
    ]
