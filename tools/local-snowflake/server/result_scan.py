"""`TABLE(RESULT_SCAN('<query id>'))` as a relation (fakesnow only hands the whole earlier result back)."""

from typing import Any

import pyarrow as pa
from errors import SqlError
from sqlglot import Expr, exp

RELATION = "_HEADRACE_RESULT"


def scanned(expression: Expr, results: dict[str, Any]) -> dict[str, pa.Table]:
    """Points the statement at relations instead, and returns these with the earlier results to fill them."""
    tables: dict[str, pa.Table] = {}
    for source in list(expression.find_all(exp.TableFromRows)):
        function = source.this.find(exp.Anonymous)
        if not function or function.name.upper() != "RESULT_SCAN" or len(function.expressions) != 1:
            continue
        query_id = function.expressions[0].name
        if query_id not in results:
            raise SqlError("000709", "02000", f"Statement {query_id} not found")
        relation = f"{RELATION}_{len(tables)}"
        tables[relation] = results[query_id][0]
        source.replace(exp.Table(this=exp.to_identifier(relation), alias=source.args.get("alias")))
    return tables
