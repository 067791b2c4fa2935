"""Makes the LibreOffice extension of ribbon.xml: menu, toolbar, notebookbar, pictures and the component behind them."""

from __future__ import annotations

import io
import json
import zipfile
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree
from xml.sax.saxutils import escape, quoteattr

from addin.ribbon import Button, Menu, tab
from macros.findings import catalogue

if TYPE_CHECKING:
    from collections.abc import Iterator

ADDIN = Path(__file__).parent.parent
SOURCE = ADDIN / "libreoffice" / "extension"
PICTURES = ADDIN / "icons"
#: The scheme of the buttons' URLs, as towerdesk_office.buttons answers them.
PROTOCOL = "vnd.towerdesk:"
#: Names of our menu, toolbar and notebookbar in the office's configuration.
NAME = "cn.towerdesk"
TOOLBAR = f"private:resource/toolbar/addon_{NAME}.toolbar"
#: The messages the component shows itself: it runs in the office's Python and cannot read the catalogue.
MESSAGES = ("ADD620", "ADD621", "ADD622", "ADD623", "ADD624")
_CALC = "com.sun.star.sheet.SpreadsheetDocument"
_ROOT = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<oor:component-data xmlns:oor="http://openoffice.org/2001/registry" '
    'xmlns:xs="http://www.w3.org/2001/XMLSchema" oor:name="{name}" oor:package="{package}">{body}'
    "</oor:component-data>\n"
)


def made() -> bytes:
    """The extension file; the same bytes for the same sources."""
    files = {
        path.relative_to(SOURCE).as_posix(): path.read_bytes()
        for path in SOURCE.rglob("*") if path.is_file() and path.suffix in {".py", ".xml", ".xcu"}
    }
    described = files["description.xml"].decode("utf-8").replace("{version}", version("towerdesk"))
    files["description.xml"] = described.encode("utf-8")
    files["Addons.xcu"] = _configuration("Addons", "org.openoffice.Office", _addons())
    files["CalcWindowState.xcu"] = _configuration("CalcWindowState", "org.openoffice.Office.UI", _docked())
    files["Controller.xcu"] = _configuration("Controller", "org.openoffice.Office.UI", _controllers())
    files["pythonpath/towerdesk_office/words.json"] = _words()
    for item in _pictured():
        for size in (16, 26):
            files[f"icons/{item.id}_{size}.png"] = (PICTURES / f"{item.id}_{size}.png").read_bytes()
    return _zipped(files)


def _zipped(files: dict[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as package:
        for name, content in sorted(files.items()):
            entry = zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0))  # no clock, no system of the machine
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            package.writestr(entry, content)
    return held.getvalue()


def _configuration(name: str, package: str, body: str) -> bytes:
    text = _ROOT.format(name=name, package=package, body=body).encode("utf-8")
    ElementTree.fromstring(text)  # a malformed file would silence the whole extension in the office
    return text


def _prop(name: str, value: str) -> str:
    return f'<prop oor:name={quoteattr(name)} oor:type="xs:string"><value>{escape(value)}</value></prop>'


def _title(text: str, name: str = "Title") -> str:
    # Chinese is also the fallback: the buttons are Chinese in an office of any language
    return (
        f'<prop oor:name="{name}" oor:type="xs:string"><value>{escape(text)}</value>'
        f'<value xml:lang="zh-CN">{escape(text)}</value></prop>'
    )


def _node(name: str, *inside: str) -> str:
    return f"<node oor:name={quoteattr(name)} oor:op=\"replace\">{''.join(inside)}</node>"


def _entry(place: str, item: Button | Menu) -> str:
    return _node(
        place, _prop("URL", PROTOCOL + item.id), _title(item.label), _prop("Target", "_self"), _prop("Context", _CALC)
    )


def _separator(place: str) -> str:
    return _node(place, _prop("URL", "private:separator"), _prop("Context", _CALC))


def _submenu(place: str, label: str, entries: str, *more: str) -> str:
    return _node(place, _title(label), *more, _prop("Target", "_self"), f'<node oor:name="Submenu">{entries}</node>')


