"""Gathers what a button's command still lacks: from the selection, from the register, or by asking."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from addin import desk, dialogs, settings, standing
from addin.rows import Row, form_of, heading_of, rows_of
from macros.commands.forming import OUT
from macros.commands.shelf import Shelf
from macros.commands.times import moment
from macros.forms import by_file
from macros.hosts import refuse
from macros.months import name_of, previous

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    from addin.buttons import Order
    from macros.register import Register


_T = TypeVar("_T")
_DAY = timedelta(days=1)


class Dropped(Exception):
    """The user closed a question without an answer: nothing is to be done."""


@dataclass
class Asked:
    """What one click can draw on: the program it came from and the button's order."""

    app: Any
    order: Order
    label: str
    now: dt.datetime = field(default_factory=lambda: moment(None))

    @cached_property
    def selection(self) -> desk.Selection:
        """What is selected."""
        return desk.selection(self.app)

    @cached_property
    def folder(self) -> Path:
        """The register folder: that of the active workbook, else one that is asked for.

        Raises:
            Refused: it is no register (ADD005), or its open workbooks are in the order's way (ADD013, ADD014).
        """
        home = self.selection.path.parent if self.app is not None and len(self.app.books) else None
        if home is None or not is_register(home):
            if self.order.wants("rows") or self.order.wants("row"):
                raise refuse("ADD005", value=str(home or ""))
            home = Path(_answered(dialogs.ask_folder("选择台账文件夹", str(settings.last_register() or ""))))
        if not is_register(home):
            raise refuse("ADD005", value=str(home))
        standing.check(self.app, home, self.order.books, self.label)
        settings.remember_register(home)
        return home

    @property
    def place(self) -> Path:
        """Where files are made: below the register, or where the user wants those of an order without one."""
        return self.folder / OUT if self.order.wants("register") else Path(self.parts["place"][0])

    @cached_property
    def rows(self) -> list[Row]:
        """The selected register rows."""
        return rows_of(self.selection)

    @cached_property
    def parts(self) -> dict[str, list[str]]:
        """Every part the order wants, asked for once."""
        return parts(self)

    @cached_property
    def register(self) -> Register:
        """The whole register as it stands."""
        return Shelf(self.folder).register()


def is_register(folder: Path) -> bool:
    """Whether a folder holds register workbooks."""
    return any((folder / file).is_file() for file in by_file())


def parts(asked: Asked) -> dict[str, list[str]]:
    """Every part the order wants, in the order it names them.

    Raises:
        Refused: the selection does not carry it.
        Dropped: the user gave no answer.
    """
    return {part: _PARTS[part](asked) for part in (w[1:-1] for w in asked.order.words if w.startswith("{"))}


def _papers(asked: Asked) -> list[str]:
    """The papers to make for the rows, chosen from those that at least one of them allows."""
    from generator.states import offered

    ready: dict[str, list[list[str]]] = {}
    names: dict[str, str] = {}
    form = form_of(asked.selection)
    for row in asked.rows:
        tables = [form.code] if form else list(asked.register.tables)
        for record in filter(None, (asked.register.find(code, row.key) for code in tables)):
            for definition, why in offered(asked.register, record, asked.now.date()):
                ready.setdefault(definition.code, []).append(why)
                names[definition.code] = definition.name
    if not ready:
        raise refuse("ADD011", asked.selection.path.name, sheet=asked.selection.sheet)
    offers = []
    for code, reasons in ready.items():
        able = sum(not why for why in reasons)
        label = f"{code} {names[code]}" if code[0].isdigit() else names[code]
        count = f"（{able}/{len(reasons)} 行可出）" if len(reasons) > 1 else ""
        offers.append((code, label + count, able > 0, "；".join(next((why for why in reasons if why), []))))
    return _answered(dialogs.choose(asked.label, sorted(offers, key=lambda offer: not offer[2])))


