"""selftest: golden cases of dates, money, papers and workbooks, and what this copy of the program knows."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, NamedTuple

from macros.commands import Answer, lists
from macros.commands.selftest_cases import rules, work
from macros.commands.times import moment

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from macros.records import Cell


class Tried(NamedTuple):
    """A golden case, and what this machine makes of it."""

    case: Mapping[str, Any]
    found: str

    @property
    def passed(self) -> bool:
        """Whether the answer is the golden one."""
        return self.found == str(self.case["expected"])


def selftest(folder: Path, out: Path | None = None, now: str | None = None) -> Answer:
    """Work every golden case; writes 自检.xlsx with the verdict, the cases and the versions of the rules.

    Args:
        folder: where the workbook goes when ``out`` is None; it need not hold a register.
        out: folder of the workbook.
        now: the moment it is, the present when None.
    """
    from macros.commands.books import write_report

    home = out or folder
    home.mkdir(parents=True, exist_ok=True)
    found = try_all(home)
    wrong = [one for one in found if not one.passed]
    facts = _facts(moment(now))
    book, said = rules()["workbook"], rules()["words"]
    verdict = said["summary"].format(count=len(found), passed=len(found) - len(wrong), failed=len(wrong))
    path = home / book["file"]
    findings = write_report(path, book["title"], list(zip(rules()["sheet"], (
        [
            [_state(not wrong), book["title"], f"{verdict}。{said['stop' if wrong else 'ready']}。"],
            *(["", title, text] for title, text in facts.items()),
        ],
        [_row(one) for one in found],
    ), strict=True)))
    lines = [f"自检：{verdict}。{said['stop' if wrong else 'ready']}。明细见“{path}”。"]
    lines += [f"  {title}：{text}" for title, text in facts.items()]
    lines += [f"  不符 {one.case['title']}：应为 {one.case['expected']}，本机 {one.found}" for one in wrong]
    data = {
        "passed": not wrong, "cases": [
            {
                "group": one.case["group"], "title": one.case["title"], "expected": str(one.case["expected"]),
                "found": one.found, "passed": one.passed,
            } for one in found
        ], "facts": facts, "file": str(path),
    }
    return lists.answer(data, lines, findings, wrong)


def try_all(home: Path) -> list[Tried]:
    """Every golden case with what this machine says; a fault in one is its answer and keeps the others going.

    Args:
        home: a folder that may be written; what the cases make there is removed again.
    """
    from macros.progress import steps

    cases = rules()["case"]
    found: list[Tried] = []
    with steps(len(cases), "例") as begin:
        for case in cases:
            begin(case["title"])
            with TemporaryDirectory(prefix=".自检", dir=home) as place:
                found.append(Tried(case, _found(case, Path(place))))
    return found


def _found(case: Mapping[str, Any], place: Path) -> str:
    try:
        return work(case["kind"], case["given"], place)
    except Exception as fault:  # a broken part of the program is what a self-test is for
        return str(rules()["words"]["fault"].format(name=type(fault).__name__))


def _state(passed: bool) -> str:
    return str(rules()["words"]["passed" if passed else "failed"])


def _row(one: Tried) -> Sequence[Cell]:
    case = one.case
    return [_state(one.passed), case["group"], case["title"], str(case["expected"]), one.found, case["working"]]


def _facts(at: dt.datetime) -> dict[str, str]:
    """Title → what this copy of the program knows, for the first sheet."""
    from generator.definitions import definitions
    from macros.calendars import base
    from macros.clocks.rules import clocks
    from macros.commands.setup import TEMPLATES
    from macros.findings import catalogue
    from macros.pricing.parameters import shipped
    from macros.versions import program

    said, calendar, prices = rules()["facts"], base(), shipped()
    newest = max(version.effective for clock in clocks().values() for version in clock.versions)
    priced = max(day for row in prices if (day := row.date("starts_on")) is not None)
    return {
        said["version"]: program(),
        said["calendar"]: calendar.version,
        said["decreed"]: str(calendar.last_decreed),
        said["clocks"]: said["clocks_told"].format(count=len(clocks()), day=newest),
        said["prices"]: said["prices_told"].format(count=len(prices), day=priced),
        said["papers"]: said["papers_told"].format(
            count=len(definitions()), templates=len(list(TEMPLATES.glob("*.docx"))),
        ),
        said["messages"]: said["messages_told"].format(count=len(catalogue())),
        said["now"]: f"{at:%Y-%m-%d %H:%M}",
    }
