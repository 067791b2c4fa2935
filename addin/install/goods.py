"""Makes what is to be installed with the builders of addin/build, each part only when it is wanted."""

from __future__ import annotations

import io
import zipfile
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import addin
from addin.install.machine import EXCEL, OFFICE, WPS
from addin.install.plan import NAMES, Goods
from macros.findings import Finding, finding

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

_DESCRIBED = "{http://openoffice.org/extensions/description/2006}"
_LIST = "publish.xml"


def goods(programs: Collection[str], platform: str) -> tuple[Goods, list[Finding]]:
    """The parts for some programs, and a finding (ADD202) for each that could not be made."""
    findings: list[Finding] = []
    xlam = _made("xlam", EXCEL, findings) if EXCEL in programs else None
    oxt = _made("oxt", OFFICE, findings) if OFFICE in programs else None
    wps = _made("wps", WPS, findings) if WPS in programs else None
    scripts = applescripts() if EXCEL in programs and platform == "darwin" else {}
    if xlam and platform == "darwin" and not scripts:
        findings.append(finding("ADD202", part="Excel 的 AppleScript", reason="没有这个文件"))
    files = {name: data for name, data in (wps or {}).items() if name != _LIST}
    name, element = entry(wps[_LIST].decode("utf-8")) if wps else ("", "")
    return Goods(xlam or b"", scripts, oxt or b"", described(oxt)[0] if oxt else "", files, element, name), findings


def _made(builder: str, program: str, findings: list[Finding]) -> Any:
    try:
        return import_module(f"addin.build.{builder}").made()
    except (ImportError, AttributeError, LookupError, OSError, ValueError) as error:
        findings.append(finding("ADD202", part=f"{NAMES[program]} 加载项", reason=f"{type(error).__name__} {error}"))
        return None


def applescripts() -> Mapping[str, bytes]:
    """The AppleScripts that Excel for macOS starts programs with, by file name."""
    return {path.name: path.read_bytes() for path in sorted(Path(addin.__file__).parent.rglob("*.applescript"))}


def described(oxt: bytes) -> tuple[str, str]:
    """Identifier and version of an extension file."""
    with zipfile.ZipFile(io.BytesIO(oxt)) as package:
        return description(package.read("description.xml"))


def description(text: bytes) -> tuple[str, str]:
    """Identifier and version that an extension's description.xml tells; empty where it does not."""
    root = ElementTree.fromstring(text)
    found = [root.find(f"{_DESCRIBED}{name}") for name in ("identifier", "version")]
    identifier, version = ("" if one is None else one.get("value", "") for one in found)
    return identifier, version


def entry(text: str) -> tuple[str, str]:
    """Name and text of the one element of our own publish.xml."""
    (element,) = ElementTree.fromstring(text)
    element.tail = None
    return element.attrib["name"], ElementTree.tostring(element, encoding="unicode")
