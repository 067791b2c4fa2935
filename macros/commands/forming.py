"""form and forms: which papers a row is ready for, and the papers themselves."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from macros.commands import Answer, lists
from macros.commands.form_rows import board_of, due_of, filled_in
from macros.commands.setup import OWN_TEMPLATES, TEMPLATES
from macros.commands.shelf import Shelf
from macros.commands.times import moment
from macros.findings import finding
from macros.forms import forms
from macros.hosts import refuse

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from generator.definitions import Definition
    from generator.journal import Opened
    from macros.clocks.item import Item
    from macros.findings import Finding
    from macros.register import Register

OUT = "单据"
#: Rows still to be registered that are named of each kind of paper.
_NAMED = 5


def form(
    form: str, keys: Sequence[str], folder: Path, due: bool = False, every: bool = False, out: Path | None = None,
    pdf: bool = False, now: str | None = None, resume: bool = False, workers: int = 1, cluster: str | None = None,
    numbers: Sequence[str] = (), book: Path | None = None,
) -> Answer:
    """Make papers: one kind for the given keys, all rows that are ready (``every``), or what the board calls for.

    ``numbers`` asks for papers of 单据登记簿 once more; ``resume`` finishes the batch that was broken off in ``out``,
    whatever else is asked for. ``book`` asks for the papers as PDF files and for one PDF file of them all.

    Raises:
        Refused: no such paper, or neither keys nor ``due`` nor ``every`` given; a batch was broken off in ``out``.
    """
    from macros.commands.batches import broken

    shelf, out = Shelf(folder), out or folder / OUT
    if numbers:
        from macros.commands.reprinting import reprint

        return reprint(shelf, numbers, out, pdf=pdf, book=book)
    opened = broken(out, resume=resume)
    if opened:
        return _finish(shelf, opened, out, workers, cluster)
    if resume and not (form or due):
        none = finding("BAT002", value=out)
        return Answer({"documents": [], "withheld": [], "findings": [none.as_json()]}, none.message)
    orders: list[tuple[Definition, list[str] | None]]
    said: list[Finding] = []
    if due:
        register = shelf.register()
        items = board_of(register, now)
        orders, said = _due(register, items, definition_of(form).code if form else "", moment(now).date())
    elif not form:
        raise refuse("CMD007", value="", near="、".join(_codes()))
    else:
        definition = definition_of(form)
        if not keys and not every:
            raise refuse("CMD012", value=form)
        orders = [(definition, None if every else list(keys))]
        if forms()[definition.table].workbook:
            shelf.need(forms()[definition.table])
        register = shelf.on_demand()
        _read(register, definition)
        items = board_of(register, now, sorted({each.source for each in definition.computed if each.kind == "clock"}))
    return _produce(
        shelf, register, items, orders, out, now, pdf=pdf, book=book, said=said, workers=workers, cluster=cluster
    )


def _due(
    register: Register, items: Sequence[Item], named: str, today: dt.date,
) -> tuple[list[tuple[Definition, list[str] | None]], list[Finding]]:
    """What the board calls for, of one kind if ``named``; rows that are still to be registered are told by kind."""
    from generator.states import due_forms
    from generator.subjects import asked, by_key, subjects

    called: dict[str, tuple[Definition, list[str]]] = {}
    for definition, key in due_forms(items):
        if not named or definition.code == named:
            called.setdefault(definition.code, (definition, []))[1].append(key)
    orders: list[tuple[Definition, list[str] | None]] = []
    findings = []
    for definition, keys in called.values():
        table = forms()[definition.table]
        index = by_key(definition, subjects(register, definition, today)) if table.workbook else {}
        # The rows of a table without a workbook are worked out when the papers are made.
        lacking = [
            key for key in keys
            if table.workbook and not asked(index, key) and not register.find(definition.table, key)
        ]
        orders += [(definition, [key]) for key in keys if key not in set(lacking)]
        if lacking:
            numbers = "、".join(lacking[:_NAMED]) + ("……" if len(lacking) > _NAMED else "")
            findings.append(finding(
                "DOC035", workbook=table.file, sheet=table.title, form=definition.label, table=table.title,
                count=len(lacking), keys=numbers,
            ))
    return orders, findings


def _finish(shelf: Shelf, opened: Opened, out: Path, workers: int, cluster: str | None) -> Answer:
    """Finish the batch that was broken off in ``out``, as of the moment it was begun."""
    orders = [(definition_of(code), keys) for code, keys in opened.head["orders"]]
    now, register = opened.at.isoformat(), shelf.register()
    clocks = {each.source for definition, _ in orders for each in definition.computed if each.kind == "clock"}
    return _produce(
        shelf, register, board_of(register, now, sorted(clocks)), orders, out, now, pdf=bool(opened.head["pdf"]),
        book=Path(opened.head["book"]) if "book" in opened.head else None, opened=opened, workers=workers,
        cluster=cluster,
    )


def sample(folder: Path, out: Path, now: str, each: int) -> dict[str, Any]:
    """``each`` papers of every template that rows of the register are ready for, the most urgent first."""
    from generator.definitions import definitions
    from generator.sampling import sampled
    from macros.commands.bill.reckoning import charged

    shelf = Shelf(folder)
    register = shelf.register()
    items = board_of(register, now)
    today = moment(now).date()
    known = charged(register, moment(now))
    orders: list[tuple[Definition, list[str] | None]] = [
        (definition, sampled(known, definition, items, today, each)) for definition in definitions().values()
        if not definition.made_by
    ]
    return _produce(shelf, register, items, orders, out, now, pdf=False).data


def _read(register: Register, definition: Definition) -> None:
    """Read what papers of a kind draw on, so that none is made where one of its workbooks cannot be read.

    Raises:
        Refused: a workbook cannot be read.
    """
    from generator.joins import tables

    for table in sorted(tables(definition)):
        register.rows(table)


def _produce(
    shelf: Shelf, register: Register, items: Sequence[Item],
    orders: Sequence[tuple[Definition, list[str] | None]], out: Path, now: str | None, *, pdf: bool,
    book: Path | None = None, opened: Opened | None = None, said: Sequence[Finding] = (), workers: int = 1,
    cluster: str | None = None,
) -> Answer:
    """Make the ordered papers, enter the new ones in 单据登记簿 and report; so too those made before a cancel.

    Raises:
        Refused: 单据登记簿 is missing or open elsewhere; no paper was made.
    """
    from generator.issuing import Desk
    from generator.ledger import Ledger
    from macros.commands.batches import check_writable, enter, pressed
    from macros.commands.crews import crew

    check_writable(shelf)
    register = filled_in(shelf, register, orders, now)
    clocked = any(each.kind == "clock" for definition, _ in orders for each in definition.computed)
    head: dict[str, Any] = {"orders": [[definition.code, keys] for definition, keys in orders], "pdf": pdf}
    if book:
        head["book"] = str(book.resolve())
    with crew(workers, cluster) as hands:
        desk = Desk(
            out, moment(now), register.settings, Ledger.of(register), (shelf.folder / OWN_TEMPLATES, TEMPLATES),
            hands.apart, opened,
        )
        made = pressed(register, orders, desk, due_of(register, items) if clocked else None, hands, head)
    batch = made.batch
    findings = [*said, *dict.fromkeys(batch.findings), *enter(shelf, made)]
    # One paper may be called for by several keys, as a handover by its own and its demand's.
    papers = {row.entry.document_no: row.as_json() | {"file": str(out / row.entry.file)} for row in batch.made}
    documents = list(papers.values())
    withheld = [row.as_json() for row in batch.withheld]
    if pdf or book:
        from macros.commands.printing import printed

        findings += printed(documents, out, book)
    lines = [f"已取消，其余 {batch.left} 份未生成。"] if batch.left else []
    lines += _lines(documents, withheld, out)
    told = {"documents": documents, "withheld": withheld}
    return lists.answer(told, lines, findings, withheld or batch.left)


def _lines(documents: Sequence[dict[str, Any]], withheld: Sequence[dict[str, Any]], out: Path) -> list[str]:
    lines = [f"生成 {len(documents)} 份，存于“{out}”；扣发 {len(withheld)} 份。"]
    lines += lists.some([f"  {row['number']}  {Path(row['file']).name}" for row in documents])
    lines += lists.some([
        "\n".join([f"  扣发 {row['form']} {row['key']}：", *(f"    {said['message']}" for said in row["findings"])])
        for row in withheld
    ])
    return lines


def offered(folder: Path, key: str = "", now: str | None = None) -> Answer:
    """Every kind of paper; with a key, which of them that row is ready for and why not for the others."""
    from generator.definitions import definitions
    from generator.states import offered as ready

    if not key:
        kinds = [{"code": d.code, "name": d.name, "clause": d.clause} for d in definitions().values()]
        return Answer({"forms": kinds}, "\n".join(f"{k['code']:<24}{k['name']}  {k['clause']}" for k in kinds))
    register = Shelf(folder).register()
    found = [record for code in register.tables if (record := register.find(code, key))]
    if not found:
        raise refuse("CMD006", value=key)
    told: list[dict[str, Any]] = [
        {"code": d.code, "name": d.name, "ready": not why, "why": why}
        for record in found for d, why in ready(register, record, moment(now).date())
    ]
    lines = [f"{'可出' if k['ready'] else '未到'}  {k['code']:<24}{k['name']}  {'；'.join(k['why'])}" for k in told]
    return Answer({"key": key, "forms": told}, "\n".join(lines) or "这一行没有可出的单据。")


def _codes() -> list[str]:
    from generator.definitions import definitions

    return list(definitions())


def definition_of(word: str) -> Definition:
    """The paper called ``word``: its annex number, code or Chinese name.

    Raises:
        Refused: there is none; the finding names the nearest.
    """
    from generator.definitions import definitions

    known = definitions()
    if word in known:
        return known[word]
    by_name = {definition.name: definition for definition in known.values()}
    found = by_name.get(word)
    if found is None:
        from difflib import get_close_matches

        near = get_close_matches(word, [*known, *by_name], cutoff=0.3) or list(known)
        raise refuse("CMD007", value=word, near="、".join(near))
    return found
