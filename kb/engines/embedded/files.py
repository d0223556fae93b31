"""The database file: recognising it, opening it, bringing it to the present version, and naming what is wrong with it."""

import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from json import JSONDecodeError
from pathlib import Path

from kb.engines.embedded.tables import create_statements
from kb.errors import SchemaError, StoreError

APPLICATION_ID = int.from_bytes(b"kbat", "big")
"""What the ``application_id`` of our files says; ``file`` and the sqlite3 shell show it."""

OLDEST_SQLITE = (3, 38, 0)
"""The first with STRICT tables (3.37) and JSON functions built in (3.38)."""

Migration = Callable[[sqlite3.Connection], None]
"""Changes the tables of one version to those of the next, inside a transaction that somebody else commits."""

MIGRATIONS: tuple[Migration, ...] = ()
"""``MIGRATIONS[0]`` leads from version 1 to 2, and so on: one for every rise of ``kb.model.schema.SCHEMA_VERSION``."""

_SMALLEST_PAGE = 512
_WAL_MODE = 2
"""What bytes 18 and 19 of the header say while the file is in WAL mode."""

_LOAD_HINT = "`kb load PATH…` makes one"
_RESTORE_HINT = "restore it from a copy, or remove it and load the documents again"

_NOT_OURS = ("is no base of kb", "name another file with --store; this one is left as it is")

_FAULTS = {
    sqlite3.SQLITE_BUSY: ("locked by another writer", "try again when that one is done"),
    sqlite3.SQLITE_LOCKED: ("locked by another writer", "try again when that one is done"),
    sqlite3.SQLITE_FULL: ("the disk is full; nothing was written", "make room and run the command again"),
    sqlite3.SQLITE_IOERR: ("the disk failed or is full; nothing was written", "look at the disk and run the command again"),
    sqlite3.SQLITE_CORRUPT: ("is damaged", _RESTORE_HINT),
    sqlite3.SQLITE_NOTADB: _NOT_OURS,
    sqlite3.SQLITE_READONLY: ("cannot be written", "look at the permissions of the file and of its folder"),
    sqlite3.SQLITE_CANTOPEN: ("cannot be opened", "look at the permissions of the file and of its folder"),
    sqlite3.SQLITE_PERM: ("cannot be opened", "look at the permissions of the file and of its folder"),
}
"""What to say for each primary result code of SQLite that is no fault of ours."""


@contextmanager
def faults(location: str) -> Iterator[None]:
    """Inside, what SQLite raises becomes a :class:`~kb.errors.StoreError` about ``location`` that says what to do."""
    try:
        yield
    except sqlite3.IntegrityError as error:
        raise SchemaError(str(error)) from error
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", None)
        undecodable = code is None and "decode" in str(error)
        sentence, hint = _FAULTS.get(
            sqlite3.SQLITE_CORRUPT if undecodable else (code or 0) & 0xFF, (f"SQLite says: {error}", "")
        )
        raise StoreError(location, sentence, hint) from error
    except JSONDecodeError as error:
        raise StoreError(location, "is damaged", _RESTORE_HINT) from error
    except (UnicodeEncodeError, OverflowError) as error:
        raise SchemaError(f"a value cannot be stored: {error}") from error


@contextmanager
def snapshot(connection: sqlite3.Connection) -> Iterator[None]:
    """All that is read inside is of one state of the base."""
    connection.execute("BEGIN")
    try:
        yield
    finally:
        connection.execute("ROLLBACK")


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All that is done inside, or nothing; no other writer comes in between."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        with suppress(sqlite3.Error):  # SQLite has rolled back by itself where the disk is full
            connection.execute("ROLLBACK")
        raise


def check_place(location: str) -> bool:
    """Whether there is a file at ``location``; :class:`~kb.errors.StoreError` where something else is, or we may not look."""
    path = Path(location)
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        needed = ".".join(map(str, OLDEST_SQLITE))
        raise StoreError(location, f"this Python has SQLite {sqlite3.sqlite_version}", f"{needed} or newer is needed")
    if "\0" in location:
        raise StoreError(repr(location), "is no name that a file can have")
    try:
        if path.is_dir():
            raise StoreError(location, "is a folder", "name a file in it, such as kb.db")
        if not path.exists():
            return False
        if not path.is_file():
            raise StoreError(location, "is no regular file", "name a file on a disk")
        if 0 < path.stat().st_size < _SMALLEST_PAGE:
            raise not_ours(location)  # SQLite would take it for empty
    except OSError as error:
        raise StoreError(location, f"cannot be opened: {error.strerror}") from error
    return True


def check_folder(location: str) -> None:
    """Raise :class:`~kb.errors.StoreError` unless a file can be made at ``location``."""
    folder = Path(location).absolute().parent
    if not folder.is_dir():
        raise StoreError(location, f"there is no folder {str(folder)!r}", "make the folder first")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise StoreError(location, f"the folder {str(folder)!r} cannot be written", "look at its permissions")


def not_ours(location: str) -> StoreError:
    """The error for a file that something else has written."""
    return StoreError(location, *_NOT_OURS)


