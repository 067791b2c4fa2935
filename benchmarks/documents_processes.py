"""One process for each engine and paper, pinned to one core, asked in turns; and the packages the peers are made of."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parent
#: Where peers are installed once: outside of the repository, never into the program's own environment.
CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "towerdesk-bench"
NPM = {"docxtemplater": "3.71.0", "pizzip": "3.3.0", "easy-template-x": "7.2.8", "carbone": "3.8.2"}
MAILMERGE = "docx-mailmerge2==1.0.3"
NPM_ENGINES = ("docxtemplater", "easy_template_x", "carbone")


def install_npm() -> str:
    """Install the npm peers where they are missing; why they cannot be measured, empty when they can."""
    if all((CACHE / "npm" / "node_modules" / name).is_dir() for name in NPM):
        return ""
    (CACHE / "npm").mkdir(parents=True, exist_ok=True)
    wanted = [f"{name}@{version}" for name, version in NPM.items()]
    return _done(["npm", "install", "--no-fund", "--no-audit", "--prefix", str(CACHE / "npm"), *wanted])


def install_mailmerge() -> str:
    """Install docx-mailmerge2 where it is missing; why it cannot be measured, empty when it can."""
    if (CACHE / "python" / "mailmerge").is_dir():
        return ""
    words = ["-m", "pip", "install", "-q", "--disable-pip-version-check", "--no-deps", "--target"]
    return _done([sys.executable, *words, str(CACHE / "python"), MAILMERGE])


def _done(command: list[str]) -> str:
    try:
        made = subprocess.run(command, capture_output=True, text=True, timeout=300)
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"{command[0]}: {error}"
    said = (made.stderr or made.stdout).strip().splitlines()
    return "" if made.returncode == 0 else f"{Path(command[0]).name}: {said[-1] if said else made.returncode}"


class Refused(Exception):
    """An engine cannot fill this paper; says why."""


class Worker:
    """One engine's process for one paper."""

    def __init__(self, engine: str, kind: str, rows: int, seeds: int, folder: Path, core: int | None) -> None:
        arguments = [engine, kind, str(rows), str(seeds), str(folder)]
        if engine in NPM_ENGINES:
            command = ["node", str(HERE / "peers_documents.js"), *arguments]
        else:
            command = [sys.executable, str(HERE / "documents_peers.py"), *arguments]
        environment = os.environ | {
            "PEERS": str(CACHE / "npm"), "PYTHONPATH": str(CACHE / "python"),
            "NODE_OPTIONS": "--max-old-space-size=8192",
        }
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment,
        )
        if core is not None:
            with contextlib.suppress(OSError):
                os.sched_setaffinity(self._process.pid, {core})
        self._answer()

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout and self._process.stderr
        line = self._process.stdout.readline()
        if not line:
            said = self._process.stderr.read().strip().splitlines()
            raise Refused(said[-1] if said else "ended without a word")
        found: dict[str, Any] = json.loads(line)
        return found

    def ask(self, seconds: float) -> dict[str, Any]:
        """Fill papers for so long; CPU milliseconds of the median paper and how many papers."""
        assert self._process.stdin
        try:
            print(seconds, file=self._process.stdin, flush=True)
        except BrokenPipeError as error:
            raise Refused("ended without a word") from error
        return self._answer()

    def peak_mb(self) -> float:
        """The process's peak memory in MB; 0 where the system does not tell."""
        try:
            lines = Path(f"/proc/{self._process.pid}/status").read_text().splitlines()
        except OSError:
            return 0.0
        return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:")), 0.0)

    def close(self) -> None:
        """End the process."""
        with contextlib.suppress(OSError, subprocess.TimeoutExpired):
            self._process.communicate(timeout=30)
        self._process.kill()
        self._process.wait()


def a_core() -> int | None:
    """The core all engines share in turns; None where processes cannot be pinned."""
    return max(os.sched_getaffinity(0)) if hasattr(os, "sched_setaffinity") else None


@contextlib.contextmanager
def workers(
    engines: list[str], kind: str, rows: int, seeds: int, folder: Path,
) -> Iterator[tuple[dict[str, Worker], dict[str, str]]]:
    """A process for each engine, and why there is none for the others."""
    alive: dict[str, Worker] = {}
    refused: dict[str, str] = {}
    core = a_core()
    try:
        for engine in engines:
            try:
                alive[engine] = Worker(engine, kind, rows, seeds, folder, core)
            except (Refused, OSError) as error:
                refused[engine] = str(error)
        yield alive, refused
    finally:
        for worker in alive.values():
            worker.close()
