"""Finds the register's own spelling of names and numbers that a foreign file spells a little differently."""

from __future__ import annotations

from typing import TYPE_CHECKING

from macros.intake.headings import words
from macros.values import fold

if TYPE_CHECKING:
    from macros.forms import Column, Form
    from macros.intake.held import Known
    from macros.records import Value


class Spelling:
    """The keys and names of a register by their folded spelling: widths, spaces and letter case apart."""

    def __init__(self, register: Known) -> None:
        self._register = register
        self._known: dict[tuple[str, str], tuple[set[Value], dict[str, str]]] = {}

    def of(self, form: Form, column: Column, value: Value) -> Value:
        """``value`` as the register spells it; as it is where the register has it so, does not know it, or twice."""
        if not isinstance(value, str):
            return value
        code, _, name = column.refers.partition(".")
        if not code:
            if form.key != (column.name,):
                return value
            code, name = form.code, column.name
        exact, folded = self._column(code, name)
        return value if value in exact else folded.get(fold(value)) or value

    def instead(self, form: Form, column: Column, value: Value) -> Value:
        """What a number of another table stands for, such as the demand of an order number; None where nothing is."""
        rule = words()["lookups"].get(f"{form.code}.{column.name}")
        code, _, name = column.refers.partition(".")
        if not rule or not isinstance(value, str) or value in self._column(code, name)[0]:
            return None
        meant = {row[rule["gives"]] for row in self._register.rows(rule["table"]) if row[rule["by"]] == value}
        return meant.pop() if len(meant) == 1 else None

    def _column(self, code: str, name: str) -> tuple[set[Value], dict[str, str]]:
        made = self._known.get((code, name))
        if made is None:
            exact = {row[name] for row in self._register.rows(code)}
            folded: dict[str, str] = {}
            for value in exact:
                if isinstance(value, str):
                    word = fold(value)
                    # Two spellings of one word in the register: nobody knows which is meant.
                    folded[word] = "" if word in folded else value
            made = self._known[code, name] = (exact, folded)
        return made
