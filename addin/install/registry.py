"""What the Windows registry says, copied once into plain data that everything else reads."""

from __future__ import annotations

import sys
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

#: Versions of Office under which its settings stand: 2016 and later, 2013, 2010.
OFFICES = ("16.0", "15.0", "14.0")


@dataclass(frozen=True, slots=True)
class Registry:
    r"""Keys by path (``HKCU\Software\…``) with their values by name; paths and names count without case."""

    keys: Mapping[str, Mapping[str, object]] = field(default_factory=dict)

    def values(self, path: str) -> Mapping[str, object]:
        """The values of one key; empty when there is no such key."""
        return next((held for key, held in self.keys.items() if key.lower() == path.lower()), {})

    def text(self, path: str, name: str) -> str:
        """One value as text; empty when it is not there or blank. The unnamed value of a key is ``""``."""
        found = next((data for held, data in self.values(path).items() if held.lower() == name.lower()), None)
        return "" if found is None else str(found).strip()

    def below(self, path: str) -> Iterator[Mapping[str, object]]:
        """The values of every key directly below one."""
        above = path.lower() + "\\"
        yield from (
            held for key, held in self.keys.items() if key.lower().startswith(above) and "\\" not in key[len(above):]
        )

    def first(self, paths: Iterable[str], name: str) -> str:
        """The first of several keys that has the value, as text."""
        return next((found for path in paths if (found := self.text(path, name))), "")

    def offices(self) -> tuple[str, ...]:
        """The versions of Office that have left settings, newest first."""
        marks = {office: f"hkcu\\software\\microsoft\\office\\{office}\\" for office in OFFICES}
        held = [key.lower() for key in self.keys]
        return tuple(office for office, mark in marks.items() if any(key.startswith(mark) for key in held))


def snapshot(wanted: Iterable[str]) -> Registry:
    r"""Read keys of this machine: ``{office}`` stands for each version, a final ``\*`` for every key below.

    Keys that do not exist or may not be read are left out; elsewhere than on Windows there are none.
    """
    keys: dict[str, dict[str, object]] = {}
    for pattern in wanted:
        for office in OFFICES if "{office}" in pattern else ("",):
            path = pattern.replace("{office}", office)
            for one in _below(path[:-2]) if path.endswith("\\*") else (path,):
                if (held := _values(one)) is not None:
                    keys[one] = held
    return Registry(keys)


if sys.platform == "win32":
    import winreg

    _HIVES = {
        "HKCU": winreg.HKEY_CURRENT_USER, "HKLM": winreg.HKEY_LOCAL_MACHINE, "HKCR": winreg.HKEY_CLASSES_ROOT,
    }

    def _opened(path: str) -> winreg.HKEYType:
        hive, _, rest = path.partition("\\")
        # 32-bit Python must see the same keys as 64-bit Office
        return winreg.OpenKey(_HIVES[hive], rest, 0, winreg.KEY_READ | winreg.KEY_WOW64_64KEY)

    def _values(path: str) -> dict[str, object] | None:
        with suppress(OSError), _opened(path) as key:
            count = winreg.QueryInfoKey(key)[1]
            return {name: data for name, data, _ in (winreg.EnumValue(key, at) for at in range(count))}
        return None

    def _below(path: str) -> list[str]:
        with suppress(OSError), _opened(path) as key:
            return [f"{path}\\{winreg.EnumKey(key, at)}" for at in range(winreg.QueryInfoKey(key)[0])]
        return []

else:

    def _values(path: str) -> dict[str, object] | None:
        return None

    def _below(path: str) -> list[str]:
        return []
