"""Which document of a series counts."""

from itertools import permutations

import pytest

from kb.loading.series import loading_order, series_of, standing, winner
from kb.model.graph import Node


def version(name: str, as_of: str | None = None) -> Node:
    return Node("Assessment", name, {"series": "s", **({"as_of": as_of} if as_of else {})})


@pytest.mark.parametrize(
    ("current", "later", "counts"),
    [
        (None, None, "later"),
        ("2026-11-20", None, "later"),
        (None, "2020", "later"),
        ("2026-11-20", "2026-11-19", "current"),
        ("2026-11-20", "2026-11-20", "later"),
        ("2026-11-20", "2026-11", "current"),
        ("2026-11", "2026", "current"),
        ("2026-11-20", "2026-11-21", "later"),
        ("2026-11-20", "no day", "later"),
    ],
)
def test_the_later_day_counts_where_both_have_one_else_the_one_loaded_last(
    current: str | None, later: str | None, counts: str
) -> None:
    assert winner(version("current", current), version("later", later)).id == counts


@pytest.mark.parametrize(
    ("days", "counts"),
    [
        ([None], 0),
        ([None, None, None], 2),
        (["2026-02", "2026-01"], 0),
        (["2026-02", "2026-01", "2026-03", "2025"], 2),
        (["2026-02", None, "2026-01"], 2),
        (["2026-02", "2026-01", None], 2),
    ],
)
def test_the_documents_of_a_series_take_each_others_place_as_they_are_loaded(days: list[str | None], counts: int) -> None:
    history = [version(str(number), day) for number, day in enumerate(days)]

    assert standing(history) == history[counts]


def test_where_all_days_differ_the_order_of_loading_is_nothing_to_what_counts() -> None:
    history = [version("a", "2026-01"), version("b", "2026-02"), version("c", "2026-03")]

    assert {standing(order).id for order in permutations(history)} == {"c"}


def test_documents_are_ordered_by_the_moment_of_loading_and_those_without_one_come_first() -> None:
    nodes = [Node("Assessment", name, {"loaded_at": moment} if moment else {}) for name, moment in (("b", "2"), ("a", "2"))]

    assert sorted([*nodes, Node("Assessment", "c")], key=loading_order) == [Node("Assessment", "c"), *reversed(nodes)]


def test_a_document_names_its_series() -> None:
    assert series_of(version("a")) == "s"
