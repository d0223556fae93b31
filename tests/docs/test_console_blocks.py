"""Every console block of the README and the docs, run as a reader would, prints what the page says.

A page is one sitting in one empty folder. A block after ``<!-- file: NAME -->`` is a file that the reader has. A command's
output is its data, then its remarks; ``$ echo $?`` shows the exit code of the command before it.
"""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

PROJECT = Path(__file__).parents[2]
PAGES = sorted([PROJECT / "README.md", *(PROJECT / "docs").glob("*.md")])

_BLOCK = re.compile(
    r"(?:<!-- file: (?P<file>[\w.-]+) -->\n)?```(?P<language>\w*)\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE
)


class Step(NamedTuple):
    """A file to write, or a command with what it prints."""

    file: str | None
    command: str
    text: str


def steps(page: Path) -> list[Step]:
    found = []
    for block in _BLOCK.finditer(page.read_text(encoding="utf-8")):
        if block["file"]:
            found.append(Step(block["file"], "", block["text"]))
        elif block["language"] == "console":
            for entry in re.split(r"^\$ ", block["text"], flags=re.MULTILINE)[1:]:
                command, _, output = entry.replace("\\\n", "").partition("\n")
                found.append(Step(None, command, output))
    return found


def scrubbed() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("KB_", "NEO4J_", "COV_"))}
    return kept | {"NO_COLOR": "1", "COLUMNS": "100", "PYTHONPATH": str(PROJECT), "PYTHONIOENCODING": "utf-8"}


def run(command: str, folder: Path) -> tuple[str, int]:
    name, *arguments = shlex.split(command)
    assert name == "kb", f"only kb is run, not {name}"
    done = subprocess.run(
        [sys.executable, "-m", "kb", *arguments], cwd=folder, env=scrubbed(), capture_output=True, encoding="utf-8", check=False
    )
    return done.stdout + done.stderr, done.returncode


@pytest.mark.parametrize(
    "page", [page for page in PAGES if any(step.command for step in steps(page))], ids=lambda page: page.name
)
def test_every_console_block_prints_what_the_page_says(page: Path, tmp_path: Path) -> None:
    code = 0
    said, printed = [], []
    for step in steps(page):
        if step.file:
            (tmp_path / step.file).write_text(step.text, encoding="utf-8")
            continue
        if step.command == "echo $?":
            output = f"{code}\n"
        else:
            output, code = run(step.command, tmp_path)
        said.append((step.command, step.text))
        printed.append((step.command, output))
    assert printed == said
