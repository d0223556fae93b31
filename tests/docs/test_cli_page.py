"""``docs/cli.md`` says what the commands say; ``python docs/generate_cli.py`` renews it."""

import subprocess
import sys
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"


def test_the_page_is_what_would_be_generated(tmp_path):
    for name in ("cli.md", "generate_cli.py"):
        (tmp_path / name).write_bytes((DOCS / name).read_bytes())
    subprocess.run([sys.executable, str(tmp_path / "generate_cli.py")], check=True)
    assert (tmp_path / "cli.md").read_text(encoding="utf-8") == (DOCS / "cli.md").read_text(encoding="utf-8")
