"""The Cypher of the protocol's methods. Nothing but names of the schema table is ever written into it; values are parameters.

A relation of a retired document keeps its ends and properties under the type ``OLD_<kind>``.
"""

from collections.abc import Sequence
from functools import cache

from kb.model.schema import NODE_KINDS, RELATION_KINDS, NodeKind, RelationKind

DOCUMENT_KINDS = tuple(kind for kind in RELATION_KINDS.values() if not kind.catalog)
CATALOG_KINDS = tuple(kind for kind in RELATION_KINDS.values() if kind.catalog)
CATALOG_NODES = tuple(kind for kind in NODE_KINDS.values() if kind.catalog)

BASE = "Base"
"""Label of the one node that marks a database as ours, and that writers lock so that they come one after the other."""

PORTION = 10_000
"""Nodes and relations that are removed in one transaction at most."""

GONE = "Gone"
"""Label of the nodes that the catalogue no longer has, for as long as something points at them."""


def relation_type(kind: RelationKind, *, in_force: bool = True) -> str:
    """The relationship type of ``kind``."""
    return kind.name if in_force else f"OLD_{kind.name}"


def constraints() -> dict[str, str]:
    """What a database is given before anything is written, by name: unique ids, and an index by document for each kind."""
    unique = {f"{label.lower()}_id": f"FOR (n:{label}) REQUIRE n.id IS UNIQUE" for label in (BASE, *NODE_KINDS)}
    types = [relation_type(kind, in_force=in_force) for kind in DOCUMENT_KINDS for in_force in (True, False)]
    by_document = {f"{name.lower()}_assessment": f"FOR ()-[r:{name}]-() ON (r.assessment)" for name in types}
    return {name: f"CREATE CONSTRAINT {name} IF NOT EXISTS {body}" for name, body in unique.items()} | {
        name: f"CREATE INDEX {name} IF NOT EXISTS {body}" for name, body in by_document.items()
    }


def index_names() -> str:
    """The names of all indexes, those of constraints among them."""
    return "SHOW INDEXES YIELD name"


def merge_nodes(kind: NodeKind) -> str:
    """Have nodes ``$rows``, each the list of its id and its properties in the table's order, null where absent."""
    back = f"\nREMOVE n:{GONE}" if kind.catalog else ""
    names = [prop.name for prop in kind.properties]
    return f"UNWIND $rows AS row\nMERGE (n:{kind.name} {{id: row[0]}})\nSET n += {_from_row(names, 1)}{back}"


def merge_relations(kind: RelationKind, target: str, *, in_force: bool) -> str:
    """Have relations ``$rows`` and return how many of them found both ends.

    A row is the list of source, target, key, assessment, and the properties in the table's order, null where absent: with
    the names in every row, packing them took half of the time. Merged on the key alone, between two nodes already matched:
    measured twice as fast as with a constraint on the key.
    """
    names = ["assessment", *(prop.name for prop in kind.properties)]
    return (
        "UNWIND $rows AS row\n"
        f"MATCH (s:{kind.sources[0]} {{id: row[0]}})\n"
        f"MATCH (t:{target} {{id: row[1]}})\n"
        f"MERGE (s)-[r:{relation_type(kind, in_force=in_force)} {{key: row[2]}}]->(t)\n"
        f"SET r += {_from_row(names, 3)}\n"
        "RETURN count(*) AS count"
    )


def _from_row(names: Sequence[str], first: int) -> str:
    """A map of ``names`` to the members of ``row``, the first of which is number ``first``; a null takes a property away."""
    return f"{{{', '.join(f'`{name}`: row[{place}]' for place, name in enumerate(names, first))}}}"


def present(label: str) -> str:
    """Those of ``$ids`` that nodes of ``label`` have."""
    return f"UNWIND $ids AS id\nMATCH (n:{label} {{id: id}})\nRETURN n.id AS id"


