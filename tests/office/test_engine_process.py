"""Offices and workbooks that come and go: names and paths, other languages, attaching, dying, cleaning up."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import openpyxl
import psutil  # type: ignore[import-untyped]
import pytest
import xlwings as xw

from addin.libreoffice import engine
from addin.libreoffice.engine import OfficeBusy, OfficeGone, loading
from macros.hosts import Refused

pytestmark = [pytest.mark.office, pytest.mark.usefixtures("calc")]

LANGUAGE = "Setup/L10N", "ooSetupSystemLocale", "string"


def workbook(path: Path, text: str = "甲") -> Path:
    """A file with one cell."""
    path.parent.mkdir(parents=True, exist_ok=True)
    made = openpyxl.Workbook()
    made.worksheets[0]["A1"] = text
    made.save(path)
    return path


def opened_by_hand(app: xw.App, path: Path) -> None:
    """Open a workbook as the user does, past xlwings, which refuses a second one of the same name."""
    app.impl.books.open(str(path))


def running(profile: Path) -> list[int]:
    """Numbers of the processes that live in an office profile."""
    found = subprocess.run(["pgrep", "-f", profile.name], capture_output=True, text=True, check=False)
    return [int(number) for number in found.stdout.split()]


# Workbooks

@pytest.mark.parametrize("name", [
    "合同台账.xlsx", "有 空格.xlsx", "2026=Q1.xlsx", "甲;乙.xlsx", "A&B.xlsx", "100%#1.xlsx", "it's.xlsx",
])
def test_a_workbook_is_opened_found_and_saved_by_a_path_of_any_kind(calc: xw.App, tmp_path: Path, name: str) -> None:
    path = workbook(tmp_path / "登记 册" / name)
    book = calc.books.open(path)
    assert (book.name, book.fullname) == (name, str(path))
    assert calc.books[str(path)].sheets[0]["A1"].value == "甲"
    book.sheets[0]["A2"].value = "乙"
    book.save()
    book.close()
    assert openpyxl.load_workbook(path).worksheets[0]["A2"].value == "乙"


def test_a_workbook_is_opened_once(calc: xw.App, tmp_path: Path) -> None:
    path = workbook(tmp_path / "台账.xlsx")
    book = calc.books.open(path)
    before = len(calc.books)
    book.sheets[0]["A1"].value = "未保存"
    assert calc.books.open(path).sheets[0]["A1"].value == "未保存"
    assert len(calc.books) == before
    book.close()


def test_the_workbook_opened_last_is_the_active_one(calc: xw.App, tmp_path: Path) -> None:
    first = calc.books.open(workbook(tmp_path / "一.xlsx"))
    second = calc.books.open(workbook(tmp_path / "二.xlsx"))
    assert calc.books.active.name == "二.xlsx"
    first.activate()
    assert calc.books.active.name == "一.xlsx"
    first.close()
    second.close()


def test_workbooks_of_one_name_are_told_apart_by_their_paths(calc: xw.App, tmp_path: Path) -> None:
    east, west = workbook(tmp_path / "东" / "台账.xlsx", "东"), workbook(tmp_path / "西" / "台账.xlsx", "西")
    opened_by_hand(calc, east)
    opened_by_hand(calc, west)
    assert calc.books[str(east)].sheets[0]["A1"].value == "东"
    assert calc.books[str(west)].sheets[0]["A1"].value == "西"
    assert calc.books.open(west).fullname == str(west)
    with pytest.raises(KeyError):
        calc.books["台账.xlsx"]
    for path in (east, west):
        calc.books[str(path)].close()


def test_a_closed_workbook_is_told(calc: xw.App, tmp_path: Path) -> None:
    book = calc.books.open(workbook(tmp_path / "台账.xlsx"))
    sheet = book.sheets[0]
    book.api.close(True)
    with pytest.raises(OfficeGone) as caught:
        sheet["A1"].value = "乙"
    assert caught.value.finding.code == "ADD602"
    with pytest.raises(OfficeGone):
        book.save()


def test_a_file_that_is_no_workbook_is_refused(calc: xw.App, tmp_path: Path) -> None:
    (tmp_path / "照片.xlsx").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    with pytest.raises((xw.XlwingsError, Refused)):
        calc.books.open(tmp_path / "照片.xlsx")


# Languages

@pytest.mark.parametrize("language", ["de-DE", "zh-CN"])
def test_formats_formulas_and_numbers_are_excels_in_any_language(language: str, tmp_path: Path) -> None:
    app = engine.start(settings=[(*LANGUAGE, language)])
    try:
        sheet = app.books.add().sheets[0]
        sheet["A1"].value = [["1,234.5", "2026-01-05", "=ROUND(1.25,1)&\"/\"&SUM(1,2)", "true"]]
        sheet["B2"].number_format = "yyyy/m/d h:mm"
        sheet["C2"].number_format = "#,##0.00"
        assert [sheet.range((2, column)).number_format for column in (1, 2, 3)] == ["General", "yyyy/m/d h:mm", "#,##0.00"]
        assert sheet["B1"].number_format == "yyyy/m/d"
        assert sheet["A1"].value == 1234.5
        assert sheet["C1"].formula == '=ROUND(1.25,1)&"/"&SUM(1,2)'
        assert sheet["D1"].value is True
        sheet.book.save(tmp_path / "格式.xlsx")
    finally:
        app.quit()
    saved = openpyxl.load_workbook(tmp_path / "格式.xlsx").worksheets[0]
    assert (saved["B2"].number_format, saved["C2"].number_format) == ("yyyy/m/d\\ h:mm", "#,##0.00")


# Attaching

def test_the_users_office_is_attached_to_and_outlives_it(calc: xw.App, tmp_path: Path) -> None:
    path = workbook(tmp_path / "台账.xlsx")
    calc.books.open(path)
    other = calc.books.add()
    attached = engine.attach(calc.impl.office.pipe, str(path))
    assert attached.books.active.fullname == str(path)  # although another one is in front
    attached.books.active.sheets[0]["A1"].value = "改"
    attached.quit()
    calc.activate()
    assert calc.books[str(path)].sheets[0]["A1"].value == "改"
    calc.books[str(path)].close()
    other.close()


def test_attaching_for_a_workbook_that_is_not_open_is_refused(calc: xw.App, tmp_path: Path) -> None:
    before = list(xw.apps)
    with pytest.raises(OfficeGone):
        engine.attach(calc.impl.office.pipe, str(tmp_path / "没打开.xlsx"))
    assert list(xw.apps) == before


def test_attaching_where_nobody_listens_is_refused_at_once() -> None:
    began = time.monotonic()
    with pytest.raises(OfficeGone) as caught:
        engine.attach("nobody-listens-here")
    assert caught.value.finding.code == "ADD602"
    assert time.monotonic() - began < 5


# Ends

def test_a_killed_office_is_told_and_a_new_one_works_and_leaves_nothing_behind(calc: xw.App) -> None:
    app = engine.start()
    process = app.impl.office.process
    sheet = app.books.add().sheets[0]
    office = [*psutil.Process(process.running.pid).children(recursive=True), psutil.Process(process.running.pid)]
    os.killpg(process.running.pid, signal.SIGKILL)
    psutil.wait_procs(office, timeout=10)
    with pytest.raises(OfficeGone):
        sheet["A1"].value = [[1, 2], [3, 4]]
    with pytest.raises(OfficeGone):
        len(app.books)
    app.quit()
    assert not process.profile.exists()
    again = engine.start()
    process = again.impl.office.process
    again.books.add().sheets[0]["A1"].value = 1
    assert running(process.profile)
    again.quit()
    assert not running(process.profile)
    assert not process.profile.exists()
    calc.activate()


def test_an_office_that_does_not_answer_is_given_up_and_left_alone() -> None:
    app = engine.start()
    sheet = app.books.add().sheets[0]
    process = app.impl.office.process
    app.impl.office.patience = 1
    os.killpg(process.running.pid, signal.SIGSTOP)
    try:
        with pytest.raises(OfficeBusy) as caught:
            sheet["A1"].value = 1
        assert caught.value.finding.code == "ADD603"
    finally:
        os.killpg(process.running.pid, signal.SIGCONT)
    program = f"from addin.libreoffice import engine; print(len(engine.attach({process.pipe!r}).books))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == "1"
    app.kill()


def test_a_program_that_ends_without_quitting_leaves_no_office_behind() -> None:
    program = "from addin.libreoffice import engine; app = engine.start(); print(app.impl.office.process.profile)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    profile = Path(done.stdout.strip())
    assert not profile.exists()
    assert not running(profile)


# The bridge

def test_a_bridge_made_for_another_python_is_refused_before_it_is_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "uno.py").write_text("raise SystemExit('loaded')", encoding="ascii")
    (tmp_path / "libpyuno.so").write_bytes(b"\x7fELF....libpython3.8.so.1.0\x00....")
    monkeypatch.delitem(sys.modules, "uno", raising=False)
    monkeypatch.setattr(loading, "_folders", lambda: [tmp_path])
    with pytest.raises(Refused) as caught:
        loading.load_uno.__wrapped__()
    assert caught.value.finding.code == "ADD601"
    assert "3.8" in caught.value.finding.message


def test_a_missing_bridge_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "uno", raising=False)
    monkeypatch.setattr(loading, "_folders", list)
    with pytest.raises(Refused) as caught:
        loading.load_uno.__wrapped__()
    assert caught.value.finding.code == "ADD600"


def test_loading_the_bridge_leaves_imports_as_they_were() -> None:
    program = (
        "import builtins, sys; before = builtins.__import__, list(sys.path); "
        "from addin.libreoffice.engine import load_uno; load_uno(); assert (builtins.__import__, sys.path) == before"
    )
    subprocess.run([sys.executable, "-c", program], timeout=60, check=True)
