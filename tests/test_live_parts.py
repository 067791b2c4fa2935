"""What the host of open workbooks works out by itself: values as Excel hands them over, rectangles, addresses."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from macros.hosts.areas import Area
from macros.hosts.live_blocks import blocks, bridged, runs
from macros.hosts.live_cells import read, same, stored, touchy
from macros.hosts.live_read import values
from macros.hosts.live_selection import parsed
from macros.records import Broken, Cell

HERE = ("台账.xlsx", "台账", 2, 3)

places = st.sets(st.tuples(st.integers(1, 12), st.integers(1, 6)), max_size=40)


def inside(area: Area) -> list[tuple[int, int]]:
    return [(row, column) for row in range(area[0], area[2] + 1) for column in range(area[1], area[3] + 1)]


@pytest.mark.parametrize(
    ("handed", "cell"),
    [
        (None, None), ("", None), ("字", "字"), (True, True), (5.0, 5), (-0.5, -0.5), (Decimal("12.5"), 12.5),
        (1e15, Broken("1000000000000000.0", "digits")), (999999999999999.0, 999999999999999),
        (-2146826281, Broken("#DIV/0!", "error")), (-2146826246, Broken("#N/A", "error")),
        (-2146826243, Broken("#SPILL!", "error")), (-2146826238, Broken("#CALC!", "error")),
        (dt.datetime(2026, 2, 3, 8, 30), dt.datetime(2026, 2, 3, 8, 30)),
        (dt.datetime(2026, 2, 3, 8, 29, 59, 999_999), dt.datetime(2026, 2, 3, 8, 30)),
        (dt.datetime(1899, 12, 30, 8, 30), dt.time(8, 30)), (dt.datetime(1899, 12, 30), Broken("0", "error")),
        (dt.datetime(1899, 12, 31), dt.datetime(1900, 1, 1)), (dt.datetime(1900, 2, 28), Broken("60", "error")),
        (dt.datetime(1900, 3, 1), dt.datetime(1900, 3, 1)),
    ],
)
def test_a_value_from_excel_is_what_a_file_would_give(handed: Any, cell: Cell) -> None:
    assert read(handed) == cell
    assert type(read(handed)) is type(cell)


class Cells:
    """A range that answers as Excel does through xlwings: amounts with four decimals, errors by name only when asked."""

    def __init__(self, value: list[list[Any]], bare: list[list[Any]], formula: list[list[str]], code: str | None) -> None:
        self.value, self.bare, self.formula, self.number_format = value, bare, formula, code

    def options(self, ndim: int, err_to_str: bool = False) -> Cells:
        return self if err_to_str else Cells(self.bare, self.bare, self.formula, self.number_format)

    def range(self, first: object, last: object) -> Cells:
        return self


def test_an_amount_in_a_currency_format_keeps_all_its_decimals() -> None:
    sheet = Cells([[Decimal("0.1235"), Decimal("2")]], [[]], [["0.123456", "=1+1"]], None)
    assert values(sheet, (1, 1, 1, 2)) == [[0.123456, 2]]


def test_an_error_and_text_that_reads_like_one_are_told_apart() -> None:
    sheet = Cells([["#N/A", "#N/A", "#1"]], [[None, "#N/A", "#1"]], [["", "", ""]], None)
    assert values(sheet, (1, 1, 1, 3)) == [[Broken("#N/A", "error"), "#N/A", "#1"]]


def test_a_fraction_is_a_time_where_the_cell_shows_a_time() -> None:
    assert values(Cells([[0.25], [0.0]], [[]], [[]], "h:mm"), (1, 1, 2, 1)) == [[dt.time(6)], [dt.time(0)]]
    assert values(Cells([[0.25], [0.0]], [[]], [[]], "0.00%"), (1, 1, 2, 1)) == [[0.25], [0]]


@pytest.mark.parametrize("text", ["移动", "澜江县分公司", "XQ-YD-0001", "abc", "《通知》第二条", "（补）"])
def test_plain_text_is_written_as_it_is(text: str) -> None:
    assert not touchy(text)


@pytest.mark.parametrize(
    "text",
    ["=1", "+1", "-1", "@x", "'x", "00123", "1e5", "１２３", "＝1", "5%", "¥5", "￥5", "$5", "(5)", "1/2", "2026年", "3月5日",
     "一月一日", "二〇二六年", "May 5", "sept", "R5.1.5", "上午8:30", "TRUE", "true", "#N/A", " 1", ".5", "USD 5", "\t1", "人民币5"],
)
def test_text_that_a_program_might_read_more_into_is_guarded(text: str) -> None:
    assert touchy(text)


@pytest.mark.parametrize(
    ("value", "kept"),
    [("字\x00字", "字字"), ("", None), (dt.date(2026, 2, 3), dt.datetime(2026, 2, 3)), (Broken("#REF!", "error"), "#REF!"), (7, 7)],
)
def test_a_cell_is_promised_as_it_will_be_read_back(value: Cell, kept: Cell) -> None:
    assert stored(value, HERE) == kept


@pytest.mark.parametrize(
    ("written", "found", "alike"),
    [("一\r\n二", "一\n二", True), ("1", 1, False), (1, "1", False), (None, "", False), (1, 1.0, True), (0.5, dt.time(12), True),
     (dt.datetime(2026, 1, 1), 46023, True), ("#N/A", Broken("#N/A", "error"), False), (0, None, False), (0.1 + 0.2, 0.3, True)],
)
def test_what_was_written_is_known_again(written: Cell, found: Cell, alike: bool) -> None:
    assert same(written, found) is alike


@given(places)
def test_rectangles_cover_each_cell_once_and_no_other(cells: set[tuple[int, int]]) -> None:
    covered = [cell for area in blocks(cells) for cell in inside(area)]
    assert sorted(covered) == sorted(cells)


def test_rows_with_the_same_columns_make_one_rectangle() -> None:
    assert blocks([(2, 1), (2, 2), (3, 1), (3, 2), (5, 1), (5, 2), (5, 4)]) == [(2, 1, 3, 2), (5, 1, 5, 2), (5, 4, 5, 4)]


@given(places)
def test_bridges_keep_the_cells_and_add_only_passable_ones(cells: set[tuple[int, int]]) -> None:
    made = bridged(cells, 3, lambda row, column: row % 3 != 0)
    assert cells <= made
    assert all(row % 3 for row, _ in made - cells)


def test_scattered_cells_of_a_column_become_one_rectangle() -> None:
    assert blocks(bridged([(row, 4) for row in range(2, 2000, 2)], 16, lambda row, column: True)) == [(2, 4, 1998, 4)]


def test_numbers_in_a_row_are_runs() -> None:
    assert runs([5, 1, 2, 9, 3, 10]) == [(1, 3), (5, 5), (9, 10)]


@pytest.mark.parametrize(
    ("address", "areas"),
    [
        ("$A$5", [(5, 1, 5, 1)]), ("$A$1:$B$2,$D$4", [(1, 1, 2, 2), (4, 4, 4, 4)]), ("$D:$D", [(1, 4, 20, 4)]),
        ("$B:$C,$7:$8", [(1, 2, 20, 3), (7, 1, 8, 6)]), ("A15:B900", [(15, 1, 20, 2)]), ("F900:G950", [(900, 6, 20, 7)]),
    ],
)
def test_a_selection_is_cut_to_the_used_area(address: str, areas: list[Area]) -> None:
    assert parsed(address, 20, 6) == areas
