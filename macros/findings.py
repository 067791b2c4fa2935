"""What is wrong or worth knowing, said to the user: where → rule → found → cure.

The words stand in ``rules/findings/*.toml``, one table per code. A code is three letters of the area and three
digits and is never reused. Placeholders in braces are filled with the finding's own details.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING, Literal, NamedTuple

from macros.data import toml

if TYPE_CHECKING:
    from macros.records import Record

Severity = Literal["error", "warning", "info"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to mend or to know, with the cell it is about. Empty strings stand for "no such place"."""

    code: str
    severity: Severity
    message: str
    workbook: str = ""
    sheet: str = ""
    cell: str = ""
    key: str = ""
    field: str = ""
    value: str = ""

    def as_json(self) -> dict[str, str]:
        """The finding as the commands print it with ``--json``."""
        return asdict(self)


class Entry(NamedTuple):
    """A catalogue entry: the words of one code."""

    code: str
    severity: Severity
    title: str
    rule: str
    found: str
    cure: str
    clause: str

    @property
    def sentence(self) -> str:
        """Rule, what was found and the cure, as a finding of no place says them; placeholders as they stand."""
        return "；".join(part for part in (self.rule, self.found) if part) + f"。{self.cure}。"


@cache
def catalogue() -> dict[str, Entry]:
    """Every code with its words, from ``rules/findings``.

    Raises:
        ValueError: two files define the same code.
    """
    entries: dict[str, Entry] = {}
    for path in sorted((Path(__file__).parent / "rules" / "findings").glob("*.toml")):
        for code, words in toml(path).items():
            if code in entries:
                raise ValueError(f"{path.name}: code {code} is defined twice")
            entries[code] = Entry(
                code, words["severity"], words["title"], words["rule"], words.get("found", ""),
                words.get("cure", ""), words.get("clause", ""),
            )
    return entries


class _Plain(Formatter):
    """Formats names only: no attribute or index access, so a cell's text can never reach into an object."""

    def get_field(self, field_name: str, args: object, kwargs: object) -> tuple[object, str]:
        if not isinstance(kwargs, dict):
            raise TypeError("details must be named")
        return kwargs[field_name], field_name


_plain = _Plain()
#: Letters of a value that a sentence shows; the finding itself holds the whole.
_SHOWN = 200


def finding(
    code: str, *, workbook: str = "", sheet: str = "", cell: str = "", key: str = "", field: str = "",
    value: object = "", **details: object,
) -> Finding:
    """Say ``code`` about one cell; further ``details`` fill the catalogue's placeholders.

    Raises:
        KeyError: the code, or a placeholder's detail, does not exist: our mistake, not the user's.
    """
    entry = catalogue()[code]
    shown = "" if value is None else str(value)
    words = {"workbook": workbook, "sheet": sheet, "cell": cell, "key": _cut(key), "field": field, "value": _cut(shown)}
    words |= {name: str(detail) for name, detail in details.items()}
    where = f"《{workbook.rsplit('.', 1)[0]}》" if workbook else ""
    named = f"“{field}”" if field else ""
    where += " ".join(part for part in (sheet, cell) if part)
    where += f" {named}" if where and named else named
    parts = [_plain.vformat(part, (), words) for part in (entry.rule, entry.found) if part]
    message = (f"{where}：" if where else "") + "；".join(parts) + "。"
    if entry.cure:
        message += _plain.vformat(entry.cure, (), words) + "。"
    return Finding(code, entry.severity, message, workbook, sheet, cell, key, field, shown)


def _cut(text: str) -> str:
    """What a sentence shows of a cell's text: a cell may hold more than a screen."""
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}……（共{len(text)}字）"


def about(record: Record, name: str, code: str, **details: object) -> Finding:
    """Say ``code`` about the column ``name`` of a register row."""
    column = record.form.columns[record.form.index[name]]
    value = details.pop("value", record[name])
    return finding(
        code, workbook=record.place.workbook, sheet=record.place.sheet, cell=record.cell(name),
        key=record.key, field=column.title, value=value, **details,
    )
