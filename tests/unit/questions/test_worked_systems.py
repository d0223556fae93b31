"""The systems that travel with the package make sense: cascades neither die at once nor take everyone along."""

from pathlib import Path
from statistics import median

import pytest

from kb import KnowledgeBase

SYSTEMS = sorted(path.stem for path in (Path(__file__).parents[3] / "seeds" / "systems").glob("*.yaml"))
SAMPLES = 4_096


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    with KnowledgeBase.open(tmp_path_factory.mktemp("seeds") / "kb.db", mode="write") as opened:
        opened.load(seeds=True)
        yield opened


def members(base, system):
    return [node["id"] for node in base.list("agents") if node["id"].startswith(f"{system}/")]


def fallen(base, start, system):
    answer = base.cascade(start, system=system, method="monte-carlo", samples=SAMPLES)
    return {row["agent"]: row["probability"] for row in answer["reached"]}


@pytest.mark.parametrize("system", SYSTEMS)
def test_strangers_take_the_agent_in_the_middle_with_a_probability_that_is_neither_low_nor_high(base, system):
    found = fallen(base, "outside", system)
    assert 0.05 <= median(found.get(agent, 0.0) for agent in members(base, system)) <= 0.34


@pytest.mark.parametrize("system", SYSTEMS)
def test_no_agent_takes_another_one_along_almost_for_certain(base, system):
    for start in members(base, system):
        assert max(fallen(base, start, system).values(), default=0.0) < 0.9
