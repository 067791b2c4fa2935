"""The user guide against the program: every command and flag that it names is run, once, behind those before it.

A span in code of ``docs/用户手册.md`` that begins with ``towerdesk`` is a call as it stands; ``ALSO`` says as which call
a flag or an action named alone is run. The calls run in the register folder, those that name a folder above it.
"""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path
from zipfile import ZipFile

import docx
import pytest

from addin.guide.page import PAGE, page
from addin.guide.printing import found
from addin.guide.source import SOURCE, current
from addin.guide.word import BOOK, book, headings, pages_of
from addin.ribbon import Menu, tab
from generator.pdf import find_office
from macros.cli import main, parsed
from macros.findings import catalogue
from macros.forms import forms
from tests.city import SAMPLES, contents, copied, look, run
from tests.tables import sheets
from tests.test_commands_board import NOTICE

NOW = "2026-11-21T15:30"
GUIDE = SOURCE.read_text(encoding="utf-8")
#: The guide's chapters by their numbers.
CHAPTERS: dict[str, str] = dict(re.findall(r"^## (附录[一二三四]|[一二三四五六七八九十]+(?=、))(.*?)(?=^## |\Z)", GUIDE, re.MULTILINE | re.DOTALL))

#: What the guide leaves open, and what stands for it here.
WORDS = r"""
## 写法
| 手册 | 本例 |
| 文件… | 存量站址.xlsx 移动需求.xlsx 联通需求.csv |
| 文件.docx | ../附表3.1.docx |
| 快照.zip | 账单/2026-10/快照.zip |
| D:\脱敏 | ../脱敏 |
| 客户经理甲 | 客户经理A |
| 客户经理乙 | 客户经理B |
"""

#: What is named without its command, by chapter: the call that it makes.
ALSO = """
## 另行
| 章 | 手册 | 运行 |
| 二 | --register 台账 | check --register 台账 |
| 二 | --json | check --register 台账 --json |
| 二 | --now 2026-11-21T15:30 | check --register 台账 --now 2026-11-21T15:30 |
| 四 | --customer 电信 | import 电信需求.xlsx --register 台账 --customer 电信 |
| 四 | --as 版式 | import 存量站址.xlsx --register 台账 --as site |
| 四 | --dry-run | import 移动需求.xlsx --register 台账 --dry-run |
| 七 | --hand-over | batches --hand-over |
| 七 | --accept | answers --accept |
| 七 | --redraw | schedule --redraw |
| 八 | --due | form --due |
| 八 | --all | form 3.2 --all |
| 八 | --pdf | form 3.4 DD2026080006 --pdf |
| 八 | --print 合订.pdf | form 3.4 DD2026080006 --print 合订.pdf |
| 八 | --number 编号… | form --number 编号… |
| 八 | --resume | form --due --resume |
| 八 | --workers 2 | form 3.2 --all --workers 2 |
| 八 | --preview | lint --preview |
| 九 | --confirm | bill 2026-10 --register 台账 --confirm |
| 九 | --workers 2 | bill 2026-10 --register 台账 --workers 2 |
| 九 | --resume | bill 2026-10 --register 台账 --resume |
| 十二 | plan submit | plan submit 2026-12 |
| 十二 | plan approve --by 姓名 | plan approve 2026-12 --by 部门经理甲 |
| 十二 | plan return --by 姓名 --reason 原因 | plan return 2026-12 --by 部门经理甲 --reason 重点客户不足 |
| 十二 | plan carry | plan carry |
| 十八 | --register | check --register 台账 |
"""

