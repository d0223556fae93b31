"""How soon the map of a cascade is there, beside the same graph in stock pyvis, in one browser in the same run.

Both pages are written anew and opened from a file with the network cut. ``paint`` is when the browser first shows anything,
``picture`` when the nodes are first drawn where they stay: pyvis first lets its physics settle, for as long as the cap
allows. Run with ``python benchmarks/first_paint.py [AGENTS …]`` where the dependency groups ``dev`` and ``benchmarks``
and Chromium with its driver are installed. Compare the ratios.
"""

import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from pyvis.network import Network
from selenium.common.exceptions import TimeoutException

from browser.chromium import LACKING, Browser, programs
from kb.engines.registry import open_engine
from systems import independent, member, write_system

SIZES = (500, 2_000)
TRUSTED = 2
"""How many others each agent trusts."""
STRENGTHS = (0.9, 0.99)
ROUNDS = 3
CAP = 120.0
"""Seconds that a page gets until its picture is there."""
SLOW = 10.0
"""Seconds after which a page is opened once only."""

FIRST_PAINT = "return performance.getEntriesByType('paint')[0]?.startTime ?? null"
PICTURE = "return performance.getEntriesByName('picture')[0]?.startTime ?? null"
MARK = """<script>
network.once("stabilizationIterationsDone", () => network.once("afterDrawing", () => performance.mark("picture")));
</script></body>"""


class Shown(NamedTuple):
    """A page: seconds to write it, MiB, and seconds from its opening to its first paint and its picture; None past the cap."""

    written: float
    size: float
    paint: float | None
    picture: float | None


def main() -> None:
    """Print a table for each size, and the ratios."""
    where = programs()
    if where is None:
        sys.exit(LACKING)
    with TemporaryDirectory() as name, Browser.started(where, Path(name) / "profile") as browser:
        browser.driver.set_page_load_timeout(CAP)
        for size in [int(word) for word in sys.argv[1:]] or SIZES:
            edges = list(wired(random.Random(size), size))
            pages = {"kb map": ours(Path(name), size, edges), "stock pyvis": stock(Path(name), edges)}
            shown = {page: opened(browser, *written) for page, written in pages.items()}
            report(size, len(edges), shown)


def wired(draw: random.Random, size: int) -> Iterator[tuple[str, str, float]]:
    """(fallen, hit, strength): each agent trusts some of the earlier half, so that all fall with the first, in few steps."""
    for hit in range(1, size):
        for fallen in draw.sample(range((hit + 1) // 2), min(TRUSTED, (hit + 1) // 2)):
            yield f"a{fallen}", f"a{hit}", round(draw.uniform(*STRENGTHS), 3)


def ours(folder: Path, size: int, edges: list[tuple[str, str, float]]) -> tuple[Path, float]:
    """The page of ``kb map`` and what writing it took, from a cold process on."""
    store, page = folder / f"{size}.db", folder / f"{size}.html"
    with open_engine(str(store), mode="write") as engine:
        write_system(engine, independent(edges))
    words = ["map", "--cascade", member("a0"), "--max-nodes", str(size), "--store", str(store), "-o", str(page), "--quiet"]
    start = time.perf_counter()
    subprocess.run([sys.executable, "-m", "kb", *words], check=True)
    return page, time.perf_counter() - start


def stock(folder: Path, edges: list[tuple[str, str, float]]) -> tuple[Path, float]:
    """The page of pyvis as its manual makes one, its scripts in it, and what making it took; it marks when it is drawn."""
    page = folder / "pyvis.html"
    start = time.perf_counter()
    network = Network(height="800px", width="100%", directed=True, cdn_resources="in_line")
    for name in dict.fromkeys(end for edge in edges for end in edge[:2]):
        network.add_node(name, label=member(name), title=member(name))
    for fallen, hit, strength in edges:
        network.add_edge(fallen, hit, value=strength)
    text = network.generate_html()
    taken = time.perf_counter() - start
    page.write_text(MARK.join(text.rsplit("</body>", 1)), encoding="utf-8")
    return page, taken


def opened(browser: Browser, page: Path, written: float) -> Shown:
    """What opening ``page`` took, the median of rounds; of one round where its picture was slow."""
    rounds = [once(browser, page)]
    while len(rounds) < ROUNDS and (rounds[-1][1] or CAP) < SLOW:
        rounds.append(once(browser, page))
    paints, pictures = zip(*rounds, strict=True)
    size = page.stat().st_size / 2**20
    return Shown(written, size, *(None if None in each else median(each) for each in (paints, pictures)))


def once(browser: Browser, page: Path) -> tuple[float | None, float | None]:
    """Seconds to the first paint and to the picture."""
    try:
        browser.open(page)
        return tuple(within(CAP, lambda script=script: seconds(browser, script)) for script in (FIRST_PAINT, PICTURE))
    except TimeoutException:
        return None, None  # a page that is busy answers nothing


def within(limit: float, asked: Callable[[], float | None]) -> float | None:
    """What is answered in so many seconds."""
    deadline = time.perf_counter() + limit
    while (answer := asked()) is None and time.perf_counter() < deadline:
        time.sleep(0.05)
    return answer


def seconds(browser: Browser, script: str) -> float | None:
    """What ``script`` returns in milliseconds."""
    moment = browser.run(script)
    return None if moment is None else float(str(moment)) / 1000


def report(size: int, relations: int, shown: dict[str, Shown]) -> None:
    """One table: a row a page, and how many times more than ours."""
    mine = shown["kb map"]
    print(f"\n{size:,} agents, {relations:,} relations of trust; ratios to kb map in brackets")
    print(
        f"{'':12}" + "".join(f"{title:>30}" for title in ("worked out and written, s", "size, MiB", "paint, s", "picture, s"))
    )
    for page, row in shown.items():
        cells = (cell(value, base) for value, base in zip(row, mine, strict=True))
        print(f"{page:12}" + "".join(f"{text:>30}" for text in cells))


def cell(value: float | None, base: float | None) -> str:
    """A figure and its ratio to ours."""
    if value is None or base is None:
        least = "" if base is None else f" (> {times(CAP / base)})"
        return f"not within {CAP:.0f} s{least}"
    return f"{value:.2f} ({times(value / base)})"


def times(ratio: float) -> str:
    """``0.11x``, ``1.4x``, ``140x``."""
    return f"{ratio:.0f}x" if ratio >= 10 else f"{ratio:.2g}x"


if __name__ == "__main__":
    main()
