"""init, import and check on real folders: what they write, what they leave alone, what they refuse."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import PatternFill

from macros.commands import lists
from macros.findings import finding
from macros.hosts import Refused
from tests.city import NOWS, SAMPLES, City, codes, contents, copied, enter, look, put, run

#: Two rows without a fault.
DEMANDS = """
## 需求
| 需求编号 | 运营商 | 地市 | 区县 | 站点名称 | 场景划分 | 经度 | 纬度 | 详细地址 | 交付时间要求 | 需求提出时间 | 系统数（套） | 天线挂高范围（米） | 天线数（副） |
| XQ-1 | 移动 | 澜江 | 澜南区 | 花园站 | 县城 | 111.5 | 31.5 | 花园路1号 | 2027-04-30 | 2026-11-18 | 1 | 30-35 | 3 |
| XQ-2 | 联通 | 澜江 | 澜北区 | 新村站 | 农村 | 111.6 | 31.6 | 新村2号 | 2027-05-31 | 2026-11-18 | 1 | 30-35 | 3 |
"""
FOREIGN = "单子号,运营商,城市,所在县区,站的名字,场景,东经,北纬,门牌,要求交付,提出的日子,几套系统,挂多高,几副天线\n"
FOREIGN += "XQ-9,移动,澜江,澜南区,花园站,县城,111.5,31.5,花园路1号,2027-04-30,2026-11-18,1,30-35,3\n"


def csv(folder: Path, text: str, name: str = "来文.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def members(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_init_writes_eleven_workbooks_and_the_users_templates(folder: Path) -> None:
    assert len(list(folder.glob("*.xlsx"))) == 11
    assert {path.name for path in (folder / "模板").iterdir()} == {
        path.name for path in (Path(__file__).parents[1] / "templates").glob("*.docx")
    }


def test_init_puts_the_citys_name_among_the_settings(folder: Path) -> None:
    assert [row["采用"] for row in look(folder, "假设") if row["编号"] == "城市"] == ["澜江"]


def test_init_does_not_touch_a_folder_that_holds_a_register(folder: Path) -> None:
    before = contents(folder)
    with pytest.raises(Refused) as refused:
        run("init", folder, "别处")
    assert refused.value.finding.code == "CMD008"
    assert contents(folder) == before


def test_init_gives_an_older_register_the_workbook_that_came_since(folder: Path) -> None:
    (folder / "工作台账.xlsx").unlink()
    before = contents(folder)
    assert [said["code"] for said in run("check", folder).data["findings"]] == ["CMD020"]
    assert run("init", folder).data["files"] == ["工作台账.xlsx"]
    assert contents(folder).keys() - before.keys() == {"工作台账.xlsx"}


def test_init_keeps_a_template_the_user_has_already_changed(tmp_path: Path) -> None:
    own = tmp_path / "台账" / "模板" / "3.1-demand.docx"
    own.parent.mkdir(parents=True)
    own.write_bytes(b"mine")
    run("init", tmp_path / "台账", "澜江")
    assert own.read_bytes() == b"mine"


def test_a_trial_import_says_the_same_and_writes_nothing(folder: Path) -> None:
    before = contents(folder)
    trial = run("import", [SAMPLES / "移动需求.xlsx"], folder, dry_run=True, now=NOWS[0])
    assert contents(folder) == before
    assert trial.text.startswith("试导入，未写入台账。")
    assert trial.data == run("import", [SAMPLES / "移动需求.xlsx"], folder, now=NOWS[0]).data


def test_wrong_rows_are_refused_one_by_one_and_listed(folder: Path) -> None:
    answer = run("import", [SAMPLES / "移动需求.xlsx"], folder, now=NOWS[0])
    (sheet,) = answer.data["files"]
    assert (answer.status, sheet["rows"], sheet["added"], sheet["rejected"]) == (1, 59, 52, 7)
    assert len(look(folder, "需求")) == 52
    listed = look(folder, "导入")
    assert [row["代码"] for row in listed] == [said["code"] for said in sorted(
        sheet["findings"], key=lambda said: ["error", "warning", "info"].index(said["severity"])
    )]
    assert [row["单元格"] for row in listed if row["单号"] == "XQ-YD-9502"] != [None]


def test_a_mended_file_replaces_its_own_list_only(folder: Path, tmp_path: Path) -> None:
    run("import", [SAMPLES / "移动需求.xlsx"], folder, now=NOWS[0])
    book = openpyxl.load_workbook(SAMPLES / "移动需求.xlsx")
    book.save(tmp_path / "另一份.xlsx")
    run("import", [tmp_path / "另一份.xlsx"], folder, now=NOWS[0])
    first = [row["工作簿"] for row in look(folder, "导入")]
    run("import", [SAMPLES / "移动需求.xlsx"], folder, now=NOWS[0])
    again = [row["工作簿"] for row in look(folder, "导入")]
    assert sorted(map(str, first)) == sorted(map(str, again))


def test_rows_typed_below_a_table_that_did_not_grow_stand_before_the_imported_ones(folder: Path) -> None:
    enter(folder, DEMANDS)
    book = openpyxl.load_workbook(folder / "需求台账.xlsx")
    sheet = book["需求"]
    (table,) = sheet.tables.values()
    for place, cell in enumerate(sheet[3], 1):  # XQ-2 again as XQ-3, below the last row of the table, 3: as WPS leaves it
        sheet.cell(4, place).value = "XQ-3" if cell.value == "XQ-2" else cell.value
    assert table.ref.endswith("3")
    book.save(folder / "需求台账.xlsx")
    answer = run("import", [SAMPLES / "移动需求.xlsx"], folder, now=NOWS[0])
    rows = look(folder, "需求")
    assert (answer.data["files"][0]["added"], "WBK049" in codes(answer)) == (52, False)
    assert [row["需求编号"] for row in rows[:4]] == ["XQ-1", "XQ-2", "XQ-3", "XQ-YD-0001"]
    assert len(rows) == 55
    (grown,) = openpyxl.load_workbook(folder / "需求台账.xlsx")["需求"].tables.values()
    assert grown.ref == table.ref[:-1] + "56"
    put(folder, "需求", "XQ-3", "经度", 181.2)
    checked = run("check", folder, now=NOWS[0])
    wrong = [(said["key"], said["cell"][-1]) for said in checked.data["findings"] if said["field"] == "经度"]
    assert ("XQ-3", "4") in wrong


def test_an_unknown_layout_is_proposed_and_nothing_taken(folder: Path, tmp_path: Path) -> None:
    text = FOREIGN.replace("单子号", "需求单编号").replace("站的名字", "站点的名称").replace("门牌", "详细的地址")
    before = contents(folder)["需求台账.xlsx"]
    answer = run("import", [csv(tmp_path, text)], folder, now=NOWS[0])
    assert codes(answer) == ["INT019"]
    assert answer.data["files"][0]["proposals"][0]["layout"] == "需求收集表"
    assert contents(folder)["需求台账.xlsx"] == before


def test_headings_confirmed_once_are_known_the_next_time(folder: Path, tmp_path: Path) -> None:
    text = FOREIGN
    for foreign, own in (
        ("单子号", "需求编号"), ("所在县区", "区县"), ("场景", "场景划分"), ("东经", "经度"), ("北纬", "纬度"), ("挂多高", "挂高范围"),
        ("站的名字", "站点的名称"), ("门牌", "详细的地址"), ("要求交付", "交付时间"), ("提出的日子", "需求提出时间"), ("几套系统", "系统数"), ("几副天线", "天线数"),
    ):
        text = text.replace(foreign, own, 1)
    confirmed = run("import", [csv(tmp_path, text)], folder, layout="需求收集表", now=NOWS[0])
    assert (confirmed.data["files"][0]["added"], "INT013" in codes(confirmed)) == (1, True)
    remembered = {row["来文列名"]: row["台账列"] for row in look(folder, "列映射")}
    assert remembered["详细的地址"] == "详细地址"
    second = run("import", [csv(tmp_path, text.replace("XQ-9", "XQ-10"), "下月.csv")], folder, now=NOWS[0])
    assert (second.data["files"][0]["added"], "INT013" in codes(second)) == (1, False)
    assert [row["详细地址"] for row in look(folder, "需求")] == ["花园路1号", "花园路1号"]


def test_headings_written_into_the_mapping_table_are_known(folder: Path, tmp_path: Path) -> None:
    pairs = (
        ("单子号", "需求编号"), ("城市", "地市"), ("所在县区", "区县"), ("站的名字", "站点名称"), ("场景", "场景划分"), ("东经", "经度"),
        ("北纬", "纬度"), ("门牌", "详细地址"), ("要求交付", "交付时间要求"), ("提出的日子", "需求提出时间"), ("几套系统", "系统数"),
        ("挂多高", "天线挂高范围"), ("几副天线", "天线数"),
    )
    rows = "".join(f"| 需求收集表 | {heading} | {column} | 2026-11-20 |\n" for heading, column in pairs)
    enter(folder, f"## 列映射\n| 版式 | 来文列名 | 台账列 | 确认日期 |\n{rows}")
    answer = run("import", [csv(tmp_path, FOREIGN)], folder, now=NOWS[0])
    assert answer.data["files"][0]["added"] == 1
    assert look(folder, "需求")[0]["天线挂高范围（米）"] == "30-35"


def test_a_layout_nobody_knows_is_refused_with_the_known_ones(folder: Path, tmp_path: Path) -> None:
    answer = run("import", [csv(tmp_path, FOREIGN)], folder, layout="没有的版式", now=NOWS[0])
    assert codes(answer) == ["INT010"]
    assert "需求收集表" in answer.text


def test_a_file_that_cannot_be_read_does_not_stop_the_next_one(folder: Path, tmp_path: Path) -> None:
    answer = run("import", [tmp_path / "没有.xlsx", SAMPLES / "客户与联系人.xlsx"], folder, now=NOWS[0])
    assert [(row["file"], row["added"]) for row in answer.data["files"]] == [
        ("没有.xlsx", 0), ("客户与联系人.xlsx", 18), ("客户与联系人.xlsx", 36),
    ]
    assert (codes(answer), answer.status) == (["WBK001"], 1)


def test_rows_of_a_workbook_open_elsewhere_are_reported_as_not_taken(folder: Path) -> None:
    (folder / "~$客户台账.xlsx").write_bytes(b"Excel")
    before = contents(folder)
    answer = run("import", [SAMPLES / "客户与联系人.xlsx"], folder, now=NOWS[0])
    after = contents(folder)
    assert [(row["added"], row["rejected"]) for row in answer.data["files"]] == [(0, 18), (0, 36)]
    assert codes(answer) == ["WBK032"]
    assert "请关闭后重试" in answer.text
    assert {name for name in after if after[name] != before[name]} == {"问题清单.xlsx"}
    (folder / "~$客户台账.xlsx").unlink()
    again = run("import", [SAMPLES / "客户与联系人.xlsx"], folder, now=NOWS[0])
    assert [row["added"] for row in again.data["files"]] == [18, 36]


def test_rows_not_saved_are_not_reckoned_with_in_the_next_file(folder: Path) -> None:
    (folder / "~$需求台账.xlsx").write_bytes(b"Excel")
    answer = run("import", [SAMPLES / "移动需求.xlsx", SAMPLES / "阶段时间.xlsx"], folder, now=NOWS[0])
    assert [row["updated"] for row in answer.data["files"]] == [0, 0]


def test_a_register_without_a_fault_has_no_error(folder: Path) -> None:
    enter(folder, DEMANDS)
    answer = run("check", folder, now=NOWS[0])
    assert (answer.status, [said for said in answer.data["findings"] if said["severity"] == "error"]) == (0, [])


def test_check_says_every_error_at_once_beside_the_row_and_in_the_list(folder: Path) -> None:
    enter(folder, DEMANDS)
    put(folder, "需求", "XQ-1", "经度", 181.2)
    put(folder, "需求", "XQ-1", "详细地址", None)
    put(folder, "需求", "XQ-2", "运营商", "铁通")
    answer = run("check", folder, now=NOWS[0])
    errors = [(said["key"], said["field"]) for said in answer.data["findings"] if said["severity"] == "error"]
    assert (answer.status, sorted(errors)) == (1, [("XQ-1", "经度"), ("XQ-1", "详细地址"), ("XQ-2", "运营商")])
    beside = {row["需求编号"]: row["检查结果"] for row in look(folder, "需求")}
    assert "“经度”" in beside["XQ-1"] and "“详细地址”" in beside["XQ-1"] and "“运营商”" in beside["XQ-2"]
    listed = [(row["单号"], row["字段"]) for row in look(folder, "问题") if row["级别"] == "错误"]
    assert sorted(listed) == sorted(errors)


def test_check_clears_what_has_been_mended(folder: Path) -> None:
    enter(folder, DEMANDS)
    put(folder, "需求", "XQ-1", "经度", 181.2)
    run("check", folder, now=NOWS[0])
    put(folder, "需求", "XQ-1", "经度", 111.5)
    run("check", folder, now=NOWS[0])
    assert not [row for row in look(folder, "问题") if row["级别"] == "错误"]
    assert "经度" not in (look(folder, "需求")[0]["检查结果"] or "")


def test_checking_twice_changes_no_register_workbook(folder: Path) -> None:
    enter(folder, DEMANDS)
    run("check", folder, now=NOWS[0])
    before = contents(folder)
    run("check", folder, now=NOWS[0])
    after = contents(folder)
    assert {name for name in after if after[name] != before[name]} <= {"问题清单.xlsx"}


def test_check_answers_in_full_when_a_workbook_is_open_elsewhere(folder: Path) -> None:
    enter(folder, DEMANDS)
    put(folder, "需求", "XQ-1", "经度", 181.2)
    (folder / ".~lock.需求台账.xlsx#").write_text("someone", encoding="utf-8")
    before = contents(folder)["需求台账.xlsx"]
    answer = run("check", folder, now=NOWS[0])
    assert {"VAL052", "WBK032"} <= set(codes(answer))
    assert contents(folder)["需求台账.xlsx"] == before


def test_check_points_to_the_list_only_when_it_could_be_written(folder: Path) -> None:
    enter(folder, DEMANDS)
    put(folder, "需求", "XQ-1", "经度", 181.2)
    assert "清单见《问题清单.xlsx》，行内提示见" in run("check", folder, now=NOWS[0]).text
    (folder / "~$问题清单.xlsx").write_bytes(b"Excel")
    answer = run("check", folder, now=NOWS[0])
    assert "WBK032" in codes(answer)
    assert "清单见" not in answer.text and "。行内提示见" in answer.text


@pytest.mark.parametrize(("where", "begins"), [
    ({"field": "公司名称"}, "“公司名称”：单据"),
    ({"workbook": "参数.xlsx", "field": "公司名称"}, "《参数》 “公司名称”：单据"),
    ({"workbook": "参数.xlsx", "sheet": "假设", "cell": "C2", "field": "采用"}, "《参数》假设 C2 “采用”：单据"),
])
def test_the_place_of_a_finding_reads_without_holes(where: dict[str, str], begins: str) -> None:
    assert finding("DOC026", **where).message.startswith(begins)


def test_a_sentence_shows_the_beginning_of_a_long_value_and_the_finding_all_of_it() -> None:
    said = finding("CMD006", value="长" * 32_767)
    assert said.message == f"单号须与台账一致；台账里没有单号“{'长' * 200}……（共32767字）”。请核对单号后重试。"
    assert len(said.value) == 32_767


def test_what_a_result_does_not_show_is_counted() -> None:
    assert lists.some([f"第{n}行" for n in range(40)], "全部.xlsx")[-1] == "第39行"
    assert lists.some([f"第{n}行" for n in range(42)], "全部.xlsx")[-2:] == ["第39行", "……另有 2 条，见《全部.xlsx》"]


@pytest.mark.parametrize(("blocked", "pointed"), [([], True), (["~$问题清单.xlsx"], False)])
def test_findings_beyond_the_printed_ones_are_sought_in_a_list_that_holds_them(
    folder: Path, blocked: list[str], pointed: bool,
) -> None:
    for name in blocked:
        (folder / name).write_bytes(b"Excel")
    rows = "".join(f"| XQ-{n} | 移动 |\n" for n in range(10))  # each lacks more than four required cells
    enter(folder, f"## 需求\n| 需求编号 | 运营商 |\n{rows}")
    text = run("check", folder, now=NOWS[0]).text
    assert "……另有" in text
    assert ("条，见《问题清单.xlsx》" in text) is pointed


@pytest.mark.parametrize("name", ["check", "board", "import", "form"])
def test_a_folder_without_a_register_is_refused(tmp_path: Path, name: str) -> None:
    words: dict[str, list[Any]] = {"import": [[SAMPLES / "移动需求.xlsx"]], "form": ["3.1", ["XQ-1"]]}
    with pytest.raises(Refused) as refused:
        run(name, *words.get(name, []), folder=tmp_path)
    assert refused.value.finding.code == "CMD001"
    assert not list(tmp_path.iterdir())


def test_a_missing_workbook_is_said_and_the_others_are_checked(folder: Path) -> None:
    enter(folder, DEMANDS)
    (folder / "服务台账.xlsx").unlink()
    assert "CMD002" in codes(run("check", folder, now=NOWS[0]))
    assert run("board", folder, now=NOWS[0]).data["items"]


def test_a_renamed_sheet_is_said_and_not_written(folder: Path) -> None:
    book = openpyxl.load_workbook(folder / "需求台账.xlsx")
    book["需求"].title = "需求2026"
    book.save(folder / "需求台账.xlsx")
    assert "CMD003" in codes(run("check", folder, now=NOWS[0]))


@pytest.fixture(scope="module")
def lived_in(city: City, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, dict[str, bytes]]]:
    """The sample register with the user's own things in 需求台账, after import, check and board; its parts before."""
    folder = copied(city.folder, tmp_path_factory.mktemp("own"))
    book = openpyxl.load_workbook(folder / "需求台账.xlsx")
    sheet = book["需求"]
    sheet.insert_cols(3)
    sheet.cell(1, 3).value = "我的分类"
    for row in range(2, 6):
        sheet.cell(row, 3).value = f"类{row}"
    sheet["A2"].comment = Comment("给客户打过电话", "客户经理A")
    sheet["B3"].fill = PatternFill("solid", fgColor="FFCC00")
    sheet["B3"].number_format = "@"
    rule = FormulaRule(formula=['C2="类2"'], fill=PatternFill("solid", bgColor="00FF00"))  # type: ignore[no-untyped-call]
    sheet.conditional_formatting.add("C2:C50", rule)
    own = book.create_sheet("我的汇总")
    own["A1"], own["A2"] = "合计", "=COUNTA(需求!A:A)"
    own.column_dimensions["A"].width = 31
    book.save(folder / "需求台账.xlsx")
    before = {path.name: members(path) for path in folder.glob("*.xlsx")}
    put(folder, "需求", "XQ-YD-0001", "经度", 181.2)
    before["需求台账.xlsx"] = members(folder / "需求台账.xlsx")
    run("import", [Path(__file__).parents[1] / "workbooks" / "samples" / "supplement" / "需求.csv"], folder, now=NOWS[1])
    run("check", folder, now=NOWS[1])
    run("board", folder, now=NOWS[1])
    return folder, before


