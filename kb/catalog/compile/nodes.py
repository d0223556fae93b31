"""The catalogue's nodes, out of the tables."""

from collections.abc import Iterator, Mapping

from kb.catalog.compile.sources import Origin, rows, table
from kb.model.graph import Node
from kb.model.schema import Value


def nodes() -> list[Node]:
    """Every node of the catalogue, by kind and id."""
    found = [*_layers(), *_capabilities(), *_threats(), *_mitigations()]
    return sorted(found, key=lambda node: (node.kind, node.id))


def _node(kind: str, node_id: str, origin: str, **properties: Value) -> Node:
    """A node read at ``origin``; properties that are absent or empty are left out."""
    given: dict[str, Value] = {name: value for name, value in properties.items() if value}
    return Node(kind, node_id, {**given, "sources": (Origin.read(origin).title,)})


def _layers() -> Iterator[Node]:
    summaries = table("summaries")["layer"]
    for order, (layer, entry) in enumerate(table("maestro").items(), start=1):
        yield _node("Layer", layer, "csa-maestro", name=entry["name"], order=order, summary=summaries[layer])


def _capabilities() -> Iterator[Node]:
    for factor, entry in table("owasp_aivss")["factors"].items():
        yield _node("Capability", f"aivss:{factor}", "owasp-aivss", name=entry["name"], summary=entry["summary"])
    for capability, entry in table("owasp_decision_path").items():
        yield _node("Capability", f"cap:{capability}", "owasp-threats", name=entry["name"], summary=entry["summary"])
    for capability, entry in table("cascade")["capabilities"].items():
        yield _node("Capability", f"cap:{capability}", "kb-assumed", name=entry["name"], summary=entry["summary"])


_LISTS = (
    ("owasp_threats", "owasp", "threat", "owasp-threats"),
    ("owasp_asi", "asi", "risk", "owasp-asi"),
    ("owasp_llm_2025", "llm2025", "risk", "owasp-llm-2025"),
    ("owasp_llm_2026", "llm2026", "risk", "owasp-llm-2026"),
)
"""Tables that are an id and a name an entry: file, prefix, form, origin."""


def _threats() -> Iterator[Node]:
    summaries = table("summaries")
    for file, catalog, form, origin in _LISTS:
        yield from _list(catalog, form, origin, table(file), summaries[catalog])
    yield from _list("aivss", "risk", "owasp-aivss", table("owasp_aivss")["core_risks"], {})
    for layer in table("maestro").values():
        yield from _list("maestro", "threat", "csa-maestro", layer["threats"], {})
    yield from _list("atlas", "tactic", "atlas", {row["id"]: row["name"] for row in rows("atlas_tactics")}, {})
    for row in rows("atlas_techniques"):
        yield _node(
            "Threat",
            f"atlas:{row['id']}",
            "atlas",
            name=row["name"],
            catalog="atlas",
            form="sub-technique" if row["parent"] else "technique",
            parent=_prefixed("atlas", row["parent"]),
        )


def _list(catalog: str, form: str, origin: str, names: Mapping[str, str], summaries: Mapping[str, str]) -> Iterator[Node]:
    for local, name in names.items():
        summary = summaries.get(local)
        yield _node("Threat", f"{catalog}:{local}", origin, name=name, catalog=catalog, form=form, summary=summary)


def _mitigations() -> Iterator[Node]:
    for row in rows("aidefend"):
        yield _node(
            "Mitigation",
            f"aidefend:{row['id']}",
            "aidefend",
            name=row["name"],
            catalog="aidefend",
            form=row["form"],
            tactic=row["tactic"],
            pillars=tuple(row["pillars"].split(";")),
            parent=_prefixed("aidefend", row["parent"]),
        )
    for row in rows("atlas_mitigations"):
        yield _node("Mitigation", f"atlas:{row['id']}", "atlas", name=row["name"], catalog="atlas", form="mitigation")
    for playbook, entry in table("owasp_playbooks").items():
        yield _playbook(playbook, "playbook", entry["name"])
        for step, content in entry["steps"].items():
            phase = content["phase"]
            yield _playbook(step, "step", content["name"], phase, playbook)
            for leaf, label in content["leaves"].items():
                yield _playbook(leaf, "leaf", label, phase, step)


def _playbook(local: str, form: str, name: str, phase: str = "", parent: str = "") -> Node:
    return _node(
        "Mitigation",
        f"owasp:{local}",
        "owasp-threats",
        name=name,
        catalog="owasp",
        form=form,
        tactic=phase,
        parent=_prefixed("owasp", parent),
    )


def _prefixed(catalog: str, local: str) -> str | None:
    return f"{catalog}:{local}" if local else None
