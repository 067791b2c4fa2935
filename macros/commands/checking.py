"""check: every error of every row at once, beside the rows and as a list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from macros.clocks.quiet import no_collection
from macros.commands import DONE, FOUND, Answer, lists
from macros.commands.shelf import Shelf
from macros.commands.times import moment
from macros.forms import by_file
from macros.service import owners

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    from macros.findings import Finding
    from macros.register import Register

SHEET = "问题"


@no_collection()
def check(folder: Path, now: str | None = None) -> Answer:
    """Check the whole register; writes 检查结果 beside the rows and the list 问题清单.

    A workbook that is open elsewhere keeps its old hints, and a warning says so: the answer itself is complete.
    """
    from macros.validation import hints, validate

    shelf = Shelf(folder)
    register = shelf.register()
    today = moment(now).date()
    findings = [*validate(register, today), *_crowded(register, today), *owners.check(register)]
    shelf.hint(register, "check_hint", hints(findings))
    if (folder / lists.FILE).is_file():
        shelf.output(lists.FILE, SHEET, lists.rows(findings, by_file()))
    findings += shelf.save()
    words = f"检查完成：{lists.count(findings)}。"
    if findings:
        listed = lists.FILE if lists.FILE in shelf.saved else ""
        words += (f"清单见《{listed}》，" if listed else "") + "行内提示见各台账“检查结果”列。\n"
        words += lists.text(findings, rest=listed)
    status = FOUND if lists.failed(findings) else DONE
    return Answer(lambda: {"findings": [said.as_json() for said in findings]}, words, status)


def _crowded(register: Register, today: dt.date) -> list[Finding]:
    """Sites that stand nearly in one place: perhaps one registered twice."""
    from macros.sites.duplicates import neighbours
    from macros.sites.towers import towers
    from macros.sites.words import limits

    if len(register.rows("site")) < 2:
        return []
    return list(neighbours(towers(register, today)[0], register.rows("site"), limits(today).same_place))
