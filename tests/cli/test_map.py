"""``kb map`` as a person uses it."""

import json

import pytest

from kb.cli import main

SYSTEM = """\
kind: system
id: till
agents:
  - {id: browser, name: Browser, entry: [content], scores: {autonomy_of_action: 0.8, non_determinism: 1}}
  - {id: planner, name: "Plänerin <b>", implements: [owasp:P1.1], faces: [{threat: owasp:T12, susceptibility: 0.5}]}
  - {id: payments, name: Payments, criticality: 0.8, faces: [{threat: owasp:T2, susceptibility: 0.25}]}
integrations:
  - {from: planner, to: browser, channel: delegation, forward: 0.5, backward: 0.8}
  - {from: planner, to: payments, channel: delegation, forward: 0.5, backward: 0}
"""
SHOP = "kind: system\nid: shop\nagents:\n  - {id: clerk}\n"


@pytest.fixture(scope="module")
def till(loaded, tmp_path_factory):
    """The command line beside a store that holds one system; for commands that write nothing into it."""
    command_line = type(loaded)(tmp_path_factory.mktemp("till"))
    (command_line.folder / "till.yaml").write_text(SYSTEM, encoding="utf-8")
    assert command_line("load", "till.yaml").code == 0
    return command_line


@pytest.fixture
def here(till, monkeypatch, capsys):
    """The same command line without a process of its own."""

    def run(*words):
        monkeypatch.chdir(till.folder)
        monkeypatch.setattr("sys.argv", ["kb", "map", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        return (ended.value.code or 0, *capsys.readouterr())

    return run


@pytest.fixture
def drawn(here):
    """The picture as JSON."""

    def run(*words):
        code, out, err = here(*words, "--format", "json", "--quiet")
        assert (code, err) == (0, "")
        return json.loads(out)

    return run


@pytest.mark.parametrize(
    ("words", "kind", "spots"),
    [
        (("--cascade", "browser"), "cascade", ["till/browser", "till/planner", "till/payments"]),
        (("--paths", "browser", "payments,planner"), "paths", ["till/browser", "till/planner", "till/payments"]),
        (("--agent", "payments"), "agent", ["owasp:T2", "till/planner", "till/payments"]),
        (("--threat", "T12"), "threat", ["owasp:T12", "till/planner", "till/browser", "till/payments"]),
        ((), "system", ["outside", "till/browser", "till/planner", "till/payments"]),
        (("--plan", "--budget", "1"), "plan", ["outside", "till/browser", "till/planner", "till/payments"]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_every_picture_is_json_with_what_every_answer_has(drawn, words, kind, spots):
    answer = drawn(*words)
    assert list(answer) == [
        *("kind", "question", "answer", "command", "columns", "size_means", "spots", "links", "chains", "states"),
        *("shown", "total", "more", "complete", "truncated_by", "assumptions", "base", "schema_version"),
    ]
    assert (answer["kind"], [spot["id"] for spot in answer["spots"]]) == (kind, spots)


def test_a_picture_runs_as_compromise_does(drawn):
    answer = drawn("--paths", "browser", "payments")
    assert [(link["source"], link["target"]) for link in answer["links"]] == [
        ("till/browser", "till/planner"),
        ("till/planner", "till/payments"),
    ]
    assert answer["answer"].startswith("1 path; the likeliest is browser ⇒ planner ⇒ payments, ")


def test_the_command_of_a_picture_draws_it_again(drawn):
    words = ("--cascade", "browser", "--threat", "T6", "--given", "owasp:P3.1@payments", "--max-nodes", "9")
    answer = drawn(*words)
    assert answer["command"] == f"kb map {' '.join(words)}"
    assert drawn(*answer["command"].split()[2:]) == answer


@pytest.mark.parametrize("form", ["svg", "mermaid", "dot", "json"])
def test_a_drawing_is_the_same_every_time_and_whole_in_a_file(till, form):
    done = till("map", "-f", form, "-q")
    assert (done.code, done.err) == (0, "")
    assert "Plänerin" in done.out or form in ("mermaid", "dot")
    assert till("map", "-f", form, "-q", "-o", f"out.{form}").out == ""
    assert till.scrubbed((till.folder / f"out.{form}").read_bytes()) == done.out


def test_a_page_says_the_day_that_a_build_asks_for(till):
    page = till("map", "-q", SOURCE_DATE_EPOCH="86400").out
    assert page.lower().startswith("<!doctype html>")
    assert "1970-01-02" in page
    assert "Plänerin" in page
    assert "Plänerin <b>" not in page
    assert till("map", "-q", SOURCE_DATE_EPOCH="soon").code == 2


def test_a_page_is_not_poured_over_a_terminal(till):
    done = till.in_terminal(80, "map", "--cascade", "browser", "--quiet")
    assert (done.code, done.out) == (0, "written to kb-map-cascade-browser.html; open it in a browser\n")
    assert (till.folder / "kb-map-cascade-browser.html").read_text(encoding="utf-8").rstrip().endswith("</html>")


def test_remarks_say_what_is_left_out_and_assumed(here):
    _, _, err = here("--cascade", "browser", "--max-nodes", "2", "-f", "mermaid")
    cut, *assumed = err.splitlines()
    assert cut == "cut: max-nodes 2: 2 of 3 agents; --max-nodes 3 draws all"
    assert all(line.startswith("assumed: ") for line in assumed)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--cascade", "browser", "--plan"], "--cascade and --plan are two pictures"),
        (
            ["--system", "till", "--budget", "2"],
            "--budget does not go with the picture of a system\nhint: it goes with --cascade, --plan\n",
        ),
        (["--plan", "--depth", "2"], "--depth does not go with the picture of a plan\nhint: it goes with --agent\n"),
        (["--threat", "T2", "--threat", "T6"], "a picture is of one threat"),
        (["--cascade", "nobody"], "no agent 'nobody'"),
        (["--system", "shop"], "no system 'shop'"),
        (["--cascade", "browser", "--budget", "1", "--threat", "T6"], "a budget goes with none of --given, --sever, --threat"),
        (["--threat", "LLM01"], "'LLM01' is ambiguous"),
        (["--agent", "planner", "--depth", "0"], "depth is 0"),
        (["--paths", "browser", ""], "no agent to be hit"),
    ],
)
def test_what_cannot_be_drawn_says_why(here, words, said):
    code, out, err = here(*words)
    assert (code, out) == (2, "")
    assert said in err


def test_of_several_systems_one_has_to_be_named(kb):
    for name, text in (("till.yaml", SYSTEM), ("shop.yaml", SHOP)):
        (kb.folder / name).write_text(text, encoding="utf-8")
    assert kb("load", "till.yaml", "shop.yaml").code == 0
    done = kb("map")
    assert (done.code, done.out, done.err) == (
        2,
        "",
        "error: 2 systems are loaded; say which one to draw\nhint: one of\n  kb map --system shop\n  kb map --system till\n",
    )


def test_without_a_system_or_a_store_there_is_nothing_to_draw(loaded, kb):
    done = loaded("map")
    assert (done.code, done.err.splitlines()[0]) == (
        2,
        "error: no system is loaded, so that there is nothing to draw by itself",
    )
    assert kb("map").code == 4
