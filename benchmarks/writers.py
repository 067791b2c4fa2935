"""Two programs raise the same number in one register at the same time: no raise may be lost, each is in the trail.

Run with ``run bench writers [--updates 1000] [--json]``. Each program is a process of its own; it reads the cell,
adds one, and saves as every command does. Who is told that another was faster reads again.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from macros import cli
from macros.commands.setup import init
from macros.commands.shelf import Shelf
from macros.forms import forms

ROOT = Path(__file__).parent.parent
CUSTOMER = "移动甲县"
#: What a writer is told who must read again: another is writing, or has written.
AGAIN = {"WBK031", "WBK033"}


def build(folder: Path) -> None:
    """A register with one customer, whose address is the number to be raised."""
    init(folder)
    form = forms()["customer"]
    shelf = Shelf(folder)
    told = {"customer_name": CUSTOMER, "address": "0"}
    shelf.append(form, [[told.get(column.name) for column in form.columns]])
    shelf.save()


def raise_once(folder: Path) -> int:
    """Add one to the number; how often another was faster."""
    tries = 0
    while True:
        shelf = Shelf(folder)
        record = shelf.on_demand().rows("customer")[0]
        shelf.update([(record, {"address": str(int(record.text("address")) + 1)})])
        codes = {said.code for said in shelf.save()}
        if not codes:
            return tries
        if not codes <= AGAIN:
            raise SystemExit(f"refused: {codes}")
        tries += 1


def write(folder: Path, updates: int) -> None:
    """One writer; prints how often another was faster."""
    print(sum(raise_once(folder) for _ in range(updates)))


def measure(updates: int, writers: int = 2) -> dict[str, Any]:
    """Let them write, then count what is there and what the trail tells."""
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home) / "台账"
        build(folder)
        begun = time.perf_counter()
        words = [sys.executable, __file__, "--writer", str(folder), "--updates", str(updates)]
        running = [subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(writers)]
        tries = [int(one.communicate()[0] or -1) for one in running]
        seconds = time.perf_counter() - begun
        number = int(Shelf(folder).on_demand().rows("customer")[0].text("address"))
        verified = cli.run("history", {"folder": folder, "verify": True}).data
        changes = cli.run("history", {"folder": folder, "key": CUSTOMER}).data["changes"]
        steps = {(one["old"], one["new"]) for one in changes if one["field"] == "办公地址" and one["kind"] == "cell"}
        size = sum(path.stat().st_size for path in (folder / "留存").rglob("*") if path.is_file())
        shutil.rmtree(folder)
    wanted = writers * updates
    return {
        "updates": wanted, "lost": wanted - number, "again": sum(tries), "seconds": round(seconds, 1),
        "untold": wanted - sum(1 for n in range(wanted) if (str(n), str(n + 1)) in steps),
        "findings": len(verified["findings"]), "kept_bytes": size,
    }


def main() -> int:
    """Write, count, print; fails when anything was lost or is not in the trail."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--updates", type=int, default=1_000)
    parser.add_argument("--writer", type=Path)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    if chosen.writer:
        write(chosen.writer, chosen.updates)
        return 0
    made = measure(chosen.updates)
    if chosen.json:
        print(json.dumps(made))
    else:
        print(
            f"两个程序共改 {made['updates']} 次，丢失 {made['lost']}，"
            f"留痕缺 {made['untold']}，核验问题 {made['findings']}，"
            f"被抢先后重读 {made['again']} 次，用时 {made['seconds']} 秒，留存共 {made['kept_bytes'] / 1e6:.1f} MB"
        )
    return 1 if made["lost"] or made["untold"] or made["findings"] else 0


if __name__ == "__main__":
    sys.exit(main())
