"""Adds sheets drawn in another workbook to a closed one, which keeps every byte of what it has."""

from __future__ import annotations

import io
import posixpath
import re
from html import unescape
from typing import IO, TYPE_CHECKING
from xml.sax.saxutils import escape

from macros.hosts import reason, refuse
from macros.hosts.graft_looks import Looks
from macros.hosts.graft_parts import Name, titles, with_relation, with_sheet, with_types
from macros.hosts.locks import check_closed, hold
from macros.hosts.package import open_package
from macros.hosts.saving import replace_file
from macros.hosts.xlsx_check import check_parts
from macros.hosts.xlsx_save import check_changeable
from macros.hosts.xml_parts import tree
from macros.hosts.zip_write import rewrite

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from macros.hosts.package import Package

_TYPES = "[Content_Types].xml"
_OFFICE = "application/vnd.openxmlformats-officedocument."
#: The parts that a drawn sheet brings: the last word of the relation's type, the new part's name, what it is.
_KINDS = {
    "worksheet": ("xl/worksheets/sheet{}.xml", _OFFICE + "spreadsheetml.worksheet+xml"),
    "table": ("xl/tables/table{}.xml", _OFFICE + "spreadsheetml.table+xml"),
    "comments": ("xl/comments/comment{}.xml", _OFFICE + "spreadsheetml.comments+xml"),
    "vmlDrawing": ("xl/drawings/commentsDrawing{}.vml", ""),
}
_ENDINGS = {"rels": "application/vnd.openxmlformats-package.relationships+xml", "vml": _OFFICE + "vmlDrawing"}
_LIST = re.compile(rb"<formula1>(.*?)</formula1>", re.DOTALL)
_CELL = re.compile(rb'(<(?:c|row|col)\s[^>]*?\b(?:s|style)=")(\d+)(?=")')
_CONDITION = re.compile(rb'(\bdxfId=")(\d+)(?=")')


def add_sheets(path: Path, drawn: bytes, wanted: Sequence[str]) -> None:
    """Add sheets of a workbook that this program drew, each where it stands there among those that are here.

    The values of their drop-downs come along as a hidden sheet of their own.

    Args:
        path: the workbook that gains sheets.
        drawn: the drawn workbook, its texts in the cells.
        wanted: titles of its sheets, none of them in the workbook yet.

    Raises:
        Refused: the workbook is open, cannot be read or written, or a sheet cannot be added without risk.
    """
    parts: list[str] = []

    def write(out: IO[bytes]) -> None:
        with path.open("rb") as file:
            package = open_package(file, path.name)
            check_changeable(package)
            graft = Graft(package, open_package(io.BytesIO(drawn), path.name))
            graft.add(wanted)
            changed = graft.changed()
            parts.extend(name for name in changed if name != _TYPES)
            rewrite(package.zip, out, changed)

    target = path.resolve()
    check_closed(target)
    try:
        with hold(target):
            replace_file(target, write, lambda made: check_parts(made, {part: [] for part in parts}))
    except OSError as error:
        raise refuse("WBK001", path.name, reason=reason(error)) from error


