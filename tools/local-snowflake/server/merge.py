"""MERGE as DuckDB's own MERGE (fakesnow emulates it with a temporary table, which fails inside a transaction)."""

from typing import Any

import pyarrow.compute as pc
from fakesnow.cursor import FakeSnowflakeCursor
from fakesnow.statement_type import MERGE
from fakesnow.transforms.merge import operations
from results import Result, counts
from sqlglot import exp

ACTIONS = {"inserted": "INSERT", "updated": "UPDATE", "deleted": "DELETE"}


def merge(cursor: FakeSnowflakeCursor, expression: exp.Merge, parameters: list[Any] | None) -> Result:
    """Runs it and counts the rows by action, a column for each action the statement can take."""
    performed = [name for name, clauses in operations(expression).items() if clauses]
    for assignment in expression.find_all(exp.EQ):
        # DuckDB takes no table name before the column that is set.
        if isinstance(assignment.parent, exp.Update) and isinstance(assignment.this, exp.Column):
            assignment.this.set("table", None)
    transformed = cursor._transform(expression, parameters)  # noqa: SLF001
    sql = transformed.sql(dialect="duckdb") + " RETURNING merge_action"
    actions = cursor._duck_conn.execute(sql, parameters).to_arrow_table().column(0)  # noqa: SLF001
    tally = {entry["values"]: entry["counts"] for entry in pc.value_counts(actions).to_pylist()}
    return counts(MERGE, {f"number of rows {name}": tally.get(ACTIONS[name], 0) for name in performed})
