"""The resident helper with real processes on real sockets: who may ask, what happens to orders, how it starts and ends."""

from __future__ import annotations

import http.client
import json
import logging
import os
import re
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from addin.agent import command, state
from addin.agent.asking import every
from addin.agent.menus import Registers, answer, papers
from addin.agent.pool import Full, Pool
from addin.agent.processes import MENUS, stamp
from addin.buttons import button_of
from generator.definitions import definitions
from macros.forms import forms
from tests.city import City, copied, enter, put

ROOT = Path(__file__).parents[1]
#: Stands for the spreadsheet side: an order reports to the test and does what the test says. All else is the real worker.
STAND_IN = '''
import json, os, signal, socket, sys, types

def reported(kind, order, port):
    with socket.create_connection(("127.0.0.1", int(port))) as link, link.makefile("rwb") as both:
        both.write(json.dumps({"pid": os.getpid(), "kind": kind, "order": order}).encode() + b"\\n")
        both.flush()
        word = both.readline().decode().strip()
        if word == "raise":
            raise RuntimeError("a name from a cell")
        if word == "die":
            os.kill(os.getpid(), signal.SIGKILL)
        print("a stray print")
        return word

click, serving, showing = (types.ModuleType(name) for name in ("addin.click", "addin.wps.serving", "addin.showing"))
click.run = lambda order: reported("click", order, order["book"].rpartition(":")[2])
serving.run = lambda order: {"said": reported("run", order, order["answers"]["port"][0]), "edits": []}
showing.NAME = "塔务台"
showing.told = lambda title, text: reported("told", {"title": title, "text": text}, os.environ["TELL_PORT"])
sys.modules |= {"addin.click": click, "addin.wps.serving": serving, "addin.showing": showing}

from addin.agent import worker
worker._MODULES = worker._DATA = ()
sys.exit(worker.main())
'''
WORDS = [sys.executable, "-X", "utf8", "-c", STAND_IN]
RUN = "import json, sys; from addin.agent.command import start; said = start(**json.loads(sys.argv[1])); print(said.text); sys.exit(said.status)"


