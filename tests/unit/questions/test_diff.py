"""Differences between small bases, whole."""

from contextlib import ExitStack

import pytest

from kb.engines.protocol import Batch
from kb.engines.registry import open_engine
from kb.errors import StoreError, UnknownNodeError
from kb.model.graph import Node, Relation
from kb.questions.diff import diff, diff_of_agent
from systems import faces, implements, member, trusts, write_system

NOTHING = {"came": [], "went": [], "changed": []}


@pytest.fixture
def engines(tmp_path):
    """Two engines open for writing."""
    with ExitStack() as stack:
        yield [stack.enter_context(open_engine(str(tmp_path / name), mode="write")) for name in ("a.db", "b.db")]


def faced(agent, threat, **said):
    """A declared FACES as the row of a difference has it."""
    identity = {"origin": "declared", "layer": None, "rule": None}
    return {"kind": "FACES", "source": agent, "target": threat, "target_kind": "Threat", "identity": identity, **said}


def test_relations_and_nodes_that_came_went_and_changed(engines):
    before, after = engines
    write_system(before, [faces("a", "owasp:T2", 0.25), faces("b", "owasp:T6"), trusts("b", "a", 0.5, places=("x:1",))])
    write_system(after, [faces("a", "owasp:T2", 0.75), implements("b", "owasp:P1.1"), trusts("b", "a", 0.5, places=("y:9",))])
    answer = diff(before, after)
    assert answer["nodes"] == {
        "came": [{"kind": "Mitigation", "id": "owasp:P1.1", "name": None}],
        "went": [{"kind": "Threat", "id": "owasp:T6", "name": None}],
        "changed": [],
    }
    ends = {"source": member("b"), "target": "owasp:P1.1", "target_kind": "Mitigation"}
    assert answer["relations"] == {
        "came": [{"kind": "IMPLEMENTS", **ends, "identity": {}, "said": [{}]}],
        "went": [faced(member("b"), "owasp:T6", said=[{}])],
        "changed": [
            faced(member("a"), "owasp:T2", before=[{"susceptibility": 0.25}], after=[{"susceptibility": 0.75}]),
        ],
    }
    assert (answer["scores"], answer["cascade"], answer["complete"]) == (NOTHING, None, True)
    assert (answer["before"]["base"], answer["after"]["base"]) == (before.base.fingerprint, after.base.fingerprint)


def test_figures_of_agents_are_scores_and_no_changes_of_nodes(engines):
    for engine, figures in zip(engines, ({"aivss": 8.5, "name": "X"}, {"severity": "High", "name": "Y"}), strict=True):
        engine.write(Batch(nodes=[Node("Agent", "x", {"form": "product"} | figures)]))
    answer = diff(*engines)
    assert answer["nodes"] == NOTHING | {
        "changed": [{"kind": "Agent", "id": "x", "changes": {"name": {"before": "X", "after": "Y"}}}]
    }
    assert answer["scores"] == {
        "came": [{"agent": "x", "figure": "severity", "before": None, "after": "High"}],
        "went": [{"agent": "x", "figure": "aivss", "before": 8.5, "after": None}],
        "changed": [],
    }


def test_a_cascade_says_who_moved_and_which_chains_came_and_went(engines):
    everyone = [faces(agent, "owasp:T12", 1.0) for agent in "abc"]
    write_system(engines[0], [*everyone, trusts("b", "a", 0.5), trusts("c", "a", 0.505)])
    write_system(engines[1], [*everyone, trusts("b", "a", 0.75), trusts("c", "a", 0.5), faces("d", "owasp:T12", 1.0)])
    spread = diff(*engines, fallen=member("a"))["cascade"]
    assert spread == {
        "from": member("a"),
        "method": "exact",
        "moved": [{"agent": member("b"), "before": 0.5, "after": 0.75}],
        "chains": {"came": [], "went": []},
    }


def test_an_agent_that_is_new_has_no_probability_before(engines):
    everyone = [faces("a", "owasp:T12", 1.0), faces("b", "owasp:T12", 1.0)]
    write_system(engines[0], [everyone[0]])
    write_system(engines[1], [*everyone, trusts("b", "a", 0.5)])
    spread = diff(*engines, fallen=member("a"))["cascade"]
    steps = [
        {"agent": member("a"), "threat": "owasp:T12", "channel": None},
        {"agent": member("b"), "threat": "owasp:T12", "channel": "message"},
    ]
    assert spread["moved"] == [{"agent": member("b"), "before": None, "after": 0.5}]
    assert spread["chains"] == {"came": [{"agent": member("b"), "probability": 0.5, "chain": steps}], "went": []}


def test_where_the_start_is_unknown_on_one_side_nobody_falls_there(engines):
    write_system(engines[0], [faces("b", "owasp:T12", 1.0)])
    write_system(engines[1], [faces("a", "owasp:T12", 1.0), faces("b", "owasp:T12", 1.0), trusts("b", "a", 0.5)])
    answer = diff(*engines, fallen=member("a"))
    assert answer["cascade"]["moved"] == [{"agent": member("b"), "before": 0.0, "after": 0.5}]
    assert [remark.partition(":")[0] for remark in answer["remarks"]] == ["nothing starts there before"]
    with pytest.raises(UnknownNodeError):
        diff(*engines, fallen="nobody")


def paper(number, **said):
    return Node(
        "Assessment", f"sha256:{number:064x}", {"kind": "page", "series": "page:x", "subject": "x", "parser": "p"} | said
    )


def test_superseded_documents_are_set_beside_what_holds(engines):
    engine = engines[0]
    old, new = paper(1, cvss_base=8.5, as_of="2026-01-01"), paper(2, cvss_base=7.5, as_of="2026-02-01")
    other = paper(3, series="assessment:x")
    engine.write(
        Batch(
            nodes=[
                *(old, new, other, Node("Agent", "x", {"form": "product"})),
                *(Node("Threat", f"owasp:T{n}", {"catalog": "owasp", "form": "threat"}) for n in (2, 6, 11)),
            ],
            relations=[
                Relation("FACES", "x", "owasp:T2", {"origin": "declared"}, old.id),
                Relation("FACES", "x", "owasp:T6", {"origin": "declared"}, old.id),
                Relation("FACES", "x", "owasp:T2", {"origin": "declared"}, new.id),
                Relation("FACES", "x", "owasp:T11", {"origin": "declared"}, other.id),
            ],
            retire=[old.id],
        )
    )
    answer = diff_of_agent(engine, "x")
    assert (answer["before"], answer["after"]) == ({"documents": [old.id]}, {"documents": [new.id]})
    assert answer["relations"] == NOTHING | {"went": [faced("x", "owasp:T6", said=[{}])]}
    figure = {"agent": "x", "series": "page:x", "figure": "cvss_base", "before": 8.5, "after": 7.5}
    assert answer["scores"] == NOTHING | {"changed": [figure]}
    assert answer["remarks"] == []


def test_an_agent_without_superseded_documents_is_said_to_have_none(engines):
    engines[0].write(Batch(nodes=[Node("Agent", "x", {"form": "product"})]))
    answer = diff_of_agent(engines[0], "x")
    assert [answer[part] for part in ("nodes", "relations", "scores")] == [NOTHING] * 3
    assert answer["remarks"] == ["no document that speaks of x has been superseded"]


def test_a_store_in_which_nothing_was_written_is_no_empty_base(engines):
    with pytest.raises(StoreError, match="nothing has been loaded yet"):
        diff(*engines)
