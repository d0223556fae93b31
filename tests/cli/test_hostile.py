"""Names and quotes that want to be more than text stay text, wherever they are shown."""

import csv
import io
import json

import pytest

NAME = "=HYPERLINK(1) </script> [red]x[/red] \x1b[31mred\u202eder\u2066"
SHOWN = "=HYPERLINK(1) </script> [red]x[/red] \\x1b[31mred\\u202eder\\u2066"


@pytest.fixture
def hostile(kb, asset):
    assert kb("load", asset("hostile.yaml")).code == 0
    return kb


def test_a_page_shows_escapes(hostile, snapshot):
    snapshot("show_hostile", hostile("show", "hostile").out)


def test_a_table_shows_escapes(hostile):
    assert hostile("list", "agents").out == f"id       {'name'.ljust(len(SHOWN))}  form\nhostile  {SHOWN}  product\n"


def test_a_terminal_gets_no_steering_but_ours(hostile):
    shown = hostile.in_terminal(80, "show", "hostile", "--no-color").out
    assert [char for char in shown if not char.isprintable() and char != "\n"] == []


def test_json_gives_the_name_back_and_steers_nothing(hostile):
    text = hostile("list", "agents", "-f", "json").out
    assert json.loads(text) == [{"id": "hostile", "name": NAME, "form": "product"}]
    assert [char for char in text if not char.isprintable() and char != "\n"] == []


def test_a_spreadsheet_runs_nothing(hostile):
    rows = list(csv.reader(io.StringIO(hostile("list", "agents", "-f", "csv").out)))
    assert rows == [["id", "name", "form"], ["hostile", f"'{SHOWN}", "product"]]


def test_an_error_shows_escapes(hostile):
    done = hostile("show", "no\x1b[31msuch\u202e")
    assert (done.code, done.err) == (2, "error: no node 'no\\x1b[31msuch\\u202e' in the base\n")
