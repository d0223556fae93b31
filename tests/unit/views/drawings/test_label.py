"""Names as pictures write them."""

import pytest

from kb.views.drawings.label import isolated, legible, lines_of, reads_leftward, shortened, width_of


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("plain", "plain"),
        ("\u202egnp.exe", "\\u202egnp.exe"),
        ("zero\u200bwidth", "zero\\u200bwidth"),
        ("two\nlines\x1b[2J", "two\\nlines\\x1b[2J"),
        ("not\ufffefor\uffffXML", "not\\ufffefor\\uffffXML"),
        ("half \ud83d", "half \\ud83d"),
        ("Überprüfer 審査 سارة סוכן", "Überprüfer 審査 سارة סוכן"),
        ("e" + "\u0301" * 40, "e" + "\u0301" * 4),
    ],
)
def test_what_cannot_be_seen_or_steers_is_visible(name, expected):
    assert legible(name) == expected


def test_an_isolated_name_neither_takes_nor_gives_a_direction():
    assert isolated("سارة") == "\u2068سارة\u2069"
    assert [reads_leftward(name) for name in ("coder", "審査", "سارة", "סוכן", "agent سارة")] == [
        False,
        False,
        True,
        True,
        True,
    ]


def test_wide_characters_take_more_than_narrow_ones_and_marks_take_nothing():
    assert width_of("契約", 10) == 21.0
    assert width_of("il", 10) < width_of("ab", 10) < width_of("MW", 10) < width_of("契約", 10)
    assert width_of("e\u0301") == width_of("e")


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("Coder", ("Coder",)),
        ("Database server of the crew", ("Database server of", "the crew")),
        ("ticket-to-merge/reviewer", ("ticket-to-merge/", "reviewer")),
        ("契約審査エージェント契約審査", ("契約審査エージェント", "契約審査")),
        ("owasp:T7 Misaligned and Deceptive Behaviors", ("owasp:T7", "Misalign…ehaviors")),
        ("Unbreakablylongnameofsomething", ("Unbreakablylongna", "meofsomething")),
        ("x" * 10_000, ("x" * 16, "xxxxxxx…xxxxxxx")),
        ("", ()),
    ],
)
def test_a_name_is_broken_where_words_end_and_loses_its_middle_where_it_is_too_long(name, lines):
    assert lines_of(name, 150, 2) == lines


def test_a_name_on_one_line_loses_its_middle():
    assert shortened("ticket-to-merge/reviewer", 100) == "ticke…iewer"
    assert shortened("coder", 100) == "coder"
