"""The WPS add-in: what is built, and its script run in node against a stand-in for WPS and the real helper."""

from __future__ import annotations

import datetime as dt
import json
import logging
import os
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any, cast
from xml.etree import ElementTree

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900

from addin.agent.routes import Reply, refusal
from addin.agent.server import Server
from addin.build import wps
from addin.install.windows import LINK
from addin.ribbon import tab
from addin.wps.recording import RecordingBook
from addin.wps.serving import run as serve
from macros.hosts import Refused
from macros.records import Link
from tests.city import City, contents, copied, enter, put, run
from tests.test_commands_forms import CITY, words
from tests.wps_disk import load

HERE = Path(__file__).parent
NOW = "2026-11-23T09:00:00"
#: A link as the program writes it.
LINKED = re.compile(r'=HYPERLINK\("(?P<file>[^#]*)#\'(?P<sheet>[^\']*)\'!(?P<cell>[A-Z]+\d+)","(?P<shown>.*)"\)')
_NS = "{http://schemas.microsoft.com/office/2006/01/customui}"
#: What the schema of 2006 lets a control carry, of what we use; a button of a menu may have no size.
BUTTON = {"id", "label", "size", "keytip", "screentip", "supertip", "onAction", "getEnabled", "getImage"}
ALLOWED = {
    "customUI": {"onLoad"}, "ribbon": set(), "tabs": set(), "tab": {"id", "label", "keytip"}, "group": {"id", "label"},
    "button": BUTTON, "menu": BUTTON - {"onAction"},
}
INSIDE = {
    "customUI": {"ribbon"}, "ribbon": {"tabs"}, "tabs": {"tab"}, "tab": {"group"}, "group": {"button", "menu"},
    "menu": {"button"}, "button": set(),
}


def ribbon() -> ElementTree.Element:
    return ElementTree.fromstring(wps.made()[f"{wps.folder()}/ribbon.xml"])


def test_two_builds_are_the_same_bytes() -> None:
    assert wps.made() == wps.made()


def test_the_list_names_the_folder_and_the_table_program() -> None:
    (entry,) = ElementTree.fromstring(wps.made()["publish.xml"])
    assert (entry.tag, entry.get("type"), entry.get("url")) == ("jsplugin", "et", wps.folder())
    assert {name.split("/")[0] for name in wps.made()} == {"publish.xml", wps.folder()}


def test_the_ribbon_keeps_to_the_schema_of_2006() -> None:
    named = [(element.tag.removeprefix(_NS), element) for element in ribbon().iter()]
    ids = [element.get("id") for _, element in named if element.get("id")]
    assert [(name, dict(e.attrib)) for name, e in named if not set(e.attrib) <= ALLOWED[name]] == []
    assert [(name, c.tag) for name, e in named for c in e if c.tag.removeprefix(_NS) not in INSIDE[name]] == []
    assert [e.attrib for _, e in named if len(e.get("label", "")) > 1024 or len(e.get("keytip", "")) > 3] == []
    assert len(ids) == len(set(ids))


def test_every_button_is_there_and_calls_the_script() -> None:
    found = {element.get("id"): element for element in ribbon().iter(f"{_NS}button")}
    assert list(found) == [button.id for button in tab().buttons()]
    assert {element.get("onAction") for element in found.values()} == {"OnAction"}
    assert {name for name, element in found.items() if element.get("getEnabled") == "OnEnabled"} == {
        button.id for button in tab().buttons() if button.sheets
    }


def test_every_picture_named_is_in_the_folder() -> None:
    made = wps.made()
    facts = json.loads(made[f"{wps.folder()}/buttons.js"].decode().removeprefix("var TOWERDESK = ").rstrip(";\n"))
    assert {f"{wps.folder()}/{path}" for path in facts["images"].values()} == {n for n in made if n.endswith(".png")}
    assert set(facts["images"]) == {e.get("id") for e in ribbon().iter() if e.get("getImage")}


def test_the_helper_is_started_by_what_the_installer_leaves() -> None:
    assert wps.STARTER.split("/") == ["Microsoft", "Windows", "Start Menu", "Programs", LINK]


# --- The book that records ---------------------------------------------------------------------------------------


@pytest.fixture
def small(folder: Path) -> Path:
    """Two demands of one customer."""
    enter(folder, CITY)
    put(folder, "假设", "公司名称", "采用", "澜江市通信铁塔分公司")
    return folder


