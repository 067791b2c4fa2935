"""Whether the bill agrees with a slow oracle on random leases: every item of every lease, every statement and its tax.

Run with ``run bench agreement [--leases 1000000] [--cores 1] [--seed 0] [--json]``. Months, price rules and leases are
random, many ending or beginning inside the month; the oracle walks over every single day with fractions and shares no
code with the program (`tests/billing_oracle.py`). The tests compare a few hundred leases in the same way.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import random
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.billing_random import difference, world

LEASES = 1_000_000
#: Leases of one random month.
EACH = 2_000


def month(name: str) -> tuple[int, str]:
    """How many leases a random month has, and the first thing in which the two differ; empty where they agree."""
    given = world(random.Random(name), EACH)
    return len(given.leases), difference(given)


def main() -> int:
    """Compare month by month until so many leases are done; fails when any month differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--leases", type=int, default=LEASES)
    parser.add_argument("--cores", type=int, default=1)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    names = [f"{chosen.seed}/{number * EACH}" for number in range(-(-chosen.leases // EACH))]
    start, leases, differing = time.perf_counter(), 0, 0
    with multiprocessing.get_context("spawn").Pool(chosen.cores) as pool:
        for count, said in pool.imap(month, names):
            leases += count
            differing += bool(said)
            if said:
                print(said, file=sys.stderr)
    made = {
        "months": len(names), "leases": leases, "months_that_differ": differing,
        "seconds": round(time.perf_counter() - start, 1), "cores": chosen.cores, "seed": chosen.seed,
    }
    if chosen.json:
        print(json.dumps(made))
    else:
        print(f"{len(names):,} 个月 months  {leases:,} 份 leases  不一致 differ {differing}  {made['seconds']} 秒 s")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
