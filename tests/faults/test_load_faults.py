"""``kb load`` on input that is broken, hostile or in motion: a clear word on it, and nothing else is lost."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from inputs import document, page, put, state
from kb.engines.registry import open_engine

KB = [sys.executable, "-m", "kb"]
ROOT = Path(__file__).parents[2]


def environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name != "KB_STORE"} | {"PYTHONPATH": str(ROOT)}


def kb(folder: Path, *words: str) -> tuple[int, dict[str, Any], str]:
    """Exit code, JSON and remarks of one run of the command in ``folder``."""
    run = subprocess.run([*KB, *words, "-f", "json"], cwd=folder, capture_output=True, env=environment(), timeout=60)
    return run.returncode, json.loads(run.stdout) if run.stdout else {}, run.stderr.decode()


def agents(folder: Path) -> list[str]:
    with open_engine(str(folder / "kb.db"), mode="read") as engine:
        return [node.id for node in engine.nodes("Agent")]


GOOD = {"in/good.txt": page("Good"), "in/good.yaml": document("good-too")}

FAULTY: dict[str, tuple[str | bytes, list[tuple[int, str]]]] = {
    "factor.txt": (page("X", changes={"0.70": "1.7"}), [(22, "Dynamic Tool Use is 1.7; a factor lies from 0 to 1")]),
    "nan.yaml": (
        document("x", body="scores: {dynamic_tool_use: NaN}"),
        [(3, "scores.dynamic_tool_use is 'NaN', expected a number, 0 to 1")],
    ),
    "infinite.json": (
        '{"kind": "assessment", "agent": {"id": "x"}, "aivss": {"cvss_base": 1e999}}',
        [(1, "the number 1e999 is out of range")],
    ),
    "bomb.yaml": (
        "kind: assessment\nagent: {id: x, name: &a [a, a]}\nlayers: [*a, *a]\n",
        [(2, "the anchor &a; write the value out where it is needed"), (3, "the alias *a; write the value out")],
    ),
    "half.json": (
        '{"kind": "assessment", "agent": {"id": "x", "name": "\\ud800"}}',
        [(1, "a text that holds U+0000 or half a surrogate pair; remove it")],
    ),
    "latin.txt": (page("Cafe").encode().replace(b"Cafe", b"Caf\xe9"), [(3, "byte 0xe9 is no UTF-8; save the file as UTF-8")]),
    "several.yaml": (
        document("x", body="layers: [{id: L9, certainty: mapped}]\nthreats: [{threat: T99}]"),
        [
            (3, "layers[0].id is 'L9', no layer of the catalogue; see `kb list layer`"),
            (4, "threats[0].threat is 'T99', no threat of the catalogue; did you mean 'owasp:T9'?"),
        ],
    ),
}


@pytest.mark.parametrize("name", FAULTY)
def test_a_faulty_file_is_named_with_its_lines_and_the_rest_is_loaded(tmp_path: Path, name: str) -> None:
    put(tmp_path, GOOD)
    content, faults = FAULTY[name]
    (tmp_path / "in" / name).write_bytes(content.encode() if isinstance(content, str) else content)
    code, report, remarks = kb(tmp_path, "load", "in")

    assert report["rejected"] == [{"path": f"in/{name}", "line": line, "error": error} for line, error in faults]
    assert (code, report["loaded"], agents(tmp_path)) == (3, 2, ["good", "good-too"])
    assert [line for line in remarks.splitlines() if name in line] == [f"in/{name}:{line}: {error}" for line, error in faults]


UNKNOWN = {
    "empty": (b"", "the file is empty"),
    "spaces": (b" \n\t\n", "the file is empty"),
    "binary": (bytes(range(256)) * 4, "the file is binary: it holds NUL bytes"),
    "long": (
        b"x" * 50_000_000,
        "neither a threat-model page nor a document with `kind: assessment` or `kind: system`",
    ),
    "other-page.txt": (
        b"AgentReadyHomeAgent Listing\n\nWhat is AIVSS?\n\nOWASP AIVSS scores agents.\n",
        "no threat-model page: no title that ends in '\xe2\x80\x94 agentic threat model' above a score rationale".encode(
            "latin-1"
        ).decode(),
    ),
}


@pytest.mark.parametrize("name", UNKNOWN)
def test_a_file_of_no_known_kind_is_ignored_in_a_folder_and_rejected_by_name(tmp_path: Path, name: str) -> None:
    put(tmp_path, GOOD)
    content, reason = UNKNOWN[name]
    (tmp_path / "in" / name).write_bytes(content)
    code, report, _ = kb(tmp_path, "load", "in")
    assert (code, report["loaded"], report["ignored"], report["rejected"]) == (0, 2, 1, [])

    code, report, _ = kb(tmp_path, "load", "in", f"in/{name}")
    assert (code, report["unchanged"], report["ignored"]) == (3, 2, 0)
    assert [(fault["path"], fault["error"]) for fault in report["rejected"]] == [(f"in/{name}", reason)]


HOSTILE = [
    "</script><script>alert(1)</script>",
    "\x1b[31mRed\x1b]0;x\x07",
    "Abc\u202egnp.exe",
    "=HYPERLINK(1)",
    "'; DROP TABLE agent;--",
]


def test_hostile_names_are_kept_as_they_are_and_reach_no_id_and_no_terminal(tmp_path: Path) -> None:
    files = {f"in/{number}.txt": page(name) for number, name in enumerate(HOSTILE)}
    files |= {"in/x.yaml": document("x").replace("{id: x}", '{id: x, name: "\\e[31m=1+1"}')}
    put(tmp_path, files)
    code, report, remarks = kb(tmp_path, "load", "in")

    assert (code, report["loaded"]) == (0, 6)
    assert "\x1b" not in remarks
    assert "\u202e" not in remarks
    with open_engine(str(tmp_path / "kb.db"), mode="read") as engine:
        named = {node.id: node.properties["name"] for node in engine.nodes("Agent")}
    assert set(named.values()) == {*HOSTILE, "\x1b[31m=1+1"}
    assert all(agent.isascii() and agent.replace("-", "").isalnum() for agent in named)


def test_two_layers_with_one_label_are_a_fault_of_that_page(tmp_path: Path) -> None:
    put(tmp_path, GOOD | {"in/twice.txt": page("Twice", changes={"L4 · Deployment & Infrastructure": "L3 · Agent Frameworks"})})
    code, report, _ = kb(tmp_path, "load", "in")

    assert (code, report["loaded"], agents(tmp_path)) == (3, 2, ["good", "good-too"])
    assert report["rejected"] == [
        {"path": "in/twice.txt", "line": 54, "error": "L3 has a label here and in line 50; leave one of them"}
    ]


def test_two_files_about_one_slug_leave_one_agent_and_say_so(tmp_path: Path) -> None:
    put(tmp_path, {"1.txt": page("C Agent"), "2.txt": page("C: Agent")})
    code, report, remarks = kb(tmp_path, "load", "1.txt", "2.txt")

    assert (code, report["loaded"], report["superseded"], agents(tmp_path)) == (0, 1, 1, ["c-agent"])
    sentence = "2.txt: c-agent is called 'C: Agent' here and 'C Agent' in 1.txt; both are taken as one agent"
    assert report["remarks"] == [sentence]
    assert sentence in remarks


def test_loops_of_folders_and_what_cannot_be_read_cost_nothing_else(tmp_path: Path) -> None:
    put(tmp_path, GOOD)
    (tmp_path / "in" / "loop").symlink_to(tmp_path / "in", target_is_directory=True)
    (tmp_path / "in" / "link.txt").symlink_to(tmp_path / "in" / "good.txt")
    (tmp_path / "in" / "self").symlink_to("self")
    os.mkfifo(tmp_path / "in" / "pipe")
    code, report, _ = kb(tmp_path, "load", "in")
    assert (code, report["loaded"], report["ignored"], report["rejected"]) == (0, 2, 0, [])

    code, report, _ = kb(tmp_path, "load", "in/self", "in", "none")
    assert (code, report["unchanged"]) == (3, 2)
    assert report["rejected"] == [
        {"path": "in/self", "line": 0, "error": "cannot be read: Too many levels of symbolic links"},
        {"path": "none", "line": 0, "error": "no such file or folder"},
    ]


# ----------------------------------------------------------------------------------------------------------------------
# In motion
# ----------------------------------------------------------------------------------------------------------------------


def many(folder: str, series: int) -> dict[str, str]:
    """More files than one chunk holds, about agents that other folders speak of too."""
    made = {f"{folder}/{number:03}.yaml": document(f"{folder}-{number}") for number in range(series)}
    return made | {f"{folder}/shared.txt": page("Shared", folder)}


def whole(folder: Path, *words: str) -> object:
    """What an undisturbed load of ``words`` leaves."""
    assert kb(folder, "load", "--store", "undisturbed.db", *words)[0] == 0
    with open_engine(str(folder / "undisturbed.db"), mode="read") as engine:
        return state(engine)


def test_a_load_that_is_killed_is_completed_by_the_next_one(tmp_path: Path) -> None:
    put(tmp_path, many("full", 1100))
    store = tmp_path / "kb.db"
    load = subprocess.Popen([*KB, "load", "full"], cwd=tmp_path, stderr=subprocess.DEVNULL, env=environment())
    while load.poll() is None:
        if store.exists() and store.stat().st_size:  # the first chunk is being committed, or has been
            load.send_signal(signal.SIGKILL)
            load.wait()
    assert load.returncode == -signal.SIGKILL
    code, report, _ = kb(tmp_path, "load", "full")

    assert (code, report["loaded"] + report["unchanged"], report["superseded"]) == (0, 1101, 0)
    assert report["unchanged"] in (0, 500, 1000)  # whole chunks
    with open_engine(str(store), mode="read") as engine:
        assert state(engine) == whole(tmp_path, "full")


def test_two_loads_at_once_both_arrive(tmp_path: Path) -> None:
    put(tmp_path, many("full", 600) | many("table", 600))
    loads = [
        subprocess.Popen([*KB, "load", folder], cwd=tmp_path, stderr=subprocess.PIPE, env=environment())
        for folder in ("full", "table")
    ]
    said = [load.communicate(timeout=100)[1].decode() for load in loads]

    assert [(load.returncode, words) for load, words in zip(loads, said, strict=True)] == [(0, "601 loaded\n")] * 2
    with open_engine(str(tmp_path / "kb.db"), mode="read") as engine:
        assert state(engine) == whole(tmp_path, "full", "table")
