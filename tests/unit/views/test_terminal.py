"""Hostile text is shown, never obeyed."""

import io
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.views.terminal import Terminal, neutral, terminal_of, wrapped


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain Grüße 漢字", "plain Grüße 漢字"),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("a\nb\tc\rd", "a\\nb\\tc\\rd"),
        ("\x85\x9b2J", "\\x85\\x9b2J"),
        ("user\u202egnp.exe", "user\\u202egnp.exe"),
        ("\u2066x\u2069", "\\u2066x\\u2069"),
        ("tag\U000e0041", "tag\\U000e0041"),
        ("lone\ud800", "lone\\ud800"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("[bold]x[/bold]", "[bold]x[/bold]"),
    ],
)
def test_what_steers_a_terminal_becomes_an_escape(text, shown):
    assert neutral(text) == shown


def test_of_all_characters_that_are_not_seen_only_known_ones_are_left():
    steering = {
        chr(code) for code in range(sys.maxunicode + 1) if unicodedata.category(chr(code)) in ("Cc", "Cf", "Cs", "Zl", "Zp")
    }
    left = {char for char in steering if neutral(char) == char}
    joiners = {"\u200c", "\u200d"}
    signs = {*map(chr, range(0x600, 0x606)), "\u06dd", "\u070f", "\u0890", "\u0891", "\u08e2", "\U000110bd", "\U000110cd"}
    hieroglyph_joiners = set(map(chr, range(0x13430, 0x13440)))
    assert left - hieroglyph_joiners == joiners | signs


@given(st.text(st.characters()))
def test_neutral_text_is_neutral(text):
    assert neutral(neutral(text)) == neutral(text)


def test_a_file_has_no_width_and_no_colours():
    assert terminal_of(io.StringIO()) == Terminal(width=None, color=False)
    assert terminal_of(sys.__stdout__, no_color=True).color is False


def test_sentences_break_between_words_on_a_screen_and_nowhere_else():
    sentence = "1 layer of harbour-pilot-of-the-old-port was never\x07 reached"
    assert wrapped(sentence, Terminal(width=24)) == ("1 layer of\n  harbour-pilot-of-the-old-port\n  was never\\x07 reached")
    assert wrapped(sentence, Terminal()) == "1 layer of harbour-pilot-of-the-old-port was never\\x07 reached"
