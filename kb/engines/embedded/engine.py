"""The embedded engine: one SQLite file, many readers, one writer at a time."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Literal, Self

from kb.engines.embedded import files, twins
from kb.engines.embedded.reading import read_edges, read_nodes
from kb.engines.embedded.writing import apply
from kb.engines.protocol import BaseInfo, Batch, Direction, Row
from kb.errors import StaleBaseError, StoreError
from kb.model.graph import Node, Relation


class EmbeddedEngine:
    """A base in the file ``location``, opened for reading or for writing; not to be shared between threads.

    ``mode="read"`` needs a base there and cannot change it. ``mode="write"`` makes the file with the first write and not
    before. Raises :class:`~kb.errors.StoreError` where the file is not ours, newer, damaged, or cannot be opened; waits
    ``busy_seconds`` for another writer before it calls the file locked. ``migrations`` lead from the first schema version to
    the one that this engine speaks; opening an older base for writing runs those that it lacks.
    """

    def __init__(
        self,
        location: str,
        *,
        mode: Literal["read", "write"],
        busy_seconds: float = 5.0,
        migrations: Sequence[files.Migration] = files.MIGRATIONS,
    ) -> None:
        self._location = location
        self._migrations = migrations
        self._version = 1 + len(migrations)
        self._mode = mode
        self._busy_seconds = busy_seconds
        self._file: sqlite3.Connection | None = None
        self._has_base = False
        self._has_written = False
        self._empty: sqlite3.Connection | None = None
        try:
            with files.faults(location):
                self._open()
        except BaseException:
            self.close()
            raise

    def _open(self) -> None:
        exists = files.check_place(self._location)
        if self._mode == "read":
            if not exists:
                raise files.missing(self._location)
            self._file = files.connect_reading(self._location, self._busy_seconds)
            version = self._stored_version(self._file)
            if version is None:
                raise files.missing(self._location)
            if version < self._version:
                raise files.older(self._location, version, self._version)
            self._has_base = True
        elif exists:
            self._file = files.connect_writing(self._location, self._busy_seconds)
            version = self._stored_version(self._file)
            if version is not None and version < self._version:
                self._bring_forward(self._file)
        else:
            files.check_folder(self._location)

    def _stored_version(self, connection: sqlite3.Connection) -> int | None:
        return files.stored_version(connection, self._location, self._version)

    def _bring_forward(self, connection: sqlite3.Connection) -> None:
        with files.transaction(connection):
            version = self._stored_version(connection)  # another writer may have been quicker
            if version is not None and version < self._version:
                files.bring_forward(connection, version, self._migrations)
                apply(connection, Batch(), self._version)

    @property
    def location(self) -> str:
        """The path that the user named."""
        return self._location

    @property
    def base(self) -> BaseInfo | None:
        """What the base says of itself; ``None`` while nothing has ever been written."""
        with self._reading() as connection:
            return self._info(connection)

    def write(self, batch: Batch) -> None:
        """Write ``batch`` in one transaction: all of it or, whatever dies, nothing."""
        if self._mode != "write":
            raise StoreError(self._location, "was opened for reading only")
        made = self._file is None and not files.check_place(self._location)
        try:
            with files.faults(self._location):
                self._write(batch)
        except BaseException:
            if made and self._file is not None:
                files.remove_if_empty(self._file, self._location)
                self._file.close()
                self._file = None
            raise

    def _write(self, batch: Batch) -> None:
        if self._file is None:
            self._file = files.connect_writing(self._location, self._busy_seconds)
        if self._stored_version(self._file) is not None:
            self._has_written = True
            files.use_wal(self._file)  # nobody can be reading a base that is not there yet
        with files.transaction(self._file):
            if self._stored_version(self._file) is None:
                files.create_tables(self._file, self._version)
            base = self._info(self._file)
            if batch.expects is not None and batch.expects != (base.fingerprint if base else ""):
                raise StaleBaseError(self._location, "somebody else has written to it meanwhile", "run the command again")
            apply(self._file, batch, self._version)
        self._has_base = True

    def nodes(self, kind: str, ids: Iterable[str] | None = None) -> list[Node]:
        """The nodes of ``kind`` with one of ``ids`` (all where ``None``), by id."""
        with self._reading() as connection:
            return read_nodes(connection, kind, ids)

    def edges(
        self,
        kind: str,
        *,
        source: Iterable[str] | None = None,
        target: Iterable[str] | None = None,
        assessment: Iterable[str] | None = None,
        in_force: bool = True,
    ) -> list[Relation]:
        """The relations of ``kind`` that fit every filter given, by (source, target, key)."""
        filters = {"source": source, "target": target, "assessment": assessment}
        with self._reading() as connection:
            return read_edges(connection, kind, filters, in_force=in_force)

    def expand(self, ids: Iterable[str], kinds: Sequence[str], direction: Direction) -> list[Relation]:
        """Every relation of ``kinds`` one step from the frontier ``ids``, by (kind, source, target, key)."""
        frontier, end = list(ids), "source" if direction == "out" else "target"
        with self._reading() as connection:
            per_kind = [read_edges(connection, kind, {end: frontier}, in_force=True) for kind in sorted(set(kinds))]
        return [relation for relations in per_kind for relation in relations]

    def ask(self, name: str, params: Mapping[str, Any]) -> list[Row]:
        """The rows of the look-up ``cypher/<name>.cypher``, in the order that the file declares."""
        with self._reading() as connection:
            return twins.ask(connection, name, params)

    def clear(self) -> None:
        """Remove everything; :attr:`base` is ``None`` afterwards."""
        if self._mode != "write":
            raise StoreError(self._location, "was opened for reading only")
        if self._file is not None:
            with files.faults(self._location):
                with files.transaction(self._file):
                    self._stored_version(self._file)
                    files.drop_tables(self._file)
                self._file.execute("VACUUM")
                self._has_base = False

    def close(self) -> None:
        """Let go of files and connections; the engine is not used afterwards."""
        if self._file is not None:
            if self._has_written:
                files.leave_wal(self._file)
            self._file.close()
        if self._empty is not None:
            self._empty.close()
        self._file = self._empty = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        """The connection to read from: the file's, or one to an empty base in memory while the file holds none."""
        with files.faults(self._location):
            connection = self._connection()
            with files.snapshot(connection):
                yield connection

    def _connection(self) -> sqlite3.Connection:
        if self._file is None and files.check_place(self._location):
            self._file = files.connect_writing(self._location, self._busy_seconds)  # somebody else's first write
        if self._file is not None and not self._has_base:
            self._has_base = self._stored_version(self._file) is not None
        if self._file is not None and self._has_base:
            return self._file
        if self._empty is None:
            self._empty = sqlite3.connect(":memory:", isolation_level=None)
            files.create_tables(self._empty, self._version)
        return self._empty

    def _info(self, connection: sqlite3.Connection) -> BaseInfo | None:
        row = connection.execute("SELECT catalog_version, fingerprint FROM meta").fetchone()
        return BaseInfo(self._version, *row) if row else None
