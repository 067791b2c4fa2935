"""consolidate: the proposal of shared towers for all demands; its sheet, paper and map."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from macros.clocks.quiet import no_collection
from macros.commands import Answer, lists
from macros.commands.shelf import Shelf
from macros.commands.times import moment
from macros.commands.whole import check_whole
from macros.commands.worked_out import issue
from macros.findings import finding
from macros.forms import forms
from macros.hosts import Refused

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from macros.consolidation.proposal import Proposal
    from macros.findings import Finding
    from macros.records import Value
    from macros.register import Register

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
    from macros.consolidation.picture import picture
    from macros.consolidation.proposal import propose
    from macros.consolidation.rows import FORM, as_json, records, rows
    from macros.sites.towers import towers
    from macros.sites.words import limits, words

    shelf = Shelf(folder)
    register = shelf.register()
    at, home = moment(now), out or folder / HOME
    limit = limits(at.date())
    findings = check_whole(register, "demand", "site")
    known, said = demands(register, at.date())
    findings += said
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
    printed = [(register.having({FORM: tuple(records(made))}), [PAPER])] if made else []
    pictures = {words()["picture"]["name"]: picture(proposal)} if made else {}
    documents, withheld, said = issue(shelf, register, printed, home, at, pictures)
    findings += said
    findings += shelf.save()
    drawn = _map(proposal, made, register, home, at) if known else ""
    findings = list(dict.fromkeys(findings))

    def told() -> dict[str, Any]:
        return {
            "now": at.isoformat(), "demands": as_json(proposal, made), "documents": documents, "withheld": withheld,
            "map": drawn, "findings": [each.as_json() for each in findings],
        }

    lines = _lines(proposal, made, documents, withheld, drawn)
    return Answer(told, lists.whole(lines, findings), lists.status(findings, withheld))


def _enter(shelf: Shelf, register: Register, made: Mapping[str, Mapping[str, Value]]) -> list[Finding]:
    """Write the proposal into 需求整合; a register without the table, or with columns taken out, is told so."""
    from macros.consolidation.rows import FORM, changes

    form = forms()[FORM]
    updates, added = changes(made, register.rows(FORM))
    try:
        shelf.update(updates)
        shelf.append(form, added)
    except Refused as refused:
        return [refused.finding]
    return []


def _map(
    proposal: Proposal, made: Mapping[str, Mapping[str, Value]], register: Register, home: Path, at: dt.datetime,
) -> str:
    """Write the map's page, whole or not at all; its path.

    Raises:
        Refused: it cannot be written.
    """
    from macros.consolidation.page import page
    from macros.hosts.saving import replace_bytes
    from macros.sites.words import words

    path = home / words()["map"]["file"]
    drawn = page(proposal, made, register.settings.get("城市", ""), at.date()).encode()

    replace_bytes(path, drawn)
    return str(path)


def _lines(
    proposal: Proposal, made: Mapping[str, Mapping[str, Value]], documents: Sequence[Mapping[str, Any]],
    withheld: Sequence[Mapping[str, Any]], drawn: str,
) -> list[str]:
    counts = Counter(str(row["label"]) for row in made.values())
    joint = sum(bool(placed.partners) for placed in proposal.placed)
    lines = [
        f"需求 {len(made)} 条：" + "，".join(f"{label} {count}" for label, count in sorted(counts.items()))
        + f"；与他人同塔的 {joint} 条。"
    ]
    lines += lists.some([f"  {key} {row['operator']} {row['label']}  {row['reason']}" for key, row in made.items()])
    lines += [f"  {row['number']}  {row['file']}" for row in documents]
    lines += [f"  地图 {drawn}"] if drawn else []
    lines += [f"  扣发 {row['form']}：{said['message']}" for row in withheld for said in row["findings"]]
    return lines