def retired() -> str:
    """Those of ``$ids`` that are Assessments out of force."""
    return "UNWIND $ids AS id\nMATCH (n:Assessment {id: id})\nWHERE n.in_force = false\nRETURN n.id AS id"


def move(kind: RelationKind, *, in_force: bool) -> str:
    """Bring what the Assessments ``$ids`` assert into the graph, or take it out."""
    came, goes = relation_type(kind, in_force=not in_force), relation_type(kind, in_force=in_force)
    return (
        "UNWIND $ids AS id\n"
        f"MATCH (s)-[r:{came} {{assessment: id}}]->(t)\n"
        f"MERGE (s)-[moved:{goes} {{key: r.key}}]->(t)\n"
        "SET moved = properties(r)\n"
        "DELETE r"
    )


def set_in_force() -> str:
    """Say of the Assessments ``$ids`` whether they count."""
    return "UNWIND $ids AS id\nMATCH (n:Assessment {id: id})\nSET n.in_force = $in_force"


def standing(*, in_force: bool) -> str:
    """Those of the Assessments ``$ids`` that do not count yet (or still do) and so have to change places."""
    state = str(not in_force).lower()
    return f"UNWIND $ids AS id\nMATCH (n:Assessment {{id: id}})\nWHERE coalesce(n.in_force, true) = {state}\nRETURN n.id AS id"


def delete_asserted(kind: RelationKind, *, in_force: bool) -> str:
    """Remove what the Assessments ``$ids`` assert."""
    name = relation_type(kind, in_force=in_force)
    return f"UNWIND $ids AS id\nMATCH ()-[r:{name} {{assessment: id}}]->()\nDELETE r"


def delete_assessments() -> str:
    """Remove the Assessments ``$ids`` and whatever starts or ends at them."""
    return "UNWIND $ids AS id\nMATCH (n:Assessment {id: id})\nDETACH DELETE n"


def uninfer() -> str:
    """Remove the outgoing relations of the agents ``$ids`` that no document asserts."""
    types = "|".join(kind.name for kind in DOCUMENT_KINDS if "Agent" in kind.sources)
    return f"UNWIND $ids AS id\nMATCH (a:Agent {{id: id}})-[r:{types}]->()\nWHERE r.assessment IS NULL\nDELETE r"


def delete_catalog_relations(kind: RelationKind) -> str:
    """Remove all relations of a catalogue kind."""
    return f"MATCH (:{kind.sources[0]})-[r:{kind.name}]->()\nDELETE r"


def mark_gone(kind: NodeKind) -> str:
    """Mark all catalogue nodes of ``kind`` as gone; those that are written again are back."""
    return f"MATCH (n:{kind.name})\nSET n:{GONE}"


def drop_gone() -> str:
    """Remove the nodes that the catalogue no longer has and that nothing points at."""
    return f"MATCH (n:{GONE})\nWHERE NOT EXISTS {{ (n)--() }}\nDELETE n"


def linked(label: str) -> str:
    """Those of the nodes ``$ids`` that still have a relation."""
    return f"UNWIND $ids AS id\nMATCH (n:{label} {{id: id}})\nWHERE EXISTS {{ (n)--() }}\nRETURN n.id AS id"


def asserting(kind: RelationKind, *, in_force: bool) -> str:
    """Those of the Assessments ``$ids`` that assert a relation of ``kind``."""
    name = relation_type(kind, in_force=in_force)
    return f"UNWIND $ids AS id\nMATCH ()-[r:{name} {{assessment: id}}]->()\nRETURN DISTINCT id"


def delete_nodes(label: str) -> str:
    """Remove the nodes ``$ids``, which have no relations."""
    return f"UNWIND $ids AS id\nMATCH (n:{label} {{id: id}})\nDELETE n"


def lock_base() -> str:
    """Make sure of the Base node, wait for other writers, and return what it says."""
    return "MERGE (b:Base {id: 'kb'})\nSET b.writing = true\nREMOVE b.writing\nRETURN properties(b) AS properties"


def read_base() -> str:
    """What the base says of itself."""
    return "MATCH (b:Base {id: 'kb'})\nRETURN properties(b) AS properties"


