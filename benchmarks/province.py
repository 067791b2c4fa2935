"""How long a province's month takes: 100,000 leases of 60 customers billed, every statement and list written.

Run with ``run bench province [--leases 100000] [--customers 60] [--workers 2] [--json]``. The register is a folder of
workbooks as any other; the time begins before it is read. The month is a dry run, which writes what an issue writes.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.billing_leases import MONTH, OPERATORS, leases
from macros.choices import choices
from macros.commands.bill.command import bill
from macros.commands.setup import init
from macros.commands.shelf import Shelf
from macros.forms import forms


def build(folder: Path, count: int, customers: int) -> None:
    """A register of made-up leases, each site's operators by the branch of its neighbourhood."""
    known = choices()["operator"]
    names = [f"{operator}{branch:02d}分公司" for branch in range(customers // len(OPERATORS)) for operator in OPERATORS]
    known.update({name: name for name in names})
    init(folder, "澜江")
    shelf = Shelf(folder)
    register = shelf.register()
    chosen = {"公司名称": "澜江铁塔公司", "收款账户": "澜江市商业银行 0000 0000 0000"}
    shelf.update((row, {"chosen": chosen[row.key]}) for row in register.rows("assumption") if row.key in chosen)
    form = forms()["lease"]
    operator, site = form.index["operator"], form.index["site_code"]
    rows = []
    for lease in leases(count):
        values = list(lease.values)
        branch = int(str(values[site])) % (customers // len(OPERATORS))
        values[operator] = f"{values[operator]}{branch:02d}分公司"
        rows.append(values)
    shelf.append(form, rows)
    shelf.save()


def measure(count: int, customers: int, workers: int) -> dict[str, Any]:
    """One month in a register of its own."""
    import resource

    with tempfile.TemporaryDirectory() as home:
        folder = Path(home) / "台账"
        build(folder, count, customers)
        begun, used = time.perf_counter(), time.process_time()
        made = bill(MONTH, folder, now="2026-11-03T09:00", dry_run=True, workers=workers).data
        seconds, cpu = time.perf_counter() - begun, time.process_time() - used
    own, helpers = (resource.getrusage(of) for of in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return {
        "leases": count, "statements": len(made["statements"]), "lines": made["control"]["lines_out"],
        "documents": len(made["documents"]), "workbooks": len(made["workbooks"]), "workers": workers,
        "seconds": seconds, "cpu_seconds": cpu, "workers_cpu_seconds": helpers.ru_utime + helpers.ru_stime,
        "peak_mb": own.ru_maxrss / 1024,
    }


def main() -> int:
    """Measure and print; fails when a statement is missing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--leases", type=int, default=100_000)
    parser.add_argument("--customers", type=int, default=60)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    made = measure(chosen.leases, chosen.customers, chosen.workers)
    if chosen.json:
        print(json.dumps(made))
    else:
        print(
            f"租约 leases {made['leases']:,}，账单 statements {made['statements']}，单据 papers {made['documents']}，"
            f"工作簿 workbooks {made['workbooks']}，进程 processes {made['workers']}：{made['seconds']:.1f} 秒 s"
            f"（CPU {made['cpu_seconds']:.1f} + {made['workers_cpu_seconds']:.1f}，峰值 peak {made['peak_mb']:.0f} MB）"
        )
    return 0 if made["statements"] == chosen.customers else 1


if __name__ == "__main__":
    sys.exit(main())
