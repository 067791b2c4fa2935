"""Meetings and the quarter from register rows to the printed page: proposals, the last meeting's matters, R5's counts.

``lives/meeting_pack.md`` tells the story; its figures are worked out by hand in the lines below each heading.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from macros.hosts import Refused
from tests.city import codes, copied, enter, look, put, run
from tests.papers import text
from tests.test_ten_demands import Day, days, type_in

STORY = (Path(__file__).parent / "lives" / "meeting_pack.md").read_text(encoding="utf-8")
COLUMNS = {"工程建设": "construction", "保障能力": "assurance", "指标": "indicators", "投诉处理": "complaints", "议题": "agenda"}
C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory, blank: Path) -> Path:
    """The register the story is written in; each moment goes on where the one before ended."""
    folder = copied(blank, tmp_path_factory.mktemp("meetings"))
    for name, value in {"公司名称": "澜江塔公司", "客户经理": "客户经理A", "部门经理": "部门经理A"}.items():
        put(folder, "假设", name, "采用", value)
    return folder


@pytest.mark.parametrize("day", days(STORY), ids=lambda day: f"{day.date} {day.told}")
def test_a_month_of_meetings_and_a_quarter_are_told_by_the_register(life: Path, day: Day) -> None:
    type_in(life, day.typed)
    answers: dict[str, Any] = {}
    assert day.lines
    for line in day.lines:
        what, *words = line.split()
        WORDS[what](life, day.date, words, answers)


@pytest.fixture
def agreed(tmp_path: Path, blank: Path) -> Path:
    """A register with a customer who agreed on the tenth."""
    folder = copied(blank, tmp_path)
    enter(folder, """
    ## 客户
    | 客户名称 | 运营商 | 服务等级 | 办公地址 | 联席会议日 |
    | 移动澜江分公司 | 移动 | 标准 | 中心路1号 | 10 |
    ## 联系人
    | 客户名称 | 联系人 |
    | 移动澜江分公司 | 客户代表A |
    """)
    return folder


def test_a_meeting_not_entered_in_its_month_is_not_invented_afterwards(agreed: Path) -> None:
    answer = run("report", agreed, "meeting", ["2026-10"], now="2026-11-20T09:00")
    assert (codes(answer), look(agreed, "联席会议")) == (["SVC031"], [])


def test_a_month_to_come_has_an_invitation_and_nothing_to_report(agreed: Path) -> None:
    answer = run("report", agreed, "meeting", ["2026-12"], now="2026-11-20T09:00")
    assert [row["会议编号"] for row in look(agreed, "联席会议")] == ["HY202612001"]
    assert [row["form"] for row in answer.data["documents"]] == ["meeting-notice"]
    (meeting,) = answer.data["meetings"]
    assert not {"construction", "assurance", "indicators", "complaints"} & set(meeting["worked_out"])


def test_a_visit_to_nobody_is_a_visit_but_no_customer(agreed: Path) -> None:
    enter(agreed, """
    ## 拜访
    | 拜访编号 | 客户名称 | 拜访类型 | 拜访方式 | 拜访日期 |
    | BF-1 | 移动澜江分公司 | 例行 | 上门 | 2026-11-03 |
    | BF-2 | | 例行 | 上门 | 2026-11-04 |
    """)
    answer = run("report", agreed, "quarter", ["2026-Q4"], now="2026-11-20T09:00")
    assert "本季走访2次" in answer.text
    assert "走访客户1家，占1家的100.0%（1/1）" in answer.text


def test_a_quarter_that_has_not_begun_is_refused(agreed: Path) -> None:
    with pytest.raises(Refused) as refused:
        run("report", agreed, "quarter", ["2027-Q1"], now="2026-11-20T09:00")
    assert refused.value.finding.code == "SVC035"


def held(life: Path, now: str, words: list[str], answers: dict[str, Any]) -> None:
    """会议 MONTH KEY…: just these meetings are worked out."""
    month, *keys = words
    answer = run("report", life, "meeting", [month], now=now).data
    answers["meetings"] = {each["key"]: each for each in answer["meetings"]}
    assert sorted(answers["meetings"]) == sorted(keys)
    assert answer["withheld"] == []


def written(life: Path, now: str, words: list[str], answers: dict[str, Any]) -> None:
    """写出 KEY PART 话: the sentences worked out say so."""
    key, part, said = words
    assert said in answers["meetings"][key]["worked_out"][COLUMNS[part]]


def entered(life: Path, now: str, words: list[str], answers: dict[str, Any]) -> None:
    """台账 KEY COLUMN VALUE: what stands in the register's row."""
    key, column, *value = words
    assert {row["会议编号"]: str(row[column]) for row in look(life, "联席会议")}[key] == " ".join(value)


