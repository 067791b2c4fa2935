"""Kills batches of papers at random moments and finishes them with --resume: every kill must leave whole papers only.

Run with ``run bench kills [--kills 500] [--papers 150] [--workers 1]``. Each batch is a process of its own that is
killed outright; a batch may be killed several times on its way. When it has come to its end, its folder and
单据登记簿 are compared with those of a batch that nobody disturbed: the same papers, numbers and bytes.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import multiprocessing
import random
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.notice_register import NOW, build
from generator.files import is_whole
from generator.journal import NAME
from macros.commands.forming import form
from macros.commands.shelf import Shelf

#: Kills of one batch at most.
_EACH = 3


def batch(folder: Path, workers: int, resume: bool) -> None:
    """All notices of a register, as the command makes them."""
    form("3.13", [], folder, every=True, now=NOW, workers=workers, resume=resume)


def papers(folder: Path) -> dict[str, str]:
    """Every paper below a register by its name, with its hash."""
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted((folder / "单据").rglob("*.docx"))
    }


def entered(folder: Path) -> list[tuple[str, str, str]]:
    """What 单据登记簿 says: number, file and hash."""
    rows = Shelf(folder).register().rows("document")
    return sorted((row.text("document_no"), row.text("file"), row.text("sha256")) for row in rows)


def run(folder: Path, workers: int, resume: bool, kill: tuple[str, float] | None = None) -> bool:
    """One process, killed so long after its start or its first paper; gives whether it came to its end."""
    process = multiprocessing.get_context("fork").Process(target=batch, args=(folder, workers, resume))
    process.start()
    if kill is not None:
        while kill[0] == "paper" and process.is_alive() and not any((folder / "单据").glob("3.13*/*.docx")):
            time.sleep(0.0005)
        process.join(kill[1])
        process.kill()
    process.join()
    return process.exitcode == 0


def trial(
    blank: Path, wanted: tuple[dict[str, str], Any], seconds: float, workers: int, dice: random.Random,
) -> dict[str, int]:
    """One batch, killed at random moments until it comes to its end; counts what went wrong."""
    told = dict.fromkeys(("kills", "during", "broken", "foreign", "different"), 0)
    with tempfile.TemporaryDirectory() as home:
        folder = Path(shutil.copytree(blank, Path(home) / "台账"))
        ended = False
        while not ended:
            whole = dice.random() < 0.3
            # Most of a process's time goes by before its first paper: kills must not all fall there.
            kill = ("start", dice.uniform(0, seconds)) if whole else ("paper", dice.uniform(0, seconds / 2))
            begun = (folder / "单据" / NAME).exists()
            ended = run(folder, workers, begun, kill if told["kills"] < _EACH else None)
            told["kills"] += not ended
            made = papers(folder)
            told["during"] += not ended and 0 < len(made) < len(wanted[0])
            told["broken"] += sum(not is_whole(path) for path in (folder / "单据").rglob("*.docx"))
            told["foreign"] += sum(wanted[0].get(name) != sha256 for name, sha256 in made.items())
        ended_as = papers(folder), entered(folder)
        left = [path for path in (folder / "单据").rglob("*") if path.name.startswith(".~") or path.name == NAME]
        if ended_as != wanted or left:
            told["different"] += 1
            print(
                f"papers {len(ended_as[0])}, entered {len(ended_as[1])}, left behind {[str(path) for path in left]}",
                file=sys.stderr,
            )
    return told


def measure(kills: int, count: int, workers: int, seed: int = 20261122) -> dict[str, Any]:
    """Batches until so many kills have happened."""
    dice = random.Random(seed)
    sums: dict[str, Any] = {"batches": 0, "papers": count, "workers": workers}
    with tempfile.TemporaryDirectory() as home:
        blank, whole = Path(home) / "空白", Path(home) / "完整"
        build(blank, count)
        shutil.copytree(blank, whole)
        begun = time.perf_counter()
        run(whole, workers, False)
        seconds = time.perf_counter() - begun
        wanted = papers(whole), entered(whole)
        assert len(wanted[0]) == len(wanted[1]) == count
        while sums.get("kills", 0) < kills:
            for name, number in trial(blank, wanted, seconds, workers, dice).items():
                sums[name] = sums.get(name, 0) + number
            sums["batches"] += 1
    return sums


def main() -> int:
    """Kill, finish, compare, print; fails when anything was broken or came out differently."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--papers", type=int, default=150)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    made = measure(chosen.kills, chosen.papers, chosen.workers)
    if chosen.json:
        print(json.dumps(made))
    else:
        print(
            f"{made['batches']} 批各 {made['papers']} 份，强行结束 {made['kills']} 次"
            f"（其中 {made['during']} 次在写单据时）："
            f"残缺文件 {made['broken']}，内容不同 {made['foreign']}，接着做完后与未中断不同 {made['different']} 批"
        )
    return 1 if made["broken"] or made["foreign"] or made["different"] else 0


if __name__ == "__main__":
    sys.exit(main())
