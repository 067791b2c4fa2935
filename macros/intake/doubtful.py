"""What is said about sheets, headings and rows that are not taken, or taken with a doubt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from macros.choices import choices
from macros.findings import finding
from macros.intake.cells import shown_value
from macros.intake.given import operator_in
from macros.intake.headings import block, compact, plain_heading_row, upright, words
from macros.intake.layouts import vocabulary
from macros.intake.propose import proposals
from macros.intake.rows import sort_rows
from macros.records import Broken, column_letter
from macros.values import fold

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from macros.findings import Finding
    from macros.hosts import Sheet
    from macros.intake.cells import Plan
    from macros.intake.headings import Block, Heading
    from macros.intake.matching import Match
    from macros.intake.outcome import Proposal, Taken
    from macros.intake.rows import Rows
    from macros.records import Value

#: Rows or headings named in one message, at most.
_NAMED = 12
#: Broken cells named of a sheet that is not taken, at most.
_BROKEN = 20


def cell(row: int, column: int) -> str:
    """A1 address."""
    return f"{column_letter(column)}{row}"


def stopping(
    taken: Taken, found: Match, missing: Sequence[str], rows: Rows, given: Mapping[str, Value],
) -> list[Finding]:
    """Why a recognised sheet cannot be read at all: whose it is, hidden or repeated headings, columns that must be."""
    form = found.layout.form
    where = {"workbook": taken.file, "sheet": taken.sheet}
    said = _hidden(where, found.block, rows)
    used = {heading.column for columns in found.columns for heading in columns.values()}
    for again, first in found.repeated:
        if (first.column in used or again.column in used) and not said:
            said.append(_repeated(where, found.block, again, first))
    said += _of_another(taken, found, given)
    if not missing or said or form is None:
        return said
    if list(missing) == ["operator"]:
        return [finding("INT012", **where, cell=cell(found.block.bottom, 1), field=form.column("operator").title)]
    titles = "、".join(form.column(name).title for name in missing)
    taken.proposals = proposals([found])
    return [finding(
        "INT008", **where, cell=cell(found.block.bottom, 1), layout=found.layout.title, columns=titles,
        unmatched="、".join(h.text for h in found.unmatched) or "无",
    )]


def _of_another(taken: Taken, found: Match, given: Mapping[str, Value]) -> list[Finding]:
    """That a sheet without a column for the operator bears another's name than the user said."""
    said, titled = given.get("operator"), operator_in(taken.sheet, choices()["operator"])
    if not said or titled in ("", said) or "operator" in found.columns[0]:
        return []
    return [finding("INT050", workbook=taken.file, sheet=taken.sheet, value=titled, said=said)]


def _hidden(where: Mapping[str, str], found: Block, rows: Rows) -> list[Finding]:
    """Headings spread by a merge over columns that hold different things."""
    for text, left, right in found.hidden:
        filled = [
            column for column in range(left, right + 1)
            if any(column <= len(row) and row[column - 1] not in (None, "") for _, row in rows.data)
        ]
        if len(filled) > 1:
            area = f"{cell(found.bottom, left)}:{cell(found.bottom, right)}"
            return [finding("INT004", **where, cell=cell(found.bottom, left), field=text, value=text, area=area)]
    return []


def _repeated(where: Mapping[str, str], found: Block, again: Heading, first: Heading) -> Finding:
    return finding(
        "INT003", **where, cell=cell(found.bottom, again.column), field=again.text, value=again.text,
        first=f"{column_letter(first.column)}列", second=f"{column_letter(again.column)}列",
    )


def say_headings(
    taken: Taken, found: Match, columns: Sequence[Mapping[str, Heading]], given: Mapping[str, Value],
) -> None:
    """Tell which headings are left out, beaten by another or in another unit, and which required columns lack."""
    form = found.layout.form
    if form is None:
        return
    where = {"workbook": taken.file, "sheet": taken.sheet}
    row = found.block.bottom
    used = {heading.column for one in columns for heading in one.values()}
    for lost, winner, name in found.passed_over:
        taken.findings.append(finding(
            "INT014", **where, cell=cell(row, lost.column), field=lost.text, winner=winner.text,
            column=form.column(name).title,
        ))
    for heading, name in found.units:
        if heading.column not in used:
            taken.findings.append(finding(
                "INT015", **where, cell=cell(row, heading.column), field=heading.text, column=form.column(name).heading,
            ))
    named = {h.column for h, _, _ in found.passed_over} | {h.column for h, _ in found.units} | used
    serial = words()["rows"]["serial"]
    rest = [h.text for h in found.unmatched if h.column not in named and fold(h.text) not in serial]
    if rest:
        more = f"等{len(rest)}列" if len(rest) > _NAMED else ""
        taken.findings.append(finding("INT016", **where, headings="、".join(rest[:_NAMED]) + more))
    have = {*columns[0], *given, *found.layout.passes[0].fixed}
    lacking = [c.title for c in form.columns if c.required and c.name not in have]
    if lacking and found.layout.mode == "add":
        taken.findings.append(finding("INT017", **where, cell=cell(row, 1), columns="、".join(lacking)))


def turned(taken: Taken, found: Match, made: Plan) -> list[Finding]:
    """Which columns were in another unit than the register's."""
    return [
        finding(
            "INT043", workbook=taken.file, sheet=taken.sheet, cell=cell(found.block.bottom, slot.index + 1),
            field=slot.heading, column=slot.column.heading, times=slot.times,
        )
        for slot in made.slots if slot.times != 1
    ]


