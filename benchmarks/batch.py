"""How long thousands of one-page notices take, from the command to 单据登记簿, and what the parts of it cost.

Run with ``run bench batch [--papers 10000] [--workers 2] [--json]``. A register with a notice for each lease is made
up; the command makes all of annex 3.13 and enters them. The parts are seconds of this process within the whole;
pressing by several processes goes on beside it.
"""

from __future__ import annotations

import argparse
import functools
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.notice_register import NOW, build
from generator import contexts, documents, issuing, journal, template
from macros.commands import batches, forming
from macros.commands.shelf import Shelf

if TYPE_CHECKING:
    from collections.abc import Callable

#: The parts: where the function stands, its name, and what it is called here.
PARTS: tuple[tuple[Any, str, str], ...] = (
    (batches, "plan", "plan"), (contexts, "build", "plan: contexts"), (issuing, "inputs_sha256", "plan: hashes"),
    (journal, "begin", "journal"), (batches, "press", "press"), (template, "render", "press: render"),
    (documents, "settle", "press: flush"), (Shelf, "save", "register"), (batches, "write_list", "list"),
)


def timed(spent: dict[str, float], name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """The function, its seconds added up under a name."""
    @functools.wraps(function)
    def measured(*words: Any, **options: Any) -> Any:
        begun = time.perf_counter()
        try:
            return function(*words, **options)
        finally:
            spent[name] = spent.get(name, 0.0) + time.perf_counter() - begun

    return measured


def measure(papers: int, workers: int) -> dict[str, Any]:
    """One batch in a register of its own."""
    import resource

    spent: dict[str, float] = {}
    for home, name, called in PARTS:
        setattr(home, name, timed(spent, called, getattr(home, name)))
    with tempfile.TemporaryDirectory() as folder:
        register = Path(folder) / "台账"
        build(register, papers)
        spent.clear()
        begun, used = time.perf_counter(), time.process_time()
        made = forming.form("3.13", [], register, every=True, now=NOW, workers=workers)
        seconds, cpu = time.perf_counter() - begun, time.process_time() - used
        size = sum(path.stat().st_size for path in register.rglob("*.docx"))
    helpers = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "papers": len(made.data["documents"]), "workers": workers, "seconds": seconds, "cpu_seconds": cpu,
        "workers_cpu_seconds": helpers.ru_utime + helpers.ru_stime, "megabytes": size / 1e6, "parts": spent,
    }


def main() -> int:
    """Measure and print; fails when a paper is missing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--papers", type=int, default=10_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    made = measure(chosen.papers, chosen.workers)
    if chosen.json:
        print(json.dumps(made))
    else:
        print(
            f"{made['papers']} 份通知 notices，{made['workers']} 个进程 processes：{made['seconds']:.1f} 秒 s"
            f"（CPU {made['cpu_seconds']:.1f} + {made['workers_cpu_seconds']:.1f}），{made['megabytes']:.0f} MB"
        )
        for name, seconds in made["parts"].items():
            print(f"  {name:<18}{seconds:8.2f}")
    return 0 if made["papers"] == chosen.papers else 1


if __name__ == "__main__":
    sys.exit(main())
