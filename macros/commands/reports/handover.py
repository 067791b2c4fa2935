"""report handover: one folder with all that a leaving manager hands over, on paper to be signed and as a workbook."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from macros.clocks.quiet import no_collection
from macros.commands import Answer, lists
from macros.commands.books import write_report
from macros.commands.collecting import owed
from macros.commands.judging import judged
from macros.commands.shelf import Shelf
from macros.commands.times import moment
from macros.customers.folio import Folio
from macros.customers.handing import Line, lines, rules
from macros.findings import finding
from macros.hosts import refuse
from macros.records import as_cell
from macros.tables import record, records

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from macros.findings import Finding
    from macros.records import Cell, Record, Value
    from macros.workbooks.reports import Sheet

PAPER, PACK, LINE = "handover-pack", "handover_pack", "handover_line"


@no_collection()
def report(folder: Path, what: Sequence[str], out: Path, now: str | None) -> Answer:
    """Make the hand-over pack of one manager.

    Args:
        folder: the register.
        what: who leaves (may be left out where there is one manager), and who takes over (may be left out).
        out: folder of reports; the pack has a folder of its own in it.
        now: the moment of handing over, the present when None.

    Raises:
        Refused: nobody is named where there are several managers, or nobody of that name, or both are one person.
    """
    from generator.names import safe_name
    from macros.commands.worked_out import issue

    shelf = Shelf(folder)
    register = shelf.register()
    at = moment(now)
    folio = Folio(register, at.date())
    manager, successor = _who(folio, what)
    items = judged(register, at).items
    stood, _ = owed(register, items, at.date())
    made = lines(register, items, stood, manager, at)
    customers = sum(folio.of_customer(row) == manager for row in register.rows("customer") if row.key)
    home = out / safe_name(rules()["folder"].format(manager=manager, day=at.date()))
    nobodys = sum(each.running and not (each.manager or folio.fallback) for each in items)
    findings: list[Finding] = [finding("CUS073", count=nobodys)] if nobodys else []
    findings += write_report(home / rules()["file"], rules()["title"], _sheets(made))
    tables = _tables(made, manager, successor, customers, at)
    issued = issue(shelf, register, [(register.having(tables), [PAPER])], home, at)
    findings += [*issued.findings, *shelf.save()]
    data = {
        "now": at.isoformat(), "manager": manager, "successor": successor or None, "folder": str(home),
        "lines": [_json(each) for each in made], "documents": issued.documents, "withheld": issued.withheld,
    }
    said = _lines(made, manager, successor, home, issued.withheld)
    return lists.answer(data, said, findings, issued.withheld)


def _who(folio: Folio, what: Sequence[str]) -> tuple[str, str]:
    """Who leaves and who takes over; the latter empty where it is not known yet."""
    known = folio.managers()
    told = "、".join(known) or rules()["nobody"]
    if not what and len(known) != 1:
        raise refuse("CUS070", known=told)
    manager, successor = what[0] if what else known[0], what[1] if len(what) > 1 else ""
    if manager not in known:
        raise refuse("CUS071", value=manager, known=told)
    if manager == successor:
        raise refuse("CUS072", value=manager)
    return manager, successor


def _tables(
    made: Sequence[Line], manager: str, successor: str, customers: int, at: dt.datetime,
) -> dict[str, tuple[Record, ...]]:
    """What the paper prints: the pack and its lines, of each part no more than a person reads."""
    most, running = rules()["printed"], [each for each in made if each.part == "clocks"]
    over = len(running) - most
    pack: dict[str, Value] = {
        "manager": manager, "successor": successor or None, "handed_on": at.date(), "customers": customers,
        "items": len(running), "late": sum(each.late for each in running), "workbook": rules()["file"],
        "owed": sum((each.amount for each in made if each.amount), Decimal("0.00")),
        "left_out": rules()["left_out"].format(count=over, file=rules()["file"]) if over > 0 else None,
    }
    printed: list[dict[str, Value]] = []
    for part in rules()["part"]:
        mine = [each for each in made if each.part == part["id"]][:most]
        printed += [_values(each, part["title"], number, at) for number, each in enumerate(mine, 1)]
    return {PACK: (record(PACK, pack),), LINE: records(LINE, printed)}


def _values(each: Line, part: str, number: int, at: dt.datetime) -> dict[str, Value]:
    return {
        "handed_on": at.date(), "part": part, "number": number, "mark": each.mark or None, "key": each.key or None,
        "customer_name": each.customer or None, "content": each.content or None, "person": each.person or None,
        "due_on": each.due or None, "state": each.state or None, "amount": each.amount, "place": each.place or None,
    }


def _sheets(made: Sequence[Line]) -> list[Sheet]:
    """A sheet for each part, with all of its lines."""
    found: list[Sheet] = []
    for part in rules()["part"]:
        rows: list[list[Cell]] = [
            [each.mark, each.key, each.customer, each.content, each.person, each.due, each.state,
             as_cell(each.amount), each.place] for each in made if each.part == part["id"]
        ]
        spec: dict[str, Any] = {**rules()["sheet"], "title": part["title"], "colour": ""}
        found.append((spec, rows))
    return found


def _json(each: Line) -> dict[str, Any]:
    return each._asdict() | {"amount": None if each.amount is None else str(each.amount)}


def _lines(
    made: Sequence[Line], manager: str, successor: str, home: Path, withheld: Sequence[Mapping[str, Any]],
) -> list[str]:
    counted = [f"{part['title']} {sum(each.part == part['id'] for each in made)}" for part in rules()["part"]]
    to = f" → {successor}" if successor else ""
    out = [f"{manager}{to} 工作交接：" + "，".join(counted) + "。", f"  {home}"]
    return out + [f"  扣发 {row['form']}：{said['message']}" for row in withheld for said in row["findings"]]
