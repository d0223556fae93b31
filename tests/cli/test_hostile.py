"""Names and quotes that want to be more than text stay text, wherever they are shown."""

import csv
import io
import json
import re
import unicodedata

import pytest

from command_line import Done
from hostile import CROWD, REFUSED, SYSTEM, documents
from inputs import put

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


STEERING = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
WRITTEN_WITH = frozenset("\n\u200c\u200d")
"""Line ends, and the joiners that Persian and emoji are written with."""


def steering(text):
    """The characters of ``text`` that steer a terminal or hide from its reader."""
    return sorted({char for char in text if unicodedata.category(char) in STEERING} - WRITTEN_WITH)


COMMANDS = (
    ("list", "agents"),
    ("list", "systems"),
    ("show", "p-101"),
    ("show", f"{SYSTEM}/a-111"),
    ("show", SYSTEM),
    ("ask", "threats-of", "page-102"),
    ("ask", "shared-threats", "--threat", "T2"),
    ("cascade", f"{SYSTEM}/hub", "--floor", "0.1"),
    ("paths", f"{SYSTEM}/hub", f"{SYSTEM}/a-103"),
    ("map", "--agent", f"{SYSTEM}/a-033", "-f", "json"),
    ("map", "--agent", f"{SYSTEM}/a-033", "-f", "mermaid"),
    ("map", "--agent", f"{SYSTEM}/a-033", "-f", "dot"),
    ("report", "p-101", "p-106", "-f", "markdown"),
)


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_no_answer_steers_a_terminal(crowd, words):
    done = crowd(*words)
    assert done.code == 0
    assert steering(done.out) == steering(done.err) == []


def test_a_report_of_loading_steers_nothing(kb):
    put(kb.folder / "in", documents(CROWD))
    done = kb("load", "in", "-v")
    assert steering(done.out) == steering(done.err) == []


def test_colours_are_all_that_a_screen_adds(crowd):
    words = ("show", f"{SYSTEM}/a-100")
    colored, plain = (crowd.in_terminal(100, *words, *how).out for how in ((), ("--no-color",)))
    assert steering(plain) == []
    assert colored != plain
    uncolored = re.sub(r"\x1b\[[0-9;]*m", "", colored)
    assert [line.rstrip() for line in uncolored.splitlines()] == [line.rstrip() for line in plain.splitlines()]


def test_every_name_comes_back_as_it_was_loaded(crowd):
    named = {row["id"]: row["name"] for row in json.loads(crowd("list", "agents", "-f", "json").out)}
    assert tuple(named[f"p-{number:03}"] for number in range(len(CROWD))) == CROWD
    assert tuple(named[f"{SYSTEM}/a-{number:03}"] for number in range(len(CROWD))) == CROWD


def test_no_cell_of_a_spreadsheet_is_a_formula(crowd):
    rows = list(csv.reader(io.StringIO(crowd("list", "agents", "-f", "csv").out)))
    assert {len(row) for row in rows} == {3}
    assert [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))] == []


@pytest.mark.parametrize("name", REFUSED, ids=ascii)
def test_a_name_that_no_text_may_hold_is_refused(kb, name):
    put(kb.folder, {"in.json": json.dumps({"kind": "assessment", "agent": {"id": "a", "name": name}})})
    fault = "in.json:1: a text that holds U+0000 or half a surrogate pair; remove it\n"
    assert kb("load", "in.json") == Done(3, "", f"{fault}0 loaded, 1 rejected\n")
