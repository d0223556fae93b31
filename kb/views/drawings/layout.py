"""Where the spots of a picture stand: in columns, ordered so that few links cross, with room for every label."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count, pairwise
from math import ceil, sqrt
from typing import NamedTuple

from kb.questions.pictures.picture import Picture, Spot
from kb.views.drawings.label import REGULAR, legible, lines_of, width_of
from kb.views.drawings.ordering import Items, heights, ordered

ROWS = 12
"""Spots that a column holds before it wraps; more in a picture that would else be far wider than high."""
WIDE = 1100.0
"""Pixels that a picture of several columns is wide at least, as long as its columns stay near each other."""
MARGIN, HEADING = 32.0, 44.0
"""Pixels around the picture, and those above the spots for the headings of the columns."""
HEADING_ROOM = 130.0
"""Width of a line of a heading, of which there are two at most."""
LEADING = 1.25
"""Height of a line to that of its letters."""
FIGURE_RADIUS = 13.0
"""Radius from which on a figure fits into a spot; in a picture with smaller ones figures stand below the names."""
LABEL_GAP = 6.0
"""Pixels between a spot and its label."""
_LANE = 9.0
"""Half of the height of a lane that a link over several columns keeps free."""
_BAND = 12.0
"""Pixels of a column beside its labels."""
_LANES = 600
"""Lanes beyond which links over several columns go straight: nobody follows one there."""
_BROAD = 1.6
"""Width of a large picture to its height."""


class Point(NamedTuple):
    """A place in pixels from the upper left corner."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Layout:
    """Where everything of a picture stands, in pixels."""

    points: Mapping[str, Point]
    """Spot id to its centre."""
    radii: Mapping[str, float]
    labels: Mapping[str, tuple[str, ...]]
    """Spot id to its name for below it: legible, in lines, shortened to fit."""
    label_size: float
    """Pixels of the letters of a label; a line is :data:`LEADING` times as high."""
    lanes: Mapping[int, tuple[Point, ...]]
    """Index of a link to the points that it passes from its source to its target; one that is not named goes straight."""
    headings: tuple[Point, ...]
    """Where each column's heading stands: the middle of its baseline."""
    bands: tuple[tuple[float, float], ...]
    """The left and the right end of each column, with its labels."""
    width: float
    height: float


class _Scale(NamedTuple):
    least: float
    most: float
    """Radii of the smallest and the largest spot."""
    room: float
    """Width of a label."""
    lines: int
    letters: float
    between: float
    """From the labels of one column to those of the next."""
    within: float
    """The same between the parts of a column that wraps."""


class _Across(NamedTuple):
    """A column: the ``x`` of each of its parts, and its ends."""

    xs: list[float]
    left: float
    right: float


_SCALES = (
    (16, _Scale(18, 40, 180, 2, 15, 130, 50)),
    (40, _Scale(15, 32, 150, 2, 13, 110, 40)),
    (160, _Scale(14, 24, 130, 2, 12, 100, 30)),
    (600, _Scale(8, 16, 110, 1, 11, 120, 24)),
)
_SMALLEST = _Scale(6, 12, 90, 1, 10, 160, 18)
"""Spots up to which things are drawn at a scale."""


