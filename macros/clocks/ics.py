"""Writes deadlines as an iCalendar file (RFC 5545) that Outlook opens without any network."""

from __future__ import annotations

import datetime as dt
import re
from hashlib import sha256
from typing import TYPE_CHECKING

from macros.clocks.item import DAY, Item, iso
from macros.clocks.rules import words

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Longest line in octets, line break apart (RFC 5545, 3.1).
_OCTETS = 75
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
#: China has had no summer time since 1991, so one standard offset describes the zone.
_ZONE = (
    "BEGIN:VTIMEZONE", "TZID:Asia/Shanghai", "BEGIN:STANDARD", "DTSTART:19920101T000000", "TZOFFSETFROM:+0800",
    "TZOFFSETTO:+0800", "TZNAME:CST", "END:STANDARD", "END:VTIMEZONE",
)


def calendar(items: Iterable[Item], now: dt.datetime) -> str:
    """The running deadlines as one calendar: a day-long event each, or one at its moment, with an alarm.

    The same deadline has the same UID in every file, so that importing again updates it.

    Args:
        items: evaluated deadlines; those without a day, and closed ones, are left out.
        now: when the file is made, naive Shanghai time.
    """
    told = words()["ics"]
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{told['product']}", "CALSCALE:GREGORIAN", "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_text(told['name'])}", *_ZONE,
    ]
    for item in items:
        if item.running and item.due is not None:
            lines += _event(item, now)
    lines.append("END:VCALENDAR")
    return "".join(f"{fold(line)}\r\n" for line in lines)


def _event(item: Item, now: dt.datetime) -> list[str]:
    told = words()["ics"]
    summary = told["summary"].format(clock=item.clock, title=item.title, key=item.key)
    description = told["description"].format(
        action=item.next_action, clause=item.clause, customer=item.branch or item.customer, note=item.note,
    ).strip()
    uid = sha256(f"{item.clock}\n{item.key}".encode()).hexdigest()[:32]
    return [
        "BEGIN:VEVENT", f"UID:{uid}@{told['domain']}", f"DTSTAMP:{now - dt.timedelta(hours=8):%Y%m%dT%H%M%SZ}",
        *_when(item), f"SUMMARY:{_text(summary)}", f"DESCRIPTION:{_text(description)}", "TRANSP:TRANSPARENT",
        f"CATEGORIES:{_text(words()['kinds'][item.kind])}",
        "BEGIN:VALARM", "ACTION:DISPLAY", f"DESCRIPTION:{_text(summary)}",
        f"TRIGGER:{told['alarm_time'] if isinstance(item.due, dt.datetime) else told['alarm_day']}",
        "END:VALARM", "END:VEVENT",
    ]


def _when(item: Item) -> list[str]:
    """A moment without an end lasts no time; a day, the one to act by, is day-long and its end is exclusive."""
    if isinstance(item.due, dt.datetime):
        return [f"DTSTART;TZID=Asia/Shanghai:{item.due:%Y%m%dT%H%M%S}"]
    act = item.act_by or item.due
    assert act is not None, iso(item.due)
    return [f"DTSTART;VALUE=DATE:{act:%Y%m%d}", f"DTEND;VALUE=DATE:{act + DAY:%Y%m%d}"]


def _text(value: str) -> str:
    """Escape a text value; control characters cannot be said in iCalendar and are dropped."""
    escaped = value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return _CONTROL.sub("", re.sub(r"\r\n?|\n", r"\\n", escaped))


def fold(line: str) -> str:
    """A content line in pieces of at most 75 octets, never splitting a character."""
    pieces: list[str] = []
    room, piece, used = _OCTETS, "", 0
    for character in line:
        size = len(character.encode("utf-8", "replace"))
        if used + size > room:
            pieces.append(piece)
            # A continuation begins with a space, which counts.
            piece, used = " ", 1
        piece, used = piece + character, used + size
    return "\r\n".join([*pieces, piece])
