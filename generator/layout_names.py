"""What a definition may print: English column paths and computed names turned into Word placeholders and labels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from macros.forms import Column, Form, forms

#: Placeholders every document has.
ALWAYS = frozenset(("单据编号", "表号", "表名", "公司名称", "签发日期", "城市", "客户经理姓名"))
#: The name of one row inside a list, and its running number.
ROW, NUMBER = "行", "序号"
_RIGHT = frozenset(("money", "decimal", "integer", "rate"))
_CENTRE = frozenset(("date", "moment", "month", "code", "choice", "flag", "longitude", "latitude", "phone"))


@dataclass(frozen=True, slots=True)
class Item:
    """One printed field: its label, the text of its value cell, its column (if any) and its number of stars."""

    label: str
    text: str
    column: Column | None
    stars: int = 0

    @property
    def align(self) -> str:
        """Alignment in a list: amounts right, codes and dates centred, words left."""
        if self.text == f"{{{{ {ROW}.{NUMBER} }}}}":
            return "center"
        kind = self.column.type if self.column else "text"
        return "right" if kind in _RIGHT else "center" if kind in _CENTRE else "left"


class Names:
    """The names of one definition: its table's form, joined forms, lists' forms and computed names."""

    def __init__(self, definition: dict[str, Any]) -> None:
        """Take the names from a parsed definition; see the contract in docs/architecture.md."""
        known = forms()
        self.form = known[definition["table"]]
        self.group: list[str] = definition.get("group", [])
        self.joins = {
            join["name"]: known["customer" if join.get("customer") else join["table"]]
            for join in definition.get("joins", [])
        }
        self.lists: dict[str, Form] = {"明细": self.form} if self.group else {}
        self.groups: dict[str, tuple[str, str]] = {}
        for entry in definition.get("lists", []):
            self.lists[entry["name"]] = known[entry["table"]] if "table" in entry else self.form
            if grouped := entry.get("groups"):
                title = self.lists[entry["name"]].column(grouped["by"]).title
                self.groups[grouped["name"]] = (entry["name"], title)
        self.computed = frozenset(entry["name"] for entry in definition.get("computed", []))

    def column(self, path: str) -> Column | None:
        """The column behind ``site_name`` or ``需求.site_name``; None for a computed or always present name.

        Raises:
            KeyError: no such column, join or name; the message carries the path.
        """
        if path in self.computed or path in ALWAYS:
            return None
        prefix, _, name = path.rpartition(".")
        form = self.joins.get(prefix) or self.lists.get(prefix) if prefix else self.form
        if form is None or name not in form.index or (self.group and not prefix and name not in self.group):
            raise KeyError(path)
        return form.column(name)

    def title(self, path: str) -> str:
        """The Chinese name of a path as a placeholder spells it: 需求.站点名称."""
        column = self.column(path)
        prefix = path.rpartition(".")[0]
        return path if column is None else f"{prefix}.{column.title}" if prefix else column.title

    def item(self, spec: str, row_of: str = "") -> Item:
        """One field from its short spelling.

        ``path`` · ``标签=path`` · ``标签=`` (left blank for handwriting) · ``标签={{ … }}…`` (text with
        placeholders) · ``标签='…'`` (fixed text), each with any number of ``*`` at its end. ``row_of`` names the list
        whose rows are meant: paths are then columns of that list's table.
        """
        bare = spec.rstrip("*")
        stars = len(spec) - len(bare)
        label, given, path = bare.partition("=")
        if not given:
            label, path = "", bare
        if path.startswith("'"):
            return Item(label, path.strip("'"), None, stars)
        if not path or "{{" in path or "{%" in path:
            return Item(label, path, None, stars)
        if row_of and path == NUMBER:
            return Item(label or NUMBER, f"{{{{ {ROW}.{NUMBER} }}}}", None, stars)
        if row_of and path not in self.computed:
            column = self.column(f"{row_of}.{path}")
            placeholder = f"{{{{ {ROW}.{column.title if column else path} }}}}"
        else:
            column, placeholder = self.column(path), f"{{{{ {self.title(path)} }}}}"
        heading = column.heading.replace("元每年", "元/年") if column else path
        return Item(label or heading, placeholder, column, stars)
