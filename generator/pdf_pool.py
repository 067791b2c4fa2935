"""Several LibreOffices at work at the same time, fed while the files are still being looked at."""

from __future__ import annotations

import contextlib
import os
import queue
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from generator.pdf_cold import ColdOffice
from generator.pdf_office import Died, NoBridge, Office
from generator.pdf_proof import examine
from generator.pdf_work import Pages, done, jobs
from macros.findings import finding

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from generator.pdf_limits import Limits
    from generator.pdf_proof import Sheet
    from generator.pdf_work import Job, Result


@contextmanager
def printing(program: Path, files: Sequence[Path], caps: Limits) -> Iterator[Iterator[Result]]:
    """Results in the order they come in; at the end, or when they are no longer wanted, every office is ended."""
    number = min(1 + len(files) // caps.worker_documents, caps.workers, os.cpu_count() or 1)
    offices: list[Office | ColdOffice] = [Office(program, caps) for _ in range(number)]
    orders: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
    results: queue.SimpleQueue[Result | BaseException] = queue.SimpleQueue()
    pages, stop = Pages(), threading.Event()

    def feed() -> None:
        for job in jobs(_short(files, results, caps, stop), caps):
            orders.put(job)
        for _ in offices:
            orders.put(None)

    def work(place: int) -> None:
        while not stop.is_set() and (job := orders.get()) is not None:
            _do(job, place, offices, program, pages, caps, results)

    def guarded(task: Callable[[], None]) -> None:
        try:
            task()
        except BaseException as error:  # handed to the thread that waits for results
            results.put(error)

    tasks: list[Callable[[], None]] = [feed, *((lambda place=place: work(place)) for place in range(number))]
    threads = [threading.Thread(target=guarded, args=(task,), daemon=True) for task in tasks]
    for thread in threads:
        thread.start()
    try:
        yield _taken(results)
    finally:
        stop.set()
        for office in list(offices):
            office.close()
        for _ in offices:
            orders.put(None)
        for thread in threads:
            thread.join(caps.document_seconds)


def _taken(results: queue.SimpleQueue[Result | BaseException]) -> Iterator[Result]:
    """Each result as it comes in; what went wrong in another thread is raised here."""
    while True:
        result = results.get()
        if isinstance(result, BaseException):
            raise result
        yield result


def _short(
    files: Sequence[Path], results: queue.SimpleQueue[Result | BaseException], caps: Limits, stop: threading.Event,
) -> Iterator[tuple[Path, Sheet]]:
    """Look at the files one by one; those with very long tables are not printed at all, and said so."""
    for file in files:
        if stop.is_set():
            return
        sheet = examine(file)
        if sheet.rows <= caps.table_rows:
            yield file, sheet
            continue
        said = finding("PDF001", workbook=file.name, file=file.name, rows=sheet.rows, limit=caps.table_rows)
        results.put((file, said))


def _do(
    job: Job, place: int, offices: list[Office | ColdOffice], program: Path, pages: Pages, caps: Limits,
    results: queue.SimpleQueue[Result | BaseException],
) -> None:
    """Do a job with the office of this place; one that cannot be spoken to is called anew for each file instead."""
    try:
        with contextlib.suppress(Died):  # said of each file when it is printed
            offices[place].open()
    except NoBridge:
        offices[place] = ColdOffice(program, caps)
    for result in done(job, offices[place], pages, caps):
        results.put(result)
