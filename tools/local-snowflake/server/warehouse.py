"""The storage behind the server: one DuckDB file per Snowflake database, attached to one in-memory instance.

Files under the data directory:
  databases/<NAME>.db   one per database
  metadata.db           what Snowflake keeps about objects and DuckDB does not (stages, text lengths, comments)
  stages/               files of internal stages
"""

import os
import shutil
from collections import OrderedDict
from pathlib import Path
from string import Template

import duckdb
from fakesnow import info_schema, macros, rowtype
from fakesnow.conn import FakeSnowflakeConnection
from fakesnow.instance import GLOBAL_DATABASE_NAME, FakeSnow
from fakesnow.transforms import show, stage, transforms

# Types that DuckDB computes (sums, counts, casts) and fakesnow's own table lacks.
rowtype.duckdb_to_sf_type.update(
    {
        "FLOAT": "real",
        "SMALLINT": "fixed",
        "TINYINT": "fixed",
        "UINTEGER": "fixed",
        "USMALLINT": "fixed",
        "UTINYINT": "fixed",
        "UHUGEINT": "fixed",
        "TIMESTAMP_MS": "timestamp_ntz",
        "TIMESTAMP_S": "timestamp_ntz",
        "UUID": "text",
    }
)

# DESCRIBE TABLE of another database than the current one: the view of the current one does not show it.
transforms.SQL_DESCRIBE_TABLE = Template(
    transforms.SQL_DESCRIBE_TABLE.template.replace(
        "FROM _fs_information_schema._fs_columns", f"FROM {GLOBAL_DATABASE_NAME}._fs_information_schema._fs_columns"
    )
)

RESULTS_KEPT = 50


class RecentResults(OrderedDict):
    """Results kept for RESULT_SCAN; fakesnow would keep every result ever returned."""

    def __setitem__(self, key, value):
        super().__setitem__(key, value)
        while len(self) > RESULTS_KEPT:
            self.popitem(last=False)


class Warehouse(FakeSnow):
    """Every database of the server, open in this process; `connect` gives one session's connection."""

    def __init__(self, data_directory: str, memory_limit: str):
        self.databases_directory = Path(data_directory, "databases")
        self.stages_directory = Path(data_directory, "stages")
        for directory in (self.databases_directory, self.stages_directory):
            directory.mkdir(parents=True, exist_ok=True)
        stage.LOCAL_BUCKET_PATH = str(self.stages_directory.resolve())

        # Logging in never creates objects: a database or schema that is missing stays missing, as in Snowflake.
        self.create_database_on_connect = False
        self.create_schema_on_connect = False
        self.db_path = str(self.databases_directory)
        self.nop_regexes = None
        self.results_cache = RecentResults()
        self.duck_conn = duckdb.connect(
            ":memory:",
            config={
                "lambda_syntax": "ENABLE_SINGLE_ARROW",  # what sqlglot writes
                "memory_limit": memory_limit,
                "temp_directory": str(Path(data_directory, "spill")),
                "preserve_insertion_order": False,  # Snowflake promises no order either
            },
        )
        self.duck_conn.execute("SET GLOBAL TimeZone = 'UTC'")
        self.duck_conn.execute(f"ATTACH '{Path(data_directory, 'metadata.db')}' AS {GLOBAL_DATABASE_NAME}")
        self.duck_conn.execute(info_schema.fs_global_creation_sql())
        self.duck_conn.execute(show.fs_global_creation_sql())
        self.duck_conn.execute(
            f"CREATE TABLE IF NOT EXISTS {GLOBAL_DATABASE_NAME}.main.temporary_objects (drop_sql VARCHAR)"
        )
        for file in sorted(self.databases_directory.glob("*.db")):
            self.open_database(file.stem)
        self.drop_temporary_objects()

    def open_database(self, name: str) -> None:
        """Attaches a database, creating its file when there is none."""
        self.duck_conn.execute(f"ATTACH IF NOT EXISTS '{self.databases_directory / name}.db' AS \"{name}\"")
        self.duck_conn.execute(info_schema.per_db_creation_sql(name))
        self.duck_conn.execute(macros.creation_sql(name))
        self.duck_conn.execute(f'CREATE SCHEMA IF NOT EXISTS "{name}".PUBLIC')

    def connect_session(self, database: str | None, schema: str | None) -> FakeSnowflakeConnection:
        return self.connect(database, schema)

    def remember_temporary_object(self, drop_sql: str) -> None:
        """Survives a crash, so that the next start drops what the lost session would have dropped."""
        self._temporary_objects("INSERT INTO {} VALUES (?)", [drop_sql])

    def forget_temporary_object(self, drop_sql: str) -> None:
        self._temporary_objects("DELETE FROM {} WHERE drop_sql = ?", [drop_sql])

    def drop_temporary_objects(self) -> None:
        """Drops what sessions that no longer exist left behind."""
        cursor = self.duck_conn.cursor()
        for (drop_sql,) in cursor.execute(f"SELECT drop_sql FROM {GLOBAL_DATABASE_NAME}.main.temporary_objects").fetchall():
            try:
                self.drop_object(cursor, drop_sql)
            finally:
                self.forget_temporary_object(drop_sql)
        cursor.close()

    def drop_object(self, cursor: duckdb.DuckDBPyConnection, drop_sql: str) -> None:
        """Runs `DROP TABLE|VIEW ...`, or drops a stage given as `STAGE:<database>.<schema>.<name>`."""
        if drop_sql.startswith("STAGE:"):
            self.drop_stage(cursor, *drop_sql.removeprefix("STAGE:").split("."))
        else:
            cursor.execute(drop_sql)

    def drop_stage(self, cursor: duckdb.DuckDBPyConnection, database: str, schema: str, name: str) -> bool:
        """Forgets a stage and deletes its files; false when there is no such stage."""
        deleted = cursor.execute(
            f"DELETE FROM {GLOBAL_DATABASE_NAME}._fs_information_schema._fs_stages "
            "WHERE database_name = ? AND schema_name = ? AND name = ?",
            [database, schema, name],
        ).fetchall()
        shutil.rmtree(stage.internal_dir(f"{database}.{schema}.{name}"), ignore_errors=True)
        return deleted[0][0] > 0

    def close(self) -> None:
        """Writes every database's log into its file and closes them."""
        self.duck_conn.interrupt()
        for (name,) in self.duck_conn.execute("SELECT database_name FROM duckdb_databases() WHERE path IS NOT NULL").fetchall():
            try:
                self.duck_conn.execute(f'CHECKPOINT "{name}"')
            except duckdb.Error:
                pass  # an open transaction of a session blocks it; the log is replayed at the next start
        self.duck_conn.close()

    def _temporary_objects(self, sql: str, parameters: list[str]) -> None:
        with self.duck_conn.cursor() as cursor:
            cursor.execute(sql.format(f"{GLOBAL_DATABASE_NAME}.main.temporary_objects"), parameters)


def database_file_in_use(error: duckdb.Error) -> bool:
    """Whether opening failed because another process has the data directory open."""
    return "lock" in str(error).lower() and os.name == "posix"