def test_the_users_column_sheet_formula_format_and_note_survive_every_command(
    lived_in: tuple[Path, dict[str, dict[str, bytes]]],
) -> None:
    book = openpyxl.load_workbook(lived_in[0] / "需求台账.xlsx")
    sheet = book["需求"]
    assert [sheet.cell(row, 3).value for row in range(1, 7)] == ["我的分类", "类2", "类3", "类4", "类5", None]
    note = sheet["A2"].comment
    assert note is not None and note.text == "给客户打过电话"
    assert (sheet["B3"].fill.fgColor.rgb, sheet["B3"].number_format) == ("00FFCC00", "@")
    assert "C2:C50" in [str(area.sqref) for area in sheet.conditional_formatting]
    assert (book["我的汇总"]["A2"].value, book["我的汇总"].column_dimensions["A"].width) == ("=COUNTA(需求!A:A)", 31)


def test_new_rows_go_to_the_columns_by_heading_where_the_user_moved_them(
    lived_in: tuple[Path, dict[str, dict[str, bytes]]],
) -> None:
    rows = [row for row in look(lived_in[0], "需求") if str(row["需求编号"]).startswith("XQ-") and "95" in str(row["需求编号"])]
    assert rows
    assert {row["运营商"] for row in rows} <= {"移动", "联通", "电信"}
    assert "“经度”" in look(lived_in[0], "需求")[0]["检查结果"]


def test_parts_that_no_command_writes_keep_their_bytes(lived_in: tuple[Path, dict[str, dict[str, bytes]]]) -> None:
    folder, before = lived_in
    after = members(folder / "需求台账.xlsx")
    changed = {name for name in before["需求台账.xlsx"] if after[name] != before["需求台账.xlsx"][name]}
    assert after.keys() == before["需求台账.xlsx"].keys()
    own = openpyxl.load_workbook(folder / "需求台账.xlsx").sheetnames.index("需求") + 1
    assert changed <= {f"xl/worksheets/sheet{own}.xml", "xl/styles.xml", "xl/workbook.xml"} | {
        name for name in after if name.startswith("xl/tables/")
    }


def test_workbooks_without_news_keep_their_bytes(city: City, tmp_path: Path) -> None:
    folder = copied(city.folder, tmp_path)
    before = contents(folder)
    run("import", [SAMPLES / "客户与联系人.xlsx"], folder, now=NOWS[1])
    assert contents(folder) == before
