from pathlib import Path

import pytest

from kb.engines.registry import ENGINES, SCHEMES, Mode, open_engine
from kb.errors import StoreError


def test_a_path_is_an_embedded_base(tmp_path: Path) -> None:
    with open_engine(str(tmp_path / "odd name?mode=ro#%41.db"), mode="write") as engine:
        assert type(engine).__name__ == "EmbeddedEngine"
        assert engine.location == str(tmp_path / "odd name?mode=ro#%41.db")


@pytest.mark.parametrize("mode", ["read", "write"])
@pytest.mark.parametrize("scheme", ["neo4j", "bolt", "neo4j+s", "BOLT"])
def test_a_scheme_whose_engine_is_not_there_yet_is_named_without_what_follows_it(scheme: str, mode: Mode) -> None:
    with pytest.raises(StoreError) as raised:
        open_engine(f"{scheme}://user:secret@host", mode=mode)
    assert str(raised.value) == f"{scheme}://…: this version has no engine 'neo4j'"
    assert raised.value.hint == "use a path: the base is then one file"


def test_an_unknown_scheme_names_the_known_ones() -> None:
    with pytest.raises(StoreError) as raised:
        open_engine("postgres://user:secret@host", mode="read")
    assert str(raised.value) == "postgres://…: there is no engine for this kind of address"
    assert raised.value.hint == f"use a path, or one of {', '.join(SCHEMES)}"


def test_every_scheme_stands_for_an_engine_that_is_there_or_announced() -> None:
    assert set(SCHEMES.values()) - ENGINES.keys() == {"neo4j"}
