"""Snowflake's HTTP protocol as the Node and the Python driver speak it."""

import asyncio
import datetime as dt
import gzip
import json
import re
import time
import uuid
from collections import OrderedDict
from typing import Any

from authentication import Authenticator, LoginRefused
from errors import SqlError, to_sql_error
from execution import Execution, Statement
from fakesnow.statement_type import statement_type_id
from fakesnow.transforms import SERVER_VERSION
from query_history import HistoryRow, QueryHistory
from results import Result, message
from sessions import DEFAULT_ROLE, Session, Sessions
from sqlglot import exp
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from warehouse import Warehouse
from write_lock import WriteLock

# A statement that runs longer is answered "in progress" and the driver asks for its result again.
ANSWER_WITHIN_SECONDS = 30
ANSWERS_KEPT = 200
# Above it drivers upload array binds to a stage first; inline is faster here.
INLINE_BIND_LIMIT = 100_000_000
# What dbt sends on Ctrl-C, for each of its sessions.
CANCEL_ALL = re.compile(r"\s*select\s+system\$cancel_all_queries\s*\(\s*(\d+)\s*\)", re.IGNORECASE)


class HttpApi:
    def __init__(self, warehouse: Warehouse, authenticator: Authenticator, idle_transaction_seconds: float):
        self._warehouse = warehouse
        self._authenticator = authenticator
        self._sessions = Sessions(warehouse)
        self._history = QueryHistory()
        self._execution = Execution(warehouse, self._history)
        self._lock = WriteLock(idle_transaction_seconds)
        # Answers by query id and by the driver's request id: a request sent twice runs once.
        self._answers: OrderedDict[str, asyncio.Task[dict[str, Any]]] = OrderedDict()
        self._query_ids: OrderedDict[str, str] = OrderedDict()

    def application(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/session/v1/login-request", self._login, methods=["POST"]),
                Route("/session/token-request", self._renew, methods=["POST"]),
                Route("/session/heartbeat", self._heartbeat, methods=["POST"]),
                Route("/session", self._close_session, methods=["POST"]),
                Route("/queries/v1/query-request", self._query, methods=["POST"]),
                Route("/queries/v1/abort-request", self._abort, methods=["POST"]),
                Route("/queries/{query_id}/abort-request", self._abort, methods=["POST"]),
                Route("/queries/{query_id}/result", self._result, methods=["GET"]),
                Route("/monitoring/queries/{query_id}", self._status, methods=["GET"]),
                Route("/telemetry/send", self._accepted, methods=["POST"]),
            ]
        )

    def interrupt_all(self) -> None:
        for session in self._sessions.all():
            session.duck.interrupt()

    async def _login(self, request: Request) -> JSONResponse:
        data = (await _json_body(request)).get("data", {})
        try:
            user = self._authenticator.authenticate(data)
        except LoginRefused as refused:
            return _failure(refused.code, "08001", refused.message)
        for session in self._sessions.idle():
            await self._end(session)
        query = request.query_params
        session = Session(
            user=user,
            account=self._authenticator.account,
            role=(query.get("roleName") or DEFAULT_ROLE).upper(),
            warehouse=query.get("warehouse") and query["warehouse"].upper(),
            connection=await run_in_threadpool(
                self._warehouse.connect_session, _name(query.get("databaseName")), _name(query.get("schemaName"))
            ),
            parameters={k.upper(): v for k, v in (data.get("SESSION_PARAMETERS") or {}).items()},
        )
        self._sessions.open(session)
        return _success(
            {
                **_tokens(session),
                "serverVersion": SERVER_VERSION,
                "parameters": [
                    {"name": "AUTOCOMMIT", "value": session.autocommit},
                    {"name": "TIMEZONE", "value": "Etc/UTC"},
                    {"name": "CLIENT_TELEMETRY_ENABLED", "value": False},
                    {"name": "CLIENT_SESSION_KEEP_ALIVE_HEARTBEAT_FREQUENCY", "value": 3600},
                    {"name": "CLIENT_STAGE_ARRAY_BINDING_THRESHOLD", "value": INLINE_BIND_LIMIT},
                    {"name": "PYTHON_CONNECTOR_QUERY_RESULT_FORMAT", "value": "JSON"},
                ],
                "sessionInfo": _context(session),
            }
        )

    async def _renew(self, request: Request) -> JSONResponse:
        session = self._sessions.renew(_token(request))
        return _success(_tokens(session)) if session else _gone()

    async def _heartbeat(self, request: Request) -> JSONResponse:
        session = self._sessions.find(_token(request))
        if session is None:
            return _gone()
        session.last_activity = time.monotonic()
        return _success(None)

    async def _close_session(self, request: Request) -> JSONResponse:
        session = self._sessions.find(_token(request))
        if session is None:
            return _gone()
        if request.query_params.get("delete"):
            await self._end(session)
        return _success(None)

    async def _end(self, session: Session) -> None:
        self._sessions.remove(session)
        async with session.turn:
            if session.temporary_objects:
                await self._lock.acquire(session)
            try:
                await run_in_threadpool(session.close, self._warehouse)
            finally:
                await self._lock.release(session)

    async def _query(self, request: Request) -> JSONResponse:
        session = self._sessions.find(_token(request))
        if session is None:
            return _gone()
        body = await _json_body(request)
        request_id = request.query_params.get("requestId") or body.get("requestId")
        query_id = self._query_ids.get(request_id) if request_id else None
        if query_id is None or query_id not in self._answers:
            query_id = str(uuid.uuid4())
            self._answers[query_id] = asyncio.create_task(self._run(session, query_id, body))
            if request_id:
                self._query_ids[request_id] = query_id
            self._forget_old_answers()
        if body.get("asyncExec"):
            return _in_progress(query_id)
        return await self._answer(query_id)

    async def _result(self, request: Request) -> JSONResponse:
        if self._sessions.find(_token(request)) is None:
            return _gone()
        query_id = request.path_params["query_id"]
        if query_id not in self._answers:
            return _failure("000709", "02000", f"Statement {query_id} not found")
        return await self._answer(query_id)

    async def _answer(self, query_id: str) -> JSONResponse:
        task = self._answers[query_id]
        await asyncio.wait({task}, timeout=ANSWER_WITHIN_SECONDS)
        return JSONResponse(task.result()) if task.done() else _in_progress(query_id)

    async def _run(self, session: Session, query_id: str, body: dict[str, Any]) -> dict[str, Any]:
        async with session.turn:
            session.running = query_id
            started = dt.datetime.now(dt.UTC)
            tag = str((body.get("parameters") or {}).get("QUERY_TAG", session.parameters.get("QUERY_TAG", "")))
            error: SqlError | None = None
            result = Result(0)
            try:
                result = await self._execute(session, body)
            except SqlError as failed:
                error = failed
            finally:
                session.running = None
                session.last_query_id = query_id
                session.last_activity = time.monotonic()
            self._remember(session, query_id, body["sqlText"], tag, started, error, result)
            return _error_body(query_id, error) if error else _result_body(query_id, session, result)

    async def _execute(self, session: Session, body: dict[str, Any]) -> Result:
        cancel = CANCEL_ALL.match(body["sqlText"])
        if cancel:
            return self._cancel_all(session, int(cancel[1]))
        try:
            statement = Statement.read(body["sqlText"], body.get("bindings"))
        except Exception as error:  # noqa: BLE001 - the parser's errors are the statement's errors
            raise to_sql_error(error) from error
        if body.get("describeOnly"):
            return await run_in_threadpool(self._execution.describe, session, statement)
        try:
            if statement.writes:
                await self._lock.acquire(session)
            return await run_in_threadpool(self._execution.run, session, statement)
        finally:
            if not session.writing:
                await self._lock.release(session)

    def _cancel_all(self, session: Session, session_id: int) -> Result:
        other = self._sessions.by_id(session_id)
        if other is None or other.user != session.user:
            raise SqlError("000604", "02000", f"Session {session_id} does not exist.")
        select = statement_type_id(exp.Select())
        if other.running is None:
            return message(select, "no queries to cancel")
        other.duck.interrupt()
        return message(select, f"query [{other.running}] terminated.")

    def _remember(self, session: Session, query_id: str, text: str, tag: str, started: dt.datetime,
                  error: SqlError | None, result: Result) -> None:  # fmt: skip
        ended = dt.datetime.now(dt.UTC)
        self._history.add(
            HistoryRow(
                QUERY_ID=query_id,
                QUERY_TEXT=text,
                DATABASE_NAME=session.connection.database,
                SCHEMA_NAME=session.connection.schema,
                SESSION_ID=session.id,
                USER_NAME=session.user,
                ROLE_NAME=session.role,
                WAREHOUSE_NAME=session.warehouse,
                QUERY_TAG=tag,
                EXECUTION_STATUS="FAILED_WITH_ERROR" if error else "SUCCESS",
                ERROR_CODE=error.code if error else None,
                ERROR_MESSAGE=error.message if error else None,
                START_TIME=started,
                END_TIME=ended,
                TOTAL_ELAPSED_TIME=int((ended - started).total_seconds() * 1000),
                ROWS_PRODUCED=len(result.rows),
            )
        )

    async def _abort(self, request: Request) -> JSONResponse:
        query_id = request.path_params.get("query_id")
        if query_id is None:
            body = await _json_body(request)
            query_id = self._query_ids.get(body.get("requestId", ""))
        session = self._sessions.by_statement(query_id) if query_id else None
        if session:
            session.duck.interrupt()
        return _success(None)

    async def _status(self, request: Request) -> JSONResponse:
        task = self._answers.get(request.path_params["query_id"])
        if task is None:
            return _success({"queries": []})
        status = "RUNNING" if not task.done() else "SUCCESS" if task.result()["success"] else "FAILED_WITH_ERROR"
        return _success({"queries": [{"id": request.path_params["query_id"], "status": status}]})

    async def _accepted(self, _request: Request) -> JSONResponse:
        return _success(None)

    def _forget_old_answers(self) -> None:
        for query_id, task in list(self._answers.items())[: max(0, len(self._answers) - ANSWERS_KEPT)]:
            if task.done():
                del self._answers[query_id]
        while len(self._query_ids) > 2 * ANSWERS_KEPT:
            self._query_ids.popitem(last=False)