@dataclass
class Helper:
    """A running helper, seen from outside."""

    process: subprocess.Popen[str]
    home: Path
    facts: state.Facts

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, dict[str, Any]]:
        status, _, text = self.raw(method, path, None if body is None else json.dumps(body).encode(), **headers)
        return status, json.loads(text)

    def raw(self, method: str, path: str, body: bytes | None = None, **headers: str) -> tuple[int, dict[str, str], str]:
        """Headers are given with underscores; an empty one is left out."""
        sent = {"X-TowerDesk-Token": self.facts.token, "Content-Type": "application/json"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        link = http.client.HTTPConnection("127.0.0.1", self.facts.port, timeout=20)
        try:
            link.request(method, path, body, {name: value for name, value in sent.items() if value})
            reply = link.getresponse()
            return reply.status, dict(reply.headers), reply.read().decode()
        finally:
            link.close()

    def words(self, text: bytes) -> bytes:
        """Bytes sent as they are; what comes back until the helper closes."""
        with socket.create_connection(("127.0.0.1", self.facts.port), timeout=20) as link:
            link.sendall(text)
            return b"".join(iter(lambda: link.recv(4096), b""))

    def log(self) -> str:
        return (self.home / "agent.log").read_text(encoding="utf-8")

    def workers(self) -> list[int]:
        """Every worker that became ready so far."""
        return [int(number) for number in re.findall(r"worker (\d+) ready", self.log())]


def until(true: Callable[[], Any]) -> Any:
    """What a condition comes to be, looked at again and again for at most ten seconds."""
    end = time.monotonic() + 10
    while not (found := true()):
        assert time.monotonic() < end, "did not come true"
        time.sleep(0.01)
    return found


def gone(pid: int) -> bool:
    """Whether a process has ended; one that nobody has asked for its status yet has."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


class Orders:
    """Where orders report: each is taken, looked at and released by the test."""

    def __init__(self) -> None:
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.listening.settimeout(20)
        self.port = self.listening.getsockname()[1]

    @contextmanager
    def begun(self) -> Iterator[tuple[dict[str, Any], BinaryIO]]:
        link, _ = self.listening.accept()
        with link, link.makefile("rwb") as both, suppress(OSError):
            yield json.loads(both.readline()), both  # type: ignore[misc]

    def done(self, word: bytes = b"go") -> dict[str, Any]:
        """Take an order and release it at once."""
        with self.begun() as (told, both):
            release(both, word)
        return told

    def click(self, **more: Any) -> dict[str, Any]:
        return {"id": "board", "host": "excel", "book": f"绝密.xlsx:{self.port}", "hwnd": 77, "pipe": ""} | more

    def run(self) -> dict[str, Any]:
        return {"id": "check", "path": "C:\\绝密\\需求台账.xlsx", "sheet": "需求", "rows": [2], "column": 1, "answers": {"port": [self.port]}}


def release(both: BinaryIO, word: bytes = b"go") -> None:
    both.write(word + b"\n")
    both.flush()


@pytest.fixture
def orders() -> Iterator[Orders]:
    made = Orders()
    yield made
    made.listening.close()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A per-user folder of this test's own."""
    folder = tmp_path / "用户 1"
    folder.mkdir()
    monkeypatch.setenv("TOWERDESK_HOME", str(folder))
    return folder


@contextmanager
def helpers(home: Path, orders: Orders) -> Iterator[Callable[..., Helper]]:
    """Starts helpers; those still running are killed in the end."""
    started: list[subprocess.Popen[str]] = []

    def start(**options: Any) -> Helper:
        said = json.dumps({"port": 0, "worker": WORDS, **options})
        process = subprocess.Popen(
            [sys.executable, "-X", "utf8", "-c", RUN, said], cwd=ROOT, stdout=subprocess.PIPE, text=True, encoding="utf-8",
            env=os.environ | {"TELL_PORT": str(orders.port)},
        )
        started.append(process)
        until(lambda: process.poll() is not None or ((facts := state.load()) and facts.pid == process.pid and state.living()))
        facts = state.load()
        assert facts
        return Helper(process, home, facts)

    try:
        yield start
    finally:
        for process in started:
            process.kill()
            process.communicate()


@pytest.fixture
def begin(home: Path, orders: Orders) -> Iterator[Callable[..., Helper]]:
    with helpers(home, orders) as start:
        yield start


@pytest.fixture(scope="module")
def idle(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Helper]:
    """One helper for everything that leaves it as it was."""
    orders = Orders()
    with pytest.MonkeyPatch.context() as patch, orders.listening:
        home = tmp_path_factory.mktemp("idle")
        patch.setenv("TOWERDESK_HOME", str(home))
        with helpers(home, orders) as start:
            yield start()


@pytest.fixture
def helper(begin: Callable[..., Helper]) -> Helper:
    return begin()


def test_the_helper_says_what_it_is(idle: Helper) -> None:
    status, said = idle.ask("GET", "/status")
    assert (status, said["product"], said["pid"], said["port"]) == (200, "towerdesk", idle.process.pid, idle.facts.port)
    assert (said["clicks"], said["last"], said["running"], said["version"]) == (0, {}, [], idle.facts.version)


def test_its_files_are_read_by_their_user_only_and_are_plain_letters(idle: Helper) -> None:
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in idle.home.iterdir()}
    assert modes == {"agent.json": 0o600, "agent.log": 0o600, "agent.lock": 0o600}
    told = json.loads((idle.home / "agent.json").read_text(encoding="ascii"))
    assert set(told) == {"port", "token", "pid", "version"} and len(told["token"]) >= 43


def test_it_listens_on_this_machine_only(idle: Helper) -> None:
    lines = Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]
    heard = [line.split()[1] for line in lines if line.split()[3] == "0A"]
    assert [address for address in heard if address.endswith(f":{idle.facts.port:04X}")] == [f"0100007F:{idle.facts.port:04X}"]


