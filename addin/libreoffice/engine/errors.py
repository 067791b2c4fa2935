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


class OfficeRefused(Refused):
    """The office refused, for a reason it gave itself."""

    def __init__(self, reason: str) -> None:
        super().__init__(finding("ADD605", reason=reason))


def plainly(cls: Kind) -> Kind:
    """Let every method and property of a class say UNO's errors as ours, and be watched while it waits.

    The class's objects must have ``office``, the connection they speak through.
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
        outermost = office.enter()
        try:
            return call(self, *args, **options)
        except Exception as error:
            said = told(error, office.gave_up)
            if said is error:
                raise
            raise said from error
        finally:
            if outermost:
                office.leave()

    return guarded


def told(error: Exception, gave_up: float = 0) -> Exception:
    """The error in our words: UNO's own ones translated, any other as it is.

    Args:
        error: what was raised.
        gave_up: after how many seconds of silence we broke the connection ourselves; zero when we did not.
    """
    uno = load_uno()
    if not isinstance(error, uno.getClass("com.sun.star.uno.Exception")):
        return error
    text = str(getattr(error, "Message", "") or type(error).__name__)
    lost = isinstance(error, uno.getClass("com.sun.star.lang.DisposedException")) or "bridge" in text.lower()
    if lost:
        return OfficeBusy(gave_up) if gave_up else OfficeGone(text)
    if isinstance(error, uno.getClass("com.sun.star.connection.NoConnectException")):
        return OfficeGone(text)
    return OfficeRefused(f"{type(error).__name__.rsplit('.', 1)[-1]} {text}".strip())
