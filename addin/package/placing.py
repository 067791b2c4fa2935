"""Puts an unpacked package in its place, or leaves everything as it was: 安装.cmd runs it with the package's Python.

The new version is copied beside the old one and takes its place by renaming, which Windows refuses as long as a program
of the old one runs; the old one is thrown away only when the ribbon of the new one is in. Settings lie beside both.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
import tomllib
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from addin.agent import state
from addin.agent.command import stop
from addin.install import apply
from addin.install.plan import NAMES
from addin.package.checking import differing
from addin.places import home
from macros.commands import FAILED
from macros.hosts import reason

if TYPE_CHECKING:
    from collections.abc import Callable

PARTS = ("python", "app")
NEW, OLD = "new", "old"
#: Times a folder in use is tried again, and seconds between them: the helper takes a moment to end.
TRIES, PAUSE = 20, 0.5


class Unplaced(Exception):
    """The package was not put in place and nothing has changed; the sentence says why and what helps."""


def sentences() -> dict[str, str]:
    """What is said to the user."""
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def place(source: Path, target: Path, said: dict[str, str]) -> int:
    """Put the package unpacked in ``source`` into ``target``; an older version gives way, its settings stay.

    Returns:
        The exit status of the ribbon's installation: 0, or 1 when a part of it was not done.

    Raises:
        Unplaced: nothing has changed.
    """
    source, target = source.resolve(), target.resolve()
    if source.is_relative_to(target) or target.is_relative_to(source):
        raise Unplaced(said["inside"].format(path=target))
    _recover(target)
    _whole(source, said)
    _closed(said)
    print(said["copying"].format(path=target), flush=True)
    new, old = target / NEW, target / OLD
    try:
        _copy(source, new, said)
        if state.living():
            stop()
        moved = _swap(new, target, old)
    except OSError as error:
        shutil.rmtree(new, ignore_errors=True)
        raise Unplaced(said["busy"].format(reason=reason(error))) from error
    status = _ribbon(target)
    if status >= FAILED:
        _back(moved)
        shutil.rmtree(new, ignore_errors=True)
        raise Unplaced(said["no_ribbon"])
    for path in source.glob("*.cmd"):
        if path.name != said["installer"]:
            apply.write(target / path.name, path.read_bytes())
    for left in (new, old):
        shutil.rmtree(left, ignore_errors=True)
    return status


def _whole(source: Path, said: dict[str, str]) -> None:
    try:
        wrong = differing(source)
    except OSError as error:
        raise Unplaced(said["no_list"]) from error
    if wrong:
        shown = "\n".join(said["file"].format(name=name) for name in wrong[:5])
        raise Unplaced(f"{shown}\n{said['damaged'].format(count=len(wrong))}")


def _closed(said: dict[str, str]) -> None:
    """See that no program holds a file that will be written anew; Excel holds its add-in while it is open."""
    for item in apply.remembered():
        if item.kind == "file":
            try:
                Path(item.path).open("r+b").close()
            except FileNotFoundError:
                continue
            except OSError as error:
                raise Unplaced(said["open"].format(program=NAMES[item.part])) from error


def _copy(source: Path, new: Path, said: dict[str, str]) -> None:
    """The program's files without the mark of the web that unpacking gave them, compiled for a quick first click."""
    shutil.rmtree(new, ignore_errors=True)
    files = [path for part in PARTS for path in (source / part).rglob("*") if path.is_file()]
    needed = sum(path.stat().st_size for path in files)
    if shutil.disk_usage(new.parent).free < 2 * needed:
        raise Unplaced(said["full"].format(size=2 * needed // 1_000_000))
    for path in files:
        copy = new / path.relative_to(source)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
        copy.chmod(path.stat().st_mode | 0o200)
    # What is compiled here names its sources by the place they will have.
    named = ["-s", str(new), "-p", str(new.parent), str(new / "app")]
    python = str(new / "python" / "python.exe")
    subprocess.run([python, "-P", "-X", "utf8", "-m", "compileall", "-qq", *named], capture_output=True, check=False)


def _swap(new: Path, target: Path, old: Path) -> list[tuple[Path, Path]]:
    """Let the new parts take the place of the old ones.

    Returns:
        What was moved, from where to where.

    Raises:
        OSError: a part is in use; everything is where it was.
    """
    shutil.rmtree(old, ignore_errors=True)
    old.mkdir(exist_ok=True)
    moves = [(target / part, old / part) for part in PARTS if (target / part).exists()]
    moves += [(new / part, target / part) for part in PARTS]
    done: list[tuple[Path, Path]] = []
    try:
        for here, there in moves:
            _move(here, there)
            done.append((here, there))
    except OSError:
        _back(done)
        raise
    return done


def _move(here: Path, there: Path) -> None:
    for left in reversed(range(TRIES)):
        try:
            here.rename(there)
        except PermissionError:
            if not left:
                raise
            time.sleep(PAUSE)
        else:
            return


def _back(moved: list[tuple[Path, Path]]) -> None:
    for here, there in reversed(moved):
        _move(there, here)


def _recover(target: Path) -> None:
    """An installation that was cut off between two renames left the old version aside."""
    for part in PARTS:
        aside, there = target / OLD / part, target / part
        if aside.exists() and not there.exists():
            _move(aside, there)


def _ribbon(target: Path) -> int:
    words = [str(target / "python" / "python.exe"), "-P", "-X", "utf8", "-m", "macros.cli", "addin", "install"]
    done = subprocess.run(words, check=False, cwd=target, capture_output=True, encoding="utf-8", errors="replace")
    print(brief(done.stdout + done.stderr), flush=True)
    return done.returncode


def brief(text: str) -> str:
    """What installing or uninstalling said, without its list of files."""
    return "\n".join(line for line in text.splitlines() if not line.startswith("  "))


def main(words: list[str]) -> int:
    """``placing PACKAGE``; 0 when all is in, 1 when a part of the ribbon is not, 2 when nothing has changed."""
    said = sentences()
    try:
        status = place(Path(words[0]), home(), said)
    except Unplaced as why:
        print(f"\n{why}\n{said['unchanged']}")
        return FAILED
    except KeyboardInterrupt:
        print(f"\n{said['stopped']}")
        return FAILED
    print(f"\n{said['part' if status else 'done']}")
    return status


def started(run: Callable[[list[str]], int]) -> None:
    """End with the status of ``run`` over the words given, whose Chinese goes out whatever the console's code page."""
    with suppress(AttributeError):
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    started(main)
