"""The published and computed vectors of independent cascades, by each method."""

import json
from pathlib import Path

import pytest

from kb.engines.registry import open_engine
from kb.questions.cascade import cascade
from kb.questions.kernels.worlds import wilson
from systems import independent, member, write_system

FACTS = Path(__file__).parents[5] / "shared" / "facts" / "cascade_vectors.json"
Z999 = 3.290526731491926

VECTORS = {
    "disjoint diamond": (
        [("s", "a", 0.8), ("s", "b", 0.6), ("a", "t", 0.5), ("b", "t", 0.7)],
        {"a": 0.8, "b": 0.6, "t": 0.652},
    ),
    "shared stem": (
        [("s", "h", 0.5), ("h", "a", 0.9), ("h", "b", 0.9), ("a", "t", 0.8), ("b", "t", 0.8)],
        {"h": 0.5, "a": 0.45, "b": 0.45, "t": 0.4608},
    ),
    "feedback": ([("s", "a", 0.4), ("a", "b", 0.9), ("b", "a", 0.9), ("b", "t", 0.5)], {"a": 0.4, "b": 0.36, "t": 0.18}),
    "certain": ([("s", "a", 1.0), ("a", "b", 1.0), ("b", "a", 1.0), ("b", "t", 0.5)], {"a": 1.0, "b": 1.0, "t": 0.5}),
}


def found(tmp_path, edges, **how):
    with open_engine(str(tmp_path / "kb.db"), mode="write") as engine:
        write_system(engine, independent(edges))
        return cascade(engine, member("s"), floor=0.0, **how)


def facts():
    if not FACTS.exists():
        pytest.skip("the shared facts are not beside this checkout")
    vectors = [vector for vector in json.loads(FACTS.read_text()) if vector["model"] == "independent_cascade"]
    assert len(vectors) >= 4
    for vector in vectors:
        assert vector["sources"] == ["s"]
        yield [tuple(edge) for edge in vector["edges"]], {k: p for k, p in vector["expected"].items() if k != "s"}


def check_exact(tmp_path, edges, expected):
    answer = found(tmp_path, edges, method="exact")
    assert {row["agent"]: row["probability"] for row in answer["reached"]} == {
        member(name): pytest.approx(p, abs=1e-9) for name, p in expected.items()
    }
    assert all(row["low"] == row["high"] == row["probability"] for row in answer["reached"])
    assert (answer["samples"], answer["seed"]) == (None, None)


def check_worlds(tmp_path, edges, expected, seed):
    answer = found(tmp_path, edges, method="monte-carlo", seed=seed)
    assert {row["agent"] for row in answer["reached"]} == {member(name) for name in expected}
    for row in answer["reached"]:
        wide = wilson(round(row["probability"] * answer["samples"]), answer["samples"], Z999)
        assert wide.low <= expected[row["agent"].partition("/")[2]] <= wide.high


@pytest.mark.parametrize("name", VECTORS)
def test_exact_gives_the_vectors(tmp_path, name):
    check_exact(tmp_path, *VECTORS[name])


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize("name", VECTORS)
def test_worlds_agree_with_the_vectors(tmp_path, name, seed):
    check_worlds(tmp_path, *VECTORS[name], seed)


def test_exact_gives_the_shared_vectors(tmp_path):
    for number, (edges, expected) in enumerate(facts()):
        (tmp_path / str(number)).mkdir()
        check_exact(tmp_path / str(number), edges, expected)


def test_worlds_agree_with_the_shared_vectors(tmp_path):
    for number, (edges, expected) in enumerate(facts()):
        (tmp_path / str(number)).mkdir()
        check_worlds(tmp_path / str(number), edges, expected, seed=0)
