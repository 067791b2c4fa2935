"""An xlwings engine for LibreOffice Calc: what is written for Excel with xlwings runs in Calc unchanged.

`activate` registers it; `attach` takes hold of the office the user works in; `start` opens one of our own, for tests
and for machines without Excel. Only xlwings' public extension points are used (``xlwings.engines`` and the shape of
``xlwings.base_classes``). What Calc cannot do, or we do not need, raises ``NotImplementedError``.

Values keep Excel's habits: numbers come back as floats; a cell formatted as a day gives a datetime, one formatted as
a time of day alone gives the fraction of the day; ``"00123"`` written to a plain cell becomes a number, to a cell
formatted ``@``, or with a ``'`` before it, stays text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import xlwings as xw

from addin.libreoffice.engine.apps import Engine, engine
from addin.libreoffice.engine.errors import BookReadOnly, OfficeBusy, OfficeGone, OfficeRefused, SheetProtected
from addin.libreoffice.engine.loading import load_uno

if TYPE_CHECKING:
    from collections.abc import Iterable

    from addin.libreoffice.engine.process import Setting

__all__ = [
    "BookReadOnly", "OfficeBusy", "OfficeGone", "OfficeRefused", "SheetProtected", "activate", "attach", "load_uno",
    "start",
]


def activate() -> Engine:
    """Register the engine with xlwings and make it the one in use; again and again does no harm."""
    if not any(known.name == engine.name for known in xw.engines):
        xw.engines.add(xw.Engine(impl=engine))
    found: Any = next(known for known in xw.engines if known.name == engine.name)
    xw.engines.active = found
    return engine


def attach(pipe: str, book: str = "") -> xw.App:
    """Take hold of a running office.

    Args:
        pipe: the name of the UNO pipe it listens on.
        book: full path, or name, of the workbook that counts as the active one whatever the user turns to next.

    Raises:
        OfficeGone: nobody listens there, or the workbook is not open there (ADD602).
        macros.hosts.Refused: the bridge to LibreOffice cannot be loaded (ADD600, ADD601).
    """
    activate()
    return xw.App(impl=engine.apps.attach(pipe, book))


def start(visible: bool = False, settings: Iterable[Setting] = ()) -> xw.App:
    """Open an office of our own with a temporary profile; without a workbook.

    Args:
        visible: show it; needs a screen.
        settings: further entries of the profile's registry.

    Raises:
        OfficeGone: it did not start (ADD602).
        macros.hosts.Refused: LibreOffice or its bridge is missing (ADD600, ADD601).
    """
    activate()
    return xw.App(impl=engine.apps.start(visible=visible, settings=settings))
