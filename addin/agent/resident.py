"""The helper's life: opens its port, makes itself known, looks after its processes, and leaves nothing behind."""

from __future__ import annotations

import datetime as dt
import os
import signal
import sys
import threading
import time
from typing import TYPE_CHECKING

from addin.agent import state
from addin.agent.asking import Menus
from addin.agent.pool import Pool
from addin.agent.processes import MENUS, WORKER, stamp
from addin.agent.routes import Desk
from addin.agent.server import READING, Server
from macros.versions import program as version

if TYPE_CHECKING:
    from collections.abc import Sequence

#: The port tried first, so that a firewall needs to be told only once.
PORT = 47831
#: Seconds between looks at the processes.
_TICK = 15.0
#: Windows delivers Ctrl-C only between two waits.
_WAIT = 1.0 if sys.platform == "win32" else _TICK
#: Seconds for sending the last answers.
_DRAIN = 2.0
_SIGNALS = ("SIGTERM", "SIGINT", "SIGHUP", "SIGBREAK")


def serve(
    port: int = PORT, worker: Sequence[str] = WORKER, menus: Sequence[str] = MENUS,
    reading: float = READING,
) -> None:
    """Be the helper until /quit or a signal; the caller holds the lock and runs in the main thread.

    Args:
        port: the port tried first; a free one when it is taken.
        worker: the words that start a worker.
        menus: the words that start the menus' process.
        reading: seconds a client has for its request.

    Raises:
        OSError: no port can be opened, or the per-user folder cannot be written.
    """
    log, token, ended = state.journal(), state.new_token(), threading.Event()
    for name in _SIGNALS:
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda *_: ended.set())
    pool, asked = Pool(worker, log, stamp), Menus(menus, stamp)
    desk = Desk(token, dt.datetime.now().isoformat(timespec="seconds"), pool, asked, log, ended.set)  # noqa: DTZ005
    server = _open(port, desk, reading)
    desk.port = server.server_port
    facts = state.Facts(server.server_port, token, os.getpid(), version())
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        state.save(facts)
        log.info("started: process %d, port %d, version %s", facts.pid, facts.port, facts.version)
        pool.warm()
        _watch(ended, facts, pool, asked)
    finally:
        state.drop(token)
        server.shutdown()
        server.server_close()
        pool.close()
        asked.close()
        server.drain(_DRAIN)
        log.info("ended")


def _open(port: int, desk: Desk, reading: float) -> Server:
    try:
        return Server(port, desk, reading)
    except OSError:
        return Server(0, desk, reading)


def _watch(ended: threading.Event, facts: state.Facts, pool: Pool, asked: Menus) -> None:
    due = time.monotonic() + _TICK
    while not ended.wait(_WAIT):
        if time.monotonic() < due:
            continue
        due = time.monotonic() + _TICK
        pool.tick()
        asked.tick()
        if state.load() is None:  # someone tidied the folder up
            state.save(facts)