@pytest.mark.parametrize(
    ("method", "path", "headers", "body", "status"),
    [
        ("GET", "/status", {"X_TowerDesk_Token": ""}, None, 403),
        ("GET", "/status", {"X_TowerDesk_Token": "x"}, None, 403),
        ("GET", "/status", {"X_TowerDesk_Token": "\xe4" * 43}, None, 403),
        ("GET", "/status", {"Host": "towerdesk.example"}, None, 403),
        ("GET", "/status", {"Host": "127.0.0.1"}, None, 403),
        ("GET", "/status", {"Host": "127.0.0.1:1"}, None, 403),
        ("GET", "/status", {"Origin": "https://example.com"}, None, 403),
        ("GET", "/status", {"Origin": "http://127.0.0.1:8000"}, None, 403),
        ("POST", "/click", {"Origin": "null", "X_TowerDesk_Token": ""}, b"{}", 403),
        ("GET", "/nowhere", {}, None, 404),
        ("GET", "/status?x=1", {}, None, 404),
        ("GET", "/../agent.json", {}, None, 404),
        ("GET", "/click", {}, None, 405),
        ("PUT", "/click", {}, b"{}", 405),
        ("DELETE", "/status", {}, None, 405),
        ("POST", "/click", {"Content_Type": "text/plain"}, b"{}", 415),
        ("POST", "/click", {"Content_Type": ""}, b"{}", 415),
        ("POST", "/click", {"Transfer_Encoding": "chunked"}, b"2\r\n{}\r\n0\r\n\r\n", 411),
        ("POST", "/click", {"Content_Length": "-5"}, b"", 411),
        ("POST", "/click", {}, b"{", 400),
        ("POST", "/click", {}, b"", 400),
        ("POST", "/click", {}, b"[" * 100_000, 400),
        ("POST", "/click", {}, b"[]", 400),
        ("POST", "/click", {}, b'{"host": "excel", "book": ""}', 400),
        ("POST", "/click", {}, b'{"id": "board; rm", "host": "excel", "book": ""}', 400),
        ("POST", "/click", {}, b'{"id": "board", "host": "excel", "book": "", "hwnd": "7"}', 400),
        ("POST", "/menu", {}, b'{"path": "x", "sheet": "y", "rows": ["1"]}', 400),
        ("POST", "/menu", {}, b'{"path": "x", "sheet": "y", "rows": [true]}', 400),
        ("POST", "/menu", {"Content_Length": "1048577"}, None, 413),
        ("POST", "/run", {"Content_Length": "67108865"}, None, 413),
    ],
)  # fmt: skip
def test_what_is_not_ours_or_not_well_formed_is_refused(
    idle: Helper, method: str, path: str, headers: dict[str, str], body: bytes | None, status: int,
) -> None:
    found, _, text = idle.raw(method, path, body, **headers)
    said = json.loads(text)
    assert found == status
    assert said["error"].startswith("ADD1") and said["message"] == said["findings"][0]["message"]
    assert idle.ask("GET", "/status")[1]["clicks"] == 0


def test_two_hosts_are_none(idle: Helper) -> None:
    own = f"127.0.0.1:{idle.facts.port}"
    both = f"GET /status HTTP/1.1\r\nHost: {own}\r\nHost: {own}\r\nX-TowerDesk-Token: {idle.facts.token}\r\n\r\n"
    assert idle.words(both.encode()).startswith(b"HTTP/1.0 403 ")


@pytest.mark.parametrize("text", [b"\r\n\r\n", b"\x16\x03\x01\x02\x00", b"GET\r\n\r\n", b"GET " + b"/" * 70_000 + b" HTTP/1.1\r\n\r\n", b"GET /status HTTP/9.9\r\n\r\n", b"BREW /status HTTP/1.1\r\n\r\n"])  # fmt: skip
def test_what_is_not_http_is_refused_and_harms_nothing(idle: Helper, text: bytes) -> None:
    with socket.create_connection(("127.0.0.1", idle.facts.port), timeout=20) as link:
        link.sendall(text)
        link.shutdown(socket.SHUT_WR)
        assert b"towerdesk" not in link.recv(4096)
    assert idle.ask("GET", "/status")[0] == 200


def test_a_page_of_wps_may_ask_and_a_web_page_is_not_told(idle: Helper) -> None:
    asked = {"X_TowerDesk_Token": "", "Access_Control_Request_Method": "POST", "Access_Control_Request_Private_Network": "true"}
    status, headers, _ = idle.raw("OPTIONS", "/run", None, Origin="null", **asked)
    assert (status, headers["Access-Control-Allow-Origin"]) == (204, "null")
    assert headers["Access-Control-Allow-Headers"] == "X-TowerDesk-Token, Content-Type"
    assert headers["Access-Control-Allow-Private-Network"] == "true"
    status, headers, _ = idle.raw("OPTIONS", "/run", None, Origin="https://example.com", **asked)
    assert status == 403 and not [name for name in headers if name.startswith("Access-Control")]
    assert idle.raw("OPTIONS", "/run", None, **asked)[0] == 403
    assert idle.raw("GET", "/status", Origin="file://")[1]["Access-Control-Allow-Origin"] == "file://"
    assert not [name for name in idle.raw("GET", "/status")[1] if name.startswith("Access-Control")]


