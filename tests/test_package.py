"""The Windows package: its wheels exist for every supported Python, and a folder unpacked from it is whole and runs."""

from __future__ import annotations

import hashlib
import io
import os
import re
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from addin.package import folder, wheels
from addin.package.checking import differing
from macros.hosts import Refused

ROOT = Path(__file__).parents[1]
LOCK = ROOT / "requirements-run.lock"
PYTHON = "cpython-3.11.9-x86_64-pc-windows-msvc-install_only.tar.gz"
FILES = {"python/python.exe": b"MZ", "python/pythonw.exe": b"MZ", "python/Lib/tkinter/__init__.py": b"", "python/python311.dll": b"MZ"}


def archive(path: Path, files: dict[str, bytes]) -> Path:
    """A Python for Windows as it is downloaded, but for its contents."""
    with tarfile.open(path, "w:gz") as made:
        for name, data in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            made.addfile(member, io.BytesIO(data))
    return path


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A lock file of one wheel, so that packages are made in seconds."""
    (line,) = re.findall(r"^shtab==.*?(?=^\S)", LOCK.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    lock = tmp_path_factory.mktemp("lock") / "one.lock"
    lock.write_text(line, encoding="utf-8")
    return lock


@pytest.fixture(scope="module")
def made(one: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("made")
    return Path(str(folder.package(archive(home / PYTHON, FILES), home, lock=one).data["file"]))


@pytest.fixture
def unpacked(made: Path, tmp_path: Path) -> Path:
    with zipfile.ZipFile(made) as package:
        package.extractall(tmp_path / "place")
    return tmp_path / "place" / "塔务台"


@pytest.mark.parametrize("python", ["3.11", "3.14"])
def test_every_wheel_of_the_lock_file_can_be_had_for_windows(tmp_path: Path, python: str) -> None:
    wheels.resolve(LOCK, python, tmp_path / "site")


def test_the_lock_file_is_read_as_windows_reads_it() -> None:
    names = {one.name for one in wheels.wanted(LOCK.read_text(encoding="utf-8"), "3.11")}
    assert "pywin32" in names and not names & {"appscript", "psutil"}


def test_what_runs_is_what_was_tested() -> None:
    tested = {(one.name, one.version) for one in wheels.wanted((ROOT / "requirements.lock").read_text(encoding="utf-8"), "3.11")}
    assert {(one.name, one.version) for one in wheels.wanted(LOCK.read_text(encoding="utf-8"), "3.11")} <= tested


def test_a_wheel_that_is_not_the_locked_one_is_refused(one: Path, tmp_path: Path) -> None:
    lock = tmp_path / "other.lock"
    lock.write_text(re.sub(r"sha256:[0-9a-f]{8}", "sha256:00000000", one.read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.raises(Refused) as refused:
        folder.package(archive(tmp_path / PYTHON, FILES), tmp_path / "dist", lock=lock)
    assert refused.value.finding.code == "ADD701"
    assert not (tmp_path / "dist").exists()


def test_the_same_parts_make_the_same_package(one: Path, made: Path, tmp_path: Path) -> None:
    again = folder.package(made.parent / PYTHON, tmp_path, lock=one)
    assert again.data["sha256"] == hashlib.sha256(made.read_bytes()).hexdigest()


def test_the_folder_finds_its_program_and_its_packages(unpacked: Path) -> None:
    packages = unpacked / "python" / "Lib" / "site-packages"
    place = packages.joinpath(*(packages / "towerdesk.pth").read_text(encoding="utf-8").strip().split("\\"))
    assert place.resolve() == unpacked / "app"
    assert (packages / "shtab" / "__init__.py").is_file()


def test_the_program_in_the_folder_passes_its_self_test(unpacked: Path, tmp_path: Path) -> None:
    told = subprocess.run(
        [sys.executable, "-m", "macros.cli", "selftest", "--out", str(tmp_path / "out"), "--now", "2026-11-21T09:00"],
        cwd=unpacked, env={**os.environ, "PYTHONPATH": str(unpacked / "app"), "PYTHONSAFEPATH": "1"}, capture_output=True,
        encoding="utf-8", check=False,
    )
    assert (told.returncode, told.stdout.splitlines()[0].endswith(f"明细见“{tmp_path / 'out' / '自检.xlsx'}”。")) == (0, True)


def test_a_file_changed_or_missing_is_named(unpacked: Path) -> None:
    assert differing(unpacked) == []
    (unpacked / "app" / "macros" / "cli.py").write_text("#", encoding="utf-8")
    (unpacked / "python" / "python311.dll").unlink()
    assert differing(unpacked) == ["app/macros/cli.py", "python/python311.dll"]


@pytest.mark.parametrize("name", ["安装.cmd", "卸载.cmd", "塔务台.cmd", "说明.txt"])
def test_what_the_user_starts_is_readable_by_windows(unpacked: Path, name: str) -> None:
    text = (unpacked / name).read_bytes()
    assert text.count(b"\n") == text.count(b"\r\n") > 0
    assert not text.startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize("name", ["安装.cmd", "卸载.cmd", "塔务台.cmd"])
def test_a_batch_file_is_safe_for_any_folder_and_code_page(unpacked: Path, name: str) -> None:
    commands, _, words = (unpacked / name).read_bytes().partition(b"chcp 65001")
    assert commands.isascii()  # what is not stands behind the change of the code page, where nothing is sought any more
    text = (commands + words).decode("utf-8")
    assert set(re.findall(r"goto (\w+)", text)) == set(re.findall(r"^:(\w+)", text, re.MULTILINE))
    assert [line for line in text.splitlines() if re.search(r"(?<![\"=])%(~dp0|PLACE%|LOCALAPPDATA%)", line)] == []
    assert "DisableDelayedExpansion" in text and 'set "PYTHONHOME="' in text


def test_the_package_runs_apart_from_other_pythons_of_the_machine(unpacked: Path) -> None:
    listing = (unpacked / "python" / "python311._pth").read_text(encoding="utf-8").splitlines()
    assert listing == ["python311.zip", ".", "DLLs", "Lib", "Lib\\site-packages", "..\\app", "import site"]


def test_an_embeddable_python_is_told_where_its_packages_are(one: Path, tmp_path: Path) -> None:
    path = tmp_path / "python-3.11.9-embed-amd64.zip"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("python.exe", "MZ")
        packed.writestr("python311._pth", "python311.zip\n.\n#import site\n")
    told = folder.package(path, tmp_path / "dist", lock=one)
    assert [said["code"] for said in told.data["findings"]] == ["ADD703"]  # it has no dialogs
    with zipfile.ZipFile(str(told.data["file"])) as packed:
        listing = packed.read("塔务台/python/python311._pth").decode().split()
    assert listing == ["python311.zip", ".", "DLLs", "Lib", "Lib\\site-packages", "..\\app", "import", "site"]


@pytest.mark.parametrize(
    ("name", "files"), [(PYTHON, {"python/readme": b""}), ("python.tar.gz", FILES), (PYTHON, {"python/python.exe": b"MZ", "python/../../x": b""})],
    ids=["no python.exe", "no version", "outside"],
)
def test_what_is_no_python_for_windows_is_refused(one: Path, tmp_path: Path, name: str, files: dict[str, bytes]) -> None:
    with pytest.raises(Refused) as refused:
        folder.package(archive(tmp_path / name, files), tmp_path / "dist", lock=one)
    assert refused.value.finding.code == "ADD702"
