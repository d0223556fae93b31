"""The threat tagger: which threats of the catalogue each paragraph of a page states, denies or calls mitigated.

Patterns find, a small linear model drops what it thinks out of the question and adds what it is sure of. Deterministic and
linear in the length of the text. ``docs/tagging.md`` says how it works and how well.
"""

import json
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from hashlib import sha256
from itertools import islice
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
LONGEST_STRETCH = 500
"""Sentences that are read together; a paragraph with more is read in stretches, so that memory is bounded."""
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
        sentences = tagger.lexicon.sentences(paragraph.text)
        claims: dict[str, _Claim] = {}
        while stretch := list(islice(sentences, LONGEST_STRETCH)):
            for claim in _weighed(paragraph, stretch, tagger):
                claims[claim.threat] = claim.after(claims.get(claim.threat))
        for threat in sorted(claims):
            found += claims[threat].findings(paragraph)
    return found


def tag_by_rules(paragraph: Paragraph) -> list[Finding]:
    """What the patterns alone find in one paragraph, for whoever trains or explains."""
    tagger = _tagger()
    claims = _claims(paragraph, list(tagger.lexicon.sentences(paragraph.text)), tagger.rules)
    return [finding for claim in claims for finding in claim.findings(paragraph)]


@dataclass(frozen=True, slots=True)
class _Claim:
    """What a paragraph says of one threat."""

    threat: str
    polarity: Polarity
    sure: bool
    """Whether the model has no say: the threat is named outright, or it is denied or mitigated."""
    places: Sequence[tuple[Sentence, str]]
    """Sentences, each with the name of the pattern that found it."""

    def after(self, earlier: "_Claim | None") -> "_Claim":
        """One claim of this and what an earlier stretch of the same paragraph says of the threat."""
        if earlier is None or _RANK[self.polarity] > _RANK[earlier.polarity]:
            return self
        if self.polarity != earlier.polarity:
            return earlier
        return replace(self, places=[*earlier.places, *self.places][:MOST_QUOTES])

    def findings(self, paragraph: Paragraph) -> Iterator[Finding]:
        """One finding for each sentence, which is quoted as it stands on the page and cut where it runs on."""
        for sentence, pattern in self.places:
            quote = paragraph.text[sentence.start : min(sentence.end, sentence.start + LONGEST_QUOTE)]
            if sentence.end - sentence.start > LONGEST_QUOTE:
                quote = quote.rstrip() + "…"
            yield Finding(self.threat, paragraph.layer, self.polarity, paragraph.certainty, quote, paragraph.line, pattern)


def _weighed(paragraph: Paragraph, sentences: Sequence[Sentence], tagger: _Tagger) -> list[_Claim]:
    """What the patterns find and the model leaves, and what the model adds."""
    chances = tagger.model.probabilities(sentences, paragraph.layer)
    claims = _claims(paragraph, sentences, tagger.rules)
    keep = tagger.model.keep
    kept = [claim for claim in claims if claim.sure or chances.get(claim.threat, 1.0) >= keep.get(claim.threat, 0.0)]
    return [*kept, *_added({claim.threat for claim in claims}, chances, paragraph, sentences, tagger.model)]


def _claims(paragraph: Paragraph, sentences: Sequence[Sentence], rules: Rules) -> list[_Claim]:
    """What the patterns find, by threat."""
    whole = 0
    for sentence in sentences:
        whole |= sentence.mask
    hits: dict[str, dict[Polarity, dict[int, tuple[Sentence, str]]]] = {}
    sure: set[tuple[str, Polarity]] = set()
    for sentence in sentences:
        for hit in rules.hits(sentence, whole, paragraph.layer):
            threat = hit.pattern.threat
            if hit.pattern.sure or hit.polarity != "stated":
                sure.add((threat, hit.polarity))
            quoted = hits.setdefault(threat, {}).setdefault(hit.polarity, {})
            if len(quoted) < MOST_QUOTES:
                quoted.setdefault(sentence.start, (sentence, hit.pattern.name))
    claims = []
    for threat in sorted(hits):
        polarity = max(hits[threat], key=_RANK.__getitem__)
        claims.append(_Claim(threat, polarity, (threat, polarity) in sure, list(hits[threat][polarity].values())))
    return claims


def _added(
    seen: Container[str],
    chances: Mapping[str, float],
    paragraph: Paragraph,
    sentences: Sequence[Sentence],
    model: LinearModel,
) -> Iterator[_Claim]:
    """What the model is sure of and no pattern found."""
    if (paragraph.layer or "S") not in model.layers:
        return
    for threat, chance in chances.items():
        if chance >= model.add and threat not in seen:
            yield _Claim(threat, "stated", True, [(_likeliest(threat, paragraph, sentences, model), LINEAR)])


def _likeliest(threat: str, paragraph: Paragraph, sentences: Sequence[Sentence], model: LinearModel) -> Sentence:
    """The sentence that speaks most for the threat; the first one of equals."""
    return max(sentences, key=lambda sentence: model.probabilities([sentence], paragraph.layer)[threat])


@cache
def _tagger() -> _Tagger:
    """The tagger, read once in a process, when it is first needed."""
    patterns, model = PATTERNS.read_bytes(), MODEL.read_bytes()
    compiled: dict[str, Any] = json.loads(patterns)
    lexicon = Lexicon(compiled["words"])
    version = f"{CODE_VERSION}-{sha256(patterns + b'|' + model).hexdigest()[:12]}"
    return _Tagger(version, lexicon, Rules(compiled, lexicon), LinearModel(json.loads(model), lexicon))
