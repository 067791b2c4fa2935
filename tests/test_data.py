"""The program's TOML files: what is kept of them never says anything else than the file itself."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from macros import data
from macros.data import toml

ROOT = Path(__file__).parents[1]
TEXT = 'title = "需求"\ndays = 5\nfrom = 2026-01-01\n'


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of the program's own, as far as reading goes."""
    monkeypatch.setattr(data, "_PROGRAM", (f"{tmp_path}{os.sep}",))
    return tmp_path


def written(folder: Path, text: str = TEXT) -> Path:
    """A TOML file."""
    path = folder / "demand.toml"
    path.write_text(text, encoding="utf-8")
    return path


def only_kept(folder: Path) -> Path:
    """The one file kept beside the sources."""
    (kept,) = (folder / "__pycache__").iterdir()
    return kept


def test_what_is_kept_says_the_same_as_the_file(program: Path) -> None:
    path = written(program)
    first, second = toml(path), toml(path)
    assert only_kept(program).stat().st_size > len(TEXT)
    assert first == second == {"title": "需求", "days": 5, "from": first["from"]}


def test_a_process_that_finds_everything_kept_parses_nothing() -> None:
    look = "import sys; from macros.forms import forms; print(len(forms()) > 20, 'tomllib' in sys.modules)"
    said = [subprocess.run([sys.executable, "-c", look], cwd=ROOT, capture_output=True, text=True, check=True).stdout for _ in range(2)]
    assert said[1] == "True False\n"


def test_a_changed_file_of_the_same_length_and_time_is_seen_at_once(program: Path) -> None:
    path = written(program)
    before = path.stat()
    assert toml(path)["days"] == 5
    written(program, TEXT.replace("5", "7"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert toml(path)["days"] == 7
    assert toml(path)["days"] == 7


@pytest.mark.parametrize("damage", [
    lambda kept: b"",
    lambda kept: kept[:3],
    lambda kept: kept[:-1],
    lambda kept: kept + b"\0",
    lambda kept: kept.replace("需求".encode(), "站址".encode()),
    lambda kept: b"PK\3\4" + kept,
], ids=["empty", "cut in the checksum", "cut at the end", "grown", "changed inside", "something else"])
def test_a_damaged_copy_is_not_believed_and_made_anew(program: Path, damage) -> None:  # type: ignore[no-untyped-def]
    path = written(program)
    toml(path)
    kept = only_kept(program)
    sound = kept.read_bytes()
    kept.write_bytes(damage(sound))
    assert toml(path)["title"] == "需求"
    assert kept.read_bytes() == sound


def test_the_copy_of_another_file_is_not_believed(program: Path) -> None:
    path = written(program)
    other = program / "site.toml"
    other.write_text('title = "站址"\n', encoding="utf-8")
    toml(other)
    kept = only_kept(program)
    kept.rename(kept.with_name(kept.name.replace("site", "demand")))
    assert toml(path)["title"] == "需求"


def test_where_nothing_can_be_kept_the_file_is_read_all_the_same(program: Path) -> None:
    path = written(program)
    (program / "__pycache__").write_text("in the way", encoding="utf-8")
    assert [toml(path)["days"], toml(path)["days"]] == [5, 5]
    assert sorted(one.name for one in program.iterdir()) == ["__pycache__", "demand.toml"]


def test_nothing_is_kept_beside_a_file_that_is_not_the_programs(tmp_path: Path) -> None:
    path = written(tmp_path)
    assert toml(path)["days"] == 5
    assert [one.name for one in tmp_path.iterdir()] == ["demand.toml"]


def test_every_call_gives_data_of_its_own(program: Path) -> None:
    path = written(program)
    toml(path)["days"] = 9
    toml(path)["days"] = 9
    assert toml(path)["days"] == 5


def test_what_is_no_toml_is_refused_and_not_kept(program: Path) -> None:
    path = written(program, "days = \n")
    with pytest.raises(ValueError, match="Invalid value"):
        toml(path)
    assert [one.name for one in program.iterdir()] == ["demand.toml"]
