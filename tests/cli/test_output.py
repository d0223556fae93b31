"""Where answers go: pipes, files, terminals, readers that leave."""

import json
import re


def test_a_list_is_a_bare_array(loaded):
    assert json.loads(loaded("list", "agent", "-f", "json").out) == [
        {"id": "harbor", "name": "Harbor", "form": "product"},
        {"id": "lantern", "name": "Lantern", "form": "product"},
    ]


def test_a_table_in_a_pipe_is_never_cut(loaded):
    done = loaded("list", "threats", COLUMNS="20")
    assert max(map(len, done.out.splitlines())) > 80


def test_a_table_in_a_terminal_fits_it(loaded):
    done = loaded.in_terminal(60, "list", "threats", NO_COLOR="1")
    assert done.code == 0
    assert max(map(len, done.out.splitlines())) <= 60


def test_a_terminal_gets_colours_unless_somebody_minds(loaded):
    def coloured(*words, **env):
        return "\x1b" in loaded.in_terminal(80, "show", "harbor", *words, **env).out

    assert coloured()
    assert not coloured("--no-color")
    assert not coloured(NO_COLOR="1")
    assert not coloured(TERM="dumb")


def test_a_file_gets_the_whole_answer_and_the_screen_none(loaded, tmp_path):
    target = tmp_path / "agents.json"
    target.write_text("old")
    done = loaded("list", "agents", "-f", "json", "-o", str(target))
    assert (done.code, done.out, done.err) == (0, "", "")
    assert target.read_text(encoding="utf-8") == loaded("list", "agents", "-f", "json").out
    assert list(tmp_path.iterdir()) == [target]


def test_an_answer_that_fails_leaves_the_file_as_it_was(loaded, tmp_path):
    target = tmp_path / "agent.json"
    target.write_text("old")
    assert loaded("show", "nobody", "-o", str(target)).code == 2
    assert target.read_text() == "old"


def test_a_reader_that_leaves_is_no_error(loaded):
    done = loaded.into_closed_pipe("list", "threats")
    assert (done.code, done.err) == (0, "")


def test_remarks_go_to_standard_error_and_quiet_silences_them(loaded):
    loud, quiet = loaded("ask", "shared-threats"), loaded("ask", "shared-threats", "--quiet")
    assert re.fullmatch(r"\+\d+ inferred, --origin any\n", loud.err)
    assert (quiet.out, quiet.err) == (loud.out, "")


def test_verbose_says_which_base_answered(loaded):
    assert loaded("show", "lantern", "--verbose").err == "base: @@BASE@@ in kb.db\n"


def test_the_store_is_named_by_option_then_environment_then_folder(loaded, kb):
    store = str(loaded.folder / "kb.db")
    assert kb("list", "agents").code == 4
    assert kb("list", "agents", KB_STORE=store).code == 0
    assert kb("list", "agents", "--store", store, KB_STORE="none.db").code == 0
    assert kb("--store", store, "-f", "json", "list", "agents").out == loaded("list", "agents", "-f", "json").out