def matter(life: Path, now: str, words: list[str], answers: dict[str, Any]) -> None:
    """待办 KEY MATTER STATE, or 待办 KEY 红色清单 MATTER…: what the agenda holds and how it stands."""
    key, first, *rest = words
    parts = answers["meetings"][key]["items"]
    if first in parts:
        assert {item["matter"] for item in parts[first]} == set(rest)
    else:
        assert {item["matter"]: item["state"] for item in parts["上次待办"]}[first] == rest[0]


def newest(life: Path, name: str, key: str) -> Path:
    return max((life / "报告" / name).glob(f"*{key} *.docx"), key=lambda path: path.stat().st_mtime_ns)


def printed(life: Path, now: str, words: list[str], answers: dict[str, Any]) -> None:
    """纸上 NAME KEY 话…: the newest paper reads so."""
    name, key, *wanted = words
    read = text(newest(life, name, key).read_bytes())
    assert [word for word in wanted if word not in read] == []


def by_row(life: Path, now: str, words: list[str], answers: dict[str, Any]) -> None:
    """按行出单 FORM KEY 话…: the paper asked for by its row reads as the month's does, and bears no mark."""
    form, key, *wanted = words
    (made,) = run("form", form, [key], life, now=now).data["documents"]
    read = text(Path(made["file"]).read_bytes())
    assert [word for word in wanted if word not in read] == []
    assert "【建议】" not in read


def absent(life: Path, now: str, words: list[str], answers: dict[str, Any]) -> None:
    """纸上没有 NAME KEY 话…: the newest paper says none of it."""
    name, key, *unwanted = words
    read = text(newest(life, name, key).read_bytes())
    assert [word for word in unwanted if word in read] == []


def drawn(life: Path, now: str, words: list[str], answers: dict[str, Any]) -> None:
    """图上 NAME KEY SERIES MONTH:COUNT…: the paper's native chart holds these figures."""
    name, key, series, *wanted = words
    with zipfile.ZipFile(newest(life, name, key)) as archive:
        charts = [etree.fromstring(archive.read(part)) for part in archive.namelist() if re.fullmatch(r"word/charts/\w+\.xml", part)]
    found: dict[str, float] = {}
    for one in (each for chart in charts for each in chart.iter(f"{C}ser")):
        if one.findtext(f"{C}tx//{C}v") == series:
            labels, values = (
                [point.findtext(f"{C}v", "") for point in one.iterfind(f"{C}{axis}//{C}pt")] for axis in ("cat", "val")
            )
            found = dict(zip(labels, map(float, values), strict=True))
    assert found, f"no series {series}"
    months = {f"{year}年{int(month)}月": float(count) for year, month, count in (re.split("[-:]", each) for each in wanted)}
    assert months.items() <= found.items(), found


def quarter(life: Path, now: str, words: list[str], answers: dict[str, Any]) -> None:
    """季报 QUARTER PART 话: the sentence of the quarterly report."""
    name, part, said = words
    answers["quarter"] = run("report", life, "quarter", [name], now=now).data
    assert answers["quarter"]["page"][f"{part}_words"] == said


def department(life: Path, now: str, words: list[str], answers: dict[str, Any]) -> None:
    """部门 NAME 合计 已完成 按期 逾期 比率: the follow-ups of a department."""
    name, *figures = words
    (line,) = [line for line in answers["quarter"]["lines"] if line["part"] == "部门" and line["department"] == name]
    assert [str(line[column]) for column in ("total", "done", "on_time", "late", "rate_words")] == figures


def opinion(life: Path, now: str, words: list[str], answers: dict[str, Any]) -> None:
    """意见 VISIT STATE: what became of what the customer said."""
    key, state = words
    assert {line["key"]: line["state"] for line in answers["quarter"]["lines"] if line["part"] == "意见"}[key] == state


WORDS: dict[str, Callable[[Path, str, list[str], dict[str, Any]], None]] = {
    "会议": held, "写出": written, "台账": entered, "待办": matter, "纸上": printed, "纸上没有": absent, "按行出单": by_row, "图上": drawn,
    "季报": quarter, "部门": department, "意见": opinion,
}
