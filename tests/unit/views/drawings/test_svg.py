"""A picture as SVG: whole, self-contained, the same each time."""

import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from drawings import CASCADE, EMPTY, PLAN, named
from golden import is_kept
from hostile import CROWD
from kb.questions.pictures.picture import Picture
from kb.views.drawings.svg import to_svg

SVG = "{http://www.w3.org/2000/svg}"
SAID = re.compile(r"[\w #.,:()%'+-]*")
"""What attributes hold: figures, colours, path data, names of classes and fonts."""


def texts(picture: Picture) -> list[str]:
    """What stands in the drawing, without the isolates around names."""
    root = ElementTree.fromstring(to_svg(picture))
    return ["".join(element.itertext()).strip("\u2068\u2069") for element in root.iter(f"{SVG}text")]


@pytest.mark.parametrize(("picture", "name"), [(CASCADE, "cascade.svg"), (PLAN, "plan.svg"), (EMPTY, "empty.svg")])
def test_a_drawing_is_byte_for_byte_as_it_was(picture, name):
    is_kept(to_svg(picture), name)


def test_question_answer_caps_and_origin_are_written_on_it():
    said = texts(CASCADE)
    assert said[:2] == [CASCADE.question, CASCADE.answer]
    assert said[-2:] == [
        "showing 4 of 4,312 agents; more with --max-nodes 400; not complete: floor 0.001",
        "kb map --cascade desk/reader  ·  2 assumptions  ·  base 1f1f1f1f1f1f, schema 1",
    ]


def test_figures_stand_on_agents_and_the_start_is_named():
    said = texts(CASCADE)
    assert [word for word in said if word in ("falls first", "1.00", "0.15", "0.07", "0.08", "0.004")] == [
        "falls first", "falls first", "1.00", "0.15", "0.08", "0.004",
    ]  # fmt: skip


def test_a_plan_shows_each_figure_before_and_after():
    assert [word for word in texts(PLAN) if " → " in word] == [
        PLAN.answer, "0.15 → 0.07", "0.08 → 0.02", "as it is → after step 2",
    ]  # fmt: skip


def test_who_cannot_see_it_hears_the_answer_and_the_largest():
    root = ElementTree.fromstring(to_svg(CASCADE))
    assert (root.get("role"), root.findtext(f"{SVG}title")) == ("img", CASCADE.question)
    assert root.findtext(f"{SVG}desc") == (
        f"{CASCADE.answer} probability of falling: Planner 0.15; Payments 0.08; Archive 0.004."
        " showing 4 of 4,312 agents; more with --max-nodes 400."
    )


def test_the_leading_chain_and_nothing_else_is_drawn_in_the_colour_of_risk():
    root = ElementTree.fromstring(to_svg(CASCADE))
    (chain,) = (group for group in root.iter(f"{SVG}g") if group.get("class") == "kb-chain")
    assert [title.text for title in chain.iter(f"{SVG}title")] == [
        "desk/reader → desk/planner, message, strength 0.5 (document: desk.yaml:15)"
    ]


def test_severed_trust_is_crossed_out_and_controls_are_counted():
    root = ElementTree.fromstring(to_svg(PLAN))
    (gone,) = (group for group in root.iter(f"{SVG}g") if group.get("class") == "kb-gone")
    assert gone.findtext(f"{SVG}title") == "desk/planner → desk/payments, tool-call, strength 0.5"
    badges = [group for group in root.iter(f"{SVG}g") if group.get("class") == "kb-badge"]
    assert [(badge.findtext(f"{SVG}title"), badge.findtext(f"{SVG}text")) for badge in badges] == [
        ("put in place here: aidefend:AID-H-002, owasp:P1.1", "+2"),
        (None, "+1"),
    ]


def test_unknown_is_neither_zero_nor_a_band():
    unknown = replace(
        CASCADE, spots=tuple(replace(spot, size=None, severity=None, chain=None) for spot in CASCADE.spots), chains=()
    )
    said = texts(unknown)
    assert ("0.00" in said, said.count("?"), "no score" in said, "AIVSS None" in said) == (False, 3, True, False)


def test_it_refers_to_nothing_outside_and_runs_nothing():
    for picture in (CASCADE, PLAN):
        text = to_svg(picture)
        assert re.findall(r"href|<script|<foreignObject|<image|@import|url\(|\bon\w+=|<!", text) == []
        assert re.findall(r"https?://[^\"]*", text) == ["http://www.w3.org/2000/svg"]


@pytest.fixture(scope="module")
def plain():
    """A drawing in which every name is plain."""
    return ElementTree.fromstring(to_svg(named(PLAN, "plain")))


@pytest.mark.parametrize("name", CROWD, ids=range(len(CROWD)))
def test_a_hostile_name_is_text_and_nothing_but_text(name, plain):
    drawn = ElementTree.fromstring(to_svg(named(PLAN, name)))
    assert {element.tag for element in drawn.iter()} == {element.tag for element in plain.iter()}
    assert [value for element in drawn.iter() for value in element.attrib.values() if not SAID.fullmatch(value)] == []
    assert drawn.findtext(f"{SVG}style") == plain.findtext(f"{SVG}style")