def renew_base() -> str:
    """Write what the base says of itself."""
    return "MATCH (b:Base {id: 'kb'})\nSET b += $properties"


def any_node() -> str:
    """One row where there is any node, ours or not."""
    return "MATCH (n)\nRETURN true AS found\nLIMIT 1"


def forget_base() -> str:
    """Leave the base without content to speak of, before its content goes."""
    return "MATCH (b:Base {id: 'kb'})\nSET b = {id: 'kb'}"


def counts() -> list[str]:
    """How many nodes there are, and how many relations; the server keeps both counts."""
    return ["MATCH (n)\nRETURN count(n) AS count", "MATCH ()-[r]->()\nRETURN count(r) AS count"]


def delete_all() -> str:
    """Remove all nodes and relations."""
    return "MATCH (n)\nDETACH DELETE n"


def delete_in_portions() -> list[str]:
    """Remove all relations, then all nodes but the Base, in portions, each a transaction."""
    ending = f"IN TRANSACTIONS OF {PORTION} ROWS"
    return [
        f"MATCH ()-[r]->()\nCALL (r) {{\n  DELETE r\n}} {ending}",
        f"MATCH (n)\nWHERE NOT n:Base\nCALL (n) {{\n  DETACH DELETE n\n}} {ending}",
    ]


def documents_in_force() -> str:
    """Id and parser of every Assessment that counts."""
    return "MATCH (n:Assessment)\nWHERE coalesce(n.in_force, true)\nRETURN n.id AS id, n.parser AS parser"


def read_nodes(kind: NodeKind, *, by_id: bool) -> str:
    """The nodes of ``kind``, all or those with ``$ids``."""
    start = f"UNWIND $ids AS id\nMATCH (n:{kind.name} {{id: id}})" if by_id else f"MATCH (n:{kind.name})"
    return f"{start}\nRETURN n.id AS id, properties(n) AS properties"


@cache
def read_edges(kind: RelationKind, given: frozenset[str], *, in_force: bool) -> str:
    """Relations of ``kind`` that fit the lists of ids ``given`` (source, target, assessment) as parameters of those names.

    The first list that is given is where the query starts, by an index; the others filter.
    """
    name, source = relation_type(kind, in_force=in_force), kind.sources[0]
    if "source" in given:
        match = f"UNWIND $source AS id\nMATCH (s:{source} {{id: id}})-[r:{name}]->(t)"
    elif "target" in given:
        match = f"UNWIND $target AS id\n{_any_target(kind, name)}"
    elif "assessment" in given:
        match = f"UNWIND $assessment AS id\nMATCH (s)-[r:{name} {{assessment: id}}]->(t)"
    else:
        match = f"MATCH (s:{source})-[r:{name}]->(t)"
    start = next((end for end in ("source", "target", "assessment") if end in given), "")
    terms = {"target": "t.id IN $target", "assessment": "r.assessment IN $assessment"}
    filters = [terms[end] for end in ("target", "assessment") if end in given and end != start]
    where = f"\nWHERE {' AND '.join(filters)}" if filters else ""
    *others, last = kind.targets
    target_kind = "".join(f"CASE WHEN t:{other} THEN '{other}' ELSE " for other in others) + f"'{last}'" + " END" * len(others)
    return f"{match}{where}\nRETURN s.id AS source, t.id AS target, {target_kind} AS target_kind, properties(r) AS properties"


def _any_target(kind: RelationKind, name: str) -> str:
    """A match from the target's id; where several kinds may be the target, each by its own index."""
    if len(kind.targets) == 1:
        return f"MATCH (s)-[r:{name}]->(t:{kind.targets[0]} {{id: id}})"
    branches = "\n  UNION\n".join(f"  MATCH (t:{target} {{id: id}})\n  RETURN t" for target in kind.targets)
    return f"CALL (id) {{\n{branches}\n}}\nMATCH (s)-[r:{name}]->(t)"
