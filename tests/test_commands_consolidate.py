"""The command consolidate on the sample city: every label as counted, the sheet, the manager's decisions, the paper."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from macros.commands import Answer
from macros.forms import forms
from tests.city import NOWS, City, codes, contents, copied, enter, expected, look, put, run

WANTED: list[dict[str, Any]] = expected("consolidate")["demands"]


@pytest.fixture(scope="module")
def done(city: City, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Answer]:
    """The sample city after the command. Only for copying."""
    folder = copied(city.folder, tmp_path_factory.mktemp("consolidated"))
    return folder, run("consolidate", folder, out=folder / "出", now=NOWS[0])


@pytest.mark.parametrize("wanted", WANTED, ids=[each["key"] for each in WANTED])
def test_every_demand_of_the_city_is_labelled_as_counted(done: tuple[Path, Answer], wanted: dict[str, Any]) -> None:
    (told,) = [each for each in done[1].data["demands"] if each["key"] == wanted["key"]]
    assert (told["label"], told["site"]) == (wanted["label"], wanted["site"])
    if wanted["label"] == "存量共享":
        assert told["distance_m"] == pytest.approx(wanted["distance_m"], abs=1, rel=0.005)
    else:
        assert sorted(told["with"]) == sorted(wanted["with"])


def test_signed_plans_say_what_would_be_worked_out_without_them(done: tuple[Path, Answer], tmp_path: Path) -> None:
    folder = copied(done[0], tmp_path)
    file = folder / forms()["demand"].file
    book = openpyxl.load_workbook(file)
    sheet = book["需求"]
    (column,) = [cell.column for cell in sheet[1] if cell.value == "筛查方案确认表签署日期"]
    for row in range(2, sheet.max_row + 1):
        sheet.cell(row, column).value = None
    book.save(file)
    again = run("consolidate", folder, out=folder / "出", now=NOWS[0]).data["demands"]
    assert {each["basis"] for each in again} == {"计算"}
    assert {each["key"]: each["label"] for each in again} == {each["key"]: each["label"] for each in WANTED}


def test_the_proposal_stands_in_the_register_and_in_a_paper(done: tuple[Path, Answer]) -> None:
    folder, answer = done
    rows = {row["需求编号"]: row for row in look(folder, "需求整合")}
    assert len(rows) == len(WANTED) == 147
    row = rows["XQ-YD-0001"]
    assert (row["整合建议"], row["共享站址编码"], row["偏移距离（米）"], row["依据"]) == (
        "存量共享", "429802700000002758", 26.4, "计算",
    )
    assert "相距26.4米，在允许偏离150米之内" in row["理由"]
    (paper,) = answer.data["documents"]
    assert paper["form"] == "consolidation-plan" and Path(paper["file"]).is_file()
    assert "XQ-YD-0001" in Path(answer.data["map"]).read_text(encoding="utf-8")
    assert [row["单据编号"] for row in look(folder, "单据")] == [paper["number"]]


def test_a_second_run_writes_nothing_anew(done: tuple[Path, Answer], tmp_path: Path) -> None:
    folder = copied(done[0], tmp_path)
    before = contents(folder)
    again = run("consolidate", folder, out=folder / "出", now=NOWS[0])
    assert contents(folder) == before
    assert again.data["demands"] == done[1].data["demands"]


def test_the_managers_decision_in_the_sheet_is_kept_by_the_next_run(done: tuple[Path, Answer], tmp_path: Path) -> None:
    folder = copied(done[0], tmp_path)
    put(folder, "需求整合", "XQ-LT-0002", "调整为", "新建独享")
    refused = run("consolidate", folder, out=folder / "出", now=NOWS[0])
    assert (codes(refused)[0], refused.status) == ("CON010", 1)
    put(folder, "需求整合", "XQ-LT-0002", "调整理由", "业主只接受一家")
    told = {each["key"]: each for each in run("consolidate", folder, out=folder / "出", now=NOWS[0]).data["demands"]}
    assert (told["XQ-LT-0002"]["label"], told["XQ-DX-0001"]["label"]) == ("新建独享", "新建独享")
    row = next(row for row in look(folder, "需求整合") if row["需求编号"] == "XQ-LT-0002")
    assert (row["整合建议"], row["理由"], row["调整理由"]) == (
        "新建独享", "人工调整为“新建独享”：业主只接受一家", "业主只接受一家",
    )


def test_a_register_without_the_sheet_is_answered_and_told_so(done: tuple[Path, Answer], tmp_path: Path) -> None:
    folder = copied(done[0], tmp_path)
    file = folder / forms()["demand"].file
    book = openpyxl.load_workbook(file)
    del book["需求整合"]
    book.save(file)
    answer = run("consolidate", folder, out=folder / "出", now=NOWS[0])
    assert len(answer.data["demands"]) == 147
    assert "CMD019" in codes(answer)


def test_a_row_whose_demand_is_gone_is_emptied_and_the_managers_words_stay(folder: Path) -> None:
    enter(folder, "## 需求整合\n| 需求编号 | 整合建议 | 理由 | 调整理由 |\n| XQ-9 | 新建共享 | 旧 | 备忘 |")
    answer = run("consolidate", folder, now=NOWS[0])
    assert "CON005" in codes(answer) and answer.data["documents"] == []
    (row,) = look(folder, "需求整合")
    assert (row["需求编号"], row["整合建议"], row["理由"], row["调整理由"]) == ("XQ-9", None, None, "备忘")


def test_places_of_another_system_are_converted_before_they_are_compared(folder: Path) -> None:
    # The same point in WGS-84 and GCJ-02, 470 m apart on paper.
    enter(folder, """
        ## 需求
        | 需求编号 | 运营商 | 地市 | 经度 | 纬度 | 坐标系 | 允许偏离半径（米） |
        | XQ-1 | 移动 | 澜江市 | 121.5272106 | 31.1774276 | WGS-84 | 100 |
        | XQ-2 | 联通 | 澜江市 | 121.531541859215 | 31.17530398364597 | 高德 | 100 |
    """)
    told = run("consolidate", folder, now=NOWS[0]).data["demands"]
    assert [(each["label"], each["with"]) for each in told] == [("新建共享", ["XQ-2"]), ("新建共享", ["XQ-1"])]
    assert told[0]["distances"]["XQ-2"] < 1


def test_without_a_document_register_there_is_no_paper_but_an_answer(done: tuple[Path, Answer], tmp_path: Path) -> None:
    folder = copied(done[0], tmp_path)
    shutil.rmtree(folder / "出")
    (folder / "单据登记簿.xlsx").unlink()
    answer = run("consolidate", folder, out=folder / "出", now=NOWS[0])
    assert len(answer.data["demands"]) == 147 and answer.data["documents"] == []
    assert any(said["workbook"] == "单据登记簿.xlsx" for said in answer.data["findings"])
