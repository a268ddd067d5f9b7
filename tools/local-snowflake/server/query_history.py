"""The last statements of every session, for `TABLE(INFORMATION_SCHEMA.QUERY_HISTORY())`."""

import datetime as dt
from collections import deque
from dataclasses import asdict, dataclass

import pyarrow as pa
from sqlglot import Expr, exp

STATEMENTS_KEPT = 2000
# The name under which a statement that reads the history sees it.
RELATION = "_HEADRACE_QUERY_HISTORY"


@dataclass(frozen=True)
class HistoryRow:
    QUERY_ID: str
    QUERY_TEXT: str
    DATABASE_NAME: str | None
    SCHEMA_NAME: str | None
    SESSION_ID: int
    USER_NAME: str
    ROLE_NAME: str
    WAREHOUSE_NAME: str | None
    QUERY_TAG: str
    EXECUTION_STATUS: str
    ERROR_CODE: str | None
    ERROR_MESSAGE: str | None
    START_TIME: dt.datetime
    END_TIME: dt.datetime
    TOTAL_ELAPSED_TIME: int
    ROWS_PRODUCED: int


class QueryHistory:
    def __init__(self) -> None:
        self._rows: deque[HistoryRow] = deque(maxlen=STATEMENTS_KEPT)

    def add(self, row: HistoryRow) -> None:
        self._rows.append(row)

    def table(self) -> pa.Table:
        return pa.Table.from_pylist([asdict(row) for row in list(self._rows)])


def read_by(expression: Expr) -> bool:
    """Whether the statement reads the history; if so it is pointed at `RELATION`."""
    found = False
    for source in list(expression.find_all(exp.TableFromRows)):
        function = source.this.find(exp.Anonymous)
        if function and function.name.upper() == "QUERY_HISTORY":
            source.replace(exp.Table(this=exp.to_identifier(RELATION), alias=source.args.get("alias")))
            found = True
    return found
