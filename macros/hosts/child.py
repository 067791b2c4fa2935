"""The child process that reads one file under limits and prints what it read as JSON.

JSON and not pickle: what comes back from a file of unknown origin must never be able to run.
"""

from __future__ import annotations

import datetime as dt
import gc
import json
import sys
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path

from macros.findings import Finding
from macros.hosts import Refused, Sheet, TableRef
from macros.hosts.limits import limit
from macros.records import Broken


def _encode(value: object) -> object:
    if isinstance(value, dt.datetime):
        return {"moment": value.isoformat()}
    if isinstance(value, Broken):
        return {"broken": [value.text, value.why]}
    if isinstance(value, dt.time):
        return {"time": value.isoformat()}
    raise TypeError(type(value).__name__)


# A register names the same days again and again.
_moment = lru_cache(100_000)(dt.datetime.fromisoformat)


def _decode(found: dict[str, object]) -> object:
    if len(found) != 1:
        return found
    (name, value), = found.items()
    if name == "broken" and isinstance(value, list):
        return Broken(str(value[0]), str(value[1]))
    if name == "moment":
        return _moment(str(value))
    if name == "time":
        return dt.time.fromisoformat(str(value))
    return found


def dump(sheets: list[Sheet], findings: list[Finding]) -> str:
    """Sheets and findings as JSON text."""
    return json.dumps({
        "sheets": [
            [one.title, one.rows, one.merges, one.hidden, [[table.name, table.ref] for table in one.tables]]
            for one in sheets
        ],
        "findings": [asdict(one) for one in findings],
    }, default=_encode)


def load(text: str) -> tuple[list[Sheet], list[Finding]]:
    """What `dump` wrote."""
    data = json.loads(text, object_hook=_decode)
    sheets = [
        Sheet(title, rows, [(a, b, c, d) for a, b, c, d in merges], hidden, [TableRef(*one) for one in tables])
        for title, rows, merges, hidden, tables in data["sheets"]
    ]
    return sheets, [Finding(**one) for one in data["findings"]]


def _limit_self() -> None:
    """Cap this process's memory and time, where the system can (POSIX)."""
    if sys.platform != "win32":
        import resource

        cap, time = limit("child", "memory"), limit("child", "seconds")
        resource.setrlimit(resource.RLIMIT_AS, (cap, cap))
        resource.setrlimit(resource.RLIMIT_CPU, (time, time + 1))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> int:
    """Read the file named by the first argument; 0 read, 2 refused (its finding printed), 3 out of memory."""
    _limit_self()
    gc.disable()  # a fifth of the time; the process is short and its memory capped
    from macros.hosts.reading import file_kind, read_here

    sys.stdout.reconfigure(encoding="ascii")  # type: ignore[union-attr]
    path = Path(sys.argv[1])
    try:
        print(dump(*read_here(path, file_kind(path))))
    except Refused as refused:
        print(dump([], [refused.finding]))
        return 2
    except (MemoryError, RecursionError):
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main())
