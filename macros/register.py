"""The tables of a register: their records, look-ups among them, and the settings that hold for them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from macros.data import toml
from macros.forms import forms
from macros.headings import settings
from macros.lazily import having
from macros.reader import read

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from macros.findings import Finding
    from macros.records import Cell, Record, Value

_LEVELS = "service_level"


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


def assemble(sheets: Iterable[tuple[str, str, Iterable[Sequence[Cell]]]]) -> Register:
    """Read sheets, each (workbook file name, sheet title, rows); those of no form are passed over."""
    by_title = {form.title: form for form in forms().values()}
    tables: dict[str, list[Record]] = {code: [] for code in forms()}
    findings: list[Finding] = []
    for workbook, title, rows in sheets:
        if title in by_title:
            records, said = read(by_title[title], rows, workbook, title)
            tables[by_title[title].code] += records
            findings += said
    return Register({code: tuple(records) for code, records in tables.items()}, tuple(findings))
