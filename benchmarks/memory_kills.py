"""Kills copying, restoring and saving of a register at random moments: no register may be lost, nor what it remembers.

Run with ``run bench memory_kills [--kills 200] [--json]``. After each kill every workbook must be whole, as it was or
as it was to be; the next restoring must give back every byte of the copy; and the memory must verify without a word.
"""

from __future__ import annotations

import argparse
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

from macros import cli
from macros.commands.setup import init
from macros.commands.shelf import Shelf
from macros.forms import forms
from macros.hosts.files import FileBook

_ROWS = 400
_SIGNS = ("留存/恢复中.json", "留存/进行中.json", "留存/内容/.~*.tmp", ".~*.tmp", "留存/.~*.tmp", "留存/副本/.~*.tmp")


def fill(folder: Path, mark: str, codes: tuple[str, ...], *, rows: int) -> None:
    """Append rows to the first column of some tables."""
    shelf = Shelf(folder)
    for code in codes:
        form = forms()[code]
        width = len(form.columns)
        shelf.append(form, [[f"{mark}{n}", *[None] * (width - 1)] for n in range(rows)])
    assert shelf.save() == []


def build(home: Path) -> tuple[Path, dict[str, bytes], dict[str, bytes]]:
    """A register with a copy of it, changed since in three workbooks; its books then and now."""
    folder = home / "台账"
    init(folder)
    fill(folder, "甲", ("customer", "site", "demand"), rows=_ROWS)
    cli.run("snapshot", {"folder": folder, "note": "起点"})
    then = books(folder)
    for file, sheet in (("客户台账.xlsx", "客户"), ("站址台账.xlsx", "站址"), ("需求台账.xlsx", "需求")):
        book = FileBook(folder / file)
        book.update(sheet, {(5, 1): "改过"})
        book.save()
    cli.run("history", {"folder": folder})
    return folder, then, books(folder)


def books(folder: Path) -> dict[str, bytes]:
    """The register's workbooks with their bytes."""
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*台账.xlsx"))}


def work(kind: str, folder: Path, name: str) -> None:
    """What is killed."""
    if kind == "restore":
        cli.run("restore", {"folder": folder, "name": name})
    elif kind == "snapshot":
        cli.run("snapshot", {"folder": folder})
    else:
        fill(folder, "乙", ("customer", "site"), rows=50)


def kill(kind: str, folder: Path, name: str, dice: random.Random, seconds: float) -> bool:
    """Do it in a process of its own, killed after a random time or when one of its files appears; whether it was."""
    process = multiprocessing.get_context("fork").Process(target=work, args=(kind, folder, name))
    process.start()
    if dice.random() < 0.5:
        process.join(dice.uniform(0, seconds))
    else:
        sign, until = dice.choice(_SIGNS), time.monotonic() + 2 * seconds
        while process.is_alive() and time.monotonic() < until and not any(folder.glob(sign)):
            pass
        process.join(dice.uniform(0, seconds / 20))
    process.kill()
    process.join()
    return process.exitcode != 0


def trial(
    blank: Path, then: dict[str, bytes], now: dict[str, bytes], dice: random.Random, seconds: float,
) -> dict[str, int]:
    """One kill and what came of it."""
    told = dict.fromkeys(("kills", "lost", "mixed", "unfinished", "findings"), 0)
    with tempfile.TemporaryDirectory() as home:
        folder = Path(shutil.copytree(blank, Path(home) / "台账"))
        (name,) = [one["name"] for one in _copies(folder) if one["note"] == "起点"]
        kind = dice.choice(("restore", "snapshot", "save"))
        killed = kill(kind, folder, name, dice, seconds)
        told["kills"] += killed
        swapped = [data == then[file] for file, data in books(folder).items() if then[file] != now[file]]
        told["mixed"] += killed and kind == "restore" and any(swapped) and not all(swapped)
        for file, data in books(folder).items():
            if data not in (then[file], now[file]) and (
                kind != "save" or len(FileBook(folder / file).sheet(_sheet(file)).rows) != 1 + _ROWS + 50
            ):
                told["lost"] += 1
        answer = cli.run("restore", {"folder": folder, "name": name})
        told["unfinished"] += answer.status != 0 or books(folder) != then
        left = list(folder.rglob(".~*.tmp"))
        told["findings"] += len(cli.run("history", {"folder": folder, "verify": True}).data["findings"]) + len(left)
    return told


def _copies(folder: Path) -> list[dict[str, Any]]:
    copies: list[dict[str, Any]] = cli.run("snapshot", {"folder": folder, "listed": True}).data["snapshots"]
    return copies


def _sheet(file: str) -> str:
    return file.removesuffix("台账.xlsx")


def measure(kills: int, seed: int = 20261122) -> dict[str, Any]:
    """Trials until so many kills have happened."""
    dice, sums = random.Random(seed), {"trials": 0}
    with tempfile.TemporaryDirectory() as home:
        blank, then, now = build(Path(home))
        again = Path(shutil.copytree(blank, Path(home) / "计时"))
        begun = time.perf_counter()
        work("restore", again, "")
        seconds = time.perf_counter() - begun
        while sums.get("kills", 0) < kills:
            for name, number in trial(blank, then, now, dice, seconds).items():
                sums[name] = sums.get(name, 0) + number
            sums["trials"] += 1
    return sums


def main() -> int:
    """Kill, look, restore, verify, print; fails when anything was lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    made = measure(chosen.kills)
    if chosen.json:
        print(json.dumps(made))
    else:
        print(
            f"{made['trials']} 次中强行结束 {made['kills']} 次：丢失工作簿 {made['lost']}，"
            f"恢复后不同 {made['unfinished']}，核验问题 {made['findings']}"
            f"（其中 {made['mixed']} 次在恢复换文件的中途）"
        )
    return 1 if made["lost"] or made["unfinished"] or made["findings"] else 0


if __name__ == "__main__":
    sys.exit(main())
