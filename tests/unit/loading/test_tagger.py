"""The threat tagger: which threats, with which polarity, on which words; and how much work it does."""

import json
from itertools import pairwise
from math import exp
from pathlib import Path

import pytest

from kb.catalog import catalog
from kb.loading.linear import PAIR_REACH, LinearModel, class_pairs
from kb.loading.parsed import Certainty, Finding, Paragraph
from kb.loading.rules import Rules
from kb.loading.tagger import LINEAR, LONGEST_STRETCH, MODEL, MOST_QUOTES, PATTERNS, tag, tag_by_rules, tagger_version
from kb.loading.words import LONGEST_SENTENCE, Lexicon

SENTENCES = Path(__file__).parents[2] / "assets" / "tagged_sentences.txt"


def paragraph(text: str, layer: str | None = "L3", certainty: Certainty = "mapped") -> Paragraph:
    return Paragraph(layer, text, 7, certainty)


def polarities(text: str, layer: str | None = "L3") -> dict[str, str]:
    return {finding.threat: finding.polarity for finding in tag([paragraph(text, layer)])}


def sentences() -> list[tuple[str | None, set[str], str]]:
    found = []
    for line in SENTENCES.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            layer, threats, text = (part.strip() for part in line.split("|"))
            full = {f"{'llm2025' if threat.startswith('LLM') else 'owasp'}:{threat}" for threat in threats.split()}
            found.append((None if layer == "S" else layer, full, text))
    return found


@pytest.mark.parametrize(("layer", "threats", "text"), sentences())
def test_a_sentence_states_its_threats_and_no_others(layer: str | None, threats: set[str], text: str) -> None:
    assert {threat for threat, polarity in polarities(text, layer).items() if polarity == "stated"} == threats


def test_a_finding_has_the_sentence_the_place_the_certainty_and_the_pattern() -> None:
    text = "Tickets are read. The attacker could run arbitrary shell commands on it! That is all."
    assert [finding for finding in tag([paragraph(text, "L4", "uncertain")]) if finding.threat == "owasp:T11"] == [
        Finding(
            "owasp:T11",
            "L4",
            "stated",
            "uncertain",
            "The attacker could run arbitrary shell commands on it!",
            7,
            "arbitrary-code",
        )
    ]


@pytest.mark.parametrize(
    ("text", "polarity"),
    [
        ("A jailbreak is possible.", "stated"),
        ("It may suffer a jailbreak or two.", "stated"),
        ("It is immune to any jailbreak.", "denied"),
        ("Here a jailbreak does not come into question.", "denied"),
        ("A strict filter mitigates any jailbreak.", "mitigated"),
        ("A jailbreak is thereby prevented.", "mitigated"),
        ("A strict filter would be needed to prevent a jailbreak.", "stated"),
        ("Preventing a jailbreak depends on the filter alone.", "stated"),
        ("The filter mitigates theft, but a jailbreak remains possible.", "stated"),
        ("It is immune to a jailbreak. Elsewhere a filter mitigates a jailbreak.", "mitigated"),
        ("A filter mitigates a jailbreak. Another jailbreak works.", "stated"),
        ("A jailbreak is easy and known to all, although the filter built into the gateway mitigates this.", "mitigated"),
    ],
)
def test_the_words_around_turn_a_threat_and_stated_beats_mitigated_beats_denied(text: str, polarity: str) -> None:
    assert polarities(text, "L1")["owasp:T7"] == polarity


def test_text_without_threats_states_none() -> None:
    assert tag([paragraph(""), paragraph(" \n "), paragraph("…"), paragraph("The weather is fine today.")]) == []


def test_each_paragraph_speaks_for_itself() -> None:
    first, second = paragraph("Memory can be poisoned.", "L2"), paragraph("A jailbreak is possible.", "L1")
    assert tag([first, second]) == tag([first]) + tag([second])


