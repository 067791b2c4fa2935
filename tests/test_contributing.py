"""CONTRIBUTING.md is true: each of its patches is small, applies to the program as it stands, and does what the page says."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
#: Title → the section's patch, commands and what they must say.
EXERCISES = {
    section.partition("\n")[0]: dict(re.findall(r"```(diff|sh|text)\n(.*?)```", section, re.DOTALL))
    for section in re.split(r"^## ", PAGE, flags=re.MULTILINE)[1:] if "```diff" in section
}
MOST = 15


def test_the_four_changes_that_come_most_often_are_shown() -> None:
    assert list(EXERCISES) == [
        "A clock gets a new limit", "A new form with its template", "A new operator layout", "A new price regime",
    ]


@pytest.mark.parametrize("title", EXERCISES)
def test_a_change_takes_fewer_than_fifteen_lines(title: str) -> None:
    changed = re.findall(r"^[+-](?!\+\+ |-- )", EXERCISES[title]["diff"], re.MULTILINE)
    assert 0 < len(changed) < MOST


@pytest.mark.parametrize("title", EXERCISES)
def test_following_the_page_gives_what_it_says(tmp_path: Path, title: str) -> None:
    exercise = EXERCISES[title]
    for name in ("macros", "generator", "templates", "addin", "workbooks", "tests"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "office"))
    shutil.copyfile(ROOT / "pyproject.toml", tmp_path / "pyproject.toml")
    subprocess.run(["git", "apply", "--unidiff-zero", "-"], cwd=tmp_path, input=exercise["diff"], encoding="utf-8", check=True)
    script = f'python() {{ "{sys.executable}" "$@"; }}\ntowerdesk() {{ python -m macros.cli "$@" || [ $? -eq 1 ]; }}\nset -e\n{exercise["sh"]}'
    told = subprocess.run(
        ["bash", "-c", script], cwd=tmp_path, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8",
        env={**os.environ, "PYTHONPATH": str(tmp_path), "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"},
    )
    places = [told.stdout.find(line) for line in exercise["text"].splitlines()]
    assert told.returncode == 0 and -1 not in places, told.stdout
    assert all(first < second for first, second in pairwise(places)), told.stdout
