"""Answers on a screen and in a pipe: nothing is lost, whatever the width."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.views.answer_table import answer_table
from kb.views.terminal import Terminal

SHARED = [
    {"threat": "owasp:T2", "name": "Tool Misuse", "count": 12, "agents": [f"agent-{number}" for number in range(12)]},
    {"threat": "owasp:T6", "name": "Intent Breaking & Goal Manipulation", "count": 1, "agents": ["harbor"]},
]


def test_a_long_list_stands_below_its_row():
    assert answer_table(SHARED, tuple(SHARED[0]), Terminal(width=52)) == (
        "threat    name                                 count\n"
        "owasp:T2  Tool Misuse                             12\n"
        "    agent-0, agent-1, agent-2, agent-3, agent-4,\n"
        "    agent-5, agent-6, agent-7, agent-8, agent-9,\n"
        "    agent-10, agent-11\n"
        "owasp:T6  Intent Breaking & Goal Manipulation      1\n"
        "    harbor\n"
    )


def test_what_has_no_room_stands_below_with_its_name_and_empty_columns_are_left_out():
    rows = [{"agent": "harbor", "rule": None, "severity": "Critical", "flags": ["clamped"], "version": "0.8"}]
    assert answer_table(rows, tuple(rows[0]), Terminal(width=24)) == (
        "agent   severity\nharbor  Critical\n    flags clamped ·\n    version 0.8\n"
    )


def test_in_a_pipe_each_row_is_one_line_and_lists_come_last():
    rows = [{"agents": ["a", "b"], "count": 2}]
    assert answer_table(rows, ("agents", "count"), Terminal()) == "count  agents\n    2  a, b\n"


def test_no_rows_are_said():
    assert answer_table([], (), Terminal()) == "no rows\n"


@pytest.mark.parametrize("columns", [("threat", "name", "count", "agents"), ("agents", "name")])
@given(width=st.integers(12, 200))
def test_no_width_loses_a_character(columns, width):
    shown = "".join(answer_table(SHARED, columns, Terminal(width=width)).split())
    for row in SHARED:
        for column in columns:
            values = row[column] if isinstance(row[column], list) else [row[column]]
            assert all(sorted_in(str(value), shown) for value in values)


def sorted_in(text, shown):
    """Whether the characters of ``text`` stand in ``shown`` in their order, whatever a wrapped line put between them."""
    rest = iter(shown)
    return all(char in rest for char in "".join(text.split()))
