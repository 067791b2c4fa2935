"""mail: issued papers as e-mail drafts, for the manager to look at and send."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from macros.commands import Answer, lists
from macros.commands.bill.reckoning import OUT as MONTHS
from macros.commands.forming import OUT
from macros.commands.shelf import Shelf
from macros.findings import Finding, finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from generator.files import Folder
    from generator.mail import Draft, Enclosed
    from macros.records import Record
    from macros.register import Register


def mail(
    numbers: Sequence[str], folder: Path, papers: Path | None = None, out: Path | None = None, now: str | None = None,
) -> Answer:
    """Write a draft for each customer and kind of paper; ``now`` changes nothing.

    Args:
        numbers: papers by their numbers in 单据登记簿.
        folder: the register.
        papers: where the papers lie; where they are made by default, unless named.
        out: folder for the drafts; 邮件 below the register by default.
        now: not used; every command with a register takes it.
    """
    from generator.files import Folder
    from generator.mail import drafts, rules

    register = Shelf(folder).register()
    enclosed, findings = _enclosed(register, numbers, [papers] if papers else list(_homes(folder)))
    made, said = drafts(enclosed, register.rows("contact"), register.settings)
    findings += said
    place = out or folder / rules()[0]["folder"]
    rows: list[dict[str, Any]] = []
    shelf = Folder(place)
    for draft in made:
        file, new = _written(draft, shelf)
        rows.append({
            "customer": draft.customer, "to": [str(address) for address in draft.to], "subject": draft.subject,
            "numbers": [paper.number for paper in draft.papers], "file": str(file), "new": new,
        })
    lines = [f"邮件草稿 {len(rows)} 封，存于“{place}”。请打开核对收件人和附件再发送，寄出后在单据登记簿填送达日期。"]
    lines += [f"  {row['customer']}  {row['subject']}  → {'、'.join(row['to'])}" for row in rows]
    return lists.answer({"drafts": rows}, lines, findings)


def _homes(folder: Path) -> Iterator[Path]:
    """Where the program puts papers: the folder of papers, and each month's."""
    yield folder / OUT
    months = folder / MONTHS
    if months.is_dir():
        yield from sorted(path for path in months.iterdir() if path.is_dir())


def _enclosed(
    register: Register, numbers: Sequence[str], homes: Sequence[Path],
) -> tuple[list[Enclosed], list[Finding]]:
    from generator.mail import Enclosed

    found: list[Enclosed] = []
    findings: list[Finding] = []
    for number in dict.fromkeys(numbers):
        entry = register.find("document", number)
        if entry is None:
            findings.append(finding("MAI001", value=number))
            continue
        receiver, said = _receiver(register, entry)
        if not receiver:
            findings.append(said)
            continue
        path = _file(entry, homes)
        if path is None:
            where = "、".join(str(home) for home in homes)
            findings.append(finding("MAI002", file=entry.text("file"), where=where))
            continue
        data = path.read_bytes()
        if hashlib.sha256(data).hexdigest() != entry.text("sha256"):
            findings.append(finding("MAI003", file=path.name))
        found.append(Enclosed(
            number, entry.text("form_no"), entry.text("name"), receiver, path, data,
        ))
    return found, findings


def _receiver(register: Register, entry: Record) -> tuple[str, Finding]:
    """Who a paper goes to, the customer or for work orders the one they are for; and what to say if that is unknown."""
    from generator.definitions import definitions
    from generator.mail import kind_of

    form, number = entry.text("form_no"), entry.key
    column = kind_of(form).receiver
    if not column:
        return entry.text("customer_name"), finding("MAI007", value=number)
    row = register.find(definitions()[form].table, entry.text("row_key"))
    return row.text(column) if row else "", finding("LOO041", value=number, row=entry.text("row_key"))


def _file(entry: Record, homes: Sequence[Path]) -> Path | None:
    """A paper's file: the one as it was issued, where several folders have one of its name."""
    paths = [home / entry.text("file") for home in homes]
    there = [path for path in paths if path.is_file()]
    same = (path for path in there if hashlib.sha256(path.read_bytes()).hexdigest() == entry.text("sha256"))
    return next(same, there[0] if there else None)


def _written(draft: Draft, shelf: Folder) -> tuple[Path, bool]:
    """The draft's file and whether it is new: an equal one that lies there is left alone, another is never replaced."""
    from generator.files import write_new
    from generator.names import safe_name

    data, stem = draft.as_bytes(), f"{draft.customer} {draft.papers[0].number}"
    first = shelf.out / f"{safe_name(stem)}.eml"
    if first.is_file() and first.read_bytes() == data:
        return first, False
    path = shelf.out / shelf.place(".", stem, ".eml")
    write_new(path, data)
    return path, True
