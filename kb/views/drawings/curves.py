"""The way of every link of a picture: from the rim of one spot to the rim of another, with an arrow head.

Links leave a spot on the side of where they go, spread over it so that no two lie on top of each other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import atan2, cos, hypot, radians, sin
from typing import NamedTuple

from kb.questions.pictures.picture import Picture
from kb.views.drawings.layout import Layout, Point
from kb.views.style import thickness

RIM = 7.0
"""Pixels between a spot and its links."""
_STEP, _WIDEST = radians(17), radians(62)
"""Angle between links that leave on one side, and the farthest from the level."""


@dataclass(frozen=True, slots=True)
class Curve:
    """One link, drawn."""

    line: str
    """Path data of the line, which ends where the head begins."""
    head: str
    """Path data of the triangle at its end."""
    middle: Point
    """A place on or near the line for what is written on it."""


class _Knot(NamedTuple):
    """A place that a link passes, and the direction in which it does."""

    x: float
    y: float
    dx: float
    dy: float


def curves(picture: Picture, placed: Layout, scale: float = 1.0) -> list[Curve]:
    """The curves of the links of ``picture``, in their order; ``scale`` is that of their thickness."""
    ways = [_way(index, picture, placed) for index in range(len(picture.links))]
    angles = _angles(picture, ways)
    drawn = []
    for index, (link, way) in enumerate(zip(picture.links, ways, strict=True)):
        width = thickness(link.strength) * scale
        tip = _rim(way[-1], way[-2], placed.radii[link.target] + RIM, angles[index, 1])
        tip = tip._replace(dx=-tip.dx, dy=-tip.dy)
        long = 4 * scale + 1.7 * width
        neck = tip._replace(x=tip.x - tip.dx * long, y=tip.y - tip.dy * long)
        onward = 1.0 if way[-1].x >= way[0].x else -1.0
        lanes = [_Knot(point.x, point.y, onward, 0.0) for point in way[1:-1]]
        start = _rim(way[0], way[1], placed.radii[link.source] + RIM, angles[index, 0])
        drawn.append(_curve([start, *lanes, neck], tip, 3 * scale + 0.9 * width))
    return drawn


def _way(index: int, picture: Picture, placed: Layout) -> list[Point]:
    link = picture.links[index]
    return [placed.points[link.source], *placed.lanes.get(index, ()), placed.points[link.target]]


def _side(centre: Point, towards: Point) -> int:
    """1 where a link leaves ``centre`` to the right, which it also does for what stands above or below; else -1."""
    return 1 if towards.x >= centre.x else -1


def _angles(picture: Picture, ways: Sequence[Sequence[Point]]) -> dict[tuple[int, int], float]:
    """Of each end (link, 0 for its source and 1 for its target) the angle at which it meets its spot, down from the level."""
    meeting: dict[tuple[str, int], list[tuple[float, int, int]]] = {}
    for index, (link, way) in enumerate(zip(picture.links, ways, strict=True)):
        for end, spot, centre, towards in ((0, link.source, way[0], way[1]), (1, link.target, way[-1], way[-2])):
            steep = atan2(towards.y - centre.y, max(abs(towards.x - centre.x), 1.0))
            meeting.setdefault((spot, _side(centre, towards)), []).append((steep, index, end))
    angles = {}
    for ends in meeting.values():
        ends.sort()
        step = min(_STEP, 2 * _WIDEST / max(len(ends) - 1, 1))
        reach = step * (len(ends) - 1) / 2
        middle = sum(steep for steep, _, _ in ends) / len(ends) * 0.6
        middle = min(max(middle, reach - _WIDEST), _WIDEST - reach)
        for at, (_, index, end) in enumerate(ends):
            angles[index, end] = middle - reach + at * step
    return angles


def _rim(centre: Point, towards: Point, radius: float, angle: float) -> _Knot:
    """Where a link meets the rim of a spot, and the way out from there."""
    side = _side(centre, towards)
    flat = angle * (0.2 if towards.x == centre.x else 0.7)
    return _Knot(centre.x + side * radius * cos(angle), centre.y + radius * sin(angle), side * cos(flat), sin(flat))


def _curve(knots: Sequence[_Knot], tip: _Knot, half: float) -> Curve:
    line = [f"M{_at(knots[0].x, knots[0].y)}"]
    middles = []
    for one, other in pairwise(knots):
        pull = _pull(one, other)
        leave = (one.x + one.dx * pull, one.y + one.dy * pull)
        arrive = (other.x - other.dx * pull, other.y - other.dy * pull)
        line.append(f"C{_at(*leave)} {_at(*arrive)} {_at(other.x, other.y)}")
        middles.append(
            Point((one.x + other.x + 3 * (leave[0] + arrive[0])) / 8, (one.y + other.y + 3 * (leave[1] + arrive[1])) / 8)
        )
    neck = knots[-1]
    corners = [_at(neck.x - turn * tip.dy * half, neck.y + turn * tip.dx * half) for turn in (1, -1)]
    return Curve("".join(line), f"M{_at(tip.x, tip.y)}L{' '.join(corners)}Z", middles[len(middles) // 2])


def _pull(one: _Knot, other: _Knot) -> float:
    """How far a curve follows the directions of its ends: farther where it has to turn round."""
    if one.dx * other.dx < 0:
        return min(40 + 0.3 * hypot(other.x - one.x, other.y - one.y), 160.0)
    return max(0.42 * abs(other.x - one.x), 20.0)


def _at(x: float, y: float) -> str:
    return f"{x:.1f},{y:.1f}"
