"""Saves killed outright at random moments: the register is always the old one or the new one, to the byte."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import time
from collections import Counter
from typing import TYPE_CHECKING

from benchmarks.proofs.registers import edit, forked, victim

if TYPE_CHECKING:
    from benchmarks.proofs import Figures, Scale

ROWS = 2_000


def measure(scale: Scale) -> Figures:
    """Kill until so many kills met a save; after each the edit is made again and must come to the same file."""
    share = -(-scale.count // scale.processes)
    jobs = [(share, scale.seed + number) for number in range(scale.processes)]
    with multiprocessing.get_context("spawn").Pool(scale.processes) as pool:
        sums = sum(pool.starmap(killed, jobs), Counter[str]())
    return {
        "kills": sums["kills"], "old": sums["old"], "new": sums["new"], "lost": sums["lost"],
        "finished_before": sums["finished"], "not_mended": sums["not mended"], "strays_found": sums["strays"],
        "strays_left": sums["strays left"], "held": not sums["lost"] + sums["not mended"] + sums["strays left"],
    }


def killed(count: int, seed: int) -> Counter[str]:
    """One process's share."""
    dice, sums = random.Random(seed), Counter[str]()
    with victim(ROWS) as one:
        while sums["kills"] < count:
            one.restore()
            pid = forked(lambda: edit(one.path))
            time.sleep(dice.uniform(0, one.seconds * 1.1))
            os.kill(pid, signal.SIGKILL)
            _, status = os.waitpid(pid, 0)
            if not os.WIFSIGNALED(status):
                sums["finished"] += 1
                continue
            sums["kills"] += 1
            state = one.state()
            sums[state] += 1
            sums["strays"] += len(one.strays())
            if state == "old":
                edit(one.path)  # takes the dead writer's lock over
            sums["not mended"] += one.state() != "new"
            sums["strays left"] += bool(state == "old" and one.strays())
    return sums