def recorded(folder: Path, file: str) -> RecordingBook:
    room = folder.parent / "room"
    room.mkdir(exist_ok=True)
    return RecordingBook(folder / file, room)


def test_an_update_is_told_with_what_stood_there_and_the_file_stays(small: Path) -> None:
    before = contents(small)
    book = recorded(small, "需求台账.xlsx")
    book.update("需求", {(2, 2): "联通", (3, 4): dt.date(2026, 11, 23)})
    assert book.edits == []
    book.save()
    (edit,) = book.edits
    # 46023 is 2026-01-01; 23 November is the 327th day, 326 later.
    assert edit["cells"] == [[2, 2, "联通"], [3, 4, {"serial": 46349, "format": "yyyy-mm-dd"}]]
    assert edit["seen"] == [[2, 1, "XQ-1"], [2, 2, "移动"], [3, 1, "XQ-2"], [3, 4, None]]
    assert contents(small) == before
    assert book.sheet("需求").rows[1][1] == "联通"


def test_appended_rows_are_told_by_their_place_in_the_table(small: Path) -> None:
    book = recorded(small, "需求台账.xlsx")
    book.append("需求", [["XQ-3", None, "移动"], ["XQ-4"]])
    book.save()
    (edit,) = book.edits
    assert edit["cells"] == [[4, 1, "XQ-3"], [4, 3, "移动"], [5, 1, "XQ-4"]]
    assert edit["added"] == [4, 5]
    assert edit["table"]["ref"].endswith("5")
    assert [4, 1, None] in edit["seen"] and [3, 1, "XQ-2"] in edit["seen"]


def test_a_replaced_sheet_is_told_whole_with_its_links(small: Path) -> None:
    book = recorded(small, "问题清单.xlsx")
    heading = book.sheet("问题").rows[0]
    book.replace("问题", [heading, [Link("去《需求》", "需求台账.xlsx", "需求", "A2"), "0012"]])
    book.save()
    (edit,) = book.edits
    assert edit["rows"][1] == [{"formula": "=HYPERLINK(\"需求台账.xlsx#'需求'!A2\",\"去《需求》\")", "text": "去《需求》"}, "0012"]
    assert edit["heading"] == 1


def test_what_a_file_refuses_is_refused_and_nothing_is_told(small: Path) -> None:
    book = recorded(small, "需求台账.xlsx")
    book.update("需求", {(2, 3): "长" * 40_000})
    with pytest.raises(Refused) as refused:
        book.save()
    assert refused.value.finding.code == "WBK046"
    assert book.edits == []


@pytest.mark.parametrize(("order", "said"), [
    ({"id": "no_such", "path": ""}, "ADD010"),
    ({"id": "check", "path": "https://kdocs.cn/l/1/需求台账.xlsx"}, "ADD502"),
    ({"id": "check", "path": "需求台账.xlsx"}, "ADD502"),
])
def test_an_order_that_cannot_be_served_is_refused_in_words(order: dict[str, Any], said: str) -> None:
    from macros.findings import catalogue

    answer = serve(order)
    assert (answer["status"], answer["edits"]) == (2, [])
    assert catalogue()[said].cure in answer["said"]


def test_a_workbook_wps_cannot_write_is_left_alone_and_named(small: Path) -> None:
    path = str(small / "需求台账.xlsx")
    answer = serve({"id": "check", "path": path, "sheet": "需求", "rows": [2], "open": [], "locked": [path], "now": NOW})
    assert answer["status"] == 2
    assert "只读、受保护" in answer["said"] and "需求台账" in answer["said"]


# --- The script, with the real helper ----------------------------------------------------------------------------


@pytest.fixture(scope="session")
def node() -> str:
    """The program that runs the script; its absence fails in continuous integration and skips elsewhere."""
    found = shutil.which("node")
    if found:
        return found
    if os.environ.get("CI") == "true":
        pytest.fail("node is missing")
    pytest.skip("node is missing")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A user's home folder with the built add-in."""
    made = tmp_path_factory.mktemp("home")
    for name, data in wps.made().items():
        path = made / "jsaddons" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return made


def no_screen() -> dict[str, str]:
    """The environment without a screen: no window of ours comes up."""
    return {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}


