"""COPY INTO <table> from a stage: CSV and newline-delimited JSON, with Snowflake's meaning of nulls and quotes.

Supported: FILES, FILE_FORMAT (CSV: FIELD_DELIMITER, SKIP_HEADER, FIELD_OPTIONALLY_ENCLOSED_BY, NULL_IF,
EMPTY_FIELD_AS_NULL, ESCAPE_UNENCLOSED_FIELD=NONE, ERROR_ON_COLUMN_COUNT_MISMATCH, COMPRESSION; JSON), a
transforming SELECT, MATCH_BY_COLUMN_NAME (JSON), ON_ERROR=ABORT_STATEMENT, PURGE, FORCE. Anything else is refused.
"""

import os
from typing import Any

import duckdb
from errors import SqlError
from fakesnow import copy_into as fake
from fakesnow.cursor import FakeSnowflakeCursor
from fakesnow.statement_type import COPY
from fakesnow.transforms import stage
from fakesnow.transforms.file_format import lookup_file_format
from fakesnow.transforms.options import parse_options
from results import Result, number_column, text_column
from sessions import Session
from sql import identifier, qualified_name, quoted
from sqlglot import exp

FILES_RELATION = "_HEADRACE_STAGE_FILE"
IGNORED_CSV_OPTIONS = {"TYPE", "COMPRESSION", "ENCODING", "TRIM_SPACE", "TIMESTAMP_FORMAT", "DATE_FORMAT", "RECORD_DELIMITER"}
# The longest VARCHAR; DuckDB's own buffer would be 16 times as large for each file.
LONGEST_CSV_LINE = 16 * 1024 * 1024
CSV_BUFFER = 2 * LONGEST_CSV_LINE
COLUMNS = ("file", "status", "rows_parsed", "rows_loaded", "error_limit", "errors_seen", "first_error",
           "first_error_line", "first_error_character", "first_error_column_name")  # fmt: skip


def copy_into(session: Session, cursor: FakeSnowflakeCursor, expression: exp.Copy) -> Result:
    """Loads the files and reports one row per file; the caller holds a transaction, so it is all or nothing."""
    target = expression.this
    table = target.this if isinstance(target, exp.Schema) else target
    if not isinstance(table, exp.Table) or isinstance(table.this, exp.Var):
        raise SqlError("002050", "0A000", "COPY INTO a stage (unloading) is not supported by the local server.")
    options = _options(session, expression)
    name = qualified_name(table, session)
    columns = _target_columns(session, name, target)
    files = _files(session, expression, table, options.get("FILES"))
    if not files:
        return Result(COPY, [text_column("status")], [["Copy executed with 0 files processed."]])

    database, schema, table_name = name
    history = f"{quoted(database)}._fs_information_schema._fs_load_history"
    report: list[list[str | None]] = []
    for file in files:
        short = stage.internal_file_name(file)
        loaded_before = session.duck.execute(
            f"SELECT 1 FROM {history} WHERE file_name = ? AND table_name = ? AND schema_name = ?",
            [file, table_name, schema],
        ).fetchone()
        if loaded_before and not options.get("FORCE"):
            report.append([short, "LOAD_SKIPPED", "0", "0", "1", "1", "File was loaded before.", None, None, None])
            continue
        rows = _load(session, cursor, expression, options, quoted(*name), columns, file)
        session.duck.execute(
            f"INSERT INTO {history} (schema_name, file_name, table_name, last_load_time, status, row_count, row_parsed) "
            "VALUES (?, ?, ?, now(), 'LOADED', ?, ?)",
            [schema, file, table_name, rows, rows],
        )
        if options.get("PURGE"):
            os.remove(file)
        report.append([short, "LOADED", str(rows), str(rows), "1", "0", None, None, None, None])
    numeric = {"rows_parsed", "rows_loaded", "error_limit", "errors_seen", "first_error_line", "first_error_character"}
    return Result(COPY, [number_column(c) if c in numeric else text_column(c) for c in COLUMNS], report)


def _load(session: Session, cursor: FakeSnowflakeCursor, expression: exp.Copy, options: dict[str, Any],
          target: str, columns: list[tuple[str, str]], file: str) -> int:  # fmt: skip
    file_format = options["FILE_FORMAT"]
    into = f"{target} ({', '.join(quoted(name) for name, _ in columns)})"
    if file_format["TYPE"] == "JSON":
        sql = _json_sql(session, cursor, expression, options, columns, file)
    elif file_format["TYPE"] == "CSV":
        sql = _csv_sql(session, cursor, expression, file_format, columns, file)
    else:
        raise SqlError("002050", "0A000", f"FILE_FORMAT type {file_format['TYPE']} is not supported by the local server.")
    try:
        return session.duck.execute(f"INSERT INTO {into} {sql}").fetchall()[0][0]
    except (duckdb.ConversionException, duckdb.InvalidInputException) as error:
        reason = str(error).replace(str(stage.LOCAL_BUCKET_PATH), "@")
        raise SqlError("100038", "22018", f"File '{stage.internal_file_name(file)}': {reason}") from None


