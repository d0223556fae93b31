"""The figures of ``docs/catalog.md``: what stands between ``<!-- generated: NAME -->`` and ``<!-- end -->``."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from kb.catalog.compile.nodes import nodes
from kb.catalog.compile.relations import kind_of, relations
from kb.catalog.compile.sources import SOURCE_DIR, parts, rows, table

_PART = re.compile(r"(<!-- generated: ([a-z-]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def renew(page: str) -> str:
    """``page`` with every generated part made anew; raises KeyError for a part of an unknown name."""
    return _PART.sub(lambda found: found[1] + _PARTS[found[2]]() + found[3], page)


def _markdown(head: tuple[str, ...], body: Iterable[tuple[object, ...]]) -> str:
    lines = [head, ("---",) * len(head), *body]
    return "".join("| " + " | ".join(str(cell).replace("|", "\\|") for cell in line) + " |\n" for line in lines)


def _nodes() -> str:
    counts = Counter((node.kind, _prefix(node.id), str(node.properties.get("form", ""))) for node in nodes())
    body = [(*group, count) for group, count in sorted(counts.items())]
    return _markdown(("kind", "prefix", "form", "entries"), [*body, ("**all**", "", "", sum(counts.values()))])


def _prefix(node_id: str) -> str:
    prefix, colon, _ = node_id.partition(":")
    return f"`{prefix}:`" if colon else "none"


_STATUSES = ("published", "inferred", "assumed")


def _relations() -> str:
    counts = Counter((relation.kind, str(relation.properties["status"])) for relation in relations())
    kinds = sorted({kind for kind, _ in counts})
    body = [
        (f"`{kind}`", *(counts[kind, status] for status in _STATUSES), sum(counts[kind, status] for status in _STATUSES))
        for kind in kinds
    ]
    totals = [sum(counts[kind, status] for kind in kinds) for status in _STATUSES]
    return _markdown(("kind", *_STATUSES, "all"), [*body, ("**all**", *totals, sum(totals))])


def crosswalk_words() -> Mapping[str, int]:
    """The number of rows of the crosswalk that are carried, by their word."""
    counts = Counter(row["word"] for path in SOURCE_DIR.glob("crosswalk_*.csv") for row in rows(path.stem))
    counts["at_layer"] += sum(len(layer["threats"]) for layer in table("maestro").values())
    counts["mitigates"] += sum(len(row["threats"].split(";")) for row in rows("atlas_mitigations"))
    counts["defends_against"] += sum(len(row["threats"].split(";")) for row in rows("aidefend"))
    return counts


def _words() -> str:
    body = [(f"`{word}`", f"`{kind_of(word)}`", count) for word, count in sorted(crosswalk_words().items())]
    return _markdown(("word", "becomes", "rows"), body)


def _left_out() -> str:
    left_out, carried = table("left_out"), sum(crosswalk_words().values())
    prefixes, words = left_out["prefixes"], left_out["words"]
    foreign, silent = sum(prefixes.values()), sum(words.values())
    lines = (
        f"Of {left_out['rows_read']} rows, {carried} are carried. Of the others, {foreign} have an end in a catalogue that is\n"
        f"not taken up, and {silent} a word that stands for no relation.\n\n"
    )
    body = [(f"an end in `{prefix}`", count) for prefix, count in prefixes.items()]
    return lines + _markdown(("left out", "rows"), [*body, *((f"`{word}`", count) for word, count in words.items())])


def _works() -> str:
    works = {part.work.name: part.work for part in parts().values()}
    head = ("publication", "version read", "licence", "where", "what was taken and how it was changed")
    return _markdown(head, ((work.name, work.version, work.license, work.address, work.changed) for work in works.values()))


_PARTS: Mapping[str, Callable[[], str]] = {
    "nodes": _nodes,
    "relations": _relations,
    "words": _words,
    "left-out": _left_out,
    "works": _works,
}
