"""Gathers who presses a batch's papers: this process, several of this machine, or a Dask cluster."""

from __future__ import annotations

import os
import signal
import sys
import threading
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any

from generator.hands import ALONE, Hands
from macros.hosts import refuse

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Windows waits for no more processes at once.
_MOST = 61
#: Seconds a scheduler is given to answer.
_PATIENCE = 10


@contextmanager
def crew(workers: int = 1, cluster: str | None = None) -> Iterator[Hands]:
    """Hands for one batch, let go at its end.

    The processes of this machine begin with the first work handed out and hold what this process holds then, where
    the system can fork. They end with this process, however it ends.

    Raises:
        Refused: not so many workers (BAT014); no such cluster (BAT012) or nothing to speak to it with (BAT013); or
            one of the workers was lost on the way (BAT011).
    """
    if not 1 <= workers <= _MOST:
        raise refuse("BAT014", value=workers, most=_MOST)
    if cluster:
        with _cluster(cluster) as hands:
            yield hands
    elif workers == 1:
        yield ALONE
    else:
        with _processes(workers) as hands:
            yield hands


@contextmanager
def _processes(workers: int) -> Iterator[Hands]:
    import multiprocessing  # one paper is made by one process, and should not wait for this
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    # A process with several threads must not fork: a lock held by another thread would never be released.
    near = sys.platform == "linux" and threading.active_count() == 1
    context = multiprocessing.get_context("fork" if near else "spawn")
    pool = ProcessPoolExecutor(workers, context, initializer=_begin)
    try:
        yield Hands(pool, workers, near=near)
    except BrokenProcessPool as error:
        raise refuse("BAT011", why=str(error) or type(error).__name__) from error
    finally:
        pool.shutdown(cancel_futures=True)


def _begin() -> None:
    """Leave Ctrl-C to the parent, and end with it: a worker whose parent was killed would wait for work for ever."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    import multiprocessing

    parent = multiprocessing.parent_process()
    if parent:
        parent.join()
        os._exit(1)


@contextmanager
def _cluster(address: str) -> Iterator[Hands]:
    from concurrent.futures import CancelledError

    try:
        distributed: Any = import_module("distributed")
    except ImportError as error:
        raise refuse("BAT013") from error
    try:
        client = distributed.Client(address, timeout=_PATIENCE, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        raise refuse("BAT012", value=address, why=type(error).__name__) from error
    try:
        many = sum(client.nthreads().values())
        if not many:
            raise refuse("BAT012", value=address, why="没有工作进程")
        # Papers are pure functions of their template and values: a worker that was lost is made up for by another.
        yield Hands(client.get_executor(pure=False, retries=2), many, apart=True)
    except (distributed.KilledWorker, CancelledError, OSError) as error:
        raise refuse("BAT011", why=type(error).__name__) from error
    finally:
        client.close()
