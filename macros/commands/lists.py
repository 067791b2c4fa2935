"""The lists of findings in 问题清单.xlsx, findings as text for a terminal, and the answer that ends with them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from macros.commands import DONE, FAILED, FOUND, Answer
from macros.commands.times import RULES
from macros.data import toml
from macros.records import Link

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from macros.findings import Finding
    from macros.records import Cell

FILE = "问题清单.xlsx"
HEADINGS = ("级别", "代码", "工作簿", "工作表", "单元格", "单号", "字段", "现值", "说明")
LEVELS = {"error": "错误", "warning": "提醒", "info": "说明"}
_ORDER = {level: rank for rank, level in enumerate(LEVELS)}


def ordered(findings: Iterable[Finding]) -> list[Finding]:
    """Errors first, each level in the order found."""
    return sorted(findings, key=lambda said: _ORDER[said.severity])


def rows(findings: Iterable[Finding], beside: Collection[str] = ()) -> list[list[Cell]]:
    """The findings as rows of the 问题 sheet, headings first; cells of workbooks ``beside`` the list lead there."""
    lines: list[list[Cell]] = [list(HEADINGS)]
    for f in ordered(findings):
        cell = Link(f.cell, f.workbook, f.sheet, f.cell) if f.cell and f.workbook in beside else f.cell
        lines.append([LEVELS[f.severity], f.code, f.workbook, f.sheet, cell, f.key, f.field, f.value, f.message])
    return lines


def count(findings: Iterable[Finding]) -> str:
    """``错误 3，提醒 2，说明 1``; ``没有问题`` when there is none."""
    numbers = Counter[str](said.severity for said in findings)
    return "，".join(f"{LEVELS[level]} {numbers[level]}" for level in LEVELS if numbers[level]) or "没有问题"


def text(findings: Sequence[Finding], rest: str = "") -> str:
    """Findings for reading, one a line, the gravest first; ``rest`` names the workbook that lists them all."""
    lines = [f"[{LEVELS[said.severity]} {said.code}] {said.message}" for said in ordered(findings)]
    return "\n".join(some(lines, rest))


def some(lines: Sequence[str], rest: str = "") -> list[str]:
    """As many of the lines as a terminal is to show, and how many there are beyond; ``rest`` is where they stand."""
    most = toml(RULES)["shown"]
    beyond = [f"……另有 {len(lines) - most} 条" + (f"，见《{rest}》" if rest else "")] if len(lines) > most else []
    return [*lines[:most], *beyond]


def failed(findings: Iterable[Finding]) -> bool:
    """Whether any finding is an error."""
    return any(said.severity == "error" for said in findings)


def answer(told: Mapping[str, Any], lines: Iterable[str], findings: Sequence[Finding], found: object = False) -> Answer:
    """The answer of a command that has done its work; its findings end the data and the text.

    Args:
        told: the data without the findings.
        lines: the text without the findings.
        findings: an error among them makes the status FOUND.
        found: what else makes it so when there is any: papers held back, differences, conflicts.
    """
    data = {**told, "findings": [said.as_json() for said in findings]}
    return Answer(data, whole(lines, findings), status(findings, found))


def vain(told: Mapping[str, Any], findings: Sequence[Finding]) -> Answer:
    """The answer of a command that could not do its work, which its findings tell why."""
    return Answer({**told, "findings": [said.as_json() for said in findings]}, text(findings), FAILED)


def whole(lines: Iterable[str], findings: Sequence[Finding]) -> str:
    """Lines and, below them, the findings if there are any."""
    return "\n".join([*lines, *([text(findings)] if findings else [])])


def status(findings: Iterable[Finding], found: object = False) -> int:
    """FOUND with an error among the findings or anything else ``found``, else DONE."""
    return FOUND if found or failed(findings) else DONE
