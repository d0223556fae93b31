"""JSON that gives everything back and steers nothing."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.views.json import to_json
from kb.views.terminal import UNSAFE

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)


def test_text_stays_as_it_is_read_and_absent_is_null():
    assert to_json({"name": "Qwen3‑Coder", "score": None, "sum": 6.6}) == (
        '{\n  "name": "Qwen3‑Coder",\n  "score": null,\n  "sum": 6.6\n}\n'
    )


def test_steering_characters_are_json_escapes():
    assert to_json("\x1b\u202e\U000e0041\x9b") == '"\\u001b\\u202e\\udb40\\udc41\\u009b"\n'


@given(VALUES)
def test_a_reader_gets_back_what_was_written(value):
    assert json.loads(to_json(value)) == value


@given(VALUES)
def test_nothing_in_it_steers_a_terminal(value):
    assert UNSAFE.search(to_json(value).replace("\n", "")) is None


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_json_does_not_have_is_refused(value):
    with pytest.raises(ValueError, match="not JSON compliant"):
        to_json({"score": value})
