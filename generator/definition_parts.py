"""What a kind of document is made of, as its definition file says it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.figures import Figure


class Condition(NamedTuple):
    """A test on a column, or on several of which one must meet it; ``say`` tells in Chinese why a row fails it.

    ``test`` is filled, blank, equals, among, differs, not_after, not_before or below (a whole number); ``expected``
    holds what the others than the first two compare with, for not_after and not_before the name of a computed day.
    """

    columns: tuple[str, ...]
    test: str
    expected: tuple[str | int | bool, ...] = ()
    say: str = ""


class Join(NamedTuple):
    """One row of another table a document draws on: its customer, or the first row matching ``on``.

    ``on`` pairs a column of that table with a column path of the document's row; ``of`` names the join whose
    customer is meant. ``serves_all`` lets a row whose columns are blank there stand for any: a branch of the whole
    city has no county.
    """

    name: str
    table: str
    on: tuple[tuple[str, str], ...] = ()
    customer: bool = False
    of: str = ""
    where: tuple[Condition, ...] = ()
    serves_all: bool = False


class Listing(NamedTuple):
    """The rows of a table that stand in a document's list; at least ``at_least`` of them.

    Without ``on`` they are the group's own, or with ``customer`` those of the row's customer, whichever way the
    register tells it (`Register.customer_of`). ``grouped`` names a list of the same rows, gathered by their column
    ``by``, for cells merged over the rows they share.
    """

    name: str
    table: str
    on: tuple[tuple[str, str], ...] = ()
    where: tuple[Condition, ...] = ()
    sort: tuple[str, ...] = ()
    at_least: int = 0
    grouped: str = ""
    by: str = ""
    customer: bool = False


class Computed(NamedTuple):
    """A value made from others: ``kind`` is one of ``COMPUTED_KINDS``, ``source`` what it is made of."""

    name: str
    kind: str
    source: str


class Variant(NamedTuple):
    """Another template, with further required fields, for rows meeting the condition.

    ``signed`` replaces the definition's where the variant's signature means something else.
    """

    condition: Condition
    template: str
    required: tuple[str, ...] = ()
    signed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Definition:
    """One kind of document.

    ``series`` stands in the paper's number, the code when not given; ``sent`` and ``signed`` are the columns that take
    the days on which the paper was handed over and signed, ``due`` the clocks that call for it; ``made_by`` names the
    command whose result it prints, empty where rows of the register suffice; ``figures`` are its charts and pictures;
    ``layout`` is kept as read, for the module that draws the first template.
    """

    code: str
    number: str
    name: str
    clause: str
    table: str
    template: str
    group: tuple[str, ...] = ()
    where: tuple[Condition, ...] = ()
    offered: tuple[Condition, ...] = ()
    variants: tuple[Variant, ...] = ()
    required: tuple[str, ...] = ()
    joins: tuple[Join, ...] = ()
    lists: tuple[Listing, ...] = ()
    computed: tuple[Computed, ...] = ()
    sent: tuple[str, ...] = ()
    signed: tuple[str, ...] = ()
    series: str = ""
    due: tuple[str, ...] = ()
    made_by: str = ""
    figures: tuple[Figure, ...] = ()
    layout: tuple[Mapping[str, Any], ...] = ()

    @property
    def label(self) -> str:
        """How people call it: 附表3.4《需求订单确认表》."""
        return f"附表{self.number}《{self.name}》" if self.number else f"《{self.name}》"

    def table_of(self, name: str) -> str:
        """The table behind a join or list; empty when there is none of that name."""
        tables = {each.name: each.table for each in self.joins} | {each.name: each.table for each in self.lists}
        return tables.get(name, "")
