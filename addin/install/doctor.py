"""The examination: every check of checks.toml on the facts, as a page and as data."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from addin.install import checks, checks_programs
from macros.commands import DONE, FOUND, Answer
from macros.data import toml

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from addin.install.facts import Facts
    from addin.install.machine import Machine
    from addin.install.verdicts import Verdict

_MARKS = {"good": "✓", "warn": "！", "bad": "✗"}


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the examination: its function's name, the part of the page and its label."""

    name: str
    part: str
    label: str

    @property
    def judge(self) -> Callable[[Facts], Verdict]:
        """The function that judges the facts."""
        home = checks if hasattr(checks, self.name) else checks_programs
        found: Callable[[Facts], Verdict] = getattr(home, self.name)
        return found


@cache
def every() -> tuple[Check, ...]:
    """Every check, in the order of the page."""
    rows = toml(Path(__file__).with_name("checks.toml"))["check"]
    return tuple(Check(**row) for row in rows)


def examine(machine: Machine, register: str = "") -> Answer:
    """Examine this machine; the status is 1 when something keeps the buttons from working."""
    from addin.install.gather import gather

    return told(gather(machine, register))


def told(facts: Facts) -> Answer:
    """The page and the data of one examination."""
    verdicts = [(check, check.judge(facts)) for check in every()]
    shown = [(check, verdict) for check, verdict in verdicts if verdict.state != "none"]
    wrong = sum(verdict.state == "bad" for _, verdict in shown)
    doubtful = sum(verdict.state == "warn" for _, verdict in shown)
    data = {
        "product": "towerdesk", "version": facts.version, "healthy": not wrong,
        "checks": [
            {
                "name": check.name, "part": check.part, "label": check.label, "state": verdict.state,
                "said": verdict.said, "codes": [one.code for one in verdict.findings],
            }
            for check, verdict in shown
        ],
        "findings": [one.as_json() for _, verdict in shown for one in verdict.findings],
    }
    return Answer(data, _page(facts.version, shown, wrong, doubtful), FOUND if wrong else DONE)


def _page(version: str, shown: Sequence[tuple[Check, Verdict]], wrong: int, doubtful: int) -> str:
    lines = [f"塔务台 {version} 体检", ""]
    part = ""
    for check, verdict in shown:
        if check.part != part:
            part = check.part
            lines.append(part)
        lines.append(f"  {_MARKS[verdict.state]} {check.label}：{verdict.said}".rstrip("："))
        lines += [f"      {one.code} {one.message}" for one in verdict.findings]
    counts = [f"{wrong} 处须解决"] if wrong else []
    counts += [f"{doubtful} 处可改进"] if doubtful else []
    return "\n".join([*lines, "", f"结论：{'，'.join(counts) or '一切正常'}。"])
