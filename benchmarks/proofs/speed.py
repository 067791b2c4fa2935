"""Three cells of a large register: our save against openpyxl's loading and saving, in one run.

CPU seconds and peak memory, each in a process of its own; the median of three runs of ours. In full a register of a
million rows by ten columns is edited too, for its memory.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.workbooks import SHEET, make

if TYPE_CHECKING:
    from benchmarks.proofs import Figures, Scale

ROOT = Path(__file__).parents[2]
#: The promises: so many times less CPU, so much less memory, megabytes for a million rows.
CPU_TIMES, MEMORY_TIMES, MILLION_MEGABYTES = 60, 10, 300
MILLION = 1_000_000

_OURS = """
from macros.hosts.files import FileBook
book = FileBook(path)
book.update(sheet, {(2, 4): "改", (rows // 2, 5): "改", (rows, 6): 3})
book.save()
"""
_PEER = """
import openpyxl
book = openpyxl.load_workbook(path)
sheet = book[sheet]
sheet.cell(2, 4, "改")
sheet.cell(rows // 2, 5, "改")
sheet.cell(rows, 6, 3)
book.save(path)
"""
_FRAME = """
import json, sys, time
from pathlib import Path
path, sheet, rows = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
{work}
peak = next(line.split()[1] for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
print(json.dumps([time.process_time(), int(peak) // 1024]))
"""


def measure(scale: Scale) -> Figures:
    """Edit with both and compare; the promise holds at the full size only."""
    with tempfile.TemporaryDirectory() as home:
        source = Path(home) / "register.xlsx"
        make(source, scale.count)
        runs = [_timed(_OURS, source, scale.count) for _ in range(1 if scale.quick else 3)]
        ours = statistics.median(cpu for cpu, _ in runs), max(memory for _, memory in runs)
        peer = _timed(_PEER, source, scale.count)
        million = None
        if not scale.quick:
            large = Path(home) / "million.xlsx"
            _million(large)
            million = _timed(_OURS, large, MILLION)
    cpu, memory = peer[0] / ours[0], peer[1] / ours[1]
    full = scale.count >= 100_000
    return {
        "rows": scale.count, "cpu_seconds": {"towerdesk": round(ours[0], 2), "openpyxl": round(peer[0], 2)},
        "megabytes": {"towerdesk": ours[1], "openpyxl": peer[1]}, "cpu_ratio": round(cpu, 1),
        "memory_ratio": round(memory, 1),
        **({"million_rows": {"cpu_seconds": round(million[0], 2), "megabytes": million[1]}} if million else {}),
        "held": not full or (
            cpu >= CPU_TIMES and memory >= MEMORY_TIMES and (million is None or million[1] < MILLION_MEGABYTES)
        ),
    }


def _timed(work: str, source: Path, rows: int) -> tuple[float, int]:
    """CPU seconds of a whole process, start and imports included, and its peak memory in megabytes."""
    copy = Path(shutil.copy(source, source.with_name("copy.xlsx")))
    done = subprocess.run(
        [sys.executable, "-c", _FRAME.replace("{work}", work), str(copy), SHEET, str(rows)], cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True,
    )
    cpu, memory = json.loads(done.stdout)
    return cpu, memory


def _million(path: Path) -> None:
    """A million rows by ten columns, written by appending to a register of a few."""
    from macros.hosts.files import FileBook

    make(path, 10)
    book = FileBook(path)
    book.append(SHEET, ([f"XQ-{row:07d}", f"客户{row % 500}", *range(row, row + 8)] for row in range(MILLION - 10)))
    book.save()
