"""ALTER TABLE ... ALTER COLUMN ... SET DATA TYPE, with Snowflake's restrictions (DuckDB would allow any cast)."""

import re

from errors import SqlError
from fakesnow import info_schema
from fakesnow.statement_type import DDL
from results import Result, message
from sessions import Session
from sql import identifier, qualified_name, quoted
from sqlglot import exp

LONGEST_TEXT = 16777216


def type_change(expression: exp.Alter) -> exp.AlterColumn | None:
    """The change of a column's type, if that is what the statement does."""
    actions = expression.args.get("actions") or []
    action = actions[0] if len(actions) == 1 else None
    return action if isinstance(action, exp.AlterColumn) and action.args.get("dtype") else None


def change_type(session: Session, expression: exp.Alter, action: exp.AlterColumn) -> Result:
    """VARCHAR may get longer and NUMBER more digits before the point; everything else is refused."""
    database, schema, table = qualified_name(expression.this, session)
    column = identifier(action.this) or ""
    row = session.duck.execute(
        "SELECT data_type, character_maximum_length FROM _fs_global._fs_information_schema._fs_columns "
        "WHERE table_catalog = ? AND table_schema = ? AND table_name = ? AND column_name = ?",
        [database, schema, table, column],
    ).fetchone()
    if row is None:
        raise SqlError("000904", "42000", f"SQL compilation error:\ninvalid identifier '{column}'")
    physical = session.duck.execute(
        "SELECT data_type FROM duckdb_columns() WHERE database_name = ? AND schema_name = ? AND table_name = ? AND column_name = ?",
        [database, schema, table, column],
    ).fetchone()[0]
    wanted = action.args["dtype"]
    arguments = [int(p.name) for p in wanted.expressions]
    old_name = physical if physical not in ("VARCHAR", "BIGINT") else row[0]

    if wanted.is_type("varchar", "text", "char") and row[0] == "TEXT":
        length = arguments[0] if arguments else LONGEST_TEXT
        if length < (row[1] or LONGEST_TEXT):
            raise _refused(column, f"VARCHAR({row[1] or LONGEST_TEXT})", f"VARCHAR({length})")
        session.duck.execute(info_schema.insert_text_lengths_sql(database, schema, table, [(column, length)]))
    elif wanted.is_type("decimal") and row[0] == "NUMBER":
        precision, scale = (arguments + [38, 0][len(arguments) :])[:2]
        old_precision, old_scale = _number(physical)
        if scale != old_scale or precision < old_precision:
            raise _refused(column, f"NUMBER({old_precision},{old_scale})", f"NUMBER({precision},{scale})")
        new = "BIGINT" if (precision, scale) == (38, 0) else f"DECIMAL({precision},{scale})"
        session.duck.execute(f"ALTER TABLE {quoted(database, schema, table)} ALTER {quoted(column)} TYPE {new}")
    elif wanted.sql(dialect="snowflake") != old_name:
        raise _refused(column, old_name, wanted.sql(dialect="snowflake"))
    return message(DDL, "Statement executed successfully.")


def _number(physical: str) -> tuple[int, int]:
    match = re.match(r"DECIMAL\((\d+),(\d+)\)", physical)
    return (int(match[1]), int(match[2])) if match else (38, 0)


def _refused(column: str, old: str, new: str) -> SqlError:
    return SqlError("002108", "22000", f"SQL compilation error: cannot change column {column} from type {old} to {new}")
