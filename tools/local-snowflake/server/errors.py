"""What goes wrong, as Snowflake reports it: a code, an SQL state and a message."""

import re

import duckdb
import snowflake.connector.errors


class SqlError(Exception):
    """A statement that failed. Codes: https://docs.snowflake.com/en/developer-guide (error 00NNNN)."""

    def __init__(self, code: str, sql_state: str, message: str):
        super().__init__(message)
        self.code = code
        self.sql_state = sql_state
        self.message = message


def to_sql_error(error: Exception) -> SqlError:
    """Translates what DuckDB, fakesnow and Python raise."""
    if isinstance(error, SqlError):
        return error
    cause = error.__cause__ if isinstance(error.__cause__, duckdb.Error) else error
    if isinstance(cause, duckdb.Error) and (translated := _from_duckdb(cause)):
        return translated
    if isinstance(error, snowflake.connector.errors.Error):
        message = error.raw_msg or error.msg or str(error)
        return SqlError(f"{error.errno if error.errno and error.errno > 0 else 603:06d}", error.sqlstate or "XX000", message)
    return SqlError("000603", "XX000", f"The local server could not run this statement: {type(error).__name__}: {error}")


def _from_duckdb(error: duckdb.Error) -> SqlError | None:
    message = str(error)
    if isinstance(error, duckdb.InterruptException):
        return SqlError("000604", "57014", "SQL execution canceled")
    if match := re.search(r"NOT NULL constraint failed: (?:.*\.)?(\S+)", message):
        return SqlError("100072", "22000", f"NULL result in a non-nullable column {match[1]}")
    if match := re.search(r'Attempting to write to database "(.*?)" in a transaction that has already modified database "(.*?)"', message):
        return SqlError(
            "000603",
            "XX000",
            f"The local server cannot write databases {match[2]} and {match[1]} in one transaction "
            "(Snowflake can): commit in between, or keep both tables in one database.",
        )
    if "MERGE INTO command cannot affect the same target row more than once" in message:
        return SqlError("100090", "42P18", "Duplicate row detected during DML action")
    if match := re.search(r"Function with name (\S+?)!? does not exist", message):
        return SqlError("002141", "42601", f"SQL compilation error:\nUnknown function {match[1].upper()}")
    if isinstance(error, duckdb.CatalogException) and (match := re.search(r"(?:Table|View|Schema) with name (\S+) does not exist", message)):
        return SqlError("002003", "42S02", f"SQL compilation error:\nObject '{match[1].rstrip('!')}' does not exist or not authorized.")
    if isinstance(error, duckdb.CatalogException) and (match := re.search(r'with name "?(.*?)"? already exists', message)):
        return SqlError("002002", "42710", f"SQL compilation error:\nObject '{match[1]}' already exists.")
    if isinstance(error, duckdb.BinderException) and (match := re.search(r'Referenced column "(.*?)" (?:was )?not found', message)):
        return SqlError("000904", "42000", f"SQL compilation error:\ninvalid identifier '{match[1]}'")
    if isinstance(error, duckdb.ConversionException | duckdb.InvalidInputException | duckdb.OutOfRangeException):
        return SqlError("100038", "22018", message.split("\n\n")[0])
    if isinstance(error, duckdb.TransactionException):
        return SqlError("000603", "XX000", f"The local server could not run this statement: {message}")
    return None
