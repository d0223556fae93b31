"""A small linear model beside the patterns: logistic regression over single words, pairs of words, and word classes.

Weights are whole thousandths and are summed as integers, so that the order of the words cannot change a score.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from math import exp
from typing import Any

from kb.loading.words import Lexicon, Sentence

PAIR_REACH = 6
"""Words: two word classes are a pair where their words are no further apart in one sentence."""
_LANE = 32
"""Bits for one threat's sum; a row of weights is one integer with a lane for each threat, so that one addition adds all."""
_HALF = 1 << (_LANE - 1)


class LinearModel:
    """How likely a paragraph states each of the threats that there were enough labels to learn from."""

    def __init__(self, data: Mapping[str, Any], lexicon: Lexicon) -> None:
        self.threats: tuple[str, ...] = tuple(data["threats"])
        """Full ids; of any other threat the model knows nothing."""
        self.keep: Mapping[str, float] = dict(zip(self.threats, data["keep"], strict=True))
        """By threat, the probability below which it is dropped though a pattern found it."""
        self.add: float = data["add"]
        """A threat that no pattern found is added from this probability on."""
        self.layers = frozenset(data["layers"])
        """The layers of which there were enough paragraphs to learn from; nothing is added at any other."""
        self._bias = _packed((lane, weight + _HALF) for lane, weight in enumerate(data["bias"]))
        self._rows: dict[str, int] = {name: _packed(row) for name, row in data["weights"].items()}
        self._class_names = {bit: name for name, bit in lexicon.bits.items()}
        named = [(bit, f"class:{name}") for name, bit in lexicon.bits.items()]
        self._classes = [(bit, name) for bit, name in named if name in self._rows]
        self._pairs = lru_cache(maxsize=1 << 16)(self._pair_features)

    def probabilities(self, sentences: Sequence[Sentence], layer: str | None) -> dict[str, float]:
        """The probability of each of :attr:`threats`, from 0 to 1, for a paragraph of ``sentences``."""
        total = self._bias
        for name in self._active(sentences, layer):
            total += self._rows[name]
        found = {}
        for lane, threat in enumerate(self.threats):
            logit = (((total >> (_LANE * lane)) & ((1 << _LANE) - 1)) - _HALF) / 1000
            found[threat] = 1 / (1 + exp(-max(-60.0, min(60.0, logit))))
        return found

    def _active(self, sentences: Sequence[Sentence], layer: str | None) -> set[str]:
        """The features of the paragraph that have weights."""
        rows = self._rows
        active = {name for name in (f"layer:{layer or 'S'}",) if name in rows}
        whole = 0
        for sentence in sentences:
            whole |= sentence.mask
            active.update(rows.keys() & sentence.words)
            active.update(rows.keys() & map(" ".join, pairwise(sentence.words)))
            placed = [(at, mask) for at, mask in enumerate(sentence.masks) if mask]
            for index, (at, mask) in enumerate(placed):
                for other_at, other in placed[index + 1 : index + 1 + PAIR_REACH]:
                    if other_at - at > PAIR_REACH:
                        break
                    active |= self._pairs(mask, other)
        active.update(name for bit, name in self._classes if whole & bit)
        return active

    def _names(self, mask: int) -> Iterator[str]:
        """The word classes in ``mask``."""
        while mask:
            bit = mask & -mask
            mask ^= bit
            yield self._class_names[bit]

    def _pair_features(self, one: int, other: int) -> frozenset[str]:
        """The pairs of word classes that two words make and that have weights."""
        return frozenset(name for name in class_pairs(list(self._names(one)), list(self._names(other))) if name in self._rows)


def class_pairs(one: Sequence[str], other: Sequence[str]) -> Iterator[str]:
    """The names of the pairs that a word of the classes ``one`` makes with a word of the classes ``other``."""
    for first in one:
        for second in other:
            if first != second:
                yield f"near:{min(first, second)}~{max(first, second)}"


def _packed(row: Any) -> int:
    """Pairs of lane and weight as one integer."""
    return sum(weight << (_LANE * lane) for lane, weight in row)
