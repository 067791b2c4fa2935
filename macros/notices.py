"""Reads the pasted text of a State Council holiday notice into the rows of the notice table."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from macros.data import toml
from macros.findings import finding
from macros.notice_dates import SPAN, WEEKDAYS, Reading, read_span, stated_number, written_date

if TYPE_CHECKING:
    from macros.findings import Finding
    from macros.workdays import Calendar

DayKind = Literal["rest", "work"]

_WORDS = Path(__file__).parent / "rules" / "calendar" / "notices.toml"
_NUMERAL = "一二三四五六七八九十"
_NUMBER = re.compile(r"(国[办发函电明]{1,6})[〔\[(](\d{4})[〕\])]第?(\d+)号")
_TITLE = re.compile(r"关于([^。:;]{4,60}?)的通知")
_SIGNED = re.compile(
    rf"国务院(?:办公厅)?\n?((?:\d{{4}}|[〇○零{_NUMERAL}]{{4}})年[\d{_NUMERAL}]{{1,3}}月[\d{_NUMERAL}]{{1,3}}日)"
)
_YEAR = re.compile(r"(\d{4})年")
_DATED_YEAR = re.compile(r"(\d{4})年\d{1,2}月\d{1,2}日")
_NUMBERED = re.compile(rf"(?:[{_NUMERAL}]{{1,3}}、|\d{{1,2}}[、.](?!\d)|[—·]+)")


@dataclass(frozen=True, slots=True)
class NoticeDay:
    """One day as a notice arranges it; ``published_on`` is None where the notice does not say."""

    day: dt.date
    kind: DayKind
    festival: str
    notice_no: str
    published_on: dt.date | None


@dataclass(slots=True)
class _Read:
    """What has been read so far: days with their festival, totals and doubts."""

    days: dict[DayKind, dict[dt.date, str]] = field(default_factory=lambda: {"rest": {}, "work": {}})
    findings: list[Finding] = field(default_factory=list)

    def note(self, code: str, value: object, **details: str) -> None:
        self.findings.append(finding(code, value=value, **details))

    def put(self, kind: DayKind, days: list[dt.date], festival: str) -> None:
        for day in days:
            self.days[kind].setdefault(day, festival)


@cache
def _rules() -> dict[str, Any]:
    return toml(_WORDS)


@cache
def _token() -> re.Pattern[str]:
    words = _rules()["words"]
    named = "|".join(f"(?P<{name}>{words[name]})" for name in ("shift", "work", "rest"))
    return re.compile(f"(?P<extend>{words['extend']})|{SPAN}|{named}|{words['total']}|(?P<stop>[,;])")


@cache
def _item() -> re.Pattern[str]:
    """Where a clause begins: a numbered line or sentence, or a festival's name before a colon or a date."""
    festivals = "|".join(_rules()["festivals"])
    plain = r"[^\n,。:;\d]"
    return re.compile(
        rf"(?:^|(?<=[。:;\n]))(?:{_NUMBERED.pattern}|(?={plain}{{0,10}}(?:{festivals}){plain}{{0,12}}[:\d]))"
    )


def _plain(text: str) -> str:
    """Half-width, without spaces and quotes, one line per paragraph: lines broken by a page are joined."""
    kept = (c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) != "Cf")
    text = "".join(c for c in kept if c not in "“”\"'「」『』")
    lines = [squeezed for line in text.splitlines() if (squeezed := re.sub(r"\s+", "", line))]
    joined = ""
    for line in lines:
        opening = _item().match(line) or line.startswith(("国", "各省", "经", "根据"))
        fresh = opening or joined.endswith(tuple("。:;"))
        joined += ("\n" if joined and fresh else "") + line
    return joined


def _festival(text: str) -> str:
    """The festivals named in ``text``, in their order: 国庆节、中秋节; empty if none."""
    table: dict[str, str] = _rules()["festivals"]
    found = sorted((text.index(word), name) for word, name in table.items() if word in text)
    return "、".join(dict.fromkeys(name for _, name in found))


def _sentence(text: str, festival: str, year: int, read: _Read, calendar: Calendar | None) -> None:
    """Read one sentence: dates wait until a word says what they are."""
    longest: int = _rules()["limits"]["longest_days"]
    waiting: list[dt.date] = []
    latest: list[dt.date] = []
    before: dt.date | None = None
    extending = shifting = False
    for token in _token().finditer(text):
        if token["extend"]:
            extending = True
        elif token["span"]:
            try:
                span = read_span(token, Reading(year, "元旦" in festival, before, longest))
            except ValueError:
                read.note("CAL007", token["span"], longest=str(longest))
                continue
            for day, name in span.wrong_weekdays:
                read.note("CAL005", f"周{name}", date=f"{day}", weekday=f"周{WEEKDAYS[day.weekday()]}")
            before = span.days[-1]
            if extending:
                extending = False
                _extend(before, text, festival, read, calendar)
            else:
                waiting += span.days
        elif token["shift"]:
            # The dates before it only lend their day off; 上班 says separately when one of them is worked.
            waiting, shifting = [], True
        elif token["rest"] or (shifting and token["stop"]):
            read.put("rest", waiting, festival)
            latest, waiting, shifting = waiting or latest, [], False
        elif token["work"]:
            # "2月3日起正常上班" only says that the holiday is over.
            if not text[: token.start()].endswith("起"):
                read.put("work", waiting, festival)
            waiting = []
        elif token["total"] and latest:
            if (stated := stated_number(token["total"])) != len(set(latest)):
                read.note("CAL006", text, stated=str(stated), counted=str(len(set(latest))))
            latest = []
    if shifting:
        read.put("rest", waiting, festival)
    elif waiting:
        read.note("CAL009", text)


