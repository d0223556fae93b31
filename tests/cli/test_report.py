"""``kb report`` as a person uses it."""

import json
import re

import pytest

from reports import DAY, write_documents

EPOCH = "1795219200"  # DAY, at midnight


@pytest.fixture(scope="module")
def till(tmp_path_factory):
    from command_line import CommandLine

    command_line = CommandLine(tmp_path_factory.mktemp("till"))
    assert command_line("load", *write_documents(command_line.folder)).code == 0
    return command_line


def scrubbed(text):
    """What changes with the catalogue, the program and its readers is left out of what is compared."""
    text = re.sub(r"\b[0-9a-f]{64}(?= \(fingerprint|[`\"]: load|`: load)", "@@BASE@@", text)
    text = re.sub(r"(?<=\*\*Base\*\*: `)[0-9a-f]{64}", "@@BASE@@", text)
    text = re.sub(r"2026-\d\d-\d\d\+[0-9a-f]{8}", "@@CATALOGUE@@", text)
    text = re.sub(r"agent-threat-kb \d+\.\d+\.\d+\S*?(?=[\"., ])", "agent-threat-kb @@VERSION@@", text)
    return re.sub(r"(system|assessment)/\d+(\+presets/[0-9a-f]+)?", r"\1/@@READER@@", text)


def test_a_report_is_an_object_with_all_that_it_says(till, snapshot):
    done = till("report", "--format", "json", SOURCE_DATE_EPOCH=EPOCH)
    assert (done.code, done.err) == (0, "")
    found = json.loads(done.out)
    works = found["sources"]["catalog"].pop("works")
    assert {"work", "version", "license", "address", "changed"} == set().union(*works)
    assert any(work["license"] == "CC-BY-SA-4.0" for work in works)
    snapshot("report_json", scrubbed(json.dumps(found, indent=1, ensure_ascii=False)) + "\n")


def test_a_report_is_markdown_with_a_picture(till, snapshot):
    done = till("report", "--system", "till", "--format", "markdown", SOURCE_DATE_EPOCH=EPOCH)
    assert (done.code, done.err) == (0, "")
    report, works, again = re.split(r"^(### Catalogue .*?)(?=^## 13)", done.out, flags=re.MULTILINE | re.DOTALL)
    assert "| OWASP Agentic AI Threats and Mitigations | v1.1, December 2025 | CC-BY-SA-4.0 |" in works
    snapshot("report_markdown", scrubbed(f"{report}…\n\n{again}"))


def test_a_report_is_one_page_that_lets_nothing_in(till):
    done = till("report", SOURCE_DATE_EPOCH=EPOCH)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith('<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">')
    assert re.findall(r"<script|<link|<img|<iframe|@import|url\(|\bsrc=|href=\"[^#]", done.out) == []
    assert f"<dd>{DAY}</dd>" in done.out


def test_the_same_base_gives_the_same_bytes(till):
    assert till("report", SOURCE_DATE_EPOCH=EPOCH) == till("report", "--system", "till", SOURCE_DATE_EPOCH=EPOCH)


def test_a_report_goes_to_a_file_whole(till):
    assert till("report", "scribe", "--format", "markdown", "-o", "scribe.md", SOURCE_DATE_EPOCH=EPOCH).code == 0
    assert (till.folder / "scribe.md").read_text(encoding="utf-8").startswith("# Threat report: Scribe\n")


def test_a_page_is_not_poured_over_a_terminal(till):
    done = till.in_terminal(80, "report", "scribe", SOURCE_DATE_EPOCH=EPOCH)
    assert (done.code, done.out) == (0, "written to kb-report-scribe.html; open it in a browser\n")
    assert (till.folder / "kb-report-scribe.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_products_have_no_cascade_and_the_report_says_so(till):
    found = json.loads(till("report", "scribe", "teller", "--format", "json", SOURCE_DATE_EPOCH=EPOCH).out)
    assert found["systems"] == []
    assert found["not_followed"] == [
        {"agent": "scribe", "name": "Scribe", "deployed_as": ["till/browser"]},
        {"agent": "teller", "name": "Teller", "deployed_as": ["till/payments"]},
    ]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--system", "shop"], "no system 'shop'"),
        (["nobody"], "no agent 'nobody'"),
        (["--budget", "-1"], "budget is -1"),
        (["--system", "till", "scribe"], "'scribe' is no member of 'till'"),
        (["--format", "pdf"], "'pdf' is not one of"),
    ],
)
def test_what_cannot_be_reported_says_why(till, words, said):
    done = till("report", *words)
    assert (done.code, done.out) == (2, "")
    assert said in done.err


def test_a_day_that_is_none_is_refused(till):
    done = till("report", SOURCE_DATE_EPOCH="soon")
    assert (done.code, done.out) == (2, "")
    assert "SOURCE_DATE_EPOCH is 'soon'" in done.err


def test_several_systems_are_listed(kb):
    for name in ("one", "two"):
        (kb.folder / f"{name}.yaml").write_text(f"kind: system\nid: {name}\nagents: [{{id: a}}]\n", encoding="utf-8")
    assert kb("load", "one.yaml", "two.yaml").code == 0
    done = kb("report")
    assert (done.code, done.out) == (2, "")
    assert done.err == "error: there are 2 systems: one, two\nhint: choose one: kb report --system ID\n"


def test_where_no_system_is_loaded_agents_have_to_be_named(loaded):
    done = loaded("report")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("error: no system is loaded\nhint: name agents: kb report AGENT…")


def test_a_store_that_is_not_there_gives_no_report(kb):
    assert kb("report").code == 4
