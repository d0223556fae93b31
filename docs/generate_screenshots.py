"""Draws the map that the README shows, in a real Chromium: ``python docs/generate_screenshots.py [FOLDER]``.

Writes ``docs/images/trust-map.png``. With a folder it also writes what there is to look at after a change to the pages: map,
plan and report, wide and narrow, light and dark. Needs the dependency group ``dev`` and Chromium with its driver.
"""

import base64
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from browser.chromium import LACKING, Browser, programs

SHOWN = Path(__file__).parent / "images" / "trust-map.png"
PAGES = {
    "map": ("map", "--cascade", "outside", "--system", "ticket-to-merge"),
    "plan": ("map", "--plan", "--budget", "2", "--system", "ticket-to-merge"),
    "report": ("report", "--system", "ticket-to-merge"),
}
SIZES = {"wide": (1280, 800), "narrow": (390, 844)}


def main() -> None:
    """Write the picture of the README, or all of them."""
    where = programs()
    if where is None:
        sys.exit(LACKING)
    with TemporaryDirectory() as name, Browser.started(where, Path(name) / "profile") as browser:
        folder = Path(name)
        kb(folder, "load", "--seeds", "--quiet")
        shoot(browser, drawn(folder, "map"), SHOWN, *SIZES["wide"])
        if sys.argv[1:]:
            shoot_all(browser, folder, Path(sys.argv[1]))


def shoot_all(browser: Browser, folder: Path, where: Path) -> None:
    """Write every page in every size, light and dark."""
    for page in PAGES:
        for size, pixels in SIZES.items():
            for light in ("light", "dark"):
                shoot(browser, drawn(folder, page), where / f"{page}-{size}-{light}.png", *pixels, dark=light == "dark")


def kb(folder: Path, *words: str) -> None:
    """Run the command in ``folder``."""
    subprocess.run([sys.executable, "-m", "kb", *words], cwd=folder, check=True)


def drawn(folder: Path, page: str) -> Path:
    """The file of a page, written when it is asked for first."""
    path = folder / f"{page}.html"
    if not path.exists():
        kb(folder, *PAGES[page], "--quiet", "-o", path.name)
    return path


def shoot(browser: Browser, page: Path, picture: Path, width: int, height: int, *, dark: bool = False) -> None:
    """Write what the first screen of ``page`` shows."""
    browser.open(page, width, height, dark=dark)
    browser.settle()
    picture.parent.mkdir(parents=True, exist_ok=True)
    picture.write_bytes(base64.b64decode(str(browser.command("Page.captureScreenshot", format="png")["data"])))
    print(f"{picture}: {picture.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
