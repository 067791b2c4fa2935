"""Puts the package's folder together and packs it: the same parts always give the same bytes."""

from __future__ import annotations

import hashlib
import io
import re
import shutil
import tarfile
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from addin.package import wheels
from addin.package.checking import SUMS
from macros.commands import Answer
from macros.findings import finding
from macros.hosts import Refused, reason, refuse
from macros.hosts.saving import replace_bytes
from macros.versions import program

ROOT = Path(__file__).parents[2]
LOCK = ROOT / "requirements-run.lock"
_TEXTS = Path(__file__).parent / "files"
#: Of the program: the folders, and what none of them hands on.
_PARTS = ("macros", "generator", "addin", "templates", "workbooks", "docs")
_LEFT = shutil.ignore_patterns("__pycache__", "samples", "adr")
_TITLE = "塔务台"
_EPOCH = (2020, 1, 1, 0, 0, 0)
_VERSION = re.compile(r"python-?(3\.\d+)|cpython-(3\.\d+)")


class Python(NamedTuple):
    """A Python for Windows as it was downloaded: its version (3.11), its files by path, whether it has dialogs."""

    version: str
    files: dict[str, bytes]
    dialogs: bool


def package(python: Path, out: Path, wheels_from: Path | None = None, lock: Path = LOCK) -> Answer:
    """Make ``塔务台-<version>-win64.zip`` in ``out``.

    Args:
        python: a Python for 64-bit Windows, as .zip or .tar.gz.
        out: folder of the package.
        wheels_from: a folder of wheels; the package index when None.
        lock: the lock file that names the wheels.

    Raises:
        Refused: ``python`` is none (ADD702), or a wheel cannot be had (ADD701).
    """
    interpreter = read_python(python)
    with TemporaryDirectory() as place:
        home = Path(place) / _TITLE
        _fill(home, interpreter, lock, wheels_from)
        found = [path for path in sorted(home.rglob("*")) if path.is_file()]
        files = {path.relative_to(home).as_posix(): path.read_bytes() for path in found}
    sums = "".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in files.items())
    data = _packed({SUMS: sums.encode(), **files})
    path = out / f"{_TITLE}-{program()}-win64.zip"
    replace_bytes(path, data)
    digest = hashlib.sha256(data).hexdigest()
    findings = [] if interpreter.dialogs else [finding("ADD703", workbook=python.name)]
    lines = [
        f"已制作 {path}：{len(files) + 1} 个文件，{len(data) / 1e6:.1f} MB，Python {interpreter.version}",
        f"  sha256 {digest}", *(said.message for said in findings),
    ]
    return Answer({
        "file": str(path), "files": len(files) + 1, "python": interpreter.version, "sha256": digest,
        "findings": [said.as_json() for said in findings],
    }, "\n".join(lines))


def read_python(path: Path) -> Python:
    """The files of a Python for Windows, whichever way it is packed.

    Raises:
        Refused: it is not there, is no archive, or holds no ``python.exe`` (ADD702).
    """
    try:
        content = path.read_bytes()
        files = _zipped(content) if zipfile.is_zipfile(io.BytesIO(content)) else _tarred(content)
    except (tarfile.TarError, zipfile.BadZipFile, EOFError) as error:
        raise refuse("ADD702", path.name, reason="不是完整的压缩包") from error
    except OSError as error:
        raise refuse("ADD702", path.name, reason=reason(error)) from error
    home = next((name.removesuffix("python.exe") for name in files if name.rpartition("/")[2] == "python.exe"), None)
    found = _VERSION.search(path.name)
    if home is None or found is None:
        raise refuse("ADD702", path.name, reason="没有 python.exe，或文件名里没有版本号")
    inside = {name.removeprefix(home): data for name, data in files.items() if name.startswith(home)}
    return Python(found[1] or found[2], inside, any(name.startswith("Lib/tkinter/") for name in inside))


def _zipped(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist() if not name.endswith("/")}


def _tarred(content: bytes) -> dict[str, bytes]:
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        held = ((member.name, archive.extractfile(member)) for member in archive if member.isfile())
        return {name: file.read() for name, file in held if file}


def _fill(home: Path, interpreter: Python, lock: Path, wheels_from: Path | None) -> None:
    """The folder: the interpreter with its packages, the program beside it, and what the user starts."""
    python, app = home / "python", home / "app"
    for name, data in interpreter.files.items():
        path = python / name
        if python not in path.resolve().parents:
            raise Refused(finding("ADD702", workbook=name, reason="路径不在包内"))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    packages = python / "Lib" / "site-packages"
    wheels.install(lock, interpreter.version, packages, wheels_from)
    # From Lib\site-packages up to the folder that holds python and app.
    (packages / "towerdesk.pth").write_text("..\\..\\..\\app\n", encoding="utf-8")
    _apart(python, interpreter.version)
    for part in _PARTS:
        shutil.copytree(ROOT / part, app / part, ignore=_LEFT)
    facts = app / f"towerdesk-{program()}.dist-info"
    facts.mkdir()
    (facts / "METADATA").write_text(f"Metadata-Version: 2.1\nName: towerdesk\nVersion: {program()}\n", encoding="utf-8")
    for text in sorted(_TEXTS.iterdir()):
        lines = text.read_text(encoding="utf-8").format(version=program()).splitlines()
        (home / text.name).write_bytes("".join(f"{line}\r\n" for line in lines).encode())


def _apart(python: Path, version: str) -> None:
    """Let the interpreter look nowhere but here, whatever PYTHONHOME or PYTHONPATH other programs have set.

    An embeddable Python has such a listing, which names its zipped library only.
    """
    number = version.replace(".", "")
    lines = [f"python{number}.zip", ".", "DLLs", "Lib", "Lib\\site-packages", "..\\app", "import site"]
    (python / f"python{number}._pth").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def _packed(files: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            info = zipfile.ZipInfo(f"{_TITLE}/{name}", _EPOCH)
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(info, data)
    return made.getvalue()
