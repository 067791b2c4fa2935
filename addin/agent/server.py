"""The helper's HTTP server: one request a connection, each in a thread, guarded before it is served."""

from __future__ import annotations

import io
import json
import socket
import sys
import threading
import time
from contextlib import suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from typing import TYPE_CHECKING, Any

from addin.agent import guards
from addin.agent.guards import Denied
from addin.agent.routes import Reply, refusal
from addin.agent.state import HOST, TOKEN

if TYPE_CHECKING:
    from addin.agent.routes import Desk

#: Seconds a client has for its whole request, however slowly it sends it.
READING = 10.0
#: Seconds for taking the answer.
_WRITING = 30.0
#: Connections served at a time; further ones are closed.
_CONNECTIONS = 64
_LINGER = 0.5


class Server(ThreadingHTTPServer):
    """Listens on this machine only."""

    daemon_threads = True
    # On Windows the option would let another program take the port as well.
    allow_reuse_address = sys.platform != "win32"

    def __init__(self, port: int, desk: Desk, reading: float = READING) -> None:
        """Open a port; 0 for any free one.

        Raises:
            OSError: the port is taken.
        """
        self.desk, self.reading = desk, reading
        self._room = threading.BoundedSemaphore(_CONNECTIONS)
        super().__init__((HOST, port), Handler)

    def server_bind(self) -> None:
        """Bind, without asking the network for this machine's name as the base class does."""
        if sys.platform == "win32":
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        TCPServer.server_bind(self)
        self.server_name, self.server_port = HOST, int(self.server_address[1])

    def process_request(self, request: Any, client_address: Any) -> None:
        """Serve in a thread while there is room."""
        if not self._room.acquire(blocking=False):
            self.shutdown_request(request)
            return
        super().process_request(request, client_address)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Serve one connection and make room again."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._room.release()

    def drain(self, seconds: float) -> None:
        """Wait until every answer has been sent, for at most so many seconds."""
        until = time.monotonic() + seconds
        for _ in range(_CONNECTIONS):
            if not self._room.acquire(timeout=max(0.0, until - time.monotonic())):
                return

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Note that a connection broke, not what it carried."""
        self.desk.log.info("connection broke: %s", type(sys.exc_info()[1]).__name__)


class _Timed(io.RawIOBase):
    """Reads a socket until a moment; a client cannot win time by sending byte after byte."""

    def __init__(self, connection: socket.socket, seconds: float) -> None:
        self._connection, self._until = connection, time.monotonic() + seconds

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._connection.settimeout(left)
        return self._connection.recv_into(buffer)


class Handler(BaseHTTPRequestHandler):
    """One connection with one request."""

    server: Server
    server_version, sys_version = "TowerDesk", ""

    def setup(self) -> None:
        """Put a time limit on the whole request."""
        super().setup()
        self.rfile = io.BufferedReader(_Timed(self.connection, self.server.reading))

    def do_GET(self) -> None:
        """Serve a request of any method; `guards` knows which may come where."""
        desk = self.server.desk
        body = b""
        try:
            length = guards.check(self.command, self.path, self.headers, self.server.server_port, desk.token)
            body = self.rfile.read(length)
            if len(body) < length:
                raise Denied(HTTPStatus.BAD_REQUEST, "ADD105")
            reply = desk.serve(self.path, guards.order(self.path, body), self.headers.get("Accept", ""))
        except Denied as denied:
            reply = refusal(denied.status, denied.code)
        except TimeoutError:
            reply = refusal(HTTPStatus.REQUEST_TIMEOUT, "ADD105")
        except Exception as fault:
            desk.log.info("fault %s", type(fault).__name__)
            reply = refusal(HTTPStatus.INTERNAL_SERVER_ERROR, "ADD112", value=type(fault).__name__)
        self._send(reply)
        if reply.status >= HTTPStatus.BAD_REQUEST:
            self._drain()
        reply.afterwards()

    do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_GET  # noqa: N815

    def do_OPTIONS(self) -> None:
        """Tell WPS's pages, which come from a file, that they may ask; web pages are not told."""
        try:
            guards.host(self.headers, self.server.server_port)
            origin = guards.origin(self.headers)
            if not origin:
                raise Denied(HTTPStatus.FORBIDDEN, "ADD106")
        except Denied as denied:
            self._send(refusal(denied.status, denied.code))
            return
        self.send_response(HTTPStatus.NO_CONTENT)
        self.send_header("Access-Control-Allow-Origin", origin)
        self.send_header("Access-Control-Allow-Methods", "GET, POST")
        self.send_header("Access-Control-Allow-Headers", f"{TOKEN}, Content-Type")
        if self.headers.get("Access-Control-Request-Private-Network") == "true":
            self.send_header("Access-Control-Allow-Private-Network", "true")
        self.end_headers()

    def _asker(self) -> str:
        """The page that asks, if one does that may."""
        try:
            return guards.origin(self.headers)
        except Denied:
            return ""

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Say what is wrong with a request that is not even HTTP, in our way."""
        self._send(refusal(HTTPStatus(code), "ADD105"))

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: what is worth noting is noted by `_send`, without the words of the request."""

    def _send(self, reply: Reply) -> None:
        path = self.path if getattr(self, "path", "") in guards.ROUTES else "?"
        if reply.status >= HTTPStatus.BAD_REQUEST or path in ("/click", "/run", "/quit"):
            self.server.desk.log.info("%s %d %s", path, reply.status, reply.note)
        body = reply.body if isinstance(reply.body, str) else json.dumps(reply.body)
        kind = "text/plain" if isinstance(reply.body, str) else "application/json"
        with suppress(OSError):  # who does not wait for the answer does not get one
            self.connection.settimeout(_WRITING)
            self.send_response(reply.status)
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            self.send_header("Content-Length", str(len(body.encode("utf-8"))))
            self.send_header("Cache-Control", "no-store")
            # Who may not ask is not told why; who may can read what went wrong.
            denied = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
            if reply.status not in denied and (origin := self._asker()):
                self.send_header("Access-Control-Allow-Origin", origin)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body.encode("utf-8"))
                self.wfile.flush()

    def _drain(self) -> None:
        """Read on for a moment: closing on a client that still sends would take the answer from it."""
        until = time.monotonic() + _LINGER
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_WR)
            while (left := until - time.monotonic()) > 0:
                self.connection.settimeout(left)
                if not self.connection.recv(1 << 16):
                    return
