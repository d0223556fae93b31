"""The catalogue as the one JSON value that is read at run time."""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from kb.catalog.compile.nodes import nodes
from kb.catalog.compile.relations import relations
from kb.catalog.compile.sources import rows, table
from kb.model.graph import Node, Relation, check_node, check_relation


def compiled() -> dict[str, Any]:
    """The whole catalogue; ``version`` is the day of the last change and 8 hex digits of what the content hashes to.

    ``nodes`` are (id, properties) by kind. ``relations`` are (source, target, number) by kind, where the number points into
    ``properties``: few differ. Raises :class:`~kb.errors.SchemaError` for what the schema refuses and ValueError for a
    reference that leads nowhere.
    """
    known, said = nodes(), relations()
    check(known, said)
    content = {
        "nodes": _by_kind(known),
        **_shared(said),
        "primary_factors": _primary_factors(),
        "maestro_mappings": _maestro_mappings(),
        "cascade": _cascade(),
    }
    digest = sha256(as_bytes(content)).hexdigest()[:8]
    return {"version": f"{table('publications')['as_of']}+{digest}", **content}


def as_bytes(content: Mapping[str, Any]) -> bytes:
    """The compact JSON of ``content``, one line, the same for equal values."""
    return (json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n").encode()


def check(known: list[Node], said: list[Relation]) -> None:
    """Raise :class:`~kb.errors.SchemaError` for what the schema refuses, ValueError for a double id or a missing end."""
    ids = {(node.kind, node.id) for node in known}
    if len(ids) != len(known):
        raise ValueError("two nodes of one kind have one id")
    for node in known:
        check_node(node)
        parent = node.properties.get("parent")
        if parent and (node.kind, parent) not in ids:
            raise ValueError(f"{node.id}: no {node.kind} {parent!r}")
    for relation in said:
        check_relation(relation)
        start = "Mitigation" if relation.kind == "COUNTERS" else "Threat"
        for end in ((start, relation.source), (relation.end_kind, relation.target)):
            if end not in ids:
                raise ValueError(f"{relation.source} {relation.kind} {relation.target}: no {end[0]} {end[1]!r}")


def _by_kind(known: list[Node]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for node in known:
        found.setdefault(node.kind, []).append([node.id, node.properties])
    return found


def _shared(said: list[Relation]) -> dict[str, Any]:
    numbers: dict[str, int] = {}
    properties: list[Any] = []
    found: dict[str, list[Any]] = {}
    for relation in said:
        text = json.dumps(relation.properties, sort_keys=True)
        if text not in numbers:
            numbers[text] = len(properties)
            properties.append(relation.properties)
        found.setdefault(relation.kind, []).append([relation.source, relation.target, numbers[text]])
    return {"properties": properties, "relations": found}


def _primary_factors() -> dict[str, list[str]]:
    """The factors that are primary for the capabilities which expose a threat, by threat, in the order of the factors."""
    primary = {name: entry.get("primary", ()) for name, entry in table("owasp_aivss")["factors"].items()}
    found: dict[str, set[str]] = {}
    for capability, entry in table("owasp_decision_path").items():
        factors = {name for name, capabilities in primary.items() if capability in capabilities}
        for threat in entry["exposes"] if factors else ():
            found.setdefault(threat, set()).update(factors)
    return {threat: [name for name in primary if name in found[threat]] for threat in sorted(found)}


def _maestro_mappings() -> dict[str, Any]:
    """Layer and mapped threats, by MAESTRO threat, out of our own inferred rows."""
    found: dict[str, Any] = {}
    for row in rows("crosswalk_inferred"):
        if row["word"] == "related" and row["from"].startswith("maestro:"):
            layer = row["from"].removeprefix("maestro:").partition("-")[0]
            found.setdefault(row["from"], [layer, []])[1].append(row["to"])
    return {threat: [layer, sorted(mapped)] for threat, (layer, mapped) in sorted(found.items())}


def _cascade() -> dict[str, Any]:
    """The cascade tables but for what is a node or a relation already."""
    held = {"capabilities", "leads_to", "needs"}
    return {name: content for name, content in table("cascade").items() if name not in held}
