"""No query walks over a relation table to find what it was asked for."""

import re
import sqlite3
from collections.abc import Iterator
from itertools import chain, combinations

import pytest

from kb.engines.embedded.reading import FILTERS, edge_query
from kb.engines.embedded.tables import create_statements, tables_of
from kb.engines.embedded.twins import statement
from kb.library import queries
from kb.model.schema import RELATION_KINDS, RelationKind

RELATION_TABLES = {name for kind in RELATION_KINDS.values() for name in tables_of(kind)}


@pytest.fixture(scope="module")
def connection() -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(":memory:")
    for create in create_statements():
        connection.execute(create)
    yield connection
    connection.close()


def scanned(connection: sqlite3.Connection, sql: str) -> set[str]:
    """The relation tables that ``sql`` goes through from one end to the other, by themselves or by an index.

    Read from the byte code, which names tables by their root page: the query plan only knows their aliases. A cursor that
    is rewound, set to the last row or counted walks; one that seeks does not.
    """
    roots = dict(connection.execute("SELECT rootpage, tbl_name FROM sqlite_master WHERE rootpage > 0"))
    parameters = dict.fromkeys(re.findall(r":(\w+)", sql))
    opened: dict[int, str] = {}
    walked = set()
    for _, opcode, p1, p2, *_ in connection.execute(f"EXPLAIN {sql}", parameters).fetchall():
        if opcode == "OpenRead":
            opened[p1] = roots[p2]
        elif opcode in ("Rewind", "Last", "Count") and p1 in opened:
            walked.add(opened[p1])
    return walked & RELATION_TABLES


def test_a_walk_over_a_relation_table_is_noticed(connection: sqlite3.Connection) -> None:
    assert scanned(connection, "SELECT * FROM trusts t WHERE t.strength > 0.5") == {"trusts"}
    assert scanned(connection, "SELECT count(*) FROM faces") == {"faces"}
    assert scanned(connection, "SELECT * FROM trusts t WHERE t.source = 1") == set()
    plain_join = "SELECT * FROM json_each(:ids) f JOIN trusts t ON t.strength = f.value"
    assert scanned(connection, plain_join) == {"trusts"}


@pytest.mark.parametrize("kind", RELATION_KINDS.values(), ids=list(RELATION_KINDS))
def test_relations_are_found_from_what_is_given(connection: sqlite3.Connection, kind: RelationKind) -> None:
    filters, states = (FILTERS[:2], [True]) if kind.catalog else (FILTERS, [True, False])
    for given in chain.from_iterable(combinations(filters, number) for number in range(1, len(filters) + 1)):
        for in_force in states:
            assert scanned(connection, edge_query(kind.name, frozenset(given), in_force)) == set()


@pytest.mark.parametrize("name", queries())
def test_look_ups_are_answered_from_indexes(connection: sqlite3.Connection, name: str) -> None:
    assert scanned(connection, statement(name)) == set()
