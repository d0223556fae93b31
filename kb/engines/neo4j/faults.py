"""The driver's errors as ours, at the edge of the engine: what is wrong with which store, and what to do."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

from neo4j.exceptions import (
    AuthError,
    ClientError,
    ConfigurationError,
    DatabaseError,
    DriverError,
    Forbidden,
    Neo4jError,
    ServiceUnavailable,
    SessionExpired,
    TransientError,
)

from kb.errors import SchemaError, StoreError

_ADDRESS_HINT = "an address looks like neo4j://host:7687"

_BY_CODE = {
    "Neo.ClientError.Database.DatabaseNotFound": (
        "the server has no database of that name",
        "set NEO4J_DATABASE to one that exists, or unset it for the user's own",
    ),
    "Neo.ClientError.Security.Forbidden": (
        "the user may not do this",
        "give NEO4J_USERNAME the right to read and, for loading, to write and to make constraints",
    ),
    "Neo.ClientError.General.ForbiddenOnReadOnlyDatabase": (
        "the database is read-only",
        "load into a database that can be written, or ask a question only",
    ),
    "Neo.ClientError.Cluster.NotALeader": (
        "this member of the cluster takes no writes",
        "use a neo4j:// address, which finds the member that does",
    ),
    "Neo.ClientError.Security.AuthenticationRateLimit": (
        "too many wrong passwords; the server refuses for a while",
        "wait a little, then set NEO4J_USERNAME and NEO4J_PASSWORD",
    ),
    "Neo.ClientError.Statement.AccessMode": (
        "the statement would write, and nothing was written",
        "kb reads only here; documents come in with kb load",
    ),
    "Neo.TransientError.General.MemoryPoolOutOfMemoryError": (
        "the server has too little memory for this transaction",
        "raise dbms.memory.transaction.total.max",
    ),
}


@contextmanager
def faults(location: str) -> Iterator[None]:
    """Turn what the driver raises inside into :class:`~kb.errors.StoreError` about ``location``."""
    try:
        yield
    except (UnicodeEncodeError, OverflowError) as error:
        raise SchemaError(f"a value that no server takes: {error}") from error
    except (ServiceUnavailable, SessionExpired) as error:
        raise StoreError(
            location, f"cannot be reached: {_first_line(error)}", "is the server up, and the address right?"
        ) from error
    except AuthError as error:
        sentence = "the server does not know this user and password"
        raise StoreError(location, sentence, "set NEO4J_USERNAME and NEO4J_PASSWORD") from error
    except ConfigurationError as error:
        raise StoreError(location, _first_line(error), _ADDRESS_HINT) from error
    except (ClientError, DatabaseError, TransientError, Forbidden) as error:
        sentence, hint = _BY_CODE.get(error.code or "", (_first_line(error), ""))
        raise StoreError(location, sentence, hint) from error
    except (Neo4jError, DriverError) as error:
        raise StoreError(location, _first_line(error)) from error


def checked_location(location: str) -> str:
    """``location``, its scheme in lower case; raises :class:`~kb.errors.StoreError` where it is no address or tells secrets."""
    scheme = location.partition("://")[0]
    try:
        parts = urlsplit(location)
        parts.port  # noqa: B018  # raises where it is no number
    except ValueError as error:
        raise StoreError(f"{scheme}://…", "is no address", _ADDRESS_HINT) from error
    netloc = parts.netloc.rpartition("@")[2]
    shown = urlunsplit(parts._replace(netloc=netloc))
    if netloc != parts.netloc:
        raise StoreError(shown, "the address holds credentials", "set NEO4J_USERNAME and NEO4J_PASSWORD instead")
    return shown


def _first_line(error: Exception) -> str:
    return (str(error) or type(error).__name__).splitlines()[0].rstrip(": ")
