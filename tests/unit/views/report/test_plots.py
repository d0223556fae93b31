"""The plots of a report say in words what they show, and draw what they say."""

from xml.etree import ElementTree

from kb.views.report.plots import heat_maps, risk_by_agent, risk_steps, score_distribution

SVG = "{http://www.w3.org/2000/svg}"


def agent(score):
    return {"aivss": score}


def texts(svg):
    return [element.text for element in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def bars(svg, look):
    found = ElementTree.fromstring(svg).iter(f"{SVG}rect")
    return [rect.attrib for rect in found if look in rect.attrib["class"].split()]


def spoken(svg):
    return ElementTree.fromstring(svg).find(f"{SVG}desc").text


def test_scores_fall_into_bins_of_one_and_a_ten_into_the_last():
    svg = score_distribution([agent(0.0), agent(3.9), agent(9.0), agent(10.0), agent(None)])
    assert spoken(svg) == "Of 5 agents 1 from 0 to 1, 1 from 3 to 4, 2 from 9 to 10; 1 without a score."
    assert [text for text in texts(svg) if "–" not in text] == ["1", "1", "2", "1", "no score", "AIVSS score"]
    assert [bar["height"] for bar in bars(svg, "bar")] == ["60", "60", "120", "60"]


def test_no_score_is_no_bar_at_zero():
    svg = score_distribution([agent(None), agent(None)])
    assert spoken(svg) == "Of 2 agents none has a score; 2 without a score."
    assert [bar["class"] for bar in bars(svg, "bar")] == ["bar fill-unknown hatched"]


def test_bars_have_the_colours_of_their_bands():
    svg = score_distribution([agent(score) for score in (0.5, 5.0, 8.0, 9.5)])
    assert [bar["class"] for bar in bars(svg, "bar")] == [
        "bar fill-low",
        "bar fill-medium",
        "bar fill-high",
        "bar fill-critical",
    ]


def cell(agent, layer, count, certainty="mapped"):
    return {"agent": agent, "name": None, "layer": layer, "count": count, "certainty": certainty}


def test_a_heat_map_tells_unknown_from_none_and_unsure():
    (svg,) = heat_maps(
        [cell("a", "L1", 2), cell("a", "L2", 0), cell("a", "L3", 1, "uncertain"), cell("a", None, 3)], {"a": "A"}
    )
    layers = ["L1", "L2", "L3", "L4", "L5", "L6", "L7", "summary"]
    assert texts(svg) == [*layers, "A", "2", "–", "1?", "·", "·", "·", "·", "3"]
    assert len(bars(svg, "hollow")) == 1


def test_a_heat_map_is_drawn_in_parts_that_a_page_holds():
    drawings = heat_maps([cell(f"a{number:02}", "L1", 1) for number in range(60)], {})
    assert [len(bars(svg, "heat-0")) for svg in drawings] == [28, 28, 4]


def plan(losses, bound):
    before, *after = losses
    return {
        "before": {"loss": before, "low": before - 0.1, "high": before + 0.1},
        "after": {"loss": losses[-1], "low": losses[-1] - 0.1, "high": losses[-1] + 0.1},
        "steps": [{"loss_after": loss} for loss in after],
        "bound": bound,
        "budget": 2,
    }


def test_the_loss_is_shown_now_and_after_each_step_with_the_bound():
    svg = risk_steps(plan([2.0, 1.5, 1.0], 0.5), ["1. one", "2. two"])
    assert texts(svg) == ["now", "2", "1. one", "1.5", "2. two", "1", "no 2 actions leave less than 0.5"]
    assert spoken(svg) == "Expected loss 2, then 1.5, then 1; no 2 actions leave less than 0.5."
    now, one, two = (float(bar["width"]) for bar in (*bars(svg, "risk"), *bars(svg, "residual")))
    assert (round(one / now, 2), round(two / now, 2)) == (0.75, 0.5)


def test_the_interval_of_one_step_is_that_of_the_whole_plan():
    whiskers = [line for line in risk_steps(plan([2.0, 1.0], 1.0), ["1. one"]).split("<line") if "whisker" in line]
    assert len(whiskers) == 6


def test_each_agent_is_shown_before_and_after():
    svg = risk_by_agent([{"agent": "v/a", "before": 0.5, "after": 0.25}], {"v/a": "A"})
    assert texts(svg) == ["A", "0.5000 before", "0.2500 after"]
    assert spoken(svg) == "A 0.5000 before, 0.2500 after."
    assert float(bars(svg, "residual")[0]["width"]) * 2 == float(bars(svg, "risk")[0]["width"])


def test_an_exact_loss_has_no_interval():
    exact = {"loss": 1.0, "low": 1.0, "high": 1.0}
    svg = risk_steps(plan([2.0, 1.0], 1.0) | {"before": exact, "after": exact}, ["1. one"])
    assert "whisker" not in svg
