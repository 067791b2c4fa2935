"""consolidate: the proposal of shared towers for all demands; its sheet, paper and map."""

from __future__ import annotations

from collections import Counter
from typing import IO, TYPE_CHECKING, Any

from macros.clocks.quiet import no_collection
from macros.commands import DONE, FOUND, Answer, lists
from macros.commands.setup import OWN_TEMPLATES, TEMPLATES
from macros.commands.shelf import Shelf
from macros.commands.times import moment
from macros.findings import finding
from macros.forms import forms
from macros.hosts import Refused
from macros.register import Register

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from macros.consolidation.proposal import Proposal
    from macros.findings import Finding
    from macros.records import Value

PAPER, HOME = "consolidation-plan", "需求整合"


@no_collection()
def consolidate(folder: Path, out: Path | None = None, now: str | None = None) -> Answer:
    """Propose for every demand an existing tower, a shared new one or one of its own; writes 需求整合 and its paper.

    Args:
        folder: the register.
        out: where paper and map go; 需求整合 below the register when None.
        now: the moment it is, the present when None.
    """
    from macros.consolidation.decided import decide
    from macros.consolidation.demands import demands
    from macros.consolidation.proposal import propose
    from macros.consolidation.rows import as_json, rows
    from macros.sites.towers import towers
    from macros.sites.words import limits

    shelf = Shelf(folder)
    register = shelf.register()
    at, home = moment(now), out or folder / HOME
    limit = limits(at.date())
    known, findings = demands(register, at.date())
    held, said = towers(register, at.date())
    findings += said
    decided, said = decide(known, held, limit)
    findings += said
    proposal = propose(known, held, decided, limit)
    findings += [
        finding("CON004", value=proposal.demands[crowd[0]].key, count=len(crowd)) for crowd in proposal.unproven
    ]
    if not known:
        findings.append(finding("CON005", workbook=forms()["demand"].file))
    made = rows(proposal, decided, limit, register, at.date())
    findings += _enter(shelf, register, made)
    documents, withheld = _paper(shelf, register, made, home, at, findings)
    findings += shelf.save()
    drawn = _map(proposal, made, register, home, at) if known else ""
    findings = list(dict.fromkeys(findings))

    def told() -> dict[str, Any]:
        return {
            "now": at.isoformat(), "demands": as_json(proposal, made), "documents": documents, "withheld": withheld,
            "map": drawn, "findings": [each.as_json() for each in findings],
        }

    text = _text(proposal, made, documents, withheld, drawn, findings)
    return Answer(told, text, FOUND if lists.failed(findings) or withheld else DONE)


def _enter(shelf: Shelf, register: Register, made: Mapping[str, Mapping[str, Value]]) -> list[Finding]:
    """Write the proposal into 需求整合; a register without the table, or with columns taken out, is told so."""
    from macros.consolidation.rows import FORM, changes

    form = forms()[FORM]
    missing = [said for said in register.findings if said.sheet == form.title and said.code in ("CMD003", "CMD019")]
    if missing:
        return missing
    updates, added = changes(made, register.rows(FORM))
    try:
        shelf.update(updates)
        shelf.append(form, added)
    except Refused as refused:
        return [refused.finding]
    return []


def _paper(
    shelf: Shelf, register: Register, made: Mapping[str, Mapping[str, Value]], home: Path, at: dt.datetime,
    findings: list[Finding],
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Make 需求整合建议方案 and enter it; without a writable document register it is kept back, as it has no number."""
    from generator.definitions import definitions
    from generator.documents import work
    from generator.issuing import Desk
    from generator.ledger import Ledger
    from macros.consolidation.rows import FORM, records

    entered = forms()["document"]
    blocked = shelf.blocked([entered.file])
    if blocked:
        findings += blocked
        return [], []
    issued = Ledger.of(register)
    known = len(issued.entries)
    desk = Desk(home, at, register.settings, issued, (shelf.folder / OWN_TEMPLATES, TEMPLATES))
    printed = Register({**register.tables, FORM: records(made)}, register.findings)
    batch = work(printed, [(definitions()[PAPER], None)] if made else [], desk)
    findings += batch.findings
    shelf.append(entered, [
        [entry.values().get(column.name) for column in entered.columns] for entry in issued.entries[known:]
    ])
    documents = [row.as_json() | {"file": str(home / row.entry.file)} for row in batch.made]
    return documents, [row.as_json() for row in batch.withheld]


def _map(
    proposal: Proposal, made: Mapping[str, Mapping[str, Value]], register: Register, home: Path, at: dt.datetime,
) -> str:
    """Write the map's page, whole or not at all; its path.

    Raises:
        Refused: it cannot be written.
    """
    from macros.consolidation.page import page
    from macros.hosts import reason, refuse
    from macros.hosts.saving import replace_file
    from macros.sites.words import words

    path = home / words()["map"]["file"]
    text = page(proposal, made, register.settings.get("城市", ""), at.date()).encode()

    def put(beside: IO[bytes]) -> None:
        beside.write(text)

    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise refuse("WBK035", path.name, reason=reason(error)) from error
    replace_file(path, put, lambda made: None)
    return str(path)


def _text(
    proposal: Proposal, made: Mapping[str, Mapping[str, Value]], documents: Sequence[Mapping[str, Any]],
    withheld: Sequence[Mapping[str, Any]], drawn: str, findings: Sequence[Finding],
) -> str:
    counts = Counter(str(row["label"]) for row in made.values())
    joint = len({(number, *placed.partners)[:1] for number, placed in enumerate(proposal.placed) if placed.partners})
    lines = [
        f"需求 {len(made)} 条：" + "，".join(f"{label} {count}" for label, count in sorted(counts.items()))
        + f"；与他人同塔的 {joint} 条。"
    ]
    lines += [f"  {key} {row['operator']} {row['label']}  {row['reason']}" for key, row in list(made.items())[:40]]
    lines += [f"  {row['number']}  {row['file']}" for row in documents]
    lines += [f"  地图 {drawn}"] if drawn else []
    lines += [f"  扣发 {row['form']}：{said['message']}" for row in withheld for said in row["findings"]]
    return "\n".join(lines + ([lists.text(findings)] if findings else []))
