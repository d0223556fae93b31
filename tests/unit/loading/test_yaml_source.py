"""YAML and JSON with lines: plain data out, everything else a fault with its line."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.errors import InputError
from kb.loading.yaml_source import Document, Place, read_documents


def faults(text: str | bytes, path: str = "a.yaml") -> list[str]:
    with pytest.raises(InputError) as caught:
        read_documents(text.encode() if isinstance(text, str) else text, path)
    return str(caught.value).splitlines()


def value(text: str, path: str = "a.yaml") -> object:
    (document,) = read_documents(text.encode(), path)
    return document.value


def test_every_value_knows_its_line() -> None:
    text = "# first\na: 1\nb:\n  - x\n  - {c: 0.8,\n     d: [true]}\n---\n---\nk: ~\n"
    assert read_documents(text.encode(), "a.yaml") == [
        Document(
            {"a": 1, "b": ["x", {"c": Decimal("0.8"), "d": [True]}]},
            2,
            {("a",): 2, ("b",): 3, ("b", 0): 4, ("b", 1): 5, ("b", 1, "c"): 5, ("b", 1, "d"): 6, ("b", 1, "d", 0): 6},
        ),
        Document({"k": None}, 9, {("k",): 9}),
    ]


@pytest.mark.parametrize(
    ("place", "line"),
    [((), 1), (("b",), 2), (("b", "c"), 3), (("b", "missing"), 2), (("missing", 7), 1)],
)
def test_what_is_absent_has_the_line_of_what_is_around_it(place: Place, line: int) -> None:
    (document,) = read_documents(b"a: 1\nb:\n  c: 2\n", "a.yaml")
    assert document.line_of(place) == line


@pytest.mark.parametrize(
    ("scalar", "meaning"),
    [
        ("2026-11-20", "2026-11-20"), ("2026-11", "2026-11"), ("yes", "yes"), ("No", "No"), ("on", "on"), ("True", "True"),
        ("true", True), ("false", False), ("null", None), ("~", None), ("", None), ("0", 0), ("-7", -7),
        ("1e2", Decimal("1e2")),
        ("0.50", Decimal("0.50")), ("010", "010"), ("0x1F", "0x1F"), ("1_000", "1_000"), ("12:30", "12:30"), (".5", ".5"),
        ("+1", "+1"), (".nan", ".nan"), (".inf", ".inf"), ("NaN", "NaN"), ("=", "="), ("<<", "<<"), ("'1'", "1"),
        ('"true"', "true"),
    ],
)  # fmt: skip
def test_a_scalar_without_quotes_is_what_json_would_make_of_it_or_text(scalar: str, meaning: object) -> None:
    assert value(f"a: {scalar}") == {"a": meaning}
    assert type(value(f"a: {scalar}")["a"]) is type(meaning)  # type: ignore[index]


@pytest.mark.parametrize("path", ["a.json", "a.yaml"])
def test_json_may_hold_tabs_and_surrogate_pairs_and_knows_its_lines(path: str) -> None:
    text = '\ufeff{\n\t"a": [\n\t\t1,\n\t\t{"b":"\\ud83d\\ude00\\/","c":null}],"d":-0.5E1\n}\n'
    (document,) = read_documents(text.encode(), path)
    assert document.value == {"a": [1, {"b": "😀/", "c": None}], "d": Decimal(-5)}
    assert document.lines == {("a",): 2, ("a", 0): 3, ("a", 1): 4, ("a", 1, "b"): 4, ("a", 1, "c"): 4, ("d",): 4}


def test_yaml_in_braces_is_yaml_unless_the_file_is_called_json() -> None:
    assert value("{a: 1}") == {"a": 1}
    assert faults("{a: 1}", "a.JSON") == ["a.JSON:1: not JSON: Expecting property name enclosed in double quotes"]


def test_every_fault_that_does_not_stop_the_reading_is_reported_at_once() -> None:
    text = "a: &x 1\nb: *x\nc: !!python/object:os.system [x]\nd: !mine 1\na: 2\ne: 1e999\nf: '\\'\ng: [1, 2\nh: 1\n"
    assert faults(text) == [
        "a.yaml:1: the anchor &x; write the value out where it is needed",
        "a.yaml:2: the alias *x; write the value out",
        "a.yaml:3: the tag !!python/object:os.system; remove it, values are text, numbers, true, false and null",
        "a.yaml:4: the tag !mine; remove it, values are text, numbers, true, false and null",
        "a.yaml:5: key 'a' for the second time; the first is in line 1",
        "a.yaml:6: the number 1e999 is out of range",
        "a.yaml:8: not YAML: while parsing a flow sequence, did not find expected ',' or ']' up to line 9",
    ]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("a:\n\tb: 1", "a.yaml:2: not YAML: found character that cannot start any token"),
        ("a: 1\n é: 2\nb: \x01", "a.yaml:3: U+0001 has no place in YAML; remove it"),
        (b"a: 1\nb: \xff\xfe", "a.yaml:2: not UTF-8; save the file as UTF-8"),
        ('a: 1\nb: "x\\0y"', "a.yaml:2: a text that holds U+0000 or half a surrogate pair; remove it"),
        ("? [a, b]\n: 1", "a.yaml:1: a key that is itself a mapping or a list; keys are text"),
        ("a: 1\n? {b: 1}\n: 1", "a.yaml:2: a key that is itself a mapping or a list; keys are text"),
        ("*x : 1", "a.yaml:1: the alias *x; write the value out"),
        (
            "".join(f"%TAG !a{number}! b\n" for number in range(1000)),
            "a.yaml:1: the directive %TAG; remove it, tags are not read",
        ),
    ],
)
def test_what_no_file_should_hold_is_a_fault_with_its_line(text: str | bytes, fault: str) -> None:
    assert faults(text) == [fault]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('{"a": 1,\n"b": }', "a.json:2: not JSON: Expecting value"),
        ('{"a": 1,\n"a": 2}', "a.json:2: key 'a' for the second time; the first is in line 1"),
        ('[1,\n NaN]', "a.json:2: NaN is no number; leave out what is unknown"),
        ('[1,\n -Infinity]', "a.json:2: -Infinity is no number; leave out what is unknown"),
        ('["\\ud800"]', "a.json:1: a text that holds U+0000 or half a surrogate pair; remove it"),
        ("[1e400]", "a.json:1: the number 1e400 is out of range"),
    ],
)  # fmt: skip
def test_json_is_held_to_the_same_rules(text: str, fault: str) -> None:
    assert faults(text, "a.json") == [fault]


@pytest.mark.parametrize("opening", ["[", "[\n", "- ", "{a: ", '{"a":'])
def test_nesting_a_hundred_thousand_deep_is_refused(opening: str) -> None:
    (fault,) = faults(opening * 100_000)
    assert fault.split(": ", 1)[1] in ("nested deeper than 64", "nested too deep")


def test_nesting_64_deep_is_read() -> None:
    assert json.loads(json.dumps(value("[" * 64 + "]" * 64))) == json.loads("[" * 64 + "]" * 64)
    assert faults("[" * 65 + "]" * 65) == ["a.yaml:1: nested deeper than 64"]


def test_aliases_as_keys_are_faults_each() -> None:
    assert faults("*x : 1\n*y : {a: 1}\nb: 2\n") == [
        "a.yaml:1: the alias *x; write the value out",
        "a.yaml:2: the alias *y; write the value out",
    ]


def test_a_bomb_of_aliases_is_refused_before_anything_is_expanded() -> None:
    bomb = "a0: &a0 [lol]\n" + "".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 60))
    assert faults(bomb)[:3] == [
        "a.yaml:1: the anchor &a0; write the value out where it is needed",
        "a.yaml:2: the anchor &a1; write the value out where it is needed",
        "a.yaml:2: the alias *a0; write the value out",
    ]


@pytest.mark.parametrize("around", ["a: {}", '{{"a": "{}"}}'])
def test_a_line_of_fifty_megabytes_is_refused(around: str) -> None:
    assert faults(around.format("x" * 50_000_000)) == ["a.yaml:1: a text of 50,000,000 characters; 65,536 at most"]


def test_more_values_than_a_document_needs_are_refused() -> None:
    assert faults(f"[{'1,' * 200_001}]") == ["a.yaml:1: more than 200,000 values in one document; split it"]


def test_a_file_of_nothing_but_faults_is_not_read_to_its_end() -> None:
    found = faults("- *x\n" * 200_000)
    assert found[98:] == [
        "a.yaml:99: the alias *x; write the value out",
        "a.yaml:100: the alias *x; write the value out",
        "a.yaml:100: 100 faults; the file is not read further",
    ]


def test_one_fault_many_times_in_a_line_is_said_once() -> None:
    assert faults("a: [*x, *x, *x]") == ["a.yaml:1: the alias *x; write the value out"]


@pytest.mark.parametrize("text", ["", "\n", "# nothing\n", "---\n---\n", "null"])
def test_an_empty_file_holds_no_document(text: str) -> None:
    assert read_documents(text.encode(), "a.yaml") == []


numbers = st.integers(-(10**18), 10**18) | st.decimals(-1000, 1000, places=3, allow_nan=False).filter(lambda d: d % 1 != 0)
texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20)
trees = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda children: st.lists(children, max_size=4) | st.dictionaries(texts, children, max_size=4),
    max_leaves=20,
)


@given(st.lists(trees) | st.dictionaries(texts, trees), st.sampled_from(["a.json", "a.yaml"]), st.sampled_from([None, 1]))
def test_whatever_json_is_written_is_read_back(tree: object, path: str, indent: int | None) -> None:
    text = json.dumps(tree, default=float, indent=indent)
    (document,) = read_documents(text.encode(), path)
    assert document.value == json.loads(text, parse_float=Decimal)


@given(st.text(max_size=200) | st.text("ab:- \n[]{}\"'#?&*!|>,1", max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        documents = read_documents(text.encode("utf-8", "surrogatepass"), "a.yaml")
    except InputError:
        return
    assert all(document.value is not None for document in documents)