def _csv_sql(session: Session, cursor: FakeSnowflakeCursor, expression: exp.Copy, file_format: dict[str, Any],
             columns: list[tuple[str, str]], file: str) -> str:  # fmt: skip
    select = _transforming_select(expression)
    if select is None:
        fields = [kind for _, kind in columns]
    else:
        fields = ["VARCHAR"] * max((int(p.name) for p in select.find_all(exp.Parameter)), default=1)
    read = _read_csv(file, file_format, fields)
    if select is None:
        return f"SELECT * FROM {read}"
    return _transformed(session, cursor, select, lambda position: exp.column(f"C{position}", quoted=True), read)


def _read_csv(file: str, file_format: dict[str, Any], fields: list[str]) -> str:
    """DuckDB's reader told every option: nothing is guessed from the data."""
    null_if = file_format.get("NULL_IF", ["\\N"])
    nulls = [str(n) for n in (null_if if isinstance(null_if, list) else [null_if])]
    if file_format.get("EMPTY_FIELD_AS_NULL", True):
        nulls = ["", *nulls]
    unknown = set(file_format) - IGNORED_CSV_OPTIONS - {
        "NULL_IF", "EMPTY_FIELD_AS_NULL", "FIELD_DELIMITER", "SKIP_HEADER", "FIELD_OPTIONALLY_ENCLOSED_BY",
        "ESCAPE_UNENCLOSED_FIELD", "ERROR_ON_COLUMN_COUNT_MISMATCH"}  # fmt: skip
    if unknown:
        raise SqlError("002050", "0A000", f"CSV options {', '.join(sorted(unknown))} are not supported by the local server.")
    quote = str(file_format.get("FIELD_OPTIONALLY_ENCLOSED_BY", "NONE"))
    quote = "" if quote.upper() == "NONE" else quote
    kinds = ", ".join(f"{_literal(f'C{position}')}: {_literal(kind)}" for position, kind in enumerate(fields, 1))
    arguments = [
        _literal(stage.glob_escape(file)),
        "auto_detect = false",
        "header = false",
        f"columns = {{{kinds}}}",
        f"delim = {_literal(str(file_format.get('FIELD_DELIMITER', ',')))}",
        # Guessed from the first rows otherwise, where a quoted value may hold a line break of its own.
        "new_line = '\\n'",
        f"quote = {_literal(quote)}",
        f"escape = {_literal(quote)}",
        f"skip = {int(file_format.get('SKIP_HEADER', 0))}",
        f"nullstr = [{', '.join(_literal(n) for n in nulls)}]",
        # A quoted empty field is an empty string; DuckDB can only say so for all null strings at once.
        f"allow_quoted_nulls = {'false' if nulls == [''] else 'true'}",
        f"null_padding = {'false' if file_format.get('ERROR_ON_COLUMN_COUNT_MISMATCH', True) else 'true'}",
        f"max_line_size = {LONGEST_CSV_LINE}",
        f"buffer_size = {CSV_BUFFER}",
        f"compression = {_literal('gzip' if file.endswith('.gz') else 'none')}",
    ]
    return f"read_csv({', '.join(arguments)})"


def _json_sql(session: Session, cursor: FakeSnowflakeCursor, expression: exp.Copy, options: dict[str, Any],
              columns: list[tuple[str, str]], file: str) -> str:  # fmt: skip
    path = _literal(stage.glob_escape(file))
    if select := _transforming_select(expression):
        read = f'(SELECT json AS "C1" FROM read_json_objects({path}, format = \'newline_delimited\'))'
        return _transformed(session, cursor, select, lambda _: exp.column("C1", quoted=True), read)
    match options.get("MATCH_BY_COLUMN_NAME", "NONE"):
        case "CASE_INSENSITIVE" | "CASE_SENSITIVE" as mode:
            objects = f"read_json_objects({path}, format = 'newline_delimited')"
            keys = {
                (key.upper() if mode == "CASE_INSENSITIVE" else key): key
                for (key,) in session.duck.execute(f"SELECT DISTINCT unnest(json_keys(json)) FROM {objects}").fetchall()
            }
            # The reader names columns without regard to case, so each value is taken by its exact key.
            fields = [_json_field(keys.get(name), kind) for name, kind in columns]
            return f"SELECT {', '.join(fields)} FROM {objects}"
        case "NONE" if len(columns) == 1:
            return f"SELECT json FROM read_json_objects({path}, format = 'newline_delimited')"
        case "NONE":
            raise SqlError(
                "002019",
                "0A000",
                "SQL compilation error:\nJSON file format can produce one and only one column of type variant, object, "
                "or array. Load data into separate columns using the MATCH_BY_COLUMN_NAME copy option or copy with transformation.",
            )
        case other:
            raise SqlError("001008", "22023", f"SQL compilation error:\nInvalid value '{other}' for parameter MATCH_BY_COLUMN_NAME")


