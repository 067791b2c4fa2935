"""The command line: runs one command, and shows its results as text or as one JSON object."""

from __future__ import annotations

import atexit
import errno
import gc
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from macros import terminal
from macros.calls import WrongCall, in_order
from macros.commands import COMMANDS, FAILED, Answer, command
from macros.doing import doing
from macros.options import parser

if TYPE_CHECKING:
    from collections.abc import Sequence

    from macros.findings import Finding


#: New objects after which garbage is looked for.
_SELDOM = 50_000
#: Faults of the place a command was told to write to, not of the program.
_PLACE = (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC)
#: Signs that steer a terminal instead of being shown; ends of lines and tabs are none of them.
_STEERING = dict.fromkeys([*range(9), *range(11, 32), *range(127, 160)], "\ufffd")


def parsed(words: Sequence[str] | None = None) -> tuple[str, dict[str, Any]]:
    """The command id that the words of a call name, and its options; ``json`` among them.

    Raises:
        SystemExit: the words make no call; what is wrong was said on standard error.
    """
    given = in_order(sys.argv[1:] if words is None else words)
    known = {name.partition(".")[0] for name in COMMANDS}
    options = vars(parser(given[0] if given and given[0] in known else "").parse_args(given))
    options.pop("unused", None)
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
    try:
        name, options = parsed(words)
    except WrongCall as wrong:
        if "--json" in (sys.argv[1:] if words is None else words):
            _print(_json(_failed("CMD021", value=wrong.message, usage=wrong.usage)), sys.stdout)
        raise
    as_json = options.pop("json", False)
    with terminal.shown():
        answer, line = run(name, options), ""
        if as_json:
            # The data of a large answer are made only now: that may fail, or be cancelled, as the command may.
            try:
                line = _json(answer)
            except (Exception, KeyboardInterrupt) as fault:
                answer = _answer_to(fault)
                line = _json(answer)
    if answer.status == FAILED:
        _print(answer.text, sys.stderr)
    elif not as_json:
        line = answer.text
    if line and not _print(line, sys.stdout):
        answer = _failed("CMD023")
        _print(answer.text, sys.stderr)
    return answer.status


def run(name: str, options: dict[str, Any]) -> Answer:
    """The answer of a command, whatever happens: a refusal and a fault of ours are answers too."""
    from macros.commands.nexts import with_next  # what reads rules is not loaded for a call that is wrong

    try:
        with doing(name):
            return with_next(name, options, command(name)(**options))
    except (Exception, KeyboardInterrupt) as fault:
        return _answer_to(fault)


def _json(answer: Answer) -> str:
    return json.dumps(answer.data, ensure_ascii=False, allow_nan=False)


def _print(text: str, stream: TextIO) -> bool:
    """Whether the text went out, or its reader has seen enough; False where the disk behind the stream is full."""
    try:
        # What a cell holds may not steer the terminal it is shown in.
        print(text.translate(_STEERING) if stream.isatty() else text, file=stream, flush=True)
    except OSError as error:
        # Nothing more may be flushed at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        return isinstance(error, BrokenPipeError)
    return True


def _answer_to(fault: BaseException) -> Answer:
    """What to say of a refusal, of Ctrl-C, of a day outside the calendar, and of a fault of ours."""
    from macros.hosts import Refused, reason
    from macros.periods import CalendarError

    if isinstance(fault, Refused):
        return _told(fault.finding)
    if isinstance(fault, KeyboardInterrupt):
        return _failed("CMD022")
    if isinstance(fault, CalendarError):
        return _failed("CMD015", value=str(fault))
    if isinstance(fault, OSError) and fault.errno in _PLACE and fault.filename:
        folder = Path(os.fsdecode(fault.filename)).absolute().parent
        return _failed("CMD024", path=str(folder), reason=reason(fault))
    if isinstance(fault, OSError):
        return _failed("CMD025", value=str(fault.filename or ""), reason=reason(fault))
    return _failed("CMD010", value=_unforeseen(fault))


def _failed(code: str, **details: str) -> Answer:
    from macros.findings import finding

    return _told(finding(code, **details))


def _told(said: Finding) -> Answer:
    return Answer({"findings": [said.as_json()]}, said.message, FAILED)


def _unforeseen(fault: BaseException) -> str:
    """A fault of ours in a few words; maintainers see the details with TOWERDESK_DEBUG set."""
    import traceback

    if os.environ.get("TOWERDESK_DEBUG"):
        traceback.print_exception(fault)
    reason = str(fault).splitlines()[0][:120] if str(fault) else ""
    return f"{type(fault).__name__} {reason}".strip()


if __name__ == "__main__":
    sys.exit(main())
