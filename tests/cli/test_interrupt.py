"""Ctrl-C while an answer is worked out: it gives what there is, and a second one ends the command."""

import json
import os
import pty
import signal
import subprocess

import pytest

from kb.cli.exits import ExitCode
from kb.cli.watching import watched

SYSTEM = """\
kind: system
id: ring
infer: false
agents:
  - {id: one, faces: [{threat: owasp:T12, susceptibility: 0.5}]}
  - {id: two, faces: [{threat: owasp:T12, susceptibility: 0.5}]}
integrations:
  - {from: one, to: two, channel: message, forward: 0.5, backward: 0.5}
"""
ENDLESS = str(64 << 40)
"""Worlds that nobody waits for."""


@pytest.fixture
def ring(kb):
    (kb.folder / "ring.yaml").write_text(SYSTEM, encoding="utf-8")
    assert kb("load", "ring.yaml").code == 0
    return kb


def interrupted(kb, *words):
    """What the command leaves behind that gets a real SIGINT as soon as it shows how far it is."""
    ours, theirs = pty.openpty()
    with kb.start(words, {"TERM": "xterm"}, stdout=subprocess.PIPE, stderr=theirs) as process:
        os.close(theirs)
        shown = os.read(ours, 1 << 16)
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=60)
    os.close(ours)
    return process.returncode, out, shown


def test_sampled_worlds_that_are_interrupted_answer_with_the_interval_so_far(ring):
    words = ("cascade", "ring/one", "--method", "monte-carlo", "-f", "json", "--samples", ENDLESS)
    code, out, shown = interrupted(ring, *words)
    answer = json.loads(out)
    asked = answer["samples"]
    assert (code, bool(shown)) == (ExitCode.INTERRUPTED, True)
    assert (answer["complete"], answer["truncated_by"]) == (False, f"interrupted after {asked} of {ENDLESS} worlds")
    (row,) = answer["reached"]
    assert 0.2 < row["low"] < 0.25 < row["high"] < 0.3
    whole = json.loads(ring(*words[:-1], str(asked)).out)
    replaced = ("complete", "truncated_by", "base")
    assert answer == whole | {name: answer[name] for name in replaced}


def test_backwards_the_starts_that_were_asked_are_shown(ring):
    code, out, _ = interrupted(ring, "cascade", "--into", "two", "--method", "monte-carlo", "-f", "json", "--samples", ENDLESS)
    answer = json.loads(out)
    assert (code, answer["complete"], answer["truncated_by"]) == (130, False, "interrupted after 0 of 1 starts")
    assert [row["agent"] for row in answer["starts"]] == ["ring/one"]


def test_what_cannot_give_a_part_ends_at_once():
    with watched(quiet=True, no_color=True), pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)


def test_a_second_interrupt_ends_at_once_and_the_command_leaves_the_signal_as_it_was():
    before = signal.getsignal(signal.SIGINT)
    with watched(quiet=True, no_color=True) as watch, watch.heeding():
        signal.raise_signal(signal.SIGINT)
        assert watch.stopped
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before
