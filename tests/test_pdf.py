"""PDF files from a real LibreOffice: printed together or alone, they are the same; whatever dies, the set is complete."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
import psutil  # type: ignore[import-untyped]
import pytest
from docx.oxml.ns import qn
from pypdf import PdfReader

from generator.definitions import definitions, fields
from generator.issuing import TEMPLATES
from generator.pdf import convert, find_office
from generator.pdf_book import bind
from generator.pdf_cold import ColdOffice
from generator.pdf_fonts import without_font
from generator.pdf_limits import limits
from generator.pdf_proof import examine
from generator.pdf_word import command, listed
from generator.template import Template, load, render
from tests.papers import changed, paper, parts

ROOT = Path(__file__).parents[1]
CAPS = limits()
ALONE = replace(CAPS, merged_documents=1)
PLACES = ("澜江东塔", "河口广场", "碧溪村委会楼顶", "鹿鸣路 12 号", "金沙湾（二期）", "凤凰岭", "X-7 基站", "石门坎", "柳林“老”站", "云台山", "赤岸", "蓬莱北")
pytestmark = pytest.mark.filterwarnings("error")
office = pytest.mark.office
printing = pytest.mark.skipif(find_office() is None, reason="LibreOffice is not installed")


def template(code: str) -> Template:
    definition = definitions()[code]
    opened, findings = load(TEMPLATES / definition.template, fields(definition))
    assert opened is not None, findings
    return opened


def notice(number: int) -> bytes:
    """A notice of a change of the lease of one place: one page."""
    values = {name: f"{name}{number}" for name in template("3.13").uses if "." not in name}
    values |= {"变更前年服务费": f"{30018.5 + number:.2f}", "变更后年服务费": f"{27016.65 + number:.2f}", "单据编号": f"TD-3.13-2026-{number:04}"}
    lease = {"站址名称": PLACES[number % 12], "站址编码": f"4290{number:014}", "服务开始日期": "2024年1月1日", "服务结束日期": "2028年12月31日", "产品类型": "铁塔类", "运营商": "移动", "区县": "澜南区"}
    data, findings = render(template("3.13"), {**values, "租约": lease, "客户": {"客户名称": "移动澜江县分公司"}}, title=f"业务变更通知单 {number}", day=dt.date(2026, 11, 20))
    assert data is not None, findings
    return data


def notices(home: Path, count: int) -> list[Path]:
    folder = home / "通知"
    folder.mkdir(parents=True)
    files = [folder / f"通知 {number:02}.docx" for number in range(count)]
    for number, file in enumerate(files):
        file.write_bytes(notice(number))
    return files


def pixels(pdf: Path, *, dpi: int = 50) -> list[bytes]:
    """Each page as a picture."""
    stem = pdf.with_suffix("")
    subprocess.run(["pdftoppm", "-r", str(dpi), pdf, stem], check=True)
    return [page.read_bytes() for page in sorted(pdf.parent.glob(f"{stem.name}-*.ppm"))]


def fonts(pdf: Path) -> set[str]:
    """The font files in a PDF, by their content."""
    found = set()
    for page in PdfReader(pdf).pages:
        resources: Any = page["/Resources"]
        for font in resources["/Font"].values():
            held = font.get_object()["/FontDescriptor"]
            found.add(hashlib.sha256(next(held[key].get_data() for key in ("/FontFile", "/FontFile2", "/FontFile3") if key in held)).hexdigest())
    return found


def started() -> list[psutil.Process]:
    """The processes of LibreOffice that this one has started."""
    return [child for child in psutil.Process().children(recursive=True) if "soffice" in child.name()]


#: Offices that tests of other files, run by this process before, keep to themselves.
OTHERS: set[psutil.Process] = set()


@pytest.fixture(autouse=True, scope="module")
def _others() -> None:
    OTHERS.update(started())


def offices() -> list[psutil.Process]:
    """The processes of LibreOffice that the tests of this file have started."""
    return [office for office in started() if office not in OTHERS]


def left_by(process: int) -> list[str]:
    """What an office of a process leaves in the folder for temporary files: its own folder, its sockets."""
    return [path.name for path in Path("/tmp").iterdir() if f"towerdeskpdf{process}n" in path.name]


@pytest.fixture(autouse=True)
def _nothing_left() -> Iterator[None]:
    """After every test no process, no folder and no socket of an office of ours is left."""
    yield
    assert offices() == []
    assert left_by(os.getpid()) == []


@pytest.fixture(scope="module")
def together(tmp_path_factory: pytest.TempPathFactory) -> dict[Path, Path]:
    """Twelve notices, printed together."""
    home = tmp_path_factory.mktemp("together")
    made, findings = convert(notices(home, 12), home / "PDF")
    assert findings == []
    return made


@office
@printing
def test_notices_printed_together_are_pixel_for_pixel_those_printed_alone(together: dict[Path, Path], tmp_path: Path) -> None:
    sample = list(together)[::4]
    alone, findings = convert(sample, tmp_path, caps=ALONE)
    assert findings == []
    assert [pixels(together[file]) for file in sample] == [pixels(alone[file]) for file in sample]
    assert [len(fonts(together[file]) & fonts(together[sample[0]])) > 0 for file in sample] == [True, True, True]
    assert fonts(alone[sample[1]]).isdisjoint(fonts(alone[sample[0]])), "printed alone, each has fonts of its own"


@office
@printing
def test_each_paper_gets_its_own_page_name_and_title(together: dict[Path, Path]) -> None:
    assert [file.stem for file in together] == [f"通知 {number:02}" for number in range(12)]
    assert [pdf.name for pdf in together.values()] == [f"通知 {number:02}.pdf" for number in range(12)]
    for number, pdf in enumerate(together.values()):
        words = "".join(subprocess.run(["pdftotext", pdf, "-"], check=True, capture_output=True).stdout.decode().split())
        assert f"4290{number:014}" in words and f"4290{number + 1:014}" not in words
        assert "第1页共1页" in words
    assert PdfReader(list(together.values())[3]).metadata.title == "业务变更通知单 3"  # type: ignore[union-attr]


@office
@printing
def test_an_office_that_is_killed_costs_one_retry_and_the_set_is_complete(tmp_path: Path) -> None:
    files, out = notices(tmp_path, 6), tmp_path / "PDF"
    killed: list[int] = []

    def kill() -> None:
        while not list(out.glob("*.pdf")):
            time.sleep(0.01)
        for process in offices():
            killed.append(process.pid)
            process.kill()

    killer = threading.Thread(target=kill)
    killer.start()
    made, findings = convert(files, out, caps=ALONE)
    killer.join()
    assert len(killed) == 1
    assert findings == []
    assert [len(PdfReader(made[file]).pages) for file in files] == [1] * 6


@office
@printing
def test_a_paper_the_office_hangs_on_is_named_and_the_others_come(tmp_path: Path) -> None:
    files, out = notices(tmp_path, 4), tmp_path / "PDF"

    def hang() -> None:
        while not list(out.glob("*.pdf")):
            time.sleep(0.01)
        for process in offices():
            process.suspend()

    hanging = threading.Thread(target=hang)
    hanging.start()
    made, findings = convert(files, out, caps=replace(ALONE, document_seconds=5))
    hanging.join()
    (late,) = [file for file in files if file not in made]
    assert [(found.code, found.workbook) for found in findings] == [("PDF002", late.name)]
    assert len(made) == 3


@office
@printing
def test_a_very_long_table_is_offered_as_a_workbook(tmp_path: Path) -> None:
    long = tmp_path / "明细.docx"
    long.write_bytes(paper("明细", table=[["行"]] * 21))
    made, findings = convert([long], tmp_path / "PDF", caps=replace(CAPS, table_rows=20))
    assert made == {}
    assert [(found.code, found.workbook) for found in findings] == [("PDF001", "明细.docx")]
    assert "21行" in findings[0].message and "工作簿" in findings[0].message


@office
@printing
def test_an_office_that_cannot_be_spoken_to_prints_the_same_pages(together: dict[Path, Path], tmp_path: Path) -> None:
    program, file = find_office(), list(together)[5]
    assert program is not None
    called = ColdOffice(program, CAPS)
    try:
        (tmp_path / "called.pdf").write_bytes(called.printed(file, 60))
    finally:
        called.close()
    assert pixels(tmp_path / "called.pdf") == pixels(together[file])


@office
@printing
@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_when_the_program_is_killed_its_office_goes_too(tmp_path: Path) -> None:
    files, out = notices(tmp_path, 12), tmp_path / "PDF"
    words = "import sys; from pathlib import Path; from generator.pdf import convert; from generator.pdf_limits import limits; from dataclasses import replace; "
    words += "convert([Path(word) for word in sys.argv[2:]] , Path(sys.argv[1]), caps=replace(limits(), merged_documents=1))"
    process = subprocess.Popen([sys.executable, "-c", words, out, *files], cwd=ROOT)
    try:
        until = time.monotonic() + 60
        while not list(out.glob("*.pdf")) and time.monotonic() < until:
            time.sleep(0.02)
        started = psutil.Process(process.pid).children(recursive=True)
        assert [child.name() for child in started if "soffice" in child.name()] == ["soffice.bin"]
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    _, alive = psutil.wait_procs(started, timeout=10)
    assert alive == []
    assert left_by(process.pid) == []
    assert [pdf.read_bytes()[:5] for pdf in out.glob("*.pdf")] == [b"%PDF-"] * len(list(out.glob("*.pdf")))


def characters(file: Path, family: str) -> Path:
    """A page with characters that differ between mainland China and Japan."""
    document = docx.Document()
    run: Any = document.add_paragraph().add_run("直骨角令海")
    run.font.name = family
    run._r.rPr.rFonts.set(qn("w:eastAsia"), family)
    document.save(str(file))
    return file


@office
@printing
@pytest.mark.skipif("Noto Serif CJK JP" not in subprocess.run(["fc-list"], capture_output=True, text=True, check=False).stdout, reason="no Noto fonts")
def test_chinese_shapes_are_printed_and_not_the_japanese(tmp_path: Path) -> None:
    named = {"a": "宋体", "b": "Noto Serif CJK SC", "c": "Noto Serif CJK JP", "d": "仿宋_GB2312"}
    files = [characters(tmp_path / f"{name}.docx", family) for name, family in named.items()]
    made, findings = convert(files, tmp_path / "PDF")
    assert findings == []
    song, chinese, japanese, fangsong = (pixels(made[file], dpi=100) for file in files)
    assert song == chinese == fangsong
    assert song != japanese


def test_a_chinese_font_without_any_stand_in_is_named(tmp_path: Path) -> None:
    file = characters(tmp_path / "字体.docx", "某公司专用体")
    known = characters(tmp_path / "宋体.docx", "宋体")
    if not without_font([file]):
        pytest.skip("fontconfig is not installed")
    assert [(found.code, "某公司专用体" in found.message) for found in without_font([file])] == [("PDF003", True)]
    assert without_font([known]) == []


def with_body(old: str, new: str) -> dict[str, bytes]:
    text = parts(notice(1))["word/document.xml"].decode()
    assert old in text
    return {"word/document.xml": text.replace(old, new, 1).encode()}


FIELD = '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> {} </w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'


@pytest.mark.parametrize("change", [
    pytest.param(lambda: {"word/media/image1.png": b"picture"}, id="picture"),
    pytest.param(lambda: {"word/_rels/header1.xml.rels": b"<x/>"}, id="picture in the header"),
    pytest.param(lambda: with_body("</w:p>", '<w:r><w:footnoteReference w:id="2"/></w:r></w:p>'), id="footnote"),
    pytest.param(lambda: with_body("<w:pPr>", '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr>'), id="list"),
    pytest.param(lambda: with_body("</w:p>", FIELD.format("DATE")), id="date field"),
    pytest.param(lambda: with_body("</w:p>", FIELD.format("SECTIONPAGES")), id="section pages"),
    pytest.param(lambda: with_body("</w:p>", FIELD.format("NUMPAGES")), id="number of pages never shown"),
    pytest.param(lambda: with_body("</w:pPr>", "<w:sectPr/></w:pPr>"), id="two sections"),
    pytest.param(lambda: with_body("</w:p>", '<w:bookmarkStart w:id="1" w:name="somewhere"/></w:p>'), id="bookmark"),
    pytest.param(lambda: with_body("<w:body>", "<w:body><w:sdt/>"), id="content control"),
    pytest.param(lambda: with_body("<w:pPr>", "<w:pPr><w:pageBreakBefore/>"), id="page break before the first paragraph"),
    pytest.param(lambda: {"word/settings.xml": b"<w:settings><w:evenAndOddHeaders/></w:settings>"}, id="even pages"),
    pytest.param(lambda: {"word/document.xml": b"no XML"}, id="broken"),
])
def test_what_is_not_known_to_print_the_same_in_company_is_printed_alone(change: object, tmp_path: Path) -> None:
    plain, other = tmp_path / "plain.docx", tmp_path / "other.docx"
    plain.write_bytes(notice(1))
    other.write_bytes(changed(notice(1), change()))  # type: ignore[operator]
    assert examine(plain).kind
    assert examine(other).kind == ""


def test_papers_of_other_styles_are_not_printed_together(tmp_path: Path) -> None:
    one, two = tmp_path / "one.docx", tmp_path / "two.docx"
    one.write_bytes(notice(1))
    two.write_bytes(changed(notice(1), {"word/styles.xml": parts(notice(1))["word/styles.xml"].replace(b'w:val="21"', b'w:val="24"')}))
    assert examine(one).kind and examine(two).kind
    assert examine(one).kind != examine(two).kind


@office
@printing
def test_the_file_to_print_from_has_every_paper_in_order_and_names_the_missing(together: dict[Path, Path], tmp_path: Path) -> None:
    files = [*reversed(together), tmp_path / "没有.docx"]
    findings = bind(files, together, tmp_path / "合订.pdf")
    assert [(found.code, "没有.docx" in found.message) for found in findings] == [("PDF004", True)]
    book = PdfReader(tmp_path / "合订.pdf")
    assert [f"4290{number:014}" in page.extract_text() for number, page in zip(range(11, -1, -1), book.pages, strict=True)] == [True] * 12
    assert [item.title for item in book.outline] == [file.stem for file in reversed(together)]  # type: ignore[union-attr]
    assert (tmp_path / "合订.pdf").stat().st_size < sum(pdf.stat().st_size for pdf in together.values()) / 3


def test_without_any_paper_no_file_to_print_from_is_written(tmp_path: Path) -> None:
    assert [found.code for found in bind([tmp_path / "一.docx"], {}, tmp_path / "合订.pdf")] == ["PDF004"]
    assert list(tmp_path.iterdir()) == []


def test_word_is_asked_by_a_script_and_a_list_of_whole_paths_in_ascii(tmp_path: Path) -> None:
    orders = tmp_path / "orders.json"
    assert command(Path("powershell.exe"), orders)[-4:] == ["-File", str(ROOT / "generator" / "pdf_word.ps1"), "-Orders", str(orders)]
    said = listed({tmp_path / "甲.docx": tmp_path / "甲.pdf"}, [tmp_path / "甲.docx"])
    assert said == f'[{{"source": "{tmp_path.resolve()}/\\u7532.docx", "target": "{tmp_path.resolve()}/.~\\u7532.tmp.pdf"}}]'.encode()
    assert (ROOT / "generator" / "pdf_word.ps1").read_bytes().isascii(), "PowerShell reads it in any code page"
