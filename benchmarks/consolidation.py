"""Times consolidation of demands against existing sites, and against the loop one would write first, in one run.

Usage: python benchmarks/consolidation.py [--json]

Every size runs in a process of its own, so that its peak memory is its own. The loop works out distances to all sites
for one demand at a time with pandas; it runs on a sample of the demands and is scaled to all of them.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent))

from macros.consolidation.decided import decide
from macros.consolidation.demands import Demand
from macros.consolidation.proposal import Proposal, propose
from macros.sites.towers import Towers
from macros.sites.words import limits

SIZES = ((1_000, 20_000), (1_000, 200_000), (1_000, 2_000_000), (3_000, 200_000), (10_000, 20_000),
         (10_000, 200_000), (10_000, 2_000_000))
#: The map: a province of 400 × 400 km; half of all points stand in towns some kilometres wide.
WEST, SOUTH, SIDE, TOWNS, TOWN = 110.0, 30.0, 4.0, 300, 0.03
OPERATORS = ("移动", "联通", "电信")
SAMPLE = 20
LIMITS = limits(dt.date(2026, 11, 21))


def points(dice: np.random.Generator, count: int, towns: Any) -> tuple[Any, Any]:
    """Places: half anywhere, half in towns."""
    east, north = WEST + dice.random(count) * SIDE, SOUTH + dice.random(count) * SIDE
    chosen, inside = dice.integers(0, TOWNS, count), dice.random(count) < 0.5
    east = np.where(inside, towns[0][chosen] + dice.normal(0, TOWN, count), east)
    return east, np.where(inside, towns[1][chosen] + dice.normal(0, TOWN, count), north)


def made(demands: int, sites: int) -> tuple[list[Demand], Towers]:
    """Demands and sites of the given numbers, the same in every run."""
    dice = np.random.default_rng(20261121)
    towns = WEST + dice.random(TOWNS) * SIDE, SOUTH + dice.random(TOWNS) * SIDE
    east, north = points(dice, sites, towns)
    kinds = [frozenset(name for bit, name in enumerate(OPERATORS) if kind >> bit & 1) for kind in range(8)]
    tenants = [kinds[kind] for kind in dice.integers(1, 8, sites).tolist()]
    codes = [f"{number:018}" for number in range(sites)]
    wanted_east, wanted_north = points(dice, demands, towns)
    radius, operator = dice.choice([100.0, 150.0, 200.0, 300.0], demands), dice.integers(0, 3, demands)
    held = [
        Demand(f"XQ-{number:06}", OPERATORS[operator[number]], float(wanted_east[number]), float(wanted_north[number]),
               float(radius[number])) for number in range(demands)
    ]
    return sorted(held, key=lambda each: (each.longitude, each.latitude)), Towers(codes, codes, east, north, tenants)


def worked_out(held: list[Demand], there: Towers) -> Proposal:
    """Everything from columns to labels."""
    decided, _ = decide(held, there, LIMITS)
    return propose(held, there, decided, LIMITS)


def one(demands: int, sites: int) -> dict[str, Any]:
    """Seconds and memory of one size; the memory of the data themselves is told apart."""
    held, there = made(demands, sites)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    start, cpu = time.perf_counter(), time.process_time()
    found = worked_out(held, there)
    seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    labels = [placed.label for placed in found.placed]
    return {
        "demands": demands, "sites": sites, "seconds": round(seconds, 3), "cpu_seconds": round(cpu, 3),
        "peak_mb": round(peak), "data_mb": round(before), "in_reach": sum(map(len, found.reach.inside.values())),
        "labels": {label: labels.count(label) for label in sorted(set(labels))}, "unproven": len(found.unproven),
    }


def by_loop(held: list[Demand], there: Towers, sample: int) -> tuple[float, int]:
    """The loop one would write first: seconds scaled to all demands, and how many of the sample get a tower."""
    import pandas as pd

    sites = pd.DataFrame({"east": there.longitude, "north": there.latitude, "tenants": list(there.tenants)})
    others = pd.DataFrame({
        "east": [each.longitude for each in held], "north": [each.latitude for each in held],
        "operator": [each.operator for each in held], "offset": [each.offset for each in held],
    })

    def metres(table: Any, demand: Demand) -> Any:
        north, to_north = np.radians(table["north"]), np.radians(demand.latitude)
        half = np.sin((to_north - north) / 2) ** 2
        half += np.cos(north) * np.cos(to_north) * np.sin(np.radians(demand.longitude - table["east"]) / 2) ** 2
        return 2 * 6371008.8 * np.arcsin(np.sqrt(half))

    towers, start = 0, time.perf_counter()
    chosen = held[:: max(len(held) // sample, 1)][:sample]
    for demand in chosen:
        far = metres(sites, demand)
        near = sites[far <= demand.offset]
        fits = [demand.operator not in tenants and len(tenants) < LIMITS.tenants for tenants in near["tenants"]]
        if any(fits):
            towers += 1
            continue
        far = metres(others, demand)
        others[(far <= others["offset"] + demand.offset) & (others["operator"] != demand.operator)]
    return (time.perf_counter() - start) / len(chosen) * len(held), towers


def measure() -> dict[str, Any]:
    """All sizes, the growth, and the loop on the largest."""
    sizes = [
        json.loads(subprocess.run(
            [sys.executable, __file__, "--one", str(demands), str(sites)], check=True, capture_output=True, text=True,
        ).stdout) for demands, sites in SIZES
    ]
    held, there = made(*SIZES[-1])
    loop, _ = by_loop(held, there, SAMPLE)
    start = time.perf_counter()
    worked_out(held, there)
    ours = time.perf_counter() - start
    return {
        "sizes": sizes, "loop_seconds_scaled": round(loop, 1), "loop_sample": SAMPLE, "ours_seconds": round(ours, 2),
        "ratio_to_loop": round(loop / ours, 1),
    }


def main() -> None:
    """Print a table, or JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--one", nargs=2, type=int, metavar=("DEMANDS", "SITES"))
    options = parser.parse_args()
    if options.one:
        print(json.dumps(one(*options.one), ensure_ascii=False))
        return
    found = measure()
    if options.json:
        print(json.dumps(found, ensure_ascii=False, indent=1))
        return
    print(f"{'demands':>8}{'sites':>11}{'seconds':>9}{'cpu':>8}{'peak MB':>9}{'data MB':>9}{'in reach':>10}  labels")
    for row in found["sizes"]:
        print(
            f"{row['demands']:>8,}{row['sites']:>11,}{row['seconds']:>9.2f}{row['cpu_seconds']:>8.2f}"
            f"{row['peak_mb']:>9,}{row['data_mb']:>9,}{row['in_reach']:>10,}  {row['labels']}"
            f" unproven {row['unproven']}"
        )
    print(
        f"loop with pandas at the largest size: {found['loop_seconds_scaled']:,} s (scaled from {found['loop_sample']} "
        f"demands); ours {found['ours_seconds']} s; {found['ratio_to_loop']} times as fast"
    )


if __name__ == "__main__":
    main()
