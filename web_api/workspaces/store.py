"""Where workspaces lie: a table of SQLite in the user's own folder, or of any database that SQLAlchemy speaks with.

A workspace is found by its id alone, which is drawn at random and long: whoever has the link has the workspace, nobody can list them.
Changes name the version that they rest on, so that of two people who save at once the second one is told.
"""

from __future__ import annotations

import os
import secrets
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import JSON, Column, DateTime, Integer, MetaData, String, Table, create_engine, delete, event, func, insert, select, update
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, NoSuchModuleError, ProgrammingError, SQLAlchemyError
from sqlalchemy.schema import CreateTable

from engine.errors import BaremeError, DataError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy import Connection, Engine

BYTES_OF_ID: Final = 18
SECONDS_TO_WAIT: Final = 10
TABLE: Final = Table(
    "bareme_workspaces",
    MetaData(),
    Column("id", String(64), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("created", DateTime(timezone=True), nullable=False),
    Column("changed", DateTime(timezone=True), nullable=False),
    Column("content", JSON, nullable=False),
)


class StoreError(BaremeError):
    """The database cannot be reached, or refuses; the message holds no password."""


class FullError(BaremeError):
    """There are as many workspaces as may be kept."""


class ConflictError(BaremeError):
    """Somebody else saved the workspace in the meantime; `version` is what it has now."""

    def __init__(self, version: int) -> None:
        self.version = version
        super().__init__(f"The workspace was saved by somebody else in the meantime: it has version {version} now.")


@dataclass(frozen=True)
class Kept:
    """A workspace as it is kept: `content` is what its owner put into it, `version` counts how often it was saved."""

    id: str
    version: int
    created: datetime
    changed: datetime
    content: Mapping[str, Any]


class Store:
    """The workspaces of a database, `most` of them at most, 0 for no bound. `address` is SQLAlchemy's; empty for SQLite in the user's data folder.

    Nothing is opened before it is needed.
    """

    def __init__(self, address: str = "", most: int = 0) -> None:
        self._address = address
        self._most = most

    def create(self, content: Mapping[str, Any]) -> Kept:
        """Keep a new workspace and return it. Raises FullError, StoreError."""
        now = datetime.now(UTC)
        kept = Kept(secrets.token_urlsafe(BYTES_OF_ID), 1, now, now, content)
        with self._connected() as connection:
            if self._most and (connection.execute(select(func.count()).select_from(TABLE)).scalar() or 0) >= self._most:
                raise FullError(f"This server keeps {self._most:,} workspaces at most, and has them.")
            connection.execute(insert(TABLE).values(id=kept.id, version=1, created=now, changed=now, content=dict(content)))
        return kept

    def read(self, id_: str) -> Kept | None:
        """Return a workspace; None where there is none of that id. Raises StoreError."""
        with self._connected() as connection:
            row = connection.execute(select(TABLE).where(TABLE.c.id == id_)).one_or_none()
        return None if row is None else Kept(row.id, row.version, _aware(row.created), _aware(row.changed), row.content)

    def change(self, id_: str, version: int, content: Mapping[str, Any]) -> Kept | None:
        """Replace what a workspace holds; None where there is none. Raises ConflictError where its version is another, StoreError."""
        now = datetime.now(UTC)
        with self._connected() as connection:
            changed = update(TABLE).where(TABLE.c.id == id_, TABLE.c.version == version)
            is_changed = connection.execute(changed.values(version=version + 1, changed=now, content=dict(content))).rowcount
            row = connection.execute(select(TABLE.c.version, TABLE.c.created).where(TABLE.c.id == id_)).one_or_none()
        if row is None:
            return None
        if not is_changed:
            raise ConflictError(row.version)
        return Kept(id_, row.version, _aware(row.created), now, content)

    def delete(self, id_: str) -> bool:
        """Delete a workspace and tell whether there was one. Raises StoreError."""
        with self._connected() as connection:
            return bool(connection.execute(delete(TABLE).where(TABLE.c.id == id_)).rowcount)

    @cached_property
    def _engine(self) -> Engine:
        address = self._address or f"sqlite:///{_own_file()}"
        try:
            engine = create_engine(address, pool_pre_ping=True, hide_parameters=True)  # errors are logged, and tell nothing of what is kept
        except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
            raise DataError(f"The address of the workspaces' database cannot be used: {type(error).__name__}; expected one of SQLAlchemy's.") from error
        if engine.dialect.name == "sqlite":
            event.listen(engine, "connect", _prepare_sqlite)
        os.register_at_fork(after_in_child=lambda: engine.dispose(close=False))  # a connection belongs to one process
        try:
            _make_table(engine)
        except (IntegrityError, ProgrammingError):
            _make_table(engine)  # another worker made it at the same moment: PostgreSQL tells both
        return engine

    @contextmanager
    def _connected(self) -> Iterator[Connection]:
        """Give a transaction whose errors are those of the tree."""
        try:
            with self._engine.begin() as connection:
                yield connection
        except SQLAlchemyError as error:
            raise _told(error) from error


def _told(error: SQLAlchemyError) -> StoreError:
    cause = error.orig if isinstance(error, DBAPIError) else None
    return StoreError(f"The workspaces' database does not answer as it should: {type(cause or error).__name__}.")


def _make_table(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(CreateTable(TABLE, if_not_exists=True))


def _own_file() -> Path:
    """Return the file of the user's own workspaces, in a folder that nobody else may read."""
    folder = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "bareme"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = folder / "workspaces.sqlite"
    file.touch(mode=0o600)
    return file


def _prepare_sqlite(connection: Any, _: Any) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")  # readers do not wait for the writer
    cursor.execute(f"PRAGMA busy_timeout={SECONDS_TO_WAIT * 1000}")
    cursor.execute("PRAGMA synchronous=FULL")  # what was answered as saved is on disk
    cursor.close()


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)  # SQLite keeps no time zone
