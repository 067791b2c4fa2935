"""Makes the environment the program runs in, for ``run`` and ``run.cmd``.

A newcomer's Python starts this file by itself: nothing but the standard library is there yet. Whoever only uses the
program gets what ``requirements-run.lock`` names; its tests and checks ask for ``requirements.lock``, which is put on
top. What goes wrong is said in a sentence with its cure (``environment.toml``); what pip wrote stays in a file.
"""

from __future__ import annotations

import ast
import importlib.util
import io
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import Any

RUN, ALL = "requirements-run.lock", "requirements.lock"
#: Holds the folder an environment was made for; one that was moved is made anew.
MADE_IN = "made-in"


class Trouble(Exception):
    """The environment could not be made; the sentence says why and what helps."""


def sentences() -> dict[str, Any]:
    """What is said, and by which words of pip's a trouble is known."""
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def make(here: Path, place: Path, lock: str, said: dict[str, Any]) -> None:
    """Make the environment ``place`` for the program in ``here``, or add to it what ``lock`` names.

    Args:
        here: the program's folder.
        place: the environment's.
        lock: ``RUN`` or ``ALL``.
        said: what `sentences` gives.

    Raises:
        Trouble: there is no venv or ensurepip, no room, no network, or a package differs from its hash.
    """
    if any(importlib.util.find_spec(name) is None for name in ("venv", "ensurepip")):
        raise Trouble(said["no_venv"].format(version="{}.{}".format(*sys.version_info)))
    folder, name = ("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")
    python = place / folder / name
    fits = _text(place / MADE_IN) == str(here) and python.exists()
    print(said["more" if fits and lock == ALL else "first"], file=sys.stderr, flush=True)
    if not fits:
        _done([sys.executable, "-I", "-m", "venv", "--clear", str(place)], said)
    (place / MADE_IN).unlink(missing_ok=True)
    pip = [str(python), "-I", "-m", "pip", "install", "-q", "--disable-pip-version-check", "--no-compile"]
    _done([*pip, "--require-hashes", "-r", str(here / lock)], said)
    link(here, python)
    if lock == ALL:  # tests take a warning for an error, and a library's first compilation may warn
        subprocess.run([python, "-I", "-m", "compileall", "-qq", "-j", "0", place], capture_output=True, check=False)
    for each in (RUN, ALL) if lock == ALL else (RUN,):
        shutil.copyfile(here / each, place / each)
    (place / MADE_IN).write_text(str(here), encoding="utf-8")


def link(here: Path, python: Path) -> None:
    """Let the environment find the program where it lies, know its version, and have the command ``towerdesk``."""
    asked = [str(python), "-I", "-c", "import sysconfig; print(ascii(sysconfig.get_path('purelib')))"]
    packages = Path(ast.literal_eval(subprocess.run(asked, capture_output=True, check=True, encoding="ascii").stdout))
    version = tomllib.loads((here / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    for old in packages.glob("towerdesk-*.dist-info"):
        shutil.rmtree(old)
    facts = packages / f"towerdesk-{version}.dist-info"
    facts.mkdir()
    (facts / "METADATA").write_text(f"Metadata-Version: 2.1\nName: towerdesk\nVersion: {version}\n", encoding="utf-8")
    # A plain path would be read in whatever encoding the shell of the day has.
    line = f"import sys; sys.path.append({str(here)!a})\n"
    (packages / "towerdesk.pth").write_text(line, encoding="ascii")
    (python.parent / "towerdesk.cmd").write_text('@"%~dp0python.exe" -P -X utf8 -m macros.cli %*\n', encoding="ascii")
    command = python.parent / "towerdesk"
    command.write_text('#!/bin/sh\nexec "${0%/*}/python" -P -m macros.cli "$@"\n', encoding="ascii")
    command.chmod(0o755)


def _done(words: list[str], said: dict[str, Any]) -> None:
    """Run one step.

    Raises:
        Trouble: it failed; the sentence is that of the first sign found in what it wrote.
    """
    # A user's pip.conf may ask for installations into the home folder, which an environment refuses.
    ran = subprocess.run(words, env={**os.environ, "PIP_USER": "0"}, capture_output=True, check=False)
    if not ran.returncode:
        return
    written = ran.stdout + ran.stderr
    with tempfile.NamedTemporaryFile(prefix="towerdesk-", suffix=".log", delete=False) as log:
        log.write(written)
    text = written.decode("utf-8", "replace")
    known = (row["say"] for row in said["trouble"] if any(sign.lower() in text.lower() for sign in row["signs"]))
    last = next((line for line in reversed(text.splitlines()) if line.startswith("ERROR")), text.strip()[-300:])
    raise Trouble("\n".join([next(known, said["unknown"]), f"（{last}）", said["log"].format(path=log.name)]))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeError):
        return ""


def main(words: list[str]) -> int:
    """``environment.py HERE PLACE LOCK``; 0 when the environment is there, 2 when it is not."""
    here, place, lock = words
    said = sentences()
    if isinstance(sys.stderr, io.TextIOWrapper):
        sys.stderr.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        make(Path(here), Path(place), lock, said)
    except Trouble as trouble:
        print(trouble, file=sys.stderr)
    except OSError as error:
        reason = error.strerror or str(error)
        print(said["no_place"].format(path=error.filename or place, reason=reason), file=sys.stderr)
    except KeyboardInterrupt:
        print(said["stopped"], file=sys.stderr)
    else:
        return 0
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
