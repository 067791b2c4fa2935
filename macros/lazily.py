"""Tables that are read when they are first asked for: most commands need a few of a register's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from macros.records import Record

    Rows = tuple[Record, ...]


class OnDemand(Mapping[str, "Rows"]):
    """Tables by code, each read once; looking through their rows reads all of them, in the order given."""

    def __init__(self, codes: Iterable[str], read: Callable[[str], Rows]) -> None:
        self._codes, self._read_table = dict.fromkeys(codes), read
        self._read: dict[str, Rows] = {}

    def __getitem__(self, code: str) -> Rows:
        rows = self._read.get(code)
        if rows is None:
            if code not in self._codes:
                raise KeyError(code)
            rows = self._read[code] = self._read_table(code)
        return rows

    def __iter__(self) -> Iterator[str]:
        return iter(self._codes)

    def __len__(self) -> int:
        return len(self._codes)

    def __contains__(self, code: object) -> bool:
        return code in self._codes


def having(tables: Mapping[str, Rows], others: Mapping[str, Rows]) -> Mapping[str, Rows]:
    """The tables with ``others`` in the place of, or besides, their own; what is unread stays so."""
    return OnDemand((*tables, *others), lambda code: others[code] if code in others else tables[code])
