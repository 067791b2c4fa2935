"""The warm process: everything loaded, it waits for one order, carries it out and ends.

Lines of JSON on standard output: ``{"ready": pid}``, ``{"taken": true}`` when the order has been read, then
``{"done": result}``, or ``{"failed": name}`` with the name of the exception's type.
"""

from __future__ import annotations

import gc
import json
import os
import sys
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING, Any

from addin import lean

if TYPE_CHECKING:
    from collections.abc import Callable

#: What clicks load, heaviest first; what is not installed is left for the click to say.
_MODULES = (
    "numpy", "xlwings", "macros.cli", "macros.commands.shelf", "macros.commands.checking", "macros.commands.boarding",
    "macros.commands.forming", "macros.commands.importing", "generator.documents", "docxtpl", "chinese_calendar",
    "addin.click", "addin.window",
)
#: Functions that read the program's data files once and keep them.
_DATA = (
    "macros.forms:forms", "macros.findings:catalogue", "macros.choices:choices", "macros.clocks.rules:clocks",
    "generator.definitions:definitions", "addin.ribbon:tab",
)


def _click(order: dict[str, Any]) -> Any:
    return import_module("addin.click").run(order)


def _run(order: dict[str, Any]) -> Any:
    return import_module("addin.wps.serving").run(order)


def _tell(order: dict[str, Any]) -> Any:
    from macros.findings import finding

    showing = import_module("addin.showing")
    return showing.told(showing.NAME, finding(order["code"], value=order["value"]).message)


_DO: dict[str, Callable[[dict[str, Any]], Any]] = {"click": _click, "run": _run, "tell": _tell}


def main() -> int:
    """Load, wait for one line, do what it says; 0 done or no order came, 1 the order failed."""
    say = _channel()
    warm()
    say({"ready": os.getpid()})
    line = sys.stdin.buffer.readline()
    _forget_input()
    if not line.endswith(b"\n"):  # the helper has ended, perhaps in the middle of a line
        return 0
    say({"taken": True})
    try:
        order = json.loads(line)
        result = _DO[order.pop("do")](order)
        say({"done": result})
    except (Exception, SystemExit) as fault:
        # Only the type: a message may hold what stands in a cell.
        say({"failed": type(fault).__name__})
        return 1
    return 0


def warm() -> None:
    """Load the modules and data files that clicks need."""
    lean.load()
    for name in _MODULES:
        with suppress(Exception):
            import_module(name)
    for name in _DATA:
        module, function = name.split(":")
        with suppress(Exception):
            getattr(import_module(module), function)()
    with suppress(Exception):
        import_module("addin.libreoffice.engine").load_uno()
    gc.collect()
    gc.freeze()  # what is loaded stays; searching it for garbage would only slow the click


def _channel() -> Callable[[dict[str, Any]], None]:
    """A way to speak to the helper that no print and no program started by the click can use."""
    private = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, sys.stdout.fileno())
    os.close(silent)

    def say(told: dict[str, Any]) -> None:
        # A helper that has ended meanwhile must not spoil an order that is being carried out.
        with suppress(OSError):
            private.write(json.dumps(told).encode("ascii") + b"\n")
            private.flush()

    return say


def _forget_input() -> None:
    """Keep programs that the click starts from reading the helper's pipe."""
    silent = os.open(os.devnull, os.O_RDONLY)
    os.dup2(silent, sys.stdin.fileno())
    os.close(silent)


if __name__ == "__main__":
    sys.exit(main())
