"""Writes deadlines as an iCalendar file (RFC 5545) that Outlook opens without any network."""

from __future__ import annotations

import datetime as dt
import re
from hashlib import sha256
from heapq import nsmallest
from typing import TYPE_CHECKING

from macros.clocks.board import instant
from macros.clocks.item import DAY, Item, day, iso
from macros.clocks.rules import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

#: Longest line in octets, line break apart (RFC 5545, 3.1).
_OCTETS = 75
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
#: China has had no summer time since 1991, so one standard offset describes the zone.
_ZONE = (
    "BEGIN:VTIMEZONE", "TZID:Asia/Shanghai", "BEGIN:STANDARD", "DTSTART:19920101T000000", "TZOFFSETFROM:+0800",
    "TZOFFSETTO:+0800", "TZNAME:CST", "END:STANDARD", "END:VTIMEZONE",
)


def calendar(items: Iterable[Item], now: dt.datetime) -> str:
    """The running deadlines near ``now`` as one calendar: a day-long event each, or one at its moment, with an alarm.

    How far back and ahead they reach, and how many a calendar program can bear, is data. The others are counted in
    one event of today. The same deadline has the same UID in every file, so that importing again updates it.

    Args:
        items: evaluated deadlines; those without a day, and closed ones, are left out.
        now: when the file is made, naive Shanghai time.
    """
    told = words()["ics"]
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{told['product']}", "CALSCALE:GREGORIAN", "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_text(told['name'])}", *_ZONE,
    ]
    running = [item for item in items if item.running and item.due is not None]
    near = [item for item in running if -told["back"] <= _days(item, now) <= told["ahead"]]
    shown = nsmallest(told["most"], near, key=lambda item: (abs(_days(item, now)), instant(item)))
    late, open_ = (_late(running)[i] - _late(shown)[i] for i in (0, 1))
    if late or open_:
        lines += _others(late, open_, now)
    for item in shown:
        lines += _event(item, now)
    lines.append("END:VCALENDAR")
    return "".join(f"{fold(line)}\r\n" for line in lines)


def _days(item: Item, now: dt.datetime) -> int:
    """Days from today until a deadline, negative for one in the past."""
    return (day(item.due or now) - now.date()).days


def _late(items: Sequence[Item]) -> tuple[int, int]:
    """How many deadlines are late and how many are not."""
    late = sum(item.state == "late" for item in items)
    return late, len(items) - late


def _others(late: int, open_: int, now: dt.datetime) -> list[str]:
    """An event of today that counts the deadlines left out."""
    told = words()["ics"]
    return [
        "BEGIN:VEVENT", f"UID:others@{told['domain']}", _stamp(now), f"DTSTART;VALUE=DATE:{now:%Y%m%d}",
        f"DTEND;VALUE=DATE:{now + DAY:%Y%m%d}", f"SUMMARY:{_text(told['others'].format(late=late, open=open_))}",
        f"DESCRIPTION:{_text(told['others_why'].format(**told))}", "TRANSP:TRANSPARENT", "END:VEVENT",
    ]


def _event(item: Item, now: dt.datetime) -> list[str]:
    told = words()["ics"]
    summary = told["summary"].format(clock=item.clock, title=item.title, key=item.key)
    description = told["description"].format(
        action=item.next_action, clause=item.clause, customer=item.branch or item.customer, note=item.note,
    ).strip()
    uid = sha256(f"{item.clock}\n{item.key}".encode()).hexdigest()[:32]
    return [
        "BEGIN:VEVENT", f"UID:{uid}@{told['domain']}", _stamp(now), *_when(item), f"SUMMARY:{_text(summary)}",
        f"DESCRIPTION:{_text(description)}", "TRANSP:TRANSPARENT", f"CATEGORIES:{_text(words()['kinds'][item.kind])}",
        "BEGIN:VALARM", "ACTION:DISPLAY", f"DESCRIPTION:{_text(summary)}",
        f"TRIGGER:{told['alarm_time'] if isinstance(item.due, dt.datetime) else told['alarm_day']}",
        "END:VALARM", "END:VEVENT",
    ]


def _stamp(now: dt.datetime) -> str:
    return f"DTSTAMP:{now - dt.timedelta(hours=8):%Y%m%dT%H%M%SZ}"


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
    data = line.encode("utf-8", "replace")
    pieces: list[bytes] = []
    room = _OCTETS
    while len(data) > room:
        cut = room
        while data[cut] & 0xC0 == 0x80:
            cut -= 1
        pieces.append(data[:cut])
        # A continuation begins with a space, which counts.
        data, room = data[cut:], _OCTETS - 1
    return b"\r\n ".join([*pieces, data]).decode()
