"""import: takes foreign files into the register, and says what it did with every row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from macros.commands import DONE, FOUND, Answer, lists
from macros.commands.shelf import Shelf
from macros.commands.times import moment
from macros.findings import finding
from macros.forms import forms
from macros.hosts import Refused
from macros.progress import Cancelled, watched

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence
    from pathlib import Path

    from macros.findings import Finding
    from macros.intake import Outcome
    from macros.register import Register

SHEET = "导入"


def take_in(
    files: Sequence[Path], folder: Path, layout: str | None = None, customer: str | None = None,
    dry_run: bool = False, now: str | None = None,
) -> Answer:
    """Import ``files`` in order; each is taken whole, with its wrong rows refused one by one, or not at all.

    A file that cannot be read at all is reported with its reason and the next one is tried. With ``dry_run``
    nothing is written. Files taken before the user cancels stay taken.
    """
    shelf = Shelf(folder)
    today = moment(now).date()
    reports: list[dict[str, object]] = []
    findings: list[Finding] = []
    left: Sequence[Path] = ()
    register, written = None, frozenset[str]()
    try:
        for path in watched(files, len(files), lambda path: f"导入 {path.name}", unit="个"):
            register = shelf.reread(register, written) if register else shelf.register()
            written = frozenset()
            try:
                outcome = _outcome(path, register, layout, customer, today)
            except Refused as refused:
                findings.append(refused.finding)
                reports.append(_refused(path, refused.finding))
                continue
            if not dry_run:
                written = _write(shelf, outcome, today)
                unsaved = shelf.blocked() or shelf.save()
                if unsaved:
                    # What was not saved must not be reckoned with when the next file is read.
                    shelf = Shelf(folder)
                    _not_taken(outcome, unsaved)
                outcome.taken[0].findings += _record(shelf, path.name, outcome.findings)
            reports += outcome.as_json()["files"]
            findings += outcome.findings
    except Cancelled as cancelled:
        left = files[cancelled.done :]
        unread = [finding("ADD402", workbook=path.name) for path in left]
        reports += map(_refused, left, unread)
        findings += unread
    listed = lists.FILE if lists.FILE in shelf.saved else ""
    words = f"已取消，其余 {len(left)} 个文件未读。\n" if left else ""
    words += _text(reports, findings, dry_run, listed)
    return Answer({"files": reports}, words, FOUND if left or lists.failed(findings) else DONE)


def _outcome(path: Path, register: Register, layout: str | None, customer: str | None, today: dt.date) -> Outcome:
    """Read a foreign file of any kind: workbook, text table, or a returned Word form.

    Raises:
        Refused: the file cannot be read.
    """
    from macros import intake
    from macros.hosts.safe import read_untrusted
    from macros.validation import check_row

    if path.suffix.lower() == ".docx":
        return intake.take_form(path, path.name, register, check=check_row, today=today, customer=customer)
    sheets, findings = read_untrusted(path)
    outcome = intake.take(
        sheets, path.name, register, check=check_row, today=today, layout=layout, customer=customer,
        mappings=intake.mappings_of(register),
    )
    if outcome.taken:
        outcome.taken[0].findings[:0] = findings
    return outcome


def _write(shelf: Shelf, outcome: Outcome, today: dt.date) -> frozenset[str]:
    """Put the rows taken, and the headings learned, into the register's workbooks; which these are."""
    for taken in outcome.taken:
        if taken.form:
            shelf.append(forms()[taken.form], taken.added)
            shelf.update(taken.updates)
    form = forms()["mapping"]
    blank = [None] * (len(form.columns) - 4)
    shelf.append(form, [[*row, today, *blank] for taken in outcome.taken for row in taken.learned])
    return frozenset((form.file, *(forms()[taken.form].file for taken in outcome.taken if taken.form)))


def _record(shelf: Shelf, file: str, findings: Sequence[Finding]) -> list[Finding]:
    """Keep the findings of this file's newest import in 问题清单; earlier ones of it are replaced."""
    if not (shelf.folder / lists.FILE).is_file():
        return []
    held = [row for row in shelf.sheet_rows(lists.FILE, SHEET)[1:] if len(row) > 2 and row[2] not in (None, "", file)]
    shelf.output(lists.FILE, SHEET, [*lists.rows(findings), *held])
    return shelf.save()


def _not_taken(outcome: Outcome, why: list[Finding]) -> None:
    """Count the rows as refused: their workbook could not be written."""
    for taken in outcome.taken:
        taken.rejected += taken.added_rows + taken.updated
        taken.added_rows = taken.updated = 0
    outcome.taken[0].findings += why


def _refused(path: Path, said: Finding) -> dict[str, object]:
    return {
        "file": path.name, "sheet": "", "layout": "", "rows": 0, "added": 0, "updated": 0, "unchanged": 0,
        "rejected": 0, "findings": [said.as_json()],
    }


def _text(reports: Sequence[dict[str, object]], findings: Sequence[Finding], dry_run: bool, listed: str) -> str:
    lines = ["试导入，未写入台账。"] if dry_run else []
    for report in reports:
        where = f"{report['file']} {report['sheet']}".rstrip()
        lines.append(
            f"{where}（{report['layout'] or '未导入'}）：{report['rows']} 行，新增 {report['added']}，"
            f"更新 {report['updated']}，未变 {report['unchanged']}，拒收 {report['rejected']}"
        )
    if findings:
        lines += [f"共 {lists.count(findings)}：", lists.text(findings, rest=listed)]
    return "\n".join(lines)
