"""Finding and loading LibreOffice's Python bridge (pyuno), and making the values it speaks in."""

from __future__ import annotations

import builtins
import importlib
import re
import sys
from functools import cache
from pathlib import Path
from typing import Any

from generator.pdf import find_office
from macros.hosts import refuse

#: Debian and its kin keep the bridge among the system's Python packages.
PACKAGES = ("/usr/lib/python3/dist-packages",)

_LINKED = re.compile(rb"python(3)\.?(\d{1,2})(?:m?\.so|\.dll|\.framework|\x00)")


@cache
def load_uno() -> Any:
    """The module ``uno``.

    Raises:
        Refused: no bridge was found (ADD600), or it is made for another Python than this one (ADD601). A foreign
            bridge is recognised before it is loaded, since loading it can end the process.
    """
    if "uno" in sys.modules:
        return sys.modules["uno"]
    found = [folder for folder in _folders() if (folder / "uno.py").is_file()]
    if not found:
        raise refuse("ADD600")
    here = f"{sys.version_info.major}.{sys.version_info.minor}"
    for folder in found:
        made_for = _made_for(folder)
        if made_for not in ("", here):
            raise refuse("ADD601", python=here, office=made_for, folder=folder)
    path, importer = list(sys.path), builtins.__import__
    sys.path += [str(folder) for folder in found]
    try:
        return importlib.import_module("uno")
    except ImportError as error:
        raise refuse("ADD601", python=here, office=f"？（{error}）", folder=found[0]) from error
    finally:
        # uno.py puts its own import function in the place of Python's; nothing of ours needs that.
        sys.path[:], builtins.__import__ = path, importer


def _programs() -> list[Path]:
    """The folders of LibreOffice's own libraries; macOS keeps those of Python apart from the programs."""
    office = find_office()
    return [] if office is None else [office.resolve().parent, office.resolve().parents[1] / "Resources"]


def _folders() -> list[Path]:
    """Where the bridge may lie: this Python's own folders, beside the office, the system's packages."""
    return [*(Path(one) for one in sys.path if one), *_programs(), *map(Path, PACKAGES)]


def _made_for(folder: Path) -> str:
    """Which Python the bridge near ``folder`` is linked with, as "3.11"; empty when that cannot be told."""
    for place in (folder, *_programs()):
        for name in ("libpyuno.so", "pyuno.pyd", "libpyuno.dylib"):
            library = place / name
            if library.is_file() and (found := _LINKED.search(library.read_bytes())):
                return f"{found[1].decode()}.{found[2].decode()}"
    return ""


def struct(kind: str, **fields: Any) -> Any:
    """A UNO struct, for instance ``struct("table.CellAddress", Row=0)``."""
    made = load_uno().createUnoStruct(f"com.sun.star.{kind}")
    for name, value in fields.items():
        setattr(made, name, value)
    return made


def enum(kind: str, value: str) -> Any:
    """A value of a UNO enumeration."""
    return load_uno().Enum(f"com.sun.star.{kind}", value)


def properties(**values: Any) -> tuple[Any, ...]:
    """Named arguments as UNO takes them."""
    return tuple(struct("beans.PropertyValue", Name=name, Value=value) for name, value in values.items())