async def _json_body(request: Request) -> dict[str, Any]:
    raw = await request.body()
    if request.headers.get("Content-Encoding") == "gzip":
        raw = gzip.decompress(raw)
    return json.loads(raw) if raw else {}


def _token(request: Request) -> str | None:
    """`Authorization: Snowflake Token="..."`."""
    _, _, rest = request.headers.get("Authorization", "").partition('Token="')
    return rest.rstrip('"') or None


def _name(name: str | None) -> str | None:
    return name[1:-1] if name and name.startswith('"') else name


def _tokens(session: Session) -> dict[str, Any]:
    return {
        "token": session.token,
        "masterToken": session.master_token,
        "sessionToken": session.token,
        "sessionId": session.id,
        "validityInSeconds": 3600,
        "masterValidityInSeconds": 14400,
        "validityInSecondsST": 3600,
        "validityInSecondsMT": 14400,
    }


def _context(session: Session) -> dict[str, Any]:
    return {
        "databaseName": session.connection.database if session.connection.database_set else None,
        "schemaName": session.connection.schema if session.connection.schema_set else None,
        "warehouseName": session.warehouse,
        "roleName": session.role,
    }


def _success(data: Any) -> JSONResponse:
    return JSONResponse({"data": data, "code": None, "message": None, "success": True})


