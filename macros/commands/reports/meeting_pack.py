"""What a month's meetings need: sentences and agenda worked out from the register, and the tables of their papers."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from macros.commands.days import calendar_of
from macros.commands.judging import judged
from macros.service import meetings, report_parts
from macros.service.agenda import FORM, TREND, Agenda, rows, service_agenda, team_agenda
from macros.service.meetings import kind_of, kinds, rules
from macros.service.overview import Overview, overview
from macros.service.trend import trend_rows
from macros.tables import records

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Mapping, Sequence

    from macros.clocks.item import Item
    from macros.records import Record
    from macros.register import Register
    from macros.service.cases import Case


class Prepared(NamedTuple):
    """A meeting with what was worked out for it: sentences by column, its agenda, the papers to make.

    ``demands`` are those of its customer, as the report lists them.
    """

    meeting: Record
    wanted: Mapping[str, str]
    agenda: Agenda
    papers: Sequence[str]
    demands: Sequence[Record] = ()


def prepared(
    register: Register, held: Sequence[Record], seen: Overview, items: Sequence[Item], at: dt.datetime,
) -> list[Prepared]:
    """Work out each meeting.

    Args:
        register: the tables.
        held: the rows of the meetings.
        seen: the overview of service of their month.
        items: every deadline at ``at``.
        at: the moment.
    """
    gathered = report_parts.gather(register) if any(map(meetings.is_service, held)) else {}
    clocks = _clocks(items, seen)
    return [
        _service(register, row, seen, gathered, clocks) if meetings.is_service(row)
        else _team(register, row, seen, items, at)
        for row in held
    ]


def _clocks(items: Sequence[Item], seen: Overview) -> dict[str, str]:
    """The on-time rate of hard clocks in the month, in words, by customer."""
    from macros.analytics.ontime import grouped, total
    from macros.clocks.tallies import by_customer

    month = seen.counts
    rates = grouped(items, month.first, min(month.last, seen.at.date()), by_customer)
    return {name: report_parts.on_time(total(each).met, total(each).judged) for name, each in rates.items()}


def _service(
    register: Register, row: Record, seen: Overview, gathered: Mapping[str, report_parts.Whose],
    clocks: Mapping[str, str],
) -> Prepared:
    """A service meeting: the four parts of its report and its agenda."""
    name = row.text("customer_name")
    whose = gathered.get(name, report_parts.Whose((), ()))
    month = seen.counts.of_customer(name)
    last = min(month.last, seen.at.date())
    before = [each for each in seen.months.values() if each.last < month.first]
    supervised = [one for one in seen.supervised if one.case.customer == name]
    running = [case for case in _complaints(seen) if case.customer == name]
    agenda = service_agenda(register, row, seen.at.date())
    said = rules()["propose"]["service"]
    open_ = sum(item["done_on"] is None for item in agenda.parts[rules()["part"]["last"]])
    begun = month.first <= seen.at.date()
    told = {
        "construction": report_parts.construction(whose.demands, month.first, last),
        "assurance": report_parts.assurance(month, whose.runs, register),
        "indicators": report_parts.indicators(
            month, before[-1].of_customer(name) if before else None, clocks.get(name, report_parts.on_time(0, 0)),
        ),
        "complaints": report_parts.complaints(month, running, supervised),
    }
    wanted = {
        **(told if begun else {}),
        "agenda": said["agenda"].format(
            followups=said["followups"].format(open=open_) if open_ else "",
            supervised=said["supervised"].format(count=len(supervised)) if supervised else "",
        ),
        "host": _named(register, "host"), "recorder": _named(register, "recorder"),
        "attendees": _attendees(register, row),
    }
    return Prepared(row, wanted, agenda, _papers(row, begun=begun), whose.demands)


def _complaints(seen: Overview) -> list[Case]:
    """The complaints that are not closed, of earlier months too."""
    return [one.case for one in seen.running if one.case.table == "complaint" and one.case.ended is None]


def _attendees(register: Register, row: Record) -> str:
    """The customer's first contacts and our manager; nobody where no contact is entered."""
    found = register.groups("contact", ("customer_name",)).get((row["customer_name"],), [])
    names = [each.text("person") for each in found if each["person"] is not None][: rules()["attend"]]
    return "、".join(name for name in (*names, _named(register, "recorder")) if name) if names else ""


def _named(register: Register, duty: str) -> str:
    """Who usually has a duty at meetings, by the settings; empty where nobody is named."""
    return register.settings.get(rules()["duty"][duty], "")


def _team(register: Register, row: Record, seen: Overview, items: Sequence[Item], at: dt.datetime) -> Prepared:
    """A team meeting: its agenda from the registers."""
    ahead = kinds()[kind_of(row)]["ahead"]
    agenda = team_agenda(register, row, items, seen.supervised, at, ahead)
    counts = {part: agenda.count(part) for part in ("last", "late", "due", "red")}
    wanted = {
        "agenda": rules()["propose"]["team"]["agenda"].format(ahead=ahead, **counts),
        "assurance": report_parts.assurance(seen.counts, (), register),
        "complaints": report_parts.complaints(seen.counts, _complaints(seen), seen.supervised),
        "host": _named(register, "host"), "recorder": _named(register, "recorder"),
    }
    return Prepared(row, wanted, agenda, _papers(row))


def _papers(row: Record, *, begun: bool = True) -> list[str]:
    """The meeting's papers: no report of a month to come, minutes once something was resolved."""
    kind = kinds()[kind_of(row)]
    papers = kind["papers"] if begun else kind["ahead_of_month"]
    return [*papers, *([kind["minutes"]] if row["resolutions"] is not None else [])]


def filled(register: Register, keys: Collection[str] | None, at: dt.datetime) -> Register:
    """The register with meetings as their papers print them, for papers asked for by the row.

    Args:
        register: the tables.
        keys: the meetings' numbers; all when None.
        at: the moment.
    """
    held = [row for row in register.rows("meeting") if row["month"] is not None and (keys is None or row.key in keys)]
    if not held:
        return register
    calendar = calendar_of(register)
    items = judged(register, at).items
    rows_of: dict[str, list[Record]] = {}
    for row in held:
        rows_of.setdefault(row.text("month"), []).append(row)
    tables: dict[str, tuple[Record, ...]] = {}
    for month, meant in rows_of.items():
        seen = overview(register, calendar, at, month)
        for made, _ in runs(register, prepared(register, meant, seen, items, at), seen):
            for table in ("meeting", FORM, TREND):
                tables[table] = (*tables.get(table, ()), *made.rows(table))
    told = {row.place: row for row in tables["meeting"]}
    tables["meeting"] = tuple(told.get(row.place, row) for row in register.rows("meeting"))
    return register.having(tables)


def runs(register: Register, found: Sequence[Prepared], seen: Overview) -> list[tuple[Register, Sequence[str]]]:
    """For each meeting the register with its own row as printed, and its papers."""
    made: list[tuple[Register, Sequence[str]]] = []
    for each in found:
        name = each.meeting.text("customer_name")
        months = {
            month: counts.of_customer(name) if meetings.is_service(each.meeting) else counts
            for month, counts in seen.months.items()
        }
        tables = {
            "meeting": (meetings.printed(each.meeting, each.wanted),), FORM: rows([each.agenda]),
            "demand": tuple(each.demands), TREND: records(TREND, trend_rows(each.meeting.key, months)),
        }
        made.append((register.having(tables), each.papers))
    return made
