"""Each exit code, and the one line of error that goes with it."""

import os
import re
import signal
import subprocess
import time
from pathlib import Path

import pytest

from kb.cli.exits import ExitCode
from kb.errors import KbError

PAGE = Path(__file__).parents[2] / "docs" / "cli.md"


def test_the_page_has_the_table_of_the_code():
    table = re.search(r"<!-- begin exit codes -->\n(.*?)<!-- end", PAGE.read_text(encoding="utf-8"), re.DOTALL)[1]
    rows = [line.strip("| ").split(" | ") for line in table.splitlines()[2:]]
    assert [(int(code), meaning) for code, meaning in rows] == [(code.value, code.meaning) for code in ExitCode]


def test_every_error_ends_with_a_code_of_the_table():
    kinds = [KbError]
    for kind in kinds:
        kinds += kind.__subclasses__()
    assert {kind.exit_code for kind in kinds} <= set(ExitCode)


def test_an_answer_is_0(loaded):
    assert loaded("ask", "shared-threats").code == ExitCode.ANSWERED


def test_an_unknown_id_is_2_and_names_what_comes_near(loaded):
    done = loaded("show", "lanternn")
    assert (done.code, done.out, done.err) == (2, "", "error: no node 'lanternn' in the base; did you mean 'lantern'?\n")


SEVERAL = """\
error: 'LLM01' is ambiguous: llm2025:LLM01, llm2026:LLM01
hint: llm2025:LLM01 is Prompt Injection (2025); llm2026:LLM01 is Prompt Injection (2026)"""


def test_a_short_id_with_two_readings_is_2_and_names_both(loaded):
    done = loaded("show", "LLM01")
    assert (done.code, done.out, done.err) == (2, "", f"{SEVERAL}\n")


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (("threats-of", "T2"), "T2 is a threat: kb ask shared-threats --threat T2"),
        (("threats-of", "L3"), "L3 is a layer: kb ask agents-at L3"),
        (("crosswalk", "harbor"), "harbor is an agent: kb ask threats-of harbor"),
        (("agents-at", "L9"), "the layers are L1, L2, L3, L4, L5, L6, L7, XL"),
    ],
)
def test_an_id_of_another_kind_says_what_it_is(loaded, words, hint):
    done = loaded("ask", *words)
    assert (done.code, done.out, done.err.splitlines()[1]) == (2, "", f"hint: {hint}")


def test_an_unknown_kind_is_2(loaded):
    done = loaded("list", "thraets")
    assert (done.code, done.out, done.err) == (2, "", "error: no kind of node 'thraets'\nhint: did you mean 'threats'?\n")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("shw",), "no such command 'shw'; did you mean 'show'?\nhint: see `kb --help`"),
        (
            ("ask", "shared-threat"),
            "no such command 'shared-threat'; did you mean 'shared-threats'?\nhint: see `kb ask --help`",
        ),
        (("show",), "missing argument 'ID'\nhint: see `kb show --help`"),
        (
            ("list", "agents", "--format", "xml"),
            "invalid value for '-f' / '--format': 'xml' is not one of 'table', 'json', 'csv'\nhint: see `kb list --help`",
        ),
        (
            ("ask", "shared-threats", "--limit", "nine"),
            "invalid value for '--limit': expected a whole number\nhint: see `kb ask shared-threats --help`",
        ),
        (
            ("ask", "shared-threats", "--limit", "-1"),
            "invalid value for '--limit': expected at least 0\nhint: see `kb ask shared-threats --help`",
        ),
    ],
)
def test_words_that_are_off_are_2(loaded, words, sentence):
    done = loaded(*words)
    assert (done.code, done.out, done.err) == (2, "", f"error: {sentence}\n")


def test_a_load_of_nothing_is_2(kb):
    assert kb("load").code == ExitCode.USAGE


def test_a_file_that_was_left_out_is_3(kb, asset):
    assert kb("load", asset("harbor.yaml"), asset("faulty.yaml")).code == ExitCode.LEFT_OUT


def test_a_question_to_a_store_that_is_not_there_is_4(kb):
    for words in (("show", "harbor"), ("list", "agents"), ("ask", "unscored"), ("doctor", "--store", "none.db")):
        done = kb(*words)
        assert done.code == ExitCode.STORE
        assert "there is no base here" in done.err + done.out
    assert list(kb.folder.iterdir()) == []


def test_a_file_that_is_no_base_is_4_and_stays_as_it_is(kb):
    other = kb.folder / "notes.txt"
    other.write_text("notes")
    done = kb("load", "--seeds", "--store", "notes.txt")
    assert (done.code, done.err.splitlines()[0]) == (4, "error: notes.txt: is no base of kb")
    assert other.read_text() == "notes"


def test_an_answer_that_cannot_be_written_is_5(loaded):
    done = loaded("list", "agents", "--output", "no/such/folder/agents.txt")
    assert (done.code, done.out) == (5, "")
    assert done.err == "error: cannot write no/such/folder/agents.txt: No such file or directory\n"


def test_an_interrupted_command_is_130_and_says_nothing(kb):
    fifo = kb.folder / "endless.yaml"
    subprocess.run(["mkfifo", str(fifo)], check=True)
    quiet = {"PYTHONWARNINGS": "ignore"}  # Python itself warns where the interrupt meets a file that is just opened
    with kb.start(("load", "endless.yaml"), quiet, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        writer = opened(fifo, process)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
        os.close(writer)
    assert (process.returncode, out, err) == (ExitCode.INTERRUPTED, b"", b"")


def opened(fifo, process):
    """The writing end of ``fifo``, as soon as ``process`` reads from it."""
    while process.poll() is None:
        try:
            return os.open(fifo, os.O_WRONLY | os.O_NONBLOCK)
        except OSError:  # nobody reads yet
            time.sleep(0.01)
    raise AssertionError("the command ended before it read the file")