def _failure(code: str, sql_state: str, text: str) -> JSONResponse:
    return JSONResponse({"data": {"errorCode": code, "sqlState": sql_state}, "code": code, "message": text, "success": False})


def _gone() -> JSONResponse:
    return _failure("390104", "08001", "This session does not exist (any more): log in again.")


def _in_progress(query_id: str) -> JSONResponse:
    return JSONResponse(
        {
            "data": {"queryId": query_id, "getResultUrl": f"/queries/{query_id}/result", "queryAbortsAfterSecs": 3600},
            "code": "333334",
            "message": None,
            "success": True,
        }
    )


def _error_body(query_id: str, error: SqlError) -> dict[str, Any]:
    data = {"errorCode": error.code, "sqlState": error.sql_state, "queryId": query_id, "internalError": False}
    return {"data": data, "code": error.code, "message": error.message, "success": False}


def _result_body(query_id: str, session: Session, result: Result) -> dict[str, Any]:
    if result.upload is not None:
        return {"data": {**result.upload, "queryId": query_id}, "code": None, "message": None, "success": True}
    context = _context(session)
    return {
        "data": {
            "parameters": [],
            "rowtype": result.rowtype,
            "rowset": result.rows,
            "total": len(result.rows),
            "returned": len(result.rows),
            "queryId": query_id,
            "statementTypeId": result.type_id,
            "version": 1,
            "queryResultFormat": "json",
            "finalDatabaseName": context["databaseName"],
            "finalSchemaName": context["schemaName"],
            "finalWarehouseName": context["warehouseName"],
            "finalRoleName": context["roleName"],
        },
        "code": None,
        "message": None,
        "success": True,
    }
