"""The wheel, installed elsewhere with nothing but what it declares, and used from an empty folder."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from kb.library import queries

ROOT = Path(__file__).parents[2]


def run(*command: str | Path, cwd: Path) -> str:
    done = subprocess.run([str(word) for word in command], cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", folder, ROOT, cwd=folder)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("venv")
    run(sys.executable, "-m", "venv", folder, cwd=folder)
    run(folder / "bin" / "python", "-m", "pip", "install", "--quiet", wheel, cwd=folder)
    return folder / "bin"


def test_the_wheel_carries_the_same_data_files_as_the_checkout(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    for folder in ("cypher", "seeds"):
        here = {f"kb/_data/{file.relative_to(ROOT).as_posix()}" for file in (ROOT / folder).rglob("*") if file.is_file()}
        assert here
        assert {name for name in names if name.startswith(f"kb/_data/{folder}/")} == here


def test_the_wheel_carries_the_files_of_the_map(wheel: Path) -> None:
    here = {file.relative_to(ROOT).as_posix() for file in (ROOT / "kb/views/map").iterdir() if file.is_file()}
    assert {name for name in zipfile.ZipFile(wheel).namelist() if name.startswith("kb/views/map/")} == here


def test_the_wheel_carries_every_licence_text(wheel: Path) -> None:
    names = {Path(name).name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/licenses/" in name}
    assert names == {"LICENSE", "NOTICE", "Apache-2.0.txt", "CC-BY-4.0.txt", "CC-BY-SA-4.0.txt", "MIT.txt"}


def test_the_installed_command_loads_the_seeds_and_answers_in_an_empty_folder(installed: Path, tmp_path: Path) -> None:
    report = json.loads(run(installed / "kb", "load", "--seeds", "--format", "json", cwd=tmp_path))
    assert (report["loaded"], report["rejected"]) == (89, [])
    answer = json.loads(run(installed / "kb", "ask", "shared-threats", "--format", "json", cwd=tmp_path))
    by_threat = {row["threat"]: row["agents"] for row in answer["rows"]}
    assert {"codegen", "qwen3-coder"} <= set(by_threat["owasp:T2"]) | set(by_threat["owasp:T11"])
    assert [file.name for file in tmp_path.iterdir()] == ["kb.db"]


def test_every_question_is_offered_by_the_installed_command(installed: Path, tmp_path: Path) -> None:
    listed = run(installed / "kb", "ask", "--list", cwd=tmp_path)
    for name in queries():
        assert name.replace("_", "-") in listed
