"""What is selected in a spreadsheet program: the rows a button works on."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from macros.hosts import Refused, refuse
from macros.hosts.areas import column_number
from macros.hosts.live_errors import Front, plainly
from macros.hosts.live_read import used
from macros.hosts.live_rows import shown_rows

if TYPE_CHECKING:
    from macros.hosts.areas import Area

_PART = re.compile(r"(?=.)([A-Z]{1,3})?([0-9]{1,7})?(?::([A-Z]{1,3})?([0-9]{1,7})?)?")

#: Excel gives no longer addresses: areas that find no room in one, each of so many characters, it leaves out silently.
_LONGEST, _ROOM = 255, 24


def selected_rows(app: Any) -> tuple[Path, str, list[int], int]:
    """The selected rows of the active workbook.

    Args:
        app: an xlwings App.

    Returns:
        The workbook's path, the sheet's title, the rows in order, without hidden and filtered ones and none beyond
        the used area, and the column of the first selected cell.

    Raises:
        Refused: no cells are selected (WBK070), the workbook was never saved (WBK071) or is open from the web
            (WBK068), the sheet is protected and the selection has too many areas (WBK073), or the program is busy
            or gone.
    """
    with plainly(Front(app), ""):
        book = app.books.active
        name = str(book.name)
    with plainly(book, name):
        selection = app.selection
        if selection is None:
            raise refuse("WBK070", name)
        sheet = selection.sheet
        return _file(sheet.book), str(sheet.name), _rows(selection, sheet), selection.column


def _rows(selection: Any, sheet: Any) -> list[int]:
    last, right = used(sheet)
    try:
        parts = selection.get_special_cells("visible")
    except Refused:
        raise
    except Exception:  # Excel does not tell for a protected sheet; a program that is gone fails again
        address = str(selection.address)
        if "," in address and len(address) > _LONGEST - _ROOM:
            raise refuse("WBK073", sheet=sheet.name) from None
        areas = parsed(address, last, right)
        return shown_rows(sheet, _joined([(one[0], one[2]) for one in areas if one[0] <= one[2]]))
    return sorted({row for part in parts for row in range(part.row, min(part.row + part.shape[0] - 1, last) + 1)})


def parsed(address: str, last: int, right: int) -> list[Area]:
    """The areas of an address such as ``$A$1:$B$2,$D:$D,$7:$8``, whole rows and columns cut to the used area.

    Areas wholly below the used area come out empty, their last row before their first.
    """
    found = []
    for part in address.replace("$", "").upper().split(","):
        match = _PART.fullmatch(part.strip())
        if match is None:
            continue
        one, top, other, bottom = match.groups()
        lowest = int(bottom or top or last) if ":" in part else int(top or last)
        left = column_number(one) if one else 1
        found.append((int(top or 1), left, min(lowest, last), column_number(other or one) if one else right))
    return found


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans of rows without overlaps, in order."""
    joined: list[tuple[int, int]] = []
    for first, last in sorted(spans):
        if joined and first <= joined[-1][1] + 1:
            joined[-1] = joined[-1][0], max(joined[-1][1], last)
        else:
            joined.append((first, last))
    return joined


def _file(book: Any) -> Path:
    try:
        full = str(book.fullname)
    except Exception as error:
        raise refuse("WBK068", str(book.name), value=book.name) from error
    if "://" in full:
        raise refuse("WBK068", str(book.name), value=full)
    if not Path(full).is_absolute():
        raise refuse("WBK071", str(book.name), value=book.name)
    return Path(full)
