"""Builds the blank workbooks from the forms: the registers, and those the program fills.

`build` makes one, `build_all` a city's whole folder; openpyxl is loaded only then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from macros.hosts.saving import replace_bytes

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

__all__ = ["build", "build_all", "files", "lacking", "titles"]


def titles() -> list[str]:
    """The file names of all workbooks of a register folder, 需求台账.xlsx first."""
    from macros.workbooks.plan import shelves

    return [f"{shelf.title}.xlsx" for shelf in shelves()]


def files() -> dict[str, str]:
    """The file name of each workbook as it lies blank in ``workbooks/``, by its title."""
    from macros.workbooks.plan import shelves

    return {shelf.title: shelf.file for shelf in shelves()}


def build(title: str, city: str = "") -> bytes:
    """Make one blank workbook, as the bytes of an .xlsx file; the same every time.

    Args:
        title: 需求台账, 待办 …
        city: the city's name, which stands among the settings of 参数.

    Raises:
        KeyError: no workbook has this title.
    """
    from openpyxl import Workbook
    from openpyxl.utils import get_column_letter

    from macros.workbooks.guides import draw_guide, draw_options, draw_start
    from macros.workbooks.packing import pack
    from macros.workbooks.plan import shelves
    from macros.workbooks.sheets import draw
    from macros.workbooks.words import guide, style

    shelf = {shelf.title: shelf for shelf in shelves(city)}[title]
    book = Workbook()
    front = book.active
    assert front is not None
    front.title = guide()["title"]
    draw_guide(front, shelf)
    if title == guide()["start"]["workbook"]:
        draw_start(book.create_sheet(guide()["start"]["sheet"]))
    sheets = [book.create_sheet(plan.title) for plan in shelf.sheets]
    lists = draw_options(book, book.create_sheet(guide()["options_sheet"]), shelf)
    for sheet, plan in zip(sheets, shelf.sheets, strict=True):
        draw(sheet, plan, title, lists)
        # Long texts of the last column run on beyond it on the screen; on paper they would make all the rest tiny.
        sheet.print_area = f"A1:{get_column_letter(len(plan.columns))}{style()['sheet']['last_row']}"
    # The first table, or where a newcomer starts, and not the guide is what one opens a workbook for.
    book.active = 1
    book.worksheets[1].sheet_view.tabSelected = True
    book.properties.creator = guide()["comment_author"]
    book.properties.title = title
    return pack(book)


def build_all(folder: Path, city: str = "") -> list[Path]:
    """Write the blank workbooks that ``folder`` does not hold yet, each file whole or not at all."""
    made = []
    for title in files():
        path = folder / f"{title}.xlsx"
        if not path.exists():
            replace_bytes(path, build(title, city))
            made.append(path)
    return made


def lacking(title: str, present: Collection[str]) -> list[str]:
    """The sheets of a workbook that came since an earlier version drew it, of which it has only those ``present``.

    A table that every version has is not one of them: it was renamed or deleted, and a blank one would hide that.
    """
    from macros.forms import by_file, later
    from macros.workbooks.plan import shelves
    from macros.workbooks.words import guide

    tables = {form.title: form.code for form in by_file().get(f"{title}.xlsx", ())}
    (shelf,) = (shelf for shelf in shelves() if shelf.title == title)
    start = guide()["start"]
    wanted = [start["sheet"]] if title == start["workbook"] else []
    wanted += [plan.title for plan in shelf.sheets if plan.title not in tables or tables[plan.title] in later()]
    return [sheet for sheet in wanted if sheet not in present]
