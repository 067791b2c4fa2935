"""What Word or Excel would mend or refuse in a file of ours, told from its parts: nobody need open it in either.

The order of elements is that of ``answers/office_order.toml``; what else is looked at is said at each function. An empty
list means that nothing was found.
"""

from __future__ import annotations

import posixpath
import tomllib
import zipfile
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path

from lxml import etree

_BASE = "http://schemas.openxmlformats.org"
W, X = f"{{{_BASE}/wordprocessingml/2006/main}}", f"{{{_BASE}/spreadsheetml/2006/main}}"
C, R = f"{{{_BASE}/drawingml/2006/chart}}", f"{{{_BASE}/officeDocument/2006/relationships}}"
_AREAS = {
    f"{_BASE}/wordprocessingml/2006/main": "word", f"{_BASE}/spreadsheetml/2006/main": "excel",
    f"{_BASE}/drawingml/2006/chart": "chart", f"{_BASE}/drawingml/2006/main": "drawing",
    f"{_BASE}/drawingml/2006/spreadsheetDrawing": "drawing", f"{_BASE}/drawingml/2006/wordprocessingDrawing": "drawing",
}
_ORDER = {
    area: {parent: children.split() for parent, children in lines.items()}
    for area, lines in tomllib.loads(
        (Path(__file__).parent / "answers" / "office_order.toml").read_text(encoding="utf-8")
    ).items()
}
#: Where a number may stand beside what a chart draws; Excel refuses the chart for any other.
_LABELS = {
    ("barChart", "clustered"): {"outEnd", "inEnd", "ctr", "inBase"}, ("barChart", "stacked"): {"inEnd", "ctr", "inBase"},
    ("lineChart", "standard"): {"t", "b", "l", "r", "ctr"}, ("pieChart", ""): {"outEnd", "inEnd", "ctr", "bestFit"},
}
Parts = dict[str, bytes]


def faults(data: bytes) -> list[str]:
    """Everything amiss in a .docx or .xlsx, as sentences that begin with the part."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        names = archive.namelist()
        parts = {name: archive.read(name) for name in names}
    found = [f"{name}: twice in the file" for name in sorted({name for name in names if names.count(name) > 1})]
    trees = {name: etree.fromstring(parts[name]) for name in parts if name.endswith((".xml", ".rels", ".vml"))}
    found += [*_package(parts, trees), *_charts(trees)]
    for name, tree in trees.items():
        found += [f"{name}: {said}" for said in disorder(tree)]
    if "word/document.xml" in trees:
        from tests.word_parts import word

        return [*found, *word(trees)]
    from tests.excel_parts import excel

    return [*found, *excel(trees)]


def amiss(paths: Iterable[Path]) -> list[str]:
    """The same of several files, each sentence behind its file's name."""
    return [f"{path.name}: {said}" for path in paths for said in faults(path.read_bytes())]


def disorder(tree: etree._Element) -> Iterator[str]:
    """Elements that stand where the schema has no room for them, and those that the table of orders does not know."""
    for parent in tree.iter(etree.Element):
        name = etree.QName(parent)
        known = _ORDER.get(_AREAS.get(name.namespace or "", ""), {})
        above = parent.getparent()
        role = f"{etree.QName(above).localname}>{name.localname}" if above is not None else ""
        order = known.get(role) or known.get(name.localname)
        if order is None:
            continue
        own = [etree.QName(child).localname for child in parent.iterchildren(etree.Element)]
        if strange := sorted(set(own) - set(order)):
            yield f"<{name.localname}> holds {strange}"
        elif (places := [order.index(each) for each in own]) != sorted(places) and name.localname != "tc":
            yield f"<{name.localname}> holds {own}"


def _package(parts: Parts, trees: dict[str, etree._Element]) -> Iterator[str]:
    """Relations that lead nowhere or are named twice, and parts without a type."""
    types = trees["[Content_Types].xml"]
    named = {node.get("PartName", "").lstrip("/") for node in types if node.get("PartName")}
    suffixes = {node.get("Extension", "").lower() for node in types if node.get("Extension")}
    yield from (f"[Content_Types].xml: no part {name}" for name in sorted(named - set(parts)))
    for name in parts:
        if name not in named and name.rpartition(".")[2].lower() not in suffixes and name != "[Content_Types].xml":
            yield f"{name}: has no type"
    for name, tree in trees.items():
        if not name.endswith(".rels"):
            continue
        home = posixpath.dirname(posixpath.dirname(name))
        ids = [each.get("Id", "") for each in tree]
        yield from (f"{name}: {each} twice" for each in sorted({each for each in ids if ids.count(each) > 1}))
        for each in tree:
            target = each.get("Target", "")
            place = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(home, target))
            if each.get("TargetMode") != "External" and place not in parts:
                yield f"{name}: no part {place}"
        source = posixpath.join(home, posixpath.basename(name).removesuffix(".rels"))
        if source in trees:
            used = {str(told) for node in trees[source].iter() for key, told in node.attrib.items() if str(key).startswith(R)}
            yield from (f"{source}: no relation {each}" for each in sorted(used - {*ids}))


def _charts(trees: dict[str, etree._Element]) -> Iterator[str]:
    """Axes that do not meet, and labels where Excel allows none."""
    for name, tree in trees.items():
        if tree.tag != f"{C}chartSpace":
            continue
        axes = {each for kind in ("catAx", "valAx", "dateAx") for each in values(tree, f".//{C}{kind}/{C}axId")}
        for kind in ("barChart", "lineChart", "pieChart"):
            for plot in tree.iter(f"{C}{kind}"):
                if wild := {*values(plot, f"{C}axId")} ^ (axes if kind != "pieChart" else set()):
                    yield f"{name}: axes {sorted(wild)}"
                allowed = _LABELS[kind, value(plot, f"{C}grouping")]
                yield from (f"{name}: labels at {each}" for each in sorted({*values(plot, f".//{C}dLblPos")} - allowed))
        ids = values(tree, f".//{C}ser/{C}idx")
        if len(ids) != len({*ids}):
            yield f"{name}: series {ids}"


def values(tree: etree._Element, path: str, name: str = "val") -> list[str]:
    """An attribute of every element found; empty where it has none."""
    return [each.get(name, "") for each in tree.iterfind(path)]


def value(tree: etree._Element | None, path: str, name: str = "val", default: str = "") -> str:
    """An attribute of the first element found."""
    found = None if tree is None else tree.find(path)
    return default if found is None else found.get(name, default)
