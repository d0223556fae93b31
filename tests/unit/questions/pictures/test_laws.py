"""What is always true of pictures, of whatever system they are."""

from contextlib import contextmanager
from math import prod
from pathlib import Path
from tempfile import TemporaryDirectory

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.engines.registry import open_engine
from kb.errors import UsageError
from kb.questions.cascade import cascade
from kb.questions.pictures.kinds import picture
from oracle.wirings import wirings
from systems import member, write_system

START = member("a")
ASKED = {
    "cascade": {"agent": START, "floor": 0.0, "method": "chain"},
    "paths": {"fallen": START, "hit": [member("b")], "floor": 0.0},
    "agent": {"agent": START, "depth": 2},
    "threat": {"threat": "owasp:T12"},
    "system": {"floor": 0.0},
    "plan": {"fallen": START, "budget": 1, "samples": 64, "floor": 0.0},
}
EXAMPLES = settings(max_examples=20, deadline=None)


@contextmanager
def written(system):
    with TemporaryDirectory() as folder, open_engine(str(Path(folder) / "kb.db"), mode="write") as engine:
        write_system(engine, system.relations, infer=system.infer, members=system.members)
        yield engine


def drawn(engine, kind, **how):
    """The picture, or ``None`` where the question has none: an agent that faces nothing, a threat that is not there."""
    try:
        return picture(engine, kind, **{**ASKED[kind], **how})
    except (UsageError, LookupError):
        return None


@EXAMPLES
@given(wirings(), st.sampled_from(sorted(ASKED)), st.integers(1, 6), st.booleans())
def test_a_picture_hangs_together(system, kind, most, collapse):
    with written(system) as engine:
        seen = [drawn(engine, kind, collapse=collapse), drawn(engine, kind, collapse=collapse, max_nodes=most)]
    for one in filter(None, seen):
        ids = [spot.id for spot in one.spots]
        assert len(set(ids)) == len(ids)
        assert all(link.source in ids and link.target in ids and link.source != link.target for link in one.links)
        assert len({(link.source, link.target, link.kind, link.channel) for link in one.links}) == len(one.links)
        assert all(0 <= spot.column < len(one.columns) for spot in one.spots)
        assert all(spot.chain is None or one.chains[spot.chain].spots for spot in one.spots)
        for chain in one.chains:
            assert prod(factor.value for factor in chain.factors) == pytest.approx(chain.probability, abs=1e-12)
            ends = [(one.links[number].source, one.links[number].target) for number in chain.links]
            assert ends == list(nx.utils.pairwise(chain.spots))
        stood_for = sum(len(spot.members) or 1 for spot in one.spots if spot.kind == "Agent")
        assert one.shown == stood_for <= one.total
        assert (one.more is None) == ("max-nodes" not in (one.truncated_by or ""))
        assert one.more or one.shown == one.total
        assert {spot.id for spot in one.spots if spot.role} == {spot.id for spot in seen[0].spots if spot.role}


@EXAMPLES
@given(wirings(), st.sampled_from(["agent", "cascade", "plan", "system"]))
def test_links_of_trust_run_from_the_trusted_to_the_truster(system, kind):
    trusted = {(relation.target, relation.source) for relation in system.relations if relation.kind == "TRUSTS"}
    with written(system) as engine:
        one = drawn(engine, kind, collapse=False)
    between = [link for link in one.links if link.kind == "TRUSTS" and link.source != "outside"] if one else []
    assert all((link.source, link.target) in trusted for link in between)


@EXAMPLES
@given(wirings())
def test_a_cascade_shows_everybody_who_falls_as_likely_as_they_do(system):
    with written(system) as engine:
        one = drawn(engine, "cascade", collapse=False)
        if one is None:
            return
        reached = cascade(engine, START, floor=0.0, method="chain")["reached"]
    assert {spot.id: spot.size for spot in one.spots if spot.kind == "Agent"} == {
        START: 1.0,
        **{row["agent"]: row["probability"] for row in reached},
    }
    ways = nx.DiGraph([(link.source, link.target) for link in one.links])
    ways.add_node(START)
    away = nx.single_source_shortest_path_length(ways, START)
    assert {spot.id: spot.column for spot in one.spots} == away
    for row in reached:
        (spot,) = (spot for spot in one.spots if spot.id == row["agent"])
        assert one.chains[spot.chain].probability == row["chain_probability"]


@EXAMPLES
@given(wirings())
def test_the_best_link_into_an_agent_is_as_likely_as_its_likeliest_chain(system):
    with written(system) as engine:
        one = drawn(engine, "cascade", collapse=False)
    for spot in one.spots if one else ():
        if spot.kind == "Agent" and not spot.role:
            # over a link that nothing falls by, an agent without a model hands on what comes in
            into = [link.probability or 0.0 for link in one.links if link.target == spot.id and link.threats]
            assert max(into) == pytest.approx(spot.size)


@EXAMPLES
@given(wirings())
def test_spots_that_stand_for_several_stand_for_all_of_them(system):
    with written(system) as engine:
        together, apart = (drawn(engine, "cascade", collapse=collapse) for collapse in (True, False))
    if together and apart:
        members = [one for spot in together.spots for one in spot.members or (spot.id,)]
        assert sorted(members) == sorted(spot.id for spot in apart.spots)
        assert (together.answer, together.shown) == (apart.answer, apart.shown)
