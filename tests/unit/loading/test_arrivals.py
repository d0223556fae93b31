"""What arriving documents do to their series, on a real base."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from inputs import small_catalog, state, statuses
from kb.engines.protocol import Batch, Engine
from kb.engines.registry import open_engine
from kb.errors import StaleBaseError
from kb.loading.arrivals import Arrival, settle_arrivals
from kb.model.graph import Node, Relation


def arrival(key: str, path: str = "", **given: str) -> Arrival:
    subject = given.pop("subject", "a")
    properties = {
        "kind": "assessment",
        "series": f"assessment:{subject}",
        "subject": subject,
        "parser": "p",
        "path": path or key,
    }
    node = Node("Assessment", key, properties | {"in_force": True} | given)
    relations = [
        Relation("ABOUT", key, subject, {}, key, "Agent"),
        Relation("ASSESSED_AT", subject, "L1", {"certainty": "mapped"}, key),
    ]
    return Arrival(path or key, node, relations)


def settle(engine: Engine, *arrivals: Arrival) -> list[tuple[str, str]]:
    return statuses(settle_arrivals(engine, small_catalog(), engine.base, arrivals).documents)


def known(engine: Engine, key: str) -> Arrival:
    """The arrival, once more, of a document that the base has."""
    (node,) = engine.nodes("Assessment", [key])
    return Arrival(str(node.properties["path"]), node, None)


def counting(engine: Engine) -> list[str]:
    return [node.id for node in engine.nodes("Assessment") if node.properties["in_force"]]


def supersedes(engine: Engine) -> list[tuple[str, str]]:
    return [(edge.source, edge.target) for edge in engine.edges("SUPERSEDES")]


def in_loading_order(engine: Engine) -> list[str]:
    return [node.id for node in sorted(engine.nodes("Assessment"), key=lambda node: str(node.properties["loaded_at"]))]


def test_documents_of_one_batch_take_each_others_place_in_their_order(engine: Engine) -> None:
    assert settle(engine, arrival("1"), arrival("2"), arrival("3")) == [
        ("1", "superseded"),
        ("2", "superseded"),
        ("3", "loaded"),
    ]
    assert (counting(engine), supersedes(engine), in_loading_order(engine)) == (
        ["3"],
        [("3", "1"), ("3", "2")],
        ["1", "2", "3"],
    )
    assert [edge.assessment for edge in engine.edges("ASSESSED_AT")] == ["3"]
    assert {edge.assessment for edge in engine.edges("ASSESSED_AT", in_force=False)} == {"1", "2"}


def test_one_batch_leaves_what_several_leave(tmp_path: Path) -> None:
    arrivals = [arrival("1", as_of="2026-03"), arrival("2", as_of="2026-01"), arrival("3"), arrival("4", subject="b")]
    states = []
    for number, pieces in enumerate(([arrivals], [[one] for one in arrivals], [arrivals[:2], arrivals[2:]])):
        with open_engine(str(tmp_path / f"{number}.db"), mode="write") as engine:
            for piece in pieces:
                settle(engine, *piece)
            states.append(state(engine))

    assert states[1:] == [states[0]] * 2


def test_an_older_document_that_is_loaded_again_counts_again(engine: Engine) -> None:
    settle(engine, arrival("1"))
    settle(engine, arrival("2"))

    assert settle(engine, known(engine, "1")) == [("1", "loaded"), ("2", "superseded")]
    assert (counting(engine), supersedes(engine), in_loading_order(engine)) == (["1"], [("1", "2")], ["2", "1"])


def test_an_older_document_with_an_older_day_that_is_loaded_again_changes_nothing(engine: Engine) -> None:
    settle(engine, arrival("1", as_of="2025"), arrival("2", as_of="2026"))
    before = state(engine)

    assert settle(engine, known(engine, "1")) == [("1", "unchanged")]
    assert state(engine) == before


def test_two_versions_that_come_together_again_change_nothing_and_write_nothing(tmp_path: Path) -> None:
    file = tmp_path / "file.db"
    with open_engine(str(file), mode="write") as engine:
        settle(engine, arrival("1"), arrival("2"))
    before = file.read_bytes()
    with open_engine(str(file), mode="write") as engine:
        assert settle(engine, known(engine, "1"), known(engine, "2")) == [("1", "unchanged"), ("2", "unchanged")]

    assert file.read_bytes() == before


def test_two_versions_of_which_the_one_that_counts_comes_in_a_later_batch_change_nothing(engine: Engine) -> None:
    settle(engine, arrival("1"))
    settle(engine, arrival("2"))
    before = in_loading_order(engine)

    first = settle_arrivals(engine, small_catalog(), engine.base, [known(engine, "1")], lambda key: key == "2")

    assert statuses(first.documents) == [("1", "unchanged")]
    assert (counting(engine), in_loading_order(engine)) == (["2"], before)


def test_the_same_bytes_under_two_paths_are_one_document(engine: Engine) -> None:
    assert settle(engine, arrival("1", "x"), arrival("1", "y")) == [("x", "loaded"), ("y", "unchanged")]
    assert [node.properties["path"] for node in engine.nodes("Assessment")] == ["x"]


def test_a_document_that_another_parser_reads_anew_is_replaced_and_keeps_its_predecessors(engine: Engine) -> None:
    settle(engine, arrival("1"), arrival("2"))

    assert settle(engine, arrival("2", parser="p2")) == [("2", "loaded")]
    assert (counting(engine), supersedes(engine)) == (["2"], [("2", "1")])


def test_a_document_that_another_parser_finds_to_be_about_another_agent_leaves_the_first(engine: Engine) -> None:
    settle(engine, arrival("1"), arrival("2"))

    assert settle(engine, arrival("2", parser="p2", subject="b")) == [("2", "loaded")]
    assert (counting(engine), supersedes(engine)) == (["1", "2"], [])
    assert [node.id for node in engine.nodes("Agent")] == ["a", "b"]

    settle(engine, arrival("1", parser="p2", subject="b"))
    assert [node.id for node in engine.nodes("Agent")] == ["b"]


def test_the_moments_of_loading_keep_their_order_where_the_clock_was_put_back(engine: Engine) -> None:
    ahead = (datetime.now(UTC) + timedelta(days=1)).isoformat(timespec="microseconds")
    settle(engine, arrival("1"))
    (node,) = engine.nodes("Assessment")
    engine.write(Batch(nodes=[Node("Assessment", "1", {**node.properties, "loaded_at": ahead})]))
    settle(engine, arrival("2"))

    assert in_loading_order(engine) == ["1", "2"]


def test_a_newer_catalogue_is_brought_in_even_where_every_document_is_unchanged(engine: Engine) -> None:
    settle(engine, arrival("1"))
    old = engine.base
    content = small_catalog().content
    engine.write(Batch(catalog=type(content)("older", content.nodes, ())))

    assert settle(engine, known(engine, "1")) == [("1", "unchanged")]
    assert engine.base == old


def test_a_write_that_rests_on_a_base_that_is_gone_is_refused(engine: Engine) -> None:
    before = engine.base
    settle(engine, arrival("1"))

    with pytest.raises(StaleBaseError):
        settle_arrivals(engine, small_catalog(), before, [arrival("2")])
    assert counting(engine) == ["1"]


@pytest.mark.parametrize(
    ("names", "remarks"),
    [
        (("C Agent", "C++ Agent"), ["2: a is called 'C++ Agent' here and 'C Agent' in 1; both are taken as one agent"]),
        (("Qwen3-Coder", "qwen3\u2011coder"), []),
        (("C Agent", ""), []),
    ],
)
def test_documents_that_name_one_agent_differently_unite_with_a_remark(
    engine: Engine, names: Sequence[str], remarks: list[str]
) -> None:
    first, second = (arrival(str(number), name=name) for number, name in enumerate(names, 1))
    settle(engine, first)

    assert settle_arrivals(engine, small_catalog(), engine.base, [second]).remarks == remarks
