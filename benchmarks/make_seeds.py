"""Writes ``seeds/assessments/`` from the shared facts, pages and labels; the same input gives the same bytes.

Run from a checkout with the shared folder beside it: ``python benchmarks/make_seeds.py``. Prints the number of files only,
because the labels of sealed pages are for measuring and not for reading.
"""

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from kb.loading.pages import parse_page
from kb.model.aivss import FACTOR_NAMES

PROJECT = Path(__file__).parents[1]
SHARED = PROJECT / ".." / "shared"
TARGET = PROJECT / "seeds" / "assessments"

ADDRESS = "https://agent.distributedapps.ai/directory/{}/threat-model"
AS_OF = "2026-11"
WHOLE_PAGES = ("codegen", "qwen3-coder")
"""The two pages that were read to their end: their layers are all known."""

HEAD = "# Figures: public threat-model page of the AgentReady directory. Threats: our own labels. See README.md.\n"


@dataclass(frozen=True, slots=True)
class Seed:
    """What one file says."""

    slug: str
    name: str
    address: str
    factors: Mapping[str, str]
    figures: Mapping[str, str]
    """Inputs and results of the score block as printed; empty where the page was seen without it."""
    layers: Mapping[str, str]
    """Layer to ``mapped`` or ``uncertain``."""
    threats: Sequence[tuple[str | None, str]]
    """(layer, full threat id), sorted; no layer for the summary of the page."""


def seeds() -> Iterator[Seed]:
    """Every seed, by slug."""
    threats = _threats_that_both_state()
    with (SHARED / "facts" / "assessments.csv").open(encoding="utf-8") as file:
        rows = {row["slug"]: row for row in csv.DictReader(file)}
    for slug in sorted({*rows, *WHOLE_PAGES}):
        if slug in WHOLE_PAGES:
            yield _from_page(slug, threats.get(slug, []))
        else:
            yield _from_row(rows[slug], threats.get(slug, []))


def text_of(seed: Seed) -> str:
    """The file of ``seed``: a ``kind: assessment`` in YAML."""
    return HEAD + "\n".join(_lines(seed)) + "\n"


def _lines(seed: Seed) -> Iterator[str]:
    yield "kind: assessment"
    yield f"agent: {{id: {seed.slug}, name: {_quoted(seed.name)}}}"
    yield "source:"
    yield f"  url: {seed.address}"
    yield f"  title: {_quoted(f'{seed.name}: figures of its AgentReady page, threats as agent-threat-kb labels them')}"
    yield f"  as_of: {AS_OF}"
    yield "scores:"
    yield from (f"  {name}: {_plain(seed.factors[name])}" for name in FACTOR_NAMES)
    if seed.figures:
        yield "aivss:"
        yield '  version: "0.8"'
        yield from (f"  {name}: {seed.figures[name]}" for name in ("cvss_base", "threat_multiplier", "mitigation_factor"))
        claimed = ", ".join(f"{name}: {seed.figures[name]}" for name in ("factor_sum", "aars", "aivss", "severity"))
        yield f"  claimed: {{{claimed}}}"
    yield "layers:"
    yield from (f"  - {{id: {layer}, certainty: {certainty}}}" for layer, certainty in sorted(seed.layers.items()))
    if seed.threats:
        yield "threats:"
        yield from (_threat_line(seed, layer, threat) for layer, threat in seed.threats)


def _threat_line(seed: Seed, layer: str | None, threat: str) -> str:
    if layer is None:
        return f"  - {{threat: {threat}, certainty: mapped, polarity: stated}}"
    certainty = f", certainty: {seed.layers[layer]}" if layer in seed.layers else ""
    return f"  - {{threat: {threat}, layer: {layer}{certainty}, polarity: stated}}"


def _threats_that_both_state() -> dict[str, list[tuple[str | None, str]]]:
    with (SHARED / "labels" / "threat_labels.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["annotator_a"] == row["annotator_b"] == "stated"]
    threats: dict[str, list[tuple[str | None, str]]] = {}
    for row in rows:
        layer = None if row["layer"] == "S" else row["layer"]
        catalog = "llm2025" if row["threat"].startswith("LLM") else "owasp"
        threats.setdefault(row["slug"], []).append((layer, f"{catalog}:{row['threat']}"))
    return {slug: sorted(found, key=_by_layer_and_number) for slug, found in threats.items()}


def _by_layer_and_number(threat: tuple[str | None, str]) -> tuple[str, str, int]:
    layer, threat_id = threat
    catalog, _, number = threat_id.partition(":")
    return layer or "", catalog, int(number.lstrip("LMT"))


def _from_row(row: Mapping[str, str], threats: Sequence[tuple[str | None, str]]) -> Seed:
    layers = {layer: "mapped" for layer in row["layers_mapped"].split(";") if layer}
    layers |= {layer: "uncertain" for layer in row["layers_uncertain"].split(";") if layer}
    figures = {} if not row["aivss"] else row
    return Seed(row["slug"], row["name"], row["source_url"], row, figures, layers, threats)


def _from_page(slug: str, threats: Sequence[tuple[str | None, str]]) -> Seed:
    """A seed with the figures and the layers of a page that is there as a whole; none of its words."""
    path = SHARED / "pages" / f"{slug}.txt"
    (page,) = parse_page(path.read_text(encoding="utf-8"), path.name)
    read = page.assessment
    factors = {name: str(value) for name, value in read.factors.items()}
    return Seed(slug, read.name or slug, ADDRESS.format(slug), factors, {}, read.layers, threats)


def _plain(number: str) -> str:
    return f"{Decimal(number).normalize():f}"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def main() -> None:
    """Write every seed and remove files that are no seed any more."""
    files = {f"{seed.slug}.yaml": text_of(seed) for seed in seeds()}
    for stale in sorted({path.name for path in TARGET.glob("*.yaml")} - files.keys()):
        (TARGET / stale).unlink()
    for name, text in files.items():
        (TARGET / name).write_text(text, encoding="utf-8")
    print(f"{len(files)} seeds written to {TARGET.relative_to(PROJECT)}")


if __name__ == "__main__":
    main()
