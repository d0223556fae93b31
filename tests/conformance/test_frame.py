"""The frame of this suite does what it promises: no engine is skipped in silence, and gaps are debts."""

import shutil
import subprocess
import sys
from pathlib import Path

CONFTEST = Path(__file__).parents[1] / "conftest.py"


def run(folder: Path, source: str, *options: str) -> tuple[int, str]:
    """Exit code and output of pytest on one file with ``source`` under the conftest of all tests."""
    shutil.copy(CONFTEST, folder)
    (folder / "test_it.py").write_text(f"import pytest\n{source}")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", "/dev/null", "--rootdir", str(folder)]
    command += ["-o", f"pythonpath={CONFTEST.parent}", "--engines=embedded"]
    result = subprocess.run([*command, *options, str(folder)], capture_output=True, text=True, check=False)
    return result.returncode, result.stdout + result.stderr


def test_a_test_that_takes_an_engine_runs_on_each(tmp_path: Path) -> None:
    code, output = run(tmp_path, "def test_it(engine): assert engine.base is None", "-rp")
    assert code == 0
    assert "PASSED" in output
    assert output.count("test_it[embedded]") == 1


def test_an_unknown_engine_stops_the_run(tmp_path: Path) -> None:
    code, output = run(tmp_path, "def test_it(engine): pass", "--engines=embedded,nosuch")
    assert code == 4
    assert "there is no engine nosuch" in output


def test_a_gap_is_an_expected_failure_until_the_engine_catches_up(tmp_path: Path) -> None:
    mark = "@pytest.mark.gap('embedded', reason='later')\n"
    assert run(tmp_path, f"{mark}def test_it(engine): assert False")[0] == 0
    code, output = run(tmp_path, f"{mark}def test_it(engine): pass")
    assert code == 1
    assert "[XPASS(strict)] later" in output


def test_a_gap_of_an_unknown_engine_stops_the_run(tmp_path: Path) -> None:
    code, output = run(tmp_path, "@pytest.mark.gap('nosuch', reason='x')\ndef test_it(engine): pass")
    assert code == 4
    assert "a gap of 'nosuch', which is no engine" in output
