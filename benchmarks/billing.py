"""How long the bill of a month lasts for 1,000 to 1,000,000 leases, how time and memory grow, and two other ways.

Run with ``run bench billing [--rows 1000 10000 100000 1000000] [--json]``. The same leases are billed by the program,
by a usual pandas program and by a loop of Decimals, each in a process of its own so that its peak memory is its own;
every lease's amount is compared. The leases are in memory before the clock starts.
"""

from __future__ import annotations

import argparse
import itertools
import json
import math
import multiprocessing
import sys
import time
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.billing_leases import MONTH, leases
from benchmarks.peers_billing import by_decimals, by_pandas
from macros.billing.month import bill
from macros.pricing.parameters import shipped, tariff

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from macros.records import Record

SIZES = (1_000, 10_000, 100_000, 1_000_000)


def by_towerdesk(rows: Sequence[Record], month: str) -> dict[str, Decimal]:
    """Each lease's amount as the program bills it, statements and findings included."""
    made = bill(month, rows, (), tariff(shipped())[0], {})
    RECKONED[:] = [time.perf_counter(), time.process_time(), memory()]
    return {one.lease.key: one.amount for one in made.lines}


WAYS: dict[str, Callable[[Sequence[Record], str], dict[str, Decimal]]] = {
    "towerdesk": by_towerdesk, "pandas": by_pandas, "decimal_loop": by_decimals,
}
#: When the program's bill was ready and what memory it had taken, before its lines are listed for the comparison.
RECKONED: list[float] = []


def memory() -> float:
    """Peak memory of this process in MB; 0 where the system does not tell."""
    try:
        import resource
    except ImportError:
        return 0.0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1024 / 1024 if sys.platform == "darwin" else peak / 1024


def measure(way: str, count: int) -> tuple[dict[str, float], list[tuple[str, str]]]:
    """Seconds, seconds of the processor and memory of one way for one size, and each lease's amount."""
    rows = leases(count)
    ready = memory()
    if way == "pandas":
        import pandas  # noqa: F401  loading it is no part of the month
    start, spent = time.perf_counter(), time.process_time()
    amounts = WAYS[way](rows, MONTH)
    end = RECKONED or [time.perf_counter(), time.process_time(), memory()]
    found = {
        "seconds": end[0] - start, "cpu_seconds": end[1] - spent, "rows_mb": ready, "peak_mb": end[2],
        "lines": len(amounts),
    }
    return found, [(key, str(amount)) for key, amount in amounts.items()]


def alone(way: str, count: int) -> tuple[dict[str, float], list[tuple[str, str]]]:
    """`measure` in a fresh process."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(measure, (way, count))


def compare(count: int) -> dict[str, Any]:
    """All ways for one size: what each took, how many leases differ from ours, and by how much in sum."""
    made: dict[str, Any] = {"leases": count}
    ours: dict[str, str] = {}
    for way in WAYS:
        found, amounts = alone(way, count)
        theirs = dict(amounts)
        ours = ours or theirs
        made[way] = found | {
            "sum": str(sum(map(Decimal, theirs.values()), Decimal(0))),
            "leases_that_differ": sum(ours.get(key) != theirs.get(key) for key in ours.keys() | theirs.keys()),
        }
    for way in WAYS:
        made[way]["ratio"] = made[way]["cpu_seconds"] / made["towerdesk"]["cpu_seconds"]
    return made


def growth(results: list[dict[str, Any]], name: str) -> list[float]:
    """Exponents between neighbouring sizes: 1.0 is linear, 2.0 quadratic."""
    return [
        round(math.log(b["towerdesk"][name] / a["towerdesk"][name]) / math.log(b["leases"] / a["leases"]), 2)
        for a, b in itertools.pairwise(results) if a["towerdesk"][name] > 0
    ]


def table(results: list[dict[str, Any]], grown: dict[str, list[float]]) -> str:
    """The measurement for people, Chinese and English."""
    lines = [f"{'租约 leases':>12}{'方法 way':>16}{'秒 s':>10}{'CPU s':>9}{'峰值 peak MB':>14}{'倍数 ratio':>12}"
             f"{'不一致 differ':>14}  合计 sum"]
    for one in results:
        lines += [
            f"{one['leases']:>14,}{way:>16}{found['seconds']:>11.2f}{found['cpu_seconds']:>9.2f}"
            f"{found['peak_mb']:>14,.0f}{found['ratio']:>12.1f}{found['leases_that_differ']:>14}  {found['sum']}"
            for way, found in ((way, one[way]) for way in WAYS)
        ]
    lines.append("增长指数 growth exponents: " + "  ".join(f"{name} {values}" for name, values in grown.items()))
    return "\n".join(lines)


def main() -> int:
    """Measure every size and print; fails when the exact loop of Decimals gives another amount for any lease."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    results = [compare(count) for count in chosen.rows]
    grown = {name: growth(results, name) for name in ("seconds", "cpu_seconds", "peak_mb")}
    if chosen.json:
        print(json.dumps({"month": MONTH, "sizes": results, "growth": grown}, ensure_ascii=False))
    else:
        print(table(results, grown))
    return 1 if any(one["decimal_loop"]["leases_that_differ"] for one in results) else 0


if __name__ == "__main__":
    sys.exit(main())
