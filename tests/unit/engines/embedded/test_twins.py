"""The SQL files beside the engine are the twins of the Cypher files, and return what those declare."""

import sqlite3
from importlib.resources import files

import pytest

from kb.engines.embedded.tables import create_statements
from kb.engines.embedded.twins import statement
from kb.library import queries


def test_every_look_up_has_a_twin_and_every_twin_a_look_up() -> None:
    folder = files("kb.engines.embedded")
    assert {path.name for path in folder.iterdir() if path.name.endswith(".sql")} == {f"{name}.sql" for name in queries()}


@pytest.mark.parametrize("name", queries())
def test_a_twin_takes_the_parameters_and_returns_the_columns_of_its_contract(name: str) -> None:
    connection = sqlite3.connect(":memory:")
    for create in create_statements():
        connection.execute(create)
    contract = queries()[name]
    cursor = connection.execute(statement(name), {field.name: None for field in contract.params})
    assert [column[0] for column in cursor.description] == [field.name for field in contract.returns]
    for field in contract.params:
        assert f":{field.name}" in statement(name)
    connection.close()
