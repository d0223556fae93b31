"""Writes ``kb/catalog/catalog.json``, the compiled patterns of the tagger and the figures of ``docs/catalog.md``."""

from pathlib import Path

from kb.catalog import COMPILED
from kb.catalog.compile.compiled import as_bytes, compiled
from kb.catalog.compile.page import renew
from kb.catalog.patterns_compiler import compile_patterns

_PAGE = Path(__file__).parents[3] / "docs" / "catalog.md"


def main() -> None:
    """Write every compiled file; equal tables give equal bytes."""
    COMPILED.write_bytes(as_bytes(compiled()))
    compile_patterns()
    _PAGE.write_text(renew(_PAGE.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
