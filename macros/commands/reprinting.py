"""Makes papers of 单据登记簿 once more by their numbers: the very same bytes, or why they cannot be had."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from generator.definitions import definitions
from generator.documents import press
from generator.issuing import Desk
from generator.ledger import Ledger
from generator.orders import plan
from macros.commands import Answer, lists
from macros.commands.form_rows import board_of, due_of, filled_in
from macros.commands.setup import OWN_TEMPLATES, TEMPLATES
from macros.findings import finding
from macros.hosts import refuse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.ledger import Entry
    from generator.orders import Plan
    from macros.commands.shelf import Shelf
    from macros.findings import Finding
    from macros.register import Register


def reprint(shelf: Shelf, numbers: Sequence[str], out: Path, *, pdf: bool = False, book: Path | None = None) -> Answer:
    """Make papers again from what the register says, as of their own days; a paper that is there stays as it is.

    Args:
        shelf: the register.
        numbers: the papers.
        out: where they go.
        pdf: also as PDF files.
        book: a file to be made of those, in the order of the numbers; none when not given.

    Raises:
        Refused: 单据登记簿 has no such number (BAT017).
    """
    register = shelf.register()
    ledger = Ledger.of(register)
    by_number = {entry.document_no: entry for entry in ledger.entries}
    for number in numbers:
        if number not in by_number:
            raise refuse("BAT017", value=number)
    documents: list[dict[str, str]] = []
    findings: list[Finding] = []
    for number in dict.fromkeys(numbers):
        entry = by_number[number]
        desk = Desk(out, entry.issued_at, register.settings, ledger, (shelf.folder / OWN_TEMPLATES, TEMPLATES))
        made, said = _planned(register, entry, desk, shelf)
        findings += said
        if made is not None:
            batch = press(made, desk)
            findings += [*batch.findings, *(one for row in batch.withheld for one in row.findings)]
            documents += [row.as_json() | {"file": str(out / row.entry.file)} for row in batch.made]
    if pdf or book:
        from macros.commands.printing import printed

        findings += printed(documents, out, book)
    findings = list(dict.fromkeys(findings))
    lines = [f"重印 {len(documents)} 份，存于“{out}”。"]
    lines += [f"  {row['number']}  {Path(row['file']).name}" for row in documents]
    return lists.answer({"documents": documents, "withheld": []}, lines, findings)


def _planned(register: Register, entry: Entry, desk: Desk, shelf: Shelf) -> tuple[Plan | None, list[Finding]]:
    """The plan that makes this very paper, or why there is none."""
    definition = definitions().get(entry.form_no)
    if definition is None:
        return None, [_cannot(entry, "没有这种单据", "请从备份取回原件")]
    now = entry.issued_at.isoformat()
    known = filled_in(shelf, register, [(definition, [entry.row_key])], now)
    clocks = sorted({each.source for each in definition.computed if each.kind == "clock"})
    due = due_of(known, board_of(known, now, clocks)) if clocks else None
    made = plan(known, [(definition, [entry.row_key])], desk, due)
    found = [paper for paper in made.papers if paper.entry.document_no == entry.document_no]
    if found:
        return replace(made, papers=found), []
    reasons = [said.message.rstrip("。") for row in made.withheld for said in row.findings]
    if reasons:
        return None, [_cannot(entry, "；".join(reasons), "请改正后再印，或从备份取回原件")]
    versions = {paper.entry.template_version for paper in made.papers}
    changed = "台账中的内容" if entry.template_version in versions else "模板"
    return None, [_cannot(entry, f"{changed}在出具后改过", "请从备份取回原件；要按现在的内容出，请用 form 另出一份")]


def _cannot(entry: Entry, why: str, cure: str) -> Finding:
    return finding("BAT016", key=entry.row_key, number=entry.document_no, why=why, cure=cure)
