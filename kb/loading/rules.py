"""The tagger's patterns and cues, run over one sentence at a time."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from kb.loading.parsed import Polarity
from kb.loading.words import Lexicon, Sentence

_CUE_REACH = 14
"""Words that a cue reaches over, before or after it, unless a word that turns the sentence stands between."""
_WISH_REACH = 6
"""Words before a cue in which one that makes it a wish takes its effect away."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """What the words around a starting word must be like for the sentence to speak of a threat."""

    name: str
    threat: str
    start: int
    near: tuple[int, ...]
    before: tuple[int, ...]
    after: tuple[int, ...]
    veto: int
    within: int
    sentence: tuple[int, ...]
    unless: int
    paragraph: tuple[int, ...]
    layers: frozenset[str]
    polarity: Polarity | None
    """What it says whatever cues stand around it; ``None`` leaves that to the cues."""
    sure: bool
    """Whether it names the threat outright, so that no weight may overrule it."""

    def may_fit(self, whole: int, paragraph: int, layer: str) -> bool:
        """Whether a sentence with the classes ``whole``, in such a paragraph, has all the words that are asked for."""
        if self.unless & whole or (self.layers and layer not in self.layers):
            return False
        for groups in (self.sentence, self.near, self.before, self.after):
            for group in groups:
                if not whole & group:
                    return False
        return all(paragraph & group for group in self.paragraph) if self.paragraph else True

    def fits(self, masks: Sequence[int], at: int) -> bool:
        """Whether the words within reach of the one at ``at`` are as asked; looks at ``2 * within`` words at most."""
        left = right = 0
        for mask in masks[max(0, at - self.within) : at]:
            left |= mask
        for mask in masks[at + 1 : at + 1 + self.within]:
            right |= mask
        around = left | right
        if around & self.veto:
            return False
        for seen, groups in ((around, self.near), (left, self.before), (right, self.after)):
            for group in groups:
                if not seen & group:
                    return False
        return True


@dataclass(frozen=True, slots=True)
class Cue:
    """A word that turns what stands before or after it: "mitigated", "does not apply"."""

    polarity: Polarity
    start: int
    scope: Literal["before", "after", "sentence"]
    """The words that it turns, up to one that turns the sentence, or all of the sentence."""
    unless: int
    """Words just before the cue that make it a wish: "should prevent"."""
    depends: int
    """Words in its reach that make it a condition: "stopping theft depends on"."""
    asks: int
    """Words one of which must come after the cue, in its reach; 0 asks for none: "keep code *from* escaping"."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A pattern that fits at one word of a sentence."""

    pattern: Pattern
    at: int
    polarity: Polarity


class Rules:
    """The compiled patterns, by the word class that starts each."""

    def __init__(self, compiled: Mapping[str, Any], lexicon: Lexicon) -> None:
        self.tried = 0
        """How often a pattern was tried on a word, ever: the measure of the work done."""
        self._by_start: dict[int, list[Pattern]] = {}
        for entry in compiled["patterns"]:
            pattern = _pattern(entry, lexicon)
            self._by_start.setdefault(pattern.start, []).append(pattern)
        self._starts = 0
        for bit in self._by_start:
            self._starts |= bit
        self._cues = [_cue(entry, lexicon) for entry in compiled["cues"]]
        self._cue_mask = 0
        for cue in self._cues:
            self._cue_mask |= cue.start
        self._turn = lexicon.bits.get("turn", 0)

    def hits(self, sentence: Sentence, paragraph: int, layer: str | None) -> Iterator[Hit]:
        """Every pattern that fits, in the order of the words; ``paragraph`` is the classes of the whole paragraph."""
        whole = sentence.mask
        if not whole & self._starts:
            return
        turned = self._turned(sentence) if whole & self._cue_mask else None
        possible: dict[int, list[Pattern]] = {}
        for at, mask in enumerate(sentence.masks):
            begun = mask & self._starts
            while begun:
                bit = begun & -begun
                begun ^= bit
                if bit not in possible:
                    patterns = self._by_start[bit]
                    possible[bit] = [pattern for pattern in patterns if pattern.may_fit(whole, paragraph, layer or "S")]
                for pattern in possible[bit]:
                    self.tried += 1
                    if pattern.fits(sentence.masks, at):
                        yield Hit(pattern, at, pattern.polarity or (turned[at] if turned else "stated"))

    def _turned(self, sentence: Sentence) -> list[Polarity]:
        """The polarity that the cues give to each word."""
        polarities: list[Polarity] = ["stated"] * len(sentence.masks)
        for at, mask in enumerate(sentence.masks):
            if mask & self._cue_mask:
                for cue in self._cues:
                    if mask & cue.start:
                        self._apply(cue, sentence, at, polarities)
        return polarities

    def _apply(self, cue: Cue, sentence: Sentence, at: int, polarities: list[Polarity]) -> None:
        """Turn the words that the cue at ``at`` reaches, unless the words just before it say that it only should hold."""
        masks = sentence.masks
        first = at
        while first > max(0, at - _CUE_REACH) and not masks[first - 1] & self._turn:
            first -= 1
        last = at
        while last + 1 < min(len(masks), at + 1 + _CUE_REACH) and not masks[last + 1] & self._turn:
            last += 1
        wished = any(mask & cue.unless for mask in masks[max(first, at - _WISH_REACH) : at])
        if cue.asks and not any(mask & cue.asks for mask in masks[at : last + 1]):
            return
        if wished or any(mask & cue.depends for mask in masks[first : last + 1]):
            return
        if cue.scope == "before":
            last = at
        elif cue.scope == "after":
            first = at
        else:
            first, last = 0, len(masks) - 1
        polarities[first : last + 1] = [cue.polarity] * (last + 1 - first)


def _pattern(entry: Mapping[str, Any], lexicon: Lexicon) -> Pattern:
    """The pattern that a compiled entry describes."""

    def groups(key: str) -> tuple[int, ...]:
        return tuple(lexicon.mask(group) for group in entry.get(key, ()))

    def veto(key: str) -> int:
        names: Sequence[str] = entry.get(key, ())
        return lexicon.mask(names)

    return Pattern(
        name=entry["name"],
        threat=entry["threat"],
        start=lexicon.bits[entry["start"]],
        near=groups("near"),
        before=groups("before"),
        after=groups("after"),
        veto=veto("not"),
        within=entry.get("within", 10),
        sentence=groups("sentence"),
        unless=veto("unless"),
        paragraph=groups("paragraph"),
        layers=frozenset(entry.get("layers", ())),
        polarity=entry.get("polarity"),
        sure=entry.get("sure", False),
    )


def _cue(entry: Mapping[str, Any], lexicon: Lexicon) -> Cue:
    """The cue that a compiled entry describes."""
    return Cue(
        polarity=entry["polarity"],
        start=lexicon.bits[entry["start"]],
        scope=entry["scope"],
        unless=lexicon.mask(entry["unless"]),
        depends=lexicon.mask(entry["depends"]),
        asks=lexicon.mask(entry["asks"]),
    )
