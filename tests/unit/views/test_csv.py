"""CSV that no spreadsheet runs."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.views.csv import flat, to_csv


def cell(value):
    ((_, shown),) = list(csv.reader(io.StringIO(to_csv([{"id": "x", "value": value}], ("id", "value")))))[1:]
    return shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\\t=1"),
        ("\r=1", "'\\r=1"),
        ("＝1", "'＝1"),
        (["=1", "b"], "'=1; b"),
        (-1, "-1"),
        (-0.5, "-0.5"),
        (None, ""),
        ([], ""),
        (True, "true"),
        (["a", "b"], "a; b"),
        ("\x1b[31m", "\\x1b[31m"),
        ('say "a, b"', 'say "a, b"'),
    ],
)
def test_a_cell(value, shown):
    assert cell(value) == shown


@given(st.text(st.characters()))
def test_no_text_starts_a_formula(text):
    assert not cell(text).startswith(("=", "+", "-", "@", "\t", "\r"))


def test_leaves_are_named_by_their_path():
    answer = {"id": "a", "scores": {"sum": 1.5, "flags": ["x", "y"]}, "layers": [{"id": "L1"}, {"id": "L2"}]}
    assert flat(answer) == [
        {"field": "id", "value": "a"},
        {"field": "scores.sum", "value": 1.5},
        {"field": "scores.flags", "value": ["x", "y"]},
        {"field": "layers.1.id", "value": "L1"},
        {"field": "layers.2.id", "value": "L2"},
    ]