def _extend(until: dt.date, text: str, festival: str, read: _Read, calendar: Calendar | None) -> None:
    """Rest from the first day of the festival's present arrangement to the new last day."""
    names = calendar.names if calendar else {}
    reach = [until - dt.timedelta(days=back) for back in range(_rules()["limits"]["longest_days"] + 1)]
    known = [day for day in reach if festival and festival in names.get(day, "").split("、")]
    if not known:
        read.note("CAL011", text, festival=festival)
        return
    read.put("rest", [day for day in reversed(reach) if day >= min(known)], festival)


def _clause(text: str, festival: str, year: int, read: _Read, calendar: Calendar | None) -> None:
    """Read one clause sentence by sentence; advice and sentences without a date are listed, not read."""
    words = _rules()["words"]
    for sentence in filter(None, re.split(r"[。\n]", text)):
        advice = re.search(rf"(?:^|[,;])[^,;]*?(?:{words['advice']})", sentence)
        firm, loose = (sentence[: advice.start()], sentence[advice.start():]) if advice else (sentence, "")
        for part, heeded in ((firm, True), (loose, False)):
            kinds = {token.lastgroup for token in _token().finditer(part)}
            dated = re.search(SPAN, part) is not None
            if dated and heeded:
                _sentence(part, festival, year, read, calendar)
            elif (dated or kinds & {"rest", "work"}) and "期间" not in part:
                read.note("CAL009" if heeded and "total" in kinds else "CAL010", part.strip(",;"))


def _heading(
    text: str, notice_no: str, published_on: dt.date | None, read: _Read,
) -> tuple[int, str, str, dt.date | None]:
    """The notice's year (0 if none), title, number and day of publication; notes what is missing."""
    flat = text.replace("\n", "")
    title = found[1] if (found := _TITLE.search(flat)) else ""
    years = _YEAR.search(title) or re.search(r"现将(\d{4})年", flat) or _DATED_YEAR.search(flat)
    if not notice_no:
        number = _NUMBER.search(flat)
        notice_no = f"{number[1]}〔{number[2]}〕{number[3]}号" if number else ""
    if not notice_no:
        notice_no = f"{title or '放假通知'}（未写文号）"
        read.note("CAL002", notice_no)
    if published_on is None and (signed := _SIGNED.findall(text)):
        with suppress(ValueError):
            published_on = written_date(signed[-1])
    if published_on is None:
        read.note("CAL003", "")
    return int(years[1]) if years else 0, title, notice_no, published_on


def parse(
    text: str, calendar: Calendar | None = None, notice_no: str = "", published_on: dt.date | None = None,
) -> tuple[list[NoticeDay], list[Finding]]:
    """Read a notice.

    Args:
        text: the notice as pasted: any spacing, full- or half-width, with or without the page around it.
        calendar: the calendar before this notice; only an extension of a holiday needs it.
        notice_no: number to use instead of the one in the text.
        published_on: day of publication to use instead of the signature's.

    Returns:
        The days the notice sets, in order, and findings (CAL001 to CAL012). Each clause with a date is read or
        listed. With a finding of severity ``error`` the rows are for showing, not for keeping.
    """
    read = _Read()
    plain = _plain(text)
    year, title, number, published = _heading(plain, notice_no, published_on, read)
    if not year:
        read.note("CAL001", "")
        return [], read.findings
    starts = [match.start() for match in _item().finditer(plain)]
    ends = [match.start() for match in _SIGNED.finditer(plain) if not starts or match.start() > starts[0]]
    end = ends[-1] if ends else len(plain)
    whole = _festival(title) if not re.search(_rules()["yearly"]["title"], title) else ""
    whole = whole or re.sub(r"(?:调休|放假|安排)+$", "", title)
    if starts:
        _preamble(plain[: starts[0]], read)
    else:
        _clause(_TITLE.sub("", plain[:end], count=1), whole, year, read, calendar)
    for start, stop in zip(starts, [*starts[1:], end], strict=False):
        numbered = _NUMBERED.match(plain, start)
        clause = plain[numbered.end() if numbered else start : stop]
        _clause(clause, _festival(re.split(r"[:\d]", clause)[0]) or whole, year, read, calendar)
    return _rows(read, title, number, published), read.findings


def _preamble(text: str, read: _Read) -> None:
    """List sentences before the first clause that speak of days off: principles, not arrangements."""
    for sentence in re.split(r"[。\n]", text):
        if {"rest", "total"} <= {token.lastgroup for token in _token().finditer(sentence)}:
            read.note("CAL010", sentence)


def _rows(read: _Read, title: str, number: str, published: dt.date | None) -> list[NoticeDay]:
    rest, work = read.days["rest"], read.days["work"]
    for day in sorted(rest.keys() & work.keys()):
        read.note("CAL008", day)
    if not rest and not work:
        read.note("CAL004", "")
    if re.search(_rules()["yearly"]["title"], title):
        read_festivals = "、".join(rest.values())
        if missing := [name for name in _rules()["yearly"]["festivals"] if name not in read_festivals]:
            read.note("CAL012", "、".join(missing))
    said = sorted((day, kind, name) for kind, days in read.days.items() for day, name in days.items())
    return [NoticeDay(*arranged, number, published) for arranged in said]
