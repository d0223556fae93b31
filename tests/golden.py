"""Drawings that are kept and compared byte for byte."""

import os
from pathlib import Path

FOLDER = Path(__file__).parent / "assets" / "pictures"


def is_kept(text: str, name: str) -> None:
    """Holds ``text`` against ``tests/assets/pictures/<name>``; ``UPDATE_SNAPSHOTS=1`` writes it there, to be looked at."""
    if os.environ.get("UPDATE_SNAPSHOTS"):
        (FOLDER / name).write_text(text, encoding="utf-8", newline="")
    assert text == (FOLDER / name).read_bytes().decode("utf-8")
