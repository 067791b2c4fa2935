"""Masked copies: the form of each mask, and no personal value anywhere in the whole copy (I4)."""

from __future__ import annotations

import io
import re
import time
import zipfile
from html import unescape
from pathlib import Path

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.worksheet.datavalidation import DataValidation

from macros.customers.masks import Secrets, discovered, mask, masked_cell
from macros.forms import forms, workbooks
from macros.history.privacy import Mask
from macros.hosts import Refused
from tests.city import City, codes, contents, copied, enter, look, run
from tests.papers import changed

MASKS = [
    ("客户代表A", "客**"), ("王某", "王**"), ("王", "**"), ("13800000000", "138****0000"), ("+86 138-0000-0000", "861****0000"),
    ("010-00010000", "010****0000"), ("8000000", "80****00"), ("a@example.com", "a***@example.com"), ("anna.li@b.cn", "a***@b.cn"),
    ("甲路1号", "甲**"), ("60000", "6**"),
]


@pytest.mark.parametrize(("value", "shown"), MASKS)
def test_each_kind_of_value_has_its_mask(value: str, shown: str) -> None:
    assert mask(value) == shown


def test_a_cell_of_several_people_is_masked_name_by_name() -> None:
    assert masked_cell("客户代表A（网络部）、王某") == "客**、王**"


def test_the_same_value_has_the_same_mask_wherever_it_stands() -> None:
    secrets = Secrets(["客户代表A", "客户代表AB", "13800000000", "Tom"])
    text = "客户代表AB说：找客户代表A，13800000000；Tomato与Tom无关，213800000000也无关"
    assert secrets.sub(text) == "客**说：找客**，138****0000；Tomato与T**无关，213800000000也无关"


def test_a_word_of_the_register_is_no_secret_outside_of_its_column() -> None:
    secrets = Secrets(["客户", "移动", "客户代表A"])
    assert (secrets.shared, secrets.sub("移动客户，客户代表A")) == (["客户", "移动"], "移动客户，客**")


@pytest.mark.parametrize("text", ["a" * 32_767, "a@" * 16_000, "1.a-" * 8_000], ids=["letters", "at signs", "mixed"])
def test_the_longest_text_of_a_cell_is_looked_through_in_no_time(text: str) -> None:
    began = time.process_time()
    assert (discovered(text), Mask(b"").value(None, "备注", text)[:20]) == ([], text[:20])
    assert time.process_time() - began < 2  # each letter once; from every letter on it took minutes


def test_an_address_is_found_whole_between_chinese_letters() -> None:
    assert discovered("找anna.b+c@example.com，或bob@a.b.cn。") == ["anna.b+c@example.com", "bob@a.b.cn"]
    assert "anna" not in Mask(b"").value(None, "备注", "找anna.b+c@example.com办")


ROWS = """
## 客户
| 客户名称 | 运营商 | 服务等级 | 紧急联系人 | 紧急联系电话 | 备注 |
| 甲分公司 | 移动 | VIP | 值班员C | 0731-1234567 | 找客户代表A或13911112222 |
## 联系人
| 客户名称 | 联系人 | 职务 | 电话 | 电子邮箱 | 备注 |
| 甲分公司 | 客户代表A | 主任 | 13800000000 | anna@example.com | 与客户代表B同组 |
| 甲分公司 | 客户代表B | 专员 | 010-00010000 | bob@example.com | |
## 拜访
| 拜访编号 | 客户名称 | 拜访类型 | 拜访方式 | 拜访日期 | 拜访对象 | 议题 |
| BF-1 | 甲分公司 | 例行 | 上门 | 2026-11-02 | 客户代表A（网络部）、客户代表B | 客户代表B问进度 |
## 故障
| 故障编号 | 客户名称 | 申告时间 | 维护人员 | 维护人员电话 | 处理经过 |
| GZ-1 | 甲分公司 | 2026-11-02 09:00 | 维护员D | 13700000000 | 维护员D到场，电话13700000000 |
"""
#: Every personal value of these rows, and of what the tests put beside them.
SECRETS = ["客户代表A", "客户代表B", "值班员C", "维护员D", "13800000000", "13700000000", "13911112222", "0731-1234567", "010-00010000", "anna@example.com", "bob@example.com", "某作者E"]


@pytest.fixture
def few(folder: Path) -> Path:
    """A register of the three workbooks these tests look into."""
    for name in workbooks():
        if name not in ("客户台账.xlsx", "服务台账.xlsx", "租约台账.xlsx"):
            (folder / name).unlink()
    return folder


def leftovers(copy: Path, secrets: list[str]) -> list[tuple[str, str, str]]:
    """Every secret that can be read in any part of any file: in its bytes, and in its text with the tags taken out."""
    found = []
    for path in sorted(copy.rglob("*")):
        if path.is_dir():
            continue
        with zipfile.ZipFile(path) as package:
            for name in package.namelist():
                raw = package.read(name).decode("utf-8", "replace")
                readings = (raw, unescape(raw), unescape(re.sub(r"<[^>]*>", "", raw)))
                found += [(path.name, name, secret) for secret in secrets if any(secret in reading for reading in readings)]
    return found


