"""The knowledge base as one object."""

from pathlib import Path

import pytest

from inputs import document, page, put
from kb import KnowledgeBase
from kb.errors import StoreError, UnknownNodeError, UsageError


def test_one_object_loads_lists_shows_asks_and_forgets(tmp_path: Path) -> None:
    pilot, helper = put(
        tmp_path, {"pilot.txt": page("Pilot"), "helper.yaml": document("helper", body="threats: [{threat: T2}]")}
    )
    store = tmp_path / "kb.db"
    with KnowledgeBase.open(store, mode="write") as base:
        report = base.load([pilot, Path(helper)])
        assert (report.count("loaded"), report.rejected) == (2, ())

    with KnowledgeBase.open(store) as base:
        assert base.list("agents") == [
            {"id": "helper", "name": "helper", "form": "product"},
            {"id": "pilot", "name": "Pilot", "form": "product"},
        ]
        assert base.show("helper")["id"] == "helper"
        (row,) = base.ask("shared-threats", threat="T2").as_dict()["rows"]
        assert (row["threat"], row["count"], row["agents"]) == ("owasp:T2", 2, ["helper", "pilot"])
        assert base.ask("shared_threats", threat="T2").as_dict() == base.ask("shared-threats", threat="T2").as_dict()
        with pytest.raises(StoreError, match="was opened for reading only"):
            base.load([pilot], reinfer=True)

    with KnowledgeBase.open(store, mode="write") as base:
        assert base.forget([pilot]).agents == ("pilot",)
        assert [agent["id"] for agent in base.list("agent")] == ["helper"]


@pytest.mark.parametrize("as_path", [str, Path])
def test_one_path_may_be_given_alone(tmp_path: Path, as_path: type) -> None:
    (path,) = put(tmp_path, {"a.yaml": document("a")})
    with KnowledgeBase.open(tmp_path / "kb.db", mode="write") as base:
        assert base.load(as_path(path)).count("loaded") == 1
        assert base.forget(as_path(path)).agents == ("a",)


def test_the_whole_graph_comes_out_as_networkx_knows_it(tmp_path: Path) -> None:
    (path,) = put(tmp_path, {"a.yaml": document("a", body="layers: [{id: L3, certainty: mapped}]")})
    with KnowledgeBase.open(tmp_path / "kb.db", mode="write") as base:
        (loaded,) = base.load(path).documents
        graph = base.to_networkx()
        (relation,) = base.engine.edges("ASSESSED_AT")

    assert graph.nodes["Agent", "a"] == {"name": "a", "form": "product"}
    assert dict(graph["Agent", "a"]) == {
        ("Layer", "L3"): {relation.key: {"kind": "ASSESSED_AT", "certainty": "mapped", "assessment": loaded.assessment}}
    }


def test_words_that_mean_nothing_are_answered_with_the_nearest(tmp_path: Path) -> None:
    (path,) = put(tmp_path, {"a.yaml": document("a")})
    with KnowledgeBase.open(tmp_path / "kb.db", mode="write") as base:
        base.load(path)
        for call, hint in (
            (lambda: base.ask("shared-threat"), "did you mean 'shared_threats'?"),
            (lambda: base.ask("?"), "see `kb ask --list`"),
            (lambda: base.list("agnts"), "did you mean 'agents'?"),
            (
                lambda: base.list("?"),
                "one of agents, assessments, capabilities, documents, layers, mitigations, resources, systems, threats",
            ),
        ):
            with pytest.raises(UsageError) as caught:
                call()
            assert caught.value.hint == hint
        with pytest.raises(UnknownNodeError):
            base.forget("b.yaml")


def test_a_base_that_is_not_there_is_no_empty_base(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="there is no base here"):
        KnowledgeBase.open(tmp_path / "kb.db")
    with KnowledgeBase.open(tmp_path / "kb.db", mode="write") as base:
        assert base.list("agents") == []
    assert list(tmp_path.iterdir()) == []
