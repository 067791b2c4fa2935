"""The register rows of an appraisal's period by manager, each kind read once for all indicators and managers."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from macros.analytics import forecast
from macros.analytics.attainment import goals
from macros.analytics.counting import Counter
from macros.analytics.duties import deadlines
from macros.analytics.grades import grid
from macros.analytics.indicators import rules
from macros.analytics.ontime import within
from macros.analytics.spans import span, to_date
from macros.billing.collection import Milestone, standings
from macros.clocks.item import day
from macros.clocks.tallies import scored
from macros.findings import about
from macros.service.counts import service_month, tally
from macros.terms import in_force

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from macros.analytics.attainment import Goal
    from macros.analytics.counting import Event
    from macros.analytics.forecast import Line
    from macros.analytics.grades import Grid
    from macros.analytics.spans import Span
    from macros.billing.collection import Standing
    from macros.clocks.item import Item
    from macros.findings import Finding
    from macros.records import Record
    from macros.register import Register
    from macros.service.counts import ServiceMonth, Share
    from macros.service.rules import Table
    from macros.workdays import Calendar


class Sources:
    """A register's rows of one period as known at ``at``. A manager of no name means the whole city."""

    def __init__(self, register: Register, calendar: Calendar, period: Span, at: dt.datetime) -> None:
        self.register, self.period, self.at = register, period, at
        self.last = min(period.last, at.date())
        self._calendar = calendar
        self._counter = Counter(register, self.last)

    @cached_property
    def items(self) -> list[Item]:
        """Every deadline."""
        return deadlines(self.register, self._calendar, self.at, self.period.first)

    @cached_property
    def _by_manager(self) -> dict[str, list[Item]]:
        own = self.manager_of(None)
        found: dict[str, list[Item]] = defaultdict(list)
        for item in self.items:
            found[item.manager or own].append(item)
        return found

    def items_of(self, manager: str) -> list[Item]:
        """A manager's deadlines; the whole city's own duties are its manager's."""
        return self._by_manager.get(manager, [])

    @cached_property
    def _by_clock(self) -> dict[str, list[tuple[Item, str]]]:
        found: dict[str, list[tuple[Item, str]]] = defaultdict(list)
        for item in self.items:
            stands = within(item, self.period.first, self.period.last)
            if stands in ("met", "late"):
                found[item.clock].append((item, stands))
        return found

    @cached_property
    def _service(self) -> ServiceMonth:
        return service_month(self.register, self._calendar, self.period.first, self.last, self.at)

    @cached_property
    def managers(self) -> tuple[str, ...]:
        """The managers of customers in sheet order; the city's own for customers that have none."""
        rows = self.register.rows("customer")
        return tuple(dict.fromkeys(row.text("manager") or self.manager_of(None) for row in rows)) or (
            self.manager_of(None),
        )

    def manager_of(self, record: Record | None) -> str:
        """Whose customer a row is about; the city's own manager where its customer has none."""
        whose = self.register.customer_of(record) if record else None
        own = self.register.settings[rules()["words"]["manager_setting"]]
        return (whose.text("manager") if whose else "") or own or str(rules()["words"]["unnamed"])

    def judged(self, clocks: Sequence[str], manager: str) -> list[tuple[Item, str]]:
        """The deadlines of some clocks judged in the period; of all that count where none are named."""
        numbers = clocks or [
            number for number, found in self._by_clock.items() if scored(found[0][0], self.register.settings)
        ]
        return [
            pair for number in numbers for pair in self._by_clock.get(number, ()) if self._mine(pair[0], manager)
        ]

    def _mine(self, item: Item, manager: str) -> bool:
        return not manager or (item.manager or self.manager_of(None)) == manager

    def share(self, table: Table, measure: str, manager: str) -> Share:
        """A rate of faults or complaints asked in the period."""
        found = self._service.faults if table == "fault" else self._service.complaints
        mine = [case for case in found.cases if not manager or self.manager_of(case.record) == manager]
        return tally(table, mine).share(measure)

    def statements(self, clock: str) -> list[tuple[Standing, dt.date]]:
        """The statements whose last day of payment lies in the period and is over, as they stood on that day."""
        due = {
            (item.clock, item.period, item.customer): day(item.due) for item in self.items
            if item.clock == clock and item.due and self.period.first <= day(item.due) <= self.last
        }
        rows, payments = self.register.rows("statement"), self.register.rows("payment")
        found: list[tuple[Standing, dt.date]] = []
        for last in sorted(set(due.values())):
            stones = {key: Milestone(on, "", None) for key, on in due.items() if on == last}
            held, _ = standings(rows, payments, stones, last)
            found += [(each, last) for each in held if (clock, each.month, each.operator) in stones]
        return found

    def received(self) -> list[tuple[Record, dt.date, Decimal]]:
        """What was paid in the period: rows of 收款, and statements that have none but a sum and a day."""
        rows = [(row, row.date("received_on"), row["amount"]) for row in self.register.rows("payment")]
        listed = {(row.text("month"), row.text("operator")) for row in self.register.rows("payment")}
        rows += [
            (row, row.date("paid_on"), row["paid"]) for row in self.register.rows("statement")
            if (row.text("month"), row.text("operator")) not in listed
        ]
        return [
            (row, on, amount) for row, on, amount in rows
            if on and isinstance(amount, Decimal) and self.period.first <= on <= self.last
        ]

    def ended(self, manager: str) -> list[tuple[Record, bool]]:
        """The leases whose term ended in the period, each with whether it was renewed by its manager."""
        later = self._begun_after()
        return [
            (row, (renewed is not None and renewed <= self.at.date()) or (row.key in later and later[row.key] > ends))
            for row in self.register.rows("lease")
            if (ends := row.date("ends_on")) and self.period.first <= ends <= self.last and self._whose(row, manager)
            for renewed in (row.date("renewed_on"),)
        ]

    def _begun_after(self) -> dict[str, dt.date]:
        """The last beginning of each lease number: a later row of a number continues it."""
        found: dict[str, dt.date] = {}
        for row in self.register.rows("lease"):
            starts = row.date("starts_on")
            if starts and row.key:
                found[row.key] = max(starts, found.get(row.key, starts))
        return found

    def running(self, manager: str) -> list[tuple[Record, bool]]:
        """The leases in force on the first day, each with whether it still is on the last day known."""
        first = self._in_force(self.period.first)
        last = self._in_force(self.last)
        return [(row, key in last) for key, row in first.items() if self._whose(row, manager)]

    def _in_force(self, on: dt.date) -> dict[str, Record]:
        found: dict[str, Record] = {}
        for row in self.register.rows("lease"):
            if row.key and in_force(row, on):
                found.setdefault(row.key, row)
        return found

    def orders(self, manager: str) -> list[Event]:
        """The orders signed in the period."""
        events = self._counter.events(rules()["words"]["order_counting"], self.period.months)
        return [event for event in events if not manager or self._of_name(event.customer) == manager]

    def forecasts(self, manager: str) -> list[Line]:
        """The forecasts of the period's months whose actual is known."""
        lines = forecast.lines(self.register, self._counter, self.period.months, f"{self.last:%Y-%m}")
        return [
            line for line in lines
            if line.actual is not None and (not manager or self._of_name(line.customer) == manager)
        ]

    def goals(self, kind: str) -> list[Goal]:
        """The goals of a kind for all customers: the year's own in a year that has one, else its months'."""
        found: list[Goal] = []
        for name in self.period.months:
            month = span(name)
            assert month
            if month.first > self.last:
                break
            months = to_date(month).months
            lines = forecast.lines(self.register, self._counter, months, f"{self.last:%Y-%m}")
            held = goals(self.register, lines, self._counter, month, self.last)
            found += [
                goal for goal in held
                if goal.kind == kind and not goal.record["customer_name"] and not goal.record["item"]
            ]
        yearly = [goal for goal in found if goal.period.is_year]
        return yearly[-1:] if self.period.is_year and yearly else [g for g in found if not g.period.is_year]

    def grid(self, manager: str) -> Grid:
        """The service grades of the manager's customers."""
        return grid([row for row in self.register.rows("grade") if self._whose(row, manager)], self.period)

    def answers(self, manager: str) -> list[Record]:
        """The questionnaires of the half-years that touch the period."""
        return [row for row in self.surveyed() if row["score"] is not None and self._whose(row, manager)]

    def surveyed(self) -> list[Record]:
        """Every questionnaire of those half-years, answered or not."""
        return [
            row for row in self.register.rows("survey")
            if (half := span(row.text("half"))) and half.first <= self.period.last and half.last >= self.period.first
        ]

    def scores(self, manager: str, number: str) -> list[Record]:
        """What people scored a manager in the period on one indicator."""
        return [
            row for row in self.marks
            if row.text("manager") == manager and row.text("indicator_no") == number and not self.against(row)
        ]

    @cached_property
    def marks(self) -> tuple[Record, ...]:
        """The rows of 考核打分 for the period."""
        return tuple(row for row in self.register.rows("score") if row.text("period") == self.period.name)

    def against(self, row: Record) -> list[Finding]:
        """What is wrong with a row of 考核打分, which then does not count."""
        said = rules()["words"]
        indicator = self.register.find("indicator", row.text("indicator_no"))
        if indicator is None:
            return [about(row, "indicator_no", "KPI015", why=said["no_indicator"])]
        if indicator.text("kind") == said["quantitative"]:
            return [about(row, "indicator_no", "KPI015", why=said["counted_indicator"])]
        if row.text("manager") not in self.managers:
            return [about(row, "manager", "KPI015", why=said["no_manager"])]
        score, full = row["score"], indicator["full"]
        most = full if isinstance(full, Decimal) and full else Decimal(said["full"])
        return [about(row, "score", "KPI014", full=most)] if isinstance(score, Decimal) and score > most else []

    def _whose(self, row: Record, manager: str) -> bool:
        return not manager or self.manager_of(row) == manager

    def _of_name(self, customer: str) -> str:
        return self.manager_of(self.register.find("customer", customer))
