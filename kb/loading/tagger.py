"""The threat tagger: which threats of the catalogue each paragraph of a page states, denies or calls mitigated.

Patterns find, a small linear model drops what it thinks out of the question and adds what it is sure of. Deterministic and
linear in the length of the text. ``docs/tagging.md`` says how it works and how well.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import kb.catalog
from kb.loading.linear import LinearModel
from kb.loading.parsed import Finding, Paragraph, Polarity
from kb.loading.rules import Rules
from kb.loading.words import Lexicon, Sentence

CODE_VERSION = 1
"""Raised when this code finds something else in the same text with the same data."""
MOST_QUOTES = 3
"""Findings of one threat in one paragraph; the first ones are kept."""
LONGEST_QUOTE = 400
"""Characters; a quote that is longer is cut, and ends in an ellipsis."""
LINEAR = "linear"
"""The pattern name of what only the linear model found."""

PATTERNS = Path(kb.catalog.__path__[0]) / "patterns.json"
MODEL = Path(kb.catalog.__path__[0]) / "tagger_model.json"

_RANK: dict[Polarity, int] = {"denied": 0, "mitigated": 1, "stated": 2}


@dataclass(frozen=True, slots=True)
class _Tagger:
    """What patterns and model say, ready to run."""

    version: str
    lexicon: Lexicon
    rules: Rules
    model: LinearModel


def tagger_version() -> str:
    """A short digest of patterns, model and the code's version: a page read under another must be read anew."""
    return _tagger().version


def tagger_lexicon() -> Lexicon:
    """The word classes that the patterns use."""
    return _tagger().lexicon


def tag(paragraphs: Iterable[Paragraph]) -> list[Finding]:
    """The threats in the paragraphs, in the paragraphs' order, then by threat, then in the order of the text.

    In one paragraph a threat has one polarity, stated before mitigated before denied, and at most three findings.
    """
    tagger = _tagger()
    found: list[Finding] = []
    for paragraph in paragraphs:
        sentences = list(tagger.lexicon.sentences(paragraph.text))
        by_rules = _by_rules(paragraph, sentences, tagger.rules)
        found += _weighed(by_rules, paragraph, sentences, tagger.model) if sentences else ()
    return found


def tag_by_rules(paragraph: Paragraph) -> list[Finding]:
    """What the patterns alone find in one paragraph, for whoever trains or explains."""
    tagger = _tagger()
    return _by_rules(paragraph, list(tagger.lexicon.sentences(paragraph.text)), tagger.rules)


def _by_rules(paragraph: Paragraph, sentences: Sequence[Sentence], rules: Rules) -> list[Finding]:
    """The findings of the patterns, by threat."""
    whole = 0
    for sentence in sentences:
        whole |= sentence.mask
    hits: dict[str, dict[Polarity, dict[int, tuple[Sentence, str]]]] = {}
    for sentence in sentences:
        for hit in rules.hits(sentence, whole, paragraph.layer):
            quoted = hits.setdefault(hit.pattern.threat, {}).setdefault(hit.polarity, {})
            if len(quoted) < MOST_QUOTES:
                quoted.setdefault(sentence.start, (sentence, hit.pattern.name))
    found = []
    for threat in sorted(hits):
        polarity = max(hits[threat], key=_RANK.__getitem__)
        for sentence, name in hits[threat][polarity].values():
            found.append(_finding(threat, polarity, paragraph, sentence, name))
    return found


def _weighed(
    by_rules: Sequence[Finding], paragraph: Paragraph, sentences: Sequence[Sentence], model: LinearModel
) -> list[Finding]:
    """What is left of the patterns' findings, and what the model adds to them."""
    chances = model.probabilities(sentences, paragraph.layer)
    seen = {finding.threat for finding in by_rules}
    found = [finding for finding in by_rules if finding.polarity != "stated" or chances.get(finding.threat, 1.0) >= model.keep]
    for threat, chance in chances.items():
        if threat not in seen and chance >= model.add:
            found.append(_finding(threat, "stated", paragraph, _likeliest(threat, paragraph, sentences, model), LINEAR))
    return sorted(found, key=lambda finding: finding.threat)


def _likeliest(threat: str, paragraph: Paragraph, sentences: Sequence[Sentence], model: LinearModel) -> Sentence:
    """The sentence that speaks most for the threat; the first one of equals."""
    return max(sentences, key=lambda sentence: model.probabilities([sentence], paragraph.layer)[threat])


def _finding(threat: str, polarity: Polarity, paragraph: Paragraph, sentence: Sentence, pattern: str) -> Finding:
    """The finding, with the words of the sentence as they stand on the page, cut where they run on."""
    quote = paragraph.text[sentence.start : min(sentence.end, sentence.start + LONGEST_QUOTE)]
    if sentence.end - sentence.start > LONGEST_QUOTE:
        quote = quote.rstrip() + "…"
    return Finding(threat, paragraph.layer, polarity, paragraph.certainty, quote, paragraph.line, pattern)


@cache
def _tagger() -> _Tagger:
    """The tagger, read once in a process, when it is first needed."""
    patterns, model = PATTERNS.read_bytes(), MODEL.read_bytes()
    compiled: dict[str, Any] = json.loads(patterns)
    lexicon = Lexicon(compiled["words"])
    version = f"{CODE_VERSION}-{sha256(patterns + b'|' + model).hexdigest()[:12]}"
    return _Tagger(version, lexicon, Rules(compiled, lexicon), LinearModel(json.loads(model), lexicon))
