"""Works the golden cases of the self-test: one function for each kind, from what is given to what this machine says."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

from macros.data import toml
from macros.register import Register, assemble

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from macros.periods import Due

_RULES = Path(__file__).parents[1] / "rules" / "selftest.toml"
#: What a paper needs to know besides its row.
_SETTINGS = {"公司名称": "自检", "客户经理": "客户经理甲"}


@cache
def rules() -> dict[str, Any]:
    """The cases, and the words of the answer."""
    return toml(_RULES)


def work(kind: str, given: Mapping[str, Any], place: Path) -> str:
    """What this machine says of a case, in the words its answer is written in.

    Args:
        kind: what the case tries.
        given: what it starts from.
        place: an empty folder for the files it makes.
    """
    return _KINDS[kind](given, place)


def _add(given: Mapping[str, Any], place: Path) -> str:
    from macros.calendars import base

    return _day(base().add(dt.date.fromisoformat(given["day"]), given["n"]))


def _day(due: Due) -> str:
    return f"{due.day}{rules()['words']['provisional'] if due.provisional else ''}"


def _between(given: Mapping[str, Any], place: Path) -> str:
    from macros.calendars import base

    return str(base().count(dt.date.fromisoformat(given["a"]), dt.date.fromisoformat(given["b"])))


def _month(given: Mapping[str, Any], place: Path) -> str:
    from macros.periods import add_months

    return str(add_months(dt.date.fromisoformat(given["day"]), given["n"]))


def _minutes(given: Mapping[str, Any], place: Path) -> str:
    from macros.periods import add_minutes

    return f"{add_minutes(dt.datetime.fromisoformat(given['at']), given['n']):%Y-%m-%d %H:%M}"


def _clock(given: Mapping[str, Any], place: Path) -> str:
    from macros.calendars import base
    from macros.clocks.engine import judge_all

    at = dt.datetime.fromisoformat(given["now"])
    items = judge_all(_register(given["table"], given["cells"]), base(), at, clocks=[given["clock"]]).items
    due = items[0].due if items else None
    if due is None:
        return str(rules()["words"]["none"])
    return f"{due:%Y-%m-%d %H:%M}" if isinstance(due, dt.datetime) else str(due)


def _capitals(given: Mapping[str, Any], place: Path) -> str:
    from generator.wording import rmb_upper

    return rmb_upper(Decimal(given["amount"]))


def _lease(given: Mapping[str, Any], place: Path) -> str:
    from macros.billing.month import bill
    from macros.pricing.parameters import shipped, tariff

    said = rules()["lease"]
    both = [said["given"] | given["cells"]]
    if "beside" in given:
        both.append(said["given"] | said["beside"] | given["beside"])
    made = bill(given["month"], _register(said["table"], *both).rows("lease"), (), tariff(shipped())[0], {})
    return " ".join(str(amount) for _, amount in made.lines[0].items)


def _paper(given: Mapping[str, Any], place: Path) -> str:
    from generator.definitions import definitions
    from generator.documents import work as make
    from generator.issuing import Desk
    from generator.ledger import Ledger
    from macros.commands.setup import TEMPLATES

    desk = Desk(place, dt.datetime.fromisoformat(given["now"]), _SETTINGS, Ledger(), (TEMPLATES,))
    batch = make(_register(given["table"], given["cells"]), [(definitions()[given["form"]], None)], desk)
    if not batch.made:
        return "；".join(said.message for kept in batch.withheld for said in kept.findings)
    text = _text(place / batch.made[0].entry.file)
    return "　".join(value for value in (given["cells"][name] for name in given["printed"]) if value in text)


def _text(path: Path) -> str:
    from xml.etree import ElementTree

    with ZipFile(path) as package:
        return "".join(ElementTree.fromstring(package.read("word/document.xml")).itertext())


def _workbook(given: Mapping[str, Any], place: Path) -> str:
    from macros.hosts import opening
    from macros.workbooks import build, files

    said = rules()["words"]
    title = next(iter(files()))
    path = place / f"{title}.xlsx"
    path.write_bytes(build(title))
    before = _parts(path)
    book = opening.book(path)
    book.update(given["table"], {(2, 1): given["value"]})
    book.save()
    if opening.book(path).sheet(given["table"]).rows[1][0] != given["value"]:
        return str(said["none"])
    after = _parts(path)
    other = sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
    sheets = [name for name in other if name.startswith("xl/worksheets/")]
    return str(said["kept"] if other == sheets and len(sheets) == 1 else said["lost"].format(parts="、".join(other)))


def _parts(path: Path) -> dict[str, bytes]:
    with ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


def _register(title: str, *rows: Mapping[str, str]) -> Register:
    headings = list(dict.fromkeys(heading for row in rows for heading in row))
    cells = [[row.get(name) or None for name in headings] for row in rows]
    return assemble([(f"{title}.xlsx", title, [headings, *cells])])


_KINDS: dict[str, Callable[[Mapping[str, Any], Path], str]] = {
    "add": _add, "between": _between, "month": _month, "minutes": _minutes, "clock": _clock, "capitals": _capitals,
    "lease": _lease, "paper": _paper, "workbook": _workbook,
}
