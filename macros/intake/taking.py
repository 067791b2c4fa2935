"""Takes in one file: recognises each sheet's layout, sorts its rows and merges them; writes nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from macros.choices import choices
from macros.findings import finding
from macros.intake import doubtful
from macros.intake.cells import notes, plan
from macros.intake.datums import datum_of
from macros.intake.given import given_values
from macros.intake.headings import compact, shown, words
from macros.intake.held import Seen
from macros.intake.layouts import layout_of, vocabulary
from macros.intake.matching import remembered_mappings
from macros.intake.merge import Rules
from macros.intake.outcome import Outcome, Taken
from macros.intake.propose import every_layout, fits, likely, sure
from macros.intake.reshape import join_days, split_pairs, stacked
from macros.intake.rows import sort_rows
from macros.intake.spelling import Spelling
from macros.intake.today import behind_register, merge_trusting
from macros.intake.units import units_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from macros.findings import Finding
    from macros.hosts import Sheet
    from macros.intake.held import Known
    from macros.intake.layouts import Layout
    from macros.intake.matching import Match, Remembered
    from macros.intake.row_findings import Check
    from macros.intake.rows import Rows
    from macros.records import Value


def take(
    sheets: Sequence[Sheet], file: str, register: Known, *, check: Check,
    today: dt.date, layout: str | None = None, customer: str | None = None,
    mappings: Mapping[tuple[str, str], str] | None = None,
) -> Outcome:
    """Take in the sheets of one file.

    Args:
        sheets: as a host read them.
        file: the file's name, for findings.
        register: what is known already.
        check: the rules of one row, `macros.validation.check_row`.
        today: the day the rules hold on.
        layout: id or title of the layout to read by (``--as``): the user answers for it, so likely headings are
            taken too and returned in ``learned``.
        customer: operator or customer name for files without an operator column (``--customer``).
        mappings: remembered headings, (layout, heading) → column (see `mappings_of`).

    Returns:
        per sheet what would be added and changed and all findings.
    """
    forced = layout_of(layout) if layout else None
    given, refusal = given_values(customer, register, choices()["operator"])
    if layout and forced is None:
        refusal = finding("INT010", workbook=file, value=layout, known="、".join(x.title for x in every_layout()))
    if refusal:
        return Outcome((Taken(file, sheets[0].title if sheets else "", findings=[_named(refusal, file)]),))
    remembered = remembered_mappings(mappings or {}, {compact(w): x for x in every_layout() for w in (x.id, x.title)})
    choice = [forced] if forced else every_layout()
    chosen = [one for sheet in sheets for one in _tables(sheet, choice, given, remembered)]
    sheets = [sheet for sheet, _ in chosen]
    copies = _copies(sheets, chosen)
    trusted = None if behind_register(register, check, today) else today
    rules, seen = Rules(register, check, trusted, Spelling(register)), Seen()
    results: dict[int, Taken] = {}
    anything = any(found and (sure(found[0]) or forced) for _, found in chosen)
    # Rows that change others come after the rows they change.
    order = sorted(range(len(chosen)), key=lambda i: bool(chosen[i][1]) and chosen[i][1][0].layout.mode == "update")
    for index in order:
        sheet, found = chosen[index]
        taken = results[index] = Taken(file, sheet.title)
        if index in copies:
            doubtful.say_copy(taken, sheet, copies[index], found)
        elif sheet.hidden and not forced:
            doubtful.say_hidden(taken, sheet, found)
        elif found and (sure(found[0]) or (forced and found[0].matched)):
            _take_sheet(taken, sheet, found[0], given, rules, seen, remembered, forced is not None)
        else:
            doubtful.say_unknown(taken, sheet, found, given, alone=not anything)
    if not sheets:
        results[0] = Taken(file, "", findings=[finding("INT001", workbook=file)])
    return Outcome(tuple(results[index] for index in sorted(results)))


def _tables(
    sheet: Sheet, choice: Sequence[Layout], given: Mapping[str, Value], remembered: Remembered,
) -> list[tuple[Sheet, list[Match]]]:
    """The tables of a sheet with their readings; the sheet as one where not each of several is known for sure."""
    parts = stacked(sheet, vocabulary() | {heading for _, heading in remembered})
    found = [(part, fits(part, choice, given, remembered)) for part in map(split_pairs, parts)]
    if len(found) == 1 or all(matches and sure(matches[0]) for _, matches in found):
        return found
    whole = split_pairs(sheet)
    return [(whole, fits(whole, choice, given, remembered))]


def mappings_of(register: Known) -> dict[tuple[str, str], str]:
    """The register's 列映射 as `take` wants it."""
    return {
        (record.text("layout"), record.text("heading")): record.text("column") for record in register.rows("mapping")
    }


