"""Three demands through the loops of their orders: inquiries, the task out and back, batches, changes by three paths.

``lives/order_loops.md`` tells the story in the words of `tests.test_ten_demands` and some of its own.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pytest

from tests.city import copied, look, put, run
from tests.test_ten_demands import CHECKS, Day, days, type_in

STORY = (Path(__file__).parent / "lives" / "order_loops.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory, blank: Path) -> Path:
    """The register the story is written in; each day goes on where the one before ended."""
    folder = copied(blank, tmp_path_factory.mktemp("loops"))
    put(folder, "假设", "公司名称", "采用", "澜江塔公司")
    put(folder, "假设", "客户经理", "采用", "客户经理A")
    return folder


@pytest.mark.parametrize("day", days(STORY), ids=lambda day: f"{day.date} {day.told}")
def test_every_day_moves_the_loops_on(life: Path, day: Day) -> None:
    type_in(life, day.typed)
    assert day.lines
    for line in day.lines:
        what, *words = line.split()
        (CHECKS | OWN)[what](life, f"{day.date}T18:00", words, {})


def asked(life: Path, now: str, words: list[str], answers: dict[str, Any]) -> None:
    """征询 STATE KEY…: how the inquiry of each demand stands."""
    state, *keys = words
    found = {each["key"]: each["state"] for each in run("answers", life, now=now).data["inquiries"]}
    assert {key: found.get(key) for key in keys} == dict.fromkeys(keys, state)


def accepted(life: Path, now: str, words: list[str], answers: dict[str, Any]) -> None:
    """采用 KEY 答复: the proposal is entered as the answer."""
    key, text = words
    run("answers", life, accept=True, now=now)
    assert {row["需求编号"]: row["共享征询答复"] for row in look(life, "需求")}[key] == text


def returned(life: Path, now: str, words: list[str], answers: dict[str, Any]) -> None:
    """回表 ORDER 站点 经度 纬度 能否 原因: the printed task comes back with one candidate and is imported."""
    order, site, longitude, latitude, verdict, *why = words
    (path,) = (life / "单据").rglob(f"*3.3*{order}*.docx")
    document = docx.Document(str(path))
    (listing,) = [table for table in document.tables if "筛查结果" in table.rows[0].cells[0].text]
    cells = listing.rows[2].cells
    for place, text in {1: site, 2: f"{longitude}\n{latitude}", 7: "\n".join([verdict, *why])}.items():
        cells[place].text = text
    back = life.parent / f"{order}回.docx"
    document.save(str(back))
    (told,) = run("import", [back], life, now=now).data["files"]
    assert (told["added"], told["rejected"]) == (1, 0), told


def left(life: Path, now: str, words: list[str], answers: dict[str, Any]) -> None:
    """未交 KEY DAYS 原因: the demand is in no batch, so many working days after 3.1 was received, and why."""
    key, age, why = words
    found = {
        site["key"]: (site["since_received"], site["reason"])
        for batch in run("batches", [], life, now=now).data["batches"] for site in batch["left"]
    }
    assert found[key] == (int(age), why)


def batch(life: Path, now: str, words: list[str], answers: dict[str, Any]) -> None:
    """批次 CUSTOMER NUMBER DUE COVERAGE: the customer's next batch."""
    customer, number, due, share = words
    found = {each["customer"]: each for each in run("batches", [], life, now=now).data["batches"]}[customer]
    assert (found["number"], found["due"], found["coverage"] or "0%") == (int(number), due, share)


def handed(life: Path, now: str, words: list[str], answers: dict[str, Any]) -> None:
    """交批 CUSTOMER LABEL KEY…: handing over enters the day and the batch of just these demands."""
    customer, label, *keys = words
    found = {each["customer"]: each for each in run("batches", [customer], life, hand_over=True, now=now).data["batches"]}
    assert [site["key"] for site in found[customer]["sites"]] == keys
    entered = {row["需求编号"]: (f"{row['最近批次提交日期']:%Y-%m-%d}", row["提交批次"]) for row in look(life, "需求") if row["最近批次提交日期"]}
    assert {key: entered.get(key) for key in keys} == dict.fromkeys(keys, (now[:10], label))


def change(life: Path, now: str, words: list[str], answers: dict[str, Any]) -> None:
    """变更 KEY PATH STEP: the path of a change and the step that comes next, 办结 when there is none."""
    key, path, step = words
    found = {each["key"]: each for each in run("changes", life, now=now).data["changes"]}[key]
    assert (found["path"], found["next"] or "办结") == (path, step)


OWN: dict[str, Callable[[Path, str, list[str], dict[str, Any]], None]] = {
    "征询": asked, "采用": accepted, "回表": returned, "未交": left, "批次": batch, "交批": handed, "变更": change,
}