class Graft:
    """One workbook's parts while sheets are added to them."""

    def __init__(self, package: Package, drawn: Package) -> None:
        self.package, self.drawn = package, drawn
        if package.styles is None or drawn.styles is None:
            raise refuse("WBK044", package.name, reason="样式表缺失，添加的工作表无法带格式")
        self._looks = Looks(package.name, package.zip.read(package.styles), drawn.zip.read(drawn.styles))
        self._main = package.zip.read(package.workbook)
        self._relations = package.zip.read(_relations_of(package.workbook))
        self._titles = titles(package.name, self._main)
        self._drawn_main = tree([drawn.zip.read(drawn.workbook)], package.name, drawn.workbook)
        self._order = [node.get("name") for node in self._drawn_main.walk("sheet")]
        self._new: dict[str, bytes] = {}
        self._types: dict[str, str] = {}
        tables = [(part, table.name) for title in package.sheets for part, table in package.tables(title)]
        self._tables = {name.casefold() for _, name in tables}
        main = tree([self._main], package.name, package.workbook)
        self._tables |= {node.get("name").casefold() for node in main.walk("definedName")}
        ids = [tree([package.zip.read(part)], package.name, part).get("id") for part, _ in tables]
        self._table_id = max((int(one) for one in ids if one.isdecimal()), default=0)

    def add(self, wanted: Sequence[str]) -> None:
        """Add sheets, and one of their drop-downs' values where they have any."""
        lists = {node.get("name"): node.text for node in self._drawn_main.walk("definedName")
                 if not node.get("localSheetId")}
        taken: dict[str, str] = {}
        for title in sorted(wanted, key=self._order.index):
            data = self.drawn.zip.read(self.drawn.sheets[title].part)
            used = {unescape(one.decode()) for one in _LIST.findall(data)} & set(lists)
            for name in used:
                home = lists[name].rpartition("!")[0].strip("'")
                taken.setdefault(home, self._free_title(home))
            places = {name: _moved(lists[name], taken) for name in used}
            self._sheet(title, title, _with_lists(data, places))
        for home, title in taken.items():
            self._sheet(home, title, self.drawn.zip.read(self.drawn.sheets[home].part))

    def changed(self) -> dict[str, bytes]:
        """Every part that is new or another, by its name."""
        package = self.package
        assert package.styles is not None
        return {
            **self._new, package.styles: self._looks.xml(), package.workbook: self._main,
            package.zip.find(_relations_of(package.workbook)) or "": self._relations,
            _TYPES: with_types(package.zip.read(_TYPES), self._types, _ENDINGS),
        }

    def _sheet(self, drawn: str, title: str, data: bytes) -> None:
        """Enter one sheet: its part and those it brings, and the workbook's lists."""
        source = self.drawn.sheets[drawn]
        data = data.replace(b' tabSelected="1"', b"")
        data = _CELL.sub(lambda one: one[1] + b"%d" % self._looks.cell(int(one[2])), data)
        data = _CONDITION.sub(lambda one: one[1] + b"%d" % self._looks.condition(int(one[2])), data)
        part = self._enter("worksheet", data)
        relations = self.drawn.relations(source.part)
        if relations:
            listed = self.drawn.zip.read(_relations_of(source.part))
            for one in relations.values():
                if not one.external:
                    made = self._enter(one.kind, self._own(one.kind, self.drawn.zip.read(one.target)))
                    listed = listed.replace(b'Target="/%s"' % one.target.encode(), b'Target="/%s"' % made.encode())
            self._new[_relations_of(part)] = listed
        self._relations, relation = with_relation(self._relations, "worksheet", f"/{part}")
        index = str(self._order.index(drawn))
        names = [Name(node.get("name"), node.text) for node in self._drawn_main.walk("definedName")
                 if node.get("localSheetId") == index]
        place = self._place(drawn)
        self._main = with_sheet(self._main, place, title, relation, names, hidden=source.hidden)
        self._titles.insert(place, title)

    def _enter(self, kind: str, data: bytes) -> str:
        """Give a part a name that is free."""
        pattern, content = _KINDS[kind]
        number = 1
        while self.package.zip.find(pattern.format(number)) or pattern.format(number) in self._new:
            number += 1
        part = pattern.format(number)
        self._new[part] = data
        if content:
            self._types[part] = content
        return part

    def _own(self, kind: str, data: bytes) -> bytes:
        """A part with what must be the only one of its kind in the workbook: a table's number and name."""
        if kind != "table":
            return data
        self._table_id += 1
        name = unescape(re.search(rb'\sdisplayName="([^"]*)"', data)[1].decode())  # type: ignore[index]
        free = _free(name, self._tables)
        self._tables.add(free.casefold())
        coded = escape(free).encode("ascii", "xmlcharrefreplace")
        data = re.sub(rb'(<table\s[^>]*?\bid=")\d+', lambda one: one[1] + b"%d" % self._table_id, data, count=1)
        return re.sub(rb'(\s(?:name|displayName)=")[^"]*', lambda one: one[1] + coded, data, count=2)

    def _place(self, title: str) -> int:
        """How many sheets stand before a drawn one: behind the last of those it follows there, or as the last."""
        before = [one for one in self._order[: self._order.index(title)] if one in self._titles]
        if before:
            return self._titles.index(before[-1]) + 1
        return len(self._titles)

    def _free_title(self, title: str) -> str:
        return _free(title, {one.casefold() for one in self._titles})


def _free(name: str, taken: set[str]) -> str:
    """A name, or the same with the first number that nothing here has yet."""
    number, free = 1, name
    while free.casefold() in taken:
        number += 1
        free = f"{name}{number}"
    return free


def _moved(place: str, titles: Mapping[str, str]) -> str:
    """An area on the sheet that came along, under the title it has here."""
    home, _, area = place.rpartition("!")
    return f"'{titles[home.strip(chr(39))]}'!{area}"


def _with_lists(data: bytes, places: Mapping[str, str]) -> bytes:
    """A sheet whose drop-downs name their values' places."""
    def named(found: re.Match[bytes]) -> bytes:
        text = unescape(found[1].decode())
        return b"<formula1>" + escape(places.get(text, text)).encode("ascii", "xmlcharrefreplace") + b"</formula1>"

    return _LIST.sub(named, data)


def _relations_of(part: str) -> str:
    folder, _, base = part.rpartition("/")
    return posixpath.join(folder, "_rels", base + ".rels")
