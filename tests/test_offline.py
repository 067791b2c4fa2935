"""A day's work asks nothing of any network: no name is looked up, no connection begun, nothing sent (PEP 578)."""

from __future__ import annotations

import socket
import sys
from pathlib import Path

import pytest

from macros.cli import main
from tests.city import NOWS, SAMPLES, copied

_NETWORK = ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto", "socket.sendmsg", "urllib.Request")
_heard: list[str] | None = None


def _hear(event: str, arguments: tuple[object, ...]) -> None:
    if _heard is not None and event in _NETWORK:
        _heard.append(f"{event} {arguments[1:]}"[:200])


sys.addaudithook(_hear)

#: What a day asks for, with all that might be thought to call out: drafts of mail, the map, a file from elsewhere.
DAY = [
    ["import", str(SAMPLES / "移动需求.xlsx")], ["check"], ["board"], ["form", "3.4", "DD2026080006"],
    ["mail", "TD-3.4-2026-0001"], ["consolidate"], ["bill", "2026-10", "--dry-run"],
    ["reconcile", "2026-10", "--ledger", str(SAMPLES / "移动账单_202610.xlsx")],
]


def test_no_command_of_a_day_reaches_for_the_network(
    full: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    global _heard
    monkeypatch.chdir(copied(full, tmp_path))
    monkeypatch.setenv("TOWERDESK_NOW", NOWS[0])
    _heard = []
    try:
        ended = [(words[0], main(words)) for words in DAY]
    finally:
        heard, _heard = _heard, None
    assert heard == []
    assert [command for command, status in ended if status == 2] == [], capsys.readouterr().err


def test_whoever_listens_hears_a_connection() -> None:
    global _heard
    _heard = []
    try:
        with socket.socket() as line, pytest.raises(OSError):
            line.connect(("127.0.0.1", 1))
    finally:
        heard, _heard = _heard, None
    assert heard == ["socket.connect (('127.0.0.1', 1),)"]
