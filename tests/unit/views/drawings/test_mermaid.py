"""A picture as Mermaid: whole, and names in it are nothing but names."""

import re

import pytest

from drawings import CASCADE, EMPTY, PLAN, named
from golden import is_kept
from hostile import CROWD
from kb.views.drawings.label import legible
from kb.views.drawings.mermaid import escaped, to_mermaid

STRING = re.compile(r'"[^"\n]*"')


def read(text: str) -> str:
    """What Mermaid shows for an escaped text."""
    return re.sub(r"#(\d+);", lambda match: chr(int(match[1])), text).replace("\u2060", "")


@pytest.mark.parametrize(("picture", "name"), [(CASCADE, "cascade.mmd"), (PLAN, "plan.mmd"), (EMPTY, "empty.mmd")])
def test_a_flowchart_is_byte_for_byte_as_it_was(picture, name):
    is_kept(to_mermaid(picture), name)


@pytest.mark.parametrize("name", CROWD, ids=range(len(CROWD)))
def test_a_hostile_name_changes_strings_alone(name):
    assert STRING.sub('""', to_mermaid(named(CASCADE, name))) == STRING.sub('""', to_mermaid(named(CASCADE, "plain")))


@pytest.mark.parametrize("name", CROWD, ids=range(len(CROWD)))
def test_nothing_in_an_escaped_name_is_markup_and_all_of_it_comes_back(name):
    text = escaped(name)
    assert re.findall(r"[\"<>&`*~\[\](){}%:@!\\|^$+=?']", text) == []
    assert read(text) == legible(name)


def test_words_with_hyphens_slashes_and_decimals_stay_readable():
    assert escaped("ticket-to-merge/coder 0.94") == "ticket-to-merge/coder 0.94"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a --> b", "a #45;#45;#62; b"),
        ("1. first", "1#46; first"),
        ("www.elsewhere.example", "www#46;elsewhere#46;example"),
        ("#quot;", "#35;quot#59;"),
        ("back\nslash", "back#92;#8288;nslash"),
        ("Überprüfer 審査 סוכן", "Überprüfer 審査 סוכן"),
    ],
)
def test_what_means_something_in_markdown_or_mermaid_is_an_entity(name, expected):
    assert escaped(name) == expected
