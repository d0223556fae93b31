"""Pattern files: what compiles, what is refused, and that what is committed is what they say."""

import json
from pathlib import Path

import pytest

from kb.catalog.patterns_compiler import COMPILED, compile_patterns
from kb.errors import Fault, InputError
from kb.loading.rules import Rules
from kb.loading.words import Lexicon


def test_the_committed_patterns_are_what_the_files_compile_to(tmp_path: Path) -> None:
    assert compile_patterns(target=tmp_path / "patterns.json").read_bytes() == COMPILED.read_bytes()


def test_a_new_catalogue_brings_its_patterns_and_words_in_a_file_of_its_own(tmp_path: Path) -> None:
    source = tmp_path / "patterns"
    source.mkdir()
    (source / "words.yaml").write_text("words:\n  weather: [rain*, hail]\n", encoding="utf-8")
    (source / "sky.yaml").write_text(
        "catalog: sky\n"
        "patterns:\n"
        "  S1:\n"
        "    - {name: flood, start: weather, near: ['deep|wide'], within: 4}\n"
        "words:\n"
        "  deep: [deep*]\n"
        "  wide: [wide]\n"
        "cues:\n"
        "  - {polarity: denied, start: deep, scope: after}\n",
        encoding="utf-8",
    )
    compiled = json.loads(compile_patterns(source, tmp_path / "out.json").read_text(encoding="utf-8"))
    assert compiled == {
        "words": {"weather": ["hail", "rain*"], "deep": ["deep*"], "wide": ["wide"]},
        "patterns": [
            {"name": "flood", "threat": "sky:S1", "start": "weather", "near": [["deep", "wide"]], "within": 4},
        ],
        "cues": [{"polarity": "denied", "start": "deep", "scope": "after", "unless": [], "depends": [], "asks": []}],
    }
    lexicon = Lexicon(compiled["words"])
    (sentence,) = lexicon.sentences("Rains go wide.")
    hits = [(hit.pattern.threat, hit.at, hit.polarity) for hit in Rules(compiled, lexicon).hits(sentence, sentence.mask, None)]
    assert hits == [("sky:S1", 0, "stated")]


def test_every_fault_of_the_files_is_reported_at_once(tmp_path: Path) -> None:
    (tmp_path / "sky.yaml").write_text(
        "catalog: sky\n"
        "words: {rain: [rain]}\n"
        "patterns:\n"
        "  S1:\n"
        "    - {name: flood, start: rain, nearby: [x]}\n"
        "    - {name: flood, start: storm}\n"
        "    - {near: [rain]}\n"
        "cues:\n"
        "  - {polarity: denied, start: fog, scope: above}\n",
        encoding="utf-8",
    )
    with pytest.raises(InputError) as caught:
        compile_patterns(tmp_path, tmp_path / "out.json")
    assert caught.value.faults == (
        Fault("sky.yaml", 0, "pattern 'flood' of sky:S1 has the unknown key 'nearby'"),
        Fault("sky.yaml", 0, "pattern 'flood' of sky:S1 uses the word class 'storm', which no file defines"),
        Fault("sky.yaml", 0, "pattern 'flood' of sky:S1 is there twice"),
        Fault("sky.yaml", 0, "pattern None of sky:S1 lacks 'name'"),
        Fault("sky.yaml", 0, "pattern None of sky:S1 lacks 'start'"),
        Fault("cues", 0, "a cue uses the word class 'fog', which no file defines"),
        Fault("cues", 0, "the scope of cue 'fog' is none of after, before, sentence"),
    )
    assert not (tmp_path / "out.json").exists()