def say_rows(taken: Taken, found: Match, rows: Rows) -> None:
    """Tell which rows were left out because they are no data, and which columns for lack of a heading."""
    where = {"workbook": taken.file, "sheet": taken.sheet}
    for kind, numbers in rows.others.items():
        taken.findings.append(finding(
            "INT005", **where, cell=f"A{numbers[0]}", kind=words()["rows"]["kinds"][kind], rows=_spans(numbers)
        ))
    headed = {heading.column for heading in found.block.headings}
    width = max((len(row) for _, row in rows.data), default=0)
    nameless = [
        column for column in range(1, width + 1) if column not in headed
        and any(column <= len(row) and row[column - 1] not in (None, "") for _, row in rows.data)
    ]
    if nameless:
        letters = "、".join(map(column_letter, nameless[:_NAMED]))
        taken.findings.append(finding("INT029", **where, cell=cell(found.block.bottom, nameless[0]), columns=letters))
    if rows.filled:
        taken.findings.append(finding("INT018", **where, areas="、".join(dict.fromkeys(rows.filled[:_NAMED]))))


def _spans(numbers: Sequence[int]) -> str:
    """Row numbers with runs drawn together: 3、7—9."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][1] == number - 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    shown = "、".join(str(a) if a == b else f"{a}—{b}" for a, b in runs[:_NAMED])
    return shown + (f"等{len(numbers)}行" if len(runs) > _NAMED else "")


def say_copy(taken: Taken, sheet: Sheet, original: str, found: Sequence[Match]) -> None:
    """A sheet that calls itself a copy of another one is named, and not taken."""
    count = len(sort_rows(sheet, found[0].block, ()).data) if found else len(sheet.rows)
    taken.findings.append(finding(
        "INT009", workbook=taken.file, sheet=taken.sheet, original=original, rows=count or "没有",
    ))


def say_hidden(taken: Taken, sheet: Sheet, found: Sequence[Match]) -> None:
    """A hidden sheet is named, and not taken."""
    if sheet.rows:
        code = "INT026" if found and not found[0].missing else "INT025"
        taken.findings.append(finding(code, workbook=taken.file, sheet=taken.sheet))


def say_unknown(
    taken: Taken, sheet: Sheet, found: Sequence[Match], given: Collection[str], *, alone: bool,
) -> None:
    """A sheet of no known layout: an explanation beside the data, or a table that needs the user's word."""
    where = {"workbook": taken.file, "sheet": taken.sheet}
    row = found[0].block.bottom if found and found[0].matched > 1 else plain_heading_row(sheet)
    width = max((sum(x is not None for x in cells) for cells in sheet.rows), default=0)
    title = compact(sheet.title)
    explains = any(compact(word) in title for word in words()["sheets"]["explanation"])
    if not width:
        taken.findings.append(finding("INT001" if alone else "INT007", **where))
        return
    if not alone and (explains or width < words()["sheets"]["least_columns"] or not row):
        taken.findings.append(finding("INT007", **where))
        return
    side = upright(sheet, vocabulary()) if alone else 0  # beside data it is a list of columns
    if side:
        taken.rows = taken.rejected = max(map(len, sheet.rows)) - side
        taken.findings.append(finding("INT047", **where, cell=cell(1, side), column=column_letter(side)))
        return
    top = found[0].block if found and found[0].matched > 1 else block(sheet, row or 1, 1)
    rows = sort_rows(sheet, top, ())
    if alone:
        taken.rows = taken.rejected = len(rows.data)
    said = _unreadable(where, top, rows)
    taken.findings += said
    if not rows.data:
        taken.findings.append(finding("INT002", **where, cell=cell(top.bottom, 1)))
    if not rows.data or any(one.code in ("INT003", "INT004") for one in said):
        return
    if found and found[0].missing == ("operator",) and not given:
        field = found[0].layout.form.column("operator").title if found[0].layout.form else ""
        taken.findings.append(finding("INT012", **where, cell=cell(top.bottom, 1), field=field))
        return
    taken.proposals = proposals(found)
    nearest = "；".join(map(_proposed, taken.proposals))
    names = [h.text for h in top.headings]
    more = f"等{len(names)}列" if len(names) > 2 * _NAMED else ""
    headings = "、".join(names[: 2 * _NAMED]) + more if row else "没有找到表头"
    taken.findings.append(finding(
        "INT019" if alone else "INT027", **where, cell=cell(top.bottom, 1), headings=headings, nearest=nearest or "无",
    ))


def _proposed(one: Proposal) -> str:
    """A proposal in a message: how alike, which headings are guessed, which columns lack."""
    guessed = "，".join(f"{pair.heading}→{pair.column}" for pair in one.pairs if pair.likeness < 1)
    lacking = "、".join(one.missing)
    return (
        f"{one.layout}（相符{one.confidence:.0%}" + (f"，可对应：{guessed}" if guessed else "")
        + (f"，还缺：{lacking}" if lacking else "") + "）"
    )


def _unreadable(where: Mapping[str, str], top: Block, rows: Rows) -> list[Finding]:
    """Hidden and repeated headings and broken cells, which would keep the sheet from being read in any layout."""
    said = _hidden(where, top, rows)
    first: dict[str, Heading] = {}
    for heading in () if said else top.headings:
        known = first.setdefault(compact(heading.text), heading)
        if known is not heading:
            said.append(_repeated(where, top, heading, known))
    names = {heading.column: heading.text for heading in top.headings}
    broken = [
        (number, column, content) for number, row in rows.data for column, content in enumerate(row, 1)
        if isinstance(content, Broken)
    ]
    for number, column, content in broken[:_BROKEN]:
        said.append(finding(
            "INT028", **where, cell=cell(number, column), field=names.get(column, ""), value=shown_value(content),
        ))
    return said
