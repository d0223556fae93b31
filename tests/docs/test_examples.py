"""Every ``console`` block of README and docs is run, and prints what it says.

The blocks of one page run one after the other in one folder, which also holds the files that the page shows in ``yaml``
blocks headed by a comment with their name. A line ``…`` stands for any lines.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), *sorted((ROOT / "docs" / "systems").glob("*.md"))]
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FILE = re.compile(r"# (\S+\.(?:yaml|json))\n")


def blocks(page: Path) -> list[tuple[str, str]]:
    return [(match[1], match[2]) for match in BLOCK.finditer(page.read_text(encoding="utf-8"))]


def examples(text: str) -> list[tuple[str, list[str]]]:
    """(command, the lines that it prints) of one block."""
    found: list[tuple[str, list[str]]] = []
    for line in text.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        else:
            found[-1][1].append(line)
    return found


def as_pattern(lines: list[str]) -> str:
    return "".join(r"(?:.*\n)*" if line.strip() == "…" else re.escape(line.rstrip()) + r" *\n" for line in lines)


def run(command: str, folder: Path) -> str:
    here = {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}", "LC_ALL": "C.UTF-8", "HOME": str(folder)}
    done = subprocess.run(
        command, shell=True, cwd=folder, env=here, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    return done.stdout if done.stdout.endswith("\n") or not done.stdout else done.stdout + "\n"


@pytest.mark.parametrize(
    "page", [page for page in PAGES if any(kind == "console" for kind, _ in blocks(page))], ids=lambda p: p.name
)
def test_what_a_page_shows_is_what_happens(page: Path, tmp_path: Path) -> None:
    for kind, text in blocks(page):
        named = FILE.match(text)
        if kind in ("yaml", "json") and named:
            (tmp_path / named[1]).write_text(text, encoding="utf-8")
        elif kind == "console":
            for command, lines in examples(text):
                printed = run(command, tmp_path)
                assert re.fullmatch(as_pattern(lines), printed), f"$ {command}\n{printed}"


def test_the_readme_shows_a_run() -> None:
    assert any(kind == "console" for kind, _ in blocks(ROOT / "README.md"))
