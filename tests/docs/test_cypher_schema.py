"""``cypher/schema.cypher`` says what the Neo4j engine makes; ``python docs/generate_cypher.py`` renews it."""

import runpy
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_file_is_what_would_be_generated() -> None:
    generator = runpy.run_path(str(ROOT / "docs" / "generate_cypher.py"))
    assert generator["FILE"] == ROOT / "cypher" / "schema.cypher"
    assert generator["FILE"].read_text(encoding="utf-8") == generator["rendered"]()
