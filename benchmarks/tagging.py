"""How well and how fast the threat tagger reads pages: ``python benchmarks/tagging.py [--open-only]``.

Two people labelled the pages. At (slug, layer, threat), *required* is what both gave as stated, *allowed* what either did,
*found* what the tagger calls stated; recall = found ∩ required / required, precision = found ∩ allowed / found. Some pages
are sealed: no pattern and no weight was made from them. Of those, only counts are printed, never a text and never one row.
"""

import argparse
import csv
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from kb.loading.pages import parse_page
from kb.loading.parsed import Paragraph
from kb.loading.tagger import tag, tagger_version

SHARED = Path(__file__).parents[1] / ".." / "shared"
ORIGINALS = {"qwen3-coder", "codegen"}
"""Open whatever their hash."""

Row = tuple[str, str, str]
"""Slug, layer (``S`` for the summary), threat without its catalogue."""


@dataclass
class Tally:
    """What was found in some pages against what two people found there."""

    required: set[Row] = field(default_factory=set)
    allowed: set[Row] = field(default_factory=set)
    found: dict[Row, str] = field(default_factory=dict)
    """With the name of the pattern."""

    @property
    def recall(self) -> float:
        """Share of the required rows that were found."""
        return len(self.required & self.found.keys()) / max(1, len(self.required))

    @property
    def precision(self) -> float:
        """Share of the found rows that are allowed."""
        return len(self.allowed & self.found.keys()) / max(1, len(self.found))

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        return 2 * self.recall * self.precision / max(1e-9, self.recall + self.precision)


def is_sealed(slug: str) -> bool:
    """Whether the page is for measuring only."""
    return slug not in ORIGINALS and sha256(slug.encode()).hexdigest()[0] in "01234"


def read_pages(sealed: bool) -> dict[str, tuple[Paragraph, ...]]:
    """The paragraphs of the sealed or of the open pages, by slug."""
    return {
        path.stem: parse_page(path.read_text(encoding="utf-8"), path.name)[0].paragraphs
        for path in sorted((SHARED / "pages").glob("*.txt"))
        if is_sealed(path.stem) is sealed
    }


def tally(pages: dict[str, tuple[Paragraph, ...]]) -> Tally:
    """The tagger's findings on ``pages`` beside the labels."""
    result = Tally()
    with (SHARED / "labels" / "threat_labels.csv").open(encoding="utf-8", newline="") as file:
        for label in csv.DictReader(file):
            polarities = (label["annotator_a"], label["annotator_b"])
            if label["slug"] in pages and "stated" in polarities:
                row = (label["slug"], label["layer"], label["threat"])
                result.allowed.add(row)
                if polarities == ("stated", "stated"):
                    result.required.add(row)
    for slug, paragraphs in pages.items():
        for finding in tag(paragraphs):
            if finding.polarity == "stated":
                row = (slug, finding.layer or "S", finding.threat.partition(":")[2])
                result.found.setdefault(row, finding.pattern)
    return result


def print_threats(result: Tally) -> None:
    """One row for each threat, counts only."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    found = result.found.keys()
    for name, rows in (
        ("required", result.required),
        ("hit", result.required & found),
        ("found", set(found)),
        ("right", result.allowed & found),
    ):
        for _, _, threat in rows:
            counts[threat][name] += 1
    print("  threat  recall        precision")
    for threat in sorted(counts, key=lambda name: (len(name), name)):
        count = counts[threat]
        recall, precision = (f"{count[a]:3}/{count[b]:<3}" for a, b in (("hit", "required"), ("right", "found")))
        print(f"  {threat:6}  {recall}       {precision}")


def print_confusions(result: Tally, *, rows: bool) -> None:
    """What was found where another threat was required and missed, as counts; with ``rows`` also every miss."""
    missed, wrong = result.required - result.found.keys(), result.found.keys() - result.allowed
    pairs = Counter((want[2], got[2]) for want in missed for got in wrong if want[:2] == got[:2])
    print("  missed and found instead:", ", ".join(f"{a} as {b} {n}" for (a, b), n in sorted(pairs.items())) or "none")
    if rows:
        _print_rows("missed", missed, {})
        _print_rows("wrong", wrong, result.found)


def _print_rows(word: str, rows: Iterable[Row], patterns: dict[Row, str]) -> None:
    """Open rows, one to a line."""
    for row in sorted(rows):
        print(f"  {word}: {' '.join(row)} {patterns.get(row, '')}".rstrip())


def pages_a_second(pages: Iterable[tuple[Paragraph, ...]]) -> float:
    """How many pages are tagged in a second of one processor, the best of five runs over all of them."""
    batch = list(pages)
    best = float("inf")
    for _ in range(5):
        start = time.process_time()
        for paragraphs in batch:
            tag(paragraphs)
        best = min(best, time.process_time() - start)
    return len(batch) / best


def main() -> int:
    """Print the figures; 0, also where the labelled pages are absent."""
    parser = argparse.ArgumentParser(description="Measure the threat tagger on the labelled pages.")
    parser.add_argument("--open-only", action="store_true", help="leave the sealed pages alone")
    arguments = parser.parse_args()
    if not (SHARED / "labels" / "threat_labels.csv").is_file():
        print("skipped: the labelled pages (../shared) are not here", file=sys.stderr)
        return 0
    print(f"tagger {tagger_version()}")
    for name, sealed in (("open", False), ("sealed", True)):
        if sealed and arguments.open_only:
            continue
        pages = read_pages(sealed)
        result = tally(pages)
        print(f"{name}: {len(pages)} pages, recall {result.recall:.3f}, precision {result.precision:.3f}, F1 {result.f1:.3f}")
        print_threats(result)
        print_confusions(result, rows=not sealed)
    print(f"speed: {pages_a_second(read_pages(sealed=False).values()):.0f} pages a second")
    return 0


if __name__ == "__main__":
    sys.exit(main())
