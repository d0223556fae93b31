"""A real Chromium, headless, cut off from every network, that remembers what its pages complained of and asked for."""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from selenium.webdriver import ActionChains, Chrome, ChromeOptions, ChromeService
from selenium.webdriver.common.actions.action_builder import ActionBuilder
from selenium.webdriver.common.by import By

LACKING = "there is no Chromium with its driver here: apt-get install chromium chromium-driver"

CANARY = """
const taken = how => console.error("taken over: " + how);
Object.defineProperty(window, "pwned", {set: taken, get: () => undefined});
for (const name of ["alert", "confirm", "prompt", "open"]) window[name] = () => taken(name);
"""
"""Runs in every page before its own scripts: hostile text that sets ``pwned`` or opens a dialog makes the page complain."""


class Programs(NamedTuple):
    """Where a browser and the program that drives it are."""

    browser: str
    driver: str


def programs() -> Programs | None:
    """Chromium as Debian names it, else as others do; None where it or its driver is not to be found."""
    named = map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))
    browser, driver = next(filter(None, named), None), shutil.which("chromedriver")
    return Programs(browser, driver) if browser and driver else None


class Browser:
    """One window of a Chromium."""

    def __init__(self, driver: Chrome) -> None:
        self.driver = driver

    @classmethod
    @contextmanager
    def started(cls, where: Programs, profile: Path) -> Iterator["Browser"]:
        """A browser with nothing of anybody's in it and no network, which ends with the block."""
        options = ChromeOptions()
        options.binary_location = where.browser
        flags = ("headless=new", "no-sandbox", "disable-gpu", "disable-dev-shm-usage", "force-color-profile=srgb")
        quiet = ("disable-background-networking", "disable-component-update", "disable-sync", "no-first-run")
        for flag in (*flags, *quiet, "hide-scrollbars", "host-resolver-rules=MAP * ~NOTFOUND", f"user-data-dir={profile}"):
            options.add_argument(f"--{flag}")
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        environment = {**os.environ, "SE_OFFLINE": "true", "HOME": str(profile)}
        driver = Chrome(options, ChromeService(where.driver, env=environment))
        try:
            driver.set_script_timeout(20)
            driver.set_page_load_timeout(60)
            browser = cls(driver)
            browser.command("Network.enable")
            browser.command("Page.addScriptToEvaluateOnNewDocument", source=CANARY)
            nothing = {"latency": 0, "downloadThroughput": 0, "uploadThroughput": 0}
            browser.command("Network.emulateNetworkConditions", offline=True, **nothing)
            yield browser
        finally:
            driver.quit()

    def command(self, name: str, **params: object) -> dict[str, object]:
        """The answer of Chromium to a command of its DevTools."""
        return self.driver.execute_cdp_cmd(name, params)

    def open(self, path: Path, width: int = 1280, height: int = 800, *, dark: bool = False, scripts: bool = True) -> None:
        """Show the file at ``path`` in a page of so many pixels, on a light or a dark screen, with or without its scripts."""
        self.command("Emulation.setScriptExecutionDisabled", value=not scripts)
        self.command("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        self.medium("", dark=dark)
        self.driver.get(path.as_uri())

    def medium(self, name: str, *, dark: bool = False) -> None:
        """Show pages as on a ``screen`` or in ``print`` (without a name as they are), for who wants it light or dark."""
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.command("Emulation.setEmulatedMedia", media=name, features=[scheme])

    def settle(self) -> None:
        """Wait until the page has drawn what has changed so far, its canvas too."""
        twice = "const [done] = arguments; requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 50)))"
        self.wait_for(twice)

    def run(self, script: str, *args: object) -> object:
        """What the body of a function ``script`` returns in the page."""
        return self.driver.execute_script(script, *args)

    def wait_for(self, script: str, *args: object) -> object:
        """What the body of a function ``script`` gives to the function that is its last argument, at some time."""
        return self.driver.execute_async_script(script, *args)

    def texts(self, selector: str) -> list[str]:
        """What is written in the elements that are shown and that a selector of CSS finds."""
        return [found.text for found in self.driver.find_elements(By.CSS_SELECTOR, selector) if found.is_displayed()]

    def click(self, selector: str) -> None:
        """Click on the one element that the selector finds, as a pointer does: it has to be in view and not covered."""
        (found,) = self.driver.find_elements(By.CSS_SELECTOR, selector)
        found.click()

    def click_at(self, x: float, y: float) -> None:
        """Click on a place of the window, in pixels."""
        pointer = ActionBuilder(self.driver)
        pointer.pointer_action.move_to_location(round(x), round(y)).click()
        pointer.perform()

    def press(self, *keys: str) -> None:
        """Press and release keys one after the other, wherever the focus is."""
        ActionChains(self.driver).send_keys(*keys).perform()

    def complaints(self) -> list[str]:
        """What the console heard since it was last asked that is an error, refusals of the page's policy among it."""
        return [entry["message"] for entry in self.driver.get_log("browser") if entry["level"] == "SEVERE"]

    def requests(self) -> list[str]:
        """Addresses that pages asked for since this was last asked, of whatever kind and whether they got it or not."""
        messages = (json.loads(entry["message"])["message"] for entry in self.driver.get_log("performance"))
        sent = (message["params"] for message in messages if message["method"] == "Network.requestWillBeSent")
        return [params["request"]["url"] for params in sent]