def test_a_threat_has_a_few_findings_however_often_it_is_named() -> None:
    found = tag([paragraph(" ".join(f"Jailbreak number {number} works." for number in range(40)), "L1")])
    assert [finding.quote for finding in found if finding.threat == "owasp:T7"] == [
        f"Jailbreak number {number} works." for number in range(MOST_QUOTES)
    ]


def test_a_paragraph_of_thousands_of_sentences_is_read_to_its_end() -> None:
    text = (
        "A filter mitigates a jailbreak. "
        + "It rains. " * 3 * LONGEST_STRETCH
        + "A jailbreak works. " * 3
        + "Memory can be poisoned."
    )
    found = {finding.threat: finding for finding in tag([paragraph(text, "L1")])}
    assert found["owasp:T7"].polarity == "stated"
    assert found["owasp:T1"].quote == "Memory can be poisoned."


def test_a_quote_that_runs_on_is_cut() -> None:
    (finding,) = [found for found in tag([paragraph("jailbreak " + "x" * 900, "L1")]) if found.threat == "owasp:T7"]
    assert finding.quote == "jailbreak " + "x" * 390 + "…"


def test_abbreviations_and_version_numbers_end_no_sentence() -> None:
    lexicon = Lexicon({"any": ["any"]})
    text = "Tools (e.g. a shell) of v1.2 run. Then they stop; yes"
    assert [text[part.start : part.end] for part in lexicon.sentences(text)] == [
        "Tools (e.g. a shell) of v1.2 run.",
        "Then they stop;",
        "yes",
    ]


def test_entries_are_words_stems_and_phrases_across_hyphens() -> None:
    lexicon = Lexicon({"word": ["log"], "stem": ["log*"], "phrase": ["prompt inject*"], "long": ["man in the middle"]})
    (sentence,) = lexicon.sentences("Log logs prompt-injected man-in-the-middle prompt")
    names = [{name for name, bit in lexicon.bits.items() if mask & bit} for mask in sentence.masks]
    assert names == [{"word", "stem"}, {"stem"}, {"phrase"}, set(), {"long"}, set(), set(), set(), set()]


def _rules(*patterns: dict[str, object]) -> tuple[Lexicon, Rules]:
    words = {name: [f"{name}*"] for name in ("poison", "memor", "train", "never")}
    lexicon = Lexicon(words)
    return lexicon, Rules(
        {"patterns": [{"name": "p", "threat": "asi:X", **pattern} for pattern in patterns], "cues": []}, lexicon
    )


@pytest.mark.parametrize(
    ("pattern", "text", "hits"),
    [
        ({}, "poison", 1),
        ({"near": [["memor"]], "within": 2}, "memory is poisoned", 1),
        ({"near": [["memor"]], "within": 1}, "memory is poisoned", 0),
        ({"near": [["memor", "train"]]}, "poisoned training", 1),
        ({"near": [["memor"], ["train"]]}, "poisoned training", 0),
        ({"before": [["memor"]]}, "poisoned memory", 0),
        ({"before": [["memor"]]}, "memory poisoned", 1),
        ({"after": [["memor"]]}, "poisoned memory", 1),
        ({"not": ["train"]}, "poisoned training", 0),
        ({"not": ["train"], "within": 1}, "poisoned in training", 1),
        ({"unless": ["train"], "within": 1}, "poisoned in training", 0),
        ({"sentence": [["memor"]], "within": 1}, "memory is so poisoned", 1),
        ({"paragraph": [["memor"]]}, "poisoned. Memory", 1),
        ({"sentence": [["memor"]]}, "poisoned. Memory", 0),
        ({"layers": ["L3"]}, "poison", 1),
        ({"layers": ["S", "L1"]}, "poison", 0),
    ],
)
def test_a_pattern_asks_for_and_refuses_words_by_place(pattern: dict[str, object], text: str, hits: int) -> None:
    lexicon, rules = _rules({"start": "poison", **pattern})
    found = list(lexicon.sentences(text))
    whole = 0
    for sentence in found:
        whole |= sentence.mask
    assert sum(len(list(rules.hits(sentence, whole, "L3"))) for sentence in found) == hits


