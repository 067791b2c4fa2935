"""Every output of a register full of spells and private data: nothing comes alive, nothing private leaks.

A register is made, its free texts are spells, its contacts have telephone numbers and an account; then the commands
run as a user runs them, with a home and a folder for temporary files of their own, and all that was written is looked
through. In full the demonstration runs as well.
"""

# ruff: noqa: E501 - a row stands on a line
from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.proofs.scanning import SPELLS, problems
from macros.forms import forms
from macros.hosts.files import FileBook

if TYPE_CHECKING:
    from benchmarks.proofs import Figures, Scale
    from macros.records import Cell

ROOT = Path(__file__).parents[2]
NOW = "2026-11-21T09:00"
#: A telephone number, an account and a name that stand in the register and must stand in no log and no property.
PRIVATE = ("13800007777", "6222020000007777", "联系人柒柒")
COMMANDS = (
    ("check",), ("board",), ("form", "3.1", "--all"), ("form", "customer-card", "--all"), ("sites",), ("consolidate",), ("expiring",),
    ("collection",), ("bill", "2026-10"), ("snapshot",), ("history",),
)


def measure(scale: Scale) -> Figures:
    """Run and look; what a command refuses is told, a traceback is a problem."""
    with tempfile.TemporaryDirectory() as home:
        place = Path(home)
        for name in ("work", "temporary", "home"):
            (place / name).mkdir()
        told: dict[str, int] = {}
        found: list[str] = []
        register = place / "work" / "台账"
        for command in (("init", str(register), "--city", "澜江"), *COMMANDS):
            options = () if command[0] == "init" else ("--register", str(register))
            done = run(place, *command, *options)
            told[" ".join(command).replace(home, "")[:40]] = done.returncode
            found += [f"{command}: a traceback: {done.stderr[-200:]}"] if "Traceback" in done.stderr else []
            if command[0] == "init":
                fill(register)
        if not scale.quick:
            done = run(place, "demo", str(place / "work" / "演示"))
            told["demo"] = done.returncode
            found += [f"demo: {done.stderr[-300:]}"] if "Traceback" in done.stderr else []
        found += problems(place / "work", PRIVATE)
        found += [f"left in the temporary folder: {path.name}" for path in (place / "temporary").iterdir()]
        files = sum(path.is_file() for path in (place / "work").rglob("*"))
    return {"files": files, "commands": told, "problems": found[:30], "held": not found and files > 10}


def run(place: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """One command as a user starts it."""
    env = {**os.environ, "TMPDIR": str(place / "temporary"), "HOME": str(place / "home"), "TOWERDESK_NOW": NOW, "PYTHONPATH": str(ROOT),
           "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(
        [sys.executable, "-m", "macros.cli", *words], cwd=place / "work", env=env, capture_output=True, text=True, check=False, encoding="utf-8",
    )


def fill(register: Path) -> None:
    """Rows whose free texts are spells."""
    def add(table: str, rows: list[dict[str, Cell]]) -> None:
        form = forms()[table]
        book = FileBook(register / form.file)
        heading = [str(cell) for cell in book.sheet(form.title).rows[0]]
        titles = {name: form.column(name).title for row in rows for name in row}
        places = {name: next(at for at, head in enumerate(heading) if head.split("（")[0] == title) for name, title in titles.items()}
        for row in rows:
            line: list[Cell] = [None] * (max(places.values()) + 1)
            for name, value in row.items():
                line[places[name]] = value
            book.append(form.title, [line])
        book.save()

    add("customer", [{"customer_name": f"客户{n}{spell}", "operator": "移动", "level": "VIP", "address": spell, "bank": PRIVATE[1]} for n, spell in enumerate(SPELLS)])
    add("contact", [{"customer_name": f"客户0{SPELLS[0]}", "person": PRIVATE[2], "phone": PRIVATE[0], "email": f"a@b.cn{SPELLS[4]}"}])
    add("demand", [
        {"demand_no": f"XQ-{n}", "operator": "移动", "customer_name": f"客户{n}{spell}", "city": "澜江", "county": "澜南区", "site_name": f"{spell}", "scene": "县城",
         "longitude": 111.5 + n / 100, "latitude": 31.5, "address": spell, "deliver_by": dt.datetime(2027, 4, 30), "raised_on": dt.datetime(2026, 11, 2 + n),
         "systems": 1, "antenna_height": "30-35", "antennas": 3}
        for n, spell in enumerate(SPELLS)
    ])
    add("lease", [
        {"lease_no": f"QR-{n}", "operator": "移动", "site_code": f"42980190800090000{n}", "site_name": spell, "units": 1, "tower_cost": 100000,
         "starts_on": dt.datetime(2025, 1, 1), "ends_on": dt.datetime(2026, 12, 31), "note": spell}
        for n, spell in enumerate(SPELLS)
    ])
