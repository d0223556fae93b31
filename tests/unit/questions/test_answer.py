"""What an answer is."""

import pytest

from kb.errors import StoreError, UsageError
from kb.questions.answer import Answer, answer

ROWS = tuple({"agent": name} for name in ("aider", "codegen", "scout"))
WHOLE = Answer("agents-at", {"layer": "L3"}, ROWS, "f" * 64, assumptions=("taken",), remarks=("left out",))


def test_an_answer_is_json_with_its_keys_in_order():
    shown = WHOLE.as_dict()
    assert shown == {
        "question": "agents-at",
        "params": {"layer": "L3"},
        "rows": list(ROWS),
        "complete": True,
        "truncated_by": None,
        "assumptions": ["taken"],
        "remarks": ["left out"],
        "base": "f" * 64,
        "schema_version": 1,
    }
    assert list(shown)[:5] == ["question", "params", "rows", "complete", "truncated_by"]


def test_a_limit_counts_lines_where_several_rows_make_one():
    cells = tuple({"layer": layer, "agent": agent} for layer in ("L1", "L2") for agent in ("scout", "aider"))
    cut = Answer("layer-heatmap", {}, cells, "f" * 64, line="agent").limited(1)
    assert cut.rows == ({"layer": "L1", "agent": "aider"}, {"layer": "L2", "agent": "aider"})
    assert (cut.complete, cut.truncated_by) == (False, "limit 1 of 2 agents")
    assert Answer("layer-heatmap", {}, cells, "f" * 64, line="agent").limited(2).rows == cells


def test_a_limit_cuts_the_rows_and_says_so():
    cut = WHOLE.limited(2)
    assert (cut.rows, cut.complete, cut.truncated_by) == (ROWS[:2], False, "limit 2 of 3 rows")
    assert WHOLE.limited(3) == WHOLE.limited(None) == WHOLE
    assert WHOLE.limited(0).rows == ()
    with pytest.raises(UsageError, match="limit is -1, expected 0 or more"):
        WHOLE.limited(-1)


def test_a_base_that_was_never_written_answers_nothing(engine):
    with pytest.raises(StoreError, match="nothing has been loaded yet"):
        answer(engine, "unscored", {}, [])
