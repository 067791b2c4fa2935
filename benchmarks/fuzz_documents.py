"""Random templates and hostile values in bulk: whether our papers are docxtpl's, part by part in canonical XML.

Run with ``run bench fuzz_documents [10000] [--from 0] [--processes 2] [--json]``. The tests compare the first 150 of
the same templates. Prints each one that differs with its number, which ``run python -m tests.papers_random NUMBER``
writes to a file.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import random
import sys
import time
import traceback
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests import papers_random
from tests.papers_oracle import Verdict, verdict

#: Contexts for each template.
EACH = 1


def judged(seed: int) -> list[tuple[int, Verdict]]:
    """What became of one template with each of its contexts; a fault of either engine is told as one."""
    template, torn = papers_random.template(seed)
    found = []
    for number in range(EACH):
        context = papers_random.context(random.Random(seed + 1_000_000 * (number + 1)))
        try:
            found.append((seed, verdict(template, papers_random.FIELDS, context, torn=torn)))
        except Exception:
            last = traceback.format_exc().strip().splitlines()
            found.append((seed, Verdict("fault", " | ".join(last[-3:])[:300])))
    return found


def main() -> int:
    """Compare and print; fails when any paper differs or any engine fails."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("templates", type=int, nargs="?", default=1_000)
    parser.add_argument("--from", dest="first", type=int, default=0)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    start, ways, outcomes = time.perf_counter(), Counter[str](), Counter[str]()
    wrong: list[str] = []
    with multiprocessing.get_context("spawn").Pool(chosen.processes) as pool:
        seeds = range(chosen.first, chosen.first + chosen.templates)
        for number, found in enumerate(pool.imap_unordered(judged, seeds, 20), 1):
            ways[found[0][1].way] += 1
            for seed, each in found:
                known = each.outcome == "equal" or each.outcome.startswith(("DOC", "TPL"))
                outcomes[each.outcome if known else each.way] += 1
                if not known:
                    wrong.append(f"{seed}: {each.way}: {each.outcome}")
                    print(wrong[-1], file=sys.stderr, flush=True)
            if number % 500 == 0:
                print(f"… {number}  {dict(outcomes)}", file=sys.stderr, flush=True)
    made = {
        "templates": chosen.templates, "papers": chosen.templates * EACH, "ways": dict(ways),
        "outcomes": dict(outcomes), "different": len(wrong), "seconds": round(time.perf_counter() - start),
    }
    print(json.dumps(made | {"wrong": wrong}, ensure_ascii=False) if chosen.json else made)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