#: What the guide says a call writes: patterns below the folder of the register, and the guide's own words for it.
WRITES = r"""
## 写出
| 命令 | 文件 | 手册 |
| init 台账 --city 澜江 | 台账/*登记簿.xlsx 台账/待办.xlsx 台账/问题清单.xlsx 台账/模板/*.docx | 《待办》《问题清单》和 `模板` 文件夹 |
| board --register 台账 | 台账/待办.xlsx 台账/待办.ics | `待办.ics` |
| form --due --register 台账 | 台账/单据/**/*.docx | 一次出齐待办需要的全部表单 |
| dashboard | 台账/工作台.xlsx | 写出《工作台》 |
| assumptions | 台账/假设.xlsx | 写出《假设》 |
| consolidate | 台账/需求整合/**/*需求整合建议方案*.docx 台账/需求整合/*.html | 《需求整合建议方案》和一张不联网也能打开的地图（`需求整合` 文件夹 |
| batches | 台账/订单批次.xlsx | 每 5 个工作日应交的一批附表3.4 |
| changes | 台账/变更跟踪.xlsx | **变更跟踪** |
| sites | 台账/站址资源.xlsx | 写出《站址资源》 |
| form 3.4 DD2026080006 --print 合订.pdf | 台账/合订.pdf | `--print 合订.pdf` |
| mail 编号… | 台账/邮件/*.eml | `邮件` 文件夹 |
| lint --preview | 台账/模板预览/*.docx | 用样例值填一份看版式 |
| bill 2026-10 --register 台账 --dry-run | 台账/账单/2026-10（预览）/* | `账单/2026-10（预览）` |
| bill 2026-10 --register 台账 | 台账/账单/2026-10/*控制表*.xlsx 台账/账单/2026-10/快照.zip 台账/账单/2026-10/**/3.9*.docx 台账/账单/2026-10/**/3.10*.docx 台账/账单/2026-10/**/3.11*.docx | 控制表、数据快照 |
| notices 2026-10 --register 台账 | 台账/单据/**/3.13*.docx | 业务变更通知单（附表3.13） |
| reconcile 2026-10 --ledger 移动账单.xlsx --register 台账 --out 对账 | 对账/*.xlsx 对账/**/*差异函*.docx 对账/**/*确认书*.docx | 差异函、确认单 |
| collection --register 台账 | 台账/收款情况.xlsx | 欠费与账龄 |
| expiring --register 台账 | 台账/到期租约.xlsx | 续期建议价 |
| bill 2026-10 --snapshot 快照.zip --out 复核 | 台账/复核/*/*.xlsx | 重出一遍 |
| service 2026-10 | 台账/服务情况.xlsx | 写出《服务情况》 |
| report meeting | 台账/报告/**/服务报告*.docx 台账/报告/**/服务联席会议纪要*.docx | **会议材料** |
| report quarter 2026-Q3 | 台账/报告/**/*2026-Q3*.docx | **走访季报** |
| customers --cards | 台账/客户分析.xlsx 台账/客户卡片/**/客户关系卡片*.docx | 写出《客户分析》并出《客户关系卡片》 |
| mask --out D:\脱敏 | 脱敏/客户台账.xlsx 脱敏/需求台账.xlsx | 导出整套台账 |
| report handover 客户经理甲 客户经理乙 | 台账/报告/交接*/**/*.docx 台账/报告/交接*/交接明细.xlsx | 得到一个文件夹 |
| visits | 台账/拜访情况.xlsx 台账/单据/**/今日拜访名单*.docx | 打印《今日拜访名单》 |
| care | 台账/关怀日历.xlsx | **关怀日历** |
| report week | 台账/报告/**/周工作小结*.docx | **周小结、月度分析** |
| report month 2026-10 | 台账/报告/**/月度分析报告*2026-10*.docx | **周小结、月度分析** |
| checklist 月末收尾 | 台账/单据/**/*月末收尾*.docx | 开始一份并打印 |
| report forecast 2026-10 | 台账/报告/需求预测分析-2026-10.xlsx | “公式”表 |
| report kpi 2026-Q3 | 台账/报告/考核-2026-Q3.xlsx 台账/报告/**/客户经理考核表*.docx | 打印一页 |
| rollup 各市台账文件夹 --out 全省 | 全省/*.xlsx | 合成一本 |
| merge 甲的 乙的 --register 合并后 | 合并后/需求台账.xlsx | **合并** |
| selftest | 台账/自检.xlsx | 《自检》 |
| guide --pdf --out 手册 | 手册/用户手册.pdf | 存成 PDF |
"""


def table(text: str, title: str) -> list[list[str]]:
    """The rows of one of the tables above, without its heading."""
    return [[str(cell or "") for cell in row] for row in sheets(text)[title][1:]]


def named() -> Iterator[tuple[str, str]]:
    """Chapter and words of every call, flag and action that stands in code in the guide, in its order."""
    for chapter, text in CHAPTERS.items():
        for span in re.findall(r"`([^`\n]+)`", text):
            if re.match(r"towerdesk |--[a-z]|(?:plan|report) ", span):
                yield chapter, span


def calls() -> list[str]:
    """Every call of the guide once, as its words behind ``towerdesk``, in the guide's order."""
    also = {(chapter, span): call for chapter, span, call in table(ALSO, "另行")}
    found = [span.removeprefix("towerdesk ") if span.startswith("towerdesk ") else also.get((chapter, span), "") for chapter, span in named()]
    return list(dict.fromkeys(call for call in found if call and call not in NAMES_ALONE))


#: Commands that the guide names without what they need, having shown them whole elsewhere.
NAMES_ALONE = {"import", "init", "explain"}
#: Calls that change this machine: run so that they only tell what they would do.
ONLY_TOLD = {"addin install", "addin uninstall"}
#: Commands that find something: the sample city has errors, papers not ready, differences, and no program installed.
FINDS = {"import", "check", "form", "bill", "reconcile", "addin"}


