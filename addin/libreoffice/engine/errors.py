"""What can go wrong between us and the office, each said as one kind of refusal with a finding."""

from __future__ import annotations

from functools import wraps
from types import FunctionType
from typing import TYPE_CHECKING, Any, TypeVar

from addin.libreoffice.engine.loading import load_uno
from macros.findings import finding
from macros.hosts import Refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from addin.libreoffice.engine.book import Book
    from addin.libreoffice.engine.connection import Connection

Kind = TypeVar("Kind", bound=type)


class OfficeGone(Refused):
    """The office, or the workbook in it, is no longer there: closed, killed, or never started."""

    def __init__(self, reason: str) -> None:
        super().__init__(finding("ADD602", reason=reason))


class OfficeBusy(Refused):
    """The office did not answer in time; the connection was given up, so that nothing waits for ever."""

    def __init__(self, seconds: float) -> None:
        super().__init__(finding("ADD603", seconds=round(seconds)))


class SheetProtected(Refused):
    """The sheet is protected and the cells are locked. Nothing was written."""

    def __init__(self, workbook: str, sheet: str, cell: str) -> None:
        super().__init__(finding("ADD604", workbook=workbook, sheet=sheet, cell=cell))


class BookReadOnly(Refused):
    """The workbook is open for reading only, and Calc writes nothing into such. Nothing was written."""

    def __init__(self, workbook: str) -> None:
        super().__init__(finding("ADD606", workbook=workbook))


class OfficeRefused(Refused):
    """The office refused, for a reason it gave itself."""

    def __init__(self, reason: str) -> None:
        super().__init__(finding("ADD605", reason=reason))


def plainly(cls: Kind) -> Kind:
    """Let every method and property of a class say UNO's errors as ours, and be watched while it waits.

    The class's objects must have ``office``, the connection they speak through; ``book``, where they belong to one.
    """
    for name, member in list(vars(cls).items()):
        if isinstance(member, property):
            read, write = (part and _guarded(part) for part in (member.fget, member.fset))
            setattr(cls, name, property(read, write, doc=member.__doc__))
        elif isinstance(member, FunctionType) and name not in ("__init__", "__eq__", "__hash__"):
            setattr(cls, name, _guarded(member))
    return cls


def _guarded(call: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(call)
    def guarded(self: Any, *args: Any, **options: Any) -> Any:
        office = self.office
        if not office.enter():
            return call(self, *args, **options)
        try:
            return call(self, *args, **options)
        except Exception as error:
            said = told(error, office, getattr(self, "book", None))
            if said is error:
                raise
            raise said from error
        finally:
            office.leave()

    return guarded


def told(error: Exception, office: Connection | None = None, book: Book | None = None) -> Exception:
    """The error in our words: UNO's own ones translated, any other as it is.

    Of a lost office or a closed workbook UNO tells in many ways, often in none; so both are asked whether they live.

    Args:
        error: what was raised.
        office: the connection it came through.
        book: the workbook it is about.
    """
    uno = load_uno()
    if not isinstance(error, (uno.getClass("com.sun.star.uno.Exception"), AttributeError)):
        return error
    text = str(getattr(error, "Message", "") or error)
    if office is not None:
        if office.gave_up:
            return OfficeBusy(office.gave_up)
        if not office.answers():
            return OfficeGone("程序")
        if book is not None and not _is_open(book):
            return OfficeGone("工作簿")
    if isinstance(error, AttributeError):
        return error
    if isinstance(error, uno.getClass("com.sun.star.lang.DisposedException")):
        return OfficeGone(text)
    return OfficeRefused(f"{type(error).__name__.rsplit('.', 1)[-1]} {text}".strip())


def _is_open(book: Book) -> bool:
    try:
        book.doc.getURL()
    except Exception:
        return False
    return True
