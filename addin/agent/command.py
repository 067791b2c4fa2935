"""The commands about the helper: be it, start it in the background, end it, ask how it is."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from addin.agent import state
from addin.agent.processes import AGENT, detach
from macros.commands import DONE, FAILED, FOUND, Answer
from macros.findings import finding
from macros.hosts import reason
from macros.versions import program as version

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Seconds for starting and for ending.
_WAIT = 15.0
_STEP = 0.05


def start(**options: Any) -> Answer:
    """Be the helper, until it is told to end; ``options`` are those of `resident.serve`.

    One that already runs stays, unless it is of another version: that one is ended and its place taken.
    """
    until = time.monotonic() + _WAIT
    while time.monotonic() < until:
        with state.alone() as free:
            found = state.living()
            if found and found[0].version == version():
                return _running(*found)
            if found:
                _quit(found[0])
            elif free:
                return _serve(options)
        time.sleep(_STEP)
    return _failed("ADD102")


def _serve(options: dict[str, Any]) -> Answer:
    from addin.agent.resident import serve

    try:
        serve(**options)
    except OSError as error:
        return _failed("ADD110", reason=reason(error))
    return Answer({"running": False}, "助手已退出。")


def launch(words: Sequence[str] = AGENT) -> Answer:
    """Start the helper in the background and wait until it answers; one that already runs is only reported."""
    found = state.living()
    if found and found[0].version == version():
        return _running(*found)
    try:
        detach(words)
    except OSError as error:
        return _failed("ADD110", reason=reason(error))
    until = time.monotonic() + _WAIT
    while time.monotonic() < until:
        found = state.living()
        if found and found[0].version == version():
            return Answer(
                {**found[1], "running": True, "launched": True},
                f"助手已启动：端口 {found[0].port}，进程 {found[0].pid}。",
            )
        time.sleep(_STEP)
    return _failed("ADD102")


def stop() -> Answer:
    """End the helper and wait until it has gone; clicks that are being carried out go on."""
    found = state.living()
    if found:
        _quit(found[0])
    until = time.monotonic() + _WAIT
    while time.monotonic() < until:
        with state.alone() as free:
            if free and not (found and state.living()):
                if found is None:
                    return Answer({"running": False, "stopped": False}, finding("ADD108").message)
                return Answer({"running": False, "stopped": True}, "助手已退出。")
        time.sleep(_STEP)
    return _failed("ADD109")


def status() -> Answer:
    """Whether the helper runs and what it has done; status 1 when it does not run."""
    found = state.living()
    if found:
        return _running(*found)
    with state.alone() as free:
        if not free:
            return _failed("ADD102")
    said = finding("ADD108")
    return Answer({"running": False, "findings": [said.as_json()]}, said.message, FOUND)


def _quit(facts: state.Facts) -> None:
    with suppress(OSError, ValueError):
        state.ask(facts, "POST", "/quit", {})


def _running(facts: state.Facts, said: dict[str, Any]) -> Answer:
    since = str(said["started"]).replace("T", " ")
    lines = [
        f"助手正在运行：端口 {facts.port}，进程 {facts.pid}，版本 {facts.version or '未知'}。",
        f"自 {since} 起处理点击 {said['clicks']} 次，正在进行 {len(said['running'])} 项，"
        f"下一次点击{'已备好' if said['warm'] else '正在准备'}。",
    ]
    return Answer({**said, "running": True, "jobs": said["running"]}, "\n".join(lines), DONE)


def _failed(code: str, **details: str) -> Answer:
    said = finding(code, **details)
    return Answer({"running": False, "findings": [said.as_json()]}, said.message, FAILED)
