"""What each path of the helper does with an order that the guards let pass."""

from __future__ import annotations

import os
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from addin.agent.guards import Denied, well_formed
from addin.agent.pool import MOST, Full
from macros.findings import finding
from macros.versions import program as version

if TYPE_CHECKING:
    from collections.abc import Callable
    from logging import Logger

    from addin.agent.asking import Menus
    from addin.agent.pool import Pool
    from addin.agent.workers import Job

#: Seconds an order waits while others are running. A launcher gives up after two and starts a process itself, so that
#: a click which waited longer could be carried out twice; who waits for a result anyway may wait.
PATIENCE = {"click": 1.0, "run": 20.0}


def _nothing() -> None:
    """What most replies are followed by."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: an object or, where plain text was asked for, a text. ``note`` is what the log may tell of it."""

    status: HTTPStatus
    body: dict[str, Any] | str
    note: str = ""
    afterwards: Callable[[], None] = _nothing


def refusal(status: HTTPStatus, code: str, value: str = "", note: str = "") -> Reply:
    """An answer that says why not: the code, its message, and both as a finding."""
    said = finding(code, value=value, most=MOST)
    return Reply(
        status, {"error": code, "message": said.message, "findings": [said.as_json()]}, " ".join((code, note)).strip()
    )


class Desk:
    """Everything a request may need. ``end`` is called when the helper is to end."""

    def __init__(
        self, token: str, started: str, pool: Pool, menus: Menus, log: Logger, end: Callable[[], None],
    ) -> None:
        self.token, self.log = token, log
        self._started, self._pool, self._menus, self._end = started, pool, menus, end
        self.port = 0
        self._version = version()

    def serve(self, path: str, order: dict[str, Any], accept: str) -> Reply:
        """Do what a path stands for.

        Raises:
            Denied: the order lacks a field or holds a wrong one.
        """
        if path == "/status":
            return self._status()
        if path == "/menu":
            return self._menu(order, accept)
        if path == "/click":
            return self._click(order)
        if path == "/run":
            return self._run(order)
        return Reply(HTTPStatus.OK, {"ended": True}, afterwards=self._end)

    def _status(self) -> Reply:
        own = {
            "product": "towerdesk", "version": self._version, "pid": os.getpid(), "port": self.port,
            "started": self._started,
        }
        return Reply(HTTPStatus.OK, own | self._pool.told())

    def _menu(self, order: dict[str, Any], accept: str) -> Reply:
        well_formed(order, path=str, sheet=str, rows=list)
        loaded, buttons = self._menus.buttons(order["path"], order["sheet"], order["rows"])
        if accept.partition(",")[0].partition(";")[0].strip() == "text/plain":
            return Reply(HTTPStatus.OK, " ".join(button["id"] for button in buttons if button["enabled"]))
        return Reply(HTTPStatus.OK, {"loaded": loaded, "buttons": buttons})

    def _click(self, order: dict[str, Any]) -> Reply:
        well_formed(order, id=str, host=str, book=str)
        optional: dict[str, Any] = {"hwnd": 0, "pipe": ""}
        for name, otherwise in optional.items():
            if type(order.get(name, otherwise)) is not type(otherwise):
                raise Denied(HTTPStatus.BAD_REQUEST, "ADD105")
        known = ("id", "host", "book", *optional)
        begun = self._begin("click", {name: order[name] for name in known if name in order})
        return begun if isinstance(begun, Reply) else Reply(HTTPStatus.ACCEPTED, {"started": True}, order["id"])

    def _run(self, order: dict[str, Any]) -> Reply:
        well_formed(order, id=str, path=str, sheet=str, rows=list)
        begun = self._begin("run", order)
        if isinstance(begun, Reply):
            return begun
        begun.settled.wait()
        if begun.fault or not isinstance(begun.result, dict):
            code = begun.fault or "ADD112"
            return refusal(HTTPStatus.INTERNAL_SERVER_ERROR, code, begun.detail, order["id"])
        return Reply(HTTPStatus.OK, begun.result, order["id"])

    def _begin(self, do: str, order: dict[str, Any]) -> Job | Reply:
        try:
            return self._pool.order(order | {"do": do}, PATIENCE[do])
        except Full:
            return refusal(HTTPStatus.SERVICE_UNAVAILABLE, "ADD104", note=order["id"])
        except OSError:
            return refusal(HTTPStatus.INTERNAL_SERVER_ERROR, "ADD107", note=order["id"])
