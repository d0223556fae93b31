"""The recipes of CONTRIBUTING name files that exist and targets that make knows."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


def test_every_path_of_a_recipe_exists() -> None:
    named = re.findall(r"`((?:kb|cypher|docs|tests|seeds|benchmarks)/[^`]*)`", TEXT)
    assert named
    missing = [path for path in named if not any(ROOT.glob(re.sub(r"<\w+>", "*", path)))]
    assert missing == []


def test_every_target_of_a_recipe_is_one_that_make_knows() -> None:
    targets = set(re.findall(r"^([a-z0-9-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = set(re.findall(r"`make ([a-z0-9-]+)`", TEXT))
    assert named
    assert named <= targets
