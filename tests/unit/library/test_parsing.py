"""What the reader of ``.cypher`` files takes, and what it refuses with file and line."""

from pathlib import Path

import pytest

from kb.errors import LibraryError, UsageError
from kb.library import Field, Order, queries, query
from kb.library.parsing import parse

GOOD = """\
// asks: Which other agents face this threat too?
// params: threat, origins: list,
//   least: integer
// returns: agent, count: integer, threats: set
// order: count desc, agent

// A comment may say $anything, and 'quotes :Nothing' too.
MATCH (a:Agent)-[f:FACES|RULES_OUT]->(t:Threat {id: $threat})
WHERE f.origin IN $origins AND a.name <> 'a $literal:Word'
WITH a, count(t) AS count, collect(t.id) AS threats
WHERE count >= $least
RETURN
  a.id AS agent,
  count,
  [one IN threats WHERE one <> coalesce(a.id, 'x')] AS threats
ORDER BY count DESC, agent
"""


def read(tmp_path: Path, text: str):
    path = tmp_path / "sharing.cypher"
    path.write_text(text, encoding="utf-8")
    return parse(path)


def test_a_file_is_read_with_its_contract(tmp_path):
    found = read(tmp_path, GOOD)
    assert found.name == "sharing"
    assert found.asks == "Which other agents face this threat too?"
    assert found.params == (Field("threat", "string"), Field("origins", "list"), Field("least", "integer"))
    assert found.returns == (Field("agent", "string"), Field("count", "integer"), Field("threats", "set"))
    assert found.order == (Order("count", True), Order("agent", False))
    assert found.text == GOOD
    assert found.path == tmp_path / "sharing.cypher"


@pytest.mark.parametrize(
    ("old", "new", "line", "sentence"),
    [
        ("// asks: Which other agents face this threat too?\n", "", 1, "asks is missing"),
        ("// asks:", "// ask:", 1, "expected one of asks, params, returns, order, each once, found '// ask: W"),
        ("// order:", "// asks:", 5, "expected one of asks, params, returns, order, each once, found '// asks: count"),
        (
            "Which other agents face this threat too?",
            "Which agents too?",
            1,
            "asks is under 20 characters: 'Which agents too?'",
        ),
        ("$threat}", "$treat}", 8, "$treat is used but not declared in params"),
        ("//   least: integer", "//   least: integer, more", 2, "$more is declared but never used"),
        ("least: integer", "least: int", 2, "expected a name or 'name: type' with one of string, integer"),
        (
            "count: integer, threats: set",
            "count: integer, threats: set, more",
            4,
            "column 'more' is declared but never",
        ),
        ("agent, count: integer, threats: set", "count: integer, threats: set", 12, "returns agent, count, threats, but count"),
        ("count desc, agent", "count desc, other", 5, "ordered by 'other', which is no column"),
        ("count desc, agent", "count descending", 5, "expected columns, each with or without ' desc'"),
        ("ORDER BY count DESC, agent\n", "", 5, "an order is declared, but there is no ORDER BY"),
        (":Agent)", ":Agnet)", 8, "'Agnet' is no kind of the schema"),
        (":FACES|RULES_OUT]", ":FACES|RULED_OUT]", 8, "'RULED_OUT' is no kind of the schema"),
        (":Threat {", ":FACES {", 8, "'FACES' is no kind of the schema"),
        ("f.origin", "f.orign", 9, "'orign' is no property of the schema"),
    ],
)
def test_a_file_that_breaks_its_contract_is_refused_with_its_line(tmp_path, old, new, line, sentence):
    assert GOOD.count(old) >= 1
    with pytest.raises(LibraryError) as caught:
        read(tmp_path, GOOD.replace(old, new, 1))
    assert str(caught.value).startswith(f"cypher/sharing.cypher:{line}: {sentence}")


def test_a_row_is_decoded_as_its_contract_says(tmp_path):
    columns = "agent, whole: boolean, part: boolean, quotes: list, threats: set, none: set"
    returned = "a.id AS agent, a.id AS whole, a.id AS part, a.id AS quotes, a.id AS threats, a.id AS none"
    text = GOOD[: GOOD.index("RETURN")].replace("agent, count: integer, threats: set", columns)
    found = read(tmp_path, f"{text}RETURN {returned}\nORDER BY agent\n".replace("count desc, agent", "agent"))
    values = ["codegen", 1, None, '["b", "a"]', ["𝒜", "b", "a"], None]
    row = {"agent": "codegen", "whole": True, "part": None, "quotes": ["b", "a"], "threats": ["a", "b", "𝒜"], "none": []}
    assert found.decode(values) == row


def test_every_look_up_of_the_project_keeps_its_contract():
    assert list(queries()) == sorted(queries())
    assert query("shared_threats").asks == "Which threats do several agents face, and which agents are they?"


def test_an_unknown_look_up_is_an_error_that_names_those_there_are():
    with pytest.raises(UsageError, match="no look-up 'shared-threats'") as caught:
        query("shared-threats")
    assert caught.value.hint == f"there are {', '.join(queries())}"