def layout(picture: Picture) -> Layout:
    """Where the spots of ``picture`` stand; linear in its spots and links but for sorting."""
    scale = next((scale for most, scale in _SCALES if len(picture.spots) <= most), _SMALLEST)
    top = max([1.0, *(spot.size for spot in picture.spots if spot.size is not None)])
    radii = [_radius(spot, scale, top) for spot in picture.spots]
    names = [legible(spot.label.strip() or spot.id) for spot in picture.spots]
    labels = [lines_of(name, scale.room, scale.lines, scale.letters) for name in names]
    columns = _columns(picture)
    parts = _parts(columns, scale)
    items, lanes = _items(picture, columns, parts, _rooms(picture, radii, labels, scale))
    rows = [_rows(column, wrapped) for column, wrapped in zip(ordered(items), parts, strict=True)]
    across = _across(picture, rows, radii, labels, scale)
    at = _points(rows, heights(rows, items), across, items)
    ids = [spot.id for spot in picture.spots]
    return Layout(
        points={id: at[number] for number, id in enumerate(ids)},
        radii=dict(zip(ids, radii, strict=True)),
        labels=dict(zip(ids, labels, strict=True)),
        label_size=scale.letters,
        lanes={index: tuple(at[lane] for lane in passed) for index, passed in lanes.items()},
        headings=tuple(Point(round((band.left + band.right) / 2, 1), MARGIN + 14.0) for band in across),
        bands=tuple((band.left, band.right) for band in across),
        width=round(across[-1].right + MARGIN, 1),
        height=round(max((point.y + items.below[item] for item, point in at.items()), default=HEADING) + MARGIN, 1),
    )


def _radius(spot: Spot, scale: _Scale, top: float) -> float:
    """Its area rises with its size; ``top`` is 1 where sizes are probabilities, else the largest."""
    if spot.size is None:
        return scale.most * 0.8 if spot.role == "start" else scale.least
    if spot.kind == "Resource":
        return scale.least
    return round(scale.least + (scale.most - scale.least) * sqrt(max(spot.size, 0.0) / top), 1)


def _columns(picture: Picture) -> list[list[int]]:
    """The numbers of the spots of each column, the largest first."""
    needed = max([1, len(picture.columns), *(spot.column + 1 for spot in picture.spots)])
    columns: list[list[int]] = [[] for _ in range(needed)]
    for number in sorted(range(len(picture.spots)), key=lambda n: (-(picture.spots[n].size or 0.0), picture.spots[n].id)):
        columns[picture.spots[number].column].append(number)
    return columns


def _parts(columns: Sequence[Sequence[int]], scale: _Scale) -> list[int]:
    """How many parts each column is wrapped into."""
    cell = (scale.room + scale.within) / (2 * scale.least + LABEL_GAP + 2.5 * scale.letters)
    rows = max(ROWS, ceil(sqrt(sum(map(len, columns)) * cell / _BROAD)))
    return [max(1, ceil(len(column) / rows)) for column in columns]


def _rooms(
    picture: Picture, radii: Sequence[float], labels: Sequence[Sequence[str]], scale: _Scale
) -> list[tuple[float, float]]:
    """What each spot needs above and below its centre: a line for its role, its name, a line for what else is said of it."""
    line = scale.letters * LEADING
    figures = 1 if picture.states or scale.least < FIGURE_RADIUS else 0
    return [
        (radius + line * (1.6 if spot.role else 0.6), radius + LABEL_GAP + line * (len(label) + figures + 0.4))
        for spot, radius, label in zip(picture.spots, radii, labels, strict=True)
    ]


def _items(
    picture: Picture, columns: Sequence[list[int]], parts: Sequence[int], rooms: Sequence[tuple[float, float]]
) -> tuple[Items, dict[int, list[int]]]:
    """The spots as items by their numbers, followed by the lanes; and of each link that has lanes these, from its source on."""
    ways = _ways(picture, straight=max(parts) > 1)
    filled, lanes, pulls = [list(column) for column in columns], {}, []
    for index, (way, onward) in enumerate(ways):
        pulls += list(pairwise(way))
        if len(way) > 2:
            lanes[index] = way[1:-1] if onward else way[-2:0:-1]
            for column, lane in enumerate(way[1:-1], picture.spots[way[0]].column + 1):
                filled[column].append(lane)
    beside = [_LANE] * sum(map(len, lanes.values()))
    above, below = (_alike(side, columns, parts) for side in zip(*rooms, strict=True)) if rooms else ([], [])
    return Items(filled, pulls, above + beside, below + beside), lanes


