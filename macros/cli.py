"""The command line: runs one command, and shows its results as text or as one JSON object."""

from __future__ import annotations

import atexit
import gc
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from macros import terminal
from macros.commands import COMMANDS, FAILED, Answer, command
from macros.doing import doing
from macros.options import parser

if TYPE_CHECKING:
    from collections.abc import Sequence


#: New objects after which garbage is looked for.
_SELDOM = 50_000


def parsed(words: Sequence[str] | None = None) -> tuple[str, dict[str, Any]]:
    """The command id that the words of a call name, and its options; ``json`` among them.

    Raises:
        SystemExit: the words make no call; what is wrong was said on standard error.
    """
    given = sys.argv[1:] if words is None else words
    known = {name.partition(".")[0] for name in COMMANDS}
    options = vars(parser(given[0] if given and given[0] in known else "").parse_args(given))
    name, below = options.pop("command"), options.pop("below", "")
    if below:
        name = f"{name}.{below}"
    if name == "workdays.import" and options["folder"] is None:
        options["folder"] = Path()
    return name, options


def main(words: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status (0 done, 1 findings, 2 could not)."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(encoding="utf-8", errors="backslashreplace")
    # One command leaves little garbage: its modules and tables are not searched for it time and again, nor at the end.
    gc.set_threshold(_SELDOM, *gc.get_threshold()[1:])
    atexit.unregister(gc.freeze)
    atexit.register(gc.freeze)
    name, options = parsed(words)
    as_json = options.pop("json", False)
    with terminal.shown():
        answer = run(name, options)
    if as_json and (data := answer.data):
        _print(json.dumps(data, ensure_ascii=False), sys.stdout)
    if not as_json or answer.status == FAILED:
        _print(answer.text, sys.stderr if answer.status == FAILED else sys.stdout)
    return answer.status


def _print(text: str, stream: TextIO) -> None:
    try:
        print(text, file=stream, flush=True)
    except BrokenPipeError:
        # The reader has seen enough; nothing more may be flushed at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def run(name: str, options: dict[str, Any]) -> Answer:
    """The answer of a command, whatever happens: a refusal and a fault of ours are answers too."""
    from macros.findings import finding
    from macros.hosts import Refused

    try:
        with doing(name):
            return command(name)(**options)
    except Refused as refused:
        return Answer({"findings": [refused.finding.as_json()]}, refused.finding.message, FAILED)
    except KeyboardInterrupt:
        return Answer({}, "已取消；写到一半的文件不会留下，已写完的保持完整。", FAILED)
    except Exception as fault:
        from macros.periods import CalendarError

        if not isinstance(fault, CalendarError):
            return Answer({}, _unforeseen(), FAILED)
        said = finding("CMD015", value=str(fault))
        return Answer({"findings": [said.as_json()]}, said.message, FAILED)


def _unforeseen() -> str:
    """A sentence for the user about a fault of ours; maintainers see the details with TOWERDESK_DEBUG set."""
    import traceback

    from macros.findings import finding

    if os.environ.get("TOWERDESK_DEBUG"):
        traceback.print_exc()
    fault = sys.exc_info()[1]
    reason = str(fault).splitlines()[0][:120] if str(fault) else ""
    return finding("CMD010", value=f"{type(fault).__name__} {reason}".strip()).message


if __name__ == "__main__":
    sys.exit(main())
