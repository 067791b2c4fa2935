"""Progress is told, seldom enough, and work ends between two items when its listener has had enough."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from generator.pdf import convert, find_office
from macros.commands.shelf import Shelf
from macros.forms import forms
from macros.progress import Cancelled, Pace, counting, lasting, reporting, steps, watched
from tests.city import CASE, NOWS, ROOT, SAMPLES, codes, copied, look, run


@dataclass
class Ear:
    """Hears everything, and has had enough once ``enough`` items are done."""

    enough: int = 10**9
    heard: list[Pace] = field(default_factory=list)
    done: int = 0

    @property
    def cancelled(self) -> bool:
        return self.done >= self.enough

    def __call__(self, pace: Pace) -> None:
        self.heard.append(pace)


def stopping(ear: Ear, items: list[str], doing: str = "做") -> list[str]:
    """Work through ``items``, counting for the ear; what was finished when it had enough."""
    finished = []
    with reporting(ear):
        for item in watched(items, len(items), doing):
            finished.append(item)
            ear.done += 1
    return finished


def pace(done: int, seconds: float, total: int = 70, unit: str = "份", outer: Pace | None = None) -> Pace:
    return Pace("生成", done, total, unit, seconds, outer)


def test_work_that_nobody_watches_is_done_as_ever() -> None:
    assert list(watched("甲乙丙", 3, "做")) == ["甲", "乙", "丙"]


def test_the_listener_hears_what_is_in_work_and_at_last_that_all_is_done() -> None:
    ear = Ear()
    with reporting(ear):
        assert list(watched(["甲", "乙"], 2, lambda name: f"做{name}", unit="件")) == ["甲", "乙"]
    assert [(p.doing, p.done, p.total, p.unit) for p in ear.heard] == [
        ("做甲", 0, 2, "件"), ("做乙", 1, 2, "件"), ("做乙", 2, 2, "件")
    ]


def test_after_the_listener_has_had_enough_no_item_begins() -> None:
    ear = Ear(enough=2)
    with pytest.raises(Cancelled) as cancelled:
        stopping(ear, ["甲", "乙", "丙", "丁", "戊"])
    assert (ear.done, cancelled.value.done, cancelled.value.left) == (2, 2, 3)


def test_having_had_enough_during_the_last_item_cancels_nothing() -> None:
    assert stopping(Ear(enough=2), ["甲", "乙"]) == ["甲", "乙"]


def test_the_listener_is_told_no_oftener_than_five_times_in_a_second() -> None:
    ear = Ear()
    began = time.monotonic()
    stopping(ear, ["件"] * 50_000)
    assert len(ear.heard) <= 5 * (time.monotonic() - began + 1) + 1  # and the end, which is always told
    assert ear.heard[-1].done == 50_000


def test_watching_costs_no_more_than_a_few_microseconds_an_item() -> None:
    began = time.process_time()
    stopping(Ear(), ["件"] * 50_000)
    assert (time.process_time() - began) / 50_000 < 20e-6


def test_work_within_a_step_is_told_as_a_part_of_it() -> None:
    ear = Ear()
    with reporting(ear), steps(2) as begin:
        begin("读取")
        begin("生成")
        list(watched("甲乙", 2, "生成", unit="份"))
    inner = next(p for p in ear.heard if p.unit == "份" and p.done == 1)
    assert inner.fraction == 0.75  # one step of two, and half of the second
    assert inner.outer is not None and (inner.outer.done, inner.outer.doing) == (1, "生成")


def test_a_loop_left_early_is_under_way_no_more() -> None:
    with reporting(Ear()):
        for _ in watched("甲乙", 2, "做"):
            assert counting()
            break
        assert not counting()


def test_a_listener_hears_only_its_own_block() -> None:
    ear = Ear()
    with reporting(ear):
        pass
    list(watched("甲", 1, "做"))
    assert ear.heard == [] and not counting()


@pytest.mark.parametrize(
    ("told", "line"),
    [
        (pace(0, 0.0), "0/70 份"),
        (pace(1, 3.0), "1/70 份"),  # one item is no speed yet
        (pace(12, 4.0), "12/70 份 · 每秒 3.0 份 · 还需约 19 秒"),  # 58 left at 3 a second: 19.3
        (pace(10, 40.0), "10/70 份 · 每份 4.0 秒 · 还需约 4 分 0 秒"),  # 60 left at 4 s each: 240 s
        (pace(70, 35.0), "70/70 份 · 每秒 2.0 份"),
        (pace(3, 2.0, outer=pace(8, 9.0, 11, "步")), "第 9/11 步 · 3/70 份 · 每秒 1.5 份 · 还需约 45 秒"),  # 67 at 1.5
        (pace(0, 0.0, 1, "个", pace(2, 9.0, 11, "步")), "第 3/11 步"),  # a step of one item
    ],
)
def test_progress_reads_as_people_say_it(told: Pace, line: str) -> None:
    assert told.line() == line


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.2, "1 秒"), (59.4, "59 秒"), (59.6, "1 分 0 秒"), (130, "2 分 10 秒"), (3900, "1 小时 5 分")],
)
def test_time_reads_as_people_say_it(seconds: float, words: str) -> None:
    assert lasting(seconds) == words


class Enough:
    """Has had enough when ``there`` are so many files of a kind below a folder."""

    def __init__(self, folder: Path, pattern: str, there: int) -> None:
        self.folder, self.pattern, self.there = folder, pattern, there

    @property
    def cancelled(self) -> bool:
        return len(list(self.folder.rglob(self.pattern))) >= self.there

    def __call__(self, pace: Pace) -> None:
        pass


def entered(folder: Path) -> set[str]:
    """The papers that 单据登记簿 names."""
    return {str(row["文件"]) for row in look(folder, "单据")}


def files(folder: Path) -> set[str]:
    """Everything below a folder of papers but the lists of its batches."""
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file() and path.suffix != ".xlsx"}


def test_a_cancelled_batch_of_papers_is_entered_and_told_as_far_as_it_came(full: Path, tmp_path: Path) -> None:
    folder = copied(full, tmp_path)
    with reporting(Enough(folder / "单据", "*.docx", 4)):
        answer = run("form", "3.1", [], folder, every=True, now=NOWS[0])
    assert (answer.status, codes(answer)[-1]) == (1, "ADD401")
    assert answer.text.startswith("已取消，其余 ")
    assert len(answer.data["documents"]) == 4
    assert entered(folder) == files(folder / "单据") == {
        Path(row["file"]).relative_to(folder / "单据").as_posix() for row in answer.data["documents"]
    }


def test_after_a_cancel_the_same_call_makes_the_rest_and_no_paper_twice(full: Path, tmp_path: Path) -> None:
    folder = copied(full, tmp_path)
    with reporting(Enough(folder / "单据", "*.docx", 2)):
        first = run("form", "3.1", [], folder, every=True, now=NOWS[0])
    again = run("form", "3.1", [], folder, every=True, now=NOWS[0])
    numbers = [row["number"] for row in again.data["documents"]]
    assert len(set(numbers)) == len(numbers) > 2
    assert [row["number"] for row in first.data["documents"]] == numbers[:2]
    assert entered(folder) == files(folder / "单据")


def test_files_read_before_a_cancel_stay_taken_and_the_others_are_not_read(folder: Path) -> None:
    taken: list[Path] = [SAMPLES / row["file"] for row in CASE["import"][:3]]

    class AfterOne(Ear):
        @property
        def cancelled(self) -> bool:
            return bool(self.heard) and self.heard[-1].doing.endswith(taken[1].name)

    ear = AfterOne()
    with reporting(ear):
        answer = run("import", taken, folder, now=NOWS[0])
    assert answer.status == 1
    assert answer.text.startswith("已取消，其余 2 个文件未读")
    assert [(row["file"], row["added"]) for row in answer.data["files"][-2:]] == [(path.name, 0) for path in taken[1:]]
    assert [said["code"] for row in answer.data["files"][-2:] for said in row["findings"]] == ["ADD402", "ADD402"]
    assert answer.data["files"][0]["added"] == len(look(folder, "客户"))


def test_a_cancelled_demonstration_says_so_and_is_made_anew_next_time(tmp_path: Path) -> None:
    class AfterOne(Ear):
        @property
        def cancelled(self) -> bool:
            return bool(self.heard) and self.heard[-1].doing.startswith("导入")

    with reporting(AfterOne()):
        answer = run("demo", tmp_path / "演示")
    assert (answer.status, codes(answer)) == (1, ["ADD404"])
    with reporting(AfterOne()):
        assert run("demo", tmp_path / "演示").status == 1


@pytest.mark.office
@pytest.mark.skipif(find_office() is None, reason="LibreOffice is not installed")
def test_pdf_files_finished_before_a_cancel_are_kept(full: Path, tmp_path: Path) -> None:
    folder = copied(full, tmp_path)
    made = run("form", "3.1", [], folder, every=True, now=NOWS[0]).data["documents"][:6]
    papers = [Path(row["file"]) for row in made]
    with reporting(Enough(tmp_path / "pdf", "*.pdf", 2)):
        done, findings = convert(papers, tmp_path / "pdf")
    assert [found.code for found in findings] == ["ADD403"]
    assert list(done) == papers[:2]
    assert files(tmp_path / "pdf") == {f"{paper.stem}.pdf" for paper in papers[:2]}


class Terminal:
    """The command line in a terminal of its own."""

    def __init__(self, *words: str | Path) -> None:
        import pty

        self.ours, theirs = pty.openpty()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "macros.cli", *map(str, words)], cwd=ROOT, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=theirs, start_new_session=True,
        )
        os.close(theirs)
        self.shown = ""

    def read(self) -> bool:
        """Take in what the terminal shows next; false at the end."""
        try:
            more = os.read(self.ours, 4096)
        except OSError:
            return False
        self.shown += more.decode("utf-8", errors="replace")
        return bool(more)

    def ended(self) -> tuple[int, str]:
        """The exit status and what was printed."""
        while self.read():
            pass
        os.close(self.ours)
        out, _ = self.process.communicate(timeout=60)
        return self.process.returncode, out.decode("utf-8")


needs_terminal = pytest.mark.skipif(sys.platform == "win32", reason="there are no such terminals")


@needs_terminal
def test_a_terminal_shows_one_line_that_is_written_over(full: Path, tmp_path: Path) -> None:
    folder = copied(full, tmp_path)
    terminal = Terminal("form", "3.1", "--all", "--register", folder, "--now", NOWS[0])
    status, out = terminal.ended()
    assert status == 0 and out.startswith("生成 ")
    assert re.search(r"\r\d+/\d+ 份.*生成 需求收集表 XQ-", terminal.shown)
    assert "\n" not in terminal.shown and re.search(r"\r +\r$", terminal.shown)


def many(folder: Path, times: int) -> None:
    """Repeat the demands under other numbers: a batch of a hundred papers is over before a finger moves."""
    shelf = Shelf(folder)
    demand = forms()["demand"]
    rows = shelf.register().rows("demand")
    number = demand.index["demand_no"]
    for turn in range(1, times):
        shelf.append(demand, [[*row.values[:number], f"{row.key}-{turn}", *row.values[number + 1 :]] for row in rows])
    assert shelf.save() == []


@needs_terminal
def test_ctrl_c_keeps_the_papers_made_so_far(full: Path, tmp_path: Path) -> None:
    folder = copied(full, tmp_path)
    many(folder, 30)
    terminal = Terminal("form", "3.1", "--all", "--register", folder, "--now", NOWS[0])
    while not re.search(r"\r[1-9]\d* ?/\d+ 份", terminal.shown) and terminal.read():
        pass
    terminal.process.send_signal(signal.SIGINT)
    status, out = terminal.ended()
    assert status == 1 and out.startswith("已取消，其余 ")
    assert "再按一次 Ctrl-C 立即停止" in terminal.shown
    assert entered(folder) == files(folder / "单据") != set()


def test_without_a_terminal_no_line_is_shown(full: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "macros.cli", "form", "3.1", "XQ-YD-0017", "--register", copied(full, tmp_path)],
        cwd=ROOT, capture_output=True, timeout=60, check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