def test_who_sends_slowly_is_cut_off_and_keeps_nobody_waiting(begin: Callable[..., Helper]) -> None:
    helper = begin(reading=0.4)
    began = time.monotonic()
    with socket.create_connection(("127.0.0.1", helper.facts.port), timeout=20) as slow:
        slow.sendall(b"GET /status HTTP/1.1\r\nX-A: ")
        assert helper.ask("GET", "/status")[0] == 200
        while time.monotonic() - began < 0.5:
            with suppress(OSError):
                slow.sendall(b"a")
            time.sleep(0.05)
        with suppress(ConnectionResetError):
            assert slow.recv(100) == b""
    half = f"POST /menu HTTP/1.1\r\nHost: localhost:{helper.facts.port}\r\nX-TowerDesk-Token: {helper.facts.token}\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{{"
    assert helper.words(half.encode()).startswith(b"HTTP/1.0 408 ")


def test_a_click_is_answered_at_once_and_carried_out_by_a_worker(helper: Helper, orders: Orders) -> None:
    assert helper.ask("POST", "/click", orders.click()) == (202, {"started": True})
    with orders.begun() as (told, both):
        assert (told["kind"], told["order"]) == ("click", orders.click())
        (running,) = helper.ask("GET", "/status")[1]["running"]
        assert running["id"] == "board"
        release(both)
    said = until(lambda: (now := helper.ask("GET", "/status")[1])["last"]["state"] == "done" and now)
    assert (said["clicks"], said["last"]["id"], said["running"]) == (1, "board", [])
    until(lambda: gone(told["pid"]))


def test_an_order_of_wps_brings_back_its_result(helper: Helper, orders: Orders) -> None:
    with socket.create_connection(("127.0.0.1", helper.facts.port), timeout=20) as link:
        body = json.dumps(orders.run()).encode()
        head = f"POST /run HTTP/1.1\r\nHost: localhost:{helper.facts.port}\r\nOrigin: null\r\nX-TowerDesk-Token: {helper.facts.token}\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: {len(body)}\r\n\r\n"
        link.sendall(head.encode() + body)
        told = orders.done("已检查".encode())
        reply = b"".join(iter(lambda: link.recv(4096), b""))
    assert (told["kind"], told["order"]) == ("run", orders.run())
    assert b"\r\nAccess-Control-Allow-Origin: null\r\n" in reply
    assert json.loads(reply.partition(b"\r\n\r\n")[2]) == {"said": "已检查", "edits": []}


def test_two_clicks_at_once_are_carried_out_side_by_side(helper: Helper, orders: Orders) -> None:
    assert [helper.ask("POST", "/click", orders.click())[0] for _ in range(2)] == [202, 202]
    with orders.begun() as (one, first), orders.begun() as (two, second):
        assert one["pid"] != two["pid"]
        release(second)
        release(first)


def test_the_fifth_click_at_once_is_told_to_wait(helper: Helper, orders: Orders) -> None:
    assert [helper.ask("POST", "/click", orders.click())[0] for _ in range(4)] == [202] * 4
    with orders.begun() as (_, a), orders.begun() as (_, b), orders.begun() as (_, c), orders.begun() as (_, d):
        status, said = helper.ask("POST", "/click", orders.click())
        assert (status, said["error"]) == (503, "ADD104") and "同时最多处理 4 项" in said["message"]
        for both in (a, b, c, d):
            release(both)
    until(lambda: not helper.ask("GET", "/status")[1]["running"])
    assert helper.ask("POST", "/click", orders.click())[0] == 202
    orders.done()


def test_a_worker_killed_in_the_midst_of_an_order_gives_an_answer(helper: Helper, orders: Orders) -> None:
    link = http.client.HTTPConnection("127.0.0.1", helper.facts.port, timeout=20)
    link.request("POST", "/run", json.dumps(orders.run()), {"X-TowerDesk-Token": helper.facts.token, "Content-Type": "application/json"})
    orders.done(b"die")
    reply = link.getresponse()
    assert (reply.status, json.loads(reply.read())["error"]) == (500, "ADD103")
    link.close()
    assert helper.ask("POST", "/click", orders.click())[0] == 202
    assert orders.done()["kind"] == "click"


def test_a_click_that_came_to_nothing_is_told_by_another_worker(helper: Helper, orders: Orders) -> None:
    assert helper.ask("POST", "/click", orders.click())[0] == 202
    orders.done(b"die")
    told = orders.done()
    assert (told["kind"], told["order"]["title"]) == ("told", "塔务台")
    assert "处理进程中途意外结束（-9）" in told["order"]["text"]
    assert helper.ask("GET", "/status")[1]["last"] | {"seconds": 0} == {"id": "board", "state": "ADD103", "seconds": 0}


def test_an_exception_in_an_order_is_named_and_its_words_are_not(helper: Helper, orders: Orders) -> None:
    assert helper.ask("POST", "/click", orders.click())[0] == 202
    orders.done(b"raise")
    assert "RuntimeError" in orders.done()["order"]["text"]
    assert "ADD112 RuntimeError" in helper.log() and "a name from a cell" not in helper.log()


