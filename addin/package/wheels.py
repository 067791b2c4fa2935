"""Fetches the wheels of the lock file for Windows, whatever system this is; each is compared with its hash by pip."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING, NamedTuple

from macros.findings import finding
from macros.hosts import Refused

if TYPE_CHECKING:
    from pathlib import Path

#: What Windows says of itself where a lock file asks; pip would ask this machine instead.
_WINDOWS = {
    "sys_platform": "win32", "platform_system": "Windows", "os_name": "nt", "platform_machine": "AMD64",
    "implementation_name": "cpython", "platform_python_implementation": "CPython", "platform_release": "",
    "platform_version": "", "extra": "",
}
_HASH = re.compile(r"--hash=\S+")


class Wanted(NamedTuple):
    """One line of a lock file that Windows needs: name, version and the hashes of its files."""

    name: str
    version: str
    hashes: tuple[str, ...]

    @property
    def line(self) -> str:
        """The line as pip reads it."""
        return " ".join([f"{self.name}=={self.version}", *self.hashes])


def wanted(lock: str, python: str) -> list[Wanted]:
    """The lines of a lock file that Python ``python`` (3.11, 3.12 …) needs on 64-bit Windows."""
    from packaging.requirements import Requirement

    full = f"{python}.0"
    place = _WINDOWS | {"python_version": python, "python_full_version": full, "implementation_version": full}
    found = []
    for line in lock.replace("\\\n", " ").splitlines():
        if "==" not in line or line.lstrip().startswith("#"):
            continue
        named = Requirement(line.partition("--hash")[0].strip())
        if named.marker is None or named.marker.evaluate(place):
            (version,) = named.specifier
            found.append(Wanted(named.name, version.version, tuple(_HASH.findall(line))))
    return found


def install(lock: Path, python: str, target: Path, wheels: Path | None = None) -> None:
    """Unpack the wheels into ``target``.

    Args:
        lock: the lock file with hashes.
        python: the version of the package's Python.
        target: its folder of packages.
        wheels: a folder of wheels to take them from; the package index when None.

    Raises:
        Refused: a wheel is not there, does not fit Windows or differs from its hash.
    """
    target.mkdir(parents=True, exist_ok=True)
    _pip(lock, python, target, ["--upgrade"], wheels)


def resolve(lock: Path, python: str, target: Path, wheels: Path | None = None) -> None:
    """Find out whether every wheel could be had, without unpacking any.

    Raises:
        Refused: see `install`.
    """
    _pip(lock, python, target, ["--dry-run", "--ignore-installed"], wheels)


def _pip(lock: Path, python: str, target: Path, words: list[str], wheels: Path | None) -> None:
    lines = "".join(f"{one.line}\n" for one in wanted(lock.read_text(encoding="utf-8"), python))
    source = ["--no-index", "--find-links", str(wheels)] if wheels else []
    listed = target.parent / "requirements.txt"
    listed.write_text(lines, encoding="utf-8")
    done = subprocess.run(
        [
            sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps",
            "--no-compile", "--ignore-requires-python", "--require-hashes", "--only-binary=:all:",
            "--platform", "win_amd64", "--python-version", python, "--implementation", "cp",
            "--target", str(target), *words, *source, "-r", str(listed),
        ], capture_output=True, check=False, encoding="utf-8", errors="replace",
    )
    listed.unlink()
    if done.returncode:
        errors = [line for line in done.stderr.splitlines() if line.startswith("ERROR")] or done.stderr.splitlines()
        raise Refused(finding("ADD701", reason="；".join(errors[:2])))
