"""A form says what the columns of one register table are; each is a TOML file beside this module.

File shape::

    code = "demand"            # the table's name in code, rules and JSON
    title = "需求"              # sheet and table title
    workbook = "需求台账"        # workbook file it lives in, without suffix; empty for a table worked out anew
    key = ["demand_no"]        # column(s) that identify a row
    in_turn = {…}              # where several rows may have one key, see `Turn`
    clause = "§2.1.1"
    columns = [{name = "demand_no", title = "需求编号", type = "code", required = true, …}, …]

A column's ``title`` is also its placeholder in Word templates, so it is a legal identifier; a unit is kept apart
and shown in the heading: 允许偏离半径（米）.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from macros.data import toml
from macros.lazily import OnDemand

if TYPE_CHECKING:
    from collections.abc import Mapping

HERE = Path(__file__).parent

#: Column types; each has one reader in `macros.values`.
TYPES = frozenset({
    "text", "code", "date", "moment", "month", "integer", "decimal", "money", "rate", "flag", "longitude", "latitude",
    "phone", "choice",
})


class Column(NamedTuple):
    """One column: its heading, its type and the constraints on a single cell.

    ``list`` names a choice list of ``rules/choices.toml``; ``refers`` is ``form.column`` of another table;
    ``group`` names the stage of work it belongs to (header colour); ``ours`` marks columns the program fills.
    """

    name: str
    title: str
    type: str
    required: bool = False
    unit: str = ""
    list: str = ""
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    pattern: str = ""
    refers: str = ""
    aliases: tuple[str, ...] = ()
    group: str = ""
    note: str = ""
    clause: str = ""
    width: int = 14
    personal: bool = False
    ours: bool = False

    @property
    def heading(self) -> str:
        """The heading as printed: the title, with its unit in full-width brackets."""
        return f"{self.title}（{self.unit}）" if self.unit else self.title


class Turn(NamedTuple):
    """How rows of one key follow each other: what was agreed from a day on has a row of its own.

    ``starts`` and ``ends`` are the columns of the first and the last day, ``same`` those in which the rows agree.
    """

    starts: str
    ends: str
    same: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Form:
    """One register table. ``index`` gives the position of a column in ``columns`` by its English name.

    ``rows_of`` is the code of the table whose rows a table worked out anew is made of; ``in_turn`` is None where a
    key has one row.
    """

    code: str
    title: str
    workbook: str
    key: tuple[str, ...]
    clause: str
    purpose: str
    columns: tuple[Column, ...]
    index: dict[str, int] = field(default_factory=dict)
    rows_of: str = ""
    in_turn: Turn | None = None

    def column(self, name: str) -> Column:
        """The column called ``name``."""
        return self.columns[self.index[name]]

    @property
    def file(self) -> str:
        """The workbook's file name; empty for a table that stands in none."""
        return f"{self.workbook}.xlsx" if self.workbook else ""


def _column(raw: dict[str, Any]) -> Column:
    for bound in ("minimum", "maximum"):
        if bound in raw:
            raw[bound] = Decimal(str(raw[bound]))
    raw["aliases"] = tuple(raw.get("aliases", ()))
    column = Column(**raw)
    if column.type not in TYPES:
        raise ValueError(f"{column.name}: unknown column type {column.type}")
    if not column.title.isidentifier():
        raise ValueError(f"{column.title}: a title is also a placeholder and must be an identifier")
    return column


def parse(text: str) -> Form:
    """Read one form file.

    Raises:
        ValueError: an unknown type, a title that is no identifier, or a key or in_turn column that does not exist.
    """
    import tomllib

    return _form(tomllib.loads(text))


def _form(raw: dict[str, Any]) -> Form:
    columns = tuple(_column(dict(column)) for column in raw["columns"]) + OURS
    index = {column.name: position for position, column in enumerate(columns)}
    if len(index) != len(columns) or len({c.title for c in columns}) != len(columns):
        raise ValueError(f"{raw['code']}: a column name or title occurs twice")
    key = tuple(raw["key"])
    if not all(name in index for name in key):
        raise ValueError(f"{raw['code']}: key column missing")
    turn = Turn(**raw["in_turn"]) if "in_turn" in raw else None
    if turn and not all(name in index for name in (turn.starts, turn.ends, *turn.same)):
        raise ValueError(f"{raw['code']}: column of in_turn missing")
    return Form(
        raw["code"], raw["title"], raw["workbook"], key, raw.get("clause", ""), raw.get("purpose", ""), columns, index,
        raw.get("rows_of", ""), turn,
    )


#: Columns the program itself fills at the right edge of every table.
OURS = (
    Column("due_hint", "时限提示", "text", width=26, ours=True, group="tool", note="由“待办”填写：最近的时限及其状态"),
    Column("check_hint", "检查结果", "text", width=40, ours=True, group="tool", note="由“检查”填写：本行的问题与改法"),
)


@cache
def forms() -> Mapping[str, Form]:
    """Every form by its code, in workbook order (the order of ``workbooks.toml``), those in no workbook last.

    Each is read when it is first asked for.
    """
    shelf = toml(HERE / "workbooks.toml")
    names = [name for workbook in shelf["workbook"] for name in workbook["forms"]] + shelf["computed"]
    return OnDemand(names, lambda name: _form(toml(HERE / f"{name}.toml")))


def by_file() -> dict[str, list[Form]]:
    """Each register workbook with the forms of its tables."""
    found: dict[str, list[Form]] = {}
    for form in forms().values():
        if form.workbook:
            found.setdefault(form.file, []).append(form)
    return found


@cache
def workbooks() -> tuple[str, ...]:
    """The file names of the register's workbooks."""
    return tuple(f"{workbook['title']}.xlsx" for workbook in toml(HERE / "workbooks.toml")["workbook"])


@cache
def later() -> frozenset[str]:
    """The tables that registers made by earlier versions do not have; they work without them."""
    return frozenset(toml(HERE / "workbooks.toml")["later"])
