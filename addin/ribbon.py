"""Reads ribbon.xml: the one definition of tab, groups, menus and buttons."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree

if TYPE_CHECKING:
    from collections.abc import Iterator

#: The definition itself.
SOURCE = Path(__file__).with_name("ribbon.xml")
NAMESPACE = "http://schemas.microsoft.com/office/2009/07/customui"
_NS = f"{{{NAMESPACE}}}"


@dataclass(frozen=True, slots=True)
class Button:
    """One button. ``sheets`` are the sheet titles whose rows it works on; empty when it works anywhere."""

    id: str
    label: str
    supertip: str
    image: str
    keytip: str
    sheets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Menu:
    """A button that opens a list of buttons."""

    id: str
    label: str
    supertip: str
    image: str
    keytip: str
    buttons: tuple[Button, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """A named part of the tab."""

    id: str
    label: str
    items: tuple[Button | Menu, ...]

    def buttons(self) -> Iterator[Button]:
        """Every button of the group, those of its menus included, in reading order."""
        for item in self.items:
            if isinstance(item, Menu):
                yield from item.buttons
            else:
                yield item


@dataclass(frozen=True, slots=True)
class Tab:
    """The whole tab."""

    id: str
    label: str
    keytip: str
    groups: tuple[Group, ...]

    def buttons(self) -> Iterator[Button]:
        """Every button of the tab, in reading order."""
        for group in self.groups:
            yield from group.buttons()


@cache
def tab() -> Tab:
    """The tab 塔务台 as ribbon.xml defines it."""
    found = ElementTree.parse(SOURCE).getroot().find(f".//{_NS}tab")
    assert found is not None
    groups = tuple(
        Group(group.attrib["id"], group.attrib["label"], tuple(_item(one) for one in group)) for group in found
    )
    return Tab(found.attrib["id"], found.attrib["label"], found.attrib["keytip"], groups)


def _item(element: ElementTree.Element) -> Button | Menu:
    if element.tag == f"{_NS}menu":
        at = element.attrib
        return Menu(
            at["id"], at["label"], at["supertip"], at["imageMso"], at["keytip"],
            tuple(_button(one) for one in element),
        )
    return _button(element)


def _button(element: ElementTree.Element) -> Button:
    at = element.attrib
    return Button(
        at["id"], at["label"], at["supertip"], at["imageMso"], at["keytip"],
        tuple(at.get("tag", "").split()),
    )