def test_a_warm_worker_that_was_killed_costs_no_click(helper: Helper, orders: Orders) -> None:
    (pid,) = until(helper.workers)
    os.kill(pid, signal.SIGKILL)
    assert helper.ask("POST", "/click", orders.click())[0] == 202
    assert orders.done()["pid"] != pid


def test_a_click_before_the_worker_is_warm_is_not_lost(begin: Callable[..., Helper], orders: Orders) -> None:
    gate = socket.create_server(("127.0.0.1", 0))
    slowly = f"import socket; socket.create_connection(('127.0.0.1', {gate.getsockname()[1]})).recv(1)\n"
    helper = begin(worker=[*WORDS[:-1], slowly + WORDS[-1]])
    link, _ = gate.accept()
    assert helper.ask("POST", "/click", orders.click())[0] == 202
    assert not helper.workers()
    with link:
        link.sendall(b"x")
    gate.close()
    assert orders.done()["kind"] == "click"


def test_workers_that_cannot_start_are_told_and_not_tried_for_ever(begin: Callable[..., Helper], orders: Orders, tmp_path: Path) -> None:
    tries = tmp_path / "tries"
    helper = begin(worker=[sys.executable, "-c", f"open({str(tries)!r}, 'a').write('x'); raise SystemExit(3)"])
    status, said = helper.ask("POST", "/run", orders.run())
    assert (status, said["error"]) == (500, "ADD107")
    # The one warmed ahead; the order's own if that was gone already; its second try; at most one more warmed ahead.
    assert 2 <= len(tries.read_text(encoding="utf-8")) <= 4
    assert helper.ask("GET", "/status")[1]["last"]["state"] == "ADD107"


def test_a_second_helper_finds_the_first_and_ends(helper: Helper, begin: Callable[..., Helper]) -> None:
    second = begin()
    said, _ = second.process.communicate(timeout=20)
    assert second.process.returncode == 0
    assert f"助手正在运行：端口 {helper.facts.port}，进程 {helper.process.pid}" in said
    assert state.load() == helper.facts and helper.ask("GET", "/status")[0] == 200


def test_two_started_at_the_same_moment_become_one(home: Path) -> None:
    said = json.dumps({"port": 0, "worker": WORDS})
    both = [
        subprocess.Popen([sys.executable, "-X", "utf8", "-c", RUN, said], cwd=ROOT, stdout=subprocess.PIPE, text=True, encoding="utf-8")
        for _ in range(2)
    ]
    try:
        ended = until(lambda: next((one for one in both if one.poll() is not None), None))
        assert ended.returncode == 0 and "助手正在运行" in ended.communicate()[0]
        (living,) = [one for one in both if one is not ended]
        facts = state.load()
        assert facts and facts.pid == living.pid
        assert command.stop().data["stopped"] is True
        assert "助手已退出" in living.communicate(timeout=20)[0]
    finally:
        for one in both:
            one.kill()
            one.wait()


@pytest.mark.parametrize(
    "left", [b"", b"{", b"[]", b"\xff\xfe", b'{"port": 1, "token": "x", "pid": 1, "version": "0"}', b'{"port": "x"}'],
)
def test_a_note_left_behind_is_taken_over(home: Path, begin: Callable[..., Helper], left: bytes) -> None:
    (home / "agent.json").write_bytes(left)
    assert begin().ask("GET", "/status")[0] == 200


def test_a_helper_of_another_version_is_replaced(helper: Helper, begin: Callable[..., Helper], monkeypatch: pytest.MonkeyPatch) -> None:
    state.save(state.Facts(helper.facts.port, helper.facts.token, helper.facts.pid, "0.0.1"))
    newer = begin()
    assert helper.process.wait(20) == 0
    assert newer.facts.pid == newer.process.pid and newer.ask("GET", "/status")[0] == 200


