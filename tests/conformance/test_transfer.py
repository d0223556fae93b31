"""A base goes whole from one engine to another, and goes on where it was cut off."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from contents import read_all
from inputs import document, page, put, small_catalog
from kb.engines.protocol import Batch, Engine
from kb.engines.registry import open_engine
from kb.errors import StoreError
from kb.loading import transfer as transfers
from kb.loading.loader import load
from kb.loading.transfer import transfer
from strategies import Graph, graphs


def whole(engine: Engine) -> object:
    return read_all(engine), engine.base


def source_with(tmp_path: Path, *files: dict[str, str]) -> Engine:
    """An embedded base into which ``files`` were loaded, one after the other."""
    source = open_engine(str(tmp_path / "source.db"), mode="write")
    for some in files:
        load(source, small_catalog(), put(tmp_path, some))
    return source


FILES = {
    "a.yaml": document("a", as_of="2026-01-01", body="threats: [{threat: owasp:T2, layer: L3, quote: words}]\n"),
    "b.yaml": document("b", body="implements: [owasp:P1.1]\nscores: {autonomy_of_action: 0.5}\n"),
    "zed.txt": page("Zed"),
}
NEWER = {"a2.yaml": document("a", as_of="2026-02-02", body="threats: [{threat: owasp:T6}]\n")}


def test_what_arrives_is_what_was_there_and_comes_back_as_it_was(engine: Engine, tmp_path: Path) -> None:
    with source_with(tmp_path, FILES, NEWER) as source, open_engine(str(tmp_path / "back.db"), mode="write") as back:
        heard = []
        report = transfer(source, engine, progress=lambda *step: heard.append(step[:2]))
        assert report.as_dict() == {"copied": 4, "unchanged": 0, "withdrawn": 0, "base": source.base.fingerprint}
        assert heard == [(1, 4), (2, 4), (3, 4), (4, 4)]
        assert whole(engine) == whole(source)
        transfer(engine, back)
        assert whole(back) == whole(source)


def test_a_second_transfer_brings_what_has_changed(engine: Engine, tmp_path: Path) -> None:
    with source_with(tmp_path, FILES) as source:
        transfer(source, engine)
        again = transfer(source, engine)
        assert (again.copied, again.unchanged, again.withdrawn) == (0, 3, 0)
        load(source, small_catalog(), put(tmp_path, NEWER))
        newer = transfer(source, engine)
        assert (newer.copied, newer.unchanged) == (2, 2)  # the newer one, and the older one that it retired
        assert whole(engine) == whole(source)


def test_a_transfer_that_was_cut_off_goes_on_where_it_stopped(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transfers, "DOCUMENTS", 1)

    def cut(done: int, _total: int, _path: str) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with source_with(tmp_path, FILES, NEWER) as source:
        with pytest.raises(KeyboardInterrupt):
            transfer(source, engine, progress=cut)
        assert len(engine.nodes("Assessment")) == 2
        report = transfer(source, engine)
        assert (report.copied, report.unchanged) == (2, 2)
        assert whole(engine) == whole(source)


def test_documents_that_only_the_target_has_stay_unless_they_may_be_withdrawn(engine: Engine, tmp_path: Path) -> None:
    load(engine, small_catalog(), put(tmp_path, {"hers.yaml": document("hers", body="threats: [{threat: owasp:T2}]\n")}))
    (hers,) = engine.nodes("Assessment")
    before = whole(engine)
    with source_with(tmp_path, FILES) as source:
        with pytest.raises(StoreError, match=f"holds 1 documents that .*source.db has not, {hers.id} for one") as raised:
            transfer(source, engine)
        assert "--withdraw" in raised.value.hint
        assert whole(engine) == before
        assert transfer(source, engine, withdraw=True).withdrawn == 1
        assert whole(engine) == whole(source)


def test_a_store_without_a_base_has_nothing_to_give(engine: Engine, tmp_path: Path) -> None:
    with open_engine(str(tmp_path / "none.db"), mode="write") as source, pytest.raises(StoreError, match="no base here"):
        transfer(source, engine)
    assert engine.base is None


@settings(
    max_examples=max(5, settings.default.max_examples // 8),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(graph=graphs())
def test_any_graph_arrives_as_it_is(engine: Engine, tmp_path: Path, graph: Graph) -> None:
    engine.clear()
    with open_engine(str(tmp_path / "drawn.db"), mode="write") as source:
        source.clear()
        source.write(Batch(nodes=graph.nodes, relations=graph.relations))
        transfer(source, engine)
        assert whole(engine) == whole(source)