def _json_field(key: str | None, kind: str) -> str:
    if key is None:
        return "NULL"
    pointer = _literal("/" + key.replace("~", "~0").replace("/", "~1"))
    return f"nullif(json -> {pointer}, 'null')" if kind == "JSON" else f"json ->> {pointer}"


def _transforming_select(expression: exp.Copy) -> exp.Select | None:
    source = expression.args["files"][0]
    return source.this if isinstance(source, exp.Subquery) and isinstance(source.this, exp.Select) else None


def _transformed(session: Session, cursor: FakeSnowflakeCursor, select: exp.Select, column: Any, read: str) -> str:
    """The SELECT of a COPY with `$1`, `$2` pointed at the file's fields."""
    copied = exp.select(*[e.copy() for e in select.expressions]).from_(FILES_RELATION)
    copied = copied.transform(lambda node: column(int(node.name)) if isinstance(node, exp.Parameter) else node)
    sql = cursor._transform(copied, None).sql(dialect="duckdb")  # noqa: SLF001
    return sql.replace(FILES_RELATION, f"{read} AS {FILES_RELATION}", 1)


def _options(session: Session, expression: exp.Copy) -> dict[str, Any]:
    options: dict[str, Any] = {"FILE_FORMAT": {"TYPE": "CSV"}}
    for parameter in expression.args.get("params") or []:
        name = parameter.this.name.upper()
        if name == "FILE_FORMAT":
            given = parse_options(parameter.expressions)
            if format_name := given.pop("FORMAT_NAME", None):
                named = lookup_file_format(session.duck, str(format_name), session.connection.database, session.connection.schema)
                given = {**named, **given}
            options[name] = {**given, "TYPE": str(given.get("TYPE", "CSV")).upper()}
        elif name == "FILES":
            options[name] = [literal.name for literal in parameter.find_all(exp.Literal)]
        elif name in ("FORCE", "PURGE"):
            options[name] = parameter.expression.sql().upper() == "TRUE"
        elif name == "MATCH_BY_COLUMN_NAME":
            options[name] = parameter.expression.name.upper()
        elif name == "ON_ERROR" and parameter.expression.name.upper() == "ABORT_STATEMENT":
            continue
        else:
            raise SqlError("002050", "0A000", f"COPY option {parameter.sql(dialect='snowflake')} is not supported by the local server.")
    return options


def _target_columns(session: Session, name: tuple[str, str, str], target: exp.Expression) -> list[tuple[str, str]]:
    described = session.duck.execute(f"DESCRIBE {quoted(*name)}").fetchall()
    kinds = {row[0]: row[1] for row in described}
    if not isinstance(target, exp.Schema):
        return list(kinds.items())
    listed = [identifier(e) or e.name.upper() for e in target.expressions]
    for column in listed:
        if column not in kinds:
            raise SqlError("000904", "42000", f"SQL compilation error:\ninvalid identifier '{column}'")
    return [(column, kinds[column]) for column in listed]


def _files(session: Session, expression: exp.Copy, table: exp.Table, names: list[str] | None) -> list[str]:
    source = fake._from_source(expression)  # noqa: SLF001
    if not source.startswith("@"):
        raise SqlError("002050", "0A000", "The local server copies from internal stages only (FROM @stage).")
    connection = session.connection
    location = fake.stage_url_from_var(
        source[1:], session.duck, connection.database, connection.schema, connection.table_stages, table
    )
    if names is None:
        return sorted(fake._source_glob(location, session.duck))  # noqa: SLF001
    paths = [os.path.join(location, name) for name in names]
    for path, name in zip(paths, names, strict=True):
        if not os.path.isfile(path):
            raise SqlError("100016", "22000", f"Remote file '{name}' was not found in {source}.")
    return paths


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