def test_the_wanted_port_is_taken_when_free_and_another_one_when_not(begin: Callable[..., Helper], home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        beside = begin(port=port)
        assert beside.facts.port != port
    command.stop()
    assert begin(port=port).facts.port == port


@pytest.mark.parametrize("how", ["/quit", "SIGTERM", "SIGINT", "stop"])
def test_it_ends_without_a_process_or_a_note_left(helper: Helper, how: str) -> None:
    path = helper.home / "需求台账.xlsx"
    path.touch()
    helper.ask("POST", "/menu", {"path": str(path), "sheet": "需求", "rows": [2]})
    until(helper.workers)
    children = [int(one) for one in Path(f"/proc/{helper.process.pid}/task/{helper.process.pid}/children").read_text().split()] or helper.workers()
    if how == "stop":
        assert command.stop().text == "助手已退出。"
    elif how == "/quit":
        assert helper.ask("POST", "/quit", {}) == (200, {"ended": True})
    else:
        helper.process.send_signal(getattr(signal, how))
    assert helper.process.wait(20) == 0
    assert not (helper.home / "agent.json").exists()
    assert [pid for pid in {*children, *helper.workers()} if not gone(pid)] == []


def test_an_order_being_carried_out_outlives_the_helper(helper: Helper, orders: Orders) -> None:
    helper.ask("POST", "/click", orders.click())
    with orders.begun() as (told, both):
        assert command.stop().data == {"running": False, "stopped": True}
        assert helper.process.wait(20) == 0 and not gone(told["pid"])
        release(both)
    until(lambda: gone(told["pid"]))


def test_who_waits_for_a_result_is_told_when_the_helper_ends(helper: Helper, orders: Orders) -> None:
    link = http.client.HTTPConnection("127.0.0.1", helper.facts.port, timeout=20)
    link.request("POST", "/run", json.dumps(orders.run()), {"X-TowerDesk-Token": helper.facts.token, "Content-Type": "application/json"})
    with orders.begun():
        helper.process.terminate()
        reply = link.getresponse()
        assert (reply.status, json.loads(reply.read())["error"]) == (500, "ADD115")
    link.close()
    assert helper.process.wait(20) == 0


def test_after_the_helper_was_killed_its_idle_worker_ends_and_a_new_one_takes_over(helper: Helper, begin: Callable[..., Helper]) -> None:
    (pid,) = until(helper.workers)
    helper.process.kill()
    helper.process.wait()
    until(lambda: gone(pid))
    assert (helper.home / "agent.json").exists()
    second = begin()
    assert second.facts.token != helper.facts.token
    assert second.ask("GET", "/status", X_TowerDesk_Token=helper.facts.token)[0] == 403
    assert second.ask("GET", "/status")[0] == 200


def test_the_log_tells_ids_and_codes_and_nothing_of_the_work(helper: Helper, orders: Orders) -> None:
    helper.ask("POST", "/click", orders.click())
    orders.done()
    helper.ask("POST", "/menu", {"path": "/家/绝密/需求台账.xlsx", "sheet": "需求", "rows": [5]})
    helper.ask("POST", "/click", {"id": "绝密", "host": "", "book": ""})
    helper.raw("GET", "/%E7%BB%9D%E5%AF%86-secret", X_TowerDesk_Token="secret")
    log = until(lambda: (text := helper.log()).count("order board done") and text)
    assert re.search(r"/click 202 board\n", log) and re.search(r"worker \d+ began board after \d+\.\d{3} s\n", log)
    assert re.search(r"/click 400 ADD105\n", log) and re.search(r"\? 403 ADD106\n", log)
    assert not any(word in log for word in ("绝密", "secret", "xlsx", "需求", helper.facts.token, str(helper.home)))


def test_the_log_is_turned_at_a_million_bytes(home: Path) -> None:
    log = state.journal()
    try:
        for _ in range(3):
            log.info("x" * 600_000)
        sizes = {path.name: (path.stat().st_size < 1_000_000, stat.S_IMODE(path.stat().st_mode)) for path in home.iterdir()}
        assert sizes == {"agent.log": (True, 0o600), "agent.log.1": (True, 0o600)}
    finally:
        for handler in list(log.handlers):
            handler.close()
            log.removeHandler(handler)


def test_the_commands_say_how_it_is(home: Path, begin: Callable[..., Helper]) -> None:
    assert (command.status().status, command.status().data["running"]) == (1, False)
    assert (command.stop().status, command.stop().data) == (0, {"running": False, "stopped": False})
    helper = begin()
    said = command.status()
    assert (said.status, said.data["running"], said.data["pid"]) == (0, True, helper.process.pid)
    assert said.text.startswith(f"助手正在运行：端口 {helper.facts.port}，进程 {helper.process.pid}")


def test_it_can_be_started_in_the_background(home: Path) -> None:
    said = command.launch([sys.executable, "-X", "utf8", "-c", RUN, json.dumps({"port": 0, "worker": WORDS})])
    try:
        assert said.data["launched"] is True and said.text.startswith("助手已启动：端口 ")
        assert command.launch().text.startswith("助手正在运行")
    finally:
        ended = command.stop()
    assert ended.data["stopped"] is True
    until(lambda: gone(said.data["pid"]))


def test_a_folder_that_cannot_be_written_is_told(home: Path) -> None:
    (home / "agent.json").mkdir()
    said = command.start(port=0, worker=["true"])
    assert (said.status, said.data["findings"][0]["code"]) == (2, "ADD110")


def pool(**options: Any) -> Pool:
    """A pool in this process, with a log nobody reads."""
    log = logging.getLogger("towerdesk.test")
    log.addHandler(logging.NullHandler())
    log.propagate = False
    return Pool(WORDS, log, **{"stamp": lambda: "1", **options})


def carried_out(made: Pool, orders: Orders) -> int:
    """The process that carries out the next order."""
    made.order({"do": "click", **orders.click()}, 5)
    return int(orders.done()["pid"])


def spare(made: Pool) -> int:
    worker = until(lambda: made._spare if made._spare and made._spare.ready else None)
    return int(worker.process.pid)


def test_a_worker_of_an_older_program_is_not_used(orders: Orders) -> None:
    version = ["1"]
    made = pool(stamp=lambda: version[0])
    made.warm()
    old = spare(made)
    version[0] = "2"
    assert carried_out(made, orders) != old
    until(lambda: gone(old))
    second = spare(made)
    version[0] = "3"
    made.tick()
    assert gone(second) and spare(made) != second
    made.close()


def test_a_worker_that_waited_too_long_is_replaced() -> None:
    made = pool(stale=0.0)
    made.warm()
    old = spare(made)
    made.tick()
    assert gone(old) and spare(made) != old
    made.close()


def test_a_closed_pool_takes_no_order(orders: Orders) -> None:
    made = pool()
    made.close()
    with pytest.raises(Full):
        made.order(orders.click(), 5)


def test_the_mark_of_the_program_changes_with_its_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("addin.agent.processes.ROOT", tmp_path)
    (tmp_path / "macros" / "rules").mkdir(parents=True)
    (tmp_path / "macros" / "rules" / "a.toml").touch()
    before = stamp()
    assert stamp() == before
    os.utime(tmp_path / "macros" / "rules" / "a.toml", ns=(2_000_000_000_000_000_000, 2_000_000_000_000_000_000))
    assert stamp() == "1:2000000000000000000" != before


def test_the_real_worker_gets_ready_and_ends_when_nobody_is_left_to_order(home: Path) -> None:
    worker = subprocess.Popen([sys.executable, "-X", "utf8", "-m", "addin.agent.worker"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert worker.stdin and worker.stdout
    assert json.loads(worker.stdout.readline()) == {"ready": worker.pid}
    worker.stdin.write(b'{"do": "click", "id": "half a li')
    worker.stdin.close()
    assert worker.wait(20) == 0 and worker.stdout.read() == b""
    worker.stdout.close()


# Papers for selected rows


def allowed(said: dict[str, Any]) -> set[str]:
    return {button["id"] for button in said["buttons"] if button["enabled"]}


#: Papers made from rows of 需求.
DEMAND = {"form_3_1", "form_3_2", "form_sharing_inquiry", "form_warning"}


def test_the_menu_of_the_sample_city_before_and_after_its_register_is_read(helper: Helper, city: City) -> None:
    asked = {"path": str(city.folder / "需求台账.xlsx"), "sheet": "需求", "rows": [2]}
    began = time.monotonic()
    first = helper.ask("POST", "/menu", asked)[1]
    assert time.monotonic() - began < 0.5  # 0.1 s on a machine at rest
    assert (first["loaded"], allowed(first)) == (False, DEMAND)
    said = until(lambda: (now := helper.ask("POST", "/menu", asked)[1])["loaded"] and now)
    # Row 2 is XQ-YD-0001: raised 11-18, collection form signed 11-20, shared on an existing site, nothing signed after.
    assert allowed(said) == {"form_3_1", "form_3_2"}
    # Row 7 is XQ-YD-0006: raised 11-19, nothing signed, no stage of it reported.
    both = helper.ask("POST", "/menu", asked | {"rows": [2, 7]})[1]
    assert allowed(both) == {"form_3_1"}
    (plan,) = [button for button in both["buttons"] if button["id"] == "form_3_2"]
    assert plan["why"] == ["第 7 行：需求收集表尚未签署", "第 7 行：尚未确定需求属性（新建独享/新建共享/存量共享）"]
    status, headers, text = helper.raw("POST", "/menu", json.dumps(asked).encode(), Accept="text/plain")
    assert (status, set(text.split())) == (200, {"form_3_1", "form_3_2"}) and headers["Content-Type"].startswith("text/plain")


def test_the_menus_process_is_started_again_after_it_was_killed(helper: Helper, folder: Path) -> None:
    asked = {"path": str(folder / "需求台账.xlsx"), "sheet": "需求", "rows": [1]}
    until(lambda: helper.ask("POST", "/menu", asked)[1]["loaded"])
    for task in Path(f"/proc/{helper.process.pid}/task").iterdir():
        for pid in (task / "children").read_text(encoding="ascii").split():
            if MENUS[-1].encode() in Path(f"/proc/{pid}/cmdline").read_bytes():
                os.kill(int(pid), signal.SIGKILL)
    assert allowed(helper.ask("POST", "/menu", asked)[1]) in (DEMAND, set())
    assert allowed(until(lambda: (now := helper.ask("POST", "/menu", asked)[1])["loaded"] and now)) == set()


ROWS = """
## 需求
| 需求编号 | 需求提出时间 | 需求收集表签署日期 | 需求属性 |
| XQ-1 | 2026-11-18 | 2026-11-20 | 新建独享 |
| XQ-2 | 2026-11-18 | | |
| XQ-3 | | | |
"""
TODAY = date(2026, 11, 21)


@pytest.fixture(scope="module")
def three(blank: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Registers]:
    """A register with three demands, read once."""
    folder = copied(blank, tmp_path_factory.mktemp("three"))
    enter(folder, ROWS)
    return folder, Registers()


def menu(folder: Path, rows: list[int], sheet: str = "需求", file: str = "需求台账.xlsx", registers: Registers | None = None) -> dict[str, Any]:
    return {"buttons": answer(registers or Registers(), {"path": str(folder / file), "sheet": sheet, "rows": rows}, TODAY)}


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([2], {"form_3_1", "form_3_2"}),
        ([3], {"form_3_1"}),
        ([4], set()),  # not raised formally yet
        ([2, 3], {"form_3_1"}),
        ([2, 3, 4], set()),
        ([1], set()),  # the heading
        ([], set()),
        ([5], DEMAND),  # below the last saved row: typed since, perhaps
        ([3, 5], {"form_3_1"}),
    ],
)  # fmt: skip
def test_every_selected_row_must_allow_a_paper(three: tuple[Path, Registers], rows: list[int], expected: set[str]) -> None:
    assert allowed(menu(three[0], rows, registers=three[1])) == expected


def test_what_is_saved_counts_at_the_next_question_and_other_workbooks_are_not_read_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    enter(folder, ROWS)
    registers = Registers()
    assert allowed(menu(folder, [4], registers=registers)) == set()
    leases = registers.register(folder).rows("lease")
    put(folder, "需求", "XQ-3", "需求提出时间", "2026-11-20")
    assert allowed(menu(folder, [4], registers=registers)) == {"form_3_1"}
    assert registers.register(folder).rows("lease") is leases


def test_a_sheet_without_papers_offers_none_and_another_workbook_says_why(folder: Path) -> None:
    assert menu(folder, [2], sheet="随手记")["buttons"] == []
    said = menu(folder, [2], file="客户台账.xlsx")["buttons"]
    assert {button["id"] for button in said} == DEMAND and not allowed({"buttons": said})
    assert said[0]["why"] == ["《客户台账》需求：“需求”表在台账“需求台账.xlsx”里；当前工作簿不是它。请打开台账文件夹中的“需求台账.xlsx”。"]


@pytest.mark.parametrize("path", ["https://d.docs.live.net/1/需求台账.xlsx", "需求台账.xlsx", "/nowhere/需求台账.xlsx", ""])
def test_where_the_register_cannot_be_found_nothing_is_held_back(path: str) -> None:
    assert answer(Registers(), {"path": path, "sheet": "需求", "rows": [2]}, TODAY) is None


def test_where_a_workbook_cannot_be_read_nothing_is_held_back(folder: Path) -> None:
    (folder / "租约台账.xlsx").write_bytes(b"PK half a file")
    assert menu(folder, [2])["buttons"] is None


def test_a_selection_of_a_thousand_rows_is_not_looked_at(folder: Path) -> None:
    assert menu(folder, list(range(2, 1002)))["buttons"] is None


def test_papers_and_buttons_are_the_same_ones() -> None:
    titles = {form.code: form.title for form in forms().values()}
    known = forms()
    for table in {known[definition.table].rows_of or definition.table for definition in definitions().values()}:
        assert {button["id"] for button in every(titles[table])} == {button_of(code) for code in papers(table)}
