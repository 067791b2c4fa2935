"""How soon a click's work begins: handed to the resident helper's warm process, against a process started for it.

Run with ``run bench click [--times 15] [--json]``. Both ways run the program's own code up to the click, which here
only tells the time; ``begins`` is its first statement, ``loaded`` the moment at which everything a board needs is
there. The two take turns, so that what else the machine does falls on both.
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
from typing import TYPE_CHECKING

from addin.agent import state
from addin.agent.processes import python

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parent.parent
STAGES = ("begins", "loaded")
#: A click that reports twice to the port in its workbook's name, and its two ways to be started.
CLICK = """
import socket, sys
from importlib import import_module
import addin.click
from addin.agent.worker import _DATA, _MODULES

def run(order):
    with socket.create_connection(("127.0.0.1", int(order["book"]))) as link:
        link.sendall(b"1")
        for name in _MODULES:
            try:
                import_module(name)
            except ImportError:
                pass
        for name in _DATA:
            module, function = name.split(":")
            getattr(import_module(module), function)()
        link.sendall(b"2")
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
            link.recv(1)
            found[stage] = (time.perf_counter() - began) * 1000
    return found


def warm(listening: socket.socket, facts: state.Facts) -> dict[str, float]:
    """One click through the helper, once its worker is ready."""
    while not state.ask(facts, "GET", "/status")[1]["warm"]:
        time.sleep(0.05)
    order = {"id": "board", "host": "", "book": str(listening.getsockname()[1]), "hwnd": 0, "pipe": ""}

    def begin() -> None:
        if state.ask(facts, "POST", "/click", order)[0] != 202:
            raise SystemExit("the helper refused the click")

    return timed(listening, begin)


def cold(listening: socket.socket) -> dict[str, float]:
    """One click in a process of its own, as the launchers start it without a helper."""
    words = [sys.executable, "-X", "utf8", "-c", COLD, "click", "board", "--book", str(listening.getsockname()[1])]
    started: list[subprocess.Popen[bytes]] = []
    found = timed(listening, lambda: started.append(subprocess.Popen(words, cwd=ROOT)))
    started[0].wait()
    return found


def measure(times: int) -> dict[str, dict[str, float]]:
    """Medians in milliseconds by way and stage, and how many times sooner the warm one is."""
    ways: dict[str, list[dict[str, float]]] = {"warm": [], "cold": []}
    with tempfile.TemporaryDirectory() as home, socket.create_server(("127.0.0.1", 0)) as listening:
        os.environ["TOWERDESK_HOME"] = home
        worker = [*python()[:-1], "-c", WORKER]
        helper = subprocess.Popen([sys.executable, "-X", "utf8", "-c", HELPER, json.dumps(worker)], cwd=ROOT)
        try:
            while not (living := state.living()):
                time.sleep(0.05)
            for _ in range(times):
                ways["warm"].append(warm(listening, living[0]))
                ways["cold"].append(cold(listening))
            state.ask(living[0], "POST", "/quit", {})
            helper.wait(20)
        finally:
            helper.kill()
            helper.wait()
    found = {
        way: {stage: round(statistics.median(one[stage] for one in measured), 1) for stage in STAGES}
        for way, measured in ways.items()
    }
    return found | {"ratio": {stage: round(found["cold"][stage] / found["warm"][stage], 1) for stage in STAGES}}


def main() -> None:
    """Measure and print a table or JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=15, help="clicks each way")
    parser.add_argument("--json", action="store_true", help="print JSON")
    chosen = parser.parse_args()
    found = measure(chosen.times)
    if chosen.json:
        print(json.dumps({"times": chosen.times, **found}))
        return
    print(f"{'median of ' + str(chosen.times):<16}" + "".join(f"{stage + ' ms':>12}" for stage in STAGES))
    for way in ("warm", "cold"):
        print(f"{way:<16}" + "".join(f"{found[way][stage]:>12}" for stage in STAGES))
    print(f"{'times sooner':<16}" + "".join(f"{found['ratio'][stage]:>12}" for stage in STAGES))


if __name__ == "__main__":
    main()
