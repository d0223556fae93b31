"""The room that spots and their labels take in a layout, and which of it is taken twice."""

from collections.abc import Iterator
from typing import NamedTuple

from kb.views.drawings.label import width_of
from kb.views.drawings.layout import LABEL_GAP, LEADING, Layout


class Box(NamedTuple):
    """A rectangle, and whose it is."""

    left: float
    top: float
    right: float
    bottom: float
    of: str


def boxes(placed: Layout) -> list[Box]:
    """Of each spot the box of the spot and the box of its label."""
    found = []
    for spot, (x, y) in placed.points.items():
        radius, label = placed.radii[spot], placed.labels[spot]
        half = max((width_of(line, placed.label_size) for line in label), default=0.0) / 2
        top = y + radius + LABEL_GAP
        found += [
            Box(x - radius, y - radius, x + radius, y + radius, spot),
            Box(x - half, top, x + half, top + len(label) * placed.label_size * LEADING, spot),
        ]
    return found


def overlapping(placed: Layout) -> list[tuple[str, str]]:
    """The spots of which boxes overlap by more than rounding."""
    found = []
    open_: list[Box] = []
    for box in sorted(boxes(placed), key=lambda box: box.left):
        open_ = [other for other in open_ if other.right > box.left + 0.2]
        found += [(other.of, box.of) for other in _meeting(box, open_)]
        open_.append(box)
    return found


def _meeting(box: Box, others: list[Box]) -> Iterator[Box]:
    return (each for each in others if each.of != box.of and each.bottom > box.top + 0.2 and box.bottom > each.top + 0.2)
