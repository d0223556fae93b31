"""The heatmap as a matrix."""

from kb.views.heatmap import heatmap
from kb.views.terminal import Terminal


def test_a_line_for_each_agent_and_a_column_for_each_layer():
    rows = [
        {"layer": None, "agent": "lantern", "name": "Lantern", "count": 1, "certainty": "mapped"},
        {"layer": "L2", "agent": "harbor", "name": "Harbor", "count": 2, "certainty": "uncertain"},
        {"layer": "L3", "agent": "harbor", "name": "Harbor", "count": 0, "certainty": None},
    ]
    assert heatmap(rows, Terminal()) == (
        "agent    summary  L1  L2  L3  L4  L5  L6  L7\n"
        "harbor   ·        ·   2?  –   ·   ·   ·   ·\n"
        "lantern  1        ·   ·   ·   ·   ·   ·   ·\n"
        "\n"
        "· nothing known   – assessed, no threat recognised   ? not certain\n"
    )


def test_threats_stand_where_agents_would():
    rows = [{"layer": "L3", "threat": "owasp:T2", "name": "Tool Misuse", "count": 3, "certainty": "mapped"}]
    assert heatmap(rows, Terminal()) == (
        "threat    L1  L2  L3  L4  L5  L6  L7\nowasp:T2  ·   ·   3   ·   ·   ·   ·\n\n· nothing known   ? not certain\n"
    )


def test_no_rows_are_said():
    assert heatmap([], Terminal()) == "no rows\n"
