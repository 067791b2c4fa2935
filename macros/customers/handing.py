"""What a manager who leaves hands over: everything open that is his, one line each (R10, I5)."""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from macros.clocks.item import day, ends
from macros.clocks.rules import words as clock_words
from macros.customers import cases
from macros.customers.folio import Folio
from macros.data import toml

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from decimal import Decimal

    from macros.billing.collection import Standing
    from macros.clocks.item import Item
    from macros.records import Record, Value
    from macros.register import Register


class Line(NamedTuple):
    """One line of a hand-over list; ``due`` is a day or a moment as text, ``late`` whether it is past."""

    part: str
    mark: str
    key: str
    customer: str
    content: str = ""
    person: str = ""
    due: str = ""
    state: str = ""
    amount: Decimal | None = None
    place: str = ""
    late: bool = False


@cache
def rules() -> dict[str, Any]:
    """``rules/handover.toml``."""
    return toml(Path(__file__).parents[1] / "rules" / "handover.toml")


def lines(
    register: Register, items: Iterable[Item], standings: Iterable[Standing], manager: str, now: dt.datetime,
) -> list[Line]:
    """Every line of the hand-over of one manager, part by part.

    Args:
        register: the tables.
        items: the board (`macros.clocks.engine.judge_all`).
        standings: the statements (`macros.billing.collection.standings`).
        manager: who leaves.
        now: the moment of handing over.
    """
    folio = Folio(register, now.date())
    customers = [row for row in register.rows("customer") if row.key and folio.of_customer(row) == manager]
    running = list(_clocks(items, manager, folio.fallback, now))
    return [
        *_by_clock(running), *running, *_promises(register, folio, manager),
        *_contacts(register, customers), *_work(register, folio, manager), *_money(standings, customers),
        *_cases(register, folio, manager), *_papers(register, folio, manager),
        *(Line("checks", "", str(number), "", each["text"]) for number, each in enumerate(rules()["check"], 1)),
    ]


def _clocks(items: Iterable[Item], manager: str, fallback: str, now: dt.datetime) -> Iterator[Line]:
    """The deadlines still running, by the day they fall due; those that wait for a date last."""
    mine = [each for each in items if each.running and (each.manager or fallback) == manager]
    for each in sorted(mine, key=lambda one: (one.due is None, str(one.due or ""), one.clock, one.key)):
        row = each.record
        yield Line(
            "clocks", f"{each.clock} {each.title}", each.key, each.branch or each.customer, each.next_action, "",
            _moment(each.due) if each.due else rules()["words"]["no_due"], _state(each, now),
            place=f"{row.place.sheet} {each.cell or row.place.row}" if row else "", late=each.state == "late",
        )


def _by_clock(running: Sequence[Line]) -> Iterator[Line]:
    """How many deadlines of each clock are open, how many of them late, and the first of them."""
    words = rules()["words"]
    for mark in sorted({each.mark for each in running}):
        mine = [each for each in running if each.mark == mark]
        late = sum(each.late for each in mine)
        told = words["of_late"].format(count=late)
        yield Line("by_clock", mark, str(len(mine)), "", "", "", mine[0].due, told, late=late > 0)


def _state(item: Item, now: dt.datetime) -> str:
    words = rules()["words"]
    if item.state == "late" and item.due:
        days = (now.date() - day(item.due)).days
        return str(words["late"].format(days=days)) if days else str(clock_words()["states"]["late"])
    return str(words["waiting"] if item.state == "waiting" else words["open"])


def _moment(due: dt.date) -> str:
    """A day as a day, a moment to the minute."""
    return str(due)[:16] if ends(due) == due else str(due)


def _promises(register: Register, folio: Folio, manager: str) -> Iterator[Line]:
    """What the customer was told and waits for: follow-ups, days promised, notices whose day is still to come."""
    words, today = rules()["words"], folio.today

    def open_(row: Record, done: str) -> bool:
        ended = row.date(done)
        return (ended is None or ended > today) and folio.manager(row) == manager

    for row in register.rows("followup"):
        ended = row.date("done_on")
        if (ended is None or ended > today) and (row["owner"] == manager or folio.manager(row) == manager):
            yield _line("promises", words["followup"], row, row.text("matter"), row.text("owner"), row["due_on"], today)
    for row in register.rows("complaint"):
        if row["promised_on"] is not None and open_(row, "solved_at"):
            yield _line("promises", words["complaint"], row, row.text("content"), row.text("department"),
                        row["promised_on"], today)
    for row in register.rows("project"):
        if row["new_deliver_on"] is not None and open_(row, "closed_on"):
            yield _line("promises", words["delivery"], row, row.text("project_name"), row.text("region_manager"),
                        row["new_deliver_on"], today, _customer(register, row))
    for row in register.rows("lease"):
        if row["expiry_told_on"] is not None and row["ending_received_on"] is None and open_(row, "renewed_on"):
            yield _line("promises", words["renewal"], row, row.text("site_name"), "", row["ends_on"], today,
                        _customer(register, row))
    for row in register.rows("notice"):
        effective = row.date("effective_on")
        if effective and effective > today and folio.manager(row) == manager:
            yield _line("promises", words["change"], row, row.text("item"), "", effective, today,
                        _customer(register, row))