@pytest.fixture(scope="module")
def helper(home: Path) -> Iterator[Path]:
    """The running helper; gives its agent.json."""
    own = home / ".local" / "share" / "towerdesk"
    process = subprocess.Popen(
        [sys.executable, "-X", "utf8", "-m", "addin", "agent"], cwd=HERE.parent, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL, env=no_screen() | {"TOWERDESK_HOME": str(own)},
    )
    until = time.monotonic() + 20
    while not (own / "agent.json").exists() and time.monotonic() < until and process.poll() is None:
        time.sleep(0.05)
    yield own / "agent.json"
    process.terminate()
    process.wait(20)


class Wps:
    """The stand-in with workbooks of a folder open."""

    def __init__(self, node: str, home: Path, room: Path) -> None:
        self.node, self.home, self.room = node, home, room

    def __call__(self, books: list[Path], steps: list[dict[str, Any]], world: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
        """What happened: ``log``, ``told`` orders, ``books`` as they are in the end."""
        env = {"GetHomePath": str(self.home), "GetAppDataPath": "", "GetTempPath": "/tmp"}
        opened = [load(path) | (world or {}).get(path.name, {}) for path in books]
        scenario = {
            "addin": str(self.home / "jsaddons" / wps.folder()), "python": sys.executable, "steps": steps,
            "world": {"workbooks": opened, "env": env} | {k: v for k, v in (world or {}).items() if not k.endswith(".xlsx")},
            "order": {"now": NOW}, **more,
        }
        (self.room / "scenario.json").write_text(json.dumps(scenario), encoding="utf-8")
        command = [self.node, HERE / "wps_drive.js", self.room / "scenario.json", self.room / "result.json"]
        done = subprocess.run(list(map(str, command)), stderr=subprocess.PIPE, timeout=120, cwd=more.get("cwd"))
        assert not done.returncode, done.stderr.decode()
        found: dict[str, Any] = json.loads((self.room / "result.json").read_text(encoding="utf-8"))
        return found


@pytest.fixture
def office(node: str, home: Path, helper: Path, tmp_path: Path) -> Wps:
    """WPS beside the running helper."""
    return Wps(node, home, tmp_path)


class Here:
    """Serves orders in this process, behind the helper's own guards: no process is started for them."""

    token, log = "none", logging.getLogger("test")

    def serve(self, path: str, order: dict[str, Any], accept: str) -> Reply:
        if order.get("id") == "lint":
            return refusal(HTTPStatus.SERVICE_UNAVAILABLE, "ADD104")
        return Reply(HTTPStatus.OK, serve(order) if path == "/run" else {})


@pytest.fixture(scope="module")
def served(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A home whose helper is this process."""
    own = tmp_path_factory.mktemp("served")
    patch = pytest.MonkeyPatch()
    patch.delenv("DISPLAY", raising=False)
    shutil.copytree(home / "jsaddons", own / "jsaddons")
    server = Server(0, cast(Any, Here()))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    told = own / ".local" / "share" / "towerdesk" / "agent.json"
    told.parent.mkdir(parents=True)
    told.write_text(json.dumps({"port": server.server_port, "token": Here.token}), encoding="ascii")
    yield own
    server.shutdown()
    server.server_close()
    patch.undo()


@pytest.fixture
def quick(node: str, served: Path, tmp_path: Path) -> Wps:
    """WPS beside a helper that needs no process of its own."""
    return Wps(node, served, tmp_path)


@pytest.fixture
def alone(node: str, tmp_path: Path, home: Path) -> Wps:
    """A user without a running helper."""
    own = tmp_path / "home"
    shutil.copytree(home / "jsaddons", own / "jsaddons")
    return Wps(node, own, tmp_path)


def seen(happened: dict[str, Any], kind: str) -> list[Any]:
    return [what for name, what in happened["log"] if name == kind]


def books(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.xlsx"))


def cells(folder: Path, names: set[str]) -> dict[str, Any]:
    """The content of every cell and the area of every table; links by what they show, numbers to 15 digits as Excel."""
    found: dict[str, Any] = {}
    for path in (path for path in books(folder) if path.name in names):
        for sheet in openpyxl.load_workbook(path).worksheets:
            at = f"{path.name} {sheet.title} "
            found |= {at + cell.coordinate: plain(cell) for row in sheet.iter_rows() for cell in row if cell.value is not None}
            found |= {f"{at}table {table.name}": table.ref for table in sheet.tables.values()}
    return found


def plain(cell: Any) -> Any:
    link = LINKED.fullmatch(cell.value) if cell.data_type == "f" else None
    if link:
        return "link", link["shown"]
    return float(f"{cell.value:.15g}") if isinstance(cell.value, float) else cell.value


def others(folder: Path) -> dict[str, bytes]:
    return {name: data for name, data in contents(folder).items() if not name.endswith((".xlsx", ".docx"))}


def papers(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): words(path) for path in sorted(folder.rglob("单据/**/*.docx"))}


def changed(one: Path, other: Path) -> dict[str, tuple[Any, Any]]:
    """Cells and tables that differ between two registers; workbooks of equal bytes are not looked into."""
    names = {path.name for path in [*books(one), *books(other)]}
    left, right = (cells(folder, {n for n in names if not same_bytes(one / n, other / n)}) for folder in (one, other))
    return {at: (left.get(at), right.get(at)) for at in sorted({*left, *right}) if left.get(at) != right.get(at)}


def same_bytes(one: Path, other: Path) -> bool:
    return one.is_file() and other.is_file() and one.read_bytes() == other.read_bytes()


def picked(*rows: int) -> dict[str, Any]:
    """Rows of 需求 selected, one area each."""
    return {"do": "select", "book": "需求台账.xlsx", "sheet": "需求", "areas": [f"B{row}:D{row}" for row in rows]}


def click(button: str) -> dict[str, Any]:
    return {"do": "click", "id": button}


def test_board_check_and_forms_give_what_the_command_line_gives_on_closed_files(office: Wps, city: City, tmp_path: Path) -> None:
    now = "2026-12-30T10:00:00"  # two days after the register's last board: most hints change
    closed, open_ = tmp_path / "closed", tmp_path / "open"
    for each in (closed, open_):
        shutil.copytree(city.folder, each)
    run("board", closed, now=now)
    run("check", closed, now=now)
    keys = [cell.value for cell in openpyxl.load_workbook(closed / "需求台账.xlsx")["需求"]["A"][1:6]]
    run("form", "3.1", keys, closed, now=now)
    happened = office(
        books(open_), [click("board"), click("check"), picked(2, 3, 4, 5, 6), click("form_3_1"), {"do": "save"}],
        order={"now": now},
    )
    assert changed(open_, closed) == {}
    assert others(open_) == others(closed)
    assert papers(open_) == papers(closed)
    assert len(papers(closed)) == 5
    assert seen(happened, "alert") == []
    assert {"待办.xlsx", "需求台账.xlsx", "问题清单.xlsx", "单据登记簿.xlsx"} <= set(seen(happened, "save"))
    assert not happened["asleep"]


def test_links_of_the_lists_lead_to_the_row_they_stand_in(quick: Wps, city: City, tmp_path: Path) -> None:
    folder = copied(city.folder, tmp_path)
    put(folder, "需求", "XQ-YD-0001", "经度", "不知道")
    happened = quick([folder / "问题清单.xlsx"], [click("check")])
    rows = [row for row in sheet_rows(happened, "问题清单.xlsx", "问题")[1:] if isinstance(row[4], tuple)]
    assert len(rows) > 1
    for row in rows:
        link = LINKED.fullmatch(row[4][1])
        assert link and (link["file"], link["sheet"], link["shown"]) == (row[2], row[3], link["cell"])


def sheet_rows(happened: dict[str, Any], book: str, sheet: str) -> list[list[Any]]:
    """The rows of a sheet in the stand-in, blank ones left out; a formula as a pair."""
    found: dict[int, dict[int, Any]] = {}
    for row, column, held in happened["books"][book]["sheets"][sheet]["cells"]:
        found.setdefault(row, {})[column] = ("formula", held["formula"]) if "formula" in held else held.get("value")
    rows = [[found[row].get(column) for column in range(1, 81)] for row in sorted(found)]
    return [row for row in rows if any(value is not None for value in row)]


#: Texts that a program takes for something else when they are typed.
TOUCHY = ["00123", "=1+1", "-3", "3-5", "2026年4月", "1/2", "12:30", "TRUE", "50%", "MAR1", "+86", "'引号", "1e5"]


def some(folder: Path) -> list[Path]:
    """The workbooks that clicks on 需求 change."""
    return [folder / name for name in ("需求台账.xlsx", "问题清单.xlsx", "单据登记簿.xlsx", "参数.xlsx")]


@pytest.mark.parametrize(("apostrophe", "epoch"), [
    (True, CALENDAR_WINDOWS_1900), (False, CALENDAR_WINDOWS_1900), (True, CALENDAR_MAC_1904),
], ids=["apostrophe", "format", "1904"])
def test_texts_stay_texts_and_days_days_in_new_rows(quick: Wps, small: Path, tmp_path: Path, apostrophe: bool, epoch: dt.datetime) -> None:
    book = openpyxl.load_workbook(small / "需求台账.xlsx")
    book.epoch = epoch
    book.save(small / "需求台账.xlsx")
    lines = [f"XQ-{number},移动,澜江,澜南区,{text},县城,111.5,31.5,{text}号,2027-04-30,2026-11-18,1,30-35,3" for number, text in enumerate(TOUCHY, 11)]
    head = "需求编号,运营商,地市,区县,站点名称,场景划分,经度,纬度,详细地址,交付时间要求,需求提出时间,系统数（套）,天线挂高范围（米）,天线数（副）"
    source = tmp_path / "需求清单.csv"
    source.write_text("\n".join([head, *lines]), encoding="utf-8")
    closed = copied(small, tmp_path / "closed")
    run("import", [source], closed, now=NOW)
    happened = quick(
        some(small), [click("import_files"), {"do": "save"}], {"apostrophe": apostrophe},
        order={"now": NOW, "answers": {"files": [str(source)]}},
    )
    assert happened["told"][0]["answers"] == {"files": [str(source)]}
    assert changed(small, closed) == {}
    sheet = openpyxl.load_workbook(small / "需求台账.xlsx")["需求"]
    names, days = (sheet[column_of(small, title)][3:] for title in ("站点名称", "需求提出时间"))
    assert [cell.value for cell in names] == TOUCHY
    assert {cell.data_type for cell in names} == {"s"}
    assert {cell.value for cell in days} == {dt.datetime(2026, 11, 18)}


def test_unsaved_changes_are_saved_first_when_the_user_agrees(quick: Wps, small: Path) -> None:
    typed = {"do": "type", "book": "需求台账.xlsx", "sheet": "需求", "cell": column_of(small, "经度") + "3", "value": "不是经度"}
    happened = quick(some(small), [typed, click("check")])
    assert "需求台账.xlsx 有未保存的改动" in seen(happened, "confirm")[0]
    assert seen(happened, "save")[0] == "需求台账.xlsx"
    assert any("经度" in row for row in sheet_rows(happened, "问题清单.xlsx", "问题"))


def test_nothing_is_done_when_the_user_does_not_want_to_save(quick: Wps, small: Path) -> None:
    before = contents(small)
    typed = {"do": "type", "book": "需求台账.xlsx", "sheet": "需求", "cell": "G3", "value": "新村三站"}
    happened = quick(some(small), [typed, click("check")], agrees=False)
    assert happened["told"] == []
    assert contents(small) == before


@pytest.mark.parametrize(("world", "said"), [
    ({"需求台账.xlsx": {"unsaved": True}}, "还没有保存到文件夹"),
    ({"需求台账.xlsx": {"path": "https://kdocs.cn/l/1/需求台账.xlsx"}}, "是在线文档"),
])
def test_a_workbook_that_is_no_file_of_this_machine_is_named(quick: Wps, small: Path, world: dict[str, Any], said: str) -> None:
    happened = quick([small / "需求台账.xlsx"], [click("check")], world)
    assert said in seen(happened, "alert")[0]
    assert happened["told"] == []


def test_what_the_user_types_meanwhile_is_never_overwritten(quick: Wps, small: Path) -> None:
    put(small, "需求", "XQ-2", "经度", "不是经度")
    hint = column_of(small, "检查结果")
    typed = {"book": "需求台账.xlsx", "sheet": "需求", "cell": f"{hint}3", "value": "我的话"}
    happened = quick(some(small), [click("check")], meanwhile=[typed])
    assert f"需求 {hint}3 已经改变" in seen(happened, "alert")[0]
    assert "我的话" in sheet_rows(happened, "需求台账.xlsx", "需求")[2]
    assert len(sheet_rows(happened, "问题清单.xlsx", "问题")) == 2  # the other workbook has its result


def column_of(folder: Path, title: str) -> str:
    sheet = openpyxl.load_workbook(folder / "需求台账.xlsx")["需求"]
    return next(cell.column_letter for cell in sheet[1] if cell.value == title)


def test_a_row_inserted_meanwhile_is_noticed_by_the_keys(quick: Wps, small: Path) -> None:
    put(small, "需求", "XQ-2", "经度", "不是经度")
    shifted = [{"book": "需求台账.xlsx", "sheet": "需求", "cell": "A3", "value": "XQ-1A"}, {"book": "需求台账.xlsx", "sheet": "需求", "cell": "A4", "value": "XQ-2"}]
    happened = quick(some(small), [click("check")], meanwhile=shifted)
    assert "需求 A3 已经改变" in seen(happened, "alert")[0]


@pytest.mark.parametrize("writes", [1, 2])
def test_a_failure_while_writing_brings_back_what_stood_there(quick: Wps, small: Path, writes: int) -> None:
    put(small, "需求", "XQ-2", "经度", "不是经度")
    quick(some(small), [click("check"), {"do": "save"}])
    before = sheet_rows(quick(some(small), []), "问题清单.xlsx", "问题")
    put(small, "需求", "XQ-1", "经度", "也不是")
    happened = quick(some(small), [click("check")], {"failAfter": {"book": "问题清单.xlsx", "writes": writes - 1}})
    assert "没有写入（磁盘或内存不足），原有内容已恢复" in seen(happened, "alert")[0]
    assert sheet_rows(happened, "问题清单.xlsx", "问题") == before
    assert "经度" in str(sheet_rows(happened, "需求台账.xlsx", "需求")[1])  # each workbook stands for itself
    assert not happened["asleep"]


def test_results_wait_until_a_cell_has_been_edited(quick: Wps, small: Path) -> None:
    put(small, "需求", "XQ-2", "经度", "不是经度")
    happened = quick(some(small), [click("check")], edits_after_answer=3)
    assert any("按回车或 Esc" in text for text in seen(happened, "status"))
    assert len(sheet_rows(happened, "问题清单.xlsx", "问题")) > 1


def test_a_protected_workbook_keeps_its_content_and_is_named(quick: Wps, small: Path) -> None:
    before = contents(small)
    sheets = load(small / "问题清单.xlsx")["sheets"]
    happened = quick(some(small), [click("check")], {"问题清单.xlsx": {"sheets": [one | {"protected": True} for one in sheets]}})
    assert happened["told"][0]["locked"] == [str(small / "问题清单.xlsx")]
    assert "只读、受保护" in seen(happened, "alert")[0]
    assert (small / "问题清单.xlsx").read_bytes() == before["问题清单.xlsx"]


def test_a_closed_workbook_is_written_as_a_file_and_opened_when_it_is_the_result(quick: Wps, small: Path) -> None:
    happened = quick([small / "需求台账.xlsx"], [click("check")])
    assert happened["told"][0]["open"] == [str(small / "需求台账.xlsx")]
    assert seen(happened, "open") == ["问题清单.xlsx"]


def test_without_the_helper_the_cure_names_the_command(alone: Wps, small: Path) -> None:
    happened = alone([small / "需求台账.xlsx"], [click("check")])
    assert "启动“塔务台助手”" in seen(happened, "alert")[0]
    assert f'towerdesk check --register "{small}"' in seen(happened, "alert")[0]
    assert happened["bar"] is not True and not happened["asleep"]


def test_on_windows_the_helper_is_started_by_its_entry_in_the_start_menu(alone: Wps, helper: Path, small: Path) -> None:
    roaming, local = alone.home / "C:" / "Roaming", alone.home / "C:" / "Local" / "TowerDesk"
    (roaming / wps.STARTER).parent.mkdir(parents=True)
    (roaming / wps.STARTER).touch()
    local.mkdir(parents=True)
    shutil.copyfile(helper, local / "waiting.json")
    # On this machine C: is a folder of the working directory.
    env = {"GetHomePath": "", "GetAppDataPath": "C:/Roaming", "GetTempPath": ""}
    happened = alone(
        [small / "需求台账.xlsx"], [click("check")],
        {"env": env, "starts": ["C:/Local/TowerDesk/waiting.json", "C:/Local/TowerDesk/agent.json"]}, cwd=str(alone.home),
    )
    assert seen(happened, "start") == [f"C:/Roaming/{wps.STARTER}"]
    assert len(happened["told"]) == 1
    assert seen(happened, "alert") == []


@pytest.mark.parametrize(("env", "found"), [
    ({"GetHomePath": "C:/Users/a", "GetAppDataPath": "C:\\Users\\a\\AppData\\Roaming\\", "GetTempPath": ""}, True),
    ({"GetHomePath": "", "GetAppDataPath": "//server/a/Roaming", "GetTempPath": "C:/Users/a/AppData/Local/Temp/wps"}, True),
    ({"GetHomePath": "C:/Users/a", "GetAppDataPath": "//server/a/Roaming", "GetTempPath": "C:/Temp"}, True),
    ({"GetHomePath": "", "GetAppDataPath": "//server/a/Roaming", "GetTempPath": "C:/Temp"}, False),
], ids=["profile", "roaming-elsewhere", "home", "foreign-temp"])
def test_the_helper_is_looked_for_in_the_users_own_profile(alone: Wps, served: Path, small: Path, env: dict[str, str], found: bool) -> None:
    told = served / ".local" / "share" / "towerdesk" / "agent.json"
    for own in ("C:/Users/a/AppData/Local/TowerDesk", "C:/TowerDesk"):
        (alone.home / own).mkdir(parents=True)
        shutil.copyfile(told, alone.home / own / "agent.json")
    (alone.home / "C:/TowerDesk/agent.json").write_text('{"port": 1, "token": "another user"}')
    happened = alone([small / "需求台账.xlsx"], [click("check")], {"env": env}, cwd=str(alone.home))
    assert len(happened["told"]) == found


def test_a_second_click_waits_for_the_first(quick: Wps, small: Path) -> None:
    happened = quick(some(small), [click("check") | {"hasty": True}, click("board")])
    assert [order["id"] for order in happened["told"]] == ["check"]
    assert "“检查台账”还没有做完" in seen(happened, "alert")[0]


def test_a_refusal_of_the_helper_is_told_and_nothing_is_written(quick: Wps, small: Path) -> None:
    happened = quick(some(small), [click("lint"), click("check")])
    assert len(seen(happened, "alert")) == 1
    assert "再点一次" in seen(happened, "alert")[0]
    assert [order["id"] for order in happened["told"]] == ["lint", "check"]  # once each, and the next one goes through


def test_the_arithmetic_of_a_day_is_shown_in_full(quick: Wps, small: Path) -> None:
    happened = quick(some(small), [picked(2), click("explain")], order={"now": NOW, "answers": {"clock": ["K01"]}})
    (text,) = seen(happened, "alert")
    assert text.startswith("塔务台\n\nXQ-1 K01")
    assert "计入：" in text
    assert seen(happened, "save") == []


def test_hidden_rows_and_rows_below_the_table_are_not_selected(quick: Wps, small: Path) -> None:
    sheets = load(small / "需求台账.xlsx")["sheets"]
    world = {"需求台账.xlsx": {"sheets": [one | {"hidden": [2]} if one["title"] == "需求" else one for one in sheets]}}
    everything = {"do": "select", "book": "需求台账.xlsx", "sheet": "需求", "areas": ["C1:C1048576"]}
    happened = quick([small / "需求台账.xlsx"], [everything, click("check")], world)
    assert (happened["told"][0]["rows"], happened["told"][0]["column"]) == ([1, 3], 3)


def test_a_message_about_a_cell_leads_there(quick: Wps, small: Path) -> None:
    put(small, "需求", "XQ-1", "站点名称", None)
    happened = quick(some(small), [picked(2), click("form_3_1")])
    assert "是否转到该单元格" in seen(happened, "confirm")[0]
    assert happened["at"] == ["需求台账.xlsx", "需求", column_of(small, "站点名称") + "2"]


def test_buttons_follow_the_sheet_and_the_rows(office: Wps, small: Path) -> None:
    ids = ["board", "form_3_1", "form_3_7"]
    happened = office(some(small), [
        picked(2), {"do": "enabled", "ids": ids},
        {"do": "select", "book": "参数.xlsx", "sheet": "假设", "areas": ["A2"]}, {"do": "enabled", "ids": ids},
    ])
    assert seen(happened, "enabled") == [
        {"board": True, "form_3_1": True, "form_3_7": False}, {"board": True, "form_3_1": False, "form_3_7": False},
    ]


def test_a_button_shows_its_picture(quick: Wps, small: Path) -> None:
    (path,) = seen(quick([small / "需求台账.xlsx"], [{"do": "image", "id": "board"}]), "image")
    assert f"{wps.folder()}/{path}" in wps.made()