def strange(folder: Path) -> None:
    """Put secrets where no cell of a personal column shows them."""
    path = folder / "客户台账.xlsx"
    book = openpyxl.load_workbook(path)
    sheet = book["联系人"]
    sheet["A2"].comment = Comment("客户代表A 的手机 13800000000", "某作者E")
    own = book.create_sheet("我的便签")
    own["A1"] = CellRichText(TextBlock(InlineFont(b=True), "客户代"), "表A 生日")
    own["A2"] = 13800000000
    own["A3"] = '="找"&"客户代表A"'
    own["B1"] = "写给 bob@example.com"
    own["B1"].hyperlink = "mailto:bob@example.com"
    own.oddHeader.center.text = "客户代表B 专用"
    rule = DataValidation(type="list", formula1='"客户代表A,客户代表B"')
    own.add_data_validation(rule)
    rule.add("C1")
    book.properties.creator = "某作者E"
    book.properties.lastModifiedBy = "客户代表A"
    book.properties.description = "电话 13911112222"
    book.save(path)


@pytest.fixture(scope="module")
def masked(blank: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A register full of secrets and its masked copy. Only for reading."""
    home = tmp_path_factory.mktemp("masked")
    folder = copied(blank, home)
    enter(folder, ROWS)
    strange(folder)
    answer = run("mask", folder, home / "副本")
    assert (answer.status, set(codes(answer))) == (0, {"CUS064"})
    return folder, home / "副本"


def test_no_personal_value_is_left_anywhere_in_the_copy(masked: tuple[Path, Path]) -> None:
    folder, copy = masked
    assert {name for name, _, _ in leftovers(folder_of_books(folder, copy), SECRETS)} >= {"客户台账.xlsx", "服务台账.xlsx"}
    assert leftovers(copy, SECRETS) == []


def folder_of_books(folder: Path, copy: Path) -> Path:
    """The register's workbooks without its Word templates, beside the copy."""
    home = copy.parent / "原件"
    home.mkdir(exist_ok=True)
    for path in folder.glob("*.xlsx"):
        (home / path.name).write_bytes(path.read_bytes())
    return home


def test_the_copy_reads_like_the_register_with_masks(masked: tuple[Path, Path]) -> None:
    _, copy = masked
    (customer,) = look(copy, "客户")
    assert [customer[name] for name in ("客户名称", "运营商", "紧急联系人", "紧急联系电话", "备注")] == [
        "甲分公司", "移动", "值**", "073****4567", "找客**或139****2222",
    ]
    assert [(row["联系人"], row["职务"], row["电话"], row["电子邮箱"], row["备注"]) for row in look(copy, "联系人")] == [
        ("客**", "主任", "138****0000", "a***@example.com", "与客**同组"), ("客**", "专员", "010****0000", "b***@example.com", None),
    ]
    (visit,) = look(copy, "拜访")
    assert (visit["拜访对象"], visit["议题"]) == ("客**、客**", "客**问进度")
    (fault,) = look(copy, "故障")
    assert (fault["维护人员"], fault["维护人员电话"], fault["处理经过"]) == ("维**", "137****0000", "维**到场，电话137****0000")


def test_the_copy_of_a_users_own_sheet_and_remarks_is_masked_too(masked: tuple[Path, Path]) -> None:
    book = openpyxl.load_workbook(masked[1] / "客户台账.xlsx")
    assert [str(book["我的便签"][cell].value) for cell in ("A1", "A2", "B1")] == ["客** 生日", "138****0000", "写给 b***@example.com"]
    assert book["我的便签"]["B1"].hyperlink.target == "mailto:b***@example.com"
    assert (book["联系人"]["A2"].comment.text, book["联系人"]["A2"].comment.author) == ("客** 的手机 138****0000", "某**")
    assert (book.properties.creator, book.properties.lastModifiedBy, book.properties.description) == ("某**", "客**", "电话 139****2222")


def test_parts_and_workbooks_without_a_personal_value_keep_their_bytes(masked: tuple[Path, Path]) -> None:
    folder, copy = masked
    assert {path.name for path in copy.iterdir()} == set(workbooks())
    same = [name for name in workbooks() if (folder / name).read_bytes() == (copy / name).read_bytes()]
    assert sorted(set(workbooks()) - set(same)) == ["客户台账.xlsx", "服务台账.xlsx"]
    with zipfile.ZipFile(folder / "客户台账.xlsx") as before, zipfile.ZipFile(copy / "客户台账.xlsx") as after:
        assert before.namelist() == after.namelist()
        kept = {name for name in before.namelist() if before.read(name) == after.read(name)}
    assert kept >= {"xl/theme/theme1.xml", "[Content_Types].xml", "xl/_rels/workbook.xml.rels"}


def test_the_register_itself_is_only_read(few: Path, tmp_path: Path) -> None:
    enter(few, ROWS)
    before = contents(few)
    run("mask", few, tmp_path / "副本")
    assert contents(few) == before


def test_every_personal_column_of_the_sample_city_is_masked(city: City, tmp_path: Path) -> None:
    answer = run("mask", city.folder, tmp_path / "副本")
    assert (answer.status, "CUS061" in codes(answer)) == (0, False)
    values = set()
    for form in forms().values():
        if form.workbook and (city.folder / form.file).is_file():
            book = openpyxl.load_workbook(city.folder / form.file, read_only=True)
            rows = list(book[form.title].iter_rows(values_only=True)) if form.title in book.sheetnames else [()]
            personal = [number for number, title in enumerate(rows[0]) if title in {c.heading for c in form.columns if c.personal}]
            values |= {str(row[number]) for row in rows[1:] for number in personal if row[number] is not None}
    assert len(values) > 50
    assert leftovers(tmp_path / "副本", sorted(values)) == []


def test_a_value_that_cannot_be_taken_out_keeps_its_workbook_back(few: Path, tmp_path: Path) -> None:
    enter(few, ROWS)
    path = few / "客户台账.xlsx"
    book = openpyxl.load_workbook(path)
    book.create_sheet("客户代表A")
    book.save(path)
    answer = run("mask", few, tmp_path / "副本")
    assert answer.status == 1
    (said,) = [each for each in answer.data["findings"] if each["code"] == "CUS061"]
    assert (said["workbook"], "xl/workbook.xml" in said["message"]) == ("客户台账.xlsx", True)
    assert not (tmp_path / "副本" / "客户台账.xlsx").exists()
    assert (tmp_path / "副本" / "服务台账.xlsx").exists()


def test_a_secret_in_the_bytes_of_an_embedded_file_keeps_its_workbook_back(few: Path, tmp_path: Path) -> None:
    enter(few, ROWS)
    path = few / "客户台账.xlsx"
    path.write_bytes(changed(path.read_bytes(), {"xl/embeddings/note.bin": "联系 客户代表A".encode("utf-16-le")}))
    answer = run("mask", few, tmp_path / "副本")
    assert {"CUS061", "CUS062"} <= set(codes(answer))


def test_pictures_are_told_since_nobody_can_look_into_them(few: Path, tmp_path: Path) -> None:
    enter(few, ROWS)
    path = few / "客户台账.xlsx"
    path.write_bytes(changed(path.read_bytes(), {"xl/media/image1.png": b"\x89PNG"}))
    answer = run("mask", few, tmp_path / "副本")
    assert (answer.status, "CUS062" in codes(answer), "CUS061" in codes(answer)) == (0, True, False)


@pytest.mark.parametrize("where", ["台账", "台账/副本", "满"])
def test_a_copy_stands_apart_from_the_register_and_from_other_files(folder: Path, tmp_path: Path, where: str) -> None:
    (tmp_path / "满").mkdir()
    (tmp_path / "满" / "旧.txt").write_text("旧")
    with pytest.raises(Refused) as refused:
        run("mask", folder, tmp_path / where)
    assert refused.value.finding.code == "CUS060"


def test_papers_are_not_copied_and_that_is_said(few: Path, tmp_path: Path) -> None:
    enter(few, ROWS)
    (few / "单据").mkdir()
    (few / "单据" / "信函.docx").write_bytes(b"x")
    answer = run("mask", few, tmp_path / "副本")
    (said,) = [each for each in answer.data["findings"] if each["code"] == "CUS064"]
    assert "单据" in said["message"]
    assert not list((tmp_path / "副本").rglob("*.docx"))


def test_a_phone_typed_as_a_number_in_its_own_column_is_masked(few: Path, tmp_path: Path) -> None:
    enter(few, ROWS)
    book = openpyxl.load_workbook(few / "客户台账.xlsx")
    sheet = book["联系人"]
    (place,) = [cell.column for cell in sheet[1] if cell.value == "电话"]
    sheet.cell(2, place).value = 8000000
    book.save(few / "客户台账.xlsx")
    run("mask", few, tmp_path / "副本")
    assert look(tmp_path / "副本", "联系人")[0]["电话"] == "80****00"


def test_an_amount_equal_to_a_short_phone_number_stays(few: Path, tmp_path: Path) -> None:
    enter(few, ROWS)
    enter(few, "## 账单\n| 账期 | 运营商 | 价税合计（元） |\n| 2026-10 | 移动 | 8000000 |")
    enter(few, "## 投诉\n| 投诉编号 | 客户名称 | 投诉人 | 投诉人电话 | 受理时间 |\n| TS-1 | 甲分公司 | 来电人F | 8000000 | 2026-11-02 09:00 |")
    assert "CUS061" not in codes(run("mask", few, tmp_path / "副本"))
    assert look(tmp_path / "副本", "账单")[0]["价税合计（元）"] == 8000000
    assert look(tmp_path / "副本", "投诉")[0]["投诉人电话"] == "80****00"


def test_the_copy_opens_and_is_checked_like_any_register(masked: tuple[Path, Path], tmp_path: Path) -> None:
    copy = copied(masked[1], tmp_path)
    assert run("board", copy, now="2026-11-21T09:00:00").status == 0
    with zipfile.ZipFile(io.BytesIO((copy / "客户台账.xlsx").read_bytes())) as package:
        assert package.testzip() is None
