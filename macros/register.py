"""Turns the rows of register sheets into typed records and answers look-ups among them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from macros.choices import choices as all_choices
from macros.choices import is_open
from macros.data import toml
from macros.findings import Finding, about
from macros.forms import Form, forms
from macros.headings import heading_findings, match, settings
from macros.lazily import having
from macros.records import Cell, Place, Record, Value
from macros.values import READERS, Unreadable, clean_text, hidden_characters, read_choice, read_month_end

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from macros.choices import Spellings
    from macros.forms import Column

    #: Position in the form, index in the row, reader, strings read so far, column.
    _Step = tuple[int, int, Callable[[Cell], Value], dict[str, Value], Column]

#: Strings remembered per column with what they were read as; registers repeat themselves.
_REMEMBERED = 1 << 12
#: The readers' code for a word that is not in its list.
_NOT_LISTED = "VAL041"
_LEVELS = "service_level"


def read(
    form: Form, rows: Iterable[Sequence[Cell]], workbook: str, sheet: str, *,
    choices: Mapping[str, Spellings] | None = None, heading_row: int = 1,
) -> tuple[list[Record], list[Finding]]:
    """Read one sheet: its first row holds the headings, each further row a record.

    A cell that cannot be read gives a finding and stands as None; a word missing from an open list stands as it
    is, with a warning; a deadline given as a month is its last day, with a note. Rows without content in the form's
    columns are passed over. Columns the form does not know are the user's own and stay unread.

    Args:
        form: the table's form.
        rows: cells of the sheet, heading row first; rows may be shorter than the heading.
        workbook: file name for places.
        sheet: sheet title for places.
        choices: drop-down lists, those of ``rules/choices.toml`` when not given.
        heading_row: 1-based sheet row of the first of ``rows``.
    """
    lists = all_choices() if choices is None else choices
    source = iter(rows)
    headings = next(source, ())
    matched = match(form, headings)
    findings = heading_findings(form, matched, Place(workbook, sheet, heading_row))
    plan: list[_Step] = [
        (position, number - 1, _reader(column, lists), {}, column)
        for position, (column, number) in enumerate(zip(form.columns, matched.columns, strict=True))
        if number and not column.ours
    ]
    ours = [(i, number - 1) for i, number in enumerate(matched.columns) if number and form.columns[i].ours]
    width = max(matched.columns, default=0)
    records: list[Record] = []
    blank: list[Value] = [None] * len(form.columns)
    for row_number, cells in enumerate(source, heading_row + 1):
        row = cells if len(cells) >= width else (*cells, *([None] * (width - len(cells))))
        values = blank.copy()
        said: list[tuple[Column, Cell, Unreadable | None]] = []
        filled = False
        for position, index, reader, remembered, column in plan:
            cell = row[index]
            if cell is None:
                continue
            if type(cell) is str and cell in remembered:
                value = values[position] = remembered[cell]
                filled = filled or value is not None
                continue
            try:
                value = reader(cell)
            except Unreadable as refusal:
                said.append((column, cell, refusal))
                if refusal.code == _NOT_LISTED and is_open(column.list):
                    values[position] = clean_text(cell)
                elif f"{form.code}.{column.name}" in settings()["month_ends"]:
                    values[position] = read_month_end(cell)
                filled = True
                continue
            values[position] = value
            filled = filled or value is not None
            if type(cell) is str:
                if not cell.isprintable() and hidden_characters(cell):
                    said.append((column, cell, None))
                elif len(remembered) < _REMEMBERED:
                    remembered[cell] = value
        if not filled:
            continue
        for position, index in ours:
            values[position] = None if row[index] is None else str(row[index])
        record = Record(form, tuple(values), Place(workbook, sheet, row_number), matched.columns)
        records.append(record)
        findings += [_said(record, column, cell, refused) for column, cell, refused in said]
    return records, findings


def _reader(column: Column, lists: Mapping[str, Spellings]) -> Callable[[Cell], Value]:
    if column.type != "choice":
        return READERS[column.type]
    words = lists[column.list]
    return lambda cell: read_choice(cell, words)


def _said(record: Record, column: Column, cell: Cell, refused: Unreadable | None) -> Finding:
    """What to say about a cell that was refused, or read after taking hidden characters out."""
    name = column.name
    if refused is None:
        return about(record, name, "VAL005")
    if refused.code == _NOT_LISTED and is_open(column.list):
        return about(record, name, "REG005", value=cell, **refused.details)
    full = f"{record.form.code}.{name}"
    if full in settings()["month_ends"] and record[name] is not None:
        return about(record, name, "REG006", value=cell, taken=record[name])
    if full in settings()["open_ended"] and refused.code == settings()["open_ended_code"]:
        return about(record, name, "REG004", value=cell)
    return about(record, name, refused.code, value=cell, **refused.details)


@cache
def default_settings() -> Mapping[str, str]:
    """The default of every assumption and setting by its number, from ``rules/assumptions.toml``."""
    raw = toml(Path(__file__).parent / "rules" / "assumptions.toml")
    return MappingProxyType({entry["id"]: entry["default"] for entry in raw["assumption"]})


@dataclass(frozen=True, slots=True, eq=False)
class Register:
    """All tables of one city. ``told`` is what reading them had to say, or what reads them all and says so.

    ``tables`` holds every form's code, with no rows where the register has none.
    """

    tables: Mapping[str, tuple[Record, ...]]
    told: tuple[Finding, ...] | Callable[[], tuple[Finding, ...]] = ()
    _made: dict[Any, Any] = field(default_factory=dict, repr=False)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What reading the tables had to say; asking reads those that are still unread."""
        return self.told() if callable(self.told) else self.told

    def having(self, tables: Mapping[str, tuple[Record, ...]]) -> Register:
        """The register with other rows in some tables; the others are as they were, unread ones unread."""
        return Register(having(self.tables, tables), self.told)

    def rows(self, code: str) -> tuple[Record, ...]:
        """The rows of one table, in sheet order."""
        return self.tables.get(code, ())

    def find(self, code: str, key: str) -> Record | None:
        """The first row of a table with this key; several key columns stand with a slash between them."""
        if not key:
            return None
        made: dict[str, Record] | None = self._made.get(code)
        if made is None:
            made = self._made[code] = {}
            for record in self.rows(code):
                made.setdefault(record.key, record)
        return made.get(key)

    def lookup(self, code: str, columns: tuple[str, ...]) -> Mapping[tuple[Value, ...], Record]:
        """The first row of a table for each combination of values in ``columns``."""
        return {values: records[0] for values, records in self.groups(code, columns).items()}

    def groups(self, code: str, columns: tuple[str, ...]) -> Mapping[tuple[Value, ...], list[Record]]:
        """The rows of a table by their values in ``columns``, made once."""
        made: dict[tuple[Value, ...], list[Record]] | None = self._made.get((code, columns))
        if made is None:
            made = self._made[code, columns] = {}
            rows = self.rows(code)
            positions = [forms()[code].index[name] for name in columns]
            for record in rows:
                made.setdefault(tuple(record.values[i] for i in positions), []).append(record)
        return made

    def customer_of(self, record: Record) -> Record | None:
        """The customer a row belongs to; None when it cannot be told.

        By customer name; else by operator and county, a customer without county serving the rest of the city;
        else that of the row it refers to. Two customers for one operator and county are none: never a guess.
        """
        index = record.form.index
        if record.form.code == "customer":
            return record
        if "customer_name" in index and record["customer_name"] is not None:
            return self.find("customer", record.text("customer_name"))
        parent = self._parent(record)
        if "operator" in index and record["operator"] is not None:
            operator = record["operator"]
            county = record["county"] if "county" in index else _own(parent, "county")
            known = self.groups("customer", ("operator", "county"))
            places: tuple[Value, ...] = (county, None)
            for place in places:
                if (operator, place) in known:
                    customers = known[operator, place]
                    return customers[0] if len(customers) == 1 else None
            return None
        return self.customer_of(parent) if parent else None

    def _parent(self, record: Record) -> Record | None:
        """The row that ``record`` refers to first, its demand, change, project or lease."""
        for column in record.form.columns:
            if column.refers and column.name != "customer_name":
                code = column.refers.partition(".")[0]
                found = self.find(code, record.text(column.name))
                if found and found.form is not record.form:
                    return found
        return None

    def level_of(self, record: Record) -> str:
        """The service level a row is served at: its own, else its customer's, else the assumed one (§2.4.1.4(3))."""
        for holder in (record, self.customer_of(record)):
            served = holder and "level" in holder.form.index and holder.form.column("level").list == _LEVELS
            if holder and served and holder["level"] is not None:
                return holder.text("level")
        return self.settings[settings()["unknown_level"]]

    @property
    def settings(self) -> Mapping[str, str]:
        """What the user chose for every assumption and setting by its number (A01, C1, 城市), else the default."""
        made: dict[str, str] | None = self._made.get("settings")
        if made is None:
            rows = self.rows("assumption")
            chosen = {record.key: record.text("chosen") for record in rows if record["chosen"] is not None}
            made = self._made["settings"] = {**default_settings(), **chosen}
        return made


def _own(record: Record | None, name: str) -> Value:
    return record[name] if record and name in record.form.index else None


def assemble(
    sheets: Iterable[tuple[str, str, Iterable[Sequence[Cell]]]], *,
    choices: Mapping[str, Spellings] | None = None,
) -> Register:
    """Read sheets, each (workbook file name, sheet title, rows); those of no form are passed over."""
    by_title = {form.title: form for form in forms().values()}
    tables: dict[str, list[Record]] = {code: [] for code in forms()}
    findings: list[Finding] = []
    for workbook, title, rows in sheets:
        if title in by_title:
            records, said = read(by_title[title], rows, workbook, title, choices=choices)
            tables[by_title[title].code] += records
            findings += said
    return Register({code: tuple(records) for code, records in tables.items()}, tuple(findings))