class Walk:
    """The guide's calls at a desk, a folder with the files the guide speaks of: each goes on from the one before."""

    def __init__(self, desk: Path) -> None:
        self.desk = desk
        self._left = calls()
        self._made: dict[str, tuple[int, list[str]]] = {}

    def to(self, call: str) -> tuple[int, list[str]]:
        """How the call ended and which of its files are missing; it and those before it are made if they are not yet."""
        while call not in self._made:
            following = self._left.pop(0)
            self._made[following] = (0, []) if office(following) and find_office() is None else self._make(following)
        return self._made[call]

    def whole(self) -> Path:
        """The desk after the last call."""
        self.to(calls()[-1])
        return self.desk

    def _make(self, call: str) -> tuple[int, list[str]]:
        words = typed_in(call, self.desk) + ["--dry-run"] * (call in ONLY_TOLD)
        with chdir(self.desk / "台账" if parsed(words)[1].get("folder") == Path() else self.desk):
            status = main(words)
        patterns = [pattern for command, written, _ in table(WRITES, "写出") if command == call for pattern in written.split()]
        missing = [pattern for pattern in patterns if not list(self.desk.glob(pattern))]
        if call.startswith("init ") or call == "restore":  # so far for a blank register: from here on it is the sample city's
            shutil.rmtree(self.desk / "台账")
            shutil.copytree(self.desk / "样例" / "台账", self.desk / "台账")
        return status, missing


@pytest.fixture(scope="module")
def walk(full: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walk]:
    home = tmp_path_factory.mktemp("guide")
    register = copied(full, home / "样例")
    for path in SAMPLES.glob("*.*"):
        shutil.copy(path, home)
    shutil.copy(home / "移动账单_202610.xlsx", home / "移动账单.xlsx")
    (home / "通知.txt").write_text(NOTICE, encoding="utf-8")
    (made,) = run("form", "3.1", ["XQ-YD-0003"], copied(register, home / "寄回"), now=NOW).data["documents"]
    shutil.copy(made["file"], home / "附表3.1.docx")
    for name in ("各市台账文件夹/甲市", "各市台账文件夹/乙市", "甲的", "乙的"):
        shutil.copytree(register, home / name)
    with pytest.MonkeyPatch.context() as patch:
        for variable in ("HOME", "TOWERDESK_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"):
            patch.setenv(variable, str(home / "own"))
        patch.setenv("TOWERDESK_NOW", NOW)
        yield Walk(home)
        main(["agent", "stop"])


def typed_in(call: str, desk: Path) -> list[str]:
    """The words of a call with this desk's own files, rows and numbers."""
    words = {said: here.split() for said, here in table(WORDS, "写法")}
    if "编号…" in call:
        words["编号…"] = [row["单据编号"] for row in look(desk / "台账", "单据")][:2]
    return [part for word in call.split() for part in words.get(word, [word])]


def office(call: str) -> bool:
    """Whether a call needs LibreOffice, which not every machine has."""
    return re.search("--(pdf|print)", call) is not None


needs_office = pytest.mark.skipif(find_office() is None, reason="no LibreOffice here")


@pytest.mark.parametrize("call", [pytest.param(call, marks=needs_office if office(call) else (), id=call) for call in calls()])
def test_what_the_guide_tells_can_be_done_as_written(walk: Walk, call: str) -> None:
    status, missing = walk.to(call)
    assert status in ((0, 1) if call.split()[0] in FINDS else (0,))
    assert missing == []


def test_what_the_guide_says_of_files_is_looked_for_and_what_is_looked_for_is_said() -> None:
    assert {command for command, _, _ in table(WRITES, "写出")} <= {*calls()}
    assert [said for _, _, said in table(WRITES, "写出") if said not in GUIDE] == []


def test_the_flags_looked_for_are_those_the_guide_names() -> None:
    assert {(chapter, span) for chapter, span in named() if not span.startswith("towerdesk ")} == {
        (chapter, span) for chapter, span, _ in table(ALSO, "另行")
    }


def test_a_month_done_again_from_its_snapshot_is_the_same_to_the_byte(walk: Walk) -> None:
    desk = walk.whole()
    again = contents(desk / "台账" / "复核" / "2026-10")
    assert len(again) > len(list(SAMPLES.glob("*账单*")))
    first = contents(desk / "台账" / "账单" / "2026-10")
    assert {name: first.get(name) == data for name, data in again.items()} == dict.fromkeys(again, True)


def test_the_guide_names_every_workbook_and_table() -> None:
    told = {book.strip(): {*re.sub("等$", "", tables.strip()).split("、")} for book, tables in re.findall(
        r"^\| (\S+) \| ([^|]+) \|$", CHAPTERS["三"], re.MULTILINE
    )}
    del told["工作簿"]
    titles: dict[str, set[str]] = {}
    for form in forms().values():
        if form.file:
            titles.setdefault(Path(form.file).stem, set()).add(form.title)
    assert told == titles