def missing(location: str) -> StoreError:
    """The error for a question on a store that was never written."""
    return StoreError(location, "there is no base here", _LOAD_HINT)


def connect_writing(location: str, busy_seconds: float) -> sqlite3.Connection:
    """A connection that may write, and makes the file where there is none."""
    return _connect(location, "mode=rwc", busy_seconds)


def connect_reading(location: str, busy_seconds: float) -> sqlite3.Connection:
    """A connection that cannot write. What a writer that died left half-done is rolled back first, where we may."""
    if _is_resting_in_wal_mode(location) and not _may_write_folder(location):
        return _connect(location, "mode=ro&immutable=1", busy_seconds)
    connection = _connect(location, "mode=ro", busy_seconds)
    try:
        connection.execute("PRAGMA user_version")
    except sqlite3.OperationalError as error:
        connection.close()
        if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY or not _may_write_folder(location):
            raise
        _roll_back_leftovers(location, busy_seconds)
        connection = _connect(location, "mode=ro", busy_seconds)
    return connection


def _connect(location: str, options: str, busy_seconds: float) -> sqlite3.Connection:
    uri = f"{Path(location).absolute().as_uri()}?{options}"
    connection = sqlite3.connect(uri, uri=True, isolation_level=None, timeout=busy_seconds)
    try:
        connection.execute("PRAGMA trusted_schema = OFF")  # the file may come from anybody
        connection.execute("PRAGMA cell_size_check = ON")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _roll_back_leftovers(location: str, busy_seconds: float) -> None:
    """Let SQLite undo the unfinished write of a process that died: a read-only connection may not."""
    connection = _connect(location, "mode=rw", busy_seconds)
    try:
        connection.execute("SELECT count(*) FROM sqlite_master")
    finally:
        connection.close()


def _may_write_folder(location: str) -> bool:
    return os.access(Path(location).absolute().parent, os.W_OK | os.X_OK)


def _is_resting_in_wal_mode(location: str) -> bool:
    """Whether the file says WAL mode and nothing waits beside it, so that the file alone is the whole base."""
    try:
        with Path(location).open("rb") as file:
            header = file.read(20)
    except OSError:
        return False
    waiting = any(Path(f"{location}{suffix}").exists() for suffix in ("-wal", "-journal"))
    return len(header) == 20 and header[18] == _WAL_MODE and not waiting


def use_wal(connection: sqlite3.Connection) -> None:
    """Let readers go on while ``connection`` writes; without effect where readers or the file system do not allow it."""
    with suppress(sqlite3.OperationalError):
        connection.execute("PRAGMA journal_mode = WAL")


def leave_wal(connection: sqlite3.Connection) -> None:
    """Make the one file the whole base again; without effect while others have it open: the last one does it."""
    with suppress(sqlite3.Error):
        connection.execute("PRAGMA busy_timeout = 0")
        connection.execute("PRAGMA journal_mode = DELETE")


def stored_version(connection: sqlite3.Connection, location: str, known: int) -> int | None:
    """The schema version of the base that ``connection`` has open; ``None`` where the file holds no base (yet).

    Raises :class:`~kb.errors.StoreError` for a file that is not ours or of a version beyond ``known``.
    """
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if application != APPLICATION_ID and (application != 0 or tables):
        raise not_ours(location)
    if version > known:
        sentence = f"is of schema version {version}; this kb knows versions up to {known}"
        raise StoreError(location, sentence, "use the newer kb that wrote it")
    return int(version) if "meta" in tables else None


def older(location: str, version: int, needed: int) -> StoreError:
    """The error for a base that a reader cannot use before a writer has brought it forward."""
    sentence = f"is of schema version {version}; this kb needs {needed}"
    return StoreError(location, sentence, "the next `kb load` into it brings it forward")


def create_tables(connection: sqlite3.Connection, version: int) -> None:
    """Make an empty file, or one that was cleared, a base without content."""
    for statement in create_statements():
        connection.execute(statement)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {version}")


def bring_forward(connection: sqlite3.Connection, version: int, migrations: Sequence[Migration]) -> None:
    """Migrate a base of ``version`` by those of ``migrations`` that it has not had, inside the transaction that is open."""
    for migrate in migrations[version - 1 :]:
        migrate(connection)
    connection.execute(f"PRAGMA user_version = {1 + len(migrations)}")


def drop_tables(connection: sqlite3.Connection) -> None:
    """Remove all content; what remains is a file of ours without a base."""
    names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    for (name,) in names.fetchall():
        connection.execute(f'DROP TABLE "{name}"')


def remove_if_empty(connection: sqlite3.Connection, location: str) -> None:
    """Remove the file of a first write that failed. Under lock, so that nobody else's first write is lost with it."""
    with suppress(sqlite3.Error, OSError):
        connection.execute("BEGIN EXCLUSIVE")
        if connection.execute("SELECT 1 FROM sqlite_master").fetchone() is None:
            Path(location).unlink()
        connection.execute("ROLLBACK")
