"""What `customers` shows: the sheets of 客户分析.xlsx, its JSON, and its text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from macros.commands import lists
from macros.customers import files as judged
from macros.customers import portfolio
from macros.customers.views import VIEWS
from macros.customers.words import Evidence, place, rules
from macros.records import as_cell
from macros.values import round_half_up

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from macros.commands.customers import Known
    from macros.findings import Finding
    from macros.records import Cell
    from macros.workbooks.reports import Sheet


def sheets(known: Known) -> list[Sheet]:
    """The sheets of the workbook with their rows, in the order of the rules."""
    makers = (_files, _stale, _people, _grades, _evidence, _owners, _facts)
    return [(spec, list(rows(known))) for spec, rows in zip(rules()["sheet"], makers, strict=True)]


def _files(known: Known) -> Iterator[list[Cell]]:
    """A line for each customer, and one for each cell to mend below it."""
    words = rules()["words"]
    for file in known.files:
        fresh = words["current"] if file.current(known.today) else words["stale" if file.until else "never"]
        accurate = file.accurate
        yield [
            file.row.key, file.kind, as_cell(round_half_up(file.complete, 4)),
            None if accurate is None else as_cell(round_half_up(accurate, 4)), fresh, None, None, None, None, None,
        ]
        for each in file.problems:
            column = each.row.form.column(each.column)
            yield [
                file.row.key, None, None, None, None, each.what, column.title, each.row.text(each.column),
                place(each.row, each.column), each.weight or None,
            ]


def _stale(known: Known) -> Iterator[list[Cell]]:
    found = [(file, row, until) for file in known.files for row, until in judged.stale_rows(file, known.today)]
    for file, row, until in sorted(found, key=lambda each: str(each[2] or "")):
        person = row.text("person") if row is not file.row else ""
        yield [
            file.row.key, person, row.date("verified_on"), until, (known.today - until).days if until else None,
            place(row, "verified_on"), file.row.text("manager"),
        ]


def _people(known: Known) -> Iterator[list[Cell]]:
    words = rules()["words"]
    for each in known.maps:
        key = words["yes" if each.key else "no"]
        yield [each.row.key, key, *([None] * 9), "；".join(each.own) or words["none"]]
        for person in each.people:
            row = person.row
            yield [
                each.row.key, None, *(row.text(name) for name in ("person", "post", "role", "influence", "attitude")),
                person.manager, row.text("leader"), person.last, person.next, "；".join(person.gaps),
            ]


def _grades(known: Known) -> Iterator[list[Cell]]:
    accounts = {each.row.key: each for each in known.accounts}
    words = rules()["words"]
    for each in sorted(known.grades, key=lambda one: -one.score):
        account = accounts[each.row.key]
        named = each.row["key_account"]
        key = words["suggested" if account.fit and named is None else "yes" if named is True else "no"]
        yield [
            each.row.key, each.grade, each.before, as_cell(each.score),
            *(as_cell(each.views[name].score) for name in VIEWS), each.working, each.change, key,
        ]


def _evidence(known: Known) -> Iterator[list[Cell]]:
    accounts = {each.row.key: each for each in known.accounts}
    for each in sorted(known.grades, key=lambda one: -one.score):
        for name in VIEWS:
            view = each.views[name]
            title = rules()["view"][name]["title"]
            yield [each.row.key, title, as_cell(view.score), view.says, None]
            for one in view.evidence:
                yield [each.row.key, title, None, one.says, one.place]
        title = rules()["words"]["key"]["title"]
        yield [each.row.key, title, None, accounts[each.row.key].says, Evidence(each.row, "").place]


def _owners(known: Known) -> Iterator[list[Cell]]:
    words = rules()["words"]["assignment"]
    for each in sorted(known.held, key=lambda one: (one.scope, one.first, one.row.place.row)):
        customer, county, site = each.scope
        state = "past" if each.last < known.today else "future" if each.first > known.today else "now"
        running = portfolio.owners([one for one in known.held if one.scope == each.scope], known.today)
        note = words["owner"] if state == "now" and running and running[0] is each else ""
        row = each.row
        approved = " ".join(filter(None, (row.text("approved_by"), row.text("approved_on"))))
        yield [
            customer, " ".join(filter(None, (county, site))), each.manager, as_cell(each.share), each.first,
            row.date("until_on"), words[state], approved, row.text("reason"), note,
        ]
    for win in known.wins:
        row = win.row
        yield [
            row.text("customer_name"), row.key, None, None, row.date("won_on"), None, words["win"], None,
            f"{row['matter']} {row['amount']:,}", win.says,
        ]


def _facts(known: Known) -> Iterator[list[Cell]]:
    words = rules()["words"]["market"]
    for flag in known.flags:
        yield [
            words["flag"], flag.row.key, flag.title, known.today, flag.id,
            "；".join(f"{each.says}（{each.place}）" for each in flag.evidence), flag.question,
        ]
    for case in known.cases:
        row = case.row
        detail = words["stage"].format(days=case.days, most=case.most or words["no_limit"])
        yield [
            words["case"], row.text("customer_name"), row.text("matter"), row.date("stage_on"), row.text("stage"),
            detail + (words["over"].format(days=case.over) if case.over else ""), row.text("next_step"),
        ]
    for row in known.facts:
        told = [row.text(name) for name in ("area", "use", "scale", "factor", "content")]
        yield [
            words["fact"], row.text("customer_name"), "，".join(filter(None, told)), row.date("known_on"),
            words["influence"].format(value=row.text("influence") or rules()["words"]["untold"]),
            words["source"].format(value=row.text("source")), None,
        ]


def as_json(known: Known) -> dict[str, Any]:
    """What ``--json`` prints, by parts."""
    return {
        "customers": [
            {
                "key": file.row.key, "complete": f"{file.complete:.4f}",
                "accurate": None if file.accurate is None else f"{file.accurate:.4f}",
                "valid_until": file.until.isoformat() if file.until else None, "current": file.current(known.today),
                "problems": [each.finding.as_json() | {"what": each.what} for each in file.problems],
            } for file in known.files
        ],
        "stakeholders": [
            {"key": each.row.key, "people": len(each.people), "gaps": list(each.gaps)} for each in known.maps
        ],
        "grades": [
            {
                "key": each.row.key, "grade": each.grade, "before": each.before or None, "score": str(each.score),
                "working": each.working, "change": each.change, "views": {
                    name: {
                        "score": None if view.score is None else str(view.score), "says": view.says,
                        "evidence": [_evidence_json(one) for one in view.evidence],
                    } for name, view in each.views.items()
                },
            } for each in known.grades
        ],
        "key_accounts": [
            {"key": each.row.key, "fit": each.fit, "tests": [
                {"name": test.name, "met": test.met, "says": test.says} for test in each.tests
            ]} for each in known.accounts
        ],
        "portfolio": [
            {"key": each.row.key, "manager": each.manager, "share": str(each.share), "from": each.first.isoformat(),
             "until": None if each.row["until_on"] is None else each.last.isoformat(), "scope": each.scope,
             "runs": each.runs(known.today)} for each in known.held
        ],
        "wins": [
            {"key": each.row.key, "parts": [
                {"manager": manager, "share": str(share), "amount": str(amount)}
                for manager, share, amount in each.parts
            ]} for each in known.wins
        ],
        "cases": [{"key": each.row.key, "stage": each.row.text("stage"), "days": each.days, "over": each.over}
                  for each in known.cases],
        "flags": [
            {"id": each.id, "key": each.row.key, "title": each.title, "question": each.question,
             "evidence": [_evidence_json(one) for one in each.evidence]} for each in known.flags
        ],
    }


def _evidence_json(one: Evidence) -> dict[str, str]:
    return {"place": one.place, "says": one.says}


def text(
    known: Known, documents: Sequence[Mapping[str, Any]], withheld: Sequence[Mapping[str, Any]], path: Path,
    findings: Sequence[Finding],
) -> str:
    """The answer for people."""
    stale = sum(not file.current(known.today) for file in known.files)
    missing = sum(len(file.having("missing")) for file in known.files)
    gaps = sum(bool(each.gaps) for each in known.maps)
    lines = [
        f"客户 {len(known.files)} 家：缺少 {missing} 项，档案过期或未核实 {stale} 家，干系人有缺口 {gaps} 家；"
        f"分级 {len(known.grades)} 家，提示 {len(known.flags)} 条。"
    ]
    lines += [
        f"  {each.grade}  {each.score}  {each.row.key}  {each.change}"
        for each in sorted(known.grades, key=lambda one: -one.score)
    ]
    lines += [f"  提示 {each.row.key}：{each.title}。{each.question}" for each in known.flags]
    lines += [f"  {row['number']}  {row['file']}" for row in documents]
    lines += [f"  扣发 {row['key']}：{said['message']}" for row in withheld for said in row["findings"]]
    shown = [said for said in findings if said.code not in rules()["workbook"]["listed"]]
    lines.append(f"缺少的各项、干系人的缺口、依据和图见《{path.name}》。")
    return "\n".join(lines + ([lists.text(shown, rest=path.name)] if shown else []))
