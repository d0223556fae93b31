"""Documents to load, a base to load them into, and the base as a value: shared by the suites that try the loader."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

from contents import Contents, read_all
from kb.catalog import Catalog, catalog
from kb.engines.protocol import Engine
from kb.model.graph import CatalogContent, Node

PAGES = Path(__file__).parent / "assets" / "pages"


def page(name: str, form: str = "full", changes: Mapping[str, str] | None = None) -> str:
    """A threat-model page about ``name``, in the ``form`` full or table, with texts of the model page exchanged."""
    text = (PAGES / f"harbour-pilot.{form}.txt").read_text(encoding="utf-8").replace("Harbour Pilot", name)
    for old, new in (changes or {}).items():
        assert old in text
        text = text.replace(old, new)
    return text


def document(agent: str, *, as_of: str | None = None, body: str = "") -> str:
    """A document of ours about ``agent``; ``body`` holds further lines of YAML."""
    source = f"source: {{as_of: {as_of}}}\n" if as_of else ""
    return f"kind: assessment\nagent: {{id: {agent}}}\n{source}{body}"


@cache
def small_catalog() -> Catalog:
    """The catalogue with every rule, but without relations and the nodes of ATLAS and AIDEFEND: a new base is quickly there."""
    full = catalog()
    nodes = [node for node in full.content.nodes if not node.id.startswith(("atlas:", "aidefend:"))]
    return replace(full, content=CatalogContent("small", nodes, ()))


def state(engine: Engine) -> tuple[Contents, str | None]:
    """All that the base holds but the moments of loading and what superseded what in the past, and its fingerprint."""
    contents = read_all(engine)
    past = [relation for relation in contents.out_of_force if relation.kind != "SUPERSEDES"]
    nodes = [Node(node.kind, node.id, _without_moment(node)) for node in contents.nodes]
    return replace(contents, nodes=nodes, out_of_force=past), engine.base.fingerprint if engine.base else None


def _without_moment(node: Node) -> Mapping[str, object]:
    return {name: value for name, value in node.properties.items() if name != "loaded_at"}


def put(folder: Path, files: Mapping[str, str]) -> list[str]:
    """Write ``files`` below ``folder``; returns their paths in order."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return [str(folder / name) for name in files]


def statuses(documents: Iterable[object]) -> list[tuple[str, str]]:
    """(file name, status) of each document of a report."""
    return [(Path(document.path).name, document.status) for document in documents]  # type: ignore[attr-defined]
