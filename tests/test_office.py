"""A real LibreOffice opens, saves back and prints what the program makes; in continuous integration it must be there."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from generator.pdf import convert, find_office
from macros.commands.forming import sample
from tests.city import NOWS, SAMPLES, City, copied, items, run

pytestmark = pytest.mark.office
#: A page with less text than this carries nothing but a signature or is blank.
LEAST = 60


@pytest.fixture(scope="module")
def office() -> Path:
    """The program; its absence fails in continuous integration and skips elsewhere."""
    found = find_office()
    if found and shutil.which("pdftotext"):
        return found
    if os.environ.get("CI") == "true":
        pytest.fail("LibreOffice or pdftotext is missing")
    pytest.skip("LibreOffice or pdftotext is missing")


def through(office: Path, kind: str, files: list[Path], out: Path) -> None:
    """Let LibreOffice open the files and write them as ``kind`` to ``out``, all in one call with a profile of its own."""
    out.mkdir()
    profile = (out.parent / f"profile-{out.name}").as_uri()
    subprocess.run(
        [office, f"-env:UserInstallation={profile}", "--headless", "--norestore", "--convert-to", kind, "--outdir", out, *files],
        check=True, capture_output=True, timeout=120,
    )


def pages(pdf: Path) -> list[str]:
    """The text of every page without blanks."""
    done = subprocess.run(["pdftotext", "-layout", "-enc", "UTF-8", pdf, "-"], check=True, capture_output=True, timeout=60)
    return [re.sub(r"\s", "", page) for page in done.stdout.decode("utf-8").split("\f")[:-1]]


@pytest.fixture(scope="module")
def returned(office: Path, city: City, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample register with every workbook saved back by LibreOffice."""
    home = tmp_path_factory.mktemp("office")
    folder = copied(city.folder, home)
    books = sorted(folder.glob("*.xlsx"))
    through(office, "xlsx:Calc MS Excel 2007 XML", books, home / "saved")
    for book in books:
        shutil.copyfile(home / "saved" / book.name, book)
    return folder


def plain(board: Any) -> dict[tuple[str, str], tuple[Any, ...]]:
    return {name: (item["due"], item["state"], item["provisional"], item["closed_on"]) for name, item in items(board)}


def test_the_board_of_a_register_saved_by_libreoffice_is_the_same(returned: Path, city: City) -> None:
    assert plain(run("board", returned, now=NOWS[1])) == plain(city.boards[1])


def test_the_check_of_a_register_saved_by_libreoffice_is_the_same(returned: Path, city: City) -> None:
    def told(findings: list[dict[str, str]]) -> set[tuple[str, ...]]:
        return {(said["code"], said["workbook"], said["key"], said["field"]) for said in findings}

    assert told(run("check", returned, now=NOWS[0]).data["findings"]) == told(city.check.data["findings"])


def test_the_same_files_change_nothing_in_a_register_saved_by_libreoffice(returned: Path) -> None:
    answer = run("import", [SAMPLES / "存量站址.xlsx", SAMPLES / "起租清单.xlsx"], returned, now=NOWS[0])
    assert [(row["added"], row["updated"]) for row in answer.data["files"]] == [(0, 0), (0, 0)]


def test_new_rows_go_into_a_register_saved_by_libreoffice(returned: Path, tmp_path: Path) -> None:
    folder = copied(returned, tmp_path)
    path = tmp_path / "客户.csv"
    path.write_text("客户名称,运营商,区县,服务等级\n新来的公司,移动,澜南区,标准\n", encoding="utf-8")
    assert [row["added"] for row in run("import", [path], folder, now=NOWS[0]).data["files"]] == [1]
    sheet = openpyxl.load_workbook(folder / "客户台账.xlsx")["客户"]
    assert "新来的公司" in [cell.value for cell in sheet["A"]]


def rules(sheet: Worksheet) -> tuple[int, int]:
    """Conditional formats and columns with a drop-down list."""
    lists = {str(area).split(":")[0].rstrip("0123456789") for rule in sheet.data_validations.dataValidation if rule.type == "list" for area in rule.sqref.ranges}
    return sum(len(area.rules) for area in sheet.conditional_formatting), len(lists)


@pytest.mark.parametrize("name", ["需求台账.xlsx", "租约台账.xlsx", "客户台账.xlsx", "参数.xlsx"])
def test_colours_and_drop_down_lists_survive_libreoffice(returned: Path, city: City, name: str) -> None:
    before, after = openpyxl.load_workbook(city.folder / name), openpyxl.load_workbook(returned / name)
    assert after.sheetnames == before.sheetnames
    assert {title: rules(after[title]) for title in after.sheetnames} == {title: rules(before[title]) for title in before.sheetnames}


def test_the_board_and_the_blank_register_print(office: Path, city: City, blank: Path, tmp_path: Path) -> None:
    shutil.copyfile(city.folder / "待办.xlsx", tmp_path / "待办.xlsx")
    books = [tmp_path / "待办.xlsx", *(book for book in sorted(blank.glob("*.xlsx")) if book.name != "待办.xlsx")]
    through(office, "pdf", books, tmp_path / "pdf")
    printed = {book.stem: pages(tmp_path / "pdf" / f"{book.stem}.pdf") for book in books}
    assert all(printed.values())
    assert "K27" in "".join(printed["待办"])


@pytest.fixture(scope="module")
def printed(office: Path, full: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """One paper of every kind the sample register is ready for, as PDF, page by page."""
    home = tmp_path_factory.mktemp("print")
    folder = copied(full, home)
    made = sample(folder, home / "单据", NOWS[0], 1)["documents"]
    files, findings = convert([Path(row["file"]) for row in made], home / "PDF", office)
    assert findings == []
    return {f"{row['form']} {row['key']}": pages(files[Path(row["file"])]) for row in made}


def test_every_paper_prints(printed: dict[str, list[str]]) -> None:
    assert printed and all(printed.values())


def test_no_paper_ends_in_a_blank_page_or_one_with_only_a_signature(printed: dict[str, list[str]]) -> None:
    assert [(name, len(sheet), sheet[-1]) for name, sheet in printed.items() if len(sheet[-1]) < LEAST] == []


def test_form_makes_the_pdf_beside_the_paper_and_the_file_to_print_from(office: Path, city: City, tmp_path: Path) -> None:
    folder = copied(city.folder, tmp_path)
    answer = run("form", "3.1", ["XQ-YD-0001"], folder, book=tmp_path / "合订" / "一批.pdf", now=NOWS[0])
    assert answer.status == 0
    (pdf,) = (folder / "单据" / "PDF").glob("*.pdf")
    assert "XQ-YD-0001" in "".join(pages(pdf))
    assert pages(tmp_path / "合订" / "一批.pdf") == pages(pdf)
