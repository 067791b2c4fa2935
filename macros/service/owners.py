"""First-asked owners (首问负责, §2.4): who owns each case now, and where the log of hand-overs breaks."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, NamedTuple

from macros.findings import about, finding
from macros.service.rules import TABLES, rules

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from macros.findings import Finding
    from macros.records import Record
    from macros.register import Register


class Owner(NamedTuple):
    """Who owns a case, since when, and the accepted hand-overs that led there; an empty name says nobody is known."""

    name: str
    since: dt.datetime | None
    through: tuple[Record, ...]


def find_case(register: Register, key: str) -> Record | None:
    """The fault or complaint of a number."""
    return next((row for table in TABLES if (row := register.find(table, key))), None)


def handovers(register: Register, key: str, at: dt.datetime | None = None) -> list[Record]:
    """The hand-overs of a case up to a moment, in the order they happened; undated ones are left out."""
    dated = [
        (moment, row.place.row, row) for row in register.groups("handover", ("case_no",)).get((key,), [])
        if isinstance(moment := row["handed_at"], dt.datetime) and (at is None or moment <= at)
    ]
    return [row for _, _, row in sorted(dated, key=lambda one: one[:2])]


def owner(register: Register, case: Record, at: dt.datetime | None = None) -> Owner:
    """Who owns a case at a moment: the first asked, or who accepted the last hand-over.

    A hand-over nobody accepted moves nothing: the case stays with who gave it.
    """
    said = rules()["case"][case.form.code]
    asked = case[said["asked_at"]]
    accepted = [row for row in handovers(register, case.key, at) if row["accepted_by"] is not None]
    if not accepted:
        return Owner(case.text(said["owner"]), asked if isinstance(asked, dt.datetime) else None, ())
    moment = accepted[-1]["handed_at"]
    return Owner(accepted[-1].text("taker"), moment if isinstance(moment, dt.datetime) else None, tuple(accepted))


def chain(register: Register, case: Record, at: dt.datetime | None = None) -> str:
    """The owners of a case in turn, 客户经理A → 客户经理B; empty when none is known."""
    first = case.text(rules()["case"][case.form.code]["owner"])
    through = owner(register, case, at).through
    names = [first or (through[0].text("giver") if through else ""), *(row.text("taker") for row in through)]
    return " → ".join(name for name in names if name)


def check(register: Register) -> list[Finding]:
    """What is wrong in the logs of hand-overs and call-backs, row by row."""
    found: list[Finding] = []
    for (key,), rows in register.groups("handover", ("case_no",)).items():
        case = find_case(register, str(key)) if key is not None else None
        if case is None:
            found += [about(row, "case_no", "SVC001") for row in rows if key is not None]
            continue
        found += _broken(case, handovers(register, str(key)))
    for row in register.rows("callback"):
        found += _called(register, row)
    return found


def _broken(case: Record, rows: Sequence[Record]) -> Iterator[Finding]:
    """Where one case's hand-overs do not follow each other, or stand outside its life."""
    said = rules()["case"][case.form.code]
    holder, asked, closed = case.text(said["owner"]), case[said["asked_at"]], case[said["closed"]]
    first = True
    for row in rows:
        moment = row["handed_at"]
        assert isinstance(moment, dt.datetime)
        if isinstance(asked, dt.datetime) and moment < asked:
            yield about(row, "handed_at", "SVC004", asked=f"{asked:%Y-%m-%d %H:%M}")
        if isinstance(closed, dt.datetime) and moment > closed:
            yield about(row, "handed_at", "SVC003", closed=f"{closed:%Y-%m-%d %H:%M}")
        if row["giver"] is not None and row["giver"] == row["taker"]:
            yield about(row, "taker", "SVC006")
        elif holder and row["giver"] is not None and row.text("giver") != holder:
            yield about(row, "giver", "SVC002", holder=holder, before="受理人" if first else "上一次的接收人")
        if row["accepted_by"] is None:
            yield about(row, "accepted_by", "SVC005", taker=row.text("taker"), holder=row.text("giver") or holder)
        else:
            holder = row.text("taker")
        first = False


def _called(register: Register, row: Record) -> Iterator[Finding]:
    """What is wrong with one call-back."""
    key, on = row.text("case_no"), row.date("called_on")
    if not key:
        return
    case = find_case(register, key)
    if case is None:
        yield about(row, "case_no", "SVC010")
        return
    ended = [day for name in rules()["case"][case.form.code]["ended"] if (day := case.date(name))]
    if on and (not ended or on < min(ended)):
        yield about(row, "called_on", "SVC011", ended=min(ended) if ended else "空白")
    theirs = case.text("customer_name")
    if row["customer_name"] is not None and theirs and row.text("customer_name") != theirs:
        yield about(row, "customer_name", "SVC012", customer=theirs)


def unowned(register: Register, at: dt.datetime) -> list[Finding]:
    """One finding per table that names the running cases without an owner; a sheet without the column is spared."""
    found: list[Finding] = []
    for table in TABLES:
        said = rules()["case"][table]
        running = [
            row for row in register.rows(table)
            if row[said["closed"]] is None and row.columns[row.form.index[said["owner"]]]
            and isinstance(asked := row[said["asked_at"]], dt.datetime) and asked <= at
        ]
        alone = [row for row in running if not owner(register, row, at).name]
        if alone:
            first, form = alone[0], alone[0].form
            keys = "、".join(row.key or row.place.cell(1) for row in alone[: rules()["named"]])
            found.append(finding(
                "SVC007", workbook=form.file, sheet=form.title, cell=first.cell(said["owner"]), key=first.key,
                field=form.column(said["owner"]).title, count=len(alone), keys=keys, case=said["title"],
            ))
    return found
