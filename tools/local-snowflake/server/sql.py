"""Reading a statement: what kind it is, which objects it names, and the rewrites fakesnow lacks."""

import re
from functools import cache
from typing import TYPE_CHECKING

import duckdb
from errors import SqlError
from fakesnow.dialect import parse
from sqlglot import Expr, exp

if TYPE_CHECKING:
    from sessions import Session

LEADING_COMMENTS = re.compile(r"^(?:\s|--[^\n]*(?:\n|$)|//[^\n]*(?:\n|$)|/\*.*?\*/)+", re.S)
# Statements accepted and ignored: the server has no grants, roles, warehouses' sizes or policies.
IGNORED = re.compile(r"(grant|revoke|use\s+secondary\s+roles|alter\s+warehouse|create\s+(or\s+replace\s+)?(warehouse|role))\b", re.I)
START_TRANSACTION = re.compile(r"(start\s+transaction|begin(\s+(work|transaction))?(\s+name\s+\S+)?)\s*;?\s*$", re.I)
REMOVE = re.compile(r"(?:remove|rm)\s+@(\S+?)\s*;?\s*$", re.I)

DDL = (exp.Create, exp.Drop, exp.Alter, exp.Comment, exp.TruncateTable)
DML = (exp.Insert, exp.Update, exp.Delete, exp.Merge, exp.Copy, exp.MultitableInserts)

CONSTRAINTS = (exp.PrimaryKey, exp.ForeignKey, exp.UniqueColumnConstraint, exp.Constraint)
COLUMN_CONSTRAINTS = (exp.PrimaryKeyColumnConstraint, exp.UniqueColumnConstraint, exp.Reference)


def strip_comments(text: str) -> str:
    return LEADING_COMMENTS.sub("", text)


def parse_statement(text: str) -> Expr:
    """Parses exactly one statement."""
    statements = [e for e in parse(text) if e is not None and not isinstance(e, exp.Semicolon)]
    if not statements:
        raise SqlError("000900", "42601", "SQL compilation error:\nEmpty SQL statement.")
    if len(statements) > 1:
        raise SqlError(
            "000008", "0A000", f"Actual statement count {len(statements)} did not match the desired statement count 1."
        )
    return statements[0]


def identifier(node: Expr | str | None) -> str | None:
    """An identifier as Snowflake stores it: upper case unless quoted."""
    if not isinstance(node, exp.Identifier):
        return None
    return node.name if node.quoted else node.name.upper()


def qualified_name(table: exp.Table, session: "Session") -> tuple[str, str, str]:
    database = identifier(table.args.get("catalog")) or session.connection.database
    schema = identifier(table.args.get("db")) or session.connection.schema
    name = identifier(table.this)
    if not database or not schema or not name:
        raise SqlError("090105", "22000", f"Cannot resolve {table.sql(dialect='snowflake')}: name its database and schema.")
    return database, schema, name


def quoted(*parts: str) -> str:
    return ".".join('"' + part.replace('"', '""') + '"' for part in parts)


def replace_context_functions(expression: Expr, session: "Session") -> bool:
    """Puts the session's values where CURRENT_ROLE() and the like stand; true when there were any."""
    values = {
        exp.CurrentWarehouse: session.warehouse,
        exp.CurrentRole: session.role,
        exp.CurrentUser: session.user,
        exp.CurrentAccount: session.account,
        exp.CurrentSession: str(session.id),
        exp.CurrentRegion: "LOCAL",
    }
    found = False
    for node in list(expression.find_all(*values, exp.Anonymous)):
        if isinstance(node, exp.Anonymous):
            if node.name.upper() != "LAST_QUERY_ID":
                continue
            name, value = "LAST_QUERY_ID", session.last_query_id
        else:
            name, value = node.sql_name(), values[type(node)]
        literal = exp.Literal.string(value) if value is not None else exp.cast(exp.null(), "varchar")
        is_column = isinstance(node.parent, exp.Select) and node.arg_key == "expressions"
        node.replace(exp.alias_(literal, f"{name}()", quoted=True) if is_column else literal)
        found = True
    return found


def replace_functions(expression: Expr) -> bool:
    """Rewrites functions that fakesnow lacks; true when there were any."""
    found = [node for node in expression.find_all(exp.Anonymous) if node.name.upper() == "TO_TIMESTAMP_TZ"]
    for node in found:
        node.replace(exp.cast(node.expressions[0], exp.DataType.Type.TIMESTAMPTZ))
    return bool(found)


@cache
def _reserved_words() -> frozenset[str]:
    words = duckdb.execute("SELECT upper(keyword_name) FROM duckdb_keywords() WHERE keyword_category <> 'unreserved'")
    return frozenset(word for (word,) in words.fetchall())


def quote_reserved_words(expression: Expr) -> bool:
    """Quotes names that DuckDB reserves and Snowflake does not, e.g. a column called AT; true when there were any."""
    found = [n for n in expression.find_all(exp.Identifier) if not n.quoted and n.name.upper() in _reserved_words()]
    for node in found:
        node.replace(exp.to_identifier(node.name.upper(), quoted=True))
    return bool(found)


def drop_unenforced_constraints(create: exp.Create) -> bool:
    """Snowflake does not enforce keys, DuckDB would. NOT NULL is enforced by both and stays."""
    schema = create.this
    if not isinstance(schema, exp.Schema):
        return False
    before = create.sql()
    schema.set("expressions", [e for e in schema.expressions if not isinstance(e, CONSTRAINTS)])
    for column in schema.find_all(exp.ColumnDef):
        kept = [c for c in column.args.get("constraints") or [] if not isinstance(c.args.get("kind"), COLUMN_CONSTRAINTS)]
        column.set("constraints", kept)
    return create.sql() != before


def take_temporary(create: exp.Create) -> bool:
    """Removes TEMPORARY: DuckDB's temporary tables have no schema, so the server drops ordinary ones itself."""
    properties = create.args.get("properties")
    if not properties:
        return False
    kept = [p for p in properties.expressions if not isinstance(p, exp.TemporaryProperty)]
    if len(kept) == len(properties.expressions):
        return False
    create.set("properties", exp.Properties(expressions=kept) if kept else None)
    return True
