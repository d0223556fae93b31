"""A picture as DOT: whole, and names in it are nothing but names."""

import re

import pytest

from drawings import CASCADE, EMPTY, PLAN, named
from golden import is_kept
from hostile import CROWD
from kb.views.drawings.dot import quoted, to_dot

STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)


@pytest.mark.parametrize(("picture", "name"), [(CASCADE, "cascade.dot"), (PLAN, "plan.dot"), (EMPTY, "empty.dot")])
def test_a_graph_is_byte_for_byte_as_it_was(picture, name):
    is_kept(to_dot(picture), name)


@pytest.mark.parametrize("name", CROWD, ids=range(len(CROWD)))
def test_a_hostile_name_changes_strings_alone(name):
    assert STRING.sub('""', to_dot(named(CASCADE, name))) == STRING.sub('""', to_dot(named(CASCADE, "plain")))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('say "no"', r'"say \"no\""'),
        (r"\N \G \l", r'"\\N \\G \\l"'),
        ("ends with \\", r'"ends with \\"'),
        ("&amp; &#34;", '"&amp;amp; &amp;#34;"'),
        ("<b>bold</b>", '"<b>bold</b>"'),
        ("two\nlines", r'"two\\nlines"'),
    ],
)
def test_a_quoted_text_is_read_as_it_is(text, expected):
    assert quoted(text) == expected


def test_lines_are_joined_by_the_escape_of_graphviz():
    assert quoted("one", "two") == r'"one\ntwo"'
