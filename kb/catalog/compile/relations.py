"""The catalogue's relations, out of the tables: rows that differ in their source alone are one relation with several."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kb.catalog.compile.sources import SOURCE_DIR, Origin, rows, table
from kb.model.graph import Relation
from kb.model.schema import Value

_KINDS: Mapping[str, str] = {"at_layer": "AT_LAYER", "mitigates": "COUNTERS", "defends_against": "COUNTERS"}


def kind_of(word: str) -> str:
    """The kind of relation that the crosswalk's ``word`` stands for; in MAPS_TO it stays as the predicate.

    Raises ValueError for a word that names no relation.
    """
    if word.startswith(("maps_to", "skos:")) or word in {"related", "renumbered_to"}:
        return "MAPS_TO"
    if word not in _KINDS:
        raise ValueError(f"{word!r} stands for no kind of relation")
    return _KINDS[word]


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table: what one origin says."""

    kind: str
    source: str
    target: str
    status: str
    origins: tuple[Origin, ...]
    properties: Mapping[str, Value]
    """Further identity columns and own properties; ``None`` where the row leaves one out."""


def relations() -> list[Relation]:
    """Every relation of the catalogue, by kind, ends and key."""
    merged: dict[str, Relation] = {}
    for row in _rows():
        relation = _relation(row)
        known = merged.get(relation.key)
        merged[relation.key] = _united(known, relation) if known else relation
    return sorted(merged.values(), key=lambda relation: (relation.kind, relation.source, relation.target, relation.key))


def _relation(row: Row) -> Relation:
    properties = {name: value for name, value in row.properties.items() if value is not None}
    properties["status"] = row.status
    properties["sources"] = tuple(origin.title for origin in row.origins)
    properties["licences"] = tuple(origin.license for origin in row.origins)
    return Relation(row.kind, row.source, row.target, properties)


def _united(first: Relation, second: Relation) -> Relation:
    """One relation with the sources of both; raises ValueError where they differ in more than that."""
    both = dict(first.properties)
    for name in ("sources", "licences"):
        both[name] = (*_strings(first.properties[name]), *_strings(second.properties[name]))
    if {**second.properties, **{name: both[name] for name in ("sources", "licences")}} != both:
        raise ValueError(f"{first.source} {first.kind} {first.target}: two rows give different values")
    return Relation(first.kind, first.source, first.target, both)


def _strings(value: Value) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else ()


def _rows() -> Iterator[Row]:
    yield from _maestro()
    yield from _atlas()
    yield from _aidefend()
    for path in sorted(SOURCE_DIR.glob("crosswalk_*.csv")):
        yield from _crosswalk(path.stem)
    yield from _playbook_parts()
    yield from _exposed()
    yield from _leads_to()
    yield from _exploits()
    yield from _needs()


def _row(kind: str, source: str, target: str, status: str, origins: list[str], **properties: Value) -> Row:
    return Row(kind, source, target, status, tuple(Origin.read(origin) for origin in origins), properties)


def _maestro() -> Iterator[Row]:
    for layer, entry in table("maestro").items():
        for threat in entry["threats"]:
            yield _row("AT_LAYER", f"maestro:{threat}", layer, "published", ["csa-maestro"])


def _atlas() -> Iterator[Row]:
    for row in rows("atlas_mitigations"):
        for threat in row["threats"].split(";"):
            yield _row("COUNTERS", f"atlas:{row['id']}", f"atlas:{threat}", "published", ["atlas"])


def _aidefend() -> Iterator[Row]:
    for row in rows("aidefend"):
        for threat in row["threats"].split(";"):
            yield _row("COUNTERS", f"aidefend:{row['id']}", threat, "published", ["aidefend"])


def _crosswalk(name: str) -> Iterator[Row]:
    for row in rows(name):
        kind, origin = kind_of(row["word"]), row["source"]
        properties: dict[str, Value] = {"predicate": row["word"]} if kind == "MAPS_TO" else {}
        properties["confidence"] = float(row["confidence"]) if row["confidence"] else None
        status = "inferred" if origin == "kb-inferred" else "published"
        yield _row(kind, row["from"], row["to"], status, [origin], **properties)


def _playbook_parts() -> Iterator[Row]:
    """Steps and leaves counter what their playbook counters: the publication says it of the playbook as a whole."""
    countered: dict[str, list[str]] = {}
    for row in rows("crosswalk_owasp_threats"):
        if row["word"] == "mitigates":
            countered.setdefault(row["from"], []).append(row["to"])
    for playbook, entry in table("owasp_playbooks").items():
        for step, content in entry["steps"].items():
            for part in (step, *content["leaves"]):
                for threat in countered[f"owasp:{playbook}"]:
                    origin = f"owasp-threats playbook {playbook}"
                    yield _row("COUNTERS", f"owasp:{part}", threat, "inferred", [origin])


def _exposed() -> Iterator[Row]:
    for capability, entry in table("owasp_decision_path").items():
        origin = f"owasp-threats decision path, step {entry['step']}"
        for threat in entry["exposes"]:
            values = {"role": "exposes", "condition": entry["condition"]}
            yield _row("EXPLOITS", threat, f"cap:{capability}", "published", [origin], **values)


def _leads_to() -> Iterator[Row]:
    for step in table("cascade")["leads_to"]:
        values = {"mechanism": step.get("mechanism")}
        yield _row("LEADS_TO", step["from"], step["to"], step["status"], step["sources"], **values)


def _exploits() -> Iterator[Row]:
    for entry in table("cascade")["exploits"]:
        for factor in entry["factors"]:
            target = f"aivss:{factor}"
            yield _row("EXPLOITS", entry["threat"], target, entry["status"], entry["sources"], role="exploits")


def _needs() -> Iterator[Row]:
    for entry in table("cascade")["needs"]:
        for threat in entry["threats"]:
            values = {"role": "needs", "condition": entry["condition"]}
            yield _row("EXPLOITS", threat, entry["capability"], entry["status"], entry["sources"], **values)
