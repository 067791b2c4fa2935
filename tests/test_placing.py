"""An unpacked package takes its place, an older one gives way, and where that fails everything is as it was."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from addin import settings
from addin.install import apply
from addin.package import placing, removing
from addin.package.placing import Unplaced, place, sentences

ROOT = Path(__file__).parents[1]
#: Stands for the package's python.exe: this Python, which finds the program where it is being tested.
PYTHON = f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" "$@"\n'
SETTINGS = {"register": "D:\\台账"}


def package(folder: Path, version: str) -> Path:
    """A package as unpacking leaves it, with a program of two files."""
    home = folder / f"塔务台 & 100% {version}!"
    for name, text in {
        "python/python.exe": PYTHON, "python/Lib/os.py": version, "app/macros/cli.py": f"version = {version!r}",
        f"app/only_{version}.toml": "", "塔务台.cmd": f"rem {version}", "卸载.cmd": f"rem {version}", "安装.cmd": "rem",
    }.items():
        path = home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (home / "python/python.exe").chmod(0o755)
    listed = [path for path in sorted(home.rglob("*")) if path.is_file()]
    sums = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(home).as_posix()}" for path in listed]
    (home / "SHA256SUMS.txt").write_text("\n".join(sums) + "\n", encoding="utf-8")
    return home


def program(home: Path) -> dict[str, str]:
    """The program's files by name, bytecode left out."""
    found = [path for part in ("python", "app") for path in (home / part).rglob("*") if path.is_file()]
    texts = {path.relative_to(home).as_posix(): path.read_text(encoding="utf-8") for path in found if path.suffix != ".pyc"}
    return texts | {path.name: path.read_text(encoding="utf-8") for path in home.glob("*.cmd")}


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user's machine with WPS and nothing else; the folder is the program's own."""
    monkeypatch.setenv("HOME", str(tmp_path / "user"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "user" / "data"))
    monkeypatch.setenv("PATH", "/usr/bin/none")
    own = tmp_path / "own"
    monkeypatch.setenv("TOWERDESK_HOME", str(own))
    own.mkdir()
    wps(tmp_path).mkdir(parents=True)
    return own


def wps(tmp_path: Path) -> Path:
    return tmp_path / "user" / "data" / "Kingsoft" / "wps" / "jsaddons"


@pytest.fixture
def old(machine: Path, tmp_path: Path) -> Path:
    """Version 1, installed and used."""
    assert place(package(tmp_path, "1"), machine, sentences()) == 0
    settings.change(**SETTINGS)
    return machine


def test_a_package_is_placed_with_its_ribbon(old: Path, tmp_path: Path) -> None:
    assert sorted(program(old)) == [
        "app/macros/cli.py", "app/only_1.toml", "python/Lib/os.py", "python/python.exe", "卸载.cmd", "塔务台.cmd",
    ]
    assert "towerdesk" in (wps(tmp_path) / "publish.xml").read_text(encoding="utf-8")
    assert list((old / "app").rglob("*.pyc"))
    assert not [old / name for name in ("new", "old") if (old / name).exists()]


def test_a_newer_one_takes_its_place_and_keeps_the_settings(old: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert placing.main([str(package(tmp_path, "2"))]) == 0
    now = program(old)
    assert ("app/only_1.toml" in now, "app/only_2.toml" in now, now["塔务台.cmd"]) == (False, True, "rem 2")
    assert settings.load()["register"] == SETTINGS["register"]
    assert "安装完成" in capfd.readouterr().out


def test_one_whose_ribbon_cannot_be_made_leaves_the_old_one(old: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    before, kept = program(old), settings.load()
    newer = package(tmp_path, "2")
    shutil.rmtree(wps(tmp_path))  # no spreadsheet program is left on the machine
    assert placing.main([str(newer)]) == 2
    assert (program(old), settings.load()) == (before, kept)
    told = capfd.readouterr().out
    assert "本机没有找到其中任何一个" in told and "原来的版本照常可用" in told
    assert not (old / "new").exists()


def test_a_first_one_whose_ribbon_cannot_be_made_leaves_nothing(machine: Path, tmp_path: Path) -> None:
    shutil.rmtree(wps(tmp_path))
    with pytest.raises(Unplaced, match="功能区没有装上"):
        place(package(tmp_path, "1"), machine, sentences())
    assert program(machine) == {}


@pytest.mark.parametrize("harm", ["changed", "missing", "no list"])
def test_a_package_that_is_not_whole_changes_nothing(old: Path, tmp_path: Path, harm: str) -> None:
    before = program(old)
    newer = package(tmp_path, "2")
    if harm == "changed":
        (newer / "app/macros/cli.py").write_text("#", encoding="utf-8")
    else:
        (newer / ("SHA256SUMS.txt" if harm == "no list" else "python/Lib/os.py")).unlink()
    with pytest.raises(Unplaced, match="全部解压缩" if harm == "no list" else "1 个文件缺失或已被改动"):
        place(newer, old, sentences())
    assert program(old) == before


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Path]:
    """A program that runs: the system lets nobody write to its file."""
    path = Path(shutil.copy("/bin/sleep", tmp_path / "TowerDesk.xlam"))
    with subprocess.Popen([path, "60"]) as process:
        yield path
        process.kill()


def test_while_a_program_holds_a_file_nothing_changes(old: Path, tmp_path: Path, running: Path) -> None:
    before = program(old)
    apply.remember([*apply.remembered(), apply.Item("file", "excel", str(running), "")])
    with pytest.raises(Unplaced, match="请保存并关闭 Excel"):
        place(package(tmp_path, "2"), old, sentences())
    assert program(old) == before


def test_an_update_cut_off_between_two_renames_is_mended_by_the_next(old: Path, tmp_path: Path) -> None:
    before = program(old)
    (old / "old").mkdir()
    (old / "python").rename(old / "old" / "python")  # the power went here
    broken = package(tmp_path, "2")
    (broken / "python/Lib/os.py").unlink()
    with pytest.raises(Unplaced):
        place(broken, old, sentences())
    assert program(old) == before
    assert place(package(tmp_path / "again", "2"), old, sentences()) == 0
    assert "app/only_2.toml" in program(old)


def test_a_package_unpacked_into_the_programs_own_folder_is_refused(machine: Path) -> None:
    with pytest.raises(Unplaced, match="请解压到别处"):
        place(package(machine, "1"), machine, sentences())


def test_uninstalling_takes_the_ribbon_away_and_says_what_stays(old: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (old / "new").mkdir()
    assert removing.main([]) == 0
    assert "台账、已出的单据和您的设置都保留" in capfd.readouterr().out
    assert not (wps(tmp_path) / "publish.xml").exists() and not (old / "new").exists()
    assert settings.load() == SETTINGS
    assert removing.main(["busy"]) == 1
    assert "请关闭 Excel" in capfd.readouterr().out
