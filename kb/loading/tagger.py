"""The threat tagger: which threats of the catalogue each paragraph of a page states, denies or calls mitigated.

Deterministic and linear in the length of the text. ``docs/tagging.md`` says how it works and how well.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from typing import Any

from kb.catalog.patterns_compiler import COMPILED
from kb.loading.parsed import Finding, Paragraph, Polarity
from kb.loading.rules import Rules
from kb.loading.words import Lexicon, Sentence

CODE_VERSION = 1
"""Raised when this code finds something else in the same text with the same patterns."""
MOST_QUOTES = 3
"""Findings of one threat in one paragraph; the first ones are kept."""
LONGEST_QUOTE = 400
"""Characters; a quote that is longer is cut, and ends in an ellipsis."""

_RANK: dict[Polarity, int] = {"denied": 0, "mitigated": 1, "stated": 2}


@dataclass(frozen=True, slots=True)
class _Tagger:
    """What the compiled patterns say, ready to run."""

    version: str
    lexicon: Lexicon
    rules: Rules


def tagger_version() -> str:
    """A short digest of the compiled patterns and of the code's version: a page read under another must be read anew."""
    return _tagger().version


def tag(paragraphs: Iterable[Paragraph]) -> list[Finding]:
    """The threats in the paragraphs, in the paragraphs' order, then by threat, then in the order of the text.

    In one paragraph a threat has one polarity, stated before mitigated before denied, and at most three findings.
    """
    tagger = _tagger()
    return [finding for paragraph in paragraphs for finding in _tag_paragraph(paragraph, tagger)]


def _tag_paragraph(paragraph: Paragraph, tagger: _Tagger) -> Iterator[Finding]:
    """The findings of one paragraph."""
    sentences = list(tagger.lexicon.sentences(paragraph.text))
    whole = 0
    for sentence in sentences:
        whole |= sentence.mask
    found: dict[str, list[tuple[Polarity, Sentence, str]]] = {}
    for sentence in sentences:
        for hit in tagger.rules.hits(sentence, whole, paragraph.layer):
            found.setdefault(hit.pattern.threat, []).append((hit.polarity, sentence, hit.pattern.name))
    for threat in sorted(found):
        polarity = max((entry[0] for entry in found[threat]), key=_RANK.__getitem__)
        quoted: set[int] = set()
        for at, sentence, name in found[threat]:
            if at == polarity and sentence.start not in quoted and len(quoted) < MOST_QUOTES:
                quoted.add(sentence.start)
                quote = _quote(paragraph.text, sentence)
                yield Finding(threat, paragraph.layer, polarity, paragraph.certainty, quote, paragraph.line, name)


def _quote(text: str, sentence: Sentence) -> str:
    """The words of the sentence as they stand on the page, cut where they run on."""
    words = text[sentence.start : min(sentence.end, sentence.start + LONGEST_QUOTE)]
    return words if sentence.end - sentence.start <= LONGEST_QUOTE else words.rstrip() + "…"


@cache
def _tagger() -> _Tagger:
    """The tagger, read once in a process, when it is first needed."""
    data = COMPILED.read_bytes()
    compiled: dict[str, Any] = json.loads(data)
    lexicon = Lexicon(compiled["words"])
    version = f"{CODE_VERSION}-{sha256(data).hexdigest()[:12]}"
    return _Tagger(version, lexicon, Rules(compiled, lexicon))
