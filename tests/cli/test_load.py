"""``kb load`` and ``kb forget``: the summary, the faults, the JSON that programs read."""

import json
from hashlib import sha256


def identity(kb, name):
    return f"sha256:{sha256((kb.folder / name).read_bytes()).hexdigest()}"


def test_a_load_says_on_standard_error_what_it_did(kb, asset):
    done = kb("load", asset("harbor.yaml"), asset("lantern.yaml"))
    assert (done.code, done.out, done.err) == (0, "", "2 loaded\n")
    again = kb("load", "harbor.yaml", "lantern.yaml")
    assert (again.code, again.out, again.err) == (0, "", "0 loaded, 2 unchanged\n")


def test_a_load_as_json_has_what_others_rely_on(kb, asset):
    kb("load", asset("harbor.yaml"))
    done = kb("load", asset("lantern.yaml"), asset("faulty.yaml"), "harbor.yaml", "--format", "json")
    report = json.loads(done.out)
    faults = [(fault["path"], fault["line"]) for fault in report.pop("rejected")]
    assert report == {
        "loaded": 1,
        "unchanged": 1,
        "superseded": 0,
        "ignored": 0,
        "forgotten": [],
        "documents": [
            {
                "path": "lantern.yaml",
                "kind": "assessment",
                "subject": "lantern",
                "assessment": identity(kb, "lantern.yaml"),
                "status": "loaded",
            },
            {
                "path": "harbor.yaml",
                "kind": "assessment",
                "subject": "harbor",
                "assessment": identity(kb, "harbor.yaml"),
                "status": "unchanged",
            },
        ],
        "remarks": [],
        "ignored_files": [],
    }
    assert faults == [("faulty.yaml", 4), ("faulty.yaml", 4), ("faulty.yaml", 5)]
    assert done.code == 3


def test_every_fault_has_its_line_on_standard_error(kb, asset, snapshot):
    done = kb("load", asset("harbor.yaml"), asset("faulty.yaml"))
    assert (done.code, done.out) == (3, "")
    snapshot("load_faulty", done.err)


def test_files_of_no_known_kind_in_a_folder_are_counted(kb, asset):
    asset("harbor.yaml")
    (kb.folder / "notes.txt").write_text("only notes\n")
    done = kb("load", ".", "--store", "../ignored.db")
    assert (done.code, done.err) == (0, "1 loaded, 1 ignored (no known kind)\n")


def test_verbose_names_the_files_that_were_ignored_and_one_without_its_kind_is_always_named(kb, asset):
    asset("harbor.yaml")
    (kb.folder / "notes.txt").write_text("only notes\n")
    (kb.folder / "quay.yaml").write_text("# mine\nagent: {id: quay}\n")
    remark = "ignored quay.yaml:2: `agent:` but no `kind:`; add `kind: assessment` at the top of the document"
    done = kb("load", ".", "--store", "../named.db")
    assert (done.code, done.err) == (0, f"{remark}\n1 loaded, 2 ignored (no known kind)\n")
    done = kb("load", ".", "--store", "../named.db", "-v")
    assert done.err.splitlines()[:3] == [remark, "ignored notes.txt", "ignored quay.yaml"]


def test_an_older_document_says_which_one_counts_and_the_list_says_so_too(kb):
    for name, day in (("new", "2026-11-20"), ("old", "2026-01-05")):
        (kb.folder / f"{name}.yaml").write_text(f"kind: assessment\nagent: {{id: quay}}\nsource: {{as_of: {day}}}\n")
    assert kb("load", "new.yaml").code == 0
    assert kb("load", "old.yaml").err == (
        "old.yaml: as of 2026-01-05 it is superseded by new.yaml, which counts: it is as of 2026-11-20\n"
        "0 loaded, 1 superseded\n"
    )
    listed = json.loads(kb("list", "documents", "-f", "json").out)
    assert sorted(row["in_force"] for row in listed) == [False, True]
    assert listed == json.loads(kb("list", "assessments", "-f", "json").out)


def test_a_path_that_is_not_there_is_a_fault_without_a_line(kb):
    done = kb("load", "nowhere.yaml")
    assert (done.code, done.out) == (3, "")
    assert done.err == "nowhere.yaml: no such file or folder\n0 loaded, 1 rejected\n"


def test_quiet_leaves_the_faults(kb, asset):
    done = kb("load", asset("harbor.yaml"), asset("faulty.yaml"), "--quiet")
    assert [line.partition(":")[0] for line in done.err.splitlines()] == ["faulty.yaml"] * 3


def test_verbose_lists_each_document(kb, asset):
    done = kb("load", asset("lantern.yaml"), "--verbose")
    assert done.out == (
        "status  kind        subject  path          assessment\n"
        f"loaded  assessment  lantern  lantern.yaml  {identity(kb, 'lantern.yaml')[:19]}\n"
    )


def test_a_terminal_sees_progress_that_is_gone_when_the_load_is_done(kb, asset):
    done = kb.in_terminal(80, "load", asset("harbor.yaml"))
    assert done.code == 0
    assert "harbor.yaml" in done.out
    assert done.out.endswith("1 loaded\n")


def test_what_is_forgotten_is_gone(kb, asset):
    kb("load", asset("harbor.yaml"), asset("lantern.yaml"))
    done = kb("forget", "lantern.yaml", "--format", "json")
    assert (done.code, done.err) == (0, "1 forgotten, 1 agents gone\n")
    assert json.loads(done.out) == {"forgotten": [identity(kb, "lantern.yaml")], "restored": [], "agents": ["lantern"]}
    assert json.loads(kb("list", "agents", "-f", "json").out) == [{"id": "harbor", "name": "Harbor", "form": "product"}]
