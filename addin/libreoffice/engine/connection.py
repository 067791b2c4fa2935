"""The line to one office: opened by the name of its pipe, watched while a call waits, closed for good."""

from __future__ import annotations

import contextlib
import itertools
import threading
import time
from typing import TYPE_CHECKING, Any

from addin.libreoffice.engine.errors import OfficeBusy, OfficeGone
from addin.libreoffice.engine.loading import load_uno

if TYPE_CHECKING:
    from addin.libreoffice.engine.process import Process

#: Seconds an own office may take to start, and any office to answer a call.
START_SECONDS = 90.0
ANSWER_SECONDS = 120.0

_numbers = itertools.count(1)


class Connection:
    """An office we speak to.

    UNO's calls wait without end. A call that has waited longer than ``patience`` seconds is freed by closing the
    connection from beside it: the office is left alone, and the call raises `OfficeBusy`. UNO then takes the objects
    still held here for those of the lost line, so that this process does not reach that office again; another does.

    Attributes:
        context: the office's component context.
        desktop: what holds its documents and windows.
        process: the office's process where it is our own, else None.
        number: tells the connections of this process apart; below zero, so that it is never a process's number.
        patience: seconds a call may wait.
        gave_up: the seconds after which the connection was closed from our side; zero while it was not.
    """

    def __init__(self, pipe: str, process: Process | None = None) -> None:
        self.process = process
        self.pipe = pipe
        self.number = -next(_numbers)
        self.patience = ANSWER_SECONDS
        self.gave_up = 0.0
        self._since: float | None = None
        self._watching = threading.Event()
        self._closed = False
        self._bridge = _bridge(pipe, process)
        threading.Thread(target=self._watch, name=f"watch {pipe}", daemon=True).start()
        self.enter()
        try:
            self.context = self._bridge.getInstance("StarOffice.ComponentContext")
            self.desktop = self.service("com.sun.star.frame.Desktop")
        except Exception as error:
            self.close()
            if self.gave_up:
                raise OfficeBusy(self.gave_up) from error
            raise OfficeGone(f"管道 {pipe} 没有应答") from error
        finally:
            self.leave()

    @property
    def office(self) -> Connection:
        """Itself: what `addin.libreoffice.engine.errors.plainly` asks every object for."""
        return self

    def service(self, name: str) -> Any:
        """A new instance of one of the office's services."""
        return self.context.ServiceManager.createInstanceWithContext(name, self.context)

    def enter(self) -> bool:
        """Note that a call begins; True for the outermost one, which has to `leave`."""
        if self._since is not None:
            return False
        self._since = time.monotonic()
        self._watching.set()
        return True

    def leave(self) -> None:
        """Note that the outermost call is over."""
        self._since = None

    def answers(self) -> bool:
        """Whether the office is still there."""
        try:
            self.desktop.getName()
        except Exception:
            return False
        return True

    def rest(self) -> None:
        """Start the time anew: the office has answered, or waits for the user."""
        if self._since is not None:
            self._since = time.monotonic()

    def close(self) -> None:
        """Close the line; the office stays."""
        self._closed = True
        self._watching.set()
        with contextlib.suppress(Exception):  # closed from the other side
            self._bridge.dispose()

    def _watch(self) -> None:
        """Close the line when a call waits too long. Sleeps as long as no call is under way."""
        while not self._closed:
            self._watching.wait()
            began = self._since
            if began is None:
                self._watching.clear()
                if self._since is not None:
                    self._watching.set()
                continue
            if time.monotonic() - began > self.patience:
                self.gave_up = self.patience
                self.close()
                return
            time.sleep(min(0.5, self.patience / 4))


def _bridge(pipe: str, process: Process | None) -> Any:
    """A bridge to the office; an office of our own is waited for while it starts.

    Raises:
        OfficeGone: nobody listens, or our own office ended.
    """
    uno = load_uno()
    local = uno.getComponentContext()
    make = local.ServiceManager.createInstanceWithContext
    connector = make("com.sun.star.connection.Connector", local)
    no_connection = uno.getClass("com.sun.star.connection.NoConnectException")
    until = time.monotonic() + (START_SECONDS if process else 0)
    while True:
        try:
            line = connector.connect(f"pipe,name={pipe}")
            return make("com.sun.star.bridge.BridgeFactory", local).createBridge("", "urp", line, None)
        except no_connection as error:
            if process is None:
                raise OfficeGone(f"管道 {pipe} 无人接听") from error
            if process.ended or time.monotonic() > until:
                raise OfficeGone("LibreOffice 未能启动") from error
            time.sleep(0.05)
