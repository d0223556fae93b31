"""What is true of every drawing of every picture."""

import re
from dataclasses import replace
from xml.etree import ElementTree

from hypothesis import given, settings
from hypothesis import strategies as st

from boxes import boxes, overlapping
from drawings import CASCADE, PLAN, named, pictures
from kb.views.drawings.dot import to_dot
from kb.views.drawings.label import legible, lines_of, width_of
from kb.views.drawings.layout import layout
from kb.views.drawings.mermaid import to_mermaid
from kb.views.drawings.svg import to_svg

SVG = "{http://www.w3.org/2000/svg}"
NAMES = st.text(max_size=60) | st.text("ab wM漢é/-_", max_size=60)
TAGS = {"svg", "title", "desc", "metadata", "style", "rect", "g", "path", "circle", "polygon", "text"}
ATTRIBUTE = re.compile(r"[\w #.,:()%'+-]*")


@settings(max_examples=40)
@given(pictures(NAMES))
def test_labels_have_room_and_everything_is_inside(picture):
    placed = layout(picture)
    assert overlapping(placed) == []
    assert all(
        box.left >= 0 and box.top >= 0 and box.right <= placed.width and box.bottom <= placed.height for box in boxes(placed)
    )
    inside = [point for lane in placed.lanes.values() for point in lane]
    assert all(0 <= x <= placed.width and 0 <= y <= placed.height for x, y in inside)


@settings(max_examples=25)
@given(pictures(st.text(max_size=10)))
def test_every_spot_and_every_link_is_drawn_once_and_each_time_the_same(picture):
    drawn = [draw(picture) for draw in (to_svg, to_mermaid, to_dot)]
    root = ElementTree.fromstring(drawn[0])
    groups = {group.get("class"): list(group) for group in root.iter(f"{SVG}g")}
    assert len(groups["kb-spots"]) == len(picture.spots)
    assert len(groups["kb-links"]) + len(groups["kb-chain"]) == len(picture.links)
    assert [draw(picture) for draw in (to_svg, to_mermaid, to_dot)] == drawn


@settings(max_examples=6)
@given(st.permutations(["desk/planner", "desk/payments", "desk/archive"]))
def test_the_order_of_a_mapping_moves_no_byte(order):
    sizes = {spot: (0.01 * len(spot), spot) for spot in order}
    placed = {spot: (f"control at {spot}",) for spot in order}
    first, last = PLAN.states
    shuffled = replace(PLAN, states=(first, replace(last, sizes=sizes, placed=placed)))
    sorted_ = replace(
        PLAN, states=(first, replace(last, sizes=dict(sorted(sizes.items())), placed=dict(sorted(placed.items()))))
    )
    assert [draw(shuffled) for draw in (to_svg, to_mermaid, to_dot)] == [draw(sorted_) for draw in (to_svg, to_mermaid, to_dot)]


@settings(max_examples=100)
@given(st.text())
def test_no_text_leaves_its_place_in_an_svg(name):
    root = ElementTree.fromstring(to_svg(named(PLAN, f"Qx{name}")))
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= TAGS
    said = [value for element in root.iter() for value in element.attrib.values()]
    assert [value for value in said if "Qx" in value or not ATTRIBUTE.fullmatch(value)] == []
    assert "Qx" not in str(root.findtext(f"{SVG}style"))
    assert root.findtext(f"{SVG}title") == legible(f"If Qx{name} falls?")


@given(st.text())
def test_no_text_leaves_its_string_in_mermaid(name):
    string = re.compile(r'"[^"\n]*"')
    assert string.sub('""', to_mermaid(named(CASCADE, name))) == string.sub('""', to_mermaid(named(CASCADE, "plain")))


@given(st.text())
def test_no_text_leaves_its_string_in_dot(name):
    string = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
    assert string.sub('""', to_dot(named(CASCADE, name))) == string.sub('""', to_dot(named(CASCADE, "plain")))


@given(NAMES, st.floats(40, 300), st.integers(1, 4))
def test_lines_of_a_name_fit_and_begin_and_end_as_it_does(name, room, most):
    text = legible(name).strip()
    lines = lines_of(text, room, most)
    assert len(lines) <= most
    assert all(width_of(line) <= room + 1e-6 for line in lines)
    if lines:
        assert text.startswith(lines[0].partition("…")[0]) or "…" in text
        assert text.endswith(lines[-1].rpartition("…")[2])
