"""What a PDF of a one-page notice costs: LibreOffice started for each, called once, kept warm, or printing together.

Run with ``run bench pdf [--quick] [--json]``. Every way has a process of its own that prints notices of annex 3.13, all
different; the ways take turns. The unit is CPU time of that process with everything it started, LibreOffice's start
included; a ratio is the median of the ratios within each round. The ways that start LibreOffice themselves get a
profile that has been used before, which is to their advantage; the program's own makes a new one each time.
``same`` says that pages printed together were compared pixel for pixel with the same notices printed alone.
"""

from __future__ import annotations

import argparse
import ctypes
import datetime as dt
import json
import os
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from generator.definitions import definitions, fields
from generator.issuing import TEMPLATES
from generator.pdf import convert, find_office
from generator.pdf_limits import limits
from generator.pdf_office import environment
from generator.template import load, render

#: Way → how many notices it prints in a round; what is dear is measured on fewer.
FULL = {"per_file": 6, "one_call": 40, "warm": 40, "merged": 400}
QUICK = {"per_file": 3, "one_call": 10, "warm": 10, "merged": 120}
FORM = "3.13"
_SUBREAPER = 36  # PR_SET_CHILD_SUBREAPER
_SIGNS = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁"


def notices(folder: Path, count: int) -> list[Path]:
    """Notices with names and sums of their own."""
    definition = definitions()[FORM]
    template, findings = load(TEMPLATES / definition.template, fields(definition))
    assert template is not None, findings
    folder.mkdir()
    files = []
    for number in range(count):
        lottery = random.Random(number)
        values: dict[str, Any] = {}
        for path in sorted(template.uses):
            place, _, last = path.rpartition(".")
            words = "".join(lottery.choices(_SIGNS, k=3))
            value = f"{lottery.uniform(1, 99999):.2f}" if "费" in last or "金额" in last else f"{words}镇"
            (values.setdefault(place, {}) if place else values)[last] = value
        data, findings = render(template, values, title=f"{FORM} {number}", day=dt.date(2026, 11, 20))
        assert data is not None, findings
        files.append(folder / f"{number:04}.docx")
        files[-1].write_bytes(data)
    return files


def called(files: list[Path], out: Path, profile: Path) -> None:
    """One call of LibreOffice for these files."""
    subprocess.run(
        [str(find_office()), f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore",
         "--convert-to", "pdf:writer_pdf_Export", "--outdir", str(out), *map(str, files)],
        check=True, capture_output=True, env=environment(),
    )


def one_way(way: str, folder: Path, out: Path, profile: Path) -> dict[str, float]:
    """Print all notices of ``folder`` in this process: CPU and wall seconds, the largest memory in MB, PDF files."""
    ctypes.CDLL(None).prctl(_SUBREAPER, 1)
    files, caps = sorted(folder.glob("*.docx")), limits()
    began = time.perf_counter()
    if way == "per_file":
        for file in files:
            called([file], out, profile)
    elif way == "one_call":
        called(files, out, profile)
    else:
        caps = replace(caps, merged_documents=1) if way == "warm" else caps
        _, findings = convert(files, out, find_office(), replace(caps, workers=1))
        assert not findings, findings
    wall = time.perf_counter() - began
    while True:  # offices that were ended by the program's own process are left to this one
        try:
            os.waitpid(-1, 0)
        except ChildProcessError:
            break
    own, others = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "cpu_s": own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime, "wall_s": wall,
        "own_mb": own.ru_maxrss / 1024, "office_mb": others.ru_maxrss / 1024,
        "files": sum(1 for _ in out.glob("*.pdf")), "bytes": sum(pdf.stat().st_size for pdf in out.glob("*.pdf")),
    }


def pages(pdf: Path) -> bytes:
    """The pictures of a file's pages at 50 dpi."""
    return subprocess.run(["pdftoppm", "-r", "50", pdf], check=True, capture_output=True).stdout


def measure(counts: dict[str, int], rounds: int) -> dict[str, Any]:
    """Let the ways take turns."""
    found: dict[str, list[dict[str, float]]] = {way: [] for way in counts}
    with tempfile.TemporaryDirectory() as home:
        profile = Path(home) / "profile"
        folders = {way: Path(home) / way for way in counts}
        for way, count in counts.items():
            notices(folders[way], count)
        called(sorted(folders["per_file"].glob("*.docx"))[:1], Path(home) / "first", profile)
        for number in range(rounds):
            for way in counts:
                print(f"… {number + 1}/{rounds} {way}", file=sys.stderr, flush=True)
                out = Path(home) / f"pdf-{way}"
                shutil.rmtree(out, ignore_errors=True)
                command = [sys.executable, __file__, "--way", way, str(folders[way]), str(out), str(profile)]
                done = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
                assert done["files"] == counts[way], done
                found[way].append(done)
        alone = sorted((Path(home) / "pdf-warm").glob("*.pdf"))
        same = all(pages(pdf) == pages(Path(home) / "pdf-merged" / pdf.name) for pdf in alone)
    each = {way: [turn["cpu_s"] / counts[way] for turn in turns] for way, turns in found.items()}
    return {
        "cpu_s_each": {way: round(statistics.median(costs), 4) for way, costs in each.items()},
        "merged_x": {
            way: round(statistics.median(a / b for a, b in zip(each[way], each["merged"], strict=True)), 1)
            for way in counts if way != "merged"
        },
        "merged_per_s": round(statistics.median(counts["merged"] / turn["wall_s"] for turn in found["merged"]), 1),
        "office_mb": round(max(turn["office_mb"] for turn in found["merged"])),
        "own_mb": round(max(turn["own_mb"] for turn in found["merged"])),
        "size_x": round(
            found["merged"][0]["bytes"] / counts["merged"] / (found["warm"][0]["bytes"] / counts["warm"]), 2
        ),
        "notices": counts, "rounds": rounds, "same": same, "compared": len(alone),
    }


def main() -> int:
    """Measure and print; fails when pages printed together differ from those printed alone."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--quick", action="store_true", help="fewer notices and rounds: about a minute")
    parser.add_argument("--way", nargs=4, metavar=("WAY", "FOLDER", "OUT", "PROFILE"), help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.way:
        way, folder, out, profile = chosen.way
        print(json.dumps(one_way(way, Path(folder), Path(out), Path(profile))))
        return 0
    made = measure(QUICK, 1) if chosen.quick else measure(FULL, 3)
    if chosen.json:
        print(json.dumps(made))
    else:
        for way, cost in made["cpu_s_each"].items():
            ratio = made["merged_x"].get(way)
            print(f"{way:<10} {cost:8.4f} CPU s each" + (f"   {ratio:6.1f} x the cost of merged" if ratio else ""))
        print("\n".join(f"{name}: {value}" for name, value in made.items() if name not in ("cpu_s_each", "merged_x")))
    return 0 if made["same"] else 1


if __name__ == "__main__":
    sys.exit(main())
