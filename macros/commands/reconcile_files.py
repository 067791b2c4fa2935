"""The files of a reconciliation: its workbook, the difference letter and the confirmation to be signed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

from macros.commands.setup import OWN_TEMPLATES, TEMPLATES
from macros.forms import forms
from macros.hosts.saving import replace_file
from macros.register import Register

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from macros.commands.shelf import Shelf
    from macros.findings import Finding
    from macros.reconcile.forward import Forward
    from macros.reconcile.run import Reconciliation
    from macros.reconcile.views import Month
    from macros.records import Value

LETTER, CONFIRMATION = "reconcile-letter", "reconcile-confirm"


@dataclass(frozen=True, slots=True)
class Compared:
    """One operator's month compared: with what, the roll-forward, for whom, and the matches known before."""

    made: Reconciliation
    month: Month
    forward: Forward
    customer: Mapping[str, Value]
    remembered: Mapping[str, Sequence[str]]


def workbook(home: Path, one: Compared, ledger: str, at: dt.datetime) -> str:
    """Write the workbook of one operator, whole or not at all; its path.

    Raises:
        Refused: it cannot be written, or is open elsewhere.
    """
    from generator.names import safe_name
    from macros.hosts import reason, refuse
    from macros.reconcile.workbook import workbook as made_of

    # A county's comparison must not take the place of the whole operator's.
    whose = one.customer.get("customer_name") or one.made.operator
    path = home / f"{safe_name(f'{whose}对账_{one.made.month}')}.xlsx"
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise refuse("WBK035", path.name, reason=reason(error)) from error

    data = made_of(one.made, one.month, one.forward, ledger=ledger, now=at)

    def put(file: IO[bytes]) -> None:
        file.write(data)

    replace_file(path, put, lambda made: None)
    return str(path)


def papers(
    shelf: Shelf, register: Register, found: Sequence[Compared], ledger: str, home: Path, at: dt.datetime,
) -> tuple[list[dict[str, Any]], list[dict[str, Any]], list[Finding]]:
    """Make letter and confirmation for every operator, the letter only where something differs; enter them.

    A document register that cannot be written keeps the papers back and says so: the comparison is there without them.
    """
    from generator.definitions import definitions
    from generator.documents import work
    from generator.issuing import Desk
    from generator.ledger import Ledger
    from macros.reconcile.tables import tables

    entered = forms()["document"]
    blocked = shelf.blocked([entered.file])
    if blocked:
        return [], [], blocked
    issued = Ledger.of(register)
    known = len(issued.entries)
    desk = Desk(home, at, register.settings, issued, (shelf.folder / OWN_TEMPLATES, TEMPLATES))
    documents: list[dict[str, Any]] = []
    withheld: list[dict[str, Any]] = []
    findings: list[Finding] = []
    for one in found:
        rows = tables(one.made, ledger, _addressee(register, one))
        printed = Register({**register.tables, **rows}, register.findings)
        kinds = [LETTER, CONFIRMATION] if one.made.differing else [CONFIRMATION]
        batch = work(printed, [(definitions()[kind], None) for kind in kinds], desk)
        documents += [row.as_json() | {"file": str(home / row.entry.file)} for row in batch.made]
        withheld += [row.as_json() for row in batch.withheld]
        findings += batch.findings
    shelf.append(entered, [
        [entry.values().get(column.name) for column in entered.columns] for entry in issued.entries[known:]
    ])
    return documents, withheld, findings


def _addressee(register: Register, one: Compared) -> str:
    """Whom papers go to: the customer named, the operator's only one, else its branch in the city."""
    from macros.choices import choices

    named = one.customer.get("customer_name")
    if named:
        return str(named)
    own = [row for row in register.rows("customer") if row["operator"] == one.made.operator]
    if len(own) == 1:
        return own[0].text("customer_name")
    full = next(word for word, short in choices()["operator"].items() if short == one.made.operator != word)
    city = register.settings.get("城市", "")
    return f"{full}{city}分公司" if city else full
