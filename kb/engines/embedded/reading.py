"""Reading nodes and relations. Every query starts from the ids asked for and follows indexes; none scans for them."""

import json
import sqlite3
from collections.abc import Collection, Iterable, Mapping
from functools import cache

from kb.engines.embedded.tables import columns, node_kind, relation_kind, table
from kb.model.graph import Node, Relation
from kb.model.schema import RelationKind

FILTERS = ("source", "target", "assessment")
"""What relations can be asked for by; the first that is given is where the query starts."""

_ALIASES = {"source": "s", "target": "o", "assessment": "a"}
"""How the queries call the node of each filter."""


def read_nodes(connection: sqlite3.Connection, kind: str, ids: Iterable[str] | None) -> list[Node]:
    """The nodes of ``kind`` with one of ``ids`` (all where ``None``), by id."""
    name = table(node_kind(kind).name)
    cols = columns(kind)
    query = f"SELECT p.id{cols.sql('p')} FROM {name} p"
    if ids is None:
        rows = connection.execute(f"{query} ORDER BY p.id")
    else:
        query = query.replace("FROM", "FROM json_each(?) f CROSS JOIN") + " ON p.id = f.value ORDER BY p.id"
        rows = connection.execute(query, (id_list(ids),))
    return [Node(kind, row[0], cols.decode(row[1:])) for row in rows.fetchall()]


def read_edges(
    connection: sqlite3.Connection, kind: str, filters: Mapping[str, Iterable[str] | None], *, in_force: bool
) -> list[Relation]:
    """The relations of ``kind`` that fit every one of ``filters`` (by name, see :data:`FILTERS`), by (source, target, key)."""
    relation = relation_kind(kind)
    given = {name: id_list(ids) for name, ids in filters.items() if ids is not None}
    if relation.catalog and (not in_force or "assessment" in given):
        return []
    rows = connection.execute(edge_query(kind, frozenset(given), in_force), given)
    return _relations(relation, rows.fetchall())


def id_list(ids: Iterable[str]) -> str:
    """``ids`` without repetition as JSON text for ``json_each``, which would cut a text at U+0000: no id of ours has one."""
    return json.dumps([text for text in dict.fromkeys(ids) if "\0" not in text])


def _relations(relation: RelationKind, rows: Collection[tuple[object, ...]]) -> list[Relation]:
    cols = columns(relation.name)
    several = len(relation.targets) > 1
    return [
        Relation(relation.name, source, target, cols.decode(values), assessment, target_kind if several else "")  # type: ignore[arg-type]
        for source, target, target_kind, assessment, *values in rows
    ]


@cache
def edge_query(kind: str, given: frozenset[str], in_force: bool) -> str:
    """The SQL for relations of ``kind`` with the parameters ``given``, each a JSON list of ids.

    CROSS JOIN fixes the order of the loops: with a plain JOIN SQLite may scan the relation table instead.
    """
    relation = relation_kind(kind)
    name = table(kind, in_force=in_force)
    start = next((end for end in FILTERS if end in given), None)
    wanted = {"source": _ids_of("s", relation.sources), "target": _ids_of("o", relation.targets)}
    wanted["assessment"] = _ids_of("a", ("Assessment",))
    loops = {
        None: f"{name} t CROSS JOIN node s ON s.pk = t.source CROSS JOIN node o ON o.pk = t.target",
        "source": f"json_each(:source) f CROSS JOIN node s ON {wanted['source']} "
        f"CROSS JOIN {name} t ON t.source = s.pk CROSS JOIN node o ON o.pk = t.target",
        "target": f"json_each(:target) f CROSS JOIN node o ON {wanted['target']} "
        f"CROSS JOIN {name} t ON t.target = o.pk CROSS JOIN node s ON s.pk = t.source",
        "assessment": f"json_each(:assessment) f CROSS JOIN node a ON {wanted['assessment']} "
        f"CROSS JOIN {name} t ON t.assessment = a.pk CROSS JOIN node s ON s.pk = t.source CROSS JOIN node o ON o.pk = t.target",
    }[start]
    if not relation.catalog and start != "assessment":
        loops += " LEFT JOIN node a ON a.pk = t.assessment"
    further = [
        f"{_ALIASES[end]}.id IN (SELECT value FROM json_each(:{end}))" for end in FILTERS if end in given and end != start
    ]
    return (
        f"SELECT s.id, o.id, o.kind, {'NULL' if relation.catalog else 'a.id'}{columns(kind).sql('t')} FROM {loops}"
        f"{' WHERE ' if further else ''}{' AND '.join(further)} ORDER BY s.id, o.id, t.key, o.kind"
    )


def _ids_of(alias: str, kinds: Iterable[str]) -> str:
    """The condition that node ``alias`` is the one asked for; the kinds come from the schema table."""
    quoted = ", ".join(f"'{kind}'" for kind in kinds)
    return f"{alias}.kind IN ({quoted}) AND {alias}.id = f.value"
