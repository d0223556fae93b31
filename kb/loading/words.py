"""A text as sentences of words, each word with the word classes that it belongs to: one pass, whatever the text holds."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

LONGEST_SENTENCE = 80
"""Words; what is longer is cut, so that the work on a sentence is bounded on hostile text."""
LONGEST_WORD = 30
"""Letters; no stem is found in anything longer, only its first letters are looked at."""

_TOKEN = re.compile(r"[^\W_]+|[.;:!?]")
_ABBREVIATIONS = frozenset({"e", "g", "i", "eg", "ie", "etc", "vs", "cf", "incl"})


@dataclass(slots=True)
class Sentence:
    """A sentence, or a stretch of at most :data:`LONGEST_SENTENCE` words of a longer one."""

    start: int
    """Offset of its first character in the text."""
    end: int
    words: list[str]
    """In lower case."""
    masks: list[int]
    """For each word the classes it belongs to, one bit each."""
    mask: int
    """The classes of all its words."""


class Lexicon:
    """Word classes, each a list of entries: ``word``, ``stem*``, or several of these, joined by a blank, for a phrase.

    A hyphen in a text parts words, so ``prompt-injected`` meets the phrase ``prompt inject*``.
    """

    def __init__(self, words: Mapping[str, Sequence[str]]) -> None:
        self.bits = {name: 1 << index for index, name in enumerate(sorted(words))}
        self._exact: dict[str, int] = {}
        self._stems: dict[str, int] = {}
        self._phrases: list[tuple[int, tuple[str, ...]]] = []
        starts: dict[str, list[int]] = {}
        for name, entries in words.items():
            for entry in entries:
                first, *rest = entry.lower().split()
                if rest:
                    starts.setdefault(first, []).append(len(self._phrases))
                    self._phrases.append((self.bits[name], tuple(rest)))
                else:
                    table, key = (self._stems, entry[:-1]) if entry.endswith("*") else (self._exact, entry)
                    table[key.lower()] = table.get(key.lower(), 0) | self.bits[name]
        self._starts = starts
        self._look_up = lru_cache(maxsize=1 << 15)(self._classify)
        self._second = lru_cache(maxsize=1 << 15)(self._begun)

    def mask(self, names: Sequence[str]) -> int:
        """The bits of the classes ``names``."""
        mask = 0
        for name in names:
            mask |= self.bits[name]
        return mask

    def _classify(self, word: str) -> tuple[int, tuple[int, ...]]:
        """The classes of a word by itself, and the phrases that it may begin."""
        mask = self._exact.get(word, 0)
        phrases = list(self._starts.get(word, ()))
        for length in range(2, min(len(word), LONGEST_WORD) + 1):
            head = word[:length]
            mask |= self._stems.get(head, 0)
            phrases += self._starts.get(head + "*", ())
        return mask, tuple(phrases)

    def _begun(self, word: str, following: str) -> tuple[tuple[int, tuple[str, ...]], ...]:
        """The phrases that two words begin: the class of each and the entries that are still to come."""
        phrases = (self._phrases[index] for index in self._look_up(word)[1])
        return tuple((bit, rest[1:]) for bit, rest in phrases if _follows([following], 0, rest[:1]))

    def sentences(self, text: str) -> Iterator[Sentence]:
        """The sentences of ``text`` in order; a full stop or a semicolon ends one where a blank or the end follows."""
        words: list[str] = []
        start = end = 0
        for token in _TOKEN.finditer(text):
            word = token.group()
            if word in ".;:!?":
                after = token.end()
                closes = after >= len(text) or text[after].isspace()
                if words and closes and word != ":" and not (word == "." and words[-1] in _ABBREVIATIONS):
                    yield self._sentence(start, after, words)
                    words = []
                continue
            if len(words) == LONGEST_SENTENCE:
                yield self._sentence(start, end, words)
                words = []
            if not words:
                start = token.start()
            end = token.end()
            words.append(word[: LONGEST_WORD + 1].lower())
        if words:
            yield self._sentence(start, end, words)

    def _sentence(self, start: int, end: int, words: list[str]) -> Sentence:
        """The sentence with the classes of its words; the class of a phrase stands at its first word."""
        masks: list[int] = []
        whole = 0
        for index, word in enumerate(words):
            mask, phrases = self._look_up(word)
            if phrases and index + 1 < len(words):
                for bit, rest in self._second(word, words[index + 1]):
                    if not rest or _follows(words, index + 2, rest):
                        mask |= bit
            masks.append(mask)
            whole |= mask
        return Sentence(start, end, words, masks, whole)


def _follows(words: Sequence[str], index: int, rest: Sequence[str]) -> bool:
    """Whether the entries ``rest`` match the words from ``index`` on."""
    if index + len(rest) > len(words):
        return False
    for word, entry in zip(words[index : index + len(rest)], rest, strict=True):
        if not (word.startswith(entry[:-1]) if entry.endswith("*") else word == entry):
            return False
    return True
