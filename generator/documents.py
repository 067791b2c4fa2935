"""Makes documents: plans them, presses them with any number of hands, and enters them in the document register."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from generator import making
from generator.files import settle
from generator.hands import ALONE, Hands, Line
from generator.issuing import TEMPLATES, Desk, Issued
from generator.orders import Plan, Withheld, plan
from macros.findings import Finding, finding
from macros.progress import Cancelled, steps

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from generator.definitions import Definition
    from generator.issuing import Planned
    from generator.journal import Journal
    from generator.ledger import Ledger
    from generator.making import Job, Made, Source
    from generator.orders import Asked
    from generator.states import DueOf
    from macros.register import Register

#: Papers of one template handed out together, and strings in them: many small ones, or one large one.
_TOGETHER, _STRINGS = 64, 4000


@dataclass(slots=True)
class Batch:
    """What became of the ``asked`` documents; ``left`` were not begun because the user cancelled."""

    made: list[Issued] = field(default_factory=list)
    withheld: list[Withheld] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    left: int = 0
    asked: int = 0


def produce(
    register: Register, definition: Definition, keys: Iterable[str] | None, *, out: Path, now: dt.datetime,
    settings: Mapping[str, str], issued: Ledger, templates: Sequence[Path] = (TEMPLATES,), due: DueOf | None = None,
) -> tuple[list[Issued], list[Withheld], list[Finding]]:
    """Make the documents of one kind.

    Args:
        register: all tables.
        definition: the kind of document.
        keys: numbers asked for, of the row itself or of one it refers to; None makes all that are offered, and
            passes over rows that are not ready.
        out: folder for the files.
        now: the moment of issue.
        settings: the register's settings; 公司名称, 城市, 城市简称 and 客户经理 are used here.
        issued: the document register; new papers are entered in it.
        templates: folders searched for templates in turn.
        due: gives clocks' due dates for computed ``clock`` values.

    Returns:
        Documents (new or already there), documents withheld, and what else there is to know.
    """
    batch = work(register, [(definition, keys)], Desk(out, now, settings, issued, templates), due)
    return batch.made, batch.withheld, batch.findings


def work(register: Register, asked_for: Sequence[Asked], desk: Desk, due: DueOf | None = None) -> Batch:
    """Plan and make the documents of any number of kinds in this process, without a journal; see `produce`."""
    return press(plan(register, asked_for, desk, due), desk)


def press(plan: Plan, desk: Desk, hands: Hands = ALONE, journal: Journal | None = None) -> Batch:
    """Make the papers of a plan; those made are on disk and in the desk's ledger when this returns.

    Whoever listens (`macros.progress`) is told of each document, and may end the batch before the next one: what is
    under way is finished then.

    Args:
        plan: the papers.
        desk: the batch's surroundings.
        hands: who presses them.
        journal: takes a line for each paper finished.
    """
    begun = Batch(withheld=[*plan.withheld], findings=[*plan.findings], left=plan.left, asked=plan.asked)
    taking = _Taking(begun, desk, journal)
    line: Line[tuple[Source, list[Job]] | None, list[Made]] = Line(hands, _press)
    try:
        with steps(len(plan.papers), "份") as begin:
            alone = hands.executor is None
            for papers, made in line.results(_bundles(plan.papers, begin if alone else None)):
                taking.take(papers, made)
                for paper in () if alone else papers:
                    begin(_doing(paper))
    except Cancelled:
        for papers, made in line.rest():
            taking.take(papers, made)
    batch, taken = taking.batch, taking.taken
    if taken < len(plan.papers):
        batch.left = len(plan.papers) - taken
        batch.findings.append(finding("ADD401", done=taken, left=batch.left))
    settle(desk.out / one.entry.file for one in batch.made if one.state != "unchanged")
    if journal:
        journal.settle()
    return batch


def _press(task: tuple[Source, list[Job]] | None) -> list[Made]:
    return making.press(*task) if task else []


def _doing(paper: Planned) -> str:
    return f"生成 {paper.entry.name} {paper.entry.row_key}"


def _bundles(
    papers: Iterable[Planned], begin: Callable[[str], None] | None,
) -> Iterator[tuple[list[Planned], tuple[Source, list[Job]] | None]]:
    """The papers in order with what a worker needs for them: one at a time where ``begin`` wants to hear of each."""
    held: list[Planned] = []
    source: Source | None = None
    strings = 0
    for paper in papers:
        more = _strings(paper)
        other = paper.source and source and paper.source != source
        if held and (begin or other or len(held) == _TOGETHER or strings + more > _STRINGS):
            yield _bundle(held, source)
            held, source, strings = [], None, 0
        if begin:
            begin(_doing(paper))
        held.append(paper)
        source, strings = paper.source or source, strings + more
    if held:
        yield _bundle(held, source)


def _bundle(papers: list[Planned], source: Source | None) -> tuple[list[Planned], tuple[Source, list[Job]] | None]:
    return papers, (source, [paper.job for paper in papers if paper.job]) if source else None


def _strings(paper: Planned) -> int:
    """About how many strings a paper prints."""
    values = paper.job.values.values() if paper.job else ()
    return sum(len(value) * 10 if isinstance(value, list) else 1 for value in values)


class _Taking:
    """Takes finished papers in order: into the batch, the ledger and the journal."""

    def __init__(self, batch: Batch, desk: Desk, journal: Journal | None) -> None:
        self.batch, self.desk, self.journal, self.taken = batch, desk, journal, 0
        self._final: dict[str, Issued] = {}
        self._entered = {entry.document_no for entry in desk.ledger.entries} if desk.resumed else set()

    def take(self, papers: Sequence[Planned], made: Iterable[Made]) -> None:
        results = iter(made)
        for paper in papers:
            self.taken += 1
            if paper.job is not None:
                self.pressed(paper, paper.job, next(results))
            elif paper.state == "new":
                self.enter(paper, paper.entry.sha256)
            else:
                self.there(paper)

    def there(self, paper: Planned) -> None:
        """A document that existed, or that was asked for twice in this batch."""
        twin = self._final.get(paper.entry.document_no)
        if twin:
            self.batch.findings.append(finding(
                "DOC041", key=paper.entry.row_key, number=paper.entry.document_no, file=paper.entry.file
            ))
        if twin or paper.entry.sha256:
            self.batch.made.append(Issued(paper.key, twin.entry if twin else paper.entry, "unchanged"))

    def pressed(self, paper: Planned, job: Job, made: Made) -> None:
        if made.data:
            made = making.deliver(replace(job, target=str(self.desk.out / paper.entry.file)), made.sha256, made.data)
        where = {"workbook": paper.entry.file.rpartition("/")[2], "key": paper.entry.row_key}
        findings = made.findings
        if made.other and not self.desk.resumed:
            findings = (finding("DOC040", **where, why="已有同名文件"),)
        if findings:
            self.batch.withheld.append(Withheld(paper.entry.form_no, paper.key, findings))
            return
        if made.other:
            self.batch.findings.append(finding(
                "DOC042", **where, number=paper.entry.document_no, file=paper.entry.file
            ))
        if paper.state == "new":
            self.enter(paper, made.sha256)
            return
        if made.sha256 != paper.entry.sha256:
            self.batch.findings.append(finding("DOC043", **where, number=paper.entry.document_no))
        self.batch.made.append(Issued(paper.key, paper.entry, paper.state))

    def enter(self, paper: Planned, sha256: str) -> None:
        entry = replace(paper.entry, sha256=sha256)
        if entry.document_no not in self._entered:
            self.desk.ledger.add(entry)
        if self.journal:
            self.journal.done(entry.document_no, sha256)
        self._final[entry.document_no] = Issued(paper.key, entry, "new")
        self.batch.made.append(self._final[entry.document_no])
