"""Judges many cases in processes that may die: each case has limits of time and memory, and a death is an answer."""

from __future__ import annotations

import multiprocessing
import resource
import signal
from collections import Counter
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

#: What is said of a case that did not come to an end by itself.
HANG, DEATH = "hang", "death"
#: Cases that are told one by one, at most.
_TOLD = 50


@dataclass
class Herd:
    """What became of the cases: how many of each answer, those that are wrong, and the most memory one process took."""

    answers: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    megabytes: int = 0
    slowest: float = 0.0


def drive(
    judge: Callable[[int], str], first: int, count: int, processes: int, *, seconds: int, memory: int,
    is_wrong: Callable[[str], bool],
) -> Herd:
    """Ask ``judge`` about each number from ``first`` on; it must be importable, for each process starts afresh.

    Args:
        judge: gives an answer, short and from a small set; may say more after a tab.
        first: the first number.
        count: how many.
        processes: how many at the same time.
        seconds: what one case may take before it counts as hanging.
        memory: bytes of address space a process may have.
        is_wrong: whether an answer is one that must not be.
    """
    made = multiprocessing.get_context("spawn")
    herd = Herd()
    waiting = [range(first + at, first + count, processes) for at in range(min(processes, count))]
    running: dict[Connection, tuple[range, int, multiprocessing.process.BaseProcess]] = {}

    def start(numbers: range) -> None:
        ours, theirs = made.Pipe(duplex=False)
        process = made.Process(target=_work, args=(judge, numbers, theirs, seconds, memory))
        process.start()
        theirs.close()
        running[ours] = numbers, 0, process

    for numbers in waiting:
        start(numbers)
    while running:
        for end in wait(list(running)):
            if not isinstance(end, Connection):
                continue
            numbers, done, process = running.pop(end)
            try:
                answer, megabytes, took = end.recv()
            except EOFError:
                process.join()
                if done < len(numbers):
                    answer = HANG if process.exitcode == -signal.SIGALRM else f"{DEATH} {process.exitcode}"
                    _note(herd, numbers[done], answer, is_wrong)
                    if done + 1 < len(numbers):
                        start(numbers[done + 1 :])
                continue
            herd.megabytes, herd.slowest = max(herd.megabytes, megabytes), max(herd.slowest, took)
            _note(herd, numbers[done], answer, is_wrong)
            running[end] = numbers, done + 1, process
    return herd


def _note(herd: Herd, number: int, answer: str, is_wrong: Callable[[str], bool]) -> None:
    short, _, more = answer.partition("\t")
    herd.answers[short] += 1
    if (is_wrong(short) or short == HANG or short.startswith(DEATH)) and len(herd.wrong) < _TOLD:
        herd.wrong.append(f"{number}: {short} {more}".strip())


def _work(judge: Callable[[int], str], numbers: range, answers: Connection, seconds: int, memory: int) -> None:
    """Judge one number after the other; the alarm ends a process that dwells on one, whatever it is doing."""
    import time
    from pathlib import Path

    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for number in numbers:
        signal.alarm(seconds)
        began = time.perf_counter()
        answer = judge(number)
        took = time.perf_counter() - began
        signal.alarm(0)
        status = Path("/proc/self/status").read_text(encoding="ascii")
        peak = next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))
        answers.send((answer, int(peak) // 1024, took))
