"""Loading files and folders into a real base."""

import json
from pathlib import Path

import pytest

from inputs import document, page, put, small_catalog, state, statuses
from kb.catalog import catalog
from kb.engines.protocol import Engine
from kb.engines.registry import open_engine
from kb.errors import Fault
from kb.loading import loader, reader
from kb.loading.loader import load
from kb.loading.report import LoadReport


def load_all(engine: Engine, *paths: str | Path, **options: object) -> LoadReport:
    whole = catalog() if options.get("seeds") else small_catalog()
    return load(engine, whole, [str(path) for path in paths], **options)  # type: ignore[arg-type]


def agents(engine: Engine) -> list[str]:
    return [node.id for node in engine.nodes("Agent")]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    put(
        tmp_path / "in",
        {
            "a.yaml": document("a"),
            "b/full.txt": page("Bee"),
            "b/table.txt": page("Bee", "table"),
            "notes.md": "# Notes\n",
            "two.yaml": f"{document('c')}---\n{document('d')}",
        },
    )
    return tmp_path / "in"


def test_a_folder_is_loaded_with_all_below_it_and_what_is_no_document_is_counted(engine: Engine, folder: Path) -> None:
    report = load_all(engine, folder)

    assert report.as_dict() == {
        "loaded": 5,
        "unchanged": 0,
        "superseded": 0,
        "ignored": 1,
        "rejected": [],
        "forgotten": [],
        "documents": [document.as_dict() for document in report.documents],
        "remarks": [],
        "ignored_files": [str(folder / "notes.md")],
    }
    assert json.loads(json.dumps(report.as_dict())) == report.as_dict()
    assert [(Path(entry.path).name, entry.kind, entry.subject, entry.status) for entry in report.documents] == [
        ("a.yaml", "assessment", "a", "loaded"),
        ("two.yaml", "assessment", "c", "loaded"),
        ("two.yaml", "assessment", "d", "loaded"),
        ("full.txt", "page", "bee", "loaded"),
        ("table.txt", "page", "bee", "loaded"),
    ]
    assert [entry.assessment.partition("#")[2] for entry in report.documents] == ["", "", "2", "", ""]
    assert agents(engine) == ["a", "bee", "c", "d"]


def test_what_is_loaded_again_is_unchanged_and_the_file_is_not_written(tmp_path: Path, folder: Path) -> None:
    base = tmp_path / "file.db"
    with open_engine(str(base), mode="write") as engine:
        load_all(engine, folder)
    before = base.read_bytes()
    with open_engine(str(base), mode="write") as engine:
        report = load_all(engine, folder)

    assert (report.count("unchanged"), len(report.documents)) == (5, 5)
    assert base.read_bytes() == before


def test_progress_counts_every_file_once(engine: Engine, folder: Path) -> None:
    calls: list[tuple[int, int, str]] = []
    load_all(engine, folder, progress=lambda done, total, path: calls.append((done, total, Path(path).name)))

    assert calls == [(number, 5, name) for number, (_, _, name) in enumerate(calls, 1)]
    assert sorted(name for *_, name in calls) == ["a.yaml", "full.txt", "notes.md", "table.txt", "two.yaml"]


def test_an_unknown_file_is_ignored_in_a_folder_and_rejected_where_it_is_named(engine: Engine, folder: Path) -> None:
    notes = str(folder / "notes.md")
    report = load_all(engine, notes, folder)

    sentence = "neither a threat-model page nor a document with `kind: assessment` or `kind: system`"
    assert (report.ignored, report.rejected) == ((), (Fault(notes, 0, sentence),))
    assert report.count("loaded") == 5


def test_a_faulty_file_is_left_out_whole_with_every_fault_and_the_others_are_taken(engine: Engine, tmp_path: Path) -> None:
    faulty = document("y", body="scores: {dynamic_tool_use: 2}")
    bad, good = put(tmp_path, {"bad.yaml": f"{document('x')}---\n{faulty}", "good.yaml": document("z")})
    report = load_all(engine, bad, good, tmp_path / "none")

    assert report.rejected == (
        Fault(str(tmp_path / "none"), 0, "no such file or folder"),
        Fault(bad, 6, "scores.dynamic_tool_use is 2, expected a number, 0 to 1"),
    )
    assert (statuses(report.documents), agents(engine)) == ([("good.yaml", "loaded")], ["z"])


def test_nothing_to_load_makes_no_base(tmp_path: Path) -> None:
    with open_engine(str(tmp_path / "none.db"), mode="write") as engine:
        report = load_all(engine, tmp_path, reinfer=True)

    assert (report, list(tmp_path.iterdir())) == (LoadReport(), [])


