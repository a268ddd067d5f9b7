"""Bind values as drivers send them, and array binds as one INSERT (fakesnow runs one statement per row)."""

from typing import Any

import pyarrow as pa
from fakesnow.converter import from_binding
from fakesnow.cursor import FakeSnowflakeCursor
from fakesnow.statement_type import INSERT
from results import Result, counts
from sqlglot import exp

RELATION = "_HEADRACE_BINDS"
Bindings = dict[str, dict[str, Any]]


def is_array(bindings: Bindings) -> bool:
    return any(isinstance(binding["value"], list) for binding in bindings.values())


def parameters(bindings: Bindings) -> list[Any] | dict[str, Any]:
    if all(name.isdigit() for name in bindings):
        return [_value(bindings[str(position)]) for position in range(1, len(bindings) + 1)]
    return {name: _value(binding) for name, binding in bindings.items()}


def insert_array(cursor: FakeSnowflakeCursor, expression: exp.Insert, bindings: Bindings) -> Result | None:
    """Inserts every row in one statement; None when the statement has a form that this cannot take."""
    source = expression.expression
    if isinstance(source, exp.Values) and len(source.expressions) == 1:
        items = list(source.expressions[0].expressions)
    elif isinstance(source, exp.Select) and not source.args.get("from_"):
        items = list(source.expressions)
    else:
        return None
    position = 0

    def column(node: exp.Expression) -> exp.Expression:
        nonlocal position
        if not isinstance(node, exp.Placeholder):
            return node
        position += 1
        return exp.column(f"C{position}")

    projections = [item.transform(column) for item in items]
    if position != len(bindings):
        return None
    rewritten = expression.copy()
    rewritten.set("expression", exp.select(*projections).from_(RELATION))
    duck = cursor._duck_conn  # noqa: SLF001
    duck.register(RELATION, _table(bindings))
    try:
        cursor.execute(rewritten.sql(dialect="snowflake"), server=True)
    finally:
        duck.unregister(RELATION)
    return counts(INSERT, {"number of rows inserted": cursor.rowcount or 0})


def rows(bindings: Bindings) -> list[list[Any]]:
    """The array turned into one parameter list per row."""
    columns = [
        [_value({**binding, "value": value}) for value in binding["value"]]
        for binding in (bindings[str(position)] for position in range(1, len(bindings) + 1))
    ]
    return [list(row) for row in zip(*columns, strict=True)]


def _table(bindings: Bindings) -> pa.Table:
    columns = []
    for position in range(1, len(bindings) + 1):
        binding = bindings[str(position)]
        values = binding["value"]
        if binding["type"] in ("DATE", "TIME", "TIMESTAMP_NTZ", "TIMESTAMP_LTZ", "TIMESTAMP_TZ", "BINARY"):
            columns.append(pa.array([_value({**binding, "value": value}) for value in values]))
        else:
            columns.append(pa.array([None if value is None else str(value) for value in values], pa.string()))
    return pa.table(columns, names=[f"C{position}" for position in range(1, len(bindings) + 1)])


def _value(binding: dict[str, Any]) -> Any:
    if binding["value"] is None:
        return None
    return float(binding["value"]) if binding["type"] == "REAL" else from_binding(binding)
