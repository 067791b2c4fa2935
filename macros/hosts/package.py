"""An open workbook package: its sheets, styles and shared strings, found through its relations."""

from __future__ import annotations

import posixpath
from typing import IO, TYPE_CHECKING, NamedTuple

from macros.findings import Finding, finding
from macros.hosts import TableRef, refuse
from macros.hosts.number_formats import Kind, kind_of
from macros.hosts.rawzip import RawZip
from macros.hosts.xml_parts import Node, outline, tree, whole

if TYPE_CHECKING:
    from collections.abc import Iterator


class Relation(NamedTuple):
    """One relation of a part: the last word of its type, and the target part's name (or outside address)."""

    kind: str
    target: str
    external: bool


class SheetPart(NamedTuple):
    """Where a worksheet lies."""

    title: str
    part: str
    hidden: bool


class Package(NamedTuple):
    """What reading and patching need to know; ``notes`` are findings about the whole file."""

    name: str
    zip: RawZip
    workbook: str
    epoch_1904: bool
    sheets: dict[str, SheetPart]
    strings: str | None
    styles: str | None
    calculation: str | None
    kinds: list[Kind]
    command_links: frozenset[int]
    notes: list[Finding]

    def relations(self, part: str) -> dict[str, Relation]:
        """Relations of a part by id."""
        return _relations(self.zip, part)

    def tables(self, title: str) -> list[tuple[str, TableRef]]:
        """The tables of a sheet, with their part names."""
        return list(_tables(self.zip, self.sheets[title].part))

    def sheet_part(self, title: str) -> SheetPart:
        """The sheet of that title.

        Raises:
            Refused: there is none (WBK030).
        """
        if title not in self.sheets:
            raise refuse("WBK030", self.name, value=title)
        return self.sheets[title]


def open_package(file: IO[bytes], name: str, known: Package | None = None) -> Package:
    """Read the directory of an .xlsx or .xlsm.

    Args:
        file: the open file.
        name: its file name.
        known: the package as last opened, taken again where every member is still the same.

    Raises:
        Refused: the zip or one of the parts every workbook needs is unsound.
    """
    zipped = RawZip(file, name)
    if known is not None and known.zip.members == zipped.members:
        return known._replace(zip=zipped)
    main = next((rel.target for rel in _relations(zipped, "").values() if rel.kind == "officeDocument"), "")
    spelled = zipped.find(main)
    if spelled is None:
        raise refuse("WBK008", name, part=main or "xl/workbook.xml")
    if spelled.endswith(".bin"):
        raise refuse("WBK042", name, kind="xlsb")
    root = tree(zipped.chunks(spelled), name, spelled)
    if root.name != "workbook":
        raise refuse("WBK006", name)
    relations = _relations(zipped, spelled)
    by_kind = {rel.kind: zipped.find(rel.target) for rel in relations.values() if not rel.external}
    notes: list[Finding] = []
    sheets = _sheets(zipped, root, relations)
    styles = by_kind.get("styles")
    if styles is None:
        notes.append(finding("WBK021", workbook=name))
    links = [relations[link.get("id")].target for link in root.walk("externalReference")
             if link.get("id") in relations]
    if links:
        notes.append(finding("WBK023", workbook=name, count=len(links)))
    date_system = any(node.get("date1904") in ("1", "true") for node in root.walk("workbookPr"))
    strings = by_kind.get("sharedStrings")
    if strings is None and any(rel.kind == "sharedStrings" for rel in relations.values()):
        raise refuse("WBK008", name, part="xl/sharedStrings.xml")
    return Package(
        name, zipped, spelled, date_system, sheets, strings, styles, by_kind.get("calcChain"),
        _kinds(zipped, styles) if styles else [], _command_links(zipped, links), notes,
    )


def _sheets(zipped: RawZip, root: Node, relations: dict[str, Relation]) -> dict[str, SheetPart]:
    sheets: dict[str, SheetPart] = {}
    for node in root.walk("sheet"):
        title, relation = node.get("name"), relations.get(node.get("id"))
        if relation is None:
            raise refuse("WBK008", zipped.workbook, part=f"工作表“{title}”")
        if relation.kind != "worksheet":
            continue  # chart sheets and old macro sheets hold no table
        part = zipped.find(relation.target)
        if part is None:
            raise refuse("WBK008", zipped.workbook, part=f"工作表“{title}”（{relation.target}）")
        sheets[title] = SheetPart(title, part, node.get("state") in ("hidden", "veryHidden"))
    if not sheets:
        raise refuse("WBK008", zipped.workbook, part="工作表（一张也没有）")
    return sheets


def _relations(zipped: RawZip, part: str) -> dict[str, Relation]:
    folder, _, base = part.rpartition("/")
    name = zipped.find(posixpath.join(folder, "_rels", base + ".rels"))
    if name is None:
        return {}
    found = {}
    for node in tree(zipped.chunks(name), zipped.workbook, name).walk("Relationship"):
        external = node.get("TargetMode") == "External"
        target = node.get("Target").replace("\\", "/")
        if not external:
            target = _inside(zipped, folder, target)
        found[node.get("Id")] = Relation(node.get("Type").rsplit("/", 1)[-1], target, external)
    return found


def _inside(zipped: RawZip, folder: str, target: str) -> str:
    """A target's part name, counted from its folder or from the root; one that climbs out is refused."""
    steps: list[str] = [] if target.startswith("/") else [step for step in folder.split("/") if step]
    for step in target.split("#", 1)[0].split("/"):
        if step == "..":
            if not steps:
                raise refuse("WBK009", zipped.workbook, part=target)
            steps.pop()
        elif step not in ("", "."):
            steps.append(step)
    name = "/".join(steps)
    if zipped.find(name) or "%" not in name:
        return name
    from urllib.parse import unquote

    return unquote(name)


def _kinds(zipped: RawZip, part: str) -> list[Kind]:
    root = outline(zipped.chunks(part), zipped.workbook, part, ("numFmt", "cellXfs", "xf"))
    codes = {node.get("numFmtId"): node.get("formatCode") for node in root.walk("numFmt")}
    formats = next(root.walk("cellXfs"), Node("", {}))
    ids = [node.get("numFmtId", "0") for node in formats.children if node.name == "xf"]
    return [kind_of(whole(one) or 0, codes.get(one)) for one in ids]


def _command_links(zipped: RawZip, links: list[str]) -> frozenset[int]:
    """Numbers n of the external links that start programs (DDE, OLE), as formulas write them: ``[n]``."""
    dangerous = set()
    for number, link in enumerate(links, 1):
        if part := zipped.find(link):
            root = tree(zipped.chunks(part), zipped.workbook, part)
            if any(True for kind in ("ddeLink", "oleLink") for _ in root.walk(kind)):
                dangerous.add(number)
    return frozenset(dangerous)


def _tables(zipped: RawZip, sheet: str) -> Iterator[tuple[str, TableRef]]:
    for relation in _relations(zipped, sheet).values():
        part = zipped.find(relation.target) if relation.kind == "table" else None
        if part is not None:
            root = outline(zipped.chunks(part), zipped.workbook, part, ())
            yield part, TableRef(root.get("displayName") or root.get("name"), root.get("ref"))
