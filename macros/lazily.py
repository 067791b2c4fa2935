"""Mappings whose values are made when they are first asked for: most commands need a few of a register's tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

Value = TypeVar("Value")


class OnDemand(Mapping[str, Value]):
    """Values by key, each made once; looking through them makes all of them, in the order given."""

    def __init__(self, keys: Iterable[str], make: Callable[[str], Value]) -> None:
        self._keys, self._make = dict.fromkeys(keys), make
        self._made: dict[str, Value] = {}

    def __getitem__(self, key: str) -> Value:
        if key not in self._made:
            if key not in self._keys:
                raise KeyError(key)
            self._made[key] = self._make(key)
        return self._made[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._keys)

    def __len__(self) -> int:
        return len(self._keys)

    def __contains__(self, key: object) -> bool:
        return key in self._keys


def having(known: Mapping[str, Value], others: Mapping[str, Value]) -> Mapping[str, Value]:
    """A mapping with ``others`` in the place of, or besides, its own values; what is not made yet stays so."""
    return OnDemand((*known, *others), lambda key: others[key] if key in others else known[key])
