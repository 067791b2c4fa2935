"""One click: gather what the button's command lacks, run it on the open workbooks, show what it says."""

from __future__ import annotations

import contextlib
import logging
import time
import traceback
from logging.handlers import RotatingFileHandler
from typing import TYPE_CHECKING, Any

from addin import showing
from addin.buttons import Order, filled, orders
from addin.desk import Caller, attach
from addin.gather import Asked, Dropped
from addin.places import home
from macros import cli
from macros.commands import DONE, FAILED, Answer
from macros.findings import finding
from macros.hosts import Refused, opening

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_log = logging.getLogger("towerdesk.click")


def run(order: Mapping[str, Any]) -> int:
    """Do what a launcher ordered: the fields of a `Caller`. Returns the command's exit status.

    Nothing escapes: a refusal and a fault of ours are shown to the user, and the log keeps the details of a fault.
    """
    _open_log()
    caller = Caller(**order)
    began = time.monotonic()
    app, status = None, FAILED
    try:
        app = attach(caller)
        status = _click(caller, app)
    except Dropped:
        showing.status(app, "已取消")
        status = DONE
    except Refused as refused:
        showing.refused(app, refused.finding)
    except Exception as fault:
        _log.error("%s", traceback.format_exc())
        why = str(fault).splitlines()[0][:120] if str(fault) else ""
        said = finding("CMD010", value=f"{type(fault).__name__} {why}".strip())
        with contextlib.suppress(Exception):  # the program may be what failed
            showing.told("塔务台", f"{said.message}\n\n记录见：{home() / _LOG}")
    finally:
        showing.release(app)
        _log.info("%s %s %d %.2fs", caller.id, caller.host, status, time.monotonic() - began)
    return status


def _click(caller: Caller, app: Any) -> int:
    order = orders().get(caller.id)
    if order is None:
        raise Refused(finding("ADD010", value=caller.id))
    showing.status(app, f"{order.doing}…")
    asked = Asked(app, order, showing.label(caller.id))
    if app is None:
        answer = perform(asked)
    else:
        from macros.hosts.live import opener

        with opening.through(opener(app)):
            answer = perform(asked)
            if order.confirm and order.confirm in showing.codes(answer) and showing.confirmed(asked, answer):
                answer = perform(asked, ["--confirm"])
    showing.answer(app, asked, answer)
    return answer.status


def perform(asked: Asked, more: Sequence[str] = ()) -> Answer:
    """Run the order's command with ``more`` words, for each chosen paper where it wants any; answers become one.

    Raises:
        Refused: what the command needs is not there.
        Dropped: the user gave no answer to a question.
    """
    found = asked.parts
    with showing.progress(asked):
        answers = [
            _run([*filled(asked.order, found | {"papers": [paper]}), *more]) for paper in found.get("papers", [""])
        ]
    return answers[0] if len(answers) == 1 else _joined(answers)


def _run(words: list[str]) -> Answer:
    name, options = cli.parsed(words)
    options.pop("json", None)
    return cli.run(name, options)


def _joined(answers: list[Answer]) -> Answer:
    """Several answers as one: lists one after another, texts below each other, the worst status."""
    data: dict[str, Any] = {}
    for answer in answers:
        for name, value in answer.data.items():
            data[name] = data[name] + value if isinstance(value, list) and name in data else value
    texts = [answer.text for answer in answers]
    if len({text.rpartition("\n")[2] for text in texts}) == 1:  # what comes next is said once
        texts = [*(text.rpartition("\n")[0] for text in texts[:-1]), texts[-1]]
    return Answer(data, "\n".join(texts), max(answer.status for answer in answers))


_LOG = "click.log"


def _open_log() -> None:
    if not _log.handlers:
        file = RotatingFileHandler(home() / _LOG, maxBytes=1_000_000, backupCount=1, encoding="utf-8")
        file.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
        _log.addHandler(file)
        _log.setLevel(logging.INFO)
        _log.propagate = False


__all__ = ["Order", "perform", "run"]
