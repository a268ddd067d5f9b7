"""Runs one statement in a session. Everything here is synchronous and runs on a worker thread."""

import contextlib
import os
from dataclasses import dataclass
from typing import Any

import alter_table
import binds
import query_history
import result_scan
import results
import sql
from copy_into import copy_into
from errors import SqlError, to_sql_error
from fakesnow.cursor import FakeSnowflakeCursor
from fakesnow.rowtype import describe_as_rowtype
from fakesnow.statement_type import DDL, DML_TYPE_IDS, SCL, TCL, USE, statement_type_id
from fakesnow.transforms import stage
from merge import merge
from query_history import QueryHistory
from results import Result, message
from sessions import Session
from sqlglot import Expr, exp
from warehouse import Warehouse

SUCCESS = "Statement executed successfully."


@dataclass(frozen=True)
class Statement:
    """A statement as the driver sent it, and what it was found to be."""

    text: str
    bindings: binds.Bindings
    expression: Expr | None
    # The expression is no longer what the text says.
    rewritten: bool = False

    @staticmethod
    def read(text: str, bindings: binds.Bindings | None) -> "Statement":
        bare = sql.strip_comments(text)
        plain = sql.IGNORED.match(bare) or sql.START_TRANSACTION.match(bare) or sql.REMOVE.match(bare)
        if plain:
            return Statement(text, bindings or {}, None)
        expression = sql.parse_statement(text)
        return Statement(text, bindings or {}, expression, rewritten=sql.quote_reserved_words(expression))

    @property
    def bare(self) -> str:
        return sql.strip_comments(self.text)

    @property
    def is_ddl(self) -> bool:
        return isinstance(self.expression, sql.DDL) and self.expression.args.get("kind") != "SESSION"

    @property
    def is_dml(self) -> bool:
        return isinstance(self.expression, sql.DML)

    @property
    def writes(self) -> bool:
        """Whether it needs the write lock. A commit does not: the transaction holds it already."""
        return self.is_ddl or self.is_dml


