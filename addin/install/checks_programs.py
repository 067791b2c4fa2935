"""The checks about the spreadsheet programs: Excel's rules about macros, LibreOffice's extension, WPS's list."""

from __future__ import annotations

import ntpath
from typing import TYPE_CHECKING

from addin.install import machine
from addin.install.verdicts import NOT_HERE, Verdict
from macros.findings import Finding, finding

if TYPE_CHECKING:
    from addin.install.facts import Excel, Facts, Wps

#: VBAWarnings in the words of the Trust Center; unset is the second.
_MACROS = {1: "启用所有宏", 2: "禁用并通知", 3: "只允许签名的宏", 4: "禁用且不通知"}
_ALL_RUN, _USUAL = 1, 2
_ADDIN = "towerdesk.xlam"


def macros(facts: Facts) -> Verdict:
    """Excel lets the add-in's macros run: VBA is there, unsigned add-ins are allowed, its folder is trusted."""
    excel = facts.excel
    if excel is None:
        return NOT_HERE
    setting = _MACROS.get(excel.warnings or _USUAL, _MACROS[_USUAL])
    return Verdict(f"Excel {excel.version}，宏设置：{setting}", tuple(_macros(excel, setting)))


def _macros(excel: Excel, setting: str) -> list[Finding]:
    if excel.vba_off:
        return [finding("ADD233")]
    found = [finding("ADD234")] if excel.addins_off else []
    found += [finding("ADD235")] if excel.signed_only else []
    if excel.warnings != _ALL_RUN:
        if excel.locations_off:
            found.append(finding("ADD237", value=setting))
        elif not excel.trusted:
            found.append(finding("ADD236", value=setting, path=excel.startup))
    return found


def disabled_items(facts: Facts) -> Verdict:
    """Excel has not disabled the add-in after a crash."""
    if facts.excel is None:
        return NOT_HERE
    ours = [path for path in facts.excel.disabled if ntpath.basename(path).lower() == _ADDIN]
    return Verdict("其中没有塔务台" if not ours else "有塔务台", tuple(finding("ADD238", path=path) for path in ours))


def rivals(facts: Facts) -> Verdict:
    """Excel loads one copy of the add-in, and no other of the same names."""
    if facts.excel is None:
        return NOT_HERE
    found = tuple(
        finding("ADD239", path=one.path) if one.same else finding("ADD240", path=one.path, value=one.shares)
        for one in facts.excel.rivals
    )
    return Verdict("没有" if not found else f"{len(found)} 个", found)


def server(facts: Facts) -> Verdict:
    """The program that the system takes for Excel is Excel; WPS can put itself in its place."""
    if facts.excel is None or not facts.excel.server:
        return NOT_HERE
    wrong = () if "excel.exe" in facts.excel.server.lower() else (finding("ADD241", path=facts.excel.server),)
    return Verdict(facts.excel.server, wrong)


def child_processes(facts: Facts) -> Verdict:
    """Defender lets Office start programs; with the helper running the buttons do not need it."""
    if facts.excel is None or not facts.asr:
        return NOT_HERE
    said = {"block": "已禁止", "warn": "须逐次确认", "audit": "只记录", "off": "允许"}[facts.asr]
    rule = machine.facts()["child_processes"]
    path = facts.launch.path if facts.launch else facts.python
    code = {"block": "ADD231", "warn": "ADD232"}.get(facts.asr)
    return Verdict(said, (finding(code, value=rule, path=path),) if code else ())


def libreoffice(facts: Facts) -> Verdict:
    """The extension is registered with LibreOffice, in this version."""
    office = facts.office
    if office is None:
        return NOT_HERE
    said = f"LibreOffice {office.version}"
    if machine.OFFICE not in facts.parts:
        return Verdict(f"{said}，未安装")
    if not office.extension:
        return Verdict(said, (finding("ADD244", value=office.version, path=office.identifier),))
    if office.extension != facts.version:
        wrong = finding("ADD245", path="LibreOffice 扩展", value=office.extension, needed=facts.version)
        return Verdict(f"{said}，扩展 {office.extension}", (wrong,))
    return Verdict(f"{said}，扩展 {office.extension} 已注册")


def bridge(facts: Facts) -> Verdict:
    """This Python reaches LibreOffice."""
    if facts.office is None or machine.OFFICE not in facts.parts:
        return NOT_HERE
    if facts.office.bridge:
        return Verdict("连不上", (finding("ADD246", reason=facts.office.bridge),))
    return Verdict("可用")


def wps(facts: Facts) -> Verdict:
    """WPS has the add-in in its list and has not refused it."""
    if machine.WPS not in facts.parts:
        return NOT_HERE
    found = tuple(said for one in facts.wps if (said := _listed(one)))
    return Verdict("已登记" if not found else "", found)


def _listed(one: Wps) -> Finding | None:
    if not one.entered:
        return finding("ADD247", path=one.listing)
    return finding("ADD250", path=one.listing) if one.refused else None
