"""Which document wins."""

from datetime import date
from itertools import permutations

import pytest

from kb.model.precedence import day_number, rank


@pytest.mark.parametrize(
    ("as_of", "day"),
    [
        ("2026-11-20", date(2026, 11, 20)),
        ("2026-11", date(2026, 11, 1)),
        ("2026", date(2026, 1, 1)),
        ("2026-11-20T23:59:00Z", date(2026, 11, 20)),
        ("0001-01-01", date(1, 1, 1)),
    ],
)
def test_a_month_or_a_year_counts_as_its_first_day(as_of: str, day: date) -> None:
    assert day_number(as_of) == day.toordinal()


@pytest.mark.parametrize("as_of", [None, "", "soon", "2026-13-01", "20", 2026, 2026.5, True, ("2026",)])
def test_what_names_no_day_is_older_than_any_day(as_of: object) -> None:
    assert day_number(as_of) == 0  # type: ignore[arg-type]


def test_documents_have_one_order_whatever_order_they_came_in() -> None:
    in_order = [
        ("z", {"as_of": "2026-11-21"}),
        ("y", {"as_of": "2026-11-20"}),
        ("x", {}),
        ("w", {"form": "full"}),
        ("v", {"form": "html", "as_of": "2026-11-21"}),
        ("t", {"form": "table"}),
        ("u", {"form": "table"}),
    ]

    for order in list(permutations(in_order))[::97]:
        assert sorted(order, key=lambda document: rank(document[1], document[0])) == in_order
