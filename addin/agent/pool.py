"""Keeps one worker warm, gives orders to workers and finds out how they end."""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from addin.agent.workers import Job, Worker

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from logging import Logger

#: Orders carried out at the same time.
MOST = 4
#: Seconds after which an idle worker is replaced: it may have lost what it was connected to.
_STALE = 3600.0
#: Seconds a worker has to end after its answer.
_LINGER = 30.0
#: Workers that may die while warming, one after the other, before none is warmed ahead of an order.
_TRIES = 3


class Full(Exception):
    """As many orders as allowed are running, and none ended in time."""


class Pool:
    """Worker processes. ``words`` start one; ``stamp`` tells when the program on the disk has changed."""

    def __init__(
        self, words: Sequence[str], log: Logger, stamp: Callable[[], str], most: int = MOST,
        stale: float = _STALE,
    ) -> None:
        self._words, self._log, self._stamp = words, log, stamp
        self._most, self._stale = most, stale
        self._changed = threading.Condition()
        self._spare: Worker | None = None
        self._running: set[Job] = set()
        self._ending: dict[Worker, float] = {}
        self._stillborn: dict[str, int] = {}
        self._closed = False
        self._last: Job | None = None
        self._count = 0

    def order(self, order: dict[str, Any], patience: float) -> Job:
        """Give an order to a worker, the warm one if there is one, and return at once.

        Args:
            order: what the worker is told.
            patience: seconds it may wait while as many as allowed are running.

        Raises:
            Full: no worker became free in time, or the helper is ending.
            OSError: no process can be started.
        """
        with self._changed:
            free = self._changed.wait_for(lambda: self._closed or len(self._running) < self._most, patience)
            if self._closed or not free:
                raise Full
            job = Job(order)
            self._running.add(job)
            self._last, self._count = job, self._count + 1
        try:
            self._assign(job)
        except OSError:
            self._settle(job, fault="ADD107")
            raise
        return job

    def told(self) -> dict[str, Any]:
        """What /status says of orders: how many so far, the last one, those running, whether a worker is warm."""
        with self._changed:
            last, spare = self._last, self._spare
            running = [{"id": job.name, "seconds": round(job.seconds, 1)} for job in self._running]
        return {
            "clicks": self._count, "last": _told(last) if last else {}, "running": running,
            "warm": bool(spare and spare.ready),
        }

    def tick(self) -> None:
        """Replace a worker that is old, of an older program or gone; kill one that does not end after its answer."""
        stamp = self._stamp()
        with self._changed:
            spare = self._spare
            late = [worker for worker, since in self._ending.items() if time.monotonic() - since > _LINGER]
        for worker in late:
            worker.kill()
        if spare and (spare.age > self._stale or spare.stamp != stamp):
            with self._changed:
                if self._spare is not spare:
                    return
                self._spare = None
            spare.dismiss()
        self.warm()

    def warm(self) -> None:
        """Start a worker to have one ready, unless there is one or the last ones all died while warming."""
        stamp = self._stamp()
        with self._changed:
            if self._closed or self._spare or self._stillborn.get(stamp, 0) >= _TRIES:
                return
            try:
                self._spare = self._start(stamp)
            except OSError:
                self._stillborn[stamp] = _TRIES

    def close(self) -> None:
        """End the idle worker and refuse further orders; those running go on, but nobody brings their results back."""
        with self._changed:
            self._closed, spare, self._spare = True, self._spare, None
            waiting = [job for job in self._running if job.order.get("do") == "run"]
            self._changed.notify_all()
        for job in waiting:
            self._settle(job, fault="ADD115")
        if spare:
            spare.dismiss()

    def _start(self, stamp: str) -> Worker:
        return Worker(self._words, stamp, self._heard, self._gone)

    def _assign(self, job: Job) -> None:
        stamp = self._stamp()
        with self._changed:
            worker, self._spare = self._spare, None
            outdated = worker is not None and worker.stamp != stamp
            chosen = self._start(stamp) if worker is None or outdated else worker
            chosen.job = job
        chosen.tell(job.order)
        if worker and outdated:
            worker.dismiss()

    def _heard(self, worker: Worker, told: dict[str, Any]) -> None:
        job = worker.job
        if "ready" in told:
            worker.ready = True
            self._stillborn.clear()
            self._log.info("worker %s ready after %.2f s", worker.process.pid, worker.age)
        elif "taken" in told and job:
            worker.taken = True
            self._log.info("worker %s began %s after %.3f s", worker.process.pid, job.name, job.seconds)
            self.warm()
        elif job and ("done" in told or "failed" in told):
            with self._changed:
                self._ending[worker] = time.monotonic()
            failed = str(told.get("failed", ""))
            self._settle(job, told.get("done"), "ADD112" if failed else "", failed)
            self._tell(job)

    def _gone(self, worker: Worker) -> None:
        """A worker has ended: with its answer, before taking its order, which is then given again, or in its midst."""
        status = worker.process.returncode
        with self._changed:
            self._ending.pop(worker, None)
            if self._spare is worker:
                self._spare = None
            job = worker.job
            if not worker.ready and not worker.dismissed:
                self._stillborn[worker.stamp] = self._stillborn.get(worker.stamp, 0) + 1
        if status and not worker.dismissed:
            self._log.info("worker %s ended with %s", worker.process.pid, status)
        if not job or job.settled.is_set():
            return
        if worker.taken or job.retried:
            self._settle(job, fault="ADD103" if worker.taken else "ADD107", detail=str(status))
            self._tell(job)
            self.warm()
            return
        job.retried = True
        try:
            self._assign(job)
        except OSError:
            self._settle(job, fault="ADD107")

    def _settle(self, job: Job, result: Any = None, fault: str = "", detail: str = "") -> None:
        with self._changed:
            if job.settled.is_set():
                return
            job.ended = time.monotonic()
            job.result, job.fault, job.detail = result, fault, detail
            self._running.discard(job)
            job.settled.set()
            self._changed.notify_all()
        self._log.info("order %s %s after %.2f s", job.name, f"{fault} {detail}".strip() or "done", job.seconds)

    def _tell(self, job: Job) -> None:
        """Let another worker tell the user that a click came to nothing: its launcher does not wait for the end."""
        if job.order.get("do") == "click" and job.fault in ("ADD103", "ADD112"):
            with suppress(OSError):
                self._assign(Job({"do": "tell", "id": job.name, "code": job.fault, "value": job.detail}))


def _told(job: Job) -> dict[str, Any]:
    state = "running" if not job.settled.is_set() else job.fault or "done"
    return {"id": job.name, "state": state, "seconds": round(job.seconds, 2)}
