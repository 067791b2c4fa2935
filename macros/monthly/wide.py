"""Makes an operator's wide list: its sheets, the month's rows, and the three rows below them that are no data."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from macros.monthly.filling import Filling, filled
from macros.monthly.words import columns, run_columns, wide
from macros.records import as_cell

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from macros.billing.accounts import Account
    from macros.monthly.given import MonthRun
    from macros.monthly.wide_rows import WideRows
    from macros.monthly.words import Column
    from macros.records import Record

_NOTHING = Decimal("0.00")


class WideList(NamedTuple):
    """A wide list as a file, and what stands in it: its rows, this month's charges, all that is due, runs' fees."""

    name: str
    content: bytes
    rows: int
    charged: Decimal
    due: Decimal
    fees: Decimal


class _Listed:
    """Rows on their way into a sheet, counted and added up as they pass."""

    def __init__(self, wanted: Sequence[Column], rows: Iterable[Mapping[str, Any]]) -> None:
        self._names = [column.source for column in wanted]
        self._money = {column.source for column in wanted if column.type == "money" and column.source}
        self._rows = rows
        self.count, self.sums = 0, dict[str, Decimal]()

    def data(self) -> Iterator[list[Any]]:
        """The rows as cells."""
        sums = self.sums
        for row in self._rows:
            self.count += 1
            for name in self._money & row.keys():
                if row[name] is not None:
                    sums[name] = sums.get(name, _NOTHING) + row[name]
            yield [row.get(name) for name in self._names]

    def total(self) -> Iterator[list[Any]]:
        """The row of sums, once the data have passed."""
        yield [wide()["below"]["total"], *(self.sums.get(name) for name in self._names[1:])]


def wide_list(run: MonthRun, account: Account, rows: WideRows) -> WideList:
    """One operator's wide list: a sheet for each class of products it has leases of, and one of its generator runs.

    Raises:
        Refused: a value that no cell can hold.
    """
    from macros.monthly.drawing import below, sheet
    from macros.workbooks.packing import empty, pack
    from macros.workbooks.words import guide

    book = empty()
    listed: list[_Listed] = []
    fillings: list[Filling] = []

    def add(title: str, wanted: Sequence[Column], count: int, values: Iterable[Mapping[str, Any]]) -> _Listed:
        named = title.format(code=run.code, rows=count)
        drawn, first, total = sheet(book, named, wanted, count)
        below(drawn, total, len(wanted), run.settings)
        passing = _Listed(wanted, values)
        fillings.append(Filling(named, {first: passing.data(), total: passing.total()}))
        return passing

    for spec, charges in _by_sheet(rows.charges(account)):
        listed.append(add(spec["title"], columns(), len(charges), rows.of(account, charges)))
    runs = run.by_operator("generator")[account.operator]
    fees = add(wide()["runs"]["title"], run_columns(), len(runs), map(_run, runs)) if runs else None
    name = file_name(run, account.operator)
    book.properties.creator, book.properties.title = guide()["comment_author"], name.rpartition(".")[0]
    content = filled(pack(book), name, fillings)
    return WideList(
        name, content, sum(one.count for one in listed),
        sum((one.sums.get("sum.charged", _NOTHING) for one in listed), _NOTHING),
        sum((one.sums.get("sum.due", _NOTHING) for one in listed), _NOTHING),
        fees.sums.get("fee", _NOTHING) if fees else _NOTHING,
    )


def file_name(run: MonthRun, operator: str) -> str:
    """The file's name as operators know it."""
    city = run.settings.get("城市", "")
    pattern: str = wide()["file" if city else "file_without_city"]
    return pattern.format(city=city, operator=operator, code=run.code)


def _by_sheet(charges: Sequence[Record]) -> list[tuple[Mapping[str, Any], list[Record]]]:
    """The charges of each sheet; the first sheet is always there and takes what belongs to no other."""
    specs = wide()["sheet"]
    own = {name: number for number, spec in enumerate(specs) for name in spec["classes"]}
    held: list[list[Record]] = [[] for _ in specs]
    for row in charges:
        held[own.get(row.text("product_class"), 0)].append(row)
    return [(spec, found) for number, (spec, found) in enumerate(zip(specs, held, strict=True)) if found or not number]


def _run(row: Record) -> dict[str, Any]:
    values = {column.source: row[column.source] for column in run_columns()}
    return {name: value if isinstance(value, Decimal) else as_cell(value) for name, value in values.items()}