def test_a_changed_file_supersedes_what_it_held(engine: Engine, tmp_path: Path) -> None:
    (path,) = put(tmp_path, {"a.yaml": document("a", body="layers: [{id: L1, certainty: mapped}]")})
    load_all(engine, path)
    put(tmp_path, {"a.yaml": document("a", body="layers: [{id: L2, certainty: mapped}]")})

    assert statuses(load_all(engine, path).documents) == [("a.yaml", "loaded"), ("a.yaml", "superseded")]
    assert [edge.target for edge in engine.edges("ASSESSED_AT")] == ["L2"]


def test_a_file_one_of_whose_documents_was_forgotten_is_read_again(engine: Engine, folder: Path) -> None:
    from kb.loading.forgetting import forget

    report = load_all(engine, folder)
    before = state(engine)
    forget(engine, small_catalog(), [next(entry.assessment for entry in report.documents if entry.subject == "d")])
    assert agents(engine) == ["a", "bee", "c"]

    load_all(engine, folder)
    assert state(engine) == before


def test_a_file_is_read_again_once_its_parser_is_another(engine: Engine, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    load_all(engine, folder)
    parser = reader.parser_version("page")
    for module in (loader, reader):
        monkeypatch.setattr(module, "parser_version", lambda kind: f"{kind}/newer" if kind == "page" else f"{kind}/1")
    report = load_all(engine, folder)

    assert (report.count("loaded"), report.count("unchanged")) == (2, 3)
    assert parser not in {node.properties["parser"] for node in engine.nodes("Assessment")}


@pytest.mark.parametrize("limit", ["CHUNK_FILES", "CHUNK_BYTES"])
def test_chunks_of_any_size_leave_one_graph_and_one_report(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    versions = {f"{number}.yaml": document("a", body=f"aivss: {{cvss_base: {number}}}") for number in range(4)}
    paths = put(tmp_path, {**versions, "copy.yaml": versions["1.yaml"], "other.yaml": document("b")})
    whole = load_all(engine, *paths)
    before = state(engine)
    monkeypatch.setattr(loader, limit, 1)
    with open_engine(str(tmp_path / "chunks.db"), mode="write") as other:
        in_chunks = load_all(other, *paths)
        assert state(other) == before
        again = load_all(other, *paths)
        assert state(other) == before

    assert statuses(whole.documents) == [
        ("0.yaml", "superseded"),
        ("1.yaml", "loaded"),
        ("2.yaml", "superseded"),
        ("3.yaml", "superseded"),
        ("copy.yaml", "unchanged"),
        ("other.yaml", "loaded"),
    ]
    assert statuses(again.documents) == [(name, "unchanged") for name, _ in statuses(whole.documents)]
    assert {name: status for name, status in statuses(in_chunks.documents) if name != "copy.yaml" and name != "1.yaml"} == {
        "0.yaml": "superseded",
        "2.yaml": "superseded",
        "3.yaml": "superseded",
        "other.yaml": "loaded",
    }


def test_the_seeds_travel_with_the_package(engine: Engine) -> None:
    report = load_all(engine, seeds=True)

    assert report.count("loaded") == len(report.documents) == 89
    assert {Path(entry.path).parent for entry in report.documents} == {Path("seeds/assessments"), Path("seeds/systems")}


# ----------------------------------------------------------------------------------------------------------------------
# Sync
# ----------------------------------------------------------------------------------------------------------------------


def test_sync_forgets_what_vanished_from_the_folder_and_nothing_else(engine: Engine, folder: Path, tmp_path: Path) -> None:
    load_all(engine, *put(tmp_path, {"outside.yaml": document("outside")}), folder, seeds=True)
    (folder / "a.yaml").unlink()
    (folder / "two.yaml").unlink()
    report = load_all(engine, sync=str(folder))

    assert len(report.forgotten) == 3
    assert {"outside", "bee", "codegen"} <= set(agents(engine))
    assert not {"a", "c", "d"} & set(agents(engine))


def test_sync_leaves_what_is_faulty_now_or_cannot_be_reached(engine: Engine, folder: Path) -> None:
    load_all(engine, folder)
    before = state(engine)
    put(folder, {"a.yaml": "kind: assessment\n", "two.yaml": "# not any more\n"})
    (folder / "b").rename(folder / "moved")
    (folder / "b").symlink_to(folder / "moved", target_is_directory=True)

    assert load_all(engine, sync=str(folder)).forgotten == ()
    assert load_all(engine, sync=str(folder.parent / "unmounted")).forgotten == ()
    assert state(engine) == before


def test_sync_forgets_what_a_file_held_of_another_agent(engine: Engine, folder: Path) -> None:
    load_all(engine, folder)
    put(folder, {"a.yaml": document("another")})
    report = load_all(engine, sync=str(folder))

    assert (len(report.forgotten), agents(engine)) == (1, ["another", "bee", "c", "d"])


def test_sync_knows_a_folder_by_every_name_that_it_has(engine: Engine, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder.parent)
    load_all(engine, "in", seeds=True)
    (folder / "a.yaml").unlink()

    assert len(load_all(engine, sync=str(folder)).forgotten) == 1
    assert load_all(engine, sync=".").forgotten == ()
