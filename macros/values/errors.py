"""The one way a reader refuses a cell: a code of the findings catalogue with its details."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from macros.records import Broken, Cell

#: Catalogue codes of the ways a cell can be broken before anyone reads it (`records.Broken.why`).
_BROKEN = {"error": "VAL001", "formula": "VAL002", "digits": "VAL003", "command": "VAL004"}


class Unreadable(ValueError):
    """A cell that cannot be read as its column's type.

    Attributes:
        code: the finding to report, ``VALnnn``.
        details: what fills the catalogue's placeholders besides ``value``, which the caller knows: the cell.
    """

    def __init__(self, code: str, cell: Cell, **details: object) -> None:
        super().__init__(f"{code}: {cell!r}")
        self.code = code
        self.details: dict[str, str] = {name: str(detail) for name, detail in details.items()}


def refuse_broken(cell: Broken) -> NoReturn:
    """Refuse a cell whose content cannot be trusted, with the code that says why.

    Raises:
        Unreadable: always.
    """
    raise Unreadable(_BROKEN.get(cell.why, "VAL001"), cell)
