"""Which browser the tests have, what a test of a page may never leave behind, and a word where there is no browser."""

from collections.abc import Iterator

import pytest

from browser.chromium import LACKING, Browser, programs

LEFT_OUT = pytest.StashKey[int]()
"""How many tests did not run for want of a browser."""

AT_HOME = ("file:", "data:", "blob:", "about:", "chrome:", "devtools:")
"""Addresses that are on this machine."""


def pytest_addoption(parser: pytest.Parser) -> None:
    words = "tests in a real browser: where one is found, always (none is an error), never (default: %(default)s)"
    parser.addoption("--browser", choices=("auto", "required", "none"), default="auto", help=words)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what needs a browser where there is none, or none is wanted."""
    wanted = config.getoption("browser")
    if wanted == "required" or (wanted == "auto" and programs()):
        return
    of_browsers = [item for item in items if "chromium" in getattr(item, "fixturenames", ())]
    config.stash[LEFT_OUT] = len(of_browsers)
    config.hook.pytest_deselected(items=of_browsers)
    items[:] = [item for item in items if item not in of_browsers]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say in the last lines that pages were not tried, so that green is not taken for more than it is."""
    if left_out := config.stash.get(LEFT_OUT, 0):
        why = "--browser=none" if config.getoption("browser") == "none" else LACKING
        terminalreporter.write_line(f"{left_out} tests in a browser did NOT run: {why}", yellow=True, bold=True)


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