def _menu() -> str:
    def inside(item: Button | Menu, place: str) -> str:
        if isinstance(item, Button):
            return _entry(place, item)
        entries = "".join(_entry(f"p{number:03}", one) for number, one in enumerate(item.buttons))
        return _submenu(place, item.label, entries, _prop("URL", PROTOCOL + item.id))

    groups = "".join(
        _submenu(
            f"g{place:03}", group.label,
            "".join(inside(item, f"i{number:03}") for number, item in enumerate(group.items)), _prop("URL", ""),
        )
        for place, group in enumerate(tab().groups)
    )
    return _submenu(f"{NAME}.menu", tab().label, groups, _prop("Context", _CALC))


def _bar() -> str:
    parts: list[str] = []
    for group in tab().groups:
        if parts:
            parts.append(_separator(f"b{len(parts):03}"))
        for item in group.items:
            parts.append(_entry(f"b{len(parts):03}", item))
    return "".join(parts)


def _addons() -> str:
    images = "".join(
        _node(
            f"{NAME}.{item.id}", _prop("URL", PROTOCOL + item.id),
            '<node oor:name="UserDefinedImages">'
            + _prop("ImageSmallURL", f"%origin%/icons/{item.id}_16.png")
            + _prop("ImageBigURL", f"%origin%/icons/{item.id}_26.png") + "</node>",
        )
        for item in _pictured()
    )
    return (
        f'<node oor:name="AddonUI"><node oor:name="OfficeMenuBar">{_menu()}</node>'
        f'<node oor:name="OfficeToolBar">{_node(f"{NAME}.toolbar", _title(tab().label), _bar())}</node>'
        f'<node oor:name="OfficeNotebookBar">{_node(f"{NAME}.notebookbar", _bar())}</node>'
        f'<node oor:name="Images">{images}</node></node>'
    )


def _docked() -> str:
    # Read on the first start of a profile only: pictures with words in a row of their own below the office's two
    state = _node(
        TOOLBAR, _title(tab().label, "UIName"), _value("Docked", "true"), _value("DockingArea", "0"),
        _value("DockPos", "0,3"), _value("Visible", "true"), _value("Style", "2"),
    )
    return f'<node oor:name="UIElements"><node oor:name="States">{state}</node></node>'


def _value(name: str, value: str) -> str:
    return f'<prop oor:name="{name}"><value>{value}</value></prop>'


def _controllers() -> str:
    # The toolbar's papers are the office's own drop-down buttons, filled by our PaperMenu
    def registered(place: str, menu: Menu, controller: str) -> str:
        return _node(
            place, _value("Command", PROTOCOL + menu.id), _value("Module", ""), _value("Controller", controller)
        )

    found = list(_menus())
    drops = "".join(
        registered(f"{NAME}.{menu.id}", menu, "com.sun.star.comp.framework.GenericPopupToolbarController")
        for menu in found
    )
    papers = "".join(registered(f"{NAME}.{menu.id}", menu, f"{NAME}.office.Papers") for menu in found)
    return (
        f'<node oor:name="Registered"><node oor:name="PopupMenu">{papers}</node>'
        f'<node oor:name="ToolBar">{drops}</node></node>'
    )


def _menus() -> Iterator[Menu]:
    for group in tab().groups:
        yield from (item for item in group.items if isinstance(item, Menu))


def _pictured() -> Iterator[Button | Menu]:
    yield from tab().buttons()
    yield from _menus()


def _words() -> bytes:
    words = {
        "product": tab().label,
        "buttons": [{"id": one.id, "label": one.label, "sheets": list(one.sheets)} for one in tab().buttons()],
        "menus": {menu.id: [one.id for one in menu.buttons] for menu in _menus()},
        "messages": {code: catalogue()[code].sentence for code in MESSAGES},
    }
    return json.dumps(words, ensure_ascii=False, indent=1, sort_keys=True).encode("utf-8")
