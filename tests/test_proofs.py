"""A small sample of every proof of ``run bench proof``: what it promises holds, and the machinery itself can fail."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]


def proof(*options: str) -> dict[str, Any]:
    """The figures of one proof."""
    done = subprocess.run(
        [sys.executable, "benchmarks/proof.py", *options], cwd=ROOT, capture_output=True, text=True, timeout=240, check=False,
        env=os.environ | {"PYTHONIOENCODING": "utf-8", "PYTHONPATH": str(ROOT)}, encoding="utf-8",
    )
    assert done.stdout, done.stderr[-2000:]
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("name", ["kills", "calls", "disks", "targets", "writers"])
def test_no_register_is_lost(name: str) -> None:
    found = proof(name, "--quick")
    assert found["held"], found
    assert not found.get("lost")


def test_corrupted_workbooks_are_read_the_same_or_refused() -> None:
    found = proof("workbooks", "--quick")
    assert found["held"], found
    assert found["same"] > 10 < found["refused"]
    assert found["same"] + found["told"] + found["refused"] + found["another_workbook"] == found["files"] == 120


def test_corrupted_templates_make_the_same_paper_or_are_refused() -> None:
    found = proof("templates", "--quick")
    assert found["held"], found
    assert found["refused"] > 5
    assert found["same"] + found["another"] + found["refused"] == found["templates"] == 40


def test_deadlines_of_two_engines_agree() -> None:
    found = proof("deadlines", "--quick")
    assert (found["deadlines"], found["one_by_one"], found["differ"]) == (1_000_000, 10_000, 0)


def test_workbooks_of_ten_kinds_keep_what_is_not_touched() -> None:
    found = proof("corpus", "--quick")
    assert found["held"], found
    assert (found["workbooks"], found["kept"], found["silent_changes"]) == (26, 26, 0)
    assert {"charts", "pivots", "slicers", "threaded comments", "images", "VBA", "custom ribbon", "labels", "data model", "unknown parts"} <= found["by_kind"].keys()


def test_rows_checked_and_billed_by_two_programs_agree() -> None:
    found = proof("rows", "--quick")
    assert found["held"], found
    assert found["differ"] == 0 and found["rows"] >= 50_000
    assert found["with_a_fault"] > 5_000
    assert found["billed"] == found["rows"] - found["with_a_fault"]


def test_a_large_register_is_measured_against_openpyxl() -> None:
    found = proof("speed", "--quick")
    assert found["rows"] == 2_000
    assert found["cpu_ratio"] > 2
