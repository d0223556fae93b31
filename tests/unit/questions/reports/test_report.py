"""What a report gathers, on a system small enough to see what is right."""

from math import isclose, prod

import pytest

from kb.errors import UsageError
from kb.questions.reports.chains import factors_of
from kb.questions.reports.coverage import coverage_of
from kb.questions.reports.findings import findings_of, percent, recommendation_of
from kb.questions.today import today
from reports import loaded, reported

SECOND = "kind: system\nid: second\nagents: [{id: lone, based_on: teller}, {id: other, faces: [{threat: owasp:T2}]}]\n"
SILENT = """\
kind: system
id: silent
agents:
  - {id: first, faces: [{threat: owasp:T12, susceptibility: 1}]}
  - {id: next, faces: [{threat: owasp:T12, susceptibility: 1}]}
integrations: [{from: first, to: next, channel: message, forward: 0.5}]
"""
TILL = ["till/browser", "till/payments", "till/planner"]


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    with loaded(tmp_path_factory.mktemp("base"), SECOND, SILENT) as opened:
        yield opened


@pytest.fixture(scope="module")
def report(base):
    return base.report(system="till", day="2026-11-21")


def test_the_only_system_is_taken(tmp_path):
    found = reported(tmp_path)
    assert found["scope"] == {"system": "till", "agents": TILL}
    assert (found["title"], found["date"], found["command"]) == (
        "Threat report: Till",
        "2026-11-21",
        "kb report --system till",
    )


def test_several_systems_are_named(base):
    with pytest.raises(UsageError, match="there are 3 systems: second, silent, till"):
        base.report()


def test_figures_are_those_of_the_questions(base, report):
    (part,) = report["systems"]
    ranking = base.ask("blast-ranking", system="till").rows
    same = ("agent", "blast_radius", "low", "high", "exposure", "exposure_low", "exposure_high")
    assert [{name: row[name] for name in same} for row in part["ranking"]["rows"]] == [
        {name: row[name] for name in same} for row in ranking
    ]
    strangers = {row["agent"]: row for row in base.cascade("outside", system="till")["reached"]}
    for chain in part["from_outside"]["chains"]:
        row = strangers[chain["agent"]]
        same = ("probability", "low", "high", "harmed", "criticality", "chain_probability", "layers", "further_ways")
        assert {name: chain[name] for name in same} == {name: row[name] for name in same}
    plan = base.plan(3, system="till")
    assert {name: part["plan"][name] for name in ("before", "after", "bound", "optimal", "steps")} == {
        name: plan[name] for name in ("before", "after", "bound", "optimal", "steps")
    }
    assert report["shared_threats"] == [
        {**row, "disputed": []} for row in _without(base.ask("shared-threats", system="till").rows, "count", "via")
    ]


def _without(rows, *names):
    return [{name: value for name, value in row.items() if name not in names} for row in rows]


def test_the_residual_risk_adds_up_to_the_loss_of_the_plan(report):
    plan = report["systems"][0]["plan"]
    for when in ("before", "after"):
        rows = plan["residual"]["rows"]
        loss = sum(row[when] * (1.0 if row["criticality"] is None else row["criticality"]) for row in rows)
        assert isclose(loss, plan[when]["loss"], rel_tol=1e-9)


def test_the_factors_of_every_chain_multiply_to_its_probability(report):
    (part,) = report["systems"]
    chains = [*part["from_outside"]["chains"], *(chain for one in part["from_agents"] for chain in one["chains"])]
    assert len(chains) == 7
    assert all(
        isclose(prod(factor["value"] for factor in chain["factors"]), chain["chain_probability"], rel_tol=1e-9)
        for chain in chains
    )


def test_a_control_that_stands_in_the_way_twice_is_one_factor():
    control = {"control": "owasp:P1.1", "holds": 0.5, "source": "assumed"}
    step = {
        "agent": "v/a",
        "threat": "owasp:T6",
        "channel": None,
        "strength": None,
        "susceptibility": 0.5,
        "controls": [control],
    }
    arrived = step | {"channel": "message", "strength": 0.8}
    assert factors_of([arrived, step]) == [
        {"factor": "strength", "of": "message", "value": 0.8, "step": 0, "source": None},
        {"factor": "susceptibility", "of": "owasp:T6", "value": 0.5, "step": 0, "source": None},
        {"factor": "fails", "of": "owasp:P1.1", "value": 0.5, "step": 0, "source": "assumed"},
        {"factor": "susceptibility", "of": "owasp:T6", "value": 0.5, "step": 1, "source": None},
    ]


def test_where_strangers_reach_nobody_the_worst_agent_starts(base):
    (part,) = base.report(system="silent")["systems"]
    assert part["from_outside"] is None
    assert [(one["agent"], one["blast_radius"]["value"]) for one in part["from_agents"]] == [("silent/first", 0.5)]
    assert (part["choke_points"]["from"], part["choke_points"]["to"]) == ("silent/first", "silent/next")
    assert part["plan"]["from"] == "silent/first"
    assert [row["exposure"] for row in part["ranking"]["rows"]] == [None, None]


def test_where_nothing_falls_the_report_says_why(base):
    (part,) = base.report(system="second")["systems"]
    assert part["from_agents"] == []
    assert part["plan"] == {
        "why": "nothing can start: no member is an entry that can fall, and none takes another along",
    }
    assert part["choke_points"]["why"] == "nobody falls to strangers or with an agent, so that there is no way to choke"