def _ways(picture: Picture, *, straight: bool) -> list[tuple[list[int], bool]]:
    """Of each link the items that it passes from left to right, and whether that is its direction.

    A link within a column passes none. Between its ends are its lanes, unless all links are ``straight`` or lanes too many;
    they are numbered on from the spots.
    """
    numbers = {spot.id: number for number, spot in enumerate(picture.spots)}
    column = [spot.column for spot in picture.spots]
    ends = [(numbers[link.source], numbers[link.target]) for link in picture.links]
    free = count(len(numbers))
    straight = straight or sum(max(abs(column[one] - column[other]) - 1, 0) for one, other in ends) > _LANES
    ways = []
    for one, other in ends:
        left, right = (one, other) if column[one] < column[other] else (other, one)
        lanes = [] if straight else [next(free) for _ in range(column[left] + 1, column[right])]
        ways.append(([left, *lanes, right] if column[left] < column[right] else [], left == one))
    return ways


def _alike(side: Sequence[float], columns: Sequence[Sequence[int]], parts: Sequence[int]) -> list[float]:
    """``side`` with one room for all spots of a column that wraps: rows of a grid are alike."""
    rooms = list(side)
    for column, wrapped in zip(columns, parts, strict=True):
        highest = max((side[number] for number in column), default=0.0)
        for number in column if wrapped > 1 else ():
            rooms[number] = highest
    return rooms


def _rows(column: Sequence[int], parts: int) -> list[list[int]]:
    """``column`` in rows of ``parts`` items: who stands high in its order stands high in the picture."""
    return [list(column[at : at + parts]) for at in range(0, len(column), parts)]


def _across(
    picture: Picture,
    rows: Sequence[Sequence[Sequence[int]]],
    radii: Sequence[float],
    labels: Sequence[Sequence[str]],
    scale: _Scale,
) -> list[_Across]:
    """Where each column stands, none narrower than its heading."""
    wides: list[float] = []
    for column in rows:
        spots = [number for row in column for number in row if number < len(radii)]
        wides.append(max([_heading(picture, len(wides)), *(_wide(radii[n], labels[n], scale) for n in spots)]))
    parts = [max(map(len, column), default=1) for column in rows]
    taken = 2 * (MARGIN + _BAND) + sum(wide * each + scale.within * (each - 1) for wide, each in zip(wides, parts, strict=True))
    between = min(max((WIDE - taken) / max(len(rows) - 1, 1), scale.between), 2 * scale.between)
    across, at = [], MARGIN + _BAND
    for wide, each in zip(wides, parts, strict=True):
        xs = [round(at + wide / 2 + part * (wide + scale.within), 1) for part in range(each)]
        across.append(_Across(xs, round(at - _BAND, 1), round(xs[-1] + wide / 2 + _BAND, 1)))
        at = xs[-1] + wide / 2 + between
    return across


def _heading(picture: Picture, column: int) -> float:
    """Width of a heading on its one or two lines."""
    name = legible(picture.columns[column]) if column < len(picture.columns) else ""
    return max(map(width_of, lines_of(name, HEADING_ROOM, 2)), default=0.0) * REGULAR


def _wide(radius: float, label: Sequence[str], scale: _Scale) -> float:
    return max([2 * radius, *(width_of(line, scale.letters) for line in label)])


def _points(
    rows: Sequence[Sequence[Sequence[int]]], height: Mapping[int, float], across: Sequence[_Across], items: Items
) -> dict[int, Point]:
    """The centre of every item.

    The parts of a column stand a little lower one after the other, so that links between them are seen.
    """
    at = {}
    for column, (xs, _, _) in zip(rows, across, strict=True):
        for row in column:
            for part, item in enumerate(row):
                lower = part / len(xs) * (items.above[item] + items.below[item])
                at[item] = Point(xs[part], round(MARGIN + HEADING + height[item] + lower, 1))
    return at
