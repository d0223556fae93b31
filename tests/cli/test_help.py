"""Help, completion and the version; what a listing says is what a command says."""

import re

import pytest

import kb as package
from kb.cli.app import COMMANDS, root_command, shared_behind

EVERY = [
    (name, *below)
    for name, entry in COMMANDS.items()
    for below in [(), *((sub,) for sub in getattr(entry.make(), "commands", ()))]
]


def helps(words):
    command = root_command(completion=False)
    context = command.make_context("kb", [], resilient_parsing=True)
    for word in words:
        command = command.get_command(context, word)
        context = command.make_context(word, [], parent=context, resilient_parsing=True)
    return command.get_help(context)


@pytest.mark.parametrize("words", EVERY, ids=" ".join)
def test_every_help_opens_with_its_summary_and_an_example(words):
    _, summary, example, *_ = re.split(r"\n\n+", helps(words))
    if len(words) == 1:
        assert " ".join(summary.split()).rstrip(".") == COMMANDS[words[0]].summary
    assert example.startswith(f"      kb {' '.join(words)}")


def test_the_version(kb):
    assert kb("--version").out == f"kb {package.__version__}\n"


def test_shared_options_may_stand_before_the_command():
    assert shared_behind(["--store", "a.db", "-q", "--format=json", "show", "x"]) == [
        *("show", "x"),
        *("--store", "a.db", "-q", "--format=json"),
    ]
    assert shared_behind(["-v", "show", "--", "-x"]) == ["show", "-v", "--", "-x"]
    assert shared_behind(["--version", "-q"]) == ["--version", "-q"]


def test_a_shell_gets_a_script(kb):
    done = kb(_KB_COMPLETE="source_bash")
    assert (done.code, done.err) == (0, "")
    assert "complete -o default -F _kb_completion kb" in done.out


def completed(command_line, words, **env):
    count = str(len(words.split(" ")) - 1)
    return command_line(_KB_COMPLETE="complete_bash", COMP_WORDS=words, COMP_CWORD=count, **env).out.split()


def test_a_shell_is_offered_commands_questions_kinds_and_ids(loaded):
    assert completed(loaded, "kb sc") == ["score", "schema"]
    assert completed(loaded, "kb ask agents-") == ["agents-like", "agents-at"]
    assert completed(loaded, "kb list s") == ["systems"]
    assert completed(loaded, "kb show har") == ["harbor"]
    assert completed(loaded, "kb ask threats-of la") == ["lantern"]


def test_a_shell_is_offered_nothing_from_a_store_that_is_not_there(kb):
    assert completed(kb, "kb show har") == []
