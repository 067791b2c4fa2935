"""How soon a click shows: handed to the resident helper's warm process, against a process started for it.

Run with ``run bench click [--times 15] [--json]``. Both ways run the program's own code up to the click. ``begins`` is
the click's first statement; at ``shown`` it has taken hold of a real LibreOffice and put its words into the status bar,
the first thing a user sees of it; at ``loaded`` everything a board needs is there. The two ways take turns, so that
what else the machine does falls on both.
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from addin.agent import state
from addin.agent.processes import python
from addin.libreoffice import engine

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parent.parent
STAGES = ("begins", "shown", "loaded")
#: The ways in which a click starts, and the milliseconds within which its words are to be seen.
TARGETS = {"with helper": 500, "without": 1500}
#: A click that reports every stage to a port, and its two ways to be started.
CLICK = """
import os, socket, sys
from importlib import import_module
import addin.click
from addin.agent.worker import _DATA, _MODULES

def run(order):
    with socket.create_connection(("127.0.0.1", int(os.environ["BENCH_PORT"]))) as link:
        link.sendall(b"1")
        app = addin.click.attach(addin.click.Caller(**order))
        addin.click.showing.status(app, "...")
        link.sendall(b"2")
        for name in _MODULES:
            try:
                import_module(name)
            except ImportError:
                pass
        for name in _DATA:
            module, function = name.split(":")
            getattr(import_module(module), function)()
        link.sendall(b"3")
    return 0

addin.click.run = run
"""
WORKER = CLICK + "from addin.agent.worker import main\nsys.exit(main())\n"
COLD = CLICK + "from addin.__main__ import main\nsys.exit(main(sys.argv[1:]))\n"
HELPER = "import json, sys; from addin.agent.command import start; start(port=0, worker=json.loads(sys.argv[1]))"


def timed(listening: socket.socket, begin: Callable[[], None]) -> dict[str, float]:
    """Milliseconds from ``begin`` to each stage the click reports."""
    began = time.perf_counter()
    begin()
    found: dict[str, float] = {}
    link, _ = listening.accept()
    with link:
        for stage in STAGES:
            if not link.recv(1):
                raise SystemExit(f"the click ended before it was {stage}")
            found[stage] = (time.perf_counter() - began) * 1000
    return found


def warm(listening: socket.socket, facts: state.Facts, pipe: str) -> dict[str, float]:
    """One click through the helper, once its worker is ready."""
    while not state.ask(facts, "GET", "/status")[1]["warm"]:
        time.sleep(0.05)
    order = {"id": "board", "host": "libreoffice", "book": "", "hwnd": 0, "pipe": pipe}

    def begin() -> None:
        if state.ask(facts, "POST", "/click", order)[0] != 202:
            raise SystemExit("the helper refused the click")

    return timed(listening, begin)


def cold(listening: socket.socket, pipe: str) -> dict[str, float]:
    """One click in a process of its own, as the launchers start it without a helper."""
    words = [sys.executable, "-X", "utf8", "-c", COLD, "click", "board", "--host", "libreoffice", "--pipe", pipe]
    started: list[subprocess.Popen[bytes]] = []
    found = timed(listening, lambda: started.append(subprocess.Popen(words, cwd=ROOT)))
    started[0].wait()
    return found


def measure(times: int) -> dict[str, dict[str, dict[str, float]]]:
    """Medians and 95th percentiles in milliseconds by way and stage, over ``times`` clicks each way."""
    ways: dict[str, list[dict[str, float]]] = {way: [] for way in TARGETS}
    with tempfile.TemporaryDirectory() as home, socket.create_server(("127.0.0.1", 0)) as listening:
        os.environ |= {"TOWERDESK_HOME": home, "BENCH_PORT": str(listening.getsockname()[1])}
        office = engine.start()
        pipe = office.impl.office.pipe
        worker = [*python()[:-1], "-c", WORKER]
        helper = subprocess.Popen([sys.executable, "-X", "utf8", "-c", HELPER, json.dumps(worker)], cwd=ROOT)
        try:
            office.books.add()
            while not (living := state.living()):
                time.sleep(0.05)
            for _ in range(times):
                ways["with helper"].append(warm(listening, living[0], pipe))
                ways["without"].append(cold(listening, pipe))
            state.ask(living[0], "POST", "/quit", {})
            helper.wait(20)
        finally:
            helper.kill()
            helper.wait()
            office.quit()
    return {way: {stage: spread([one[stage] for one in found]) for stage in STAGES} for way, found in ways.items()}


def spread(found: list[float]) -> dict[str, float]:
    """Median and 95th percentile of at least two figures."""
    late = statistics.quantiles(found, n=20, method="inclusive")[-1]
    return {"p50": round(statistics.median(found), 1), "p95": round(late, 1)}


def main() -> None:
    """Measure and print a table or JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=15, help="clicks each way, two or more")
    parser.add_argument("--json", action="store_true", help="print JSON")
    chosen = parser.parse_args()
    found: dict[str, Any] = measure(max(chosen.times, 2))
    if chosen.json:
        print(json.dumps({"times": chosen.times, "target_ms_shown": TARGETS, **found}))
        return
    heads = "".join(f"{stage + ' p50':>12}{'p95':>8}" for stage in STAGES)
    print(f"{f'ms of {chosen.times} clicks':<18}{heads}{'target':>9}")
    for way, target in TARGETS.items():
        figures = "".join(f"{found[way][stage]['p50']:>12}{found[way][stage]['p95']:>8}" for stage in STAGES)
        print(f"{way:<18}{figures}{target:>9}")
    print("target: shown, at the 95th percentile")


if __name__ == "__main__":
    main()
