"""Batches of papers: written down first, finished after a kill, made by any hands, reprinted, listed."""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from benchmarks import kills
from benchmarks.notice_register import NOW, build
from generator import journal
from generator.hands import Hands, Line
from generator.pdf import find_office
from macros.hosts import Refused
from macros.progress import Pace, reporting
from tests.city import codes, look, put, run

COUNT = 24


@pytest.fixture(scope="module")
def notices(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A register of 24 notices and none made. Only for copying."""
    folder = tmp_path_factory.mktemp("notices") / "台账"
    build(folder, COUNT)
    return folder


@pytest.fixture(scope="module")
def whole(notices: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same register with all its notices made, undisturbed. Only for reading."""
    folder = Path(shutil.copytree(notices, tmp_path_factory.mktemp("whole") / "台账"))
    make(folder)
    return folder


@pytest.fixture
def folder(notices: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(notices, tmp_path / "台账"))


def make(folder: Path, **options: Any) -> Any:
    return run("form", "3.13", [], folder, every=True, now=NOW, **options)


def result(folder: Path) -> tuple[dict[str, str], list[tuple[str, str, str]]]:
    """The papers with their hashes, and what the document register says."""
    return kills.papers(folder), kills.entered(folder)


def refused(*words: Any, **options: Any) -> str:
    """The code of the finding that a command is refused with."""
    with pytest.raises(Refused) as caught:
        run(*words, **options)
    return caught.value.finding.code


class StopAt:
    """Raises as a power switch does, when the journal calls so many papers finished."""

    def __init__(self, folder: Path, papers: int) -> None:
        self.out, self.papers = folder / "单据", papers

    @property
    def cancelled(self) -> bool:
        opened = journal.read(self.out)
        if opened and len(opened.done) >= self.papers:
            raise SystemError("switched off")
        return False

    def __call__(self, pace: Pace) -> None:
        pass


def broken(folder: Path, papers: int = 5) -> None:
    """Break a batch off after some papers, before it is entered."""
    with reporting(StopAt(folder, papers)), pytest.raises(SystemError):
        from macros.commands.forming import form

        form("3.13", [], folder, every=True, now=NOW)


def test_a_batch_is_made_entered_and_its_journal_closed(whole: Path) -> None:
    papers, entered = result(whole)
    assert len(papers) == len(entered) == COUNT
    assert [number for number, *_ in entered] == [f"澜TD-3.13-2026-{n:04d}" for n in range(1, COUNT + 1)]
    assert not (whole / "单据" / journal.NAME).exists()


def test_the_journal_names_every_paper_before_the_first_is_made(folder: Path) -> None:
    class First(StopAt):
        @property
        def cancelled(self) -> bool:
            if (self.out / journal.NAME).exists():
                assert not list(self.out.rglob("*.docx"))
                raise SystemError("switched off")
            return False

    with reporting(First(folder, 0)), pytest.raises(SystemError):
        from macros.commands.forming import form

        form("3.13", [], folder, every=True, now=NOW)
    lines = [json.loads(line) for line in (folder / "单据" / journal.NAME).read_text(encoding="utf-8").split("\n") if line]
    assert [line["paper"]["document_no"] for line in lines if "paper" in line] == [
        f"澜TD-3.13-2026-{n:04d}" for n in range(1, COUNT + 1)
    ]


def test_a_broken_batch_is_finished_to_the_same_papers_numbers_and_bytes(folder: Path, whole: Path) -> None:
    broken(folder)
    made, entered = result(folder)
    assert (5 <= len(made) < COUNT, entered) == (True, [])
    answer = make(folder, resume=True)
    assert result(folder) == result(whole)
    assert (answer.status, codes(answer)[-1]) == (0, "BAT005")


def test_a_batch_is_finished_as_of_the_day_it_was_begun_whatever_else_is_asked(folder: Path, whole: Path) -> None:
    broken(folder)
    run("form", "", [], folder, resume=True, now="2026-12-24T08:00")
    assert result(folder) == result(whole)


def test_without_resume_a_broken_batch_is_refused_with_the_cure(folder: Path) -> None:
    broken(folder)
    before = result(folder)
    with pytest.raises(Refused, match="--resume") as caught:
        make(folder)
    assert caught.value.finding.code == "BAT001"
    assert result(folder) == before


def test_a_batch_killed_after_it_was_entered_is_only_closed(folder: Path, whole: Path) -> None:
    broken(folder, papers=COUNT - 1)
    kept = (folder / "单据" / journal.NAME).read_bytes()
    make(folder, resume=True)
    (folder / "单据" / journal.NAME).write_bytes(kept)
    make(folder, resume=True)
    assert result(folder) == result(whole)


def test_a_paper_torn_by_a_power_cut_is_made_again(folder: Path, whole: Path) -> None:
    broken(folder)
    torn = min((folder / "单据").rglob("*.docx"))
    torn.write_bytes(torn.read_bytes()[:1000])
    make(folder, resume=True)
    assert result(folder) == result(whole)


def test_a_journal_line_torn_by_a_power_cut_does_no_harm(folder: Path, whole: Path) -> None:
    broken(folder)
    path = folder / "单据" / journal.NAME
    path.write_bytes(path.read_bytes()[:-20])
    make(folder, resume=True)
    assert result(folder) == result(whole)


def test_a_row_changed_after_the_break_is_made_as_it_stands_now_and_told(folder: Path) -> None:
    broken(folder)
    put(folder, "业务变更", "TZ-00024", "原因", "另有原因")
    put(folder, "业务变更", "TZ-00001", "原因", "另有原因")
    answer = make(folder, resume=True)
    assert [code for code in codes(answer) if code in ("BAT006", "BAT007")] == ["BAT007", "BAT006"]
    assert len(answer.data["documents"]) == COUNT
    assert [row["单据编号"] for row in look(folder, "单据")][-1] == "澜TD-3.13-2026-0024"


def test_a_row_gone_after_the_break_voids_its_number(folder: Path) -> None:
    broken(folder)
    put(folder, "业务变更", "TZ-00024", "变更项目", None)
    answer = make(folder, resume=True)
    (row,) = answer.data["withheld"]
    assert (row["key"], [said["code"] for said in row["findings"]]) == ("TZ-00024", ["BAT008"])
    assert len(kills.entered(folder)) == COUNT - 1


def test_what_a_batch_left_that_was_killed_before_its_journal_stood_is_cleared_away(folder: Path) -> None:
    (folder / "单据").mkdir()
    (folder / "单据" / ".~0123456789abcdef.tmp").write_bytes(b"half a journal")
    make(folder)
    assert not [path for path in (folder / "单据").rglob("*") if path.name.startswith(".~")]


def test_nothing_to_resume_is_said(folder: Path) -> None:
    answer = run("form", "", [], folder, resume=True)
    assert (answer.status, codes(answer)) == (0, ["BAT002"])


def test_a_journal_that_is_none_is_refused(folder: Path) -> None:
    (folder / "单据").mkdir()
    (folder / "单据" / journal.NAME).write_text("{}\n", encoding="utf-8")
    assert refused("form", "3.13", [], folder, every=True, now=NOW) == "BAT004"


@pytest.mark.skipif(sys.platform == "win32", reason="processes are killed otherwise there")
@pytest.mark.parametrize("workers", [1, 2])
def test_kills_at_random_moments_leave_whole_papers_and_resume_ends_with_exactly_all(workers: int) -> None:
    told = kills.measure(4, 60, workers, seed=workers)
    assert (told["broken"], told["foreign"], told["different"]) == (0, 0, 0)
    assert told["kills"] >= 4


def test_two_processes_make_the_same_bytes(folder: Path, whole: Path) -> None:
    make(folder, workers=2)
    assert result(folder) == result(whole)


@pytest.mark.parametrize("workers", [0, 62])
def test_an_impossible_number_of_workers_is_refused(folder: Path, workers: int) -> None:
    assert refused("form", "3.13", [], folder, every=True, now=NOW, workers=workers) == "BAT014"


def double(number: int) -> int:
    return 2 * number


@pytest.mark.parametrize("executor", [None, ThreadPoolExecutor(2), ProcessPoolExecutor(2)])
def test_any_executor_gives_results_in_order(executor: Executor | None) -> None:
    line: Line[int, int] = Line(Hands(executor, 2), double)
    assert list(line.results((str(n), n) for n in range(20))) == [(str(n), 2 * n) for n in range(20)]
    if executor:
        executor.shutdown()


def test_after_an_early_end_what_was_under_way_is_given_and_nothing_else_begun() -> None:
    with ThreadPoolExecutor(1) as executor:
        line: Line[int, int] = Line(Hands(executor, 1), double)
        asked: list[int] = []

        def tasks() -> Any:
            for n in range(20):
                asked.append(n)
                yield n, n

        taken = [label for label, _ in islice(line.results(tasks()), 2)]
        more = [label for label, _ in line.rest()]
    numbers = taken + more
    assert numbers == list(range(len(numbers)))
    assert len(asked) < 20


def test_the_list_of_a_batch_ties(whole: Path) -> None:
    (path,) = (whole / "单据" / "批次清单").iterdir()
    book = openpyxl.load_workbook(path)
    (_, *kinds, total) = [[cell.value for cell in row] for row in book["汇总"].iter_rows(max_row=3)]
    assert (kinds, total) == (
        [["附表3.13《业务变更通知单》", 24, 24, 0, 0, 0, 0, 0]], ["合计", 24, 24, 0, 0, 0, 0, 0],
    )
    rows = [[cell.value for cell in row] for row in book["明细"].iter_rows(min_row=2)]
    assert [(row[0], row[3], row[5]) for row in rows] == [("新出", number, sha256) for number, _, sha256 in kills.entered(whole)]


def test_the_list_of_a_batch_names_what_was_held_back_and_why(folder: Path) -> None:
    put(folder, "业务变更", "TZ-00007", "原因", None)
    make(folder)
    (path,) = (folder / "单据" / "批次清单").iterdir()
    book = openpyxl.load_workbook(path)
    (_, _, total) = [[cell.value for cell in row] for row in book["汇总"].iter_rows(max_row=3)]
    assert total == ["合计", 24, 23, 0, 0, 1, 0, 0]
    last = [cell.value for cell in list(book["明细"].iter_rows(min_row=2))[-1]]
    assert (last[0], last[2]) == ("扣发", "TZ-00007")
    assert "原因" in str(last[6])


def test_one_paper_alone_has_no_list(folder: Path) -> None:
    run("form", "3.13", ["TZ-00003"], folder, now=NOW)
    assert [path.suffix for path in (folder / "单据").rglob("*") if path.is_file()] == [".docx"]


def test_a_paper_is_reprinted_by_its_number_to_the_byte(folder: Path) -> None:
    make(folder)
    (row,) = [row for row in look(folder, "单据") if row["单据编号"] == "澜TD-3.13-2026-0005"]
    path = folder / "单据" / str(row["文件"])
    path.unlink()
    answer = run("form", "", [], folder, numbers=["澜TD-3.13-2026-0005"], now="2027-01-01T08:00")
    assert answer.status == 0
    assert hashlib.sha256(path.read_bytes()).hexdigest() == row["文件校验值"]


@pytest.mark.office
@pytest.mark.skipif(find_office() is None, reason="LibreOffice is not installed")
def test_a_paper_is_reprinted_as_pdf_too(folder: Path) -> None:
    run("form", "3.13", ["TZ-00003"], folder, now=NOW)
    (number,) = [str(row["单据编号"]) for row in look(folder, "单据")]
    answer = run("form", "", [], folder, numbers=[number], pdf=True, now=NOW)
    (path,) = (folder / "单据" / "PDF").iterdir()
    assert (answer.status, path.name) == (0, f"{Path(answer.data['documents'][0]['file']).stem}.pdf")


def test_a_paper_whose_row_changed_is_not_reprinted_and_says_why(folder: Path) -> None:
    make(folder)
    put(folder, "业务变更", "TZ-00005", "原因", "另有原因")
    answer = run("form", "", [], folder, numbers=["澜TD-3.13-2026-0005"])
    assert (answer.status, codes(answer)) == (1, ["BAT016"])
    assert "台账中的内容在出具后改过" in answer.text


def test_an_unknown_number_is_not_reprinted(folder: Path) -> None:
    assert refused("form", "", [], folder, numbers=["澜TD-3.13-2026-0099"]) == "BAT017"


def test_two_batches_at_once_in_one_folder_are_refused(folder: Path) -> None:
    broken(folder)
    held = journal.hold(folder / "单据")
    with ProcessPoolExecutor(1) as other:
        assert other.submit(held_elsewhere, folder / "单据").result() == "BAT003"
    held.leave()


def held_elsewhere(out: Path) -> str:
    try:
        journal.hold(out).leave()
    except Refused as refused:
        return refused.finding.code
    return ""
