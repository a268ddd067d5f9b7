"""Result sets as Snowflake's JSON rowsets, which the Node and the Python driver both read."""

from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from fakesnow.rowtype import ColumnInfo

MICROSECONDS = 10**6
# "+00:00" in a TIMESTAMP_TZ rowset: minutes east of UTC plus 1440.
UTC_OFFSET = 1440


@dataclass
class Result:
    """What a statement answers; `upload` instead of rows for PUT."""

    type_id: int
    rowtype: list[ColumnInfo] = field(default_factory=list)
    rows: list[list[str | None]] = field(default_factory=list)
    upload: dict[str, Any] | None = None


def from_arrow(type_id: int, table: pa.Table, rowtype: list[ColumnInfo]) -> Result:
    columns = [_encode(table.column(i), info) for i, info in enumerate(rowtype)]
    return Result(type_id, rowtype, [list(row) for row in zip(*columns, strict=True)])


def message(type_id: int, text: str) -> Result:
    """A one-row answer, as DDL gives."""
    return Result(type_id, [text_column("status")], [[text]])


def counts(type_id: int, numbers: dict[str, int]) -> Result:
    """Affected rows of DML, one column per kind, e.g. `number of rows inserted`."""
    return Result(type_id, [number_column(name) for name in numbers], [[str(count) for count in numbers.values()]])


def text_column(name: str) -> ColumnInfo:
    return _column(name, "text", length=16777216, byteLength=16777216)


def number_column(name: str) -> ColumnInfo:
    return _column(name, "fixed", precision=38, scale=0)


def _column(name: str, kind: str, **extra: Any) -> ColumnInfo:
    info = dict.fromkeys(("byteLength", "length", "scale", "precision", "collation"))
    return {"name": name, "database": "", "schema": "", "table": "", "nullable": True, "type": kind, **info, **extra}


def _encode(column: pa.ChunkedArray, info: ColumnInfo) -> list[str | None]:
    kind = column.type
    if pa.types.is_null(kind):
        return [None] * len(column)
    if pa.types.is_timestamp(kind):
        suffix = f" {UTC_OFFSET}" if info["type"] == "timestamp_tz" else ""
        return [None if v is None else _seconds(v, 9) + suffix for v in _integers(column, pa.timestamp("us", kind.tz))]
    if pa.types.is_time(kind):
        return [None if v is None else _seconds(v, 9) for v in _integers(column, pa.time64("us"))]
    if pa.types.is_date(kind):
        return _strings(column.cast(pa.int32()))
    if pa.types.is_boolean(kind):
        return [None if v is None else "1" if v else "0" for v in column.to_pylist()]
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        return [None if v is None else v.hex().upper() for v in column.to_pylist()]
    if pa.types.is_decimal(kind):
        return [None if v is None else format(v, "f") for v in column.to_pylist()]
    if pa.types.is_floating(kind):
        return [None if v is None else repr(v) for v in column.to_pylist()]
    return _strings(column)


def _integers(column: pa.ChunkedArray, unit: pa.DataType) -> list[int | None]:
    return column.cast(unit, safe=False).cast(pa.int64()).to_pylist()


def _strings(column: pa.ChunkedArray) -> list[str | None]:
    return pc.cast(column, pa.string()).to_pylist()


def _seconds(microseconds: int, digits: int) -> str:
    """Epoch seconds with a fraction; a negative time counts down as a whole, as the drivers read it."""
    sign = "-" if microseconds < 0 else ""
    whole, fraction = divmod(abs(microseconds), MICROSECONDS)
    return f"{sign}{whole}.{fraction:06d}".ljust(len(sign) + len(str(whole)) + 1 + digits, "0")
