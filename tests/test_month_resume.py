"""A month's bill that was broken off is finished, and one that was kept is made again: the same bytes."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from generator import journal
from macros.commands.bill import run as month_run
from macros.commands.bill.kept import SNAPSHOT
from macros.commands.bill.reckoning import RECORD
from macros.commands.shelf import Shelf
from macros.hosts import Refused
from tests.city import codes, contents, copied, look, run

MONTH, NOW = "2026-10", "2026-11-21T09:00"


@pytest.fixture(scope="module")
def issued(full: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample city with October issued, undisturbed. Only for reading."""
    folder = copied(full, tmp_path_factory.mktemp("issued"))
    run("bill", MONTH, folder, now=NOW)
    return folder


@pytest.fixture
def folder(full: Path, tmp_path: Path) -> Path:
    return copied(full, tmp_path)


def month(folder: Path) -> dict[str, bytes]:
    return contents(folder / "账单" / MONTH)


def entered(folder: Path) -> list[tuple[str, str, str]]:
    return [(row["单据编号"], row["文件"], row["文件校验值"]) for row in look(folder, "单据")]


def break_off(folder: Path, monkeypatch: pytest.MonkeyPatch, before: str) -> None:
    """Bill the month and be switched off before a step of the run."""
    def off(*words: Any, **options: Any) -> None:
        raise SystemError("switched off")

    with monkeypatch.context() as patch:
        patch.setattr(month_run, before, off)
        with pytest.raises(SystemError):
            run("bill", MONTH, folder, now=NOW)


STEPS = ["write_lists", "papers", "write_control", "enter_month", "keep_record"]


@pytest.mark.parametrize("step", STEPS)
def test_a_month_broken_off_is_finished_to_the_byte(
    folder: Path, issued: Path, monkeypatch: pytest.MonkeyPatch, step: str,
) -> None:
    break_off(folder, monkeypatch, step)
    assert not (folder / "账单" / MONTH / RECORD).exists()
    run("bill", MONTH, folder, resume=True, now="2026-12-24T08:00")
    assert month(folder) == month(issued)
    assert entered(folder) == entered(issued)


def test_what_changed_in_the_register_after_the_break_does_not_reach_the_month(
    folder: Path, issued: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:
    break_off(folder, monkeypatch, "enter_month")
    shelf = Shelf(folder)
    lease = shelf.register().rows("lease")[0]
    shelf.update([(lease, {"tower_cost": Decimal(999999)})])
    shelf.save()
    run("bill", MONTH, folder, resume=True)
    assert month(folder) == month(issued)


def test_without_resume_a_month_broken_off_is_set_aside_and_the_way_to_finish_it_told(
    folder: Path, issued: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:
    break_off(folder, monkeypatch, "write_control")
    answer = run("bill", MONTH, folder, now=NOW)
    assert [code for code in codes(answer) if code in ("BIL027", "BAT015")] == ["BIL027", "BAT015"]
    assert month(folder) == month(issued)


def test_an_issued_month_has_no_open_journal(issued: Path) -> None:
    assert journal.NAME not in month(issued)


def test_a_snapshot_makes_the_same_month_again_and_enters_nothing(issued: Path, tmp_path: Path) -> None:
    before = contents(issued)
    run("bill", MONTH, issued, snapshot=issued / "账单" / MONTH / SNAPSHOT, out=tmp_path, now="2027-03-01T08:00")
    assert contents(tmp_path / MONTH) == month(issued)
    assert contents(issued) == before


def test_a_dry_run_is_the_issue(folder: Path, issued: Path) -> None:
    run("bill", MONTH, folder, now=NOW, dry_run=True)
    assert contents(folder / "账单" / f"{MONTH}（预览）") == month(issued)


def test_two_processes_make_the_same_month(folder: Path, issued: Path) -> None:
    run("bill", MONTH, folder, now=NOW, workers=2)
    assert month(folder) == month(issued)


@pytest.mark.parametrize(("name", "code"), [("2026-09", "BAT020"), ("2026-10", "BAT021")])
def test_a_snapshot_is_not_made_again_as_another_month_or_over_the_issued_one(issued: Path, name: str, code: str) -> None:
    with pytest.raises(Refused) as caught:
        run("bill", name, issued, snapshot=issued / "账单" / MONTH / SNAPSHOT, out=issued / "账单")
    assert caught.value.finding.code == code


def test_a_file_that_is_no_snapshot_is_refused(issued: Path, tmp_path: Path) -> None:
    (tmp_path / "快照.zip").write_bytes(b"PK")
    with pytest.raises(Refused) as caught:
        run("bill", MONTH, issued, snapshot=tmp_path / "快照.zip", out=tmp_path / "out")
    assert caught.value.finding.code == "BAT018"
