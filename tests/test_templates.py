"""The templates we deliver: each belongs to a definition, prints only what it may and all it must, and breaks well."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
import zipfile
from functools import cache
from pathlib import Path

import pytest
from lxml import etree

from generator.definitions import Definition, definitions, fields, placeholder
from generator.documents import produce
from generator.issuing import TEMPLATES
from generator.layout import definitions as drawings
from generator.layout import draw, edited, templates_of
from generator.ledger import Ledger
from generator.states import due_from
from generator.template import Template, load
from macros.calendars import base
from macros.clocks.limits import Memory
from macros.intake import read_form, take_form
from macros.validation import check_row
from tests.intake_files import EMPTY
from tests.office_parts import value
from tests.papers import text
from tests.tables import register

HOUSE = tomllib.loads((Path(__file__).parents[1] / "macros" / "rules" / "house.toml").read_text(encoding="utf-8"))
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
#: One case per template file: what it is drawn from and the kind of document it is for.
CASES = [
    pytest.param(code, name, id=name) for code, drawing in drawings().items() for name in templates_of(drawing)
]
each_template = pytest.mark.parametrize(("code", "name"), CASES)


@cache
def opened(code: str, name: str) -> Template:
    template, findings = load(TEMPLATES / name, fields(definitions()[code]))
    assert template is not None, [found.message for found in findings]
    return template


@cache
def body(name: str) -> etree._Element:
    with zipfile.ZipFile(TEMPLATES / name) as archive:
        return etree.fromstring(archive.read("word/document.xml"))


def words(node: etree._Element) -> str:
    return "".join(text.text or "" for text in node.iter(f"{W}t"))


def rows(table: etree._Element) -> list[etree._Element]:
    return table.findall(f"{W}tr")


def repeats(row: etree._Element) -> bool:
    return row.find(f"{W}trPr/{W}tblHeader") is not None


def kept(row: etree._Element) -> bool:
    """Whether every paragraph of a row stays with the next one; a style may say so too."""
    by_style = {style["id"] for style in HOUSE["style"] if style.get("keep")}
    return all(
        p.find(f"{W}pPr/{W}keepNext") is not None
        or any(style.get(f"{W}val") in by_style for style in p.findall(f"{W}pPr/{W}pStyle"))
        for p in row.iter(f"{W}p")
    )


def required(definition: Definition, template: str) -> set[str]:
    """The placeholders one template of a kind must print."""
    paths = {*definition.required}
    for variant in definition.variants:
        paths |= {*variant.required} if variant.template == template else set()
    return {placeholder(definition, path) for path in paths}


def test_every_annex_of_the_handbook_is_a_kind_of_document() -> None:
    numbers = [each.number for each in definitions().values()]
    assert [number for number in numbers if number] == [f"3.{n}" for n in range(1, 20)]


def test_every_template_delivered_belongs_to_one_definition() -> None:
    drawn = [name for drawing in drawings().values() for name in templates_of(drawing)]
    assert sorted(drawn) == sorted(path.name for path in TEMPLATES.glob("*.docx"))


@each_template
def test_a_template_prints_only_what_its_definition_has(code: str, name: str) -> None:
    assert opened(code, name).uses <= fields(definitions()[code])


@each_template
def test_a_template_prints_all_that_is_required(code: str, name: str) -> None:
    gathered = tuple(f"{each.grouped}[]." for each in definitions()[code].lists if each.grouped)
    printed = {re.sub(f"^({'|'.join(map(re.escape, gathered))})", "", use) for use in opened(code, name).uses}
    assert required(definitions()[code], name) <= printed


@each_template
def test_a_template_is_as_drawn_unless_someone_edited_it(code: str, name: str) -> None:
    path = TEMPLATES / name
    assert edited(path) or path.read_bytes() == draw(drawings()[code], name)


@each_template
def test_no_row_is_split_over_pages(code: str, name: str) -> None:
    assert all(row.find(f"{W}trPr/{W}cantSplit") is not None for row in body(name).iter(f"{W}tr"))


@each_template
def test_a_lists_headings_repeat_and_nothing_else_does(code: str, name: str) -> None:
    for table in body(name).iter(f"{W}tbl"):
        loops = [position for position, row in enumerate(rows(table)) if "{%tr for" in words(row)]
        repeating = [position for position, row in enumerate(rows(table)) if repeats(row)]
        first = loops[0] if loops else 0
        assert repeating == list(range(first))


@each_template
def test_a_signature_never_stands_alone(code: str, name: str) -> None:
    date = HOUSE["words"]["date_line"]
    for table in body(name).iter(f"{W}tbl"):
        for before, row in zip(rows(table), rows(table)[1:], strict=False):
            if date in words(row):
                assert kept(before)


@pytest.mark.parametrize("name", ["forecast.docx", "kpi.docx", "service-grades.docx"])
def test_small_print_above_a_signature_goes_with_it(name: str) -> None:
    children = list(body(name)[0])
    signed = next(place for place, each in enumerate(children) if each.tag == f"{W}tbl" and HOUSE["words"]["date_line"] in words(each))
    assert value(children[signed - 1], f"{W}pPr/{W}pStyle", f"{W}val") == "TDNote"
    assert children[signed - 1].find(f"{W}pPr/{W}keepNext") is not None


@each_template
def test_only_fonts_that_word_wps_and_libreoffice_share_are_named(code: str, name: str) -> None:
    with zipfile.ZipFile(TEMPLATES / name) as archive:
        names = [part for part in archive.namelist() if part.startswith("word/") and part.endswith(".xml")]
        parts = [archive.read(part).decode() for part in names]
    fonts = [tag for part in parts for tag in re.findall(r"<w:rFonts[^>]*>", part)]
    named = {font for tag in fonts for font in re.findall(r'w:(?:ascii|hAnsi|eastAsia|cs)="([^"]+)"', tag)}
    named |= {font for part in parts for font in re.findall(r'<a:(?:latin|ea) typeface="([^"]+)"', part)}
    assert named
    assert named <= set(HOUSE["fonts"]["known"])


def complaint_form(tmp_path: Path) -> Path:
    """附表3.16 as we print it for a complaint that has only just come in."""
    city = register("""## 投诉
    | 投诉编号 | 客户名称 | 投诉人 | 投诉人电话 | 渠道 | 类别 | 内容 | 受理时间 |
    | TS0101 | 甲分公司 | 客户代表A | 010-00010001 | 当面 | 计费账单 | 账单与明细不符 | 2026-11-20 09:30 |
    ## 客户
    | 客户名称 | 运营商 | 服务等级 |
    | 甲分公司 | 移动 | VIP |
    """)
    made, withheld, _ = produce(
        city, definitions()["3.16"], ["TS0101"], out=tmp_path, now=dt.datetime(2026, 11, 20, 10), issued=Ledger(),
        settings={"公司名称": "某塔公司", "客户经理": "客户经理甲"},
    )
    assert not withheld
    return tmp_path / made[0].entry.file


def test_the_printed_316_is_read_back_as_the_complaint_it_was_made_of(tmp_path: Path) -> None:
    layout, (read,), findings = read_form(complaint_form(tmp_path))
    assert (layout, findings) == ("complaint", [])
    assert {title: value for title, value in read.items() if value} == {
        "投诉编号": "TS0101", "客户名称": "甲分公司", "投诉人": "客户代表A", "投诉人电话": "010-00010001",
        "渠道": "当面", "类别": "计费账单", "内容": "账单与明细不符", "受理时间": "2026年11月20日9时30分",
        "服务等级": "VIP",  # the customer's own
    }


def test_the_printed_316_can_be_taken_in(tmp_path: Path) -> None:
    path = complaint_form(tmp_path)
    (taken,) = take_form(path, path.name, EMPTY, check=check_row, today=dt.date(2026, 11, 21)).taken
    assert [value for value in taken.added[0] if isinstance(value, dt.datetime)] == [dt.datetime(2026, 11, 20, 9, 30)]
    assert taken.rejected == 0


def test_an_expiry_notice_asks_for_the_reply_by_the_day_a_renewal_is_due(tmp_path: Path) -> None:
    city = register("""## 租约
    | 产品业务确认单编号 | 运营商 | 区县 | 站址编码 | 站址名称 | 产品类型 | 服务开始日期 | 服务结束日期 |
    | ZY-1 | 移动 | 甲县 | 429000000000000001 | 甲县新村 | 景观塔 | 2024-03-01 | 2027-02-28 |
    ## 客户
    | 客户名称 | 运营商 | 区县 |
    | 移动甲县分公司 | 移动 | 甲县 |
    """)
    made, _, _ = produce(
        city, definitions()["3.12"], None, out=tmp_path, now=dt.datetime(2026, 11, 20, 10), issued=Ledger(),
        settings={"公司名称": "某塔公司"}, due=due_from([], Memory(base())),
    )
    printed = text((tmp_path / made[0].entry.file).read_bytes())
    # one month before 2027-02-28; the customer has not said yet whether to renew
    assert "服务期限将于2027年2月28日届满。请于2027年1月28日前以回执书面答复" in printed


def screened(tmp_path: Path, solution: str, *candidates: str) -> tuple[list[str], list[tuple[str, str]]]:
    """What annex 3.2 prints for a demand with these rows of 站址筛查, and what withholds it."""
    city = register(f"""## 需求
    | 需求编号 | 运营商 | 地市 | 区县 | 站点名称 | 场景划分 | 经度 | 纬度 | 需求收集表签署日期 | 需求属性 |
    | XQ-1 | 移动 | 澜江 | 甲县 | 一号 | 农村 | 111.5 | 31.5 | 2026-11-02 | {solution} |
    ## 站址筛查
    | 需求编号 | 候选序号 | 候选站点名称 | 经度 | 纬度 | 能否形成订单 | 不能形成订单原因 |
    """ + "\n".join(candidates))
    made, withheld, _ = produce(
        city, definitions()["3.2"], ["XQ-1"], out=tmp_path, now=dt.datetime(2026, 11, 20, 10), issued=Ledger(),
        settings={"公司名称": "某塔公司"},
    )
    why = [(said.code, said.message) for each in withheld for said in each.findings]
    return [text((tmp_path / each.entry.file).read_bytes()) for each in made], why


def test_a_screening_without_a_site_is_printed_with_its_reason(tmp_path: Path) -> None:
    (printed,), _ = screened(tmp_path, "", "| XQ-1 | 1 | | | | 否 | 村民不同意建站 |")
    assert "村民不同意建站" in printed
    assert "\n否\n" in printed


def test_a_site_and_a_failed_one_are_printed_together(tmp_path: Path) -> None:
    rows = ["| XQ-1 | 1 | 甲楼 | 111.5 | 31.5 | 是 | |", "| XQ-1 | 2 | | | | 否 | 租金谈不拢 |"]
    (printed,), _ = screened(tmp_path, "新建独享", *rows)
    assert "甲楼" in printed and "租金谈不拢" in printed


@pytest.mark.parametrize(("solution", "row", "code", "says"), [
    ("", "| XQ-1 | 1 | | | | 否 | |", "DOC023", "不能形成订单的筛查结果缺少原因"),
    ("新建独享", "| XQ-1 | 1 | | 111.5 | 31.5 | 是 | |", "DOC023", "能形成订单的候选站点缺少候选站点名称"),
    ("", "| XQ-1 | 1 | 甲楼 | 111.5 | 31.5 | 是 | |", "DOC023", "尚未确定需求属性"),
    ("新建独享", "| XQ-1 | 1 | 甲楼 | 111.5 | 31.5 | | |", "DOC020", "能否形成订单"),
    ("", "| XQ-1 | 1 | 甲楼 | 111.5 | 31.5 | 是 | |\n| XQ-1 | 2 | | | | 否 | 租金谈不拢 |", "DOC020", "需求属性"),
])
def test_a_screening_that_says_too_little_is_not_printed(
    tmp_path: Path, solution: str, row: str, code: str, says: str,
) -> None:
    printed, ((found, message),) = screened(tmp_path, solution, row)
    assert (printed, found) == ([], code)
    assert says in message
