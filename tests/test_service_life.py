"""One fault and one complaint from the first call to the last visit: clocks, papers, owners, supervision, call-backs.

``lives/service_life.md`` tells the story in the words of `tests.test_ten_demands` and some of its own; a heading is a
moment. Every date in it is counted by hand.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.city import copied, put, run
from tests.papers import text
from tests.test_ten_demands import CHECKS, Day, days, type_in

STORY = (Path(__file__).parent / "lives" / "service_life.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory, blank: Path) -> Path:
    """The register the story is written in; each moment goes on where the one before ended."""
    folder = copied(blank, tmp_path_factory.mktemp("service"))
    put(folder, "假设", "公司名称", "采用", "澜江塔公司")
    put(folder, "假设", "客户经理", "采用", "客户经理A")
    return folder


@pytest.mark.parametrize("day", days(STORY), ids=lambda day: f"{day.date} {day.told}")
def test_every_moment_moves_the_cases_on(life: Path, day: Day) -> None:
    type_in(life, day.typed)
    answers: dict[str, Any] = {}
    assert day.lines
    for line in day.lines:
        what, *words = line.split()
        (CHECKS | OWN)[what](life, day.date, words, answers)


def seen(life: Path, now: str) -> Any:
    return run("service", life, now=now).data


def owner(life: Path, now: str, words: list[str], answers: dict[str, Any]) -> None:
    """责任人 KEY NAME: who owns the running case now."""
    key, name = words
    assert {each["key"]: each["owner"] for each in seen(life, now)["open"]}[key] == name


def step(life: Path, now: str, words: list[str], answers: dict[str, Any]) -> None:
    """下一步 KEY 做什么: what comes next in the case."""
    key, say = words
    assert {each["key"]: each["next"] for each in seen(life, now)["open"]}[key] == say


def over(life: Path, now: str, words: list[str], answers: dict[str, Any]) -> None:
    """办结 KEY: nothing is left to do in the case."""
    (key,) = words
    assert key not in {each["key"] for each in seen(life, now)["open"]}


def supervised(life: Path, now: str, words: list[str], answers: dict[str, Any]) -> None:
    """督办 KEY 超期工作日 报告: the row of the supervision sheet; 无 when the case is not listed."""
    key, *expected = words
    answer = seen(life, now)
    book = openpyxl.load_workbook(answer["file"])
    heads, *rows = book["重点督办"].iter_rows(values_only=True)
    found = {row[heads.index("投诉编号")]: [str(row[heads.index("超期工作日")]), str(row[0])] for row in rows}
    assert [one["key"] for one in answer["supervised"]] == [key for key in found if key]
    if expected == ["无"]:
        assert key not in found
    else:
        assert found[key][0] == expected[0]
        assert found[key][1].startswith(expected[1])


def warned(life: Path, now: str, words: list[str], answers: dict[str, Any]) -> None:
    """提醒 CODE 话…: a finding says so."""
    code, *rest = words
    said = [one["message"] for one in seen(life, now)["findings"] if one["code"] == code]
    assert any(" ".join(rest) in message for message in said), said


def silent(life: Path, now: str, words: list[str], answers: dict[str, Any]) -> None:
    """没有提醒 CODE: no such finding."""
    assert words[0] not in {one["code"] for one in seen(life, now)["findings"]}


def printed(life: Path, now: str, words: list[str], answers: dict[str, Any]) -> None:
    """纸上 FORM KEY 话…: the newest paper of the row reads so."""
    form, key, *wanted = words
    document = max((life / "单据").rglob(f"*{key} *-{form}-*.docx" if form[0] == "3" else f"*{key}*.docx"), key=lambda p: p.stat().st_mtime_ns)
    read = text(document.read_bytes())
    assert [word for word in wanted if word not in read] == []


def rated(life: Path, now: str, words: list[str], answers: dict[str, Any]) -> None:
    """比率 KIND MEASURE 话: the rate with its counts."""
    kind, measure, said = words
    assert seen(life, now)[kind]["rates"][measure]["words"] == said


def sampled(life: Path, now: str, words: list[str], answers: dict[str, Any]) -> None:
    """抽查 KEY…: the call-backs proposed."""
    assert seen(life, now)["sample"] == words


OWN: dict[str, Callable[[Path, str, list[str], dict[str, Any]], None]] = {
    "责任人": owner, "下一步": step, "办结": over, "督办": supervised, "提醒": warned, "没有提醒": silent, "纸上": printed,
    "比率": rated, "抽查": sampled,
}
