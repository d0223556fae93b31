"""Withdrawing documents."""

from pathlib import Path

import pytest

from inputs import document, page, put, small_catalog, state
from kb.engines.protocol import Engine
from kb.engines.registry import open_engine
from kb.errors import StoreError, UnknownNodeError
from kb.loading.forgetting import forget
from kb.loading.loader import load
from kb.loading.report import ForgetReport


def load_all(engine: Engine, *paths: str) -> list[str]:
    return [entry.assessment for entry in load(engine, small_catalog(), paths).documents]


def forget_all(engine: Engine, *targets: str) -> ForgetReport:
    return forget(engine, small_catalog(), targets)


@pytest.fixture
def paths(tmp_path: Path) -> list[str]:
    texts = {"a.yaml": document("a"), "sub/a.txt": page("A"), "sub/b.yaml": document("b"), "new/a.yaml": document("a") + "\n"}
    return put(tmp_path, texts)


def test_what_is_forgotten_was_never_loaded(engine: Engine, paths: list[str]) -> None:
    ours, page_of_a, b, _ = paths
    ids = [*load_all(engine, ours), *load_all(engine, page_of_a)]
    before = state(engine)
    (other,) = load_all(engine, b)

    assert forget_all(engine, b) == ForgetReport((other,), (), ("b",))
    assert state(engine) == before
    assert forget_all(engine, *ids) == ForgetReport(tuple(sorted(ids)), (), ("a",))


def test_a_document_is_named_by_its_id_its_path_a_folder_above_it_or_a_copy(
    engine: Engine, paths: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, _, b, _ = paths
    (copy,) = put(tmp_path, {"copy.yaml": document("b")})
    monkeypatch.chdir(tmp_path)
    for target in ("sub", "sub/b.yaml", str(tmp_path / "sub"), copy):
        (first, second) = load_all(engine, ours, b)
        assert forget_all(engine, target).forgotten == (second,)
    load_all(engine, b)
    assert forget_all(engine, first, second, "a.yaml").forgotten == tuple(sorted((first, second)))


def test_a_series_goes_on_without_the_document_that_is_forgotten(engine: Engine, tmp_path: Path) -> None:
    paths = put(tmp_path, {f"{number}.yaml": document("a") + "\n" * number for number in range(3)})
    first, second, third = (load_all(engine, path)[0] for path in paths)

    assert forget_all(engine, second) == ForgetReport((second,), (), ())
    assert [(edge.source, edge.target) for edge in engine.edges("SUPERSEDES")] == [(third, first)]
    assert forget_all(engine, third) == ForgetReport((third,), (first,), ())
    assert [(node.id, node.properties["in_force"]) for node in engine.nodes("Assessment")] == [(first, True)]


def test_the_document_that_was_loaded_again_last_is_the_one_that_is_restored(engine: Engine, tmp_path: Path) -> None:
    paths = put(tmp_path, {f"{number}.yaml": document("a") + "\n" * number for number in range(3)})
    first, _, third = (load_all(engine, paths[number])[0] for number in (0, 1, 2))
    load_all(engine, paths[0])
    load_all(engine, paths[2])

    assert forget_all(engine, third).restored == (first,)


def test_a_target_that_names_nothing_leaves_everything(engine: Engine, paths: list[str]) -> None:
    load_all(engine, *paths)
    before = state(engine)

    with pytest.raises(UnknownNodeError) as caught:
        forget_all(engine, paths[0], paths[2][:-1])
    assert caught.value.args == ("document", paths[2][:-1], (paths[2], paths[0]), "")
    assert state(engine) == before
    for hostile in ("", "\0", "x" * 100_000, "\udcff", "~", "/"[:0] + "sha256:0"):
        if hostile:
            with pytest.raises(UnknownNodeError):
                forget_all(engine, hostile)


def test_there_is_nothing_to_forget_where_there_is_no_base(tmp_path: Path) -> None:
    with open_engine(str(tmp_path / "none.db"), mode="write") as engine, pytest.raises(StoreError) as caught:
        forget_all(engine, "a")
    assert (str(caught.value), list(tmp_path.iterdir())) == (f"{tmp_path / 'none.db'}: there is no base here", [])