def _clock(asked: Asked) -> list[str]:
    """The clock to explain: the board's own column, the row's only one, or the one chosen."""
    from macros.clocks.board import shown
    from macros.clocks.engine import evaluate
    from macros.clocks.rules import words
    from macros.commands.days import calendar_of

    row = asked.rows[0]
    if row.clock:
        return [row.clock]
    items = [i for i in evaluate(asked.register, calendar_of(asked.register), asked.now) if i.key == row.key]
    if not items:
        raise refuse("ADD008", asked.selection.path.name, sheet=asked.selection.sheet, value=row.key)
    states = words()["states"]
    offers = list({i.clock: f"{i.clock} {i.title}  {shown(i.due)}  {states[i.state]}" for i in items}.items())
    if len(offers) == 1:
        return [offers[0][0]]
    return [_answered(dialogs.ask_choice(asked.label, offers))]


def _files(asked: Asked) -> list[str]:
    return _answered(dialogs.ask_files("选择来文", "import"))


def _notice(asked: Asked) -> list[str]:
    return _answered(dialogs.ask_files("选择放假通知（文本文件）", "notice"))[:1]


def _ledger(asked: Asked) -> list[str]:
    return _answered(dialogs.ask_files("选择运营商的结算详单", "import"))[:1]


def _month(asked: Asked) -> list[str]:
    """The month before this one, unless the user names another."""
    before = previous(name_of(asked.now))
    return [_answered(dialogs.ask_text(asked.label, "哪个月？写成 年-月", before))]


def _this_month(asked: Asked) -> list[str]:
    return [_answered(dialogs.ask_text(asked.label, "哪个月？写成 年-月", f"{asked.now:%Y-%m}"))]


def _quarter(asked: Asked) -> list[str]:
    """The quarter before this one, unless the user names another period."""
    before = asked.now.replace(month=(asked.now.month - 1) // 3 * 3 + 1, day=1) - _DAY
    last = f"{before:%Y}-Q{(before.month + 2) // 3}"
    return [_answered(dialogs.ask_text(asked.label, "哪个季度？写成 年-Q季", last))]


def _line(prompt: str, setting: str = "") -> Callable[[Asked], list[str]]:
    """Asks for one line, beginning with what the register's settings say."""
    def ask(asked: Asked) -> list[str]:
        known = asked.register.settings.get(setting, "") if setting else ""
        return [_answered(dialogs.ask_text(asked.label, prompt, known))]

    return ask


def _snapshot(asked: Asked) -> list[str]:
    """One of the copies kept of the register, the newest first."""
    from macros.history.snapshots import listed

    offers = [(each.name, f"{each.name}  {each.why} {each.note}".rstrip()) for each in listed(asked.folder)]
    if not offers:
        raise refuse("HIS006")
    return [_answered(dialogs.ask_choice(asked.label, offers[::-1]))]


def _other(title: str) -> Callable[[Asked], list[str]]:
    """Asks for a folder."""
    return lambda asked: [_answered(dialogs.ask_folder(title, ""))]


def _date(asked: Asked) -> list[str]:
    prompt = f"{asked.rows[0].key} 的“{heading_of(asked.selection)}”改为哪一天？"
    return [_answered(dialogs.ask_text(asked.label, prompt, asked.now.date().isoformat()))]


def _folder(asked: Asked) -> list[str]:
    return [_answered(dialogs.ask_folder("选择空白文件夹，台账将建在其中", ""))]


def _answered(answer: _T) -> _T:
    if not answer:
        raise Dropped
    return answer


_PARTS: dict[str, Callable[[Asked], list[str]]] = {
    "register": lambda asked: [str(asked.folder)],
    "rows": lambda asked: [row.key for row in asked.rows],
    "row": lambda asked: [asked.rows[0].key],
    "paper": lambda asked: [asked.order.paper],
    "papers": _papers,
    "clock": _clock,
    "field": lambda asked: [heading_of(asked.selection)],
    "date": _date,
    "month": _month,
    "ledger": _ledger,
    "year": lambda asked: [str(asked.now.year)],
    "files": _files,
    "notice": _notice,
    "folder": _folder,
    "this_month": _this_month,
    "quarter": _quarter,
    "why": _line("说明"),
    "who": _line("谁（姓名或职务）", "客户经理"),
    "approver": _line("谁审批（姓名或职务）", "部门经理"),
    "leaving": _line("离任的客户经理", "客户经理"),
    "following": _line("接手的客户经理"),
    "snapshot": _snapshot,
    "copy": _other("选择同事改过的那份台账"),
    "cities": _other("选择装着各市台账的文件夹"),
    "place": _other("选择存放文件夹"),
}
