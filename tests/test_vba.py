"""The macros of TowerDesk.xlam, run in an interpreter of VBA: what a click does, and when a button is enabled."""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from addin.desk import Caller
from addin.ribbon import tab
from tests.vba_stage import HWND, NOON, Control, Stage, stage, workbook

ROOT = Path(__file__).parent.parent
TOKEN = "5b1e-Zq_0"


@pytest.fixture
def bare(tmp_path: Path) -> Stage:
    """Excel without a workbook."""
    return stage(tmp_path)


@pytest.fixture
def desk(tmp_path: Path) -> Stage:
    """Excel with the register workbook 需求.xlsx."""
    return stage(tmp_path, workbook(tmp_path / "需求.xlsx"))


# A resident helper as the macros see it

@dataclass
class Helper:
    """A real HTTP server that answers what it is told to and keeps what it was asked."""

    answers: dict[str, tuple[int, str] | None]
    asked: list[tuple[str, str, dict[str, str], Any]] = field(default_factory=list)
    port: int = 0

    def paths(self) -> list[str]:
        return [path for _, path, _, _ in self.asked]


@pytest.fixture
def helper(desk: Stage) -> Iterator[Helper]:
    found = Helper({"/status": (200, '{"product":"towerdesk"}'), "/click": (202, '{"started": true}'), "/menu": (200, "form_3_1")})

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode("ascii")
            found.asked.append((self.command, self.path, dict(self.headers), json.loads(body or "null")))
            if (answer := found.answers[self.path]) is None:
                return  # hangs up without a word
            self.send_response(answer[0])
            self.end_headers()
            self.wfile.write(answer[1].encode())

        do_POST = do_GET  # noqa: N815

        def log_message(self, *words: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    found.port = server.server_port
    card = {"port": found.port, "token": TOKEN, "pid": 1, "version": "0.1.0"}
    (desk.machine.home / "agent.json").write_text(json.dumps(card), encoding="ascii")
    yield found
    server.shutdown()
    server.server_close()
    thread.join()


# The id

@pytest.mark.parametrize("id", ["board", "form_3_10", "X9_"])
def test_an_id_of_letters_digits_and_underscores_is_safe(bare: Stage, id: str) -> None:
    assert bare.run("TowerRibbon.IsSafeId", id) is True


@pytest.mark.parametrize("id", ["", "x');import os;('", "a b", 'a"', "a|b", "a&b", "a-b", "%x%", "需求", "é", "board\n", "ａ"])
def test_any_other_id_is_refused_and_starts_nothing(desk: Stage, id: str) -> None:
    assert desk.run("TowerRibbon.IsSafeId", id) is False
    desk.click(id)
    assert (desk.machine.started, desk.status) == ([], False)


def test_every_button_has_a_safe_id_and_its_label_among_the_texts(bare: Stage) -> None:
    told = {button.id: (bare.run("TowerRibbon.IsSafeId", button.id), bare.run("TowerTexts.Say", button.id)) for button in tab().buttons()}
    assert told == {button.id: (True, button.label) for button in tab().buttons()}


def test_a_text_that_does_not_exist_is_its_own_name(bare: Stage) -> None:
    assert bare.run("TowerTexts.Say", "no_such_text") == "no_such_text"


# A click without the helper

def test_a_click_says_what_it_does_and_starts_the_process_without_waiting(desk: Stage) -> None:
    (desk.machine.home / "launch.txt").write_bytes("D:\\塔 务台\\pythonw.exe\r\nrest\r\n".encode("utf-16"))
    desk.click("form_3_10")
    assert desk.status == "塔务台：3.10 油机发电服务费明细表…"
    assert desk.machine.started == [
        ('"D:\\塔 务台\\pythonw.exe" -P -X utf8 -m addin click form_3_10 --host excel "--book=需求.xlsx" --hwnd 1181234', 1, False)
    ]
    assert desk.said == []


def test_a_console_interpreter_is_started_hidden(desk: Stage) -> None:
    (desk.machine.home / "launch.txt").write_bytes("C:\\py\\Python.EXE".encode("utf-16"))
    desk.click("board")
    assert [style for _, style, _ in desk.machine.started] == [0]


@pytest.mark.parametrize("note", [None, b"", "\r\nC:\\x.exe".encode("utf-16"), "  \r\n".encode("utf-16"), b"\xff"], ids=["missing", "empty", "blank-line", "blanks", "damaged"])
def test_without_a_noted_interpreter_the_one_brought_along_is_started(desk: Stage, note: bytes | None) -> None:
    if note is not None:
        (desk.machine.home / "launch.txt").write_bytes(note)
    desk.click("board")
    assert desk.machine.started[0][0].startswith(f'"{desk.machine.home}\\python\\pythonw.exe" -P ')


def test_the_folder_of_the_program_is_below_local_appdata(bare: Stage) -> None:
    del bare.machine.variables["TOWERDESK_HOME"]
    bare.machine.variables["LOCALAPPDATA"] = "C:\\Users\\张 三\\AppData\\Local"
    assert bare.run("TowerAgent.HomeFolder") == "C:\\Users\\张 三\\AppData\\Local\\TowerDesk"


#: Names Windows allows: anything but these and control characters, no blank or dot at the end.
NAMES = st.text(st.characters(blacklist_characters='\\/:*?"<>|', blacklist_categories=("Cc", "Cs", "Co", "Cn")), min_size=1, max_size=30)


@settings(max_examples=60, deadline=None)
@given(name=NAMES)
@example("2026=Q1; a&b (终稿)")
@example("%TEMP%")
@example("100%完成%TEMP%%")
@example("-x")
@example("--hwnd=5")
@example("'单引号' `x` ^ $(x) {y}")
@example("TOWERDESK_PERCENT%TOWERDESK_PERCENT%")
def test_a_workbook_of_any_name_arrives_at_the_command_as_it_is(shared: Stage, name: str) -> None:
    shared.machine.started.clear()
    shared.run("TowerLauncher.StartProcess", "board", f"{name}.xlsx", str(HWND))
    assert shared.orders == [Caller("board", "excel", f"{name}.xlsx", HWND)]


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    return stage(tmp_path_factory.mktemp("shared"))


@pytest.mark.parametrize("id", ["init", "help", "doctor", "board"])
def test_without_a_workbook_the_command_is_told_of_none(bare: Stage, id: str) -> None:
    bare.click(id)
    assert bare.orders == [Caller(id, "excel", "", HWND)]


@pytest.mark.parametrize("fault", [(70, "拒绝访问"), (-2147024894, "系统找不到指定的文件")], ids=["blocked", "missing"])
def test_where_no_program_may_be_started_the_message_says_what_to_do(desk: Stage, fault: tuple[int, str]) -> None:
    desk.machine.blocked = fault
    desk.click("board")
    assert desk.status is False
    assert len(desk.said) == 1
    text = desk.said[0]
    for part in (f"（{fault[0]} ", fault[1], "塔务台助手", "towerdesk addin status", "用户手册"):
        assert part in text


# A click with the helper

def test_a_click_is_handed_to_the_helper_and_nothing_is_started(desk: Stage, helper: Helper) -> None:
    desk.click("board")
    assert [(verb, path) for verb, path, _, _ in helper.asked] == [("GET", "/status"), ("POST", "/click")]
    _, _, headers, body = helper.asked[1]
    assert headers["X-TowerDesk-Token"] == TOKEN
    assert headers["Host"] == f"127.0.0.1:{helper.port}"
    assert "Origin" not in headers
    assert body == {"id": "board", "host": "excel", "book": "需求.xlsx", "hwnd": HWND, "pipe": ""}
    assert desk.machine.started == []
    assert desk.status == "塔务台：今日待办…"


@pytest.mark.parametrize(
    ("path", "answer"),
    [("/status", (403, "")), ("/status", (200, '{"product":"other"}')), ("/status", None), ("/click", (403, "")), ("/click", (500, ""))],
)
def test_a_helper_that_refuses_or_is_another_program_leads_to_a_process(desk: Stage, helper: Helper, path: str, answer: Any) -> None:
    helper.answers[path] = answer
    desk.click("board")
    assert len(desk.machine.started) == 1


def test_a_helper_that_is_gone_leads_to_a_process(desk: Stage, helper: Helper) -> None:
    card = (desk.machine.home / "agent.json").read_text().replace(str(helper.port), "1")
    (desk.machine.home / "agent.json").write_text(card)
    desk.click("board")
    assert len(desk.machine.started) == 1


def test_a_helper_that_does_not_say_whether_it_took_the_click_is_not_doubled(desk: Stage, helper: Helper) -> None:
    helper.answers["/click"] = None
    desk.click("board")
    assert desk.machine.started == []
    assert desk.status is False
    assert [text[:9] for text in desk.said] == ["塔务台助手没有应答"]


@pytest.mark.parametrize("card", ["", "{}", '{"port": "x"}', '{"token": "t"}', "port"], ids=repr)
def test_a_damaged_note_of_the_helper_leads_to_a_process(desk: Stage, card: str) -> None:
    (desk.machine.home / "agent.json").write_text(card)
    desk.click("board")
    assert len(desk.machine.started) == 1


def test_excel_waits_for_the_helper_at_most_so_long(desk: Stage, helper: Helper) -> None:
    desk.select("A2")
    desk.run("TowerRibbon.IsEnabled", "form_3_1", "需求")
    desk.click("board")
    assert desk.machine.waits == [("/menu", 0.3), ("/status", 0.6), ("/click", 6.0)]


#: The helper with a port of its own; its workers write the order down instead of carrying it out.
REAL = """
import json, sys
from addin.agent.command import start
worker = '''
import json, sys, types
from addin.places import home
click = types.ModuleType("addin.click")
click.run = lambda order: (home() / "order.json").write_text(json.dumps(order))
sys.modules["addin.click"] = click
from addin.agent import worker
worker._MODULES = worker._DATA = ()
sys.exit(worker.main())
'''
sys.exit(start(port=0, worker=(sys.executable, "-c", worker)).status)
"""


def until(path: Path) -> str:
    """The text of a file that another process is about to write."""
    end = time.monotonic() + 20
    while not path.exists() or not path.read_text(encoding="utf-8"):
        assert time.monotonic() < end, f"{path.name} never came"
        time.sleep(0.01)
    return path.read_text(encoding="utf-8")


def test_the_real_helper_understands_the_macros(desk: Stage) -> None:
    home = desk.machine.home
    with subprocess.Popen([sys.executable, "-X", "utf8", "-c", REAL], cwd=ROOT, env=os.environ | {"TOWERDESK_HOME": str(home)}) as process:
        try:
            until(home / "agent.json")
            desk.click("board")
            order = json.loads(until(home / "order.json"))
            menu = desk.run("TowerAgent.Request", "POST", "/menu", desk.run("TowerMenu.Body", "C:\\没有\\台账.xlsx", "需求", "5,6"), 20_000, "")
            ended = desk.run("TowerAgent.Request", "POST", "/quit", "", 20_000, "")
            process.wait(20)
        finally:
            process.kill()
    assert order == {"id": "board", "host": "excel", "book": "需求.xlsx", "hwnd": HWND, "pipe": ""}
    assert (menu, ended, desk.machine.started) == (200, 200, [])


# JSON

@given(text=st.text(max_size=20))
@settings(max_examples=60, deadline=None)
@example('a"b\\c\n\t\x7f项目\U00020bb7')
def test_a_text_becomes_ascii_json_of_the_same_text(shared: Stage, text: str) -> None:
    # VBA counts UTF-16 units, so the interpreter is given those of a character beyond them.
    units = "".join(map(chr, memoryview(text.encode("utf-16-le", "surrogatepass")).cast("H")))
    told = shared.run("TowerAgent.JsonText", units)
    assert told.isascii()
    assert json.loads(told) == text


@pytest.mark.parametrize(
    ("field", "number", "string"),
    [("port", "47831", ""), ("token", "", TOKEN), ("pid", "12", ""), ("none", "", ""), ("47831", "", "")],
)
def test_fields_of_the_helpers_note_are_read(shared: Stage, field: str, number: str, string: str) -> None:
    for text in (json.dumps({"port": 47831, "token": TOKEN, "pid": 12}), '{"port":47831,"token":"5b1e-Zq_0","pid":12}'):
        assert (shared.run("TowerAgent.JsonNumber", text, field), shared.run("TowerAgent.JsonString", text, field)) == (number, string)


# Enabled or not

@pytest.mark.parametrize(
    ("sheets", "active", "enabled"),
    [("", "需求", True), ("需求", "需求", True), ("工单 需求", "需求", True), ("工单", "需求", False), ("需求变更", "需求", False), ("工单", "工单", True)],
)
def test_a_button_works_on_the_sheets_of_its_tag(desk: Stage, sheets: str, active: str, enabled: bool) -> None:
    desk.select("A2", active)
    assert desk.run("TowerRibbon.IsEnabled", "form_x", sheets) is enabled


def test_without_a_workbook_only_buttons_without_sheets_are_enabled(bare: Stage) -> None:
    assert (bare.run("TowerRibbon.IsEnabled", "help", ""), bare.run("TowerRibbon.IsEnabled", "form_3_1", "需求")) == (True, False)


def test_the_ribbon_gets_the_answer_in_its_second_argument(desk: Stage) -> None:
    desk.excel.add_module(
        "Public Function Answer(control As Object)\n Dim told\n TowerRibbon.OnEnabled control, told\n Answer = told\nEnd Function", name="Caller"
    )
    desk.select("A2")
    assert [desk.run("Caller.Answer", Control("form_x", tag)) for tag in ("需求", "工单")] == [True, False]


def test_the_helper_is_asked_once_for_a_selection_and_names_what_is_enabled(desk: Stage, helper: Helper, tmp_path: Path) -> None:
    helper.answers["/menu"] = (200, "form_3_1 form_3_2")
    desk.select("B3:C8")
    told = {id: desk.run("TowerRibbon.IsEnabled", id, "需求") for id in ("form_3_1", "form_3_2", "form_3_", "form_3_4")}
    assert told == {"form_3_1": True, "form_3_2": True, "form_3_": False, "form_3_4": False}
    assert [(path, body) for _, path, _, body in helper.asked] == [
        ("/menu", {"path": str(tmp_path / "需求.xlsx"), "sheet": "需求", "rows": [3, 6, 7, 8]})
    ]
    assert helper.asked[0][2]["Accept"] == "text/plain"


def test_no_paper_is_enabled_where_the_helper_names_none(desk: Stage, helper: Helper) -> None:
    helper.answers["/menu"] = (200, "")
    desk.select("A2")
    assert desk.run("TowerRibbon.IsEnabled", "form_3_1", "需求") is False


@pytest.mark.parametrize(
    ("address", "rows"),
    [("A2", [2]), ("A4:A5", None), ("A3:A6", [3, 6]), ("A9,A2:B3,C3", [9, 2, 3]), ("A:A", [1, 2, 3, 6, 7, 8, 9, 10, 11, 12]), ("A30", None)],
)
def test_the_visible_selected_rows_are_sent_each_once(desk: Stage, helper: Helper, address: str, rows: list[int] | None) -> None:
    desk.select(address)
    desk.run("TowerRibbon.IsEnabled", "form_3_1", "需求")
    assert [body["rows"] for _, _, _, body in helper.asked] == ([] if rows is None else [rows])


def test_at_most_two_hundred_rows_are_sent(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in range(1, 301):
        book.worksheets[0].append([row])
    book.save(tmp_path / "长.xlsx")
    long = stage(tmp_path, tmp_path / "长.xlsx")
    long.select("A2:A300", book.worksheets[0].title)
    assert long.run("TowerSelection.VisibleRows") == ",".join(str(row) for row in range(2, 202))


def test_a_new_selection_a_save_and_a_click_ask_the_helper_again(desk: Stage, helper: Helper) -> None:
    def look() -> int:
        desk.run("TowerRibbon.IsEnabled", "form_3_1", "需求")
        return helper.paths().count("/menu")

    desk.select("A2")
    counts = [look(), look()]
    desk.select("A3")
    counts += [look(), look()]
    desk.run("ThisWorkbook.App_WorkbookAfterSave", desk.excel.application.active_book, True)
    counts.append(look())
    desk.click("board")
    counts.append(look())
    assert counts == [1, 1, 2, 2, 3, 4]


def test_after_a_refusal_every_paper_of_the_sheet_is_enabled_and_the_helper_has_peace_for_30_seconds(desk: Stage, helper: Helper) -> None:
    helper.answers["/menu"] = (403, "form_3_2")
    desk.select("A2")
    told = []
    for seconds in (0, 1, 29, 30):
        desk.excel.freeze_clock(NOON + dt.timedelta(seconds=seconds))
        told.append((desk.run("TowerRibbon.IsEnabled", "form_3_1", "需求"), len(helper.asked)))
    assert told == [(True, 1), (True, 1), (True, 1), (True, 2)]


# Following the selection

def test_the_ribbon_is_redrawn_when_rows_or_sheet_change_and_not_for_columns(desk: Stage) -> None:
    redrawn = []
    for address, sheet in (("A2", "需求"), ("C2", "需求"), ("C3", "需求"), ("C3:D3", "需求"), ("C3:D4", "需求"), ("C3", "工单"), ("C3", "需求")):
        before = desk.ribbon.redrawn
        desk.select(address, sheet)
        redrawn.append(desk.ribbon.redrawn - before)
    assert redrawn == [1, 0, 1, 0, 1, 1, 1]


def test_another_workbook_redraws_the_ribbon(desk: Stage, tmp_path: Path) -> None:
    desk.select("A2")
    before = desk.ribbon.redrawn
    desk.excel.open_workbook(workbook(tmp_path / "另一本.xlsx"))
    desk.run("ThisWorkbook.App_WorkbookActivate", desk.excel.application.active_book)
    assert desk.ribbon.redrawn == before + 1


def test_a_status_text_that_its_process_never_replaced_goes_after_a_minute(desk: Stage) -> None:
    desk.click("board")
    shown = []
    for seconds, row in ((59, 2), (60, 3)):
        desk.excel.freeze_clock(NOON + dt.timedelta(seconds=seconds))
        desk.select(f"A{row}")
        shown.append(desk.status)
    assert shown == ["塔务台：今日待办…", False]


def test_a_status_text_of_the_process_is_left_alone(desk: Stage) -> None:
    desk.click("board")
    desk.excel.application.status_bar = "已完成 3 行"
    desk.excel.freeze_clock(NOON + dt.timedelta(seconds=90))
    desk.select("A2")
    assert desk.status == "已完成 3 行"


# A Mac

def test_a_mac_hands_the_click_to_its_script(tmp_path: Path) -> None:
    mac = stage(tmp_path, workbook(tmp_path / "需求.xlsx"), mac=True)
    mac.click("board")
    assert mac.machine.mac_calls == [["towerdesk.applescript", "TowerDeskClick", "board\n需求.xlsx"]]
    assert mac.status == "塔务台：今日待办…"


def test_the_mac_script_has_the_handler_the_macros_call() -> None:
    script = (Path(__file__).parent.parent / "addin" / "vba" / "towerdesk.applescript").read_text(encoding="utf-8")
    assert script.isascii()
    assert script.count("on TowerDeskClick(parcel)") == script.count("end TowerDeskClick") == 1
