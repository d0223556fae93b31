"""What pictures say in the same words."""

from dataclasses import replace

import pytest

from drawings import CASCADE, EMPTY, PLAN
from kb.questions.pictures.picture import PictureChain, Spot
from kb.views.drawings.words import assumed, figure_in, how_many, leading_chain, role_word, short_base, short_figure

COUNTS = replace(CASCADE, kind="system", size_means="how many agents trust it")


@pytest.mark.parametrize(
    ("size", "words"), [(None, "?"), (0.0, "0.00"), (0.9403, "0.94"), (0.01, "0.01"), (0.0041, "0.004"), (1.0, "1.00")]
)
def test_a_probability_has_two_decimals_or_one_that_is_not_zero(size, words):
    assert short_figure(size, CASCADE) == words


@pytest.mark.parametrize(("size", "words"), [(None, "?"), (0.0, "0"), (12.0, "12"), (2.5, "2.5")])
def test_a_count_is_written_as_one(size, words):
    assert short_figure(size, COUNTS) == words


def test_only_agents_fall_and_what_is_unknown_is_said_of_them_alone():
    agent, resource = Spot("a", "a", "Agent", 0), Spot("r", "r", "Resource", 0, size=0.5)
    assert [figure_in(spot, CASCADE) for spot in (agent, resource, replace(agent, role="start"))] == ["?", "", ""]
    assert [figure_in(spot, COUNTS) for spot in (agent, replace(resource, size=2.0))] == ["", "2"]


@pytest.mark.parametrize(
    ("shown", "total", "more", "words"),
    [
        (5, 5, None, "5 agents, all shown"),
        (1, 1, None, "1 agent, all shown"),
        (80, 4312, "--max-nodes 400", "showing 80 of 4,312 agents; more with --max-nodes 400"),
        (80, 4312, None, "showing 80 of 4,312 agents"),
    ],
)
def test_how_much_is_shown_and_how_to_see_more(shown, total, more, words):
    assert how_many(replace(CASCADE, shown=shown, total=total, more=more)) == words


def test_the_start_of_a_fall_falls_first_and_strangers_do_not():
    start = CASCADE.spots[0]
    pictures = (CASCADE, PLAN, replace(CASCADE, kind="paths"), COUNTS)
    assert [role_word(start, picture) for picture in pictures] == ["falls first", "falls first", "start", ""]
    assert role_word(replace(start, kind="outside"), CASCADE) == role_word(replace(start, role=""), CASCADE) == ""


def test_the_leading_chain_is_that_to_the_most_probable_agent():
    assert leading_chain(CASCADE) == 0
    payments = tuple(replace(spot, size=0.5) if spot.id == "desk/payments" else spot for spot in CASCADE.spots)
    assert leading_chain(replace(CASCADE, spots=payments)) == 1


def test_where_sizes_are_counts_the_leading_chain_is_the_most_likely():
    chains = tuple(PictureChain(("desk/reader",), (), probability, ()) for probability in (0.1, 0.3, 0.3))
    assert leading_chain(replace(COUNTS, chains=chains)) == 1
    assert leading_chain(EMPTY) is None


def test_assumptions_are_counted_and_a_fingerprint_is_short():
    assert [assumed(replace(CASCADE, assumptions=("x",) * count)) for count in range(3)] == [
        "",
        "1 assumption",
        "2 assumptions",
    ]
    assert short_base("sha256:" + "1f" * 32) == short_base("1f" * 32) == "1f1f1f1f1f1f"
