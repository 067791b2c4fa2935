"""form, forms and lint on real folders: papers made, withheld, entered, made again, sent back."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any

import docx
import pytest

from generator.definitions import definitions
from macros.commands.forming import sample
from macros.hosts import Refused
from tests.city import NOWS, City, codes, contents, copied, enter, items, look, put, run

NOW = "2026-11-23T09:00:00"
#: What Windows takes: no forbidden sign, no control character, no device name, neither dot nor blank at an end.
LEGAL = re.compile(r'(?!(?i:con|prn|aux|nul|com\d|lpt\d)\.)(?![ .-])[^<>:"/\\|?*\x00-\x1f]{1,200}\.docx')
CITY = """
## 客户
| 客户名称 | 运营商 | 区县 | 服务等级 | 办公地址 |
| 移动澜南区分公司 | 移动 | 澜南区 | VIP | 澜南路1号 |
## 需求
| 需求编号 | 运营商 | 地市 | 区县 | 站点名称 | 场景划分 | 经度 | 纬度 | 详细地址 | 交付时间要求 | 需求提出时间 | 系统数（套） | 天线挂高范围（米） | 天线数（副） |
| XQ-1 | 移动 | 澜江 | 澜南区 | 花园站 | 县城 | 111.5 | 31.5 | 花园路1号 | 2027-04-30 | 2026-11-18 | 1 | 30-35 | 3 |
| XQ-2 | 移动 | 澜江 | 澜南区 | 新村站 | 农村 | 111.6 | 31.6 | 新村2号 | 2027-05-31 | 2026-11-18 | 1 | 30-35 | 3 |
"""
ACCEPTANCE = """
## 项目
| 项目编码 | 需求编号 | 项目名称 | 内部验收通过日期 |
| XM-1 | XQ-1 | 花园站 | 2026-11-10 |
## 验收
| 验收单编号 | 需求编号 | 运营商 | 验收通知日期 |
| YS-1 | XQ-1 | 移动 | 2026-11-12 |
## 验收明细
| 验收单编号 | 类别 | 检查项目 | 结论 |
| YS-1 | 塔桅 | 塔身 | 合格 |
"""


@pytest.fixture
def small(folder: Path) -> Path:
    enter(folder, CITY)
    put(folder, "假设", "公司名称", "采用", "澜江市通信铁塔分公司")
    return folder


def make(folder: Path, *keys: str, form: str = "3.1", **options: Any) -> Any:
    return run("form", form, list(keys), folder, **{"now": NOW, **options})


def words(path: str | Path) -> str:
    """All text of a Word file, paragraphs and cells."""
    document = docx.Document(str(path))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def test_a_row_becomes_a_word_file_with_its_values(small: Path) -> None:
    (made,) = make(small, "XQ-1").data["documents"]
    assert (made["form"], made["key"], made["number"]) == ("3.1", "XQ-1", "TD-3.1-2026-0001")
    text = words(made["file"])
    assert "花园路1号" in text and "XQ-1" in text and "{{" not in text and "None" not in text


def test_papers_are_called_by_number_code_or_name(small: Path) -> None:
    assert make(small, "XQ-1", form="需求收集表").data["documents"][0]["form"] == "3.1"
    with pytest.raises(Refused) as refused:
        make(small, "XQ-1", form="需求收藏表")
    assert "需求收集表" in str(refused.value)


def test_a_changed_template_changes_the_next_paper(small: Path) -> None:
    (first,) = make(small, "XQ-1").data["documents"]
    before = Path(first["file"]).read_bytes()
    template = small / "模板" / "3.1-demand.docx"
    document = docx.Document(str(template))
    heading = next(p for p in document.paragraphs if "需求收集表" in p.text)
    heading.runs[0].text = "（试用）" + heading.runs[0].text
    document.save(str(template))
    (second,) = make(small, "XQ-1").data["documents"]
    assert "（试用）" in words(second["file"]) and "（试用）" not in words(first["file"])
    assert second["number"] == "TD-3.1-2026-0002"
    assert Path(first["file"]).read_bytes() == before
    versions = [row["模板版本"] for row in look(small, "单据")]
    assert len(versions) == len(set(versions)) == 2


def test_a_missing_value_withholds_the_paper_and_names_the_cell(small: Path) -> None:
    put(small, "需求", "XQ-1", "经度", None)
    answer = make(small, "XQ-1", "XQ-2")
    assert [made["key"] for made in answer.data["documents"]] == ["XQ-2"]
    (kept,) = answer.data["withheld"]
    (said,) = kept["findings"]
    assert (answer.status, kept["key"]) == (1, "XQ-1")
    assert (said["workbook"], said["sheet"], said["cell"], said["field"]) == ("需求台账.xlsx", "需求", "M2", "经度")
    assert not list((small / "单据").rglob("*XQ-1*"))


def test_the_acceptance_form_is_not_offered_before_the_order_is_signed(small: Path) -> None:
    enter(small, ACCEPTANCE)
    answer = run("forms", small, "YS-1", now=NOW)
    (told,) = [form for form in answer.data["forms"] if form["code"] == "3.7"]
    assert not told["ready"] and any("订单" in why for why in told["why"])
    assert make(small, "YS-1", form="3.7").data["documents"] == []
    put(small, "需求", "XQ-1", "订单确认表签署日期", "2026-10-09")
    (told,) = [form for form in run("forms", small, "YS-1", now=NOW).data["forms"] if form["code"] == "3.7"]
    assert told["ready"]
    assert [made["key"] for made in make(small, "YS-1", form="3.7").data["documents"]] == ["YS-1"]


def test_every_kind_of_paper_is_listed(blank: Path) -> None:
    assert [form["code"] for form in run("forms", blank).data["forms"]] == list(definitions())


def test_an_issued_paper_is_traceable_from_the_document_register(small: Path) -> None:
    (made,) = make(small, "XQ-1").data["documents"]
    (row,) = look(small, "单据")
    assert (row["单据编号"], row["表号"], row["名称"]) == ("TD-3.1-2026-0001", "3.1", "需求收集表")
    assert (row["客户"], row["台账行"]) == ("移动澜南区分公司", "XQ-1")
    assert "需求台账.xlsx 需求!2" in row["来源行"]
    assert row["文件校验值"] == made["sha256"] == hashlib.sha256(Path(made["file"]).read_bytes()).hexdigest()
    assert row["模板"] == "3.1-demand.docx" and row["模板版本"] and row["数据校验值"]
    assert str(row["生成时间"]) == "2026-11-23 09:00:00"
    assert (small / "单据" / row["文件"]).is_file()


def test_the_same_again_is_the_paper_already_made(small: Path) -> None:
    first = make(small, "XQ-1")
    before = contents(small)
    again = make(small, "XQ-1", now="2026-11-25T09:00:00")
    assert again.data["documents"] == first.data["documents"]
    assert "DOC041" in codes(again)
    assert contents(small) == before


def test_changed_data_make_a_new_number_and_leave_the_old_paper(small: Path) -> None:
    (first,) = make(small, "XQ-1").data["documents"]
    before = Path(first["file"]).read_bytes()
    put(small, "需求", "XQ-1", "详细地址", "花园路99号")
    (second,) = make(small, "XQ-1").data["documents"]
    assert (first["number"], second["number"]) == ("TD-3.1-2026-0001", "TD-3.1-2026-0002")
    assert Path(first["file"]).read_bytes() == before
    assert "花园路99号" in words(second["file"])
    assert len(look(small, "单据")) == 2


def test_no_paper_is_made_while_the_document_register_is_open_elsewhere(small: Path) -> None:
    (small / "~$单据登记簿.xlsx").write_bytes(b"Excel")
    before = contents(small)
    with pytest.raises(Refused) as refused:
        make(small, "XQ-1")
    assert refused.value.finding.code == "WBK032"
    assert contents(small) == before


def test_a_signing_date_entered_starts_the_clocks_that_hang_on_it(small: Path) -> None:
    make(small, "XQ-1")
    assert not [key for key, _ in items(run("board", small, now=NOW)) if key == ("K02", "XQ-1")]
    put(small, "需求", "XQ-1", "需求收集表签署日期", "2026-11-20")
    board = dict(items(run("board", small, now=NOW)))
    assert (board["K02", "XQ-1"]["due"], board["K01", "XQ-1"]["state"]) == ("2026-12-04", "met")
    assert make(small, "XQ-1").data["documents"][0]["number"] == "TD-3.1-2026-0001"


def test_what_the_board_calls_for_is_made_at_once(small: Path) -> None:
    answer = run("form", "", [], small, due=True, now=NOW)
    assert {(made["form"], made["key"]) for made in answer.data["documents"]} >= {("3.1", "XQ-1"), ("3.1", "XQ-2")}
    wanted = {item["form"] for _, item in items(run("board", small, now=NOW)) if item["state"] in ("open", "late")}
    assert {made["form"] for made in answer.data["documents"]} <= wanted | {"visit-plan", "key-work-plan"}


def test_papers_whose_row_is_still_to_be_registered_are_told_once_for_each_kind(small: Path) -> None:
    put(small, "需求", "XQ-1", "需求收集表签署日期", "2026-11-20")
    answer = run("form", "3.3", [], small, due=True, now=NOW)
    assert (answer.data["documents"], answer.data["withheld"], answer.status) == ([], [], 0)
    (said,) = [each for each in answer.data["findings"] if each["code"] == "DOC035"]
    assert said["message"] == (
        "《需求台账》工单：附表3.3《站址筛查任务书》由“工单”表的行生成；到期应出而该表还没有相应的行的有1项：XQ-1。"
        "请先在“工单”表登记，再点“今日应出”。"
    )


def test_due_papers_of_one_kind_only(small: Path) -> None:
    assert {made["form"] for made in run("form", "3.1", [], small, due=True, now=NOW).data["documents"]} == {"3.1"}


def test_all_rows_that_are_ready_are_made_and_the_others_passed_over(small: Path) -> None:
    put(small, "需求", "XQ-2", "需求提出时间", None)
    answer = run("form", "3.1", [], small, every=True, now=NOW)
    assert ([made["key"] for made in answer.data["documents"]], answer.data["withheld"]) == (["XQ-1"], [])


@pytest.mark.parametrize(("form", "code"), [("", "CMD007"), ("3.1", "CMD012"), ("9.9", "CMD007"), ("../3.1", "CMD007")])
def test_a_call_without_a_known_form_or_a_row_is_refused(small: Path, form: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        run("form", form, [], small, now=NOW)
    assert refused.value.finding.code == code


def test_papers_go_where_out_says_and_nowhere_else(small: Path, tmp_path: Path) -> None:
    out = tmp_path / "出件"
    before = set(contents(small))
    (made,) = make(small, "XQ-1", out=out).data["documents"]
    assert Path(made["file"]).is_relative_to(out) and Path(made["file"]).is_file()
    assert set(contents(small)) == before


@pytest.mark.parametrize("key", ["../../出来", "XQ/1", "CON", "a\\b", "甲:乙", "x" * 300, "-rf", " XQ .", "$(id)"])
def test_a_hostile_number_gives_a_legal_name_inside_the_folder(small: Path, key: str) -> None:
    put(small, "需求", "XQ-1", "需求编号", key)
    (made,) = run("form", "3.1", [], small, every=True, now=NOW).data["documents"][:1]
    path = Path(made["file"]).resolve()
    assert path.is_file() and path.is_relative_to((small / "单据").resolve())
    assert LEGAL.fullmatch(path.name)


@pytest.mark.parametrize(
    ("file", "form", "title", "values"),
    [
        ("3.1-demand.docx", "3.1", "需求", {
            "需求编号": "XQ-7", "运营商": "移动", "地市": "澜江", "区县": "澜南区", "站点名称": "回收站", "场景划分": "县城", "经度": "111.5", "纬度": "31.5",
            "详细地址": "回收路1号", "交付时间要求": "2027-03-01", "需求提出时间": "2026年11月20日", "系统数": "2", "天线挂高范围": "30-35", "天线数": "6",
        }),
        ("3.16-complaint.docx", "3.16", "投诉", {
            "投诉编号": "TS-7", "客户名称": "移动澜南区分公司", "投诉人": "客户代表A", "渠道": "☑电话 □当面 □邮件", "类别": "□建设进度 ☑维护质量",
            "受理时间": "2026年11月20日 9:30", "内容": "断电次数多",
        }),
    ],
    ids=["3.1", "3.16"],
)
def test_a_form_filled_in_and_sent_back_becomes_a_row(
    small: Path, tmp_path: Path, file: str, form: str, title: str, values: dict[str, str],
) -> None:
    document = docx.Document(str(small / "模板" / file))
    cells = {id(cell._tc): cell for table in document.tables for row in table.rows for cell in row.cells}
    for cell in cells.values():
        ticks = next((values[name] for name in values if f"{{% if {name} ==" in cell.text), "")
        found = re.fullmatch(r"\{\{\s*(.+?)\s*\}\}", cell.text.strip())
        if found or "{%" in cell.text:
            cell.text = values.get(found[1], "") if found else ticks
    back = tmp_path / f"寄回的{form}.docx"
    document.save(str(back))
    answer = run("import", [back], small, now=NOW)
    assert [(row["added"], row["rejected"]) for row in answer.data["files"]] == [(1, 0)], answer.text
    row = next(row for row in look(small, title) if str(next(iter(row.values()))) == next(iter(values.values())))
    shown = "；".join(str(value) for value in row.values())
    assert list(values.values())[-1] in shown
    if title == "投诉":
        # 1 hour for a VIP customer from 9:30 (K32, §2.4.2.4): 10:30.
        assert dict(items(run("board", small, now=NOW)))["K32", "TS-7"]["due"] == "2026-11-20T10:30:00"


def test_the_users_templates_are_found_faultless(blank: Path) -> None:
    answer = run("lint", [], blank)
    assert (answer.status, answer.data["findings"]) == (0, [])
    assert answer.data["templates"] == len(list((blank / "模板").glob("*.docx")))


def test_a_misspelt_placeholder_is_caught_before_the_batch(small: Path) -> None:
    template = small / "模板" / "3.1-demand.docx"
    document = docx.Document(str(template))
    document.add_paragraph("{{ 站点名陈 }}")
    document.save(str(template))
    answer = run("lint", [], small)
    assert answer.status == 1
    assert "站点名陈" in answer.text and "站点名称" in answer.text
    assert make(small, "XQ-1").data["documents"] == []


@pytest.mark.parametrize("name", ["没有.docx", "3.1-demand.docx"])
def test_a_template_that_is_not_there_is_refused_in_words(small: Path, tmp_path: Path, name: str) -> None:
    try:
        answer = run("lint", [tmp_path / name], small)
    except Refused as refused:
        assert name in str(refused)
    else:
        assert answer.status == 1 and answer.data["findings"]


@pytest.fixture(scope="module")
def papers(full: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """Two papers of every kind that the sample register is ready for, as the demonstration makes them."""
    folder = copied(full, tmp_path_factory.mktemp("papers"))
    return folder, sample(folder, folder / "单据", NOWS[0], 2)


def test_every_kind_of_paper_comes_from_the_sample_register(papers: tuple[Path, dict[str, Any]]) -> None:
    made = {row["form"] for row in papers[1]["documents"]}
    assert made == {code for code, definition in definitions().items() if not definition.made_by}


def test_no_sample_paper_is_withheld(papers: tuple[Path, dict[str, Any]]) -> None:
    assert [said["message"] for row in papers[1]["withheld"] for said in row["findings"]] == []


def test_names_of_papers_are_unique_and_legal(papers: tuple[Path, dict[str, Any]]) -> None:
    names = [Path(row["file"]).name for row in papers[1]["documents"]]
    assert len({name.casefold() for name in names}) == len(names)
    assert [name for name in names if not LEGAL.fullmatch(name)] == []


def test_no_paper_shows_a_placeholder_a_blank_marker_or_a_code_word(papers: tuple[Path, dict[str, Any]]) -> None:
    bad = [
        (row["form"], found[0]) for row in papers[1]["documents"]
        if (found := re.search(r"\{\{|\{%|\bNone\b|\bnan\b|Undefined|\d{4}-\d\d-\d\d 00:00", words(row["file"])))
    ]
    assert bad == []


def test_every_paper_is_in_the_document_register(papers: tuple[Path, dict[str, Any]]) -> None:
    folder, made = papers
    assert [row["单据编号"] for row in look(folder, "单据")] == [row["number"] for row in made["documents"]]


def test_the_sample_register_tells_for_every_row_what_it_is_ready_for(city: City) -> None:
    told = run("forms", city.folder, "XQ-YD-0001", now=NOWS[0]).data["forms"]
    assert {form["code"] for form in told} >= {"3.1", "3.2"}
    assert all(form["ready"] or form["why"] for form in told)
