"""Choke points of systems small enough to see what is right."""

import pytest

from kb.engines.registry import open_engine
from kb.errors import UsageError
from kb.questions import ANALYSES
from systems import faces, independent, member, trusts, write_system


@pytest.fixture
def asked(tmp_path):
    """Write relations and ask for the choke points of ``hit``."""

    def written(relations, hit, members=None, fallen="v/a"):
        with open_engine(str(tmp_path / "kb.db"), mode="write") as engine:
            write_system(engine, relations, members=members)
            return ANALYSES["choke_points"](engine, hit=hit if "/" in hit else member(hit), fallen=fallen)

    return written


def agent(name, drop, dominates=False):
    return {"kind": "agent", "id": member(name), "dominates": dominates, "drop": drop}


def relation(truster, trusted, drop, dominates=False):
    return {"kind": "relation", "id": f"{truster}:{trusted}", "dominates": dominates, "drop": drop}


def trust(truster, trusted, drop, dominates=False):
    return relation(member(truster), member(trusted), drop, dominates)


def test_everything_between_the_ends_of_a_chain_dominates(asked):
    answer = asked(independent([("a", "b", 1.0), ("b", "c", 1.0), ("c", "d", 1.0), ("d", "e", 1.0)]), "d")
    assert answer.rows == (
        agent("b", 1.0, True),
        agent("c", 1.0, True),
        trust("b", "a", 1.0, True),
        trust("c", "b", 1.0, True),
        trust("d", "c", 1.0, True),
    )
    assert answer.params == {"hit": member("d"), "fallen": member("a"), "system": None, "samples": 8192, "seed": 0}
    assert answer.remarks == (f"{member('d')} falls with 1, counted in 8192 worlds; every drop is counted in the same ones",)


def test_neither_side_of_a_certain_diamond_is_a_choke_point(asked):
    diamond = [("a", "b", 1.0), ("a", "c", 1.0), ("b", "d", 1.0), ("c", "d", 1.0), ("d", "e", 1.0)]
    assert asked(independent(diamond), "e").rows == (agent("d", 1.0, True), trust("e", "d", 1.0, True))


def test_the_surer_side_of_a_diamond_drops_more_and_dominates_no_more_than_the_other(asked):
    diamond = [("a", "b", 1.0), ("a", "c", 0.0625), ("b", "d", 1.0), ("c", "d", 1.0)]
    rows = asked(independent(diamond), "d").rows
    assert [(row["id"], row["dominates"]) for row in rows] == [
        (member("b"), False),
        (f"{member('b')}:{member('a')}", False),
        (f"{member('d')}:{member('b')}", False),
    ]
    assert [row["drop"] for row in rows] == [pytest.approx(0.9375, abs=0.02)] * 3


def test_a_cycle_beside_the_way_is_no_choke_point(asked):
    cycle = [("a", "b", 1.0), ("b", "c", 1.0), ("c", "b", 1.0), ("b", "d", 1.0), ("c", "a", 1.0)]
    assert asked(independent(cycle), "d").rows == (
        agent("b", 1.0, True),
        trust("b", "a", 1.0, True),
        trust("d", "b", 1.0, True),
    )


def test_parallel_relations_are_one(asked):
    relations = [*independent([("a", "b", 1.0)]), trusts("b", "a", 1.0, channel="delegation", over="content")]
    assert asked(relations, "b").rows == (trust("b", "a", 1.0, True),)


def test_what_strangers_send_is_a_relation(asked):
    relations = [faces("a", "llm2025:LLM01", 1.0), faces("b", "owasp:T6", 1.0), trusts("b", "a", 1.0)]
    rows = asked(relations, "b", {"a": {"entries": ("text",)}}, fallen="entries").rows
    (drop,) = {row["drop"] for row in rows}
    assert rows == (
        agent("a", drop, True),
        relation(member("a"), "outside", drop, True),
        trust("b", "a", drop, True),
    )
    assert drop == pytest.approx(0.51, abs=0.02)


def test_where_nothing_leads_there_is_nothing_to_choke(asked):
    answer = asked(independent([("b", "a", 1.0)]), "b")
    assert (answer.rows, answer.remarks) == ((), (f"no way from {member('a')} to {member('b')}",))


def test_the_start_cannot_be_kept(asked):
    with pytest.raises(UsageError, match="both where it starts and what is to be kept"):
        asked(independent([("a", "b", 1.0)]), "a")
