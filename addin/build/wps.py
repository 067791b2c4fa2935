"""Makes the WPS add-in (experimental) of ribbon.xml: its own ribbon, the script with our texts, and its entry."""

from __future__ import annotations

import json
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from addin.buttons import Order, orders
from addin.ribbon import NAMESPACE, SOURCE, Button, Menu, tab
from macros.findings import catalogue

if TYPE_CHECKING:
    from collections.abc import Iterator

ADDIN = Path(__file__).parent.parent
SCRIPTS = ("host.js", "cells.js", "edits.js", "states.js", "main.js")
#: What WPS knows the add-in by; also the beginning of its folder's name.
NAME = "towerdesk"
#: What starts the helper on Windows when opened, below the roaming profile: the installer's entry of the start menu.
STARTER = "Microsoft/Windows/Start Menu/Programs/塔务台助手.lnk"
#: The messages the script shows itself: it cannot read the catalogue.
MESSAGES = (
    "ADD510", "ADD511", "ADD512", "ADD513", "ADD514", "ADD515", "ADD516", "ADD517", "ADD518", "ADD519", "ADD520",
    "ADD521", "ADD522", "ADD523", "ADD524",
)
#: How the parts a click gathers are called where the user types the command instead.
_PARTS = {
    "rows": "〈编号〉", "row": "〈编号〉", "clock": "〈时限〉", "field": "〈列名〉", "date": "〈日期〉",
    "year": "〈年份〉", "papers": "〈单据〉", "files": "〈来文〉", "notice": "〈通知〉", "folder": "〈文件夹〉",
}
_WPS = "http://schemas.microsoft.com/office/2006/01/customui"
_CALLBACKS = {"onLoad": "OnAddinLoad", "onAction": "OnAction", "getEnabled": "OnEnabled"}
#: Names of Microsoft's own pictures and tabs, and what the script knows better.
_DROPPED = ("imageMso", "insertAfterMso", "tag")


def folder() -> str:
    """The add-in's folder beside publish.xml, named as WPS wants it."""
    return f"{NAME}_{version(NAME)}"


def made() -> dict[str, bytes]:
    """Every file below WPS's ``jsaddons`` by its path; the same bytes for the same sources."""
    images = dict(_images())
    own = {
        "ribbon.xml": _ribbon(set(images)), "index.html": _page(), "manifest.xml": _manifest(),
        "buttons.js": _facts({name: path for name, (path, _) in images.items()}),
    }
    own |= {name: (ADDIN / "wps" / name).read_bytes() for name in SCRIPTS}
    own |= dict(images.values())
    return {"publish.xml": _published()} | {f"{folder()}/{name}": content for name, content in sorted(own.items())}


def _published() -> bytes:
    """The list of add-ins with ours alone; the installer enters that one element into the user's own list."""
    root = ElementTree.Element("jsplugins")
    ElementTree.SubElement(root, "jsplugin", {
        "name": NAME, "type": "et", "url": folder(), "version": version(NAME), "enable": "enable_dev",
        "install": "null", "customDomain": "",
    })
    return _xml(root)


def _ribbon(pictured: set[str]) -> bytes:
    ElementTree.register_namespace("", _WPS)
    root = ElementTree.parse(SOURCE).getroot()
    for element in root.iter():
        element.tag = element.tag.replace(NAMESPACE, _WPS)
        for name in _DROPPED:
            element.attrib.pop(name, None)
        for name, callback in _CALLBACKS.items():
            if name in element.attrib:
                element.set(name, callback)
        if element.get("id") in pictured:
            element.set("getImage", "GetImage")
    return _xml(root)


def _page() -> bytes:
    """The page WPS opens; without one it reads the ribbon but finds no callback."""
    scripts = "".join(f'<script src="{name}"></script>\n' for name in ("buttons.js", *SCRIPTS))
    head = f'<head><meta charset="utf-8"><title>{tab().label}</title></head>'
    return f'<!DOCTYPE html>\n<html lang="zh-CN">\n{head}\n<body>\n{scripts}</body>\n</html>\n'.encode()


def _manifest() -> bytes:
    root = ElementTree.Element("JsPlugin")
    for name, text in (("ApiVersion", "1.0.0"), ("Name", NAME), ("Description", f"{tab().label}（实验性）")):
        ElementTree.SubElement(root, name).text = text
    return _xml(root)


def _xml(root: ElementTree.Element) -> bytes:
    ElementTree.indent(root)
    text = ElementTree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()


def _images() -> Iterator[tuple[str, tuple[str, bytes]]]:
    """Every button and menu that has a picture: its id, the picture's path in the add-in's folder and its bytes."""
    for item in _items():
        for size in (32, 26):
            picture = ADDIN / "icons" / f"{item.id}_{size}.png"
            if picture.is_file():
                yield item.id, (f"icons/{picture.name}", picture.read_bytes())
                break


def _items() -> Iterator[Button | Menu]:
    yield from tab().buttons()
    yield from (item for group in tab().groups for item in group.items if isinstance(item, Menu))


def _facts(images: dict[str, str]) -> bytes:
    told: dict[str, Any] = {
        "version": version(NAME),
        "buttons": {one.id: _button(one, orders()[one.id]) for one in tab().buttons()},
        "images": images,
        "messages": {code: catalogue()[code].sentence for code in MESSAGES},
        "starter": STARTER,
    }
    return f"var TOWERDESK = {json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True)};\n".encode()


def _button(button: Button, order: Order) -> dict[str, Any]:
    known = {f"{{{part}}}": words for part, words in _PARTS.items()} | {"{paper}": order.paper}
    command = " ".join(known.get(word, word) for word in (NAME, *order.words))
    return {
        "id": button.id, "label": button.label, "sheets": list(button.sheets), "doing": order.doing,
        "register": order.wants("register"), "command": command,
    }
