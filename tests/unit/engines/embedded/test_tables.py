import sqlite3

from hypothesis import given
from hypothesis import strategies as st

from kb.engines.embedded.tables import columns, create_statements, table, tables_of
from kb.model.schema import NODE_KINDS, RELATION_KINDS, NodeKind, RelationKind
from strategies import properties

KINDS = (*NODE_KINDS.values(), *RELATION_KINDS.values())


def tables() -> dict[str, dict[str, str]]:
    """Each table that is created, with its columns and their types."""
    connection = sqlite3.connect(":memory:")
    for statement in create_statements():
        connection.execute(statement)
    names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    found = {name: {column: kind for _, column, kind, *_ in connection.execute(f"PRAGMA table_info({name})")} for name in names}
    connection.close()
    return found


def test_there_is_a_table_for_each_kind_and_a_twin_where_documents_assert_it() -> None:
    twins = {f"old_{kind.name.lower()}" for kind in RELATION_KINDS.values() if not kind.catalog}
    assert tables().keys() == {"node", "meta"} | {kind.name.lower() for kind in KINDS} | twins


def test_columns_are_typed_after_the_schema_table() -> None:
    trusts = {"source": "INTEGER", "target": "INTEGER", "key": "TEXT", "assessment": "INTEGER"}
    trusts |= {"channel": "TEXT", "flow": "TEXT", "over": "TEXT"}
    trusts |= {"strength": "REAL", "strength_source": "TEXT", "protocol": "TEXT", "authenticated": "INTEGER", "places": "TEXT"}
    found = tables()
    assert found["trusts"] == found["old_trusts"] == trusts
    assert found["layer"] == {
        "pk": "INTEGER",
        "id": "TEXT",
        "name": "TEXT",
        "order": "INTEGER",
        "summary": "TEXT",
        "sources": "TEXT",
    }


def test_the_relations_of_a_kind_and_its_twin_have_the_same_columns_in_the_same_order() -> None:
    found = tables()
    for kind in RELATION_KINDS.values():
        assert [list(found[name].items()) for name in tables_of(kind)] == [list(found[table(kind.name)].items())] * len(
            tables_of(kind)
        )


@given(st.data(), st.sampled_from(KINDS))
def test_decoding_undoes_encoding(data: st.DataObject, kind: NodeKind | RelationKind) -> None:
    drawn = data.draw(properties(kind))
    cols = columns(kind.name)
    assert cols.decode(cols.encode(drawn)) == drawn
