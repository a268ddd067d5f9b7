"""Writers take turns. Snowflake makes a statement wait while another transaction holds the table's lock; DuckDB
fails it instead. One lock for the whole server keeps Snowflake's behaviour, and cannot deadlock."""

import asyncio
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sessions import Session

POLL_SECONDS = 0.25


class WriteLock:
    """Held from a transaction's first write to its end, or for one statement outside a transaction.

    A transaction that sits idle while another writer waits is rolled back after `idle_seconds`: its client was
    probably killed. (Snowflake does the same after five minutes.)
    """

    def __init__(self, idle_seconds: float):
        self._idle_seconds = idle_seconds
        self._holder: Session | None = None
        self._changed = asyncio.Condition()

    async def acquire(self, session: "Session") -> None:
        async with self._changed:
            while self._holder is not None and self._holder is not session:
                try:
                    await asyncio.wait_for(self._changed.wait(), POLL_SECONDS)
                except TimeoutError:
                    pass
                self._abort_idle_holder()
            self._holder = session

    async def release(self, session: "Session") -> None:
        async with self._changed:
            if self._holder is session:
                self._holder = None
                self._changed.notify_all()

    def _abort_idle_holder(self) -> None:
        holder = self._holder
        if holder is None or holder.running is not None:
            return
        idle_for = time.monotonic() - holder.last_activity
        if idle_for >= self._idle_seconds:
            holder.abort_transaction(f"it was idle for {idle_for:.0f} s while another session waited for its lock")
            self._holder = None
