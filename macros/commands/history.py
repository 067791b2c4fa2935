"""history: who changed which cell and when, old → new; and whether the record of it is whole."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from macros.commands import Answer, lists
from macros.commands.snapshots import check_register, told
from macros.commands.times import moment
from macros.findings import finding
from macros.history import trail
from macros.history.checking import verify as check_all
from macros.history.keeping import check_whole, held, opened
from macros.history.lines import form_of
from macros.history.privacy import load as mask_of
from macros.history.settings import settings
from macros.hosts import Refused, refuse

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from macros.findings import Finding

_CELL = ("sheet", "key", "cell", "field", "old", "new", "kind")


def history(
    folder: Path, key: str = "", since: str = "", verify: bool = False, now: str | None = None
) -> Answer:
    """Tell of every change, or of those of one row; what others changed since the last run is taken note of first.

    With ``verify`` nothing is written: the chain, the copies and the workbooks are checked against each other.
    """
    check_register(folder)
    first = _day(since)
    if verify:
        return _verified(folder)
    findings = _look(folder, now)
    found = [
        one for one in _changes(folder) if (not first or one["at"][:10] >= first) and (not key or one["matches"](key))
    ]
    for one in found:
        del one["matches"]
    return lists.answer({"changes": found}, _lines(found, key, since), findings)


def _day(since: str) -> str:
    """The first day to tell of.

    Raises:
        Refused: it is no day (HIS017).
    """
    try:
        return dt.date.fromisoformat(since).isoformat() if since else ""
    except ValueError:
        raise refuse("HIS017", value=since) from None


def _look(folder: Path, now: str | None) -> list[Finding]:
    """Take note of what was changed since; a register that can only be read is told of as far as it is known."""
    try:
        with held(folder):
            check_whole(folder)
            opened(folder, moment(now)).flush()
    except Refused as refused:
        return [refused.finding]
    except OSError as error:
        return [finding("HIS002", value=str(error))]
    return []


def _changes(folder: Path) -> Iterator[dict[str, Any]]:
    mask = mask_of(folder)
    for event in trail.read(folder):
        if event.get("event") not in ("saved", "outside"):
            continue
        common = {
            "at": event["at"], "who": event.get("by") or event["who"], "why": event["why"], "workbook": event["file"],
            "modified": event.get("modified", ""),
        }
        for cell in event.get("cells", ()):
            one = {**common, **dict(zip(_CELL, cell, strict=True))}
            form = form_of(one["sheet"])
            one["matches"] = lambda key, held=one["key"], form=form: held in (key, mask.key(form, key))
            yield one
        if event.get("unread"):
            yield {**common, **dict.fromkeys(_CELL, ""), "unread": event["unread"], "matches": lambda key: False}
        if event.get("more"):
            yield {**common, **dict.fromkeys(_CELL, ""), "more": event["more"], "matches": lambda key: False}


def _lines(found: list[dict[str, Any]], key: str, since: str) -> list[str]:
    what = f"{key} " if key else ""
    lines = [f"{what}共 {sum(one.get('more', 1) for one in found)} 处修改{'（' + since + ' 起）' if since else ''}。"]
    most = settings()["trail"]["shown"]
    before = ""
    for one in found[-most:]:
        when = f"（文件保存于 {one['modified']}）" if one["modified"] else ""
        head = f"{one['at']}  {one['who']}  {one['why']}{when}"
        if head != before:
            lines.append(head)
            before = head
        if "unread" in one:
            lines.append(f"  《{one['workbook']}》内容变了，没有逐格比较（{one['unread']}）")
        elif "more" in one:
            lines.append(f"  《{one['workbook']}》另有 {one['more']} 个单元格，可用副本对照")
        else:
            lines.append("  " + told([one["workbook"], *(one[name] for name in _CELL)]))
    if len(found) > most:
        lines.insert(1, f"只列最近 {most} 处，其余见 --json。")
    return lines


def _verified(folder: Path) -> Answer:
    findings = check_all(folder)
    count = sum(1 for _ in trail.read(folder))
    if not count:
        findings.append(finding("HIS019"))
    good = f"留痕 {count} 行首尾相接，副本完好，各工作簿与最后留痕时一致。"
    return lists.answer({"lines": count}, [] if findings else [good], findings)
