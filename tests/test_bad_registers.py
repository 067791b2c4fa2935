"""Registers that somebody has changed by hand: nothing is reckoned as if a table that cannot be read were empty."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from macros.forms import forms
from macros.headings import heading_findings, match
from macros.hosts import Refused
from macros.records import Place
from tests.city import FILES, contents, run

NOW = "2026-11-21T15:30:00"


def changed(folder: Path, title: str, change: str, column: str = "") -> None:
    """What users do to a sheet of the register."""
    path = folder / FILES[title]
    if change == "gone":
        path.unlink()
        return
    book = openpyxl.load_workbook(path)
    sheet = book[title]
    for name in list(sheet.tables):
        del sheet.tables[name]
    headings = {cell.value: cell for cell in sheet[1]}
    if change == "renamed":
        sheet.title = f"{title} (2)"
    elif change == "title above":
        sheet.insert_rows(1)
        sheet["A1"] = "某市台账"
    else:
        headings[column].value = change
    book.save(path)


@pytest.mark.parametrize(("command", "change", "column", "code"), [
    ("bill", "gone", "", "CMD002"), ("bill", "renamed", "", "CMD003"), ("bill", "title above", "", "REG003"),
    ("bill", "起租时间一", "服务开始日期", "REG002"), ("bill", "运营商", "场地费（元每年）", "REG001"),
    ("reconcile", "renamed", "", "CMD003"),
])
def test_a_month_is_not_reckoned_of_leases_that_cannot_be_read(
    folder: Path, tmp_path: Path, command: str, change: str, column: str, code: str,
) -> None:
    changed(folder, "租约", change, column)
    before = contents(folder)
    words: list[Any] = ["2026-10", tmp_path / "详单.csv", folder] if command == "reconcile" else ["2026-10", folder]
    with pytest.raises(Refused) as caught:
        run(command, *words, out=tmp_path / "出", now=NOW)
    assert (caught.value.finding.code, caught.value.finding.workbook) == (code, "租约台账.xlsx")
    assert contents(folder) == before and not (tmp_path / "出").exists()


@pytest.mark.parametrize("title", ["需求", "站址"])
def test_demands_are_not_joined_where_the_sites_cannot_be_read(folder: Path, tmp_path: Path, title: str) -> None:
    changed(folder, title, "renamed")
    with pytest.raises(Refused) as caught:
        run("consolidate", folder, out=tmp_path / "出", now=NOW)
    assert (caught.value.finding.code, caught.value.finding.sheet) == ("CMD003", title)


def test_a_fee_column_under_another_name_is_told_by_check_and_bill(folder: Path, tmp_path: Path) -> None:
    changed(folder, "租约", "场租", "场地费（元每年）")
    for answer in (run("check", folder, now=NOW), run("bill", "2026-10", folder, out=tmp_path, now=NOW, dry_run=True)):
        (said,) = [one for one in answer.data["findings"] if one["code"] == "REG007"]
        assert (said["sheet"], said["cell"], said["field"], said["value"]) == ("租约", "S1", "场地费", "场租")


@pytest.mark.parametrize(("headings", "said"), [
    ("客户名称 联系人 职务 电话 电子邮箱", []),
    ("客户名称 姓名 岗位 手机 邮箱", []),
    ("客户名称 联系人 职务 号码 电子邮箱", [("D1", "电话", "号码")]),
    ("电子邮箱 号码 客户名称 联系人 职务 生日", [("F1", "电话", "生日")]),
    ("片区 客户名称 联系人 星座 职务 电话 电子邮箱", []),
])
def test_an_unknown_heading_is_doubted_only_where_a_column_of_the_form_belongs(
    headings: str, said: list[tuple[str, str, str]],
) -> None:
    form = forms()["contact"]
    row = [*headings.split(), *(column.heading for column in form.columns[5:])]
    found = heading_findings(form, match(form, row), Place("客户台账.xlsx", "联系人", 1))
    assert [(one.cell, one.field, one.value) for one in found if one.code == "REG007"] == said


def test_deadlines_that_cannot_run_are_missed(folder: Path) -> None:
    changed(folder, "需求", "renamed")
    answer = run("board", folder, now=NOW)
    assert [(said["code"], said["sheet"]) for said in answer.data["findings"]] == [("CMD003", "需求")]
    assert answer.status == 1


def test_papers_of_a_table_that_is_not_there_are_refused_not_none(folder: Path) -> None:
    changed(folder, "需求", "renamed")
    with pytest.raises(Refused) as caught:
        run("form", "3.1", [], folder, every=True, now=NOW)
    assert (caught.value.finding.code, caught.value.finding.sheet) == ("CMD003", "需求")


def test_a_damaged_list_of_what_is_due_is_told_once(folder: Path) -> None:
    (folder / "待办.xlsx").write_bytes((folder / "待办.xlsx").read_bytes()[:3000])
    answer = run("board", folder, now=NOW)
    assert [(said["code"], said["workbook"]) for said in answer.data["findings"]] == [("WBK007", "待办.xlsx")]


HEADINGS = "key,clock,version,limit,trigger,due,closed_on,state,calendar,judged_at\n"
JUDGED = "甲-1,K01,2015-04-01,2 WD,2026-11-18,2026-11-20,2026-11-20,met,随附 #1,2026-11-21T15:30:00\n"


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "utf-8"])
def test_an_archive_of_deadlines_is_read_as_another_program_saved_it(folder: Path, encoding: str) -> None:
    (folder / "时限存档.csv").write_bytes((HEADINGS + JUDGED).encode(encoding))
    answer = run("board", folder, now=NOW)
    assert (answer.data["archive_unreadable"], answer.data["findings"]) == ([], [])


@pytest.mark.parametrize(("content", "code"), [(b"\xff\xfe\x00", "WBK016"), (b'"' + b"x" * 200_000, "WBK017")])
def test_an_archive_of_deadlines_that_cannot_be_read_stays_as_it_is(folder: Path, content: bytes, code: str) -> None:
    (folder / "时限存档.csv").write_bytes(content)
    before = contents(folder)
    with pytest.raises(Refused) as caught:
        run("board", folder, now=NOW)
    assert (caught.value.finding.code, contents(folder)) == (code, before)
