"""The tagger's pattern files, checked and compiled into the one JSON that is read at run time.

A pattern file is ``kb/catalog/patterns/<name>.yaml`` with ``words`` (classes of words), ``patterns`` (lists by threat, for
the catalogue that ``catalog`` names) or ``cues`` (words that turn a polarity); ``docs/tagging.md`` has the language.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from kb.errors import Fault, InputError

PATTERN_DIR = Path(__file__).parent / "patterns"
COMPILED = Path(__file__).parent / "patterns.json"

_GROUPS = ("near", "before", "after", "sentence", "paragraph")
"""Keys that ask for words: a list of groups, all of which must be met; a group is alternatives joined by ``|``."""
_VETOES = ("not", "unless")
"""Keys that refuse words: in the window, and in the sentence."""
_PLAIN = {"name", "start", "within", "layers", "polarity", "sure"}
_SCOPES = {"before", "after", "sentence"}


def compile_patterns(source: Path = PATTERN_DIR, target: Path = COMPILED) -> Path:
    """Write what the pattern files under ``source`` say into ``target``, and return it; equal files give equal bytes.

    Raises InputError with every fault: a word class that nothing defines, an unknown key, a name used twice.
    """
    compiled = read_patterns(source)
    target.write_text(json.dumps(compiled, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n", encoding="utf-8")
    return target


def read_patterns(source: Path = PATTERN_DIR) -> dict[str, Any]:
    """The word classes, patterns and cues of the files under ``source``, in the form that the tagger takes."""
    import yaml

    words: dict[str, list[str]] = {}
    patterns: list[dict[str, Any]] = []
    cues: list[dict[str, Any]] = []
    places: list[str] = []
    for path in sorted(source.glob("*.yaml")):
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        for name, entries in content.get("words", {}).items():
            words[name] = sorted({*words.get(name, ()), *map(str, entries)})
        for pattern in _flat(content):
            patterns.append(pattern)
            places.append(path.name)
        cues += map(_cue, content.get("cues", ()))
    faults = [*_faults(patterns, places, words), *_cue_faults(cues, words)]
    if faults:
        raise InputError(faults)
    return {"words": words, "patterns": patterns, "cues": cues}


def _flat(content: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The patterns of one file, each with the full id of its threat and its groups as lists of alternatives."""
    for threat, entries in content.get("patterns", {}).items():
        for entry in entries:
            pattern = {**entry, "threat": f"{content['catalog']}:{threat}"}
            for key in _GROUPS:
                if key in pattern:
                    pattern[key] = [str(group).split("|") for group in pattern[key]]
            yield pattern


def _cue(entry: Mapping[str, Any]) -> dict[str, Any]:
    """One cue with its vetoes as lists."""
    return {
        **entry,
        "unless": list(entry.get("unless", ())),
        "depends": list(entry.get("depends", ())),
        "asks": list(entry.get("asks", ())),
    }


def _faults(patterns: list[dict[str, Any]], places: list[str], words: Mapping[str, Any]) -> Iterator[Fault]:
    """What is wrong with the patterns, by file."""
    seen: set[tuple[str, str]] = set()
    for pattern, place in zip(patterns, places, strict=True):
        label = f"pattern {pattern.get('name')!r} of {pattern['threat']}"
        for key in sorted(pattern.keys() - {*_GROUPS, *_VETOES, *_PLAIN, "threat"}):
            yield Fault(place, 0, f"{label} has the unknown key {key!r}")
        for key in ("name", "start"):
            if key not in pattern:
                yield Fault(place, 0, f"{label} lacks {key!r}")
        for name in sorted(_classes(pattern) - words.keys()):
            yield Fault(place, 0, f"{label} uses the word class {name!r}, which no file defines")
        identity = (pattern["threat"], str(pattern.get("name")))
        if identity in seen:
            yield Fault(place, 0, f"{label} is there twice")
        seen.add(identity)


def _classes(pattern: Mapping[str, Any]) -> set[str]:
    """The word classes that a pattern names."""
    named = {pattern["start"]} if "start" in pattern else set()
    named.update(name for key in _GROUPS for group in pattern.get(key, ()) for name in group)
    named.update(name for key in _VETOES for name in pattern.get(key, ()))
    return named


def _cue_faults(cues: list[dict[str, Any]], words: Mapping[str, Any]) -> Iterator[Fault]:
    """What is wrong with the cues."""
    for cue in cues:
        for name in sorted({cue["start"], *cue["unless"], *cue["depends"], *cue["asks"]} - words.keys()):
            yield Fault("cues", 0, f"a cue uses the word class {name!r}, which no file defines")
        if cue.get("scope") not in _SCOPES:
            yield Fault("cues", 0, f"the scope of cue {cue['start']!r} is none of {', '.join(sorted(_SCOPES))}")
