"""The parts of the monthly analysis about customers and the market: figures, comparisons and a sentence each (H6)."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from macros.choices import values_of
from macros.work.events import action_rule
from macros.work.periods import by_month, growth
from macros.work.quotas import followed, is_done
from macros.work.weeks import week_of, weeks
from macros.work.words import rules

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from macros.records import Record
    from macros.register import Register
    from macros.tables import Values
    from macros.work.periods import Compared
    from macros.workdays import Calendar


def customers(register: Register, calendar: Calendar, month: Compared) -> tuple[str, list[Values]]:
    """Who the customers are and how they were looked after.

    Raises:
        CalendarError: the calendar does not hold the month.
    """
    rule = rules("analysis")
    known = [row for row in register.rows("customer") if row.key]
    made = by_month(register, {"table": "visit", "day": "visited_on"}, month.last)
    visits, before = made.get(month.month, []), made.get(month.before, [])
    on_site = [row for row in visits if _is_on_site(row)]
    idle = idle_weeks(register, calendar, month)
    follow = [each for each in followed(register, month.last) if _agreed(register, each.row, month.last)]
    lines: list[Values] = []
    for operator in values_of("operator"):
        mine = [row for row in known if row.text("operator") == operator]
        contacts = [row for row in register.rows("contact") if row.text("customer_name") in {each.key for each in mine}]
        lines.append(_line(
            "structure", operator, figure=len(mine), second=sum(_is_vip(row) for row in mine), third=len(contacts),
        ))
    for row in known:
        mine_open = [one for one in follow if one.row.text("customer_name") == row.key and not is_done(one, month.last)]
        lines.append(_line(
            "visits", row.key, figure=_of(on_site, row), before=_of([v for v in before if _is_on_site(v)], row),
            second=idle[row.key], third=len(mine_open), group=row.text("level"),
        ))
    visited = {row.text("customer_name") for row in on_site}
    open_ = [each for each in follow if not is_done(each, month.last)]
    closed = [row for row in register.rows("followup") if _within(row, "done_on", month)]
    said = rule["sentences"]["customers"].format(
        total=len(known), vip=sum(map(_is_vip, known)), contacts=sum(row.key != "" for row in register.rows("contact")),
        visits=len(visits), on_site=len(on_site), visited=len(visited),
        high=sum(row.text(rule["high"]["column"]) == rule["high"]["value"] for row in visits),
        unvisited=sum(row.key not in visited for row in known), idle=sum(idle.values()), closed=len(closed),
        open=len(open_), late=sum(bool(each.days) for each in open_),
    )
    return said, lines


def idle_weeks(register: Register, calendar: Calendar, month: Compared) -> Counter[str]:
    """By customer, the weeks of the month that are over and had no visit on site."""
    served = {
        (row.text("customer_name"), week_of(day)) for row in register.rows("visit")
        if (day := row.date("visited_on")) and _is_on_site(row)
    }
    over = [week.name for week in weeks(calendar, month.month)[0] if week.days[-1] <= month.last]
    return Counter({
        row.key: sum((row.key, week) not in served for week in over) for row in register.rows("customer") if row.key
    })


def market(register: Register, month: Compared) -> tuple[str, list[Values]]:
    """Demand by operator and by label, against the month before and the same month a year before."""
    rule = rules("analysis")
    what = rule["demand"]
    made = by_month(register, what, month.last)
    this, before, year_ago = (made.get(name, []) for name in (month.month, month.before, month.year_ago))
    lines: list[Values] = []
    for part, column in (("operators", what["operator"]), ("labels", what["label"])):
        counts = [Counter(row.text(column) or rule["unsaid"] for row in rows) for rows in (this, before, year_ago)]
        names = [*values_of(column), *([rule["unsaid"]] if any(rule["unsaid"] in each for each in counts) else [])]
        lines += [_compared(part, name, *(each[name] for each in counts)) for name in names]
    grid = Counter((row.text(what["operator"]), row.text(what["label"]) or rule["unsaid"]) for row in this)
    labels = [*values_of(what["label"]), rule["unsaid"]]
    for operator in values_of(what["operator"]):
        counted = [grid[operator, label] for label in labels]
        lines.append(_line(
            "grid", operator, figure=counted[0], second=counted[1], third=counted[2], before=counted[3],
            year_ago=sum(counted),
        ))
    by_operator = Counter(row.text(what["operator"]) or rule["unsaid"] for row in this).most_common(1)
    most = rule["sentences"]["most"].format(operator=by_operator[0][0], count=by_operator[0][1]) if by_operator else ""
    said = rule["sentences"]["market"].format(
        this=len(this), before=len(before), year_ago=len(year_ago), most=most,
        growth=growth(len(this), len(before), rule["before_zero"]),
        growth_year=growth(len(this), len(year_ago), rule["year_zero"]),
    )
    return said, lines


def _compared(part: str, label: str, this: int, before: int, year_ago: int) -> Values:
    rule = rules("analysis")
    return _line(
        part, label, figure=this, before=before, year_ago=year_ago, growth=growth(this, before, rule["before_zero"]),
        growth_year=growth(this, year_ago, rule["year_zero"]),
    )


def _line(part: str, label: str, **values: Any) -> Values:
    return {"part": rules("analysis")["parts"][part], "label": label, **values}


def _is_vip(row: Record) -> bool:
    vip = rules("analysis")["vip"]
    return row.text(vip["column"]) == str(vip["value"])


def _is_on_site(row: Record) -> bool:
    return row.text("manner") in action_rule(rules()["plan"]["default"])["done"]["where"]["manner"]


def _of(visits: Sequence[Record], customer: Record) -> int:
    return sum(row["customer_name"] == customer["customer_name"] for row in visits)


def _agreed(register: Register, row: Record, last: dt.date) -> bool:
    """Whether a follow-up was there by a day: the visit or meeting it comes from was not later."""
    for rule in rules("analysis")["followup"]:
        source = register.find(rule["table"], row.text("source_no"))
        if source and (day := source.date(rule["day"])):
            return day <= last
    return True


def _within(row: Record, name: str, month: Compared) -> bool:
    day: dt.date | None = row.date(name)
    return bool(day and month.first <= day <= month.last)
