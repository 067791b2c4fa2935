"""The files of a reconciliation: its workbook, the difference letter and the confirmation to be signed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from macros.commands.worked_out import issue
from macros.hosts.saving import replace_bytes

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from macros.commands.shelf import Shelf
    from macros.commands.worked_out import Issued
    from macros.reconcile.forward import Forward
    from macros.reconcile.run import Reconciliation
    from macros.reconcile.views import Month
    from macros.records import Value
    from macros.register import Register

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
    from macros.reconcile.workbook import workbook as made_of

    # A county's comparison must not take the place of the whole operator's.
    whose = one.customer.get("customer_name") or one.made.operator
    path = home / f"{safe_name(f'{whose}对账_{one.made.month}')}.xlsx"
    replace_bytes(path, made_of(one.made, one.month, one.forward, ledger=ledger, now=at))
    return str(path)


def papers(
    shelf: Shelf, register: Register, found: Sequence[Compared], ledger: str, home: Path, at: dt.datetime,
) -> Issued:
    """Make letter and confirmation for every operator, the letter only where something differs; enter them.

    A document register that cannot be written keeps the papers back and says so: the comparison is there without them.
    """
    from macros.reconcile.tables import tables

    return issue(shelf, register, (
        (
            register.having(tables(one.made, ledger, _addressee(register, one))),
            [LETTER, CONFIRMATION] if one.made.differing else [CONFIRMATION],
        ) for one in found
    ), home, at)


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