def rows(chapter: str) -> list[list[str]]:
    """The cells of a chapter's tables without their headings, bold or not."""
    lines = re.findall(r"^\| (?!-)(.*) \|$(?!\n\| -)", CHAPTERS[chapter], re.MULTILINE)
    return [[cell.strip(" 　*") for cell in line.split(" | ")] for line in lines]


#: Every thing on the ribbon with the keys that press it.
KEYS = {
    one.label: f"Alt {tab().keytip} {path}"
    for group in tab().groups for item in group.items
    for one, path in [(item, item.keytip), *((b, f"{item.keytip} {b.keytip}") for b in (item.buttons if isinstance(item, Menu) else ()))]
}


def test_the_guide_tells_of_every_button_with_its_keys() -> None:
    assert {label: keys for label, keys, _ in rows("附录一")} == KEYS


def test_the_keys_that_the_guide_picks_out_press_what_it_says() -> None:
    told = [(what, keys) for what, keys in (row for row in rows("十五") if len(row) == 2) if f"Alt {tab().keytip} " in keys]
    pairs = [pair for what, keys in told for pair in zip(what.split(" · "), keys.split(" · "), strict=True)]
    assert len(pairs) > 10
    assert {what: KEYS["看手册" if what == "打开本手册" else what] for what, _ in pairs} == dict(pairs)


#: Folders of the desk that others filled, and workbooks that the guide's calls must have written.
OTHERS = {"样例", "寄回", "甲的", "乙的", "各市台账文件夹"}
BOOKS_WRITTEN = ["待办", "问题清单", "工作台", "服务情况", "客户分析", "假设", "自检", "全省汇总", "交接明细", "收款情况"]


def sheet_names(path: Path) -> list[str]:
    """The names of a workbook's sheets."""
    return re.findall(r'<sheet [^>]*?name="([^"]+)"', ZipFile(path).read("xl/workbook.xml").decode())


def test_the_guide_tells_of_every_sheet_that_its_calls_write(walk: Walk) -> None:
    desk = walk.whole()
    told: dict[str, set[str]] = {}
    title = ""
    for line in CHAPTERS["附录二"].splitlines():
        if heading := re.match(r"#### 《(.*)》", line):
            title = heading[1]
        elif cells := re.match(r"\| (?:《(.*?)》)? \| .*? \| \*\*(.*?)\*\* \|", line):
            title = cells[1] or title
            told.setdefault(title, set()).add(cells[2])
        elif cells := re.match(r"\| \*\*(.*?)\*\* \|", line):
            told.setdefault(title, set()).add(cells[1])
    written = {path.stem: sheet_names(path) for path in desk.rglob("*.xlsx") if path.parent != desk and not OTHERS & {*path.parts}}
    assert {*BOOKS_WRITTEN} <= {*written}
    untold = {
        (name, sheet) for name, sheets_ in written.items() for sheet in sheets_ if sheet not in ("说明", "开始", "选项")
        if re.sub(r"\d", "", sheet) not in told.get(next((title for title in told if title in name), ""), set())
    }
    assert untold == set()


def test_the_lists_in_the_guide_are_those_of_the_program() -> None:
    assert current() == GUIDE


def test_the_page_is_made_of_the_guide() -> None:
    assert PAGE.read_text(encoding="utf-8") == page()


def test_the_word_file_is_made_of_the_guide_and_its_pictures() -> None:
    kept, made = ZipFile(BOOK), ZipFile(io.BytesIO(book(pages_of(BOOK.read_bytes()))))
    assert {name: kept.read(name) for name in kept.namelist()} == {name: made.read(name) for name in made.namelist()}


def test_every_message_stands_in_the_page_and_in_the_word_file() -> None:
    printed = ZipFile(BOOK).read("word/document.xml").decode()
    html = PAGE.read_text(encoding="utf-8")
    assert [code for code in catalogue() if f">{code}<" not in printed or f">{code}<" not in html] == []


def test_word_reads_the_file_as_headings_pictures_and_tables() -> None:
    document = docx.Document(str(BOOK))
    told = [p.text for p in document.paragraphs if p.style and p.style.name in ("Heading 1", "Heading 2")]
    assert told == [words for _, words in headings()]
    assert len(document.inline_shapes) == GUIDE.count("](pictures/")
    assert len(document.tables) == PAGE.read_text(encoding="utf-8").count("<table>")


@needs_office
def test_the_contents_name_the_pages_that_are_printed(walk: Walk) -> None:
    pdf = walk.desk / "手册" / "用户手册.pdf"
    assert pdf.is_file() or main(["guide", "--pdf", "--out", str(pdf.parent)]) == 0
    assert found(pdf) == pages_of(BOOK.read_bytes())
