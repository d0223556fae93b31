from pathlib import Path

import pytest

from kb.engines.registry import ENGINES, SCHEMES, Mode, open_engine
from kb.errors import StoreError


def test_a_path_is_an_embedded_base(tmp_path: Path) -> None:
    with open_engine(str(tmp_path / "odd name?mode=ro#%41.db"), mode="write") as engine:
        assert type(engine).__name__ == "EmbeddedEngine"
        assert engine.location == str(tmp_path / "odd name?mode=ro#%41.db")


@pytest.mark.parametrize("mode", ["read", "write"])
@pytest.mark.parametrize("scheme", ["neo4j", "bolt", "BOLT", "neo4j+s"])
def test_an_address_with_credentials_is_refused_without_showing_them(scheme: str, mode: Mode) -> None:
    with pytest.raises(StoreError) as raised:
        open_engine(f"{scheme}://user:secret@127.0.0.1:1", mode=mode)
    assert str(raised.value) == f"{scheme.lower()}://127.0.0.1:1: the address holds credentials"
    assert raised.value.hint == "set NEO4J_USERNAME and NEO4J_PASSWORD instead"


@pytest.mark.parametrize("scheme", ["neo4j", "bolt", "BOLT"])
def test_a_server_that_is_not_there_cannot_be_reached(scheme: str) -> None:
    with pytest.raises(StoreError) as raised:
        open_engine(f"{scheme}://127.0.0.1:1", mode="read")
    assert str(raised.value).startswith(f"{scheme.lower()}://127.0.0.1:1: cannot be reached")
    assert raised.value.hint == "is the server up, and the address right?"


def test_an_unknown_scheme_names_the_known_ones() -> None:
    with pytest.raises(StoreError) as raised:
        open_engine("postgres://user:secret@host", mode="read")
    assert str(raised.value) == "postgres://…: there is no engine for this kind of address"
    assert raised.value.hint == f"use a path, or one of {', '.join(SCHEMES)}"


def test_every_scheme_stands_for_an_engine_that_is_there() -> None:
    assert set(SCHEMES.values()) <= ENGINES.keys()
