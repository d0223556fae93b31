"""The engines that the tests run on, and the debts that an engine may have."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kb.engines.protocol import Engine
from kb.engines.registry import ENGINES, open_engine

pytest_plugins = ["server.fixtures"]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--engines", default="embedded", help="the engines to test, by comma (default: %(default)s)")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "gap(engine, *, reason): this engine does not yet do what the test says")
    unknown = set(_chosen(config)) - ENGINES.keys()
    if unknown:
        raise pytest.UsageError(f"--engines: there is no engine {', '.join(sorted(unknown))}; there are {', '.join(ENGINES)}")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "engine" in metafunc.fixturenames:
        metafunc.parametrize("engine", _chosen(metafunc.config), indirect=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Turn each gap into a strict xfail on its engine, so that the mark goes when the engine catches up."""
    for item in items:
        for gap in item.iter_markers("gap"):
            (engine,) = gap.args
            if engine not in ENGINES:
                raise pytest.UsageError(f"{item.nodeid}: a gap of {engine!r}, which is no engine")
            if item.callspec.params.get("engine") == engine:
                item.add_marker(pytest.mark.xfail(strict=True, reason=gap.kwargs["reason"]))


@pytest.fixture
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An engine open for writing on which nothing was ever written."""
    locations = {"embedded": str(tmp_path / "kb.db")}
    with open_engine(locations[request.param], mode="write") as opened:
        yield opened


def _chosen(config: pytest.Config) -> list[str]:
    return config.getoption("engines").split(",")
