"""How long a province's roll-up takes: up to 340 cities of 2,000 rows each, against pandas over the same workbooks.

Run with ``run bench rollup [--cities 10 85 340] [--workers 2] [--peer 6] [--json]``. Registers are made first; each
roll-up runs in a process of its own, as a user starts it, and memory is that of all its processes together. The peer
reads the tables it needs with pandas and openpyxl and counts deadlines with numpy's working days, in one process like
ours on the same cities; what both count must agree.
"""

from __future__ import annotations

import argparse
import itertools
import json
import math
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import psutil  # type: ignore[import-untyped]

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.rollup_cities import NOW, ROWS, blank, make

ROOT = Path(__file__).parent.parent
SIZES = (10, 85, 340)
#: The promise for 340 cities of 2,000 rows: seconds and megabytes.
PROMISE = {"cities": 340, "seconds": 120, "megabytes": 2048}
#: Cities made by one task, and how often memory is looked at.
_TOGETHER, _OFTEN = 5, 0.1
#: What the peer reads: workbook, sheet.
TABLES = {
    "demand": ("需求台账", "需求"), "lease": ("租约台账", "租约"), "statement": ("租约台账", "账单"),
    "payment": ("租约台账", "收款"), "fault": ("服务台账", "故障"), "complaint": ("服务台账", "投诉"),
    "visit": ("客户台账", "拜访"), "customer": ("客户台账", "客户"),
}


def build(home: Path, cities: int) -> float:
    """Registers of so many cities below ``home``; the seconds it took."""
    begun = time.perf_counter()
    pattern = blank(home.parent / "样板")
    parts = [range(first, min(first + _TOGETHER, cities + 1)) for first in range(1, cities + 1, _TOGETHER)]
    home.mkdir()
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        rows = sum(pool.map(make, [pattern] * len(parts), [home] * len(parts), parts))
    if rows != cities * sum(ROWS.values()):
        raise SystemExit(f"{rows} rows were made")
    return time.perf_counter() - begun


def rolled(folders: list[Path], out: Path, workers: int) -> dict[str, Any]:
    """One roll-up in a process of its own: seconds, processor seconds, the most memory of all its processes."""
    words = [
        sys.executable, "-m", "macros.cli", "rollup", *map(str, folders), "--out", str(out), "--now", NOW.isoformat(),
        "--workers", str(workers), "--json",
    ]
    begun, peak = time.perf_counter(), 0.0
    with (out.parent / f"{out.name}.json").open("wb") as told:
        process = subprocess.Popen(words, cwd=ROOT, stdout=told)
        watched = psutil.Process(process.pid)
        while (used := _used(process)) is None:
            peak = max(peak, _memory(watched))
            time.sleep(_OFTEN)
        seconds = time.perf_counter() - begun
    return {
        "cities": len(folders), "workers": workers, "wall_s": round(seconds, 2), "cpu_s": round(used, 2),
        "peak_mb": round(peak / 1e6), "workbook_mb": round((out / "全省汇总.xlsx").stat().st_size / 1e6, 2),
        "said": json.loads((out.parent / f"{out.name}.json").read_bytes()),
    }


def _used(process: subprocess.Popen[bytes]) -> float | None:
    """The processor time of a process with its workers once it is over, None before."""
    found, status, used = os.wait4(process.pid, os.WNOHANG)
    if not found:
        return None
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        raise SystemExit(f"rollup failed with status {process.returncode}")
    return used.ru_utime + used.ru_stime


def _memory(watched: psutil.Process) -> float:
    """Resident bytes of a process and all below it; pages they share count for each."""
    try:
        return float(sum(one.memory_info().rss for one in (watched, *watched.children(recursive=True))))
    except psutil.Error:
        return 0.0


