"""A client's session: its connection, its context and its transaction."""

import asyncio
import itertools
import secrets
import time
from dataclasses import dataclass, field
from typing import Any

import duckdb
from errors import SqlError
from fakesnow.conn import FakeSnowflakeConnection
from warehouse import Warehouse

# Snowflake ends a session after four hours without a request.
SESSION_IDLE_SECONDS = 4 * 3600
DEFAULT_ROLE = "SYSADMIN"

_session_ids = itertools.count(1)


@dataclass(eq=False)
class Session:
    user: str
    account: str
    role: str
    warehouse: str | None
    connection: FakeSnowflakeConnection
    parameters: dict[str, Any]
    token: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    master_token: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    id: int = field(default_factory=lambda: next(_session_ids))
    # Statements of one session run one after the other.
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    # Id of the statement that runs now.
    running: str | None = None
    last_activity: float = field(default_factory=time.monotonic)
    last_query_id: str | None = None
    # What the session must drop at its end.
    temporary_objects: list[str] = field(default_factory=list)
    # BEGIN was sent. DuckDB's transaction starts with the first write only: until then each read sees the latest
    # committed data, which is Snowflake's READ COMMITTED, and from then on no other writer can commit.
    in_transaction: bool = False
    writing: bool = False
    _aborted: str | None = None

    @property
    def duck(self) -> duckdb.DuckDBPyConnection:
        return self.connection._duck_conn  # noqa: SLF001

    @property
    def autocommit(self) -> bool:
        return str(self.parameters.get("AUTOCOMMIT", True)).lower() == "true"

    def begin(self) -> None:
        self.in_transaction = True

    def start_writing(self) -> None:
        """Opens DuckDB's transaction; the caller holds the write lock."""
        if not self.writing:
            self.duck.begin()
            self.writing = True
            if not self.autocommit:
                self.in_transaction = True

    def check_usable(self) -> None:
        """Refuses a statement inside a transaction that no longer exists."""
        if self._aborted:
            raise SqlError(
                "000625",
                "57014",
                f"This transaction was aborted: {self._aborted}. ROLLBACK and run the transaction again.",
            )

    def commit(self) -> None:
        if self._aborted:
            reason = self._aborted
            self.rollback()
            raise SqlError("000625", "57014", f"Nothing was committed: this transaction was aborted: {reason}.")
        if self.writing:
            self.duck.commit()
        self.in_transaction = self.writing = False

    def rollback(self) -> None:
        if self.writing:
            self.duck.rollback()
        self.in_transaction = self.writing = False
        self._aborted = None

    def abort_transaction(self, reason: str) -> None:
        if self.writing:
            self.duck.rollback()
        self.writing = False
        self._aborted = reason

    def after_failed_write(self, error: SqlError) -> None:
        """Snowflake undoes the failed statement alone; DuckDB may have lost the whole transaction. Say so."""
        if not self.writing:
            return
        try:
            self.duck.execute("SELECT 1").fetchall()
        except duckdb.Error:
            self.abort_transaction(
                "a statement in it failed, and the local server cannot undo that statement alone "
                f"as Snowflake does ({error.message})"
            )

    def close(self, warehouse: Warehouse) -> None:
        self.rollback()
        for drop_sql in self.temporary_objects:
            warehouse.drop_object(self.duck, drop_sql)
            warehouse.forget_temporary_object(drop_sql)
        self.connection.close()


class Sessions:
    """The open sessions by token."""

    def __init__(self, warehouse: Warehouse):
        self._warehouse = warehouse
        self._by_token: dict[str, Session] = {}

    def open(self, session: Session) -> None:
        self._by_token[session.token] = session

    def find(self, token: str | None) -> Session | None:
        return self._by_token.get(token) if token else None

    def renew(self, master_token: str | None) -> Session | None:
        """Gives the session a new token, as drivers ask for when they believe the old one expired."""
        session = next((s for s in self._by_token.values() if s.master_token == master_token), None)
        if session:
            del self._by_token[session.token]
            session.token = secrets.token_urlsafe(32)
            self._by_token[session.token] = session
        return session

    def by_statement(self, query_id: str) -> Session | None:
        return next((s for s in self._by_token.values() if s.running == query_id), None)

    def by_id(self, session_id: int) -> Session | None:
        return next((s for s in self._by_token.values() if s.id == session_id), None)

    def remove(self, session: Session) -> None:
        self._by_token.pop(session.token, None)

    def idle(self) -> list[Session]:
        """Sessions whose client went away without saying so."""
        oldest = time.monotonic() - SESSION_IDLE_SECONDS
        return [s for s in self._by_token.values() if s.running is None and s.last_activity < oldest]

    def all(self) -> list[Session]:
        return list(self._by_token.values())