def _take_sheet(
    taken: Taken, sheet: Sheet, found: Match, given: Mapping[str, Value], rules: Rules, seen: Seen,
    remembered: Remembered, forced: bool,
) -> None:
    """Read a recognised sheet."""
    layout = found.layout
    taken.layout = layout.title
    where = {"workbook": taken.file, "sheet": taken.sheet}
    if layout.form is None:
        taken.rows = taken.rejected = len(sort_rows(sheet, found.block, ()).data)
        taken.findings.append(finding("INT006", **where, rows=taken.rows, layout=layout.title))
        return
    taken.form = layout.form.code
    columns = [dict(one) for one in found.columns]
    guessed = []
    if forced:
        for name, (heading, likeness) in likely(found).items():
            columns[0][name] = heading
            title = layout.form.column(name).title
            guessed.append(finding(
                "INT013", **where, cell=doubtful.cell(found.block.bottom, heading.column), field=heading.text,
                column=title, likeness=f"{likeness:.0%}",
            ))
    missing = [name for name in found.missing if name not in columns[0]]
    keys = [columns[0][name].column for name in layout.form.key if name in columns[0]]
    rows = sort_rows(sheet, found.block, keys)
    stopped = doubtful.stopping(taken, found, missing, rows, given)
    if stopped:
        taken.findings += stopped
        taken.rows = taken.rejected = len(rows.data)
        return
    taken.findings += guessed
    doubtful.say_headings(taken, found, columns, given)
    doubtful.say_rows(taken, found, rows)
    if not rows.data:
        taken.findings.append(finding("INT002", **where, cell=doubtful.cell(found.block.bottom, 1)))
        return
    plans = []
    marks = (sheet.rows[number - 1] for number in rows.others.get("mark", ()))
    units = units_of(_lines(sheet, rows, "title"), marks)
    for one, names in zip(layout.passes, columns, strict=True):
        datum = datum_of(layout.form, names, _lines(sheet, rows, "title", "note"))
        plans.append(plan(layout, names, datum | dict(one.fixed), given, units))
    data, joined = join_days(layout.form, columns[0], found.unmatched, rows.data, taken.file, taken.sheet)
    taken.findings += joined
    merge_trusting(taken, layout, plans, data, rules, seen)
    for made in plans:
        taken.findings += notes(made) + doubtful.turned(taken, found, made)
    _learn(taken, found, columns, remembered)


def _learn(taken: Taken, found: Match, columns: Sequence[Mapping[str, object]], remembered: Remembered) -> None:
    """Remember the headings that were taken because the user answered for them."""
    form = found.layout.form
    if form is None:
        return
    for name, heading in columns[0].items():
        text = getattr(heading, "text", "")
        if name not in found.columns[0] and (found.layout.title, compact(text)) not in remembered:
            taken.learned.append((found.layout.title, text, form.column(name).title))


def _copies(sheets: Sequence[Sheet], chosen: Sequence[tuple[Sheet, list[Match]]]) -> dict[int, str]:
    """Sheets whose title says that they are a copy of another sheet of the file, with that sheet's title."""
    pattern = re.compile(words()["sheets"]["copy"], re.IGNORECASE)
    titles = {sheet.title.strip() for sheet in sheets}
    found = {}
    for index, (sheet, _) in enumerate(chosen):
        original = pattern.sub("", sheet.title).strip()
        if original != sheet.title.strip() and original in titles:
            found[index] = original
    return found


def _lines(sheet: Sheet, rows: Rows, *kinds: str) -> list[str]:
    """The texts of the rows of these kinds."""
    return [shown(cell) for kind in kinds for number in rows.others.get(kind, ()) for cell in sheet.rows[number - 1]]


def _named(refusal: Finding, file: str) -> Finding:
    return finding(refusal.code, workbook=file, value=refusal.value) if not refusal.workbook else refusal
