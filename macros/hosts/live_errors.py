"""Say what a spreadsheet program raised as one refusal: protected, busy, closed, gone."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from macros.hosts import Refused, refuse

if TYPE_CHECKING:
    from collections.abc import Iterator

# Windows' words for "ask again later": RPC_E_CALL_REJECTED, RPC_E_SERVERCALL_RETRYLATER, VBA_E_IGNORE.
_BUSY = frozenset({-2147418111, -2147417846, -2146777998})
# Mistakes of ours, which must not be told as the program's.
_OURS = (TypeError, NameError, AssertionError, NotImplementedError, ZeroDivisionError)


@contextmanager
def plainly(book: Any, name: str, sheet: str = "") -> Iterator[None]:
    """Within the block, what the program raises becomes a refusal about the workbook.

    Args:
        book: the xlwings Book.
        name: its file name, for the words: the book may no longer be there to be asked.
        sheet: the sheet the block is about.

    Raises:
        Refused: the program is busy (WBK061) or gone (WBK063), the workbook was closed (WBK062) or is open for
            reading only (WBK065), the sheet is protected (WBK072), or the program says something else (WBK060).
    """
    try:
        yield
    except Refused as refused:
        if not refused.finding.code.startswith("ADD"):
            raise  # a refusal of ours, about a cell
        raise told(refused, book, name, sheet) from refused
    except _OURS:
        raise
    except Exception as error:
        raise told(error, book, name, sheet) from error


class Front:
    """A program in the place of one of its workbooks: it counts as reached while it answers."""

    def __init__(self, app: Any) -> None:
        self.app = app

    @property
    def sheets(self) -> list[Any]:
        """Something, as long as the program tells its workbooks."""
        return [None, *self.app.books]


def told(error: Exception, book: Any, name: str, sheet: str) -> Refused:
    """The refusal that says what an error means, found out by asking what can still be reached."""
    if _busy(error):
        return refuse("WBK061", name, sheet=sheet, reason=first_line(error))
    if not reached(book):
        try:
            len(book.app.books)
        except Exception as gone:
            return refuse("WBK061" if _busy(gone) else "WBK063", name, reason=first_line(gone))
        return refuse("WBK062", name)
    # Engines that know why say so by the kind of what they raise; Excel's own words are kept.
    kind = type(error).__name__
    if kind == "BookReadOnly":
        return refuse("WBK065", name)
    if kind == "SheetProtected":
        return refuse("WBK072", name, sheet=sheet, cell=getattr(getattr(error, "finding", None), "cell", ""))
    return refuse("WBK060", name, sheet=sheet, reason=first_line(error))


def reached(book: Any) -> bool:
    """Whether the workbook still answers."""
    try:
        return len(book.sheets) > 0
    except Exception:
        return False


def first_line(error: BaseException) -> str:
    """What an error says, shortly."""
    words = str(error).strip() or type(error).__name__
    return words.splitlines()[0][:120]


def _busy(error: BaseException) -> bool:
    codes = {getattr(error, "hresult", None)}
    about = getattr(error, "excepinfo", None)
    if isinstance(about, tuple) and about:
        codes.add(about[-1])
    return bool(codes & _BUSY) or type(error).__name__ in ("ExcelBusyError", "OfficeBusy")
