"""What holds of the threat tagger on any text whatever."""

from collections import defaultdict

from hypothesis import given
from hypothesis import strategies as st

from kb.loading.parsed import Paragraph
from kb.loading.tagger import MOST_QUOTES, tag

THREATENING = [
    "prompt",
    "inject",
    "injected",
    "poisoned",
    "memory",
    "tool",
    "misuse",
    "tools",
    "sandbox",
    "escape",
    "leak",
    "secrets",
]
TURNING = [
    "mitigates",
    "but",
    "no",
    "not",
    "immune",
    "from",
    "may",
    "supply",
    "chain",
    "rogue",
    "agents",
    "jailbreak",
    "attacker",
]
PLAIN = ["the", "and", "of", "a", "token", "code", "run", "e.g.", ".", ";", ",", ":"]
WORDS = st.sampled_from([*THREATENING, *TURNING, *PLAIN])
PROSE = st.lists(WORDS, max_size=60).map(" ".join)
LAYERS = st.sampled_from([None, "L1", "L2", "L3", "L4", "L5", "L6", "L7"])
PARAGRAPHS = st.builds(
    Paragraph,
    layer=LAYERS,
    text=st.one_of(PROSE, st.text(max_size=200)),
    line=st.integers(1, 999),
    certainty=st.sampled_from(["mapped", "uncertain"]),
)


@given(PARAGRAPHS)
def test_every_quote_stands_in_the_paragraph_and_its_place_is_the_paragraphs(paragraph: Paragraph) -> None:
    for finding in tag([paragraph]):
        assert finding.quote.removesuffix("…") in paragraph.text
        assert (finding.layer, finding.line, finding.certainty) == (paragraph.layer, paragraph.line, paragraph.certainty)


@given(PARAGRAPHS)
def test_a_threat_has_one_polarity_and_a_few_distinct_quotes(paragraph: Paragraph) -> None:
    found = defaultdict(list)
    for finding in tag([paragraph]):
        found[finding.threat].append(finding)
    for findings in found.values():
        assert len({finding.polarity for finding in findings}) == 1
        assert len(findings) <= MOST_QUOTES


@given(st.lists(PARAGRAPHS, max_size=4))
def test_paragraphs_are_tagged_one_by_one_and_always_alike(paragraphs: list[Paragraph]) -> None:
    assert tag(paragraphs) == [finding for paragraph in paragraphs for finding in tag([paragraph])]
    assert tag(paragraphs) == tag(iter(paragraphs))


@given(PROSE, LAYERS)
def test_case_does_not_matter(text: str, layer: str | None) -> None:
    lower, upper = (tag([Paragraph(layer, form, 1, "mapped")]) for form in (text.lower(), text.upper()))
    assert [(f.threat, f.polarity, f.pattern) for f in lower] == [(f.threat, f.polarity, f.pattern) for f in upper]
