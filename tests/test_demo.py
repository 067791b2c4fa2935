"""The demonstration's second part and its first page: every command leaves what the page links to."""

from __future__ import annotations

import datetime as dt
import re
from html import unescape
from pathlib import Path

import pytest

from generator.definitions import definitions
from macros.commands.demo.index_page import write_index
from macros.commands.demo.office import HOME, Made, calls, shown, told
from tests.city import NOWS, copied
from tests.office_parts import amiss

MONTH = "2026-10"
#: Workbook and papers of each command over the sample city.
LEFT = """
留存副本 - -
工作台 工作台.xlsx -
服务情况 服务情况.xlsx -
客户分析和关系卡片 客户分析.xlsx 客户关系卡片
今日拜访 拜访情况.xlsx 今日拜访名单
关怀日历和问候函 关怀日历.xlsx 问候函
周小结 - 周工作小结
月度分析 - 月度分析报告
会议材料和服务报告 - 服务报告、服务联席会议纪要、服务联席会议通知
走访季报 - 走访督办季报
考核 考核-2026-Q4.xlsx 客户服务提升表、客户经理考核表
预测分析 需求预测分析-2026-10.xlsx 需求预测分析
检查清单 - 检查清单
假设 假设.xlsx -
自检 自检.xlsx -
"""


@pytest.fixture(scope="module")
def demo(full: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Made], list[str]]:
    """The demonstration's folder after its second part, what that left, and the steps it told of."""
    folder = tmp_path_factory.mktemp("demo")
    steps: list[str] = []
    made = shown(copied(full, folder), folder, MONTH, NOWS[0], steps.append)
    return folder, made, steps


def names(made: Made) -> list[str]:
    """The kinds of its papers."""
    return sorted({definitions()[row["form"]].name for row in made.documents})


def test_every_command_leaves_its_workbook_and_papers(demo: tuple[Path, list[Made], list[str]]) -> None:
    folder, made, _ = demo
    left = [
        f"{one.title} {'、'.join(path.name for path in one.books) or '-'} {'、'.join(names(one)) or '-'}" for one in made
    ]
    assert left == LEFT.split("\n")[1:-1]
    assert [file for one in made for file in one.as_json()["files"] if not Path(file).is_file()] == []
    assert all(path.parent == folder / HOME for one in made for path in one.books)


def test_neither_word_nor_excel_would_have_to_mend_any_of_it(demo: tuple[Path, list[Made], list[str]]) -> None:
    books = [path for one in demo[1] for path in one.books]
    papers = {row["form"]: Path(row["file"]) for one in demo[1] for row in one.documents}
    assert (len(books), len(papers)) == (9, 13)
    assert amiss([*books, *papers.values()]) == []


def test_it_tells_of_as_many_steps_as_were_announced(demo: tuple[Path, list[Made], list[str]]) -> None:
    assert demo[2] == [call.title for call in calls(MONTH)]


def test_every_sentence_is_short_enough_for_a_line_of_the_page(demo: tuple[Path, list[Made], list[str]]) -> None:
    assert [one.title for one in demo[1] if not one.said or str(demo[0]) in one.said] == []
    assert "自检：16 个用例，16 个通过" in " ".join(told(demo[1], demo[0]))


def test_every_link_of_the_first_page_leads_to_a_file(
    demo: tuple[Path, list[Made], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, made, _ = demo
    monkeypatch.setenv("PATH", "")  # thumbnails are LibreOffice's matter
    page = write_index(folder, "澜江", dt.datetime.fromisoformat(NOWS[0]), ["一句话"], [], [], made)
    links = [unescape(link) for link in re.findall(r'href="([^"]+)"', page.read_text(encoding="utf-8"))]
    assert len(links) == 9 + 13  # nine workbooks, and a card for each of the thirteen kinds of paper
    assert [link for link in links if not (folder / link).is_file()] == []
