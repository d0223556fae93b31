"""``kb diff`` for reading: what came (+), went (-) and changed (~), a line each."""

from collections.abc import Iterator, Mapping
from typing import Any

from rich.text import Text

from kb.views.page import columns, section
from kb.views.table import drawn
from kb.views.terminal import Terminal
from kb.views.words import plain, short_hash

Row = Mapping[str, Any]

COLUMNS = ("change", "what", "kind", "source", "target", "property", "before", "after")
"""What CSV holds of each difference; ``source`` is the node itself where it is no relation."""
_SIGNS = {"came": "+", "went": "-", "changed": "~"}
_TITLES = {
    "node": "Nodes",
    "relation": "Relations",
    "score": "Scores",
    "probability": "Who falls",
    "chain": "Likeliest chains",
}


def diff_page(answer: Row, terminal: Terminal) -> str:
    """The page of an answer of ``kb diff``."""
    rows = diff_rows(answer)
    if not rows:
        return drawn(terminal, Text("nothing differs"))
    parts = []
    for what, title in _TITLES.items():
        lines = [_line(row) for row in rows if row["what"] == what]
        filled = [number for number in range(len(lines[0])) if any(line[number] for line in lines)] if lines else []
        lines = [[line[number] for number in filled] for line in lines]
        parts += [section(title, columns(lines), note=_counts(rows, what))] if lines else []
    return drawn(terminal, *parts)


def diff_rows(answer: Row) -> list[dict[str, Any]]:
    """One flat row for each difference; a changed node or relation has one for each property that differs."""
    return [dict(zip(COLUMNS, cells, strict=True)) for cells in _cells(answer)]


def _cells(answer: Row) -> Iterator[tuple[Any, ...]]:
    for change in _SIGNS:
        for node in answer["nodes"][change]:
            for name, values in node.get("changes", {None: {"before": None, "after": None}}).items():
                yield change, "node", node["kind"], node["id"], None, name, values["before"], values["after"]
        for relation in answer["relations"][change]:
            yield from _relation(change, relation)
        for score in answer["scores"][change]:
            yield change, "score", "Agent", score["agent"], None, score["figure"], score["before"], score["after"]
    spread = answer["cascade"]
    if spread is not None:
        for row in spread["moved"]:
            yield "changed", "probability", "Agent", row["agent"], None, None, row["before"], row["after"]
        for change, chains in spread["chains"].items():
            for chain in chains:
                figures = (None, chain["probability"]) if change == "came" else (chain["probability"], None)
                yield change, "chain", "Agent", spread["from"], chain["agent"], _steps(chain["chain"]), *figures


def _relation(change: str, relation: Row) -> Iterator[tuple[Any, ...]]:
    told = " ".join(str(value) for value in relation["identity"].values() if value)
    ends = (change, "relation", relation["kind"], relation["source"], relation["target"])
    if "said" in relation:
        yield *ends, told or None, None, None
        return
    before, after = relation["before"], relation["after"]
    if len(before) != 1 or len(after) != 1:  # documents differ about it: whole assertions are all there is to compare
        yield *ends, told or None, before, after
        return
    for name in sorted(before[0].keys() | after[0].keys()):
        was, now = before[0].get(name), after[0].get(name)
        if was != now:
            yield *ends, f"{told} {name}".strip(), was, now


def _steps(chain: list[Row]) -> str:
    return " → ".join(" ".join(filter(None, (step["agent"], step["threat"], _by(step)))) for step in chain)


def _by(step: Row) -> str:
    return f"({step['channel']})" if step["channel"] else ""


def _line(row: Row) -> list[str]:
    ends = f"{short_hash(row['source'])} → {short_hash(row['target'])}" if row["target"] else short_hash(row["source"])
    values = ""
    if row["before"] is not None or row["after"] is not None:
        values = f"{plain(row['before'])} → {plain(row['after'])}"
    kind = [row["kind"]] if row["what"] in ("node", "relation") else []
    return [_SIGNS[row["change"]], *kind, ends, row["property"] or "", values]


def _counts(rows: list[dict[str, Any]], what: str) -> str:
    counts = {change: sum(row["what"] == what and row["change"] == change for row in rows) for change in _SIGNS}
    return ", ".join(f"{number} {change}" for change, number in counts.items() if number)