class Execution:
    def __init__(self, warehouse: Warehouse, history: QueryHistory):
        self._warehouse = warehouse
        self._history = history

    def run(self, session: Session, statement: Statement) -> Result:
        """Runs it, or raises `SqlError`. The caller holds the session's turn, and the write lock if it writes."""
        try:
            if statement.expression is None:
                return self._plain(session, statement)
            if isinstance(statement.expression, exp.Transaction):
                return self._begin(session)
            if isinstance(statement.expression, exp.Commit):
                session.commit()
                return message(TCL, SUCCESS)
            if isinstance(statement.expression, exp.Rollback):
                session.rollback()
                return message(TCL, SUCCESS)
            session.check_usable()
            if statement.is_ddl:
                # https://docs.snowflake.com/en/sql-reference/transactions#ddl
                session.commit()
                return self._ddl(session, statement)
            if statement.is_dml:
                return self._dml(session, statement)
            return self._other(session, statement)
        except SqlError as error:
            session.after_failed_write(error)
            raise
        except Exception as error:  # noqa: BLE001 - whatever a library raises must reach the driver as an SQL error
            translated = to_sql_error(error)
            session.after_failed_write(translated)
            raise translated from error

    def describe(self, session: Session, statement: Statement) -> Result:
        """Columns of the result without running the statement."""
        cursor = session.connection.cursor()
        described = cursor._describe_only(statement.text)  # noqa: SLF001
        if described is None:
            raise SqlError("002050", "0A000", "The local server cannot describe this kind of statement.")
        return Result(statement_type_id(statement.expression), describe_as_rowtype(described))

    def _plain(self, session: Session, statement: Statement) -> Result:
        if sql.START_TRANSACTION.match(statement.bare):
            return self._begin(session)
        if match := sql.REMOVE.match(statement.bare):
            return self._remove(session, match[1])
        return message(SCL, SUCCESS)

    def _begin(self, session: Session) -> Result:
        session.check_usable()
        session.begin()
        return message(TCL, SUCCESS)

    def _ddl(self, session: Session, statement: Statement) -> Result:
        expression = statement.expression
        if isinstance(expression, exp.Drop) and str(expression.args.get("kind")).upper() == "STAGE":
            return self._drop_stage(session, expression)
        if isinstance(expression, exp.Alter) and (action := alter_table.type_change(expression)):
            return alter_table.change_type(session, expression, action)
        changed = sql.replace_functions(expression)
        if isinstance(expression, exp.Create):
            changed |= sql.drop_unenforced_constraints(expression)
            temporary = sql.take_temporary(expression)
            result = self._cursor_result(session, statement, changed or temporary)
            self._own(session, expression, temporary)
            if str(expression.args.get("kind")).upper() == "DATABASE":
                name = sql.identifier(expression.find(exp.Table).this)
                session.duck.execute(f"CREATE SCHEMA IF NOT EXISTS {sql.quoted(name, 'PUBLIC')}")
            return result
        result = self._cursor_result(session, statement, changed)
        if isinstance(expression, exp.Drop):
            self._own(session, expression, temporary=False)
        return result

    def _own(self, session: Session, expression: exp.Create | exp.Drop, temporary: bool) -> None:
        """Keeps the list of what the session's end must drop."""
        kind = str(expression.args.get("kind")).upper()
        table = expression.find(exp.Table)
        if kind not in ("TABLE", "VIEW", "STAGE") or table is None:
            return
        name = sql.qualified_name(table, session)
        drop_sql = f"STAGE:{'.'.join(name)}" if kind == "STAGE" else f"DROP {kind} IF EXISTS {sql.quoted(*name)}"
        if drop_sql in session.temporary_objects:
            session.temporary_objects.remove(drop_sql)
            self._warehouse.forget_temporary_object(drop_sql)
        if temporary:
            session.temporary_objects.append(drop_sql)
            self._warehouse.remember_temporary_object(drop_sql)

    def _drop_stage(self, session: Session, expression: exp.Drop) -> Result:
        name = sql.qualified_name(expression.find(exp.Table), session)
        dropped = self._warehouse.drop_stage(session.duck, *name)
        self._own(session, expression, temporary=False)
        if not dropped and not expression.args.get("exists"):
            raise SqlError("002003", "02000", f"SQL compilation error:\nStage '{'.'.join(name)}' does not exist or not authorized.")
        return message(DDL, f"{name[2]} successfully dropped." if dropped else "Drop statement executed successfully.")

    def _dml(self, session: Session, statement: Statement) -> Result:
        """Runs it in the open transaction, or in one of its own: some statements become several in DuckDB."""
        alone = not session.in_transaction and session.autocommit
        session.start_writing()
        try:
            result = self._write(session, statement)
        except Exception:
            if alone:
                session.rollback()
            raise
        if alone:
            session.commit()
        return result

    def _write(self, session: Session, statement: Statement) -> Result:
        cursor = session.connection.cursor()
        expression = statement.expression
        sql.replace_context_functions(expression, session)
        sql.replace_functions(expression)
        if isinstance(expression, exp.Copy):
            return copy_into(session, cursor, expression)
        if binds.is_array(statement.bindings):
            return self._array(cursor, statement)
        if isinstance(expression, exp.Merge):
            return merge(cursor, expression, binds.parameters(statement.bindings) or None)
        return self._cursor_result(session, statement, changed=True)

    def _array(self, cursor: FakeSnowflakeCursor, statement: Statement) -> Result:
        if isinstance(statement.expression, exp.Insert):
            result = binds.insert_array(cursor, statement.expression, statement.bindings)
            if result is not None:
                return result
        affected = 0
        for row in binds.rows(statement.bindings):
            cursor.execute(statement.text, binding_params=row, server=True)
            affected += cursor.rowcount or 0
        return results.counts(statement_type_id(statement.expression), {"number of rows affected": affected})

    def _other(self, session: Session, statement: Statement) -> Result:
        expression = statement.expression
        if isinstance(expression, exp.Alter):
            return self._alter_session(session, expression)
        if isinstance(expression, exp.Use) and (used := self._use(session, expression)):
            return used
        if isinstance(expression, exp.Command) and statement.bare.lower().startswith("show parameters"):
            return self._show_parameters(session, statement.bare)
        changed = sql.replace_context_functions(expression, session) | sql.replace_functions(expression)
        with contextlib.ExitStack() as cleanup:
            relations = result_scan.scanned(expression, session.connection.results_cache)
            if query_history.read_by(expression):
                relations[query_history.RELATION] = self._history.table()
            for name, table in relations.items():
                session.duck.register(name, table)
                cleanup.callback(session.duck.unregister, name)
            changed |= bool(relations)
            return self._cursor_result(session, statement, changed)

    def _use(self, session: Session, expression: exp.Use) -> Result | None:
        kind = expression.args.get("kind")
        kind = kind.name.upper() if isinstance(kind, exp.Var) else ""
        if kind not in ("ROLE", "WAREHOUSE"):
            return None
        setattr(session, kind.lower(), sql.identifier(expression.this.this))
        return message(USE, SUCCESS)

    def _alter_session(self, session: Session, expression: exp.Alter) -> Result:
        action = expression.args["actions"][0]
        for item in action.expressions:
            if action.args.get("unset"):
                session.parameters.pop(item.this.name.upper(), None)
            else:
                value = item.this.expression
                session.parameters[item.this.this.name.upper()] = value.name if isinstance(value, exp.Literal) else value.sql()
        return message(SCL, SUCCESS)

    def _show_parameters(self, session: Session, text: str) -> Result:
        _, _, rest = text.partition("'")
        wanted = rest.partition("'")[0].upper()
        columns = [results.text_column(name) for name in ("key", "value", "default", "level", "description", "type")]
        parameters = {"QUERY_TAG": "", "TIMEZONE": "Etc/UTC", "AUTOCOMMIT": "true", **session.parameters}
        rows = [
            [key, str(value), "", "SESSION" if key in session.parameters else "", "", "STRING"]
            for key, value in parameters.items()
            if not wanted or wanted.strip("%") in key
        ]
        return Result(statement_type_id(exp.Show()), columns, rows)

    def _remove(self, session: Session, target: str) -> Result:
        name, _, path = target.partition("/")
        database, schema, stage_name = stage.parts_from_var(name, session.connection.database, session.connection.schema)
        directory = stage.internal_dir(f"{database}.{schema}.{stage_name}")
        stored = (os.path.join(folder, name) for folder, _, names in os.walk(directory) for name in names)
        files = sorted(file for file in stored if file.startswith(directory + path))
        for file in files:
            os.remove(file)
        columns = [results.text_column("name"), results.text_column("result")]
        return Result(0, columns, [[stage.internal_file_name(file), "removed"] for file in files])

    def _cursor_result(self, session: Session, statement: Statement, changed: bool) -> Result:
        """Everything that fakesnow does by itself."""
        expression = statement.expression
        type_id = statement_type_id(expression)
        text = expression.sql(dialect="snowflake") if changed or statement.rewritten else statement.text
        cursor = session.connection.cursor()
        cursor.execute(text, binding_params=binds.parameters(statement.bindings) or None, server=True)
        # RESULT_SCAN knows the id that the client was told, not fakesnow's own.
        cache = session.connection.results_cache
        if session.running and cursor.sfqid in cache:
            cache[session.running] = cache.pop(cursor.sfqid)
        transformed = cursor._last_transformed  # noqa: SLF001
        if transformed is not None and (upload := transformed.args.get("put_stage_data")):
            # Drivers on this machine copy the file themselves; asked to overwrite, they need no listing first.
            return Result(type_id, upload={**upload, "overwrite": True, "threshold": 0, "encryptionMaterial": None})
        rowtype = describe_as_rowtype(cursor._describe_last_sql())  # noqa: SLF001
        table = cursor._arrow_table  # noqa: SLF001
        if table is None:
            return Result(type_id, rowtype)
        if type_id in DML_TYPE_IDS:
            rowtype = [{**info, "type": "fixed", "scale": 0, "precision": 19} for info in rowtype]
        return results.from_arrow(type_id, table, rowtype)