def test_named_agents_are_reported_of_their_systems_and_products_beside_them(base):
    found = base.report(["second/lone", "payments", "scribe"])
    assert found["scope"] == {"system": None, "agents": ["scribe", "second/lone", "till/payments"]}
    assert [(part["system"], part["agents"]) for part in found["systems"]] == [
        ("second", ["second/lone"]),
        ("till", ["till/payments"]),
    ]
    assert found["not_followed"] == [{"agent": "scribe", "name": "Scribe", "deployed_as": ["till/browser"]}]
    assert [(row["threat"], row["agents"]) for row in found["shared_threats"]] == [
        ("owasp:T2", ["scribe", "second/lone", "till/payments"])
    ]
    (_, till) = found["systems"]
    assert [row["agent"] for row in till["ranking"]["rows"]] == ["till/payments"]
    assert till["plan"]["protected"] == ["till/payments"]
    assert [row["agent"] for row in till["plan"]["residual"]["rows"]] == ["till/payments"]


def test_a_ranking_of_few_agents_has_the_figures_of_the_ranking_of_all(base, report):
    (part,) = base.report(["till/payments", "till/browser"])["systems"]
    whole = report["systems"][0]["ranking"]["rows"]
    assert part["ranking"]["rows"] == [row for row in whole if row["agent"] in ("till/payments", "till/browser")]


def test_coverage_counts_a_control_against_what_maps_closely_to_what_it_counters():
    profile = {"implements": [{"id": "aidefend:AID-I-001", "name": None, "coverage": None, "via": None, "assessment": "d"}]}
    bare = {"implements": [{"id": "aidefend:AID-I-001", "name": None, "coverage": 0.0, "via": None, "assessment": "d"}]}
    shared = [{"threat": "owasp:T2", "name": "Tool Misuse", "agents": ["a", "b"], "disputed": []}]
    found = coverage_of({"a": profile, "b": bare}, shared)
    assert found["threats"] == [
        {
            "threat": "owasp:T2",
            "name": "Tool Misuse",
            "agents": ["a", "b"],
            "uncovered": ["b"],
            "controls": ["aidefend:AID-I-001"],
        }
    ]
    assert found["controls"][0]["counters"] == [{"threat": "owasp:T2", "counted_against": "asi:ASI02"}]


def test_findings_follow_their_rule(report):
    assert [finding["finding"] for finding in findings_of(report)] == ["exposed", "blast", "uncovered"]
    unfollowed = findings_of(report | {"systems": []})
    assert [finding["finding"] for finding in unfollowed] == ["uncovered", "score", "unscored"]
    unplaced = report | {"systems": [], "coverage": {"controls": [], "threats": report["coverage"]["threats"]}}
    assert [finding["finding"] for finding in findings_of(unplaced)] == ["score", "shared", "unscored"]
    empty = {"systems": [], "coverage": {"controls": [], "threats": []}, "agents": [], "shared_threats": [], "names": {}}
    assert findings_of(empty) == []
    assert recommendation_of(empty) is None


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (0.0, "0\u202f%"),
        (0.004, "under 1\u202f%"),
        (0.494, "49\u202f%"),
        (0.9951, "over 99\u202f%"),
        (1.0, "100\u202f%"),
        (None, "an unknown share"),
    ],
)
def test_what_is_not_quite_none_or_all_does_not_read_so(share, said):
    assert percent(share) == said


def test_what_nobody_knows_is_listed_and_no_zero(report):
    planner = next(row for row in report["agents"] if row["agent"] == "till/planner")
    assert (planner["aivss"], planner["severity"], planner["criticality"], planner["factor_sum"]) == (None,) * 4
    told = {(row["unknown"], row["agent"]) for row in report["unknowns"]}
    assert {("score", "till/planner"), ("criticality", "till/planner"), ("layer", "till/planner")} <= told


@pytest.mark.parametrize("scope", [["till/browser"], ["scribe"], TILL])
def test_the_command_of_a_report_makes_it_again(base, scope):
    found = base.report(scope, budget=2, day="2026-11-21")
    words = found["command"].split()
    assert words[:2] == ["kb", "report"]
    assert words[-2:] == ["--budget", "2"]
    assert base.report(words[2:-2], budget=2, day="2026-11-21") == found


def test_the_day_is_that_of_the_source_where_it_has_one():
    assert today({"SOURCE_DATE_EPOCH": "0"}) == "1970-01-01"
    assert len(today({})) == len("2026-11-21")
    with pytest.raises(UsageError, match="SOURCE_DATE_EPOCH is 'x'"):
        today({"SOURCE_DATE_EPOCH": "x"})


def test_documents_are_numbered_and_whoever_speaks_of_the_scope_is_there(report):
    assert [(row["number"], row["subject"], row["kind"], row["as_of"]) for row in report["sources"]["documents"]] == [
        (1, "till", "system", "2026-11-03"),
        (2, "scribe", "assessment", "2026-11-02"),
        (3, "teller", "assessment", None),
    ]


def test_agents_that_score_as_high_are_counted():
    agents = [
        {"agent": name, "name": None, "aivss": score, "severity": "High", "aivss_version": "0.8"}
        for name, score in (("a", 7.0), ("b", 8.5), ("c", 8.5), ("d", 8.5))
    ]
    told = {"systems": [], "coverage": {"controls": [], "threats": []}, "agents": agents, "shared_threats": [], "names": {}}
    (finding,) = findings_of(told)
    assert finding["text"] == "b and 2 others score highest: AIVSS 8.5, High, by version 0.8."
