"""``cypher/schema.cypher`` and ``docs/kb.grass`` are what would be generated; ``python docs/generate_neo4j.py`` renews them."""

import runpy
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_files_are_what_would_be_generated() -> None:
    files = runpy.run_path(str(ROOT / "docs" / "generate_neo4j.py"))["FILES"]
    assert [file.relative_to(ROOT).as_posix() for file in files] == ["cypher/schema.cypher", "docs/kb.grass"]
    for file, made in files.items():
        assert file.read_text(encoding="utf-8") == made()
