"""What must tie in a month's run: leases to lines, lines to statements, statements to totals, papers to rows."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from macros.billing.records import RUN
from macros.findings import finding
from macros.monthly.words import control

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from macros.billing.accounts import Account
    from macros.billing.lines import Line
    from macros.billing.movement import Movement
    from macros.findings import Finding
    from macros.monthly.figures import Row
    from macros.monthly.given import MonthRun
    from macros.monthly.wide import WideList
    from macros.records import Record

_NOTHING = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Check:
    """Two figures found on two ways; ``name`` is that of the check in ``rules/control.toml``."""

    name: str
    operator: str
    left: Decimal
    right: Decimal

    @property
    def holds(self) -> bool:
        """Whether they are the same."""
        return self.left == self.right


def stops(held: Iterable[Check], workbook: str = "") -> list[Finding]:
    """What keeps a month from being issued: one finding (MON001) for each check that does not hold.

    Args:
        held: the checks of a run.
        workbook: the control workbook that shows them, where there is one.
    """
    said = control()
    return [
        finding(
            "MON001", workbook=workbook, sheet=said["sheet"]["checks"]["title"], key=one.operator,
            check=said["check"][one.name], left=one.left, right=one.right, value=one.left - one.right,
        ) for one in held if not one.holds
    ]


def checks(
    run: MonthRun, lists: Mapping[str, WideList], asked: Sequence[Row], move: Movement | None,
) -> list[Check]:
    """Every check of a run that can be made before its papers are, those of the whole run first.

    Args:
        run: the month.
        lists: each operator's wide list as written.
        asked: the rows of the invoice requests.
        move: the way from last month to this, where there is one.
    """
    charges, runs = run.by_operator("charge"), run.by_operator("generator")
    statements, items = run.by_operator("statement"), run.by_operator("statement_line")
    invoiced: dict[str, Decimal] = defaultdict(Decimal)
    for row in asked:
        invoiced[str(row[2])] += Decimal(str(row[9]))
    found = _leases(run)
    for one in run.accounts:
        who = one.operator
        fees = _sum(fee.fee for fee in one.runs)
        net, total = (_sum(row[name] for row in statements[who]) for name in ("total_ex_tax", "total"))
        leases = _sum(map(_amount, one.lines))
        found += [
            *_lines(one), Check("net", who, leases + fees + one.corrected, one.net),
            Check("printed", who, _sum(r["total"] for r in charges[who]) + _sum(r["fee"] for r in runs[who]), net),
            Check("items", who, _sum(row["ours"] for row in items[who]), net),
            Check("tax", who, one.net + _sum(tax.tax for tax in one.taxes), total),
            *_listed(one, lists.get(who), len(charges[who])),
            Check("invoices", who, invoiced[who], one.total),
        ]
    if move:
        moved: dict[str, Decimal] = defaultdict(Decimal)
        for step in move.steps:
            moved[step.operator] += step.amount
        found += [
            Check("movement", who, move.start.get(who, _NOTHING) + moved[who], move.end.get(who, _NOTHING))
            for who in move.operators
        ]
    return found


def with_papers(run: MonthRun, held: Sequence[Check]) -> list[Check]:
    """The checks of a run whose papers are made: theirs stands behind the others of the whole run."""
    made = Check("papers", "", Decimal(papers_due(run.tables)), Decimal(run.papers + run.withheld))
    whole = [one for one in held if not one.operator]
    return [*whole, made, *(one for one in held if one.operator)]


def _leases(run: MonthRun) -> list[Check]:
    """Every row of the register is billed, left out, or repeats a number that is; nothing else is billed."""
    rows = Counter(row.key for row in run.register.rows("lease"))
    billed = Counter(line.lease.key for line in run.bill.lines)
    out = Counter(one.key for one in run.bill.excluded)
    repeated = sum(max(0, count - billed[key] - out[key]) for key, count in rows.items() if count > 1)
    placed = [key for key in rows if billed[key] + out[key]]
    strange = [key for key in billed | out if key not in rows]
    return [
        Check("leases", "", Decimal(rows.total()), Decimal(billed.total() + out.total() + repeated)),
        Check("known", "", Decimal(len(rows)), Decimal(len(placed) - len(strange))),
    ]


def _lines(account: Account) -> list[Check]:
    """An account's items against its lines and runs, added up anew."""
    leases = _sum(amount for name, amount in account.items.items() if name != RUN)
    return [
        Check("lines", account.operator, _sum(map(_amount, account.lines)), leases),
        Check("runs", account.operator, _sum(run.fee for run in account.runs), account.items.get(RUN, _NOTHING)),
    ]


def _listed(account: Account, made: WideList | None, rows: int) -> list[Check]:
    """An account and its printed rows against its wide list; a list that could not be made holds nothing."""
    due, listed = (made.due + made.fees, made.rows) if made else (_NOTHING, 0)
    return [
        Check("listed", account.operator, due, account.net),
        Check("rows", account.operator, Decimal(listed), Decimal(rows)),
    ]


def _amount(line: Line) -> Decimal:
    return line.amount


def _sum(amounts: Iterable[object]) -> Decimal:
    """The sum of amounts; cells that hold none count nothing."""
    return sum((one for one in amounts if isinstance(one, Decimal)), _NOTHING)


def papers_due(tables: Mapping[str, Sequence[Record]]) -> int:
    """How many papers a month's rows make: 3.9 by operator and class of products, 3.10 and 3.11 by operator."""
    listed = {(row["operator"], row["product_class"]) for row in tables["charge"]}
    ran = {row["operator"] for row in tables["generator"]}
    return len(listed) + len(ran) + len(tables["statement"])
