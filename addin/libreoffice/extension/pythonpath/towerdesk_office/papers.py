"""Fills the toolbar's drop-down menus of papers and starts the one that was chosen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import unohelper
from com.sun.star.awt import XMenuListener
from com.sun.star.beans import PropertyValue
from com.sun.star.frame import XPopupMenuController
from com.sun.star.lang import XInitialization, XServiceInfo

from . import words
from .buttons import PROTOCOL, window


class PaperMenu(
    unohelper.Base, XPopupMenuController, XMenuListener, XInitialization, XServiceInfo
):
    """One drop-down menu; the office makes it when the menu is first opened."""

    def __init__(self, context: Any, *arguments: Any) -> None:
        self.context = context
        self.frame: Any = None
        self.menu: Any = None
        self.buttons: list[str] = []
        if arguments:
            self.initialize(arguments)

    def initialize(self, arguments: tuple[Any, ...]) -> None:
        """Take the window and the menu's URL."""
        given = {one.Name: one.Value for one in arguments if hasattr(one, "Name")}
        self.frame = given.get("Frame")
        self.buttons = words.MENUS.get(str(given.get("CommandURL", ""))[len(PROTOCOL):], [])

    def setPopupMenu(self, menu: Any) -> None:  # noqa: N802
        """Fill the menu the office made."""
        self.menu = menu
        menu.addMenuListener(self)
        self.updatePopupMenu()

    def updatePopupMenu(self) -> None:  # noqa: N802
        """Write the entries anew, grey where the button is."""
        self.menu.clear()
        for number, button in enumerate(self.buttons, 1):
            self.menu.insertItem(number, words.LABELS[button], 0, number - 1)
            self.menu.setCommand(number, PROTOCOL + button)
            self.menu.enableItem(number, window(self.context, self.frame).enabled(button))
            self.menu.setItemImage(number, self._picture(button), False)

    def _picture(self, button: str) -> Any:
        provider = self.context.ServiceManager.createInstanceWithContext(
            "com.sun.star.graphic.GraphicProvider", self.context
        )
        where = PropertyValue()
        where.Name, where.Value = "URL", Path(words.icon(button)).as_uri()
        return provider.queryGraphic((where,))

    def itemSelected(self, event: Any) -> None:  # noqa: N802
        """An entry was chosen."""
        window(self.context, self.frame).click(self.buttons[event.MenuId - 1])

    def itemActivated(self, _event: object) -> None:  # noqa: N802
        """The menu opens."""
        self.updatePopupMenu()

    def itemHighlighted(self, _event: object) -> None:  # noqa: N802
        """Nothing to do."""

    def itemDeactivated(self, _event: object) -> None:  # noqa: N802
        """Nothing to do."""

    def disposing(self, _source: object) -> None:
        """The menu is gone."""
        self.menu = None

    def getImplementationName(self) -> str:  # noqa: N802
        """As registered."""
        return "cn.towerdesk.office.Papers"

    def supportsService(self, name: str) -> bool:  # noqa: N802
        """As registered."""
        return name in self.getSupportedServiceNames()

    def getSupportedServiceNames(self) -> tuple[str, ...]:  # noqa: N802
        """As registered."""
        return ("com.sun.star.frame.PopupMenuController",)
