"""answers: the inquiries at the other two operators; proposes to reserve room where nobody answered in time."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from macros.clocks.item import iso
from macros.commands import Answer, lists
from macros.commands.shelf import Shelf
from macros.commands.times import moment
from macros.loops.answers import inquiries
from macros.loops.words import rules

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from macros.loops.answers import Inquiry


def answers(folder: Path, accept: bool = False, now: str | None = None) -> Answer:
    """List every inquiry with its state (§2.1.2.4).

    Args:
        folder: the register.
        accept: enter the proposal as 共享征询答复 where both have answered, or the day has passed without.
        now: the moment it is, the present when None.
    """
    shelf = Shelf(folder)
    register = shelf.register()
    today = moment(now).date()
    found, findings = inquiries(register, today)
    entered: Collection[str] = ()
    if accept:
        proposed = [each for each in found if each.proposal]
        shelf.update((each.demand, {"asked_answer": each.proposal}) for each in proposed)
        unsaved = shelf.save()
        entered = () if unsaved else {each.demand.key for each in proposed}
        rest = [said for said in findings if not (said.code == "LOO030" and said.key in entered)]
        findings = [*rest, *unsaved]
    told = {"day": today.isoformat(), "inquiries": [_json(each, each.demand.key in entered) for each in found]}
    return lists.answer(told, _lines(found, entered, today), findings)


def _json(each: Inquiry, entered: bool) -> dict[str, Any]:
    return {
        "key": each.demand.key, "state": each.state, "others": list(each.others),
        "asked_on": iso(each.asked_on),
        "due": iso(each.due), "answer": each.demand.text("asked_answer"),
        "answers": {row.text("operator"): row.text("answer") for row in each.told},
        "proposal": each.proposal, "entered": entered,
    }


def _lines(found: Sequence[Inquiry], entered: Collection[str], today: dt.date) -> list[str]:
    states = rules()["answers"]["states"]
    counts = Counter(each.state for each in found)
    told = "，".join(f"{word} {counts[state]}" for state, word in states.items() if counts[state])
    lines = [f"截至 {today}：新建独享 {len(found)} 条" + (f"：{told}。" if told else "。")]
    told_of: list[str] = []
    for each in found:
        due = f"  期限 {each.due}" if each.due else ""
        mark = "（已写入）" if each.demand.key in entered else "（建议）"
        said = f"{each.proposal}{mark}" if each.proposal else each.demand.text("asked_answer")
        told_of.append(f"  {each.demand.key}  {states[each.state]}{due}  {said}".rstrip())
    return [*lines, *lists.some(told_of)]
