"""A save killed at the entry and at the exit of each of its system calls, one after the other.

The save runs in a traced process of its own that is stopped at each call (ptrace), so no moment is left out and every
run is the same.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections import Counter
from typing import TYPE_CHECKING

from benchmarks.proofs.registers import edit, forked, victim

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.proofs import Figures, Scale

ROWS = 40
_TRACE_ME, _CALL, _OPTIONS = 0, 24, 0x4200
_GOOD_STOPS, _EXIT_KILL = 1, 1 << 20
_AT_CALL = signal.SIGTRAP | 0x80


def measure(scale: Scale) -> Figures:
    """Kill at stop 1, 2, 3 … until a run comes to its end; ``count`` kills at most, then spread over all stops."""
    if sys.platform != "linux":
        return {"held": True, "left_out": "needs Linux"}
    sums = Counter[str]()
    with victim(ROWS) as one:
        stops = stopped_at(one.path, 0)
        assert one.state() == "new"
        step = max(1, stops // scale.count)
        for number in range(1, stops + 1, step):
            one.restore()
            met = stopped_at(one.path, number)
            sums["kills"] += met == number
            state = one.state()
            sums[state] += 1
            if state == "old":
                edit(one.path)
            sums["not mended"] += one.state() != "new"
            sums["strays left"] += bool(state == "old" and one.strays())
    return {
        "stops": stops, "kills": sums["kills"], "old": sums["old"], "new": sums["new"], "lost": sums["lost"],
        "not_mended": sums["not mended"], "strays_left": sums["strays left"],
        "held": not sums["lost"] + sums["not mended"] + sums["strays left"],
    }


def stopped_at(path: Path, number: int) -> int:
    """Run the save and kill it at its ``number``-th stop; how many stops there were until then."""
    trace = ctypes.CDLL(None, use_errno=True).ptrace
    trace.argtypes = (ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p)

    def work() -> None:
        trace(_TRACE_ME, 0, None, None)
        os.kill(os.getpid(), signal.SIGSTOP)
        edit(path)

    pid = forked(work)
    os.waitpid(pid, 0)
    if trace(_OPTIONS, pid, None, _GOOD_STOPS | _EXIT_KILL):
        raise OSError(ctypes.get_errno(), "a process cannot be traced here")
    stops = passed_on = 0
    while True:
        trace(_CALL, pid, None, passed_on or None)
        _, status = os.waitpid(pid, 0)
        if not os.WIFSTOPPED(status):
            if number == 0 and status:
                raise RuntimeError(f"the save ended with {status}")
            return stops
        met = os.WSTOPSIG(status)
        passed_on = 0 if met == _AT_CALL else met
        stops += met == _AT_CALL
        if stops == number:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            return stops
