"""Which browser the tests have, what a test of a page may never leave behind, and a word where there is no browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from browser import mermaid
from browser.chromium import LACKING, Browser, programs

LEFT_OUT = pytest.StashKey[dict[str, int]]()
"""Why some tests did not run, and how many."""

AT_HOME = ("file:", "data:", "blob:", "about:", "chrome:", "devtools:")
"""Addresses that are on this machine."""


def pytest_addoption(parser: pytest.Parser) -> None:
    words = "tests in a real browser: where one is found, always (none is an error), never (default: %(default)s)"
    parser.addoption("--browser", choices=("auto", "required", "none"), default="auto", help=words)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what needs a browser where there is none or none is wanted, and what needs Mermaid where it cannot be had."""
    for fixture, why in lacking(config.getoption("browser")).items():
        of_it = [item for item in items if fixture in getattr(item, "fixturenames", ())]
        config.stash.setdefault(LEFT_OUT, {})[why] = len(of_it)
        config.hook.pytest_deselected(items=of_it)
        items[:] = [item for item in items if item not in of_it]


def lacking(wanted: str) -> dict[str, str]:
    """Fixture to why tests that take it are left out."""
    without_mermaid = {} if mermaid.obtainable() else {"mermaid_script": mermaid.LACKING}
    if wanted == "none":
        return {"chromium": "--browser=none"}
    return without_mermaid if wanted == "required" or programs() else {"chromium": LACKING}


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say in the last lines that pages were not tried, so that green is not taken for more than it is."""
    for why, number in config.stash.get(LEFT_OUT, {}).items():
        if number:
            terminalreporter.write_line(f"{number} tests in a browser did NOT run: {why}", yellow=True, bold=True)


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """The one browser of this run; none is an error."""
    where = programs()
    if where is None:
        raise FileNotFoundError(LACKING)
    with Browser.started(where, tmp_path_factory.mktemp("chromium")) as browser:
        yield browser


@pytest.fixture
def browser(chromium: Browser) -> Iterator[Browser]:
    """The browser with an empty page; the test fails where a page complains, was taken over or asks for anything elsewhere."""
    chromium.driver.get("about:blank")
    chromium.complaints()
    chromium.requests()
    yield chromium
    assert chromium.complaints() == []
    assert [url for url in chromium.requests() if not url.startswith(AT_HOME)] == []


@pytest.fixture(scope="session")
def mermaid_script() -> Path:
    """The file of the script that renders Mermaid."""
    return mermaid.script()
