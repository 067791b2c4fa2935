"""customers: files, stakeholders, grades, portfolio, market facts and flags of every customer; cards on request."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from macros.clocks.quiet import no_collection
from macros.commands import Answer, lists
from macros.commands.books import write_report
from macros.commands.collecting import judged, owed
from macros.commands.shelf import Shelf
from macros.commands.times import moment
from macros.customers import accounts, cards, cases, figures, files, flags, grading, people, portfolio, wins
from macros.customers.words import rules
from macros.findings import about, finding
from macros.forms import forms
from macros.hosts import Refused
from macros.records import as_cell

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence
    from pathlib import Path

    from macros.billing.collection import Standing
    from macros.findings import Finding
    from macros.records import Record, Value
    from macros.register import Register

CARD, HOME = "customer-card", "客户卡片"


class Known(NamedTuple):
    """All that is worked out of the customers of a register on a day."""

    today: dt.date
    files: list[files.File]
    maps: list[people.Map]
    grades: list[grading.Grade]
    accounts: list[accounts.Account]
    held: list[portfolio.Held]
    wins: list[wins.Win]
    facts: list[Record]
    cases: list[cases.Case]
    flags: list[flags.Flag]
    standings: Sequence[Standing]
    findings: list[Finding]


@no_collection()
def customers(
    folder: Path, out: Path | None = None, now: str | None = None, printed: Sequence[str] | None = None,
) -> Answer:
    """Judge every customer; writes 客户分析.xlsx, the grades and the tasks of new customers.

    Args:
        folder: the register.
        out: folder of the workbook and the cards; the register when None.
        now: the moment it is, the present when None.
        printed: names of the customers whose cards are printed; all of them when empty, none when None.
    """
    from macros.commands.customer_sheets import as_json, sheets, text

    shelf = Shelf(folder)
    register = shelf.register()
    at = moment(now)
    known = look(register, at)
    findings = [*known.findings, *_write(shelf, register, known)]
    documents: list[dict[str, object]] = []
    withheld: list[dict[str, object]] = []
    if printed is not None:
        documents, withheld, said = _cards(shelf, register, known, printed, (out or folder) / HOME, at)
        findings += said
    findings += shelf.save()
    path = (out or folder) / rules()["workbook"]["file"]
    findings += write_report(path, rules()["workbook"]["title"], sheets(known))
    findings = list(dict.fromkeys(findings))
    data = {
        "now": at.isoformat(), **as_json(known), "documents": documents, "withheld": withheld, "file": str(path),
        "findings": [said.as_json() for said in findings],
    }
    return Answer(data, text(known, documents, withheld, path, findings), lists.status(findings, withheld))


def look(register: Register, at: dt.datetime) -> Known:
    """Work out all there is to say of the customers; nothing is written."""
    today = at.date()
    stood, _ = owed(register, judged(register, at), today)
    made, said = files.files(register, today)
    findings = [problem.finding for file in made for problem in file.problems] + said
    maps = people.maps(register, today)
    findings += [each for one in maps for each in one.findings]
    graded, said = grading.grades(register, stood, today)
    findings += said
    keyed = accounts.accounts(register, stood, {each.row.key: each.views for each in graded}, today)
    findings += [
        about(each.row, "key_account", "CUS023", tests=each.says, value=as_cell(named)) for each in keyed
        if (named := each.row["key_account"]) is not None and each.fit != (named is True)
    ]
    held, said = portfolio.held(register)
    findings += [*said, *portfolio.doubts(held, today), *portfolio.against_files(register, held, today)]
    split, said = wins.wins(register, held)
    findings += said
    running, said = cases.cases(register, today)
    findings += said
    known = figures.figures(register, stood, made, maps, graded, keyed, today)
    raised = flags.flags(register, known, figures.wording(), today)
    facts = flags.current_facts(register, today)
    return Known(today, made, maps, graded, keyed, held, split, facts, running, raised, stood, findings)


def _write(shelf: Shelf, register: Register, known: Known) -> list[Finding]:
    """Keep grades, their log, the splits and the tasks; a register of an earlier version keeps what it can."""
    rows, updates, added = grading.entries(known.grades, known.today)
    splits: list[tuple[Record, dict[str, Value]]] = [
        (each.row, {"split": each.says}) for each in known.wins if each.row["split"] != each.says
    ]
    findings: list[Finding] = []
    graded = forms()["customer"]
    try:
        if shelf.has(forms()[grading.FORM]):
            shelf.update([*rows, *updates])
            shelf.append(forms()[grading.FORM], added)
        elif added:
            findings.append(finding("CUS024", workbook=graded.file, sheet=graded.title))
        shelf.update(splits)
        shelf.append(forms()["followup"], cases.tasks(register, known.today))
    except Refused as refused:
        findings.append(refused.finding)
    return findings


def _cards(
    shelf: Shelf, register: Register, known: Known, printed: Sequence[str], home: Path, at: dt.datetime,
) -> tuple[list[dict[str, object]], list[dict[str, object]], list[Finding]]:
    """Print the cards asked for; a customer nobody knows is said."""
    from generator.definitions import definitions
    from macros.commands.worked_out import issue

    ours = [definitions()[code].name for code in (CARD, "handover-pack")]
    made = cards.cards(register, known.files, known.grades, known.standings, known.today, ours)
    names = {each.customer for each in made}
    unknown = [finding("CUS025", value=name) for name in printed if name not in names]
    wanted = [each for each in made if not printed or each.customer in printed]
    runs = [(register.having(dict(each.tables)), [CARD]) for each in wanted if not each.withheld]
    issued = issue(shelf, register, runs, home, at)
    kept = [
        {"form": CARD, "key": each.customer, "findings": [each.withheld.as_json()]} for each in wanted if each.withheld
    ]
    return issued.documents, [*kept, *issued.withheld], [*unknown, *issued.findings]