def peer(folders: list[Path]) -> dict[str, Any]:
    """The plain way: read the tables with pandas, count, add up; processor seconds and the counts."""
    import numpy as np
    import pandas as pd

    begun = time.process_time()
    sums = dict.fromkeys(("demands", "faults", "complaints", "visits", "leases", "reply_met", "collected"), 0.0)
    today = np.datetime64(NOW.date())
    for folder in folders:
        read: dict[str, Any] = {}
        for file in dict.fromkeys(file for file, _ in TABLES.values()):
            sheets = [sheet for one, sheet in TABLES.values() if one == file]
            read |= pd.read_excel(folder / f"{file}.xlsx", sheet_name=sheets, engine="openpyxl", dtype=object)
        table = {name: read[sheet] for name, (_, sheet) in TABLES.items()}
        for name in ("demand", "fault", "complaint", "visit"):
            sums[f"{name}s"] += len(table[name])
        starts, ends = (pd.to_datetime(table["lease"][name]) for name in ("服务开始日期", "服务结束日期"))
        sums["leases"] += int(((starts <= today) & ~(ends < today)).sum())
        stages = table["demand"][["需求提出时间", "需求收集表签署日期", "筛查方案确认表签署日期", "订单确认表签署日期"]]
        for first, second in itertools.pairwise(stages.columns):
            known = stages[[first, second]].dropna()
            days = [pd.to_datetime(known[name]).to_numpy().astype("datetime64[D]") for name in known.columns]
            np.busday_count(days[0], days[1])
        fault = table["fault"].merge(table["customer"][["客户名称", "服务等级"]], on="客户名称", suffixes=("", "客户"))
        limit = pd.to_timedelta(fault["服务等级客户"].map({"VIP": 30, "标准": 60}).astype(float), unit="m")
        waited = pd.to_datetime(fault["首次反馈时间"]) - pd.to_datetime(fault["申告时间"])
        sums["reply_met"] += int((waited <= limit).sum())
        sums["collected"] += float(table["payment"]["收款金额（元）"].astype(float).sum())
    return {"cpu_s": time.process_time() - begun, "sums": sums}


def compared(folders: list[Path], home: Path) -> dict[str, Any]:
    """Ours and the peer over the same cities, one process each; what both count must agree."""
    ours, theirs = rolled(folders, home / "ours", 1), peer(folders)
    whole = ours["said"]["province"]["sums"]
    for name, mine in (
        ("demands", "demands"), ("faults", "faults"), ("complaints", "complaints"), ("leases", "leases"),
        ("reply_met", "fault.reply.met"), ("collected", "received"), ("visits", "visits"),
    ):
        if abs(float(whole[mine]) - theirs["sums"][name]) > 0.005:
            raise SystemExit(f"{name}: {whole[mine]} here, {theirs['sums'][name]} there")
    return {
        "cities": len(folders), "ours_cpu_s": ours["cpu_s"], "peer_cpu_s": round(theirs["cpu_s"], 2),
        "ratio": round(theirs["cpu_s"] / ours["cpu_s"], 1),
    }


def main() -> bool:
    """Measure every size and print; whether the promise is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cities", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--peer", type=int, default=6, help="cities the peer rolls up, 0 for none")
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        home = Path(temporary)
        made = build(home / "各市", max(chosen.cities))
        folders = sorted((home / "各市").iterdir())
        results = [rolled(folders[:size], home / f"out{size}", chosen.workers) for size in sorted(chosen.cities)]
        beside = compared(folders[: chosen.peer], home) if chosen.peer else None
    for one in results:
        one.pop("said")
    grown = {
        name: [
            round(math.log(b[name] / a[name]) / math.log(b["cities"] / a["cities"]), 2)
            for a, b in itertools.pairwise(results)
        ] for name in ("cpu_s", "peak_mb")
    }
    last = results[-1]
    kept = (
        last["wall_s"] < PROMISE["seconds"] and last["peak_mb"] < PROMISE["megabytes"]
        if last["cities"] >= PROMISE["cities"] else None
    )
    if chosen.json:
        print(json.dumps({
            "made_s": round(made, 1), "sizes": results, "growth": grown, "peer": beside, "promise": PROMISE,
            "kept": kept,
        }, ensure_ascii=False))
        return kept is False
    print(f"{'cities':>7}{'wall s':>9}{'CPU s':>9}{'peak MB':>9}{'workbook MB':>13}   ({chosen.workers} workers)")
    for one in results:
        print(f"{one['cities']:>7}{one['wall_s']:>9}{one['cpu_s']:>9}{one['peak_mb']:>9}{one['workbook_mb']:>13}")
    print(f"growth exponents: CPU {grown['cpu_s']}, memory {grown['peak_mb']}; registers made in {made:.0f} s")
    if beside:
        print(
            f"pandas over {beside['cities']} of these cities: {beside['peer_cpu_s']} CPU s, "
            f"ours {beside['ours_cpu_s']} with all clocks and checks: {beside['ratio']} times"
        )
    if kept is not None:
        told = "kept" if kept else "NOT kept"
        print(f"{PROMISE['cities']} cities under {PROMISE['seconds']} s and {PROMISE['megabytes']} MB: {told}")
    return kept is False


if __name__ == "__main__":
    sys.exit(main())
