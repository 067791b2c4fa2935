"""A lease whose data changed has a row for each stretch of days: which row of the register a foreign row is about."""

from __future__ import annotations

import datetime as dt

from macros.forms import forms
from macros.intake.outcome import Taken
from macros.records import Value
from tests.intake_files import codes, counts, message, said, take_one
from tests.tables import register

HEAD = "|产品业务确认单编号|运营商|站址编码|产品单元数|铁塔建造成本(元)|服务开始日期|服务结束日期|共享信息|维护费(元/年)|"


def files(*rows: str) -> str:
    """Lease rows of a file: number, units, first and last day."""
    made = []
    for row in rows:
        number, units, starts, ends = row.split()
        made.append(f"|{number}|移动|429801908000000001|{units}|299715|{starts}|{ends.strip('-')}|新建首家|5100|")
    return "\n".join((HEAD, *made))


def held(*rows: str) -> str:
    """The same rows in a register."""
    return "## 租约\n" + files(*rows).replace("(元)", "（元）").replace("(元/年)", "（元每年）")


def column(taken: Taken, name: str) -> list[Value]:
    return [row[forms()["lease"].index[name]] for row in taken.added]


def test_rows_of_one_number_that_follow_each_other_are_all_taken() -> None:
    taken = take_one(files("QR1 1 2024-01-01 2026-03-31", "QR1 2 2026-04-01 2026-08-31", "QR1 3 2026-09-01 -"))
    assert (counts(taken), codes(taken)) == ((3, 3, 0, 0, 0), set())
    assert [str(units) for units in column(taken, "units")] == ["1", "2", "3"]


def test_a_row_that_begins_after_the_register_s_has_ended_is_a_new_one() -> None:
    known = register(held("QR1 1 2024-01-01 2026-03-31"))
    taken = take_one(files("QR1 2 2026-04-01 -"), known=known)
    assert (counts(taken), codes(taken), taken.updates) == ((1, 1, 0, 0, 0), set(), [])
    assert column(taken, "starts_on") == [dt.date(2026, 4, 1)]


def test_each_row_is_compared_with_the_one_of_its_first_day() -> None:
    rows = "QR1 1 2024-01-01 2026-03-31", "QR1 2 2026-04-01 -"
    known = register(held(*rows))
    assert counts(take_one(files(*rows), known=known)) == (2, 0, 0, 2, 0)
    taken = take_one(files(rows[0], "QR1 3 2026-04-01 -"), known=known)
    assert counts(taken) == (2, 0, 1, 1, 0)
    ((record, changed),) = taken.updates
    assert (record.place.row, [str(one) for one in changed.values()]) == (3, ["3"])


def test_a_row_may_be_ended_and_the_next_begun_in_one_file() -> None:
    known = register(held("QR1 1 2024-01-01 -"))
    taken = take_one(files("QR1 1 2024-01-01 2026-03-31", "QR1 2 2026-04-01 -"), known=known)
    assert counts(taken) == (2, 1, 1, 0, 0)
    assert [changed for _, changed in taken.updates] == [{"ends_on": dt.date(2026, 3, 31)}]
    assert column(taken, "starts_on") == [dt.date(2026, 4, 1)]


def test_rows_of_a_file_that_overlap_are_not_guessed_about() -> None:
    taken = take_one(files("QR1 1 2024-01-01 -", "QR1 2 2026-04-01 -"))
    assert (counts(taken), said(taken)) == ((2, 1, 0, 0, 1), [("INT045", "A3", "产品业务确认单编号")])
    assert "“QR1”与本文件第2行日期重叠" in message(taken, "INT045")
    assert "在前一行填结束日期（变更前一日）" in message(taken, "INT045")


def test_a_row_that_crosses_several_of_the_register_is_refused_with_their_rows() -> None:
    known = register(held("QR1 1 2024-01-01 2026-03-31", "QR1 2 2026-04-01 -"))
    taken = take_one(files("QR1 2 2026-02-01 2026-05-31"), known=known)
    assert counts(taken) == (1, 0, 0, 0, 1)
    assert "台账第2行、台账第3行" in message(taken, "INT045")


def test_a_row_of_the_same_number_elsewhere_is_refused() -> None:
    known = register(held("QR1 1 2024-01-01 2026-03-31"))
    taken = take_one(files("QR1 2 2026-04-01 -").replace("0000001|", "0000002|"), known=known)
    assert (counts(taken), codes(taken)) == ((1, 0, 0, 0, 1), {"INT045"})
    assert "运营商、站址编码不同" in message(taken, "INT045")


def test_a_first_day_is_corrected_and_days_lost_by_it_are_told() -> None:
    known = register(held("QR1 1 2024-01-01 -"))
    earlier = take_one(files("QR1 1 2023-12-01 -"), known=known)
    assert (counts(earlier), codes(earlier)) == ((1, 0, 1, 0, 0), {"INT023"})
    later = take_one(files("QR1 1 2026-04-01 -"), known=known)
    assert (counts(later), codes(later)) == ((1, 0, 1, 0, 0), {"INT023", "INT046"})
    assert "现为2026-04-01，台账里原为2024-01-01" in message(later, "INT046")


def test_the_same_row_twice_is_still_one_too_many() -> None:
    taken = take_one(files("QR1 1 2024-01-01 -", "QR1 1 2024-01-01 -"))
    assert (counts(taken), codes(taken)) == ((2, 1, 0, 0, 1), {"INT022"})
