"""The engines that the tests run on, and the debts that an engine may have."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from kb.engines.protocol import Engine
from kb.engines.registry import ENGINES, open_engine

pytest_plugins = ["server.fixtures", "browser.fixtures", "crowd"]

SERVER_FIXTURES = frozenset({"neo4j_server", "own_server"})
"""What starts a server of our own, or takes the one that the environment names."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--engines", default="embedded,neo4j", help="the engines to test, by comma (default: %(default)s)")


def pytest_configure(config: pytest.Config) -> None:
    # a profile says how many examples a property is tried on; suites whose examples are slow take a share of it
    unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a busy machine is no finding
    settings.register_profile("dev", unhurried, max_examples=30)
    settings.register_profile("ci", unhurried, max_examples=200, print_blob=True)
    settings.load_profile(config.getoption("hypothesis_profile", None) or ("ci" if "CI" in os.environ else "dev"))
    config.addinivalue_line("markers", "gap(engine, *, reason): this engine does not yet do what the test says")
    unknown = set(_chosen(config)) - ENGINES.keys()
    if unknown:
        raise pytest.UsageError(f"--engines: there is no engine {', '.join(sorted(unknown))}; there are {', '.join(ENGINES)}")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "engine" in metafunc.fixturenames:
        metafunc.parametrize("engine", _chosen(metafunc.config), indirect=True)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Turn each gap into a strict xfail on its engine, so that the mark goes when the engine catches up.

    Tests of a server alone are left out where Neo4j is none of the engines chosen.
    """
    if "neo4j" not in _chosen(config):
        of_servers = [item for item in items if SERVER_FIXTURES.intersection(getattr(item, "fixturenames", ()))]
        config.hook.pytest_deselected(items=of_servers)
        items[:] = [item for item in items if item not in of_servers]
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
    location = request.getfixturevalue("neo4j_store") if request.param == "neo4j" else str(tmp_path / "kb.db")
    with open_engine(location, mode="write") as opened:
        yield opened


def _chosen(config: pytest.Config) -> list[str]:
    return config.getoption("engines").split(",")
