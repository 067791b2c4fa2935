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