def _contacts(register: Register, customers: Sequence[Record]) -> Iterator[Line]:
    people = register.groups("contact", ("customer_name",))
    for customer in customers:
        for row in people.get((customer["customer_name"],), ()):
            texts = {name: row.text(name) for name in row.form.index}
            yield Line(
                "contacts", " ".join(filter(None, (texts["post"], texts["role"]))),
                " ".join(filter(None, (texts["phone"], texts["email"]))), customer.key,
                "，".join(filter(None, (texts["leader"], texts["occasion"], texts["note"]))), texts["person"], "",
                " ".join(filter(None, (texts["influence"], texts["attitude"]))), place=_place(row),
            )


def _work(register: Register, folio: Folio, manager: str) -> Iterator[Line]:
    """Demands without agreement, orders still unsigned, projects under way."""
    words, today = rules()["words"], folio.today
    mine: dict[str, Record] = {}
    for row in register.rows("demand"):
        ended = row.date("agreement_signed_on")
        if (ended is None or ended > today) and folio.manager(row) == manager:
            mine[row.key] = row
            yield _line("work", words["demand"], row, row.text("site_name"), "", row["deliver_by"], today,
                        _customer(register, row), row.text("phase") or words["running"])
    for row in register.rows("order"):
        demand = mine.get(row.text("demand_no"))
        if demand is not None and demand["order_signed_on"] is None:
            yield _line("work", words["order"], row, row.text("tower_site_name"), "", row["deliver_on"], today,
                        _customer(register, demand), words["unsigned"])
    for row in register.rows("project"):
        ended = row.date("closed_on")
        demand = register.find("demand", row.text("demand_no"))
        if (ended is None or ended > today) and demand is not None and folio.manager(demand) == manager:
            yield _line("work", words["project"], row, row.text("project_name"), "",
                        row["new_deliver_on"] or row["deliver_on"], today, _customer(register, demand),
                        row.text("state") or words["building"])


def _money(standings: Iterable[Standing], customers: Sequence[Record]) -> Iterator[Line]:
    """What the operators of the manager's customers owe."""
    operators = {row.text("operator") for row in customers}
    for each in standings:
        if each.operator in operators and each.open > 0:
            stone = each.milestones.get(rules()["paid"])
            state = rules()["words"]["late"].format(days=each.days) if each.days else rules()["words"]["open"]
            yield Line("money", each.bucket, each.month, each.operator, each.row.text("note"), "",
                       str(stone.due) if stone and stone.due else "", state, each.open, _place(each.row), each.days > 0)


def _cases(register: Register, folio: Folio, manager: str) -> Iterator[Line]:
    words, today = rules()["words"], folio.today
    tables = (
        ("fault", words["fault"], "symptom", "reported_at", "restore_by", "restored_at"),
        ("complaint", words["complaint_case"], "content", "accepted_at", "promised_on", "closed_at"),
    )
    for code, mark, content, begun, due, ended in tables:
        for row in register.rows(code):
            over, since = row.date(ended), row.date(begun)
            if since and since <= today and (over is None or over > today) and folio.manager(row) == manager:
                line = _line("cases", mark, row, row.text(content), "", row[due], today)
                yield line._replace(person=str(row[begun] or "")[:16])
    for row in register.rows(cases.FORM):
        if cases.runs(row, today) and folio.manager(row) == manager:
            content = "；".join(filter(None, (row.text("matter"), row.text("next_step"))))
            line = _line("cases", words["case"], row, content, "", row["expected_on"], today, state=row.text("stage"))
            yield line._replace(person=row.text("opened_on"))


def _papers(register: Register, folio: Folio, manager: str) -> Iterator[Line]:
    """Papers that went out to be signed and have not come back."""
    for row in register.rows("document"):
        sent, signed = row.date("sent_on"), row.date("signed_on")
        if row["form_no"] not in rules()["sent_forms"] or sent is None or sent > folio.today:
            continue
        if signed is None and folio.of_customer(register.find("customer", row.text("customer_name"))) == manager:
            state = rules()["words"]["to_sign"].format(days=(folio.today - sent).days)
            yield Line("papers", row.text("name"), row.key, row.text("customer_name"), row.text("row_key"), "",
                       str(sent), state, place=_place(row))


def _line(
    part: str, mark: str, row: Record, content: str, person: str, due: Value, today: dt.date, customer: str = "",
    state: str = "",
) -> Line:
    """A line of a register row that is to be done by ``due``."""
    words = rules()["words"]
    on = due if isinstance(due, dt.date) else None
    over = (today - day(on)).days if on else 0
    told = state or (words["late"].format(days=over) if over > 0 else words["not_done"])
    named = customer or (row.text("customer_name") if "customer_name" in row.form.index else "")
    ends_ = _moment(on) if on else words["no_due"]
    return Line(part, mark, row.key, named, content, person, ends_, told, place=_place(row), late=over > 0)


def _customer(register: Register, row: Record) -> str:
    found = register.customer_of(row)
    return found.key if found else row.text("operator") if "operator" in row.form.index else ""


def _place(row: Record) -> str:
    return f"{row.place.sheet} 第{row.place.row}行"
