"""assumptions: what the handbook leaves open, how it is settled here, and what another choice would move."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from macros.clocks.quiet import no_collection
from macros.commands import Answer, lists
from macros.commands.shelf import Shelf
from macros.commands.times import moment
from macros.data import toml

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from macros.clocks.archive import Change
    from macros.records import Cell, Record
    from macros.register import Register
    from macros.workbooks.reports import Sheet

_RULES = Path(__file__).parents[1] / "rules" / "assuming.toml"
#: States of deadlines that are not over: those over keep the day they were judged by.
_RUNNING = frozenset({"open", "late", "waiting"})


class Assumed(NamedTuple):
    """One open point: its words in ``rule``, what is ``chosen``, and what each other choice would move."""

    rule: Mapping[str, Any]
    chosen: str
    effects: Mapping[str, Sequence[Change]]


@cache
def words() -> dict[str, Any]:
    """The words of the sheets."""
    return toml(_RULES)


@no_collection()
def assumptions(folder: Path, out: Path | None = None, now: str | None = None) -> Answer:
    """List every open point with its default, reason and clause, and try each other choice; writes 假设.xlsx.

    Nothing is switched: the user does that in 参数.

    Args:
        folder: the register.
        out: folder of the workbook; the register when None.
        now: the moment to judge at, the present when None.
    """
    from macros.commands.books import write_report

    register = Shelf(folder).register()
    at = moment(now)
    found = tried(register, at)
    book = words()["workbook"]
    path = (out or folder) / book["file"]
    findings = write_report(path, book["title"], _sheets(found))
    data = {"now": at.isoformat(), "assumptions": [_json(each) for each in found], "file": str(path)}
    lines = [f"手册未写明之处 {len(found)} 项，明细见“{path}”："]
    lines += [f"  {each.rule['id']} {each.rule['topic']}：{each.chosen}；{_effect(each)}" for each in found]
    return lists.answer(data, lines, findings)


def tried(register: Register, at: dt.datetime) -> list[Assumed]:
    """Every open point; where there is a choice, what each of the others would do to running deadlines."""
    from macros.clocks.changes import preview
    from macros.commands.days import calendar_of
    from macros.progress import steps
    from macros.workbooks.words import assumptions as rules

    calendar = calendar_of(register)
    rows = {row.key: row for row in register.rows("assumption")}
    known = [rule for rule in rules() if rule["id"] in rows and rule["options"]]
    found: list[Assumed] = []
    with steps(len(known), "项") as begin:
        for rule in known:
            begin(rule["topic"])
            row = rows[rule["id"]]
            chosen = row.text("chosen") or rule["default"]
            found.append(Assumed(rule, chosen, {
                choice: [
                    change for change in preview(register, calendar, at, "assumption", row.key, "chosen", choice)
                    if {change.old_state, change.new_state} & _RUNNING
                ] for choice in _others(rule, row)
            }))
    return found


def _others(rule: Mapping[str, Any], row: Record) -> list[str]:
    return [choice for choice in rule["options"] if choice != (row.text("chosen") or rule["default"])]


def _effect(each: Assumed) -> str:
    said = words()["words"]
    if not each.effects:
        return str(said["single"])
    return "；".join(
        said["moves" if moved else "still"].format(choice=choice, count=len(moved))
        for choice, moved in each.effects.items()
    )


def _sheets(found: Sequence[Assumed]) -> list[Sheet]:
    from macros.workbooks.plan import OPTION_MARK

    settled, effects = words()["sheet"]
    first: list[list[Cell]] = [
        [
            each.rule["id"], each.rule["topic"], each.chosen, each.rule["default"],
            OPTION_MARK.join(each.rule["options"]), each.rule["reason"], each.rule["clause"], _effect(each),
        ] for each in found
    ]
    second: list[list[Cell]] = [
        [each.rule["id"], choice, change.key, change.clock, change.old, change.new, *_states(change)]
        for each in found for choice, moved in each.effects.items() for change in moved[: words()["words"]["shown"]]
    ]
    return [(settled, first), (effects, second)]


def _states(change: Change) -> tuple[str, str]:
    from macros.clocks.rules import words as clock_words

    said = clock_words()["states"]
    return said.get(change.old_state, ""), said.get(change.new_state, "")


def _json(each: Assumed) -> dict[str, Any]:
    return {
        "id": each.rule["id"], "topic": each.rule["topic"], "chosen": each.chosen, "default": each.rule["default"],
        "options": list(each.rule["options"]), "reason": each.rule["reason"], "clause": each.rule["clause"],
        "effects": {choice: [change._asdict() for change in moved] for choice, moved in each.effects.items()},
    }
