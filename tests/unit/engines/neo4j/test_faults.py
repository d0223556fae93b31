"""What the server and the driver say becomes a sentence of ours with what to do, and never tells a password."""

import pytest
from neo4j.exceptions import (
    AuthError,
    ConfigurationError,
    Neo4jError,
    ServiceUnavailable,
    SessionExpired,
)

from kb.engines.neo4j.connection import require_version
from kb.engines.neo4j.faults import checked_location, faults
from kb.errors import SchemaError, StoreError


def translated(error: Exception) -> tuple[str, str]:
    """Sentence and hint of what becomes of ``error``."""
    with pytest.raises(StoreError) as raised, faults("neo4j://host"):
        raise error
    assert raised.value.__cause__ is error
    return str(raised.value), raised.value.hint


def said(code: str, message: str = "in the server's words") -> Neo4jError:
    """What the driver raises when the server answers with ``code``."""
    return Neo4jError._hydrate_neo4j(code=code, message=message)


@pytest.mark.parametrize(
    ("code", "sentence", "hint"),
    [
        ("Neo.ClientError.Security.Forbidden", "the user may not do this", "NEO4J_USERNAME the right to read"),
        ("Neo.ClientError.Security.Unauthorized", "does not know this user and password", "NEO4J_PASSWORD"),
        ("Neo.ClientError.Security.AuthenticationRateLimit", "too many wrong passwords", "wait a little"),
        ("Neo.ClientError.Database.DatabaseNotFound", "no database of that name", "NEO4J_DATABASE"),
        ("Neo.ClientError.General.ForbiddenOnReadOnlyDatabase", "the database is read-only", "can be written"),
        ("Neo.ClientError.Cluster.NotALeader", "takes no writes", "neo4j:// address"),
        ("Neo.TransientError.General.MemoryPoolOutOfMemoryError", "too little memory", "dbms.memory.transaction.total.max"),
        ("Neo.ClientError.Statement.AccessMode", "would write", "reads only"),
        ("Neo.ClientError.Statement.SyntaxError", "in the server's words", ""),
        ("Neo.DatabaseError.General.UnknownError", "in the server's words", ""),
    ],
)
def test_what_a_server_refuses_is_said_in_words(code: str, sentence: str, hint: str) -> None:
    shown, next_step = translated(said(code))
    assert shown.startswith("neo4j://host: ")
    assert sentence in shown
    assert hint in next_step


@pytest.mark.parametrize("error", [ServiceUnavailable("no route"), SessionExpired("gone")])
def test_a_server_that_is_gone_cannot_be_reached(error: Exception) -> None:
    assert translated(error) == (f"neo4j://host: cannot be reached: {error}", "is the server up, and the address right?")


def test_other_errors_of_the_driver_say_their_first_line() -> None:
    assert translated(ConfigurationError("odd\nmore"))[0] == "neo4j://host: odd"
    assert translated(AuthError())[1] == "set NEO4J_USERNAME and NEO4J_PASSWORD"


@pytest.mark.parametrize(
    "error", [OverflowError("integer out of range"), UnicodeEncodeError("utf-8", "\ud800", 0, 1, "surrogates")]
)
def test_what_no_server_takes_is_a_fault_of_the_caller(error: Exception) -> None:
    with pytest.raises(SchemaError, match="a value that no server takes"), faults("neo4j://host"):
        raise error


@pytest.mark.parametrize("agent", ["Neo4j/5.23.0", "Neo4j/5.26.30", "Neo4j/5.27-aura", "Neo4j/2025.10.1"])
def test_a_server_that_is_new_enough_is_taken(agent: str) -> None:
    require_version("neo4j://host", agent)


@pytest.mark.parametrize("agent", ["Neo4j/5.22.0", "Neo4j/4.4.40", "Neo4j/3.5.2", "Neo4j/v5.2.0 compatible graph server", ""])
def test_a_server_that_is_too_old_or_of_another_make_is_refused_by_name(agent: str) -> None:
    with pytest.raises(StoreError) as raised:
        require_version("neo4j://host", agent)
    assert str(raised.value) == f"neo4j://host: the server is {agent or 'of no name'}, this needs Neo4j 5.23 or newer"
    assert raised.value.hint == "upgrade the server"


@pytest.mark.parametrize("location", ["neo4j://host:secret", "bolt://[::1", "neo4j://user:secret@host:port"])
def test_what_is_no_address_is_not_shown(location: str) -> None:
    with pytest.raises(StoreError) as raised:
        checked_location(location)
    assert str(raised.value) == f"{location.partition(':')[0]}://…: is no address"


def test_an_address_is_taken_as_it_is_but_for_its_scheme() -> None:
    assert checked_location("NEO4J+S://Host:7687/?policy=Eu") == "neo4j+s://Host:7687/?policy=Eu"
