"""The layered layout of numbered items: their order within columns and their heights.

After Sugiyama, Tagawa and Toda (1981), with heights by the method of least squares under an order (pool adjacent violators).
Everything is linear in items and pulls but for sorting.
"""

from collections.abc import Sequence
from dataclasses import dataclass

_SWEEPS = 6
"""Times that each column is ordered after the one to its left, and after the one to its right."""
_COUNTED = 2000
"""Pulls up to which the crossings of every order are counted and the best one is kept; beyond it the last is taken."""


@dataclass(frozen=True, slots=True)
class Items:
    """What is laid out, by number."""

    columns: Sequence[Sequence[int]]
    """The items of each column from the left, in the order that settles ties."""
    pulls: Sequence[tuple[int, int]]
    """Pairs that want to be near each other, the left one first; never of one column."""
    above: Sequence[float]
    """Room that each item needs above its centre."""
    below: Sequence[float]


def ordered(items: Items) -> list[list[int]]:
    """The columns of ``items``, each in an order with few crossings."""
    columns = [list(column) for column in items.columns]
    left, right = _neighbours(items)
    best, fewest = columns, _crossings(columns, items)
    for _ in range(_SWEEPS):
        for numbers, towards in ((range(1, len(columns)), left), (range(len(columns) - 2, -1, -1), right)):
            columns = list(columns)
            place = _places(columns)
            for number in numbers:
                columns[number] = sorted(columns[number], key=lambda item: _barycentre(item, towards[item], place))
                place.update(_column_places(columns[number]))
            crossings = _crossings(columns, items)
            if crossings is None or fewest is None or crossings < fewest:
                best, fewest = columns, crossings
    return best


def heights(columns: Sequence[Sequence[Sequence[int]]], items: Items) -> dict[int, float]:
    """The height of each item's centre, 0 and more; ``columns`` are rows of items that stand beside each other."""
    left, right = _neighbours(items)
    height: dict[int, float] = {}
    for rows in columns:
        _settle(rows, [0.0] * len(rows), [1.0] * len(rows), items, height)
    both = [[*one, *other] for one, other in zip(left, right, strict=True)]
    onward, back = range(len(columns)), range(len(columns) - 1, -1, -1)
    for numbers, towards in ((onward, left), (back, right), (onward, left), (back, both), (onward, both)):
        for number in numbers:
            wanted = [_wanted(row, towards, height) for row in columns[number]]
            _settle(columns[number], [at for at, _ in wanted], [weight for _, weight in wanted], items, height)
    top = min((height[item] - items.above[item] for item in height), default=0.0)
    return {item: at - top for item, at in height.items()}


def _neighbours(items: Items) -> tuple[list[list[int]], list[list[int]]]:
    """Of each item those that pull it to their height from the left, and from the right."""
    left: list[list[int]] = [[] for _ in items.above]
    right: list[list[int]] = [[] for _ in items.above]
    for one, other in items.pulls:
        right[one].append(other)
        left[other].append(one)
    return left, right


def _places(columns: Sequence[Sequence[int]]) -> dict[int, float]:
    return {item: place for column in columns for item, place in _column_places(column).items()}


def _column_places(column: Sequence[int]) -> dict[int, float]:
    """The place of each item of ``column`` between 0 and 1."""
    return {item: (at + 0.5) / len(column) for at, item in enumerate(column)}


def _barycentre(item: int, towards: Sequence[int], place: dict[int, float]) -> float:
    return sum(sorted(place[other] for other in towards)) / len(towards) if towards else place[item]


def _crossings(columns: Sequence[Sequence[int]], items: Items) -> int | None:
    """How many pulls between neighbouring columns cross; ``None`` where there are too many to count."""
    if len(items.pulls) > _COUNTED:
        return None
    rank = {item: at for column in columns for at, item in enumerate(column)}
    column_of = {item: number for number, column in enumerate(columns) for item in column}
    between: dict[int, list[tuple[int, int]]] = {}
    for one, other in items.pulls:
        if column_of[other] == column_of[one] + 1:
            between.setdefault(column_of[one], []).append((rank[one], rank[other]))
    return sum(_inversions([right for _, right in sorted(pairs)]) for pairs in between.values())


def _inversions(ranks: Sequence[int]) -> int:
    """How many pairs of ``ranks`` stand in the wrong order, by a Fenwick tree."""
    size = max(ranks) + 1
    tree, found = [0] * (size + 1), 0
    for seen, rank in enumerate(ranks):
        at, not_above = rank + 1, 0
        while at:
            not_above += tree[at]
            at &= at - 1
        found += seen - not_above
        at = rank + 1
        while at <= size:
            tree[at] += 1
            at += at & -at
    return found


def _wanted(row: Sequence[int], towards: Sequence[Sequence[int]], height: dict[int, float]) -> tuple[float, float]:
    """The height that a row is pulled to, and how strongly."""
    pulled = sorted(height[other] for item in row for other in towards[item])
    if not pulled:
        return sum(height[item] for item in row) / len(row), 0.1
    return sum(pulled) / len(pulled), float(len(pulled))


def _settle(
    rows: Sequence[Sequence[int]], wanted: Sequence[float], weights: Sequence[float], items: Items, height: dict[int, float]
) -> None:
    """Put ``rows`` as near to the ``wanted`` heights as their order and room allow: isotonic regression of what is left."""
    offsets, at = [], 0.0
    for number, row in enumerate(rows):
        at += max(items.above[item] for item in row) if number else 0.0
        offsets.append(at)
        at += max(items.below[item] for item in row)
    blocks: list[tuple[float, float, int]] = []
    for target, offset, weight in zip(wanted, offsets, weights, strict=True):
        mean, total, count = target - offset, weight, 1
        while blocks and blocks[-1][0] > mean:
            before, heavy, many = blocks.pop()
            mean, total, count = (before * heavy + mean * total) / (heavy + total), heavy + total, count + many
        blocks.append((mean, total, count))
    shifts = [mean for mean, _, count in blocks for _ in range(count)]
    for row, offset, shift in zip(rows, offsets, shifts, strict=True):
        height.update(dict.fromkeys(row, offset + shift))