def test_a_pattern_is_tried_only_where_its_stem_occurs() -> None:
    lexicon, rules = _rules({"start": "poison"}, {"start": "never"}, {"start": "train", "near": [["poison"]]})
    for sentence in lexicon.sentences("Memory and memories, poisoned memory, and more of it"):
        assert len(list(rules.hits(sentence, sentence.mask, "L2"))) == 1
    assert rules.tried == 1


def test_the_work_grows_with_the_text_and_not_faster() -> None:
    compiled = json.loads(PATTERNS.read_text(encoding="utf-8"))
    lexicon = Lexicon(compiled["words"])

    def tried(text: str) -> int:
        rules = Rules(compiled, lexicon)
        for sentence in lexicon.sentences(text):
            assert len(sentence.words) <= LONGEST_SENTENCE
            list(rules.hits(sentence, sentence.mask, "L3"))
        return rules.tried

    block = "malicious tool prompts may poison the memory and leak the secret token of the compromised agent " * 5
    assert tried(block * 40) == 40 * tried(block)
    assert tried("a" * 200_000) == 0
    assert tried("poison" * 50_000) == tried("poison")


def test_the_same_text_gives_the_same_findings() -> None:
    text = "Poisoned tools may leak secrets, escape the sandbox and misuse every API that the agent has."
    assert tag([paragraph(text)]) == tag([paragraph(text)])
    assert tagger_version() == tagger_version()


def test_every_pattern_is_of_a_threat_of_the_catalogue() -> None:
    compiled = json.loads(PATTERNS.read_text(encoding="utf-8"))
    model = json.loads(MODEL.read_text(encoding="utf-8"))
    threats = {node.id for node in catalog().content.nodes if node.kind == "Threat"}
    assert {pattern["threat"] for pattern in compiled["patterns"]} <= threats
    assert set(model["threats"]) <= {pattern["threat"] for pattern in compiled["patterns"]}
    assert {threat for threat in threats if threat.startswith("owasp:T")} <= {p["threat"] for p in compiled["patterns"]}


def test_the_model_holds_words_and_pairs_and_nothing_longer() -> None:
    names = json.loads(MODEL.read_text(encoding="utf-8"))["weights"]
    assert [name for name in names if ":" not in name and len(name.split()) > 2] == []


def test_the_model_adds_its_weights_exactly() -> None:
    data = json.loads(MODEL.read_text(encoding="utf-8"))
    lexicon = Lexicon(json.loads(PATTERNS.read_text(encoding="utf-8"))["words"])
    model = LinearModel(data, lexicon)
    for layer, _, text in sentences()[::9]:
        parts = list(lexicon.sentences(text))
        features = {f"layer:{layer or 'S'}"}
        for part in parts:
            classes = [[name for name, bit in lexicon.bits.items() if mask & bit] for mask in part.masks]
            features |= {*part.words, *map(" ".join, pairwise(part.words))}
            features |= {f"class:{name}" for word in classes for name in word}
            for at, word in enumerate(classes):
                for other in classes[at + 1 : at + 1 + PAIR_REACH]:
                    features |= set(class_pairs(word, other))
        sums = list(data["bias"])
        for name in features & data["weights"].keys():
            for lane, weight in data["weights"][name]:
                sums[lane] += weight
        expected = {threat: 1 / (1 + exp(-total / 1000)) for threat, total in zip(data["threats"], sums, strict=True)}
        assert model.probabilities(parts, layer) == expected


def test_what_only_the_model_found_says_so() -> None:
    text = "Prompts may reprogram the agent. Training data, datasets and fine-tuning may be attacked by a hostile party."
    for finding in tag([paragraph(text, "L2")]):
        by_rules = {found.threat for found in tag_by_rules(paragraph(text, "L2"))}
        assert (finding.pattern == LINEAR) == (finding.threat not in by_rules)
