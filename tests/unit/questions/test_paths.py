"""Paths of systems small enough to see what is right."""

import pytest

from kb.engines.registry import open_engine
from kb.questions.paths import paths
from oracle.wirings import has
from systems import faces, member, trusts, write_system


@pytest.fixture
def asked(tmp_path):
    """Write relations and ask for the paths between two agents: the agents on each, with its probability, and the answer."""

    def written(relations, fallen, hit, **how):
        with open_engine(str(tmp_path / "kb.db"), mode="write") as engine:
            write_system(engine, relations)
            answer = paths(engine, member(fallen), [member(hit)], floor=0.0, **how)
        shown = [([*(step["from"][2:] for step in path["steps"]), hit], path["probability"]) for path in answer["paths"]]
        return shown, answer

    return written


def test_an_agent_that_faces_nothing_is_taken_to_give_out_nothing_but_hostile_things(asked):
    shown, answer = asked([faces("b", "owasp:T12", 1.0), trusts("b", "a", 0.5)], "a", "b")
    assert shown == [(["a", "b"], 0.5)]
    assert answer["assumptions"][0] == "v/a faces no threat; everything that it gives out is taken to be hostile"


def test_the_other_way_is_looked_for_though_nothing_is_faced_there(asked):
    shown, answer = asked([faces("a", "owasp:T12", 1.0), trusts("a", "b", 0.5)], "a", "b")
    assert shown == []
    assert answer["remarks"] == ["no path from v/a to v/b; there is one the other way: kb paths v/b v/a"]


def test_who_only_hands_on_is_passed_and_not_hit(asked):
    relations = [faces("a", "owasp:T12", 1.0), trusts("b", "a", 0.5), has("b", "cap:language-model", 0.0)]
    relations += [faces("c", "owasp:T6", 1.0), trusts("c", "b", 0.5, channel="tool-call", flow="backward", over="content")]
    shown, _ = asked(relations, "a", "c")
    assert shown == [(["a", "b", "c"], 0.25)]
    shown, answer = asked(relations, "a", "b")
    assert shown == []
    assert answer["remarks"] == ["no path from v/a to v/b, nor the other way"]
