"""Does the tests of a module once more where LibreOffice went away in them, or the screen lost a click.

Only then, and only where nothing else failed: a program that ends LibreOffice or hangs does so the second time too.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
CACHE = ROOT / ".pytest_cache"
#: A line for each module in which an office ended before it was told to, and where it had written last words.
GONE = CACHE / "office-gone.txt"
_FAILED = CACHE / "v" / "cache" / "lastfailed"
#: pytest's status where tests failed.
_TESTS_FAILED = 1


def note_gone(log: str) -> None:
    """Note that in the running test's module the office ended by itself, or the screen was not heard."""
    module = os.environ.get("PYTEST_CURRENT_TEST", "").partition("::")[0]
    CACHE.mkdir(exist_ok=True)
    with GONE.open("a", encoding="utf-8") as file:
        file.write(f"{module}\t{log}\n")


def main() -> int:
    """The status of the tests: as it was, or that of the modules done again."""
    status = int(sys.argv[1])
    told = [line.split("\t") for line in _lines(GONE)]
    GONE.unlink(missing_ok=True)
    modules = {module for module, _ in told if module}
    failed = {test.partition("::")[0] for test in json.loads("".join(_lines(_FAILED)) or "{}")}
    if status != _TESTS_FAILED or not failed or not failed <= modules:
        return status
    for module, log in told:
        print(f"LibreOffice or the screen failed in {module}:", *_lines(Path(log))[-20:], sep="\n  ", flush=True)
    again = [sys.executable, "-m", "pytest", "-q", *sorted(failed)]
    return subprocess.run(again, cwd=ROOT, check=False).returncode


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8", errors="replace").splitlines() if path.is_file() else []


if __name__ == "__main__":
    sys.exit(main())
