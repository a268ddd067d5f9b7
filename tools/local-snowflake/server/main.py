"""Starts the Snowflake-compatible development server. A stand-in: it never leaves this machine.

    python main.py --data-directory .headrace/snowflake --port 0 --account LOCAL \
        --user HEADRACE=.headrace/snowflake_key.pub --database RAW --database ANALYTICS
"""

import argparse
import logging
import os
import signal
import socket
import sys
import threading
import warnings
from collections import defaultdict
from pathlib import Path

import duckdb
import uvicorn
from authentication import Authenticator
from http_api import HttpApi
from warehouse import Warehouse, database_file_in_use

HOST = "127.0.0.1"


def main() -> None:
    arguments = _arguments()
    logging.getLogger("sqlglot").setLevel(logging.ERROR)  # statements it cannot parse are answered as errors
    warnings.filterwarnings("ignore", message="Arrow output on a DB-API result")  # fakesnow causes it on each query
    keys: dict[str, list[str]] = defaultdict(list)
    for entry in arguments.user:
        name, _, file = entry.partition("=")
        keys[name].append(file)
    authenticator = Authenticator(arguments.account, keys)
    try:
        warehouse = Warehouse(arguments.data_directory, arguments.memory_limit)
    except duckdb.Error as error:
        if database_file_in_use(error):
            sys.exit(f"{arguments.data_directory} is in use by another server: stop that one first. ({error})")
        raise
    for name in arguments.database:
        warehouse.open_database(name.upper())

    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)  # asyncio sends at once only if told TCP
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, arguments.port))
    except OSError as error:
        sys.exit(f"Port {arguments.port} cannot be used: {error}. Choose another with --port (0 finds a free one).")
    api = HttpApi(warehouse, authenticator, arguments.idle_transaction_seconds)
    server = uvicorn.Server(
        uvicorn.Config(api.application(), log_level="warning", timeout_keep_alive=75, timeout_graceful_shutdown=1)
    )
    announce_when_started(server, listener.getsockname()[1], arguments.ready_file, api)
    if arguments.stop_with_parent:
        threading.Thread(target=_stop_when_parent_ends, daemon=True).start()
    try:
        server.run(sockets=[listener])
    finally:
        warehouse.close()
        if arguments.ready_file:
            Path(arguments.ready_file).unlink(missing_ok=True)
    # Worker threads that still wait for DuckDB must not hold up the end.
    os._exit(0)


def announce_when_started(server: uvicorn.Server, port: int, ready_file: str | None, api: HttpApi) -> None:
    """Prints the ready line once requests are answered, and interrupts what runs when told to stop."""
    started, handle_exit = server.startup, server.handle_exit

    async def startup(sockets: list[socket.socket] | None = None) -> None:
        await started(sockets=sockets)
        if ready_file:
            temporary = Path(f"{ready_file}.{os.getpid()}")
            temporary.write_text(f"{port}\n")
            temporary.replace(ready_file)
        print(f"listening on {port}", flush=True)

    def stop(signal_number: int, frame: object) -> None:
        api.interrupt_all()
        handle_exit(signal_number, frame)

    server.startup, server.handle_exit = startup, stop


def _stop_when_parent_ends() -> None:
    """The parent holds the other end of standard input; when it ends, however it ends, the read returns."""
    sys.stdin.buffer.read()
    os.kill(os.getpid(), signal.SIGTERM)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Snowflake-compatible development server (a stand-in, loopback only).")
    parser.add_argument("--data-directory", required=True, help="where databases and stages are kept")
    parser.add_argument("--port", type=int, default=0, help="0 (default) takes a free port")
    parser.add_argument("--ready-file", help="written with the port once the server answers, removed at the end")
    parser.add_argument("--account", default="LOCAL", help="account identifier (default LOCAL)")
    parser.add_argument("--user", action="append", default=[], metavar="NAME=PUBLIC_KEY_FILE", help="repeatable")
    parser.add_argument("--database", action="append", default=[], help="created when missing; repeatable")
    parser.add_argument("--memory-limit", default="2GB", help="for DuckDB (default 2GB)")
    parser.add_argument(
        "--idle-transaction-seconds", type=float, default=10,
        help="an idle transaction that blocks a writer is rolled back after this time (default 10; Snowflake: 300)",
    )  # fmt: skip
    parser.add_argument("--stop-with-parent", action="store_true", help="stop when standard input closes")
    return parser.parse_args()


if __name__ == "__main__":
    main()
