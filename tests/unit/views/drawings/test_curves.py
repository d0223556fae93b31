"""The way of links between spots."""

import re
from dataclasses import replace
from math import hypot

import pytest

from drawings import CASCADE, EMPTY
from kb.questions.pictures.picture import Link, Spot
from kb.views.drawings.curves import RIM, curves
from kb.views.drawings.layout import layout

NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


def places(path: str) -> list[tuple[float, float]]:
    """The points of path data."""
    figures = [float(figure) for figure in NUMBER.findall(path)]
    return list(zip(figures[::2], figures[1::2], strict=True))


def between(columns: tuple[int, int], *links: tuple[str, str]):
    """The curves of links between two spots ``a`` and ``b`` in ``columns``, and their layout."""
    spots = tuple(Spot(name, name, "Agent", column) for name, column in zip("ab", columns, strict=True))
    picture = replace(EMPTY, spots=spots, links=tuple(Link(one, other, "TRUSTS", "message", 0.5) for one, other in links))
    placed = layout(picture)
    return curves(picture, placed), placed


def test_a_link_leaves_the_rim_of_its_source_and_its_tip_is_on_the_rim_of_its_target():
    placed = layout(CASCADE)
    for link, curve in zip(CASCADE.links, curves(CASCADE, placed), strict=True):
        (x, y), (tip_x, tip_y) = places(curve.line)[0], places(curve.head)[0]
        source, target = placed.points[link.source], placed.points[link.target]
        assert hypot(x - source.x, y - source.y) == pytest.approx(placed.radii[link.source] + RIM, abs=0.1)
        assert hypot(tip_x - target.x, tip_y - target.y) == pytest.approx(placed.radii[link.target] + RIM, abs=0.1)


def test_the_head_points_to_where_compromise_goes():
    (there, back), placed = between((0, 1), ("a", "b"), ("b", "a"))
    for curve, target, onward in ((there, "b", 1), (back, "a", -1)):
        tip, *corners = places(curve.head)
        assert all((tip[0] - corner[0]) * onward > 0 for corner in corners)
        assert abs(tip[0] - placed.points[target].x) < abs(corners[0][0] - placed.points[target].x)


def test_links_between_the_same_two_do_not_lie_on_each_other():
    drawn, _ = between((0, 1), ("a", "b"), ("a", "b"), ("b", "a"))
    assert len({curve.middle for curve in drawn}) == 3
    assert min(abs(one.middle.y - other.middle.y) for one in drawn for other in drawn if one is not other) > 3


def test_a_link_within_a_column_bends_aside():
    (curve,), placed = between((0, 0), ("a", "b"))
    assert curve.middle.x > placed.points["a"].x + 40


def test_a_link_to_itself_is_a_loop_beside_its_spot():
    (curve,), placed = between((0, 1), ("a", "a"))
    assert curve.middle.x > placed.points["a"].x + placed.radii["a"] + RIM


def test_a_long_link_passes_its_lanes():
    placed = layout(CASCADE)
    ((index, lanes),) = placed.lanes.items()
    assert CASCADE.links[index].source == "desk/reader"
    assert set(lanes) <= set(places(curves(CASCADE, placed)[index].line))


def test_a_stronger_link_has_a_larger_head_and_all_shrink_in_large_pictures():
    placed = layout(CASCADE)

    def length(index: int, scale: float) -> float:
        curve = curves(CASCADE, placed, scale)[index]
        (tip_x, tip_y), (x, y) = places(curve.head)[0], places(curve.line)[-1]
        return hypot(tip_x - x, tip_y - y)

    assert length(1, 1.0) > length(0, 1.0) > length(5, 1.0) > length(5, 0.35)
