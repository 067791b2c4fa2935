"""Tests are done once more only where LibreOffice itself went away, and nothing else failed."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tests.office import again

#: Passes from its second run on.
ONCE = """
from pathlib import Path

def test_presses():
    mark = Path(__file__).with_name("mark")
    was = mark.exists()
    mark.touch()
    assert was
"""


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A tree with one module whose test failed once, and the notes of that run."""
    (tmp_path / "test_once.py").write_text(ONCE, encoding="utf-8")
    monkeypatch.setattr(again, "ROOT", tmp_path)
    for name, path in (("CACHE", "cache"), ("GONE", "cache/gone.txt"), ("_FAILED", "cache/lastfailed")):
        monkeypatch.setattr(again, name, tmp_path / path)
    (tmp_path / "mark").touch()
    return tmp_path


@pytest.mark.parametrize(("gone", "failed", "status", "expected"), [
    (True, ["test_once.py::test_presses"], 1, 0),
    (False, ["test_once.py::test_presses"], 1, 1),
    (True, ["test_once.py::test_presses", "test_other.py::test_sums"], 1, 1),
    (True, [], 1, 1),
    (True, ["test_once.py::test_presses"], 2, 2),  # pytest was interrupted
], ids=["the office went", "the office stayed", "another failed too", "nothing failed", "no verdict"])
def test_the_verdict(
    tree: Path, monkeypatch: pytest.MonkeyPatch, gone: bool, failed: list[str], status: int, expected: int,
) -> None:
    if gone:
        monkeypatch.setenv("PYTEST_CURRENT_TEST", "test_once.py::test_presses (teardown)")
        again.note_gone(str(tree / "office.log"))
    again.CACHE.mkdir(exist_ok=True)
    (tree / "cache" / "lastfailed").write_text(json.dumps(dict.fromkeys(failed, True)), encoding="utf-8")
    monkeypatch.setattr(sys, "argv", ["again", str(status)])
    assert again.main() == expected
    assert not again.GONE.exists()


def test_what_fails_again_stays_failed(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tree / "mark").unlink()
    test_the_verdict(tree, monkeypatch, True, ["test_once.py::test_presses"], 1, 1)
