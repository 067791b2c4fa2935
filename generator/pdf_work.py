"""The printing of one job: a file alone, or several of one kind in one go; each comes out whole or with its reason."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from generator.pdf_merge import merge
from generator.pdf_office import Died, Slow, Unprintable
from generator.pdf_proof import parts_of
from generator.pdf_split import Misprinted, split
from macros.findings import Finding, finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path
    from typing import Protocol

    from generator.pdf_limits import Limits
    from generator.pdf_proof import Sheet

    class Printer(Protocol):
        """What prints Word files: `generator.pdf_office.Office` or its like."""

        def printed(self, source: Path | bytes, seconds: float, count: int = 1) -> bytes:
            """See `generator.pdf_office.Office.printed`."""
            ...

#: A paper's file with its PDF, or with what kept it from becoming one.
Result = tuple["Path", "bytes | Finding"]


@dataclass(slots=True)
class Job:
    """Files to print in one go, and what is known of each."""

    files: list[Path]
    sheets: list[Sheet]


@dataclass(slots=True)
class Pages:
    """Papers of which folders had more than one page so far: their like are not printed together."""

    seen: dict[Path, Counter[bool]] = field(default_factory=dict)

    def learn(self, file: Path, pages: int) -> None:
        """Take note of a paper's pages."""
        self.seen.setdefault(file.parent, Counter())[pages > 1] += 1

    def long(self, file: Path) -> bool:
        """Whether most papers of this file's folder had more than one page."""
        seen = self.seen.get(file.parent)
        return seen is not None and seen[True] > seen[False]


def jobs(looked_at: Iterable[tuple[Path, Sheet]], limits: Limits) -> Iterator[Job]:
    """The files in jobs, each given out as soon as it is full: those of one kind together, the others alone."""
    filling: dict[str, Job] = {}
    for file, sheet in looked_at:
        if not sheet.kind or sheet.size > limits.merged_bytes:
            yield Job([file], [sheet])
            continue
        job = filling.setdefault(sheet.kind, Job([], []))
        job.files.append(file)
        job.sheets.append(sheet)
        if len(job.files) == limits.merged_documents:
            yield filling.pop(sheet.kind)
    yield from filling.values()


def done(job: Job, office: Printer, pages: Pages, limits: Limits) -> Iterator[Result]:
    """Print a job; what cannot be printed together is printed alone."""
    left = dict(zip(job.files, job.sheets, strict=True))
    together = {file: sheet for file, sheet in left.items() if not pages.long(file)}
    if len(together) > 1:
        for file, data in _together(together, office, pages, limits):
            del left[file]
            yield file, data
    for file, sheet in left.items():
        yield file, _alone(file, sheet, office, limits)


def _together(
    sheets: Mapping[Path, Sheet], office: Printer, pages: Pages, limits: Limits,
) -> Iterator[tuple[Path, bytes]]:
    """Those of the papers that, printed in one go, are certain to look as when printed alone.

    A paper of one page is: all there is to it is on that page. Where a longer one is parted may hang on what the
    office laid out before it, in tables that keep with their headings.
    """
    try:
        papers = [parts_of(file) for file in sheets]
    except (OSError, ValueError):  # changed since it was looked at; told of that file when it is printed alone
        return
    seconds = limits.seconds(sum(sheet.rows for sheet in sheets.values()))
    try:
        printed = split(_tried(office, merge(papers), seconds, len(papers)), papers)
    except (Unprintable, Died, Slow, Misprinted):
        return
    for file, paper in zip(sheets, printed, strict=True):
        pages.learn(file, paper.pages)
        if paper.pages == 1 and paper.exact:
            yield file, paper.data


def _alone(file: Path, sheet: Sheet, office: Printer, limits: Limits) -> bytes | Finding:
    """One paper by itself."""
    try:
        return _tried(office, file, limits.seconds(sheet.rows))
    except Slow as slow:
        return finding("PDF002", workbook=file.name, file=file.name, seconds=round(slow.seconds))
    except (Unprintable, Died) as error:
        return finding("DOC051", workbook=file.name, file=file.name, why=str(error))


def _tried(office: Printer, source: Path | bytes, seconds: float, count: int = 1) -> bytes:
    """Print, and once more where the office died over it.

    Raises:
        Unprintable, Died, Slow, NoBridge: as of the second time.
    """
    try:
        return office.printed(source, seconds, count)
    except Died:
        return office.printed(source, seconds, count)
