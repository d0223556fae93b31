"""Tables for reading."""

from kb.views.table import to_table
from kb.views.terminal import Terminal
from kb.views.words import plain

ROWS = [
    {"id": "a", "count": 2, "agents": ["x", "y"], "in_force": True, "score": 9.5},
    {"id": "[b]", "count": 10, "agents": [], "in_force": False, "score": None},
]


def test_numbers_to_the_right_and_what_is_absent_as_a_dash():
    assert to_table(ROWS, ("id", "count", "agents", "in_force", "score"), Terminal()) == (
        "id   count  agents  in force  score\na        2  x, y    yes         9.5\n[b]     10  –       no            –\n"
    )


def test_a_narrow_terminal_wraps_and_loses_nothing():
    text = to_table([{"words": "one two three four five"}], ("words",), Terminal(width=12))
    assert text.split() == ["words", "─" * 12, "one", "two", "three", "four", "five"]
    assert max(map(len, text.splitlines())) <= 12


def test_an_empty_table_is_its_header():
    assert to_table([], ("id", "name"), Terminal()) == "id  name\n"


def test_the_steps_that_led_to_a_row_read_as_a_relation():
    mapping = {"relation": "MAPS_TO", "from": "asi:ASI02", "to": "owasp:T2", "predicate": "maps_to_primary", "sources": ["x"]}
    assert plain([mapping]) == "asi:ASI02 MAPS_TO owasp:T2 (maps_to_primary)"
    assert plain({"relation": "BASED_ON", "from": "s/coder", "to": "codegen"}) == "s/coder BASED_ON codegen"
    assert plain(0.58333333) == "0.5833"
    assert plain({"threat_count": 2, "gone": None}) == "threat count 2"
