"""The self-test a manager runs before month-end: all is well here, and a changed rule is caught."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from tests.city import run

ROOT = Path(__file__).parents[1]
NOW = "2026-11-21T09:00"
#: A file of the program, what stands in it, what it is changed to, and the case that must catch it.
HARMS = {
    "clock": ("macros/rules/clocks.toml", 'effective = 2015-04-01, limit = 15, unit = "WD"', 'effective = 2015-04-01, limit = 16, unit = "WD"', "存量共享的需求订单（K05，15个工作日）"),
    "price": ("macros/rules/prices.csv", "0.35", "0.36", "月中另一家起租，11日起有折扣"),
    "capitals": ("generator/wording.py", "壹", "一", "人民币大写：中间有零"),
}


def test_every_golden_case_passes_and_leaves_only_its_workbook(tmp_path: Path) -> None:
    answer = run("selftest", tmp_path, now=NOW)
    assert [case["title"] for case in answer.data["cases"] if not case["passed"]] == []
    assert {case["group"] for case in answer.data["cases"]} == {"日期", "金额", "单据", "工作簿"}
    assert (answer.status, answer.data["passed"], [path.name for path in tmp_path.iterdir()]) == (0, True, ["自检.xlsx"])


def test_the_page_tells_version_calendar_and_rules_and_says_that_all_is_well(tmp_path: Path) -> None:
    run("selftest", tmp_path, now=NOW)
    heading, verdict, *facts = openpyxl.load_workbook(tmp_path / "自检.xlsx")["结论"].iter_rows(values_only=True)
    assert heading == ("结果", "项目", "内容")
    assert (verdict[0], str(verdict[2]).endswith("可以放心月结。")) == ("通过", True)
    told = {row[1]: row[2] for row in facts}
    assert (told["放假安排已公布至"], str(told["时限规则"])[:5], told["自检时间"]) == ("2026-12-31", "42 个时", "2026-11-21 09:00")


@pytest.mark.parametrize(("file", "old", "new", "title"), HARMS.values(), ids=HARMS)
def test_a_changed_rule_is_caught(tmp_path: Path, file: str, old: str, new: str, title: str) -> None:
    for name in ("macros", "generator", "templates"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    harmed = (tmp_path / file).read_text(encoding="utf-8")
    assert old in harmed
    (tmp_path / file).write_text(harmed.replace(old, new), encoding="utf-8")
    told = subprocess.run(
        [sys.executable, "-m", "macros.cli", "selftest", "--json", "--out", "out", "--now", NOW], cwd=tmp_path, check=False,
        capture_output=True, encoding="utf-8", env={**os.environ, "PYTHONPATH": str(tmp_path), "PYTHONUTF8": "1"},
    )
    data = json.loads(told.stdout)
    assert title in [case["title"] for case in data["cases"] if not case["passed"]]
    assert (told.returncode, data["passed"]) == (1, False)
    rows = openpyxl.load_workbook(tmp_path / "out" / "自检.xlsx")["结论"].iter_rows(min_row=2, values_only=True)
    assert next(rows)[0] == "不符"
