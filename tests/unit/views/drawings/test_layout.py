"""Where spots stand."""

from dataclasses import replace
from itertools import pairwise

from boxes import overlapping
from drawings import CASCADE, EMPTY, PLAN
from kb.questions.pictures.picture import Link, Picture, Spot
from kb.views.drawings.layout import Layout, Point, layout
from kb.views.drawings.ordering import Items, heights, ordered


def wired(columns: list[int], links: list[tuple[int, int]]) -> Picture:
    """A picture of agents in ``columns`` with ``links`` between them by number."""
    spots = tuple(Spot(f"s{number:04}", f"agent {number}", "Agent", column) for number, column in enumerate(columns))
    joined = tuple(Link(f"s{one:04}", f"s{other:04}", "TRUSTS", "message", 0.5) for one, other in links)
    headings = tuple(f"{column} steps" for column in range(max(columns) + 1))
    return replace(EMPTY, columns=headings, spots=spots, links=joined)


def crossings(picture: Picture) -> int:
    """How many pairs of links between the same two columns cross."""
    placed = layout(picture)
    ends = [(placed.points[link.source], placed.points[link.target]) for link in picture.links]
    return sum(
        one[0].x == other[0].x and one[1].x == other[1].x and (one[0].y - other[0].y) * (one[1].y - other[1].y) < 0
        for at, one in enumerate(ends)
        for other in ends[at + 1 :]
    )


def test_a_small_picture_stands_exactly_here():
    placed = layout(CASCADE)
    assert placed == Layout(
        points={
            "desk/reader": Point(x=84.0, y=187.4),
            "desk/planner": Point(x=445.5, y=113.8),
            "memory:notes": Point(x=445.5, y=201.8),
            "desk/payments": Point(x=809.9, y=113.8),
            "desk/archive": Point(x=809.9, y=231.4),
        },
        radii={"desk/reader": 40.0, "desk/planner": 26.5, "memory:notes": 18, "desk/payments": 24.3, "desk/archive": 19.4},
        labels={
            "desk/reader": ("Reader",),
            "desk/planner": ("Planner",),
            "memory:notes": ("memory:notes",),
            "desk/payments": ("Payments",),
            "desk/archive": ("Archive",),
        },
        label_size=15,
        lanes={6: (Point(x=445.5, y=261.0),)},
        headings=(Point(x=84.0, y=46.0), Point(x=445.5, y=46.0), Point(x=809.9, y=46.0)),
        bands=((32.0, 136.0), (372.0, 519.0), (755.0, 864.8)),
        width=896.8,
        height=315.1,
    )


def test_columns_follow_each_other_and_those_in_one_share_their_place():
    placed = layout(CASCADE)
    across = {
        spot.column: {placed.points[each.id].x for each in CASCADE.spots if each.column == spot.column}
        for spot in CASCADE.spots
    }
    assert [len(xs) for xs in across.values()] == [1, 1, 1]
    assert sorted(across[0] | across[1] | across[2]) == [*across[0], *across[1], *across[2]]


def test_a_link_over_several_columns_keeps_a_lane_free_on_its_way():
    picture = wired([0, 1, 2, 3], [(0, 1), (1, 2), (2, 3), (0, 3), (3, 0)])
    placed = layout(picture)
    assert set(placed.lanes) == {3, 4}
    for index in (3, 4):
        assert [point.x for point in placed.lanes[index]] == [
            placed.points[f"s{n:04}"].x for n in ((1, 2) if index == 3 else (2, 1))
        ]
        for point, number in zip(placed.lanes[index], (1, 2) if index == 3 else (2, 1), strict=True):
            assert abs(point.y - placed.points[f"s{number:04}"].y) > placed.radii[f"s{number:04}"]


def test_links_that_need_not_cross_do_not():
    assert crossings(wired([0] * 8 + [1] * 8, [(number, 15 - number) for number in range(8)])) == 0
    assert crossings(wired([0, 0, 0, 1, 1, 1], [(0, 5), (0, 4), (1, 3), (1, 5), (2, 3)])) == 0


def test_a_chain_is_a_straight_line():
    placed = layout(wired([0, 1, 2, 3], [(0, 1), (1, 2), (2, 3)]))
    assert len({point.y for point in placed.points.values()}) == 1


def test_the_area_of_a_spot_goes_by_its_size_and_what_is_unknown_is_small_but_there():
    spots = tuple(Spot(f"s{at}", "x", "Agent", at, size=size) for at, size in enumerate([0.0, 0.25, 1.0, None]))
    assert layout(replace(EMPTY, spots=spots)).radii == {"s0": 18.0, "s1": 29.0, "s2": 40.0, "s3": 18}


def test_of_counts_the_highest_is_the_largest():
    spots = tuple(Spot(f"s{at}", "x", "Agent", at, size=size) for at, size in enumerate([0.0, 4.0, 16.0]))
    assert layout(replace(EMPTY, spots=spots)).radii == {"s0": 18.0, "s1": 29.0, "s2": 40.0}


def test_a_long_column_wraps_so_that_a_picture_is_no_tower():
    for count in (14, 100, 500, 2000):
        placed = layout(wired([0, *[1] * (count - 1)], [(0, number) for number in range(1, count)]))
        assert len({point.x for point in placed.points.values()}) > 2
        assert placed.height < 2 * placed.width
        assert placed.width < 3 * placed.height
        assert overlapping(placed) == []


def test_two_thousand_spots_with_twenty_thousand_links_have_room():
    links = [(number * 7 % 2000, number * 13 % 2000) for number in range(20_000)]
    placed = layout(wired([number % 6 for number in range(2000)], links))
    assert (len(placed.points), overlapping(placed)) == (2000, [])


def test_a_role_and_the_figures_of_a_plan_get_lines_of_their_own():
    flat, planned = layout(CASCADE), layout(PLAN)
    assert planned.height - flat.height > 20


def test_the_order_in_which_spots_and_links_are_given_settles_nothing():
    links = [(0, 3), (0, 4), (1, 5), (2, 3), (2, 4), (1, 4)]
    picture = wired([0, 0, 0, 1, 1, 1, 2], [*links, (3, 6), (5, 6)])
    turned = replace(picture, spots=picture.spots[::-1], links=picture.links[::-1])
    assert layout(turned).points == layout(picture).points


def test_nothing_has_a_place_in_an_empty_picture():
    placed = layout(EMPTY)
    assert (placed.points, placed.lanes, len(placed.bands)) == ({}, {}, 1)


def test_an_order_is_a_permutation_and_a_row_never_comes_before_the_one_above_it():
    items = Items([[0, 1, 2], [3, 4, 5]], [(0, 5), (1, 4), (2, 3)], [10.0] * 6, [20.0] * 6)
    columns = ordered(items)
    assert [sorted(column) for column in columns] == [[0, 1, 2], [3, 4, 5]]
    height = heights([[[item] for item in column] for column in columns], items)
    assert all(height[low] - height[high] >= 30.0 for column in columns for high, low in pairwise(column))
    assert min(height.values()) == 10.0
